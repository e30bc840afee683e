package com.smashcost.provider.control.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.EventWatch;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.ProviderError;
import com.smashcost.provider.control.SseEvent;
import com.smashcost.provider.control.conversation.AnswerFrame;
import com.smashcost.provider.control.conversation.Conversation;
import com.smashcost.provider.control.conversation.EventReader;
import com.smashcost.provider.control.conversation.EventWriter;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.control.conversation.Seal;
import com.smashcost.provider.control.conversation.Stop;
import com.smashcost.provider.control.conversation.StreamEvent;
import com.smashcost.provider.control.conversation.Traits;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Streamed answers, as the provider sends them and as clients of the dialect read them. */
public final class AnthropicStream {

    private AnthropicStream() {}

    /**
     * Understands a provider's stream.
     *
     * <p>Blocks come one after the other, told apart by their index; pings, unknown events and unknown deltas mean nothing, and
     * a second {@code message_start} is borne with as long as it begins no other message.
     */
    public static final class Reader implements EventReader {

        private final @Nullable String envelope;
        private final StringBuilder preamble = new StringBuilder();
        private final AnthropicUsage usage = new AnthropicUsage();
        private final Map<Integer, Block> open = new HashMap<>();
        private boolean started;
        private @Nullable String id;
        private boolean hasContent;
        private boolean enveloped;
        private boolean finished;
        private boolean complete;
        private boolean failed;
        private int calls;

        /** Of an answer to a request that demanded no format. */
        public Reader() {
            this.envelope = null;
        }

        /**
         * Of an answer to a request that {@link AnthropicRequest#write} worded for this model: a structured answer is taken out
         * of the tool call that it may come in.
         */
        public Reader(Conversation request, Traits traits) {
            this.envelope = AnthropicBody.envelope(request, traits).orElse(null);
        }

        @Override
        public List<StreamEvent> read(SseEvent event) {
            List<StreamEvent> said = new ArrayList<>(2);
            if (failed || complete || event.is("[DONE]")) {
                return said;
            }
            ObjectNode json = Json.readObject(event.data()).orElse(null);
            String type = json == null ? "" : json.path("type").asText("");
            if (json == null || (type.isEmpty() && !json.has("error"))) {
                fail(new byte[0], said);
                return said;
            }
            switch (type) {
                case "message_start" -> start(json.path("message"), said);
                case "content_block_start" -> blockStart(index(json), json.path("content_block"), said);
                case "content_block_delta" -> delta(index(json), json.path("delta"), said);
                case "content_block_stop" -> blockStop(open.remove(index(json)), said);
                case "message_delta" -> messageDelta(json, said);
                case "message_stop" -> complete = true;
                case "error" -> fail(event.data(), said);
                default -> {
                    if (json.path("error").isObject()) {
                        fail(event.data(), said);
                    }
                }
            }
            return said;
        }

        @Override
        public List<StreamEvent> end() {
            List<StreamEvent> said = new ArrayList<>();
            if (!failed) {
                open.keySet().stream().sorted().toList().forEach(index -> blockStop(open.remove(index), said));
                preamble(said);
            }
            return said;
        }

        @Override
        public boolean isComplete() {
            return !failed && (complete || finished);
        }

        @Override
        public boolean hasEnded() {
            return complete || failed;
        }

        private void start(JsonNode message, List<StreamEvent> said) {
            String name = AnthropicContent.text(message.path("id"));
            if (started && hasContent && name != null && !name.equals(id)) {
                fail(new byte[0], said); // another message begins amid this one: its first half cannot be taken back
                return;
            }
            usage.model(AnthropicContent.text(message.path("model")));
            usage.read(message.path("usage"));
            id = name;
            if (!started) {
                started = true;
                said.add(new StreamEvent.Started(id, AnthropicContent.text(message.path("model")), usage.report()));
            }
        }

        private void blockStart(int index, JsonNode json, List<StreamEvent> said) {
            hasContent = true;
            Block block = new Block(json);
            blockStop(open.put(index, block), said); // if the provider forgot to
            switch (block.type) {
                case "text" -> text(json.path("text").asText(""), said);
                case "thinking" -> {
                    reasoning(json.path("thinking").asText(""), said);
                    block.signature.append(json.path("signature").asText(""));
                }
                case "redacted_thinking" -> {
                    String data = json.path("data").asText("");
                    said.add(new StreamEvent.ReasoningSealed(
                            0,
                            Seal.parse(data)
                                    .orElseGet(() ->
                                            new Seal(Dialect.ANTHROPIC_MESSAGES, AnthropicContent.REDACTED, data))));
                }
                case "tool_use" -> {
                    String name = json.path("name").asText("");
                    if (name.equals(envelope)) {
                        enveloped = true;
                        preamble.setLength(0);
                    } else {
                        preamble(said);
                        block.call = calls++;
                        String call = json.path("id").asText("");
                        said.add(new StreamEvent.ToolStarted(
                                0,
                                block.call,
                                Seal.idOf(call),
                                name,
                                Seal.sealOf(call).orElse(null)));
                    }
                }
                default -> {}
            }
        }

        private void delta(int index, JsonNode delta, List<StreamEvent> said) {
            hasContent = true;
            Block block = open.get(index);
            switch (delta.path("type").asText()) {
                case "text_delta" -> text(delta.path("text").asText(""), said);
                case "thinking_delta" -> reasoning(delta.path("thinking").asText(""), said);
                case "signature_delta" -> {
                    if (block != null) {
                        block.signature.append(delta.path("signature").asText(""));
                    }
                }
                case "input_json_delta" -> {
                    if (block != null) {
                        block.input(delta.path("partial_json").asText(""), said);
                    }
                }
                case "citations_delta" -> {
                    if (envelope == null) {
                        said.add(new StreamEvent.Cited(0, AnthropicContent.citation(delta.path("citation"))));
                    }
                }
                case "compaction_delta" -> {
                    if (block != null) {
                        block.json.set("content", delta.path("content"));
                    }
                }
                default -> {}
            }
        }

        private void blockStop(@Nullable Block block, List<StreamEvent> said) {
            if (block == null) {
                return;
            }
            switch (block.type) {
                case "text", "redacted_thinking" -> {}
                case "thinking" ->
                    AnthropicContent.seal(block.signature.toString())
                            .ifPresent(seal -> said.add(new StreamEvent.ReasoningSealed(0, seal)));
                case "tool_use" -> {
                    JsonNode input = block.json.path("input");
                    if (block.partial.isEmpty()) { // it came whole, or there is none
                        block.input(input.isObject() ? Json.text(input) : "{}", said);
                    }
                }
                default -> {
                    if (!block.partial.isEmpty()) {
                        Json.read(block.partial.toString()).ifPresent(input -> block.json.set("input", input));
                    }
                    said.add(new StreamEvent.OpaquePart(
                            0, new Part.Opaque(Dialect.ANTHROPIC_MESSAGES, block.json, null)));
                }
            }
        }

        private void messageDelta(JsonNode json, List<StreamEvent> said) {
            usage.read(json.path("usage"));
            JsonNode delta = json.path("delta");
            if (!finished && delta.path("stop_reason").isTextual()) {
                finished = true;
                open.keySet().stream().sorted().toList().forEach(index -> blockStop(open.remove(index), said));
                preamble(said);
                JsonNode explanation = delta.path("stop_details").path("explanation");
                if (explanation.isTextual()) {
                    said.add(new StreamEvent.RefusalDelta(0, explanation.asText()));
                }
                Stop stop = AnthropicContent.stop(delta.path("stop_reason").asText());
                stop = calls > 0 ? stop.withToolCalls() : stop == Stop.TOOL_CALLS ? Stop.END : stop;
                said.add(new StreamEvent.Finished(0, stop, AnthropicContent.text(delta.path("stop_sequence"))));
            }
            said.add(new StreamEvent.Reported(usage.report()));
        }

        private void text(String text, List<StreamEvent> said) {
            if (text.isEmpty() || enveloped) {
                return;
            }
            if (envelope != null) {
                preamble.append(text);
            } else {
                said.add(new StreamEvent.TextDelta(0, text));
            }
        }

        /** Says what was held back because a structured answer might have followed, and did not. */
        private void preamble(List<StreamEvent> said) {
            if (!preamble.isEmpty()) {
                said.add(new StreamEvent.TextDelta(0, preamble.toString()));
                preamble.setLength(0);
            }
        }

        private static void reasoning(String text, List<StreamEvent> said) {
            if (!text.isEmpty()) {
                said.add(new StreamEvent.ReasoningDelta(0, text));
            }
        }

        private void fail(byte[] data, List<StreamEvent> said) {
            failed = true;
            ProviderError error = AnthropicProvider.error(200, name -> null, data);
            said.add(new StreamEvent.Failed(error));
        }

        private static int index(JsonNode json) {
            return json.path("index").asInt(0);
        }

        /** A block that the provider has begun. */
        private static final class Block {

            private final String type;
            private final ObjectNode json;
            private final StringBuilder partial = new StringBuilder();
            private final StringBuilder signature = new StringBuilder();
            private int call = -1;

            Block(JsonNode json) {
                this.type = json.path("type").asText("");
                this.json = json instanceof ObjectNode object ? object : Json.object();
            }

            void input(String piece, List<StreamEvent> said) {
                if (piece.isEmpty()) {
                    return;
                }
                if (!"tool_use".equals(type)) {
                    partial.append(piece);
                    return;
                }
                if (partial.isEmpty()) {
                    partial.append('.'); // that something came; what, is not kept
                }
                said.add(
                        call < 0
                                ? new StreamEvent.TextDelta(0, piece) // the answer in its envelope
                                : new StreamEvent.ToolArguments(0, call, piece));
            }
        }
    }

    /**
     * Tells a client of a stream.
     *
     * <p>One block is open at a time. Calls that a provider tells of in parallel are told one after the other: what belongs to a
     * later one waits until the arguments of the open one are a whole JSON value.
     */
    public static final class Writer implements EventWriter {

        private final AnswerFrame frame;
        private final long estimatedInputTokens;
        private final List<StreamEvent> waiting = new ArrayList<>();
        private final boolean showsThoughts;
        private boolean begun;
        private boolean over;
        private String open = "";
        private int index = -1;
        private int openCall = -1;
        private int calls;
        private JsonProgress arguments = new JsonProgress();
        private @Nullable String refusal;
        private Stop stop = Stop.END;
        private @Nullable String stopSequence;
        private Report report = Report.NONE;

        public Writer(AnswerFrame frame) {
            this(frame, 0);
        }

        /**
         * @param estimatedInputTokens what clients are told at the beginning, where the provider tells the true number at the
         *     end only
         */
        public Writer(AnswerFrame frame, long estimatedInputTokens) {
            this.frame = frame;
            this.estimatedInputTokens = estimatedInputTokens;
            this.showsThoughts = AnthropicResponse.showsThoughts(frame);
        }

        @Override
        public void write(StreamEvent event, OutputStream client) throws IOException {
            if (over) {
                return;
            }
            if (event instanceof StreamEvent.Failed failure) {
                ProviderError error = failure.error();
                fail(
                        error.status(),
                        error.code() == null ? "upstream_error" : error.code(),
                        error.message() == null ? "The provider failed amid its answer." : error.message(),
                        client);
                return;
            }
            begin(event, client);
            if (!waiting.isEmpty() || !tell(event, client)) {
                waiting.add(event);
                drain(client);
            }
        }

        @Override
        public void end(OutputStream client) throws IOException {
            if (over) {
                return;
            }
            begin(new StreamEvent.Reported(report), client);
            close(client);
            while (!waiting.isEmpty()) {
                drain(client);
                close(client);
            }
            over = true;
            if (refusal != null && stop == Stop.END) {
                stop = Stop.REFUSAL;
            }
            stop = calls > 0 ? stop.withToolCalls() : stop == Stop.TOOL_CALLS ? Stop.END : stop;
            ObjectNode json = Json.object().put("type", "message_delta");
            ObjectNode delta = json.putObject("delta").put("stop_reason", AnthropicContent.reason(stop));
            delta.put("stop_sequence", stop == Stop.STOP_SEQUENCE ? stopSequence : null);
            if (AnthropicContent.reason(stop).equals("refusal")) {
                delta.set("stop_details", AnthropicResponse.refusalDetails(refusal));
            }
            json.set("usage", usage());
            send("message_delta", json, client);
            send("message_stop", Json.object().put("type", "message_stop"), client);
        }

        @Override
        public void fail(int status, String code, String message, OutputStream client) throws IOException {
            if (!over) {
                over = true;
                send("error", AnthropicProvider.error(status, code, message, null), client);
            }
        }

        @Override
        public void keepAlive(OutputStream client) throws IOException {
            send("ping", Json.object().put("type", "ping"), client);
        }

        private void begin(StreamEvent event, OutputStream client) throws IOException {
            if (begun) {
                return;
            }
            begun = true;
            String model = null;
            if (event instanceof StreamEvent.Started started) {
                model = started.model();
                report = started.report();
            }
            ObjectNode json = Json.object().put("type", "message_start");
            ObjectNode message = AnthropicResponse.opening(frame, model);
            message.set("usage", usage());
            json.set("message", message);
            send("message_start", json, client);
        }

        private ObjectNode usage() {
            ObjectNode usage = AnthropicUsage.write(report);
            if (report.usage().input() == null && report.usage().promptTokens() == 0) {
                usage.put("input_tokens", estimatedInputTokens);
            }
            return usage;
        }

        /** Tells of an event, unless it has to wait for the open call. */
        private boolean tell(StreamEvent event, OutputStream client) throws IOException {
            return switch (event) {
                case StreamEvent.TextDelta delta -> text(delta.candidate(), delta.text(), client);
                case StreamEvent.RefusalDelta delta -> {
                    if (delta.candidate() == 0) {
                        refusal = refusal == null ? delta.text() : refusal + delta.text();
                    }
                    yield text(delta.candidate(), delta.text(), client);
                }
                case StreamEvent.ReasoningDelta delta -> !showsThoughts || reasoning(delta, client);
                case StreamEvent.ReasoningSealed sealed -> !showsThoughts || sealed(sealed, client);
                case StreamEvent.ToolStarted tool -> toolStarted(tool, client);
                case StreamEvent.ToolArguments piece -> toolArguments(piece, client);
                case StreamEvent.Cited cited -> cited(cited, client);
                case StreamEvent.OpaquePart opaque -> opaque(opaque, client);
                case StreamEvent.Finished finished -> {
                    if (finished.candidate() == 0) {
                        stop = finished.stop();
                        stopSequence = finished.stopSequence();
                    }
                    yield true;
                }
                case StreamEvent.Reported reported -> {
                    report = reported.report();
                    yield true;
                }
                case StreamEvent.Started started -> {
                    report = started.report().usage().isKnown() ? started.report() : report;
                    yield true;
                }
                case StreamEvent.Logprobs logprobs -> true; // unknown to the dialect
                case StreamEvent.Failed failed -> true; // told before
            };
        }

        /** Tells of what waits, as far as it need not wait any more. */
        private void drain(OutputStream client) throws IOException {
            boolean moved = true;
            while (moved) {
                moved = false;
                for (int i = 0; i < waiting.size(); i++) {
                    StreamEvent event = waiting.get(i);
                    boolean first = i == 0;
                    boolean ofOpenCall = event instanceof StreamEvent.ToolArguments piece && piece.call() == openCall;
                    boolean silent = event instanceof StreamEvent.Finished || event instanceof StreamEvent.Reported;
                    if ((first || ofOpenCall || silent) && tell(event, client)) {
                        waiting.remove(i);
                        moved = true;
                        break;
                    }
                }
            }
        }

        private boolean text(int candidate, String text, OutputStream client) throws IOException {
            if (candidate != 0 || text.isEmpty()) {
                return true;
            }
            if (mustWait()) {
                return false;
            }
            if (!open.equals("text")) {
                open("text", Json.object().put("type", "text").put("text", ""), client);
            }
            delta(Json.object().put("type", "text_delta").put("text", text), client);
            return true;
        }

        private boolean reasoning(StreamEvent.ReasoningDelta reasoning, OutputStream client) throws IOException {
            if (reasoning.candidate() != 0 || reasoning.text().isEmpty()) {
                return true;
            }
            if (mustWait()) {
                return false;
            }
            if (!open.equals("thinking")) {
                openThinking(client);
            }
            delta(Json.object().put("type", "thinking_delta").put("thinking", reasoning.text()), client);
            return true;
        }

        private boolean sealed(StreamEvent.ReasoningSealed sealed, OutputStream client) throws IOException {
            if (sealed.candidate() != 0) {
                return true;
            }
            if (mustWait()) {
                return false;
            }
            if (AnthropicResponse.isOwn(sealed.seal(), AnthropicContent.REDACTED)) {
                open(
                        "redacted_thinking",
                        Json.object()
                                .put("type", "redacted_thinking")
                                .put("data", sealed.seal().value()),
                        client);
                close(client);
                return true;
            }
            if (!open.equals("thinking")) {
                openThinking(client);
            }
            sign(AnthropicResponse.signature(sealed.seal()), client);
            open = "signed";
            close(client);
            return true;
        }

        private boolean toolStarted(StreamEvent.ToolStarted tool, OutputStream client) throws IOException {
            if (tool.candidate() != 0) {
                return true;
            }
            if (mustWait()) {
                return false;
            }
            ObjectNode block = AnthropicResponse.call(tool.id(), tool.name(), tool.seal());
            block.putObject("input");
            open("tool_use", block, client);
            openCall = tool.call();
            arguments = new JsonProgress();
            calls++;
            return true;
        }

        private boolean toolArguments(StreamEvent.ToolArguments piece, OutputStream client) throws IOException {
            if (piece.candidate() != 0 || piece.json().isEmpty()) {
                return true;
            }
            if (piece.call() != openCall) {
                return !waitsFor(piece.call()); // of a call that is over: it had a whole value
            }
            arguments.accept(piece.json());
            delta(Json.object().put("type", "input_json_delta").put("partial_json", piece.json()), client);
            return true;
        }

        private boolean waitsFor(int call) {
            return waiting.stream()
                    .anyMatch(event -> event instanceof StreamEvent.ToolStarted tool && tool.call() == call);
        }

        private boolean cited(StreamEvent.Cited cited, OutputStream client) throws IOException {
            JsonNode citation = AnthropicContent.citation(cited.citation()).orElse(null);
            if (cited.candidate() != 0 || citation == null) {
                return true;
            }
            if (mustWait()) {
                return false;
            }
            if (!open.equals("text")) {
                open("text", Json.object().put("type", "text").put("text", ""), client);
            }
            ObjectNode delta = Json.object().put("type", "citations_delta");
            delta.set("citation", citation);
            delta(delta, client);
            return true;
        }

        private boolean opaque(StreamEvent.OpaquePart opaque, OutputStream client) throws IOException {
            if (opaque.candidate() != 0
                    || opaque.part().dialect() != Dialect.ANTHROPIC_MESSAGES
                    || !(opaque.part().json() instanceof ObjectNode block)) {
                return true;
            }
            if (mustWait()) {
                return false;
            }
            JsonNode input = block.path("input");
            if (input.isEmpty()) {
                open("opaque", block, client);
            } else {
                ObjectNode start = block.deepCopy();
                start.putObject("input");
                open("opaque", start, client);
                delta(Json.object().put("type", "input_json_delta").put("partial_json", Json.text(input)), client);
            }
            close(client);
            return true;
        }

        /** Whether the open block is a call whose arguments may go on. */
        private boolean mustWait() {
            return open.equals("tool_use") && !arguments.isWhole();
        }

        private void openThinking(OutputStream client) throws IOException {
            open(
                    "thinking",
                    Json.object().put("type", "thinking").put("thinking", "").put("signature", ""),
                    client);
        }

        private void open(String kind, ObjectNode block, OutputStream client) throws IOException {
            close(client);
            open = kind;
            index++;
            ObjectNode json = Json.object().put("type", "content_block_start").put("index", index);
            json.set("content_block", block);
            send("content_block_start", json, client);
        }

        private void close(OutputStream client) throws IOException {
            if (open.isEmpty()) {
                return;
            }
            if (open.equals("thinking")) {
                sign(Seal.UNSIGNED, client);
            } else if (open.equals("tool_use") && arguments.isBlank()) {
                delta(Json.object().put("type", "input_json_delta").put("partial_json", "{}"), client);
            }
            open = "";
            openCall = -1;
            send(
                    "content_block_stop",
                    Json.object().put("type", "content_block_stop").put("index", index),
                    client);
        }

        private void sign(String signature, OutputStream client) throws IOException {
            delta(Json.object().put("type", "signature_delta").put("signature", signature), client);
        }

        private void delta(ObjectNode delta, OutputStream client) throws IOException {
            ObjectNode json = Json.object().put("type", "content_block_delta").put("index", index);
            json.set("delta", delta);
            send("content_block_delta", json, client);
        }

        private static void send(String name, ObjectNode json, OutputStream client) throws IOException {
            client.write(("event: " + name + "\ndata: ").getBytes(StandardCharsets.US_ASCII));
            client.write(Json.bytes(json));
            client.write('\n');
            client.write('\n');
        }
    }

    /** Looks at a stream on its way to a client of the dialect; of what passes it keeps numbers only. */
    public static final class Watch implements EventWatch {

        private static final byte[] DELTA = "event: content_block_delta".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] PING = "event: ping".getBytes(StandardCharsets.US_ASCII);

        private final AnthropicUsage usage = new AnthropicUsage();
        private boolean started;
        private boolean failed;
        private boolean complete;

        @Override
        public Verdict see(byte[] buffer, int from, int to) {
            if (begins(buffer, from, to, DELTA)) { // nearly all of a stream, and nothing in it is of interest
                started = true;
                return Verdict.PASS;
            }
            if (begins(buffer, from, to, PING)) {
                return Verdict.PASS;
            }
            ObjectNode json = SseEvent.in(buffer, from, to)
                    .flatMap(event -> Json.readObject(event.data()))
                    .orElse(null);
            if (json == null) {
                return Verdict.PASS;
            }
            switch (json.path("type").asText("")) {
                case "message_start" -> {
                    usage.model(AnthropicContent.text(json.path("message").path("model")));
                    usage.read(json.path("message").path("usage"));
                }
                case "content_block_start", "content_block_delta" -> started = true;
                case "message_delta" -> usage.read(json.path("usage"));
                case "message_stop" -> {
                    complete = !failed;
                    return failed ? Verdict.PASS : Verdict.END;
                }
                default -> failed |= json.path("error").isObject();
            }
            return Verdict.PASS;
        }

        @Override
        public boolean hasStarted() {
            return started;
        }

        @Override
        public boolean hasFailed() {
            return failed;
        }

        @Override
        public boolean isComplete() {
            return complete;
        }

        @Override
        public Report report() {
            return usage.report();
        }

        private static boolean begins(byte[] buffer, int from, int to, byte[] text) {
            int end = from + text.length;
            return end < to
                    && Arrays.equals(buffer, from, end, text, 0, text.length)
                    && (buffer[end] == '\n' || buffer[end] == '\r');
        }
    }

    /** How far a JSON value has come that arrives in pieces. */
    private static final class JsonProgress {

        private int depth;
        private boolean nested;
        private boolean inText;
        private boolean escaped;
        private boolean blank = true;

        void accept(String piece) {
            for (int i = 0; i < piece.length(); i++) {
                char c = piece.charAt(i);
                blank &= Character.isWhitespace(c);
                if (inText) {
                    inText = escaped || c != '"';
                    escaped = !escaped && c == '\\';
                } else {
                    switch (c) {
                        case '"' -> inText = true;
                        case '{', '[' -> {
                            depth++;
                            nested = true;
                        }
                        case '}', ']' -> depth--;
                        default -> {}
                    }
                }
            }
        }

        /** Whether an object or array has ended. */
        boolean isWhole() {
            return nested && depth <= 0 && !inText;
        }

        boolean isBlank() {
            return blank;
        }
    }
}
