package com.smashcost.provider.control.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.EventWatch;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.ProviderError;
import com.smashcost.provider.control.SseEvent;
import com.smashcost.provider.control.conversation.AnswerFrame;
import com.smashcost.provider.control.conversation.EventReader;
import com.smashcost.provider.control.conversation.EventWriter;
import com.smashcost.provider.control.conversation.Part.Citation;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.control.conversation.Seal;
import com.smashcost.provider.control.conversation.Stop;
import com.smashcost.provider.control.conversation.StreamEvent;
import com.smashcost.provider.entity.Usage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Streams of the OpenAI chat completions dialect: {@code data: {chunk}} events that end with {@code data: [DONE]}. */
public final class OpenAiStream {

    /** The bytes with which a stream ends well. */
    public static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

    private static final String DONE_TEXT = "[DONE]";

    private OpenAiStream() {}

    /**
     * Watches a stream that passes unchanged, but for a usage chunk that the client did not ask for. Of what passes it keeps
     * numbers and names only; most chunks are searched for a few words and not parsed.
     */
    public static final class Watch implements EventWatch {

        private static final byte[] DONE_BYTES = DONE_TEXT.getBytes(StandardCharsets.US_ASCII);
        private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] USAGE = "\"usage\"".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] CHOICES = "\"choices\"".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] FINISH = "\"finish_reason\":\"".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] FINISH_SPACED = "\"finish_reason\": \"".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] ERROR = "\"error\"".getBytes(StandardCharsets.US_ASCII);

        private final boolean withholdUsage;
        private Report report = Report.NONE;
        private boolean done;
        private boolean finished;
        private boolean failed;
        private boolean started;

        /**
         * @param withholdUsage whether chunks that hold nothing but usage stay here
         */
        public Watch(boolean withholdUsage) {
            this.withholdUsage = withholdUsage;
        }

        @Override
        public Verdict see(byte[] buffer, int from, int to) {
            int data = dataStart(buffer, from, to);
            if (data < 0) {
                return Verdict.PASS; // comment, blank, or an event without data
            }
            started = true;
            if (startsWith(buffer, data, to, DONE_BYTES)) {
                done = true;
                return Verdict.END;
            }
            if (contains(buffer, data, to, FINISH) || contains(buffer, data, to, FINISH_SPACED)) {
                finished = true;
            }
            if (hasValue(buffer, data, to, ERROR) && !contains(buffer, data, to, CHOICES)) {
                failed = true;
            }
            if (hasValue(buffer, data, to, USAGE)) {
                OpenAiUsage seen = SseEvent.in(buffer, from, to)
                        .flatMap(event -> OpenAiUsage.read(event.data(), 0, event.data().length))
                        .orElse(null);
                if (seen != null) {
                    take(seen);
                    return withholdUsage && seen.usage().isKnown() && seen.isAlone() ? Verdict.WITHHOLD : Verdict.PASS;
                }
            }
            return Verdict.PASS;
        }

        private void take(OpenAiUsage seen) {
            report = new Report(
                    seen.usage().isKnown() ? seen.usage() : report.usage(),
                    seen.serviceTier() != null ? seen.serviceTier() : report.serviceTier(),
                    seen.model() != null && !seen.model().isEmpty() ? seen.model() : report.model());
        }

        @Override
        public boolean hasStarted() {
            return started;
        }

        @Override
        public boolean hasFailed() {
            return failed;
        }

        /** Whether the end mark came, or at least a finish reason. */
        @Override
        public boolean isComplete() {
            return !failed && (done || finished);
        }

        @Override
        public Report report() {
            return report;
        }

        /** The first byte of the event's data, or -1. */
        private static int dataStart(byte[] buffer, int from, int to) {
            int line = SseEvent.afterMark(buffer, from, to);
            while (line < to) {
                if (startsWith(buffer, line, to, DATA)) {
                    int data = line + DATA.length;
                    return data < to && buffer[data] == ' ' ? data + 1 : data;
                }
                while (line < to && buffer[line] != '\n' && buffer[line] != '\r') {
                    line++;
                }
                line++;
            }
            return -1;
        }

        /** Whether a member of this name is not null; most chunks say {@code "usage":null}, not worth parsing them for. */
        private static boolean hasValue(byte[] buffer, int from, int to, byte[] quotedName) {
            int value = valueOf(buffer, from, to, quotedName);
            while (value >= 0 && buffer[value] != '{' && buffer[value] != '"') {
                value = valueOf(buffer, value, to, quotedName);
            }
            return value >= 0;
        }

        /** Where the value of the next member of this name begins, or -1. */
        private static int valueOf(byte[] buffer, int from, int to, byte[] quotedName) {
            int name = indexOf(buffer, from, to, quotedName);
            if (name < 0) {
                return -1;
            }
            int value = name + quotedName.length;
            while (value < to && (buffer[value] == ':' || buffer[value] == ' ' || buffer[value] == '\t')) {
                value++;
            }
            return value < to ? value : -1;
        }

        private static boolean startsWith(byte[] buffer, int from, int to, byte[] text) {
            return to - from >= text.length && Arrays.equals(buffer, from, from + text.length, text, 0, text.length);
        }

        private static boolean contains(byte[] buffer, int from, int to, byte[] text) {
            return indexOf(buffer, from, to, text) >= 0;
        }

        private static int indexOf(byte[] buffer, int from, int to, byte[] text) {
            int last = to - text.length;
            for (int i = from; i <= last; i++) {
                if (buffer[i] == text[0] && Arrays.equals(buffer, i, i + text.length, text, 0, text.length)) {
                    return i;
                }
            }
            return -1;
        }
    }

    /** Understands a provider's stream. */
    public static final class Reader implements EventReader {

        private final Map<String, Integer> calls = new HashMap<>(); // by candidate and the provider's index
        private final Map<String, String> callIds = new HashMap<>();
        private final Map<Integer, Integer> callCounts = new HashMap<>();
        private final Map<Integer, Stop> stops = new LinkedHashMap<>();
        private final Map<Integer, Boolean> refusing = new HashMap<>();
        private boolean started;
        private boolean done;
        private boolean failed;

        @Override
        public List<StreamEvent> read(SseEvent event) {
            List<StreamEvent> events = new ArrayList<>();
            if (failed || done) {
                return events;
            }
            if (event.is(DONE_TEXT)) {
                done = true;
                finish(events);
                return events;
            }
            ObjectNode chunk = Json.readObject(event.data()).orElse(null);
            if (chunk == null || chunk.path("error").isObject() || "error".equals(event.name())) {
                failed = true;
                events.add(new StreamEvent.Failed(
                        chunk == null
                                ? new ProviderError(502, ProviderError.Kind.SERVER, null, null, null, null)
                                : OpenAiProvider.streamError(chunk.path("error"))));
                return events;
            }
            OpenAiUsage seen =
                    OpenAiUsage.read(event.data(), 0, event.data().length).orElse(null);
            Report report = seen == null ? Report.NONE : seen.report();
            if (!started && !chunk.path("choices").isEmpty()) {
                started = true;
                events.add(new StreamEvent.Started(
                        OpenAiResponse.text(chunk, "id"), OpenAiResponse.text(chunk, "model"), report));
            }
            for (JsonNode choice : chunk.path("choices")) {
                choice(choice, events);
            }
            if (report.usage().isKnown()) { // a later chunk without usage takes nothing back
                events.add(new StreamEvent.Reported(report));
            }
            return events;
        }

        private void choice(JsonNode choice, List<StreamEvent> events) {
            int candidate = choice.path("index").asInt();
            JsonNode delta = choice.path("delta");
            String thoughts = OpenAiResponse.text(
                    delta, delta.path("reasoning_content").isTextual() ? "reasoning_content" : "reasoning");
            if (thoughts != null && !thoughts.isEmpty()) {
                events.add(new StreamEvent.ReasoningDelta(candidate, thoughts));
            }
            for (JsonNode detail : delta.path("reasoning_details")) {
                Seal.parse(OpenAiResponse.text(detail, detail.has("signature") ? "signature" : "data"))
                        .ifPresent(seal -> events.add(new StreamEvent.ReasoningSealed(candidate, seal)));
            }
            String text = OpenAiResponse.text(delta, "content");
            if (text != null && !text.isEmpty()) {
                events.add(new StreamEvent.TextDelta(candidate, text));
            }
            String refusal = OpenAiResponse.text(delta, "refusal");
            if (refusal != null && !refusal.isEmpty()) {
                refusing.put(candidate, true);
                events.add(new StreamEvent.RefusalDelta(candidate, refusal));
            }
            int place = 0;
            for (JsonNode call : delta.path("tool_calls")) {
                call(candidate, call, place++, events);
            }
            for (JsonNode annotation : delta.path("annotations")) {
                JsonNode url = annotation.path("url_citation");
                if (url.isObject()) {
                    events.add(new StreamEvent.Cited(
                            candidate,
                            new Citation(
                                    OpenAiResponse.text(url, "url"),
                                    OpenAiResponse.text(url, "title"),
                                    null,
                                    url.path("start_index").isInt()
                                            ? url.get("start_index").asInt()
                                            : null,
                                    url.path("end_index").isInt()
                                            ? url.get("end_index").asInt()
                                            : null,
                                    null)));
                }
            }
            if (choice.path("logprobs").isObject()) {
                events.add(new StreamEvent.Logprobs(candidate, choice.get("logprobs")));
            }
            if (choice.path("finish_reason").isTextual()) {
                stops.put(
                        candidate,
                        OpenAiResponse.stop(choice.get("finish_reason").asText()));
            }
        }

        /** A piece of a tool call. Some servers omit the index or use one for all calls: then a new id is a new call. */
        private void call(int candidate, JsonNode piece, int place, List<StreamEvent> events) {
            String key = candidate + "/" + piece.path("index").asInt(place);
            String id = OpenAiResponse.text(piece, "id");
            boolean isNew = !calls.containsKey(key) || (id != null && !id.isEmpty() && !id.equals(callIds.get(key)));
            JsonNode function = piece.has("custom") ? piece.path("custom") : piece.path("function");
            if (isNew) {
                int number = callCounts.merge(candidate, 1, Integer::sum) - 1;
                calls.put(key, number);
                callIds.put(key, id == null ? "" : id);
                Seal seal = OpenAiResponse.toolCall(piece, null).seal();
                events.add(new StreamEvent.ToolStarted(
                        candidate,
                        number,
                        id == null || id.isEmpty() ? OpenAiResponse.newCallId() : Seal.idOf(id),
                        function.path("name").asText(),
                        seal));
            }
            JsonNode arguments = piece.has("custom") ? function.path("input") : function.path("arguments");
            String json = arguments.isObject() ? Json.text(arguments) : arguments.asText("");
            if (!json.isEmpty()) {
                events.add(new StreamEvent.ToolArguments(candidate, calls.getOrDefault(key, 0), json));
            }
        }

        /** Reasons are told at the end, because some servers repeat them, and tool calls overrule them. */
        private void finish(List<StreamEvent> events) {
            stops.forEach((candidate, stop) -> {
                Stop told = callCounts.containsKey(candidate)
                        ? stop.withToolCalls()
                        : stop == Stop.END && refusing.containsKey(candidate) ? Stop.REFUSAL : stop;
                events.add(new StreamEvent.Finished(candidate, told, null));
            });
            stops.clear();
        }

        @Override
        public List<StreamEvent> end() {
            List<StreamEvent> events = new ArrayList<>();
            if (!failed && !stops.isEmpty()) {
                done = true;
                finish(events);
            }
            return events;
        }

        @Override
        public boolean isComplete() {
            return done && !failed;
        }

        @Override
        public boolean hasEnded() {
            return done || failed;
        }
    }

    /** Tells a client of a streamed answer. */
    public static final class Writer implements EventWriter {

        private static final byte[] KEEP_ALIVE = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);

        private final AnswerFrame frame;
        private final Map<Integer, StreamEvent.Finished> finishes = new LinkedHashMap<>();
        private final Map<Integer, Boolean> begun = new LinkedHashMap<>(); // whether a candidate refuses
        private final Map<Integer, StringBuilder> thoughts = new HashMap<>();
        private final Map<Integer, Integer> written = new HashMap<>(); // length of a candidate's text
        private String model;
        private Usage usage = Usage.UNKNOWN;
        private @Nullable String serviceTier;

        public Writer(AnswerFrame frame) {
            this.frame = frame;
            this.model = frame.model();
        }

        @Override
        public void write(StreamEvent event, OutputStream client) throws IOException {
            switch (event) {
                case StreamEvent.Started started -> {
                    model = started.model() == null || started.model().isEmpty() ? model : started.model();
                    take(started.report());
                    begin(0, client);
                }
                case StreamEvent.TextDelta text -> {
                    written.merge(text.candidate(), text.text().length(), Integer::sum);
                    delta(text.candidate(), Json.object().put("content", text.text()), client);
                }
                case StreamEvent.RefusalDelta refusal -> {
                    begin(refusal.candidate(), client);
                    begun.put(refusal.candidate(), true);
                    delta(refusal.candidate(), Json.object().put("refusal", refusal.text()), client);
                }
                case StreamEvent.ReasoningDelta thought -> {
                    thoughts.computeIfAbsent(thought.candidate(), any -> new StringBuilder())
                            .append(thought.text());
                    delta(thought.candidate(), Json.object().put("reasoning_content", thought.text()), client);
                }
                case StreamEvent.ReasoningSealed sealed -> {
                    StringBuilder thought = thoughts.remove(sealed.candidate());
                    ObjectNode delta = Json.object();
                    OpenAiResponse.detail(
                            thought == null ? "" : thought.toString(),
                            sealed.seal(),
                            delta.putArray("reasoning_details"));
                    delta(sealed.candidate(), delta, client);
                }
                case StreamEvent.ToolStarted started -> {
                    ObjectNode delta = Json.object();
                    ObjectNode call = delta.putArray("tool_calls").addObject().put("index", started.call());
                    OpenAiResponse.call(started.id(), started.name(), started.seal(), call);
                    delta(started.candidate(), delta, client);
                }
                case StreamEvent.ToolArguments arguments -> {
                    ObjectNode delta = Json.object();
                    ObjectNode call = delta.putArray("tool_calls").addObject().put("index", arguments.call());
                    call.putObject("function").put("arguments", arguments.json());
                    delta(arguments.candidate(), delta, client);
                }
                case StreamEvent.Cited cited -> {
                    ArrayNode annotations = Json.array();
                    OpenAiResponse.annotate(
                            cited.citation(), 0, written.getOrDefault(cited.candidate(), 0), annotations);
                    if (!annotations.isEmpty()) {
                        delta(cited.candidate(), Json.object().set("annotations", annotations), client);
                    }
                }
                case StreamEvent.Logprobs logprobs -> {
                    begin(logprobs.candidate(), client);
                    ObjectNode choice = choice(logprobs.candidate(), Json.object());
                    choice.set("logprobs", logprobs.logprobs());
                    chunk(choice, client);
                }
                case StreamEvent.Finished finished -> finishes.put(finished.candidate(), finished);
                case StreamEvent.Reported reported -> take(reported.report());
                case StreamEvent.OpaquePart opaque -> {} // no place for it in this dialect
                case StreamEvent.Failed failed -> {} // told by fail()
            }
        }

        private void take(Report report) {
            usage = report.usage().isKnown() ? report.usage() : usage;
            serviceTier = report.serviceTier() == null ? serviceTier : report.serviceTier();
        }

        /** The first chunk of a candidate names the role. */
        private void begin(int candidate, OutputStream client) throws IOException {
            if (begun.putIfAbsent(candidate, false) == null) {
                chunk(choice(candidate, Json.object().put("role", "assistant").put("content", "")), client);
            }
        }

        private void delta(int candidate, JsonNode delta, OutputStream client) throws IOException {
            begin(candidate, client);
            chunk(choice(candidate, delta), client);
        }

        private static ObjectNode choice(int candidate, JsonNode delta) {
            ObjectNode choice = Json.object().put("index", candidate);
            choice.set("delta", delta);
            choice.putNull("logprobs");
            choice.putNull("finish_reason");
            return choice;
        }

        private void chunk(@Nullable ObjectNode choice, OutputStream client) throws IOException {
            ObjectNode chunk = Json.object();
            chunk.put("id", "chatcmpl-" + frame.id());
            chunk.put("object", "chat.completion.chunk");
            chunk.put("created", frame.createdSeconds());
            chunk.put("model", model);
            if (serviceTier != null) {
                chunk.put("service_tier", OpenAiResponse.serviceTier(serviceTier));
            }
            ArrayNode choices = chunk.putArray("choices");
            if (choice != null) {
                choices.add(choice);
            }
            if (frame.request().wantsUsage()) {
                chunk.set(
                        "usage",
                        choice == null
                                ? OpenAiResponse.usage(usage)
                                : Json.object().nullNode());
            }
            event(chunk, client);
        }

        private static void event(ObjectNode data, OutputStream client) throws IOException {
            client.write("data: ".getBytes(StandardCharsets.US_ASCII));
            client.write(Json.bytes(data));
            client.write('\n');
            client.write('\n');
        }

        @Override
        public void end(OutputStream client) throws IOException {
            begin(0, client);
            for (Map.Entry<Integer, Boolean> candidate : begun.entrySet()) {
                StreamEvent.Finished finished = finishes.get(candidate.getKey());
                ObjectNode choice = choice(candidate.getKey(), Json.object());
                choice.put(
                        "finish_reason",
                        OpenAiResponse.finishReason(
                                finished == null ? Stop.END : finished.stop(), candidate.getValue()));
                chunk(choice, client);
            }
            if (frame.request().wantsUsage() && usage.isKnown()) {
                chunk(null, client);
            }
            client.write(DONE);
        }

        @Override
        public void fail(int status, String code, String message, OutputStream client) throws IOException {
            client.write(OpenAiError.event(status, code, message));
        }

        @Override
        public void keepAlive(OutputStream client) throws IOException {
            client.write(KEEP_ALIVE);
        }
    }
}
