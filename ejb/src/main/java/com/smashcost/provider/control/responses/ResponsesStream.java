package com.smashcost.provider.control.responses;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.EventWatch;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.SseEvent;
import com.smashcost.provider.control.conversation.AnswerFrame;
import com.smashcost.provider.control.conversation.EventReader;
import com.smashcost.provider.control.conversation.EventWriter;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.control.conversation.Seal;
import com.smashcost.provider.control.conversation.Stop;
import com.smashcost.provider.control.conversation.StreamEvent;
import com.smashcost.provider.entity.Usage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Streamed answers of the dialect: typed events about a response, its items and their parts. */
public final class ResponsesStream {

    private ResponsesStream() {}

    /**
     * Understands a provider's stream. Items are told apart by their place in the output, because some servers give one item
     * several ids; text and arguments that were not streamed are taken from the event that ends their item.
     */
    public static final class Reader implements EventReader {

        private final Map<Integer, Integer> calls = new HashMap<>();
        private final Map<Integer, Integer> argumentsRead = new HashMap<>();
        private final Map<Long, Integer> annotationsRead = new HashMap<>();
        private final Set<Long> partsRead = new HashSet<>();
        private final Map<Integer, String> thoughtsReadAs = new HashMap<>();
        private final Map<Integer, Integer> lastSummary = new HashMap<>();
        private boolean itemsCame;
        private boolean started;
        private boolean refused;
        private boolean complete;
        private boolean failed;

        @Override
        public List<StreamEvent> read(SseEvent event) {
            if (failed || complete || event.is("[DONE]")) {
                return List.of();
            }
            ObjectNode data = Json.readObject(event.data()).orElse(null);
            if (data == null) {
                failed = true;
                return List.of(new StreamEvent.Failed(ResponsesProvider.unreadable()));
            }
            List<StreamEvent> events = new ArrayList<>(2);
            read(data, ResponsesItems.textOrEmpty(data, "type"), events);
            return events;
        }

        private void read(ObjectNode data, String type, List<StreamEvent> events) {
            switch (type) {
                case "response.created", "response.queued", "response.in_progress" ->
                    start(data.path("response"), events);
                case "response.output_item.added" -> {
                    start(data.path("response"), events);
                    itemsCame = true;
                    added(data, events);
                }
                case "response.output_text.delta" -> {
                    partsRead.add(part(data));
                    String text = ResponsesItems.textOrEmpty(data, "delta");
                    if (!text.isEmpty()) {
                        events.add(new StreamEvent.TextDelta(0, text));
                    }
                    logprobs(data, events);
                }
                case "response.output_text.done" -> {
                    if (partsRead.add(part(data))) {
                        text(data, events);
                    }
                }
                case "response.output_text.annotation.added" -> {
                    annotationsRead.merge(part(data), 1, Integer::sum);
                    events.add(new StreamEvent.Cited(0, ResponsesItems.citation(data.path("annotation"))));
                }
                case "response.refusal.delta" -> {
                    partsRead.add(part(data));
                    refusal(ResponsesItems.textOrEmpty(data, "delta"), events);
                }
                case "response.refusal.done" -> {
                    if (partsRead.add(part(data))) {
                        refusal(ResponsesItems.textOrEmpty(data, "refusal"), events);
                    }
                }
                case "response.reasoning_summary_text.delta", "response.reasoning_summary.delta" ->
                    thought(data, "summary", data.path("summary_index").asInt(), events);
                case "response.reasoning_text.delta", "response.reasoning.delta" ->
                    thought(data, "content", data.path("content_index").asInt(), events);
                case "response.function_call_arguments.delta" ->
                    arguments(place(data), ResponsesItems.textOrEmpty(data, "delta"), events);
                case "response.function_call_arguments.done" ->
                    restOfArguments(place(data), ResponsesItems.textOrEmpty(data, "arguments"), events);
                case "response.output_item.done" -> {
                    start(data.path("response"), events);
                    itemsCame = true;
                    done(place(data), data.path("item"), events);
                }
                case "response.completed", "response.incomplete" -> over(data.path("response"), events);
                case "response.failed", "response.cancelled" -> {
                    JsonNode error = data.path("response").path("error");
                    fail(error.isObject() ? error : data.path("response"), events);
                }
                case "error" -> fail(data.path("error").isObject() ? data.path("error") : data, events);
                default -> {
                    if (type.isEmpty() && data.path("error").isObject()) {
                        fail(data.path("error"), events);
                    }
                }
            }
        }

        private void start(JsonNode response, List<StreamEvent> events) {
            if (!started) {
                started = true;
                Report report = ResponsesReport.of(response);
                events.add(new StreamEvent.Started(
                        ResponsesItems.text(response, "id"), ResponsesItems.text(response, "model"), report));
            }
        }

        private void added(ObjectNode data, List<StreamEvent> events) {
            JsonNode item = data.path("item");
            if (ResponsesItems.textOrEmpty(item, "type").equals("function_call")) {
                call(place(data), item, events);
                arguments(place(data), ResponsesItems.textOrEmpty(item, "arguments"), events);
            }
        }

        private void call(int place, JsonNode item, List<StreamEvent> events) {
            if (!calls.containsKey(place)) {
                int call = calls.size();
                calls.put(place, call);
                events.add(new StreamEvent.ToolStarted(
                        0,
                        call,
                        ResponsesItems.textOrEmpty(item, "call_id"),
                        ResponsesItems.textOrEmpty(item, "name"),
                        null));
            }
        }

        private void arguments(int place, String json, List<StreamEvent> events) {
            Integer call = calls.get(place);
            if (call != null && !json.isEmpty()) {
                argumentsRead.merge(place, json.length(), Integer::sum);
                events.add(new StreamEvent.ToolArguments(0, call, json));
            }
        }

        private void restOfArguments(int place, String whole, List<StreamEvent> events) {
            int read = argumentsRead.getOrDefault(place, 0);
            if (whole.length() > read) {
                arguments(place, whole.substring(read), events);
            }
        }

        private void thought(ObjectNode data, String as, int index, List<StreamEvent> events) {
            int place = place(data);
            String delta = ResponsesItems.textOrEmpty(data, "delta");
            if (delta.isEmpty() || !as.equals(thoughtsReadAs.computeIfAbsent(place, first -> as))) {
                return; // the thoughts and their summary are the same thing told twice
            }
            Integer last = lastSummary.put(place, index);
            events.add(new StreamEvent.ReasoningDelta(
                    0, last != null && last != index ? ResponsesItems.PARAGRAPH + delta : delta));
        }

        private void done(int place, JsonNode item, List<StreamEvent> events) {
            switch (ResponsesItems.textOrEmpty(item, "type")) {
                case "message" -> {
                    int index = 0;
                    for (JsonNode part : item.path("content")) {
                        part(key(place, index++), part, events);
                    }
                }
                case "function_call" -> {
                    call(place, item, events);
                    restOfArguments(place, ResponsesItems.textOrEmpty(item, "arguments"), events);
                }
                case "reasoning" -> {
                    Part.Reasoning reasoning = ResponsesItems.reasoning(item);
                    if (!thoughtsReadAs.containsKey(place) && !reasoning.text().isEmpty()) {
                        events.add(new StreamEvent.ReasoningDelta(0, reasoning.text()));
                    }
                    Seal seal = reasoning.seal();
                    if (seal != null) {
                        events.add(new StreamEvent.ReasoningSealed(0, seal));
                    }
                }
                default -> {
                    if (item.isObject()) {
                        events.add(
                                new StreamEvent.OpaquePart(0, new Part.Opaque(Dialect.OPENAI_RESPONSES, item, null)));
                    }
                }
            }
        }

        private void part(long key, JsonNode part, List<StreamEvent> events) {
            if (partsRead.add(key)) {
                if (part.path("refusal").isTextual()) {
                    refusal(part.path("refusal").textValue(), events);
                } else {
                    text(part, events);
                }
            }
            int read = annotationsRead.getOrDefault(key, 0);
            JsonNode annotations = part.path("annotations");
            for (int i = read; i < annotations.size(); i++) {
                events.add(new StreamEvent.Cited(0, ResponsesItems.citation(annotations.path(i))));
            }
        }

        private static void text(JsonNode part, List<StreamEvent> events) {
            String text = ResponsesItems.textOrEmpty(part, "text");
            if (!text.isEmpty()) {
                events.add(new StreamEvent.TextDelta(0, text));
            }
            logprobs(part, events);
        }

        private static void logprobs(JsonNode part, List<StreamEvent> events) {
            ObjectNode logprobs = ResponsesItems.chatLogprobs(part.path("logprobs"));
            if (logprobs != null) {
                events.add(new StreamEvent.Logprobs(0, logprobs));
            }
        }

        private void refusal(String text, List<StreamEvent> events) {
            refused = true;
            if (!text.isEmpty()) {
                events.add(new StreamEvent.RefusalDelta(0, text));
            }
        }

        private void over(JsonNode response, List<StreamEvent> events) {
            start(response, events);
            if (!itemsCame) {
                int place = 0;
                for (JsonNode item : response.path("output")) {
                    done(place++, item, events);
                }
            }
            complete = true;
            events.add(new StreamEvent.Reported(ResponsesReport.of(response)));
            Stop stop = ResponsesResponse.stop(response, refused, !calls.isEmpty());
            events.add(new StreamEvent.Finished(0, stop, null));
        }

        private void fail(JsonNode error, List<StreamEvent> events) {
            failed = true;
            events.add(new StreamEvent.Failed(ResponsesProvider.streamed(error)));
        }

        private static int place(JsonNode data) {
            return data.path("output_index").asInt();
        }

        private static long part(JsonNode data) {
            return key(place(data), data.path("content_index").asInt());
        }

        private static long key(int place, int content) {
            return ((long) place << 32) | content;
        }

        @Override
        public List<StreamEvent> end() {
            return List.of();
        }

        @Override
        public boolean isComplete() {
            return complete;
        }

        @Override
        public boolean hasEnded() {
            return complete;
        }
    }

    /**
     * Tells a client of an answer: one item is open at a time, each is closed before the next one opens, and the last event
     * holds the whole response. Calls that come interleaved wait until the one before them is complete.
     */
    public static final class Writer implements EventWriter {

        private static final byte[] KEEP_ALIVE = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);

        private final AnswerFrame frame;
        private final InstantSource clock;
        private final ArrayNode output = Json.array();
        private final Map<Integer, Call> waiting = new LinkedHashMap<>();
        private final Set<Integer> callsDone = new HashSet<>();
        private @Nullable String model;
        private Report report = Report.NONE;
        private Stop stop = Stop.END;
        private int sequence;
        private boolean begun;
        private boolean refused;
        private @Nullable Item open;

        public Writer(AnswerFrame frame) {
            this(frame, InstantSource.system());
        }

        Writer(AnswerFrame frame, InstantSource clock) {
            this.frame = frame;
            this.clock = clock;
        }

        @Override
        public void write(StreamEvent event, OutputStream client) throws IOException {
            switch (event) {
                case StreamEvent.Started started -> {
                    model = started.model();
                    report = started.report();
                    begin(client);
                }
                case StreamEvent.Failed failed -> {} // told by fail
                case StreamEvent.Reported reported -> report = reported.report();
                case StreamEvent.Finished finished -> {
                    if (finished.candidate() == 0) {
                        stop = finished.stop();
                    }
                }
                case StreamEvent.TextDelta delta -> {
                    if (delta.candidate() == 0 && !delta.text().isEmpty()) {
                        message(client).text(delta.text(), client);
                    }
                }
                case StreamEvent.RefusalDelta delta -> {
                    if (delta.candidate() == 0 && !delta.text().isEmpty()) {
                        refused = true;
                        message(client).refusal(delta.text(), client);
                    }
                }
                case StreamEvent.ReasoningDelta delta -> {
                    if (delta.candidate() == 0 && !delta.text().isEmpty()) {
                        thought(client).more(delta.text(), client);
                    }
                }
                case StreamEvent.ReasoningSealed end -> {
                    if (end.candidate() == 0) {
                        thought(client).seal = end.seal();
                        close(client);
                    }
                }
                case StreamEvent.ToolStarted started -> {
                    if (started.candidate() == 0) {
                        start(started, client);
                    }
                }
                case StreamEvent.ToolArguments arguments -> {
                    if (arguments.candidate() == 0) {
                        arguments(arguments, client);
                    }
                }
                case StreamEvent.Cited cited -> {
                    if (cited.candidate() == 0 && open instanceof Message message) {
                        message.cite(cited.citation(), client);
                    }
                }
                case StreamEvent.Logprobs logprobs -> {
                    if (logprobs.candidate() == 0 && open instanceof Message message) {
                        message.logprobs(ResponsesItems.logprobs(logprobs.logprobs()), client);
                    }
                }
                case StreamEvent.OpaquePart opaque -> {
                    if (opaque.candidate() == 0
                            && opaque.part().dialect() == Dialect.OPENAI_RESPONSES
                            && opaque.part().json() instanceof ObjectNode item) {
                        closeAll(client);
                        begin(client);
                        item("response.output_item.added", output.size(), item, client);
                        item("response.output_item.done", output.size(), item, client);
                        output.add(item);
                    }
                }
            }
        }

        @Override
        public void end(OutputStream client) throws IOException {
            begin(client);
            String incomplete = ResponsesResponse.incompleteReason(stop, refused);
            if (open != null && incomplete != null && waiting.isEmpty()) {
                open.status = "incomplete";
            }
            closeAll(client);
            ObjectNode event = Json.object();
            event.set(
                    "response",
                    envelope()
                            .over(
                                    output,
                                    incomplete,
                                    Math.max(
                                            frame.createdSeconds(),
                                            clock.instant().getEpochSecond())));
            send(incomplete == null ? "response.completed" : "response.incomplete", event, client);
        }

        @Override
        public void fail(int status, String code, String message, OutputStream client) throws IOException {
            begin(client);
            ObjectNode error = Json.object();
            error.put("type", ResponsesProvider.errorType(status, code));
            error.put("code", code);
            error.put("message", message);
            error.putNull("param");
            ObjectNode event = Json.object();
            event.put("code", code); // where the specification has them; servers send them within error
            event.put("message", message);
            event.putNull("param");
            event.set("error", error);
            send("error", event, client);
            ObjectNode reason = Json.object();
            reason.put("code", ResponsesProvider.failureCode(status, code));
            reason.put("message", message);
            ObjectNode failed = Json.object();
            failed.set("response", envelope().failed(output, reason));
            send("response.failed", failed, client);
        }

        @Override
        public void keepAlive(OutputStream client) throws IOException {
            client.write(KEEP_ALIVE);
        }

        private ResponsesEnvelope envelope() {
            return new ResponsesEnvelope(frame, model, report);
        }

        private void begin(OutputStream client) throws IOException {
            if (begun) {
                return;
            }
            begun = true;
            for (String type : List.of("response.created", "response.in_progress")) {
                ObjectNode event = Json.object();
                event.set("response", new ResponsesEnvelope(frame, model, withoutUsage()).begun());
                send(type, event, client);
            }
        }

        private Report withoutUsage() {
            return new Report(Report.NONE.usage(), report.serviceTier(), report.model());
        }

        private void send(String type, ObjectNode members, OutputStream client) throws IOException {
            ObjectNode event = Json.object();
            event.put("type", type);
            event.put("sequence_number", sequence++);
            event.setAll(members);
            client.write(("event: " + type + "\ndata: ").getBytes(StandardCharsets.US_ASCII));
            client.write(Json.bytes(event));
            client.write("\n\n".getBytes(StandardCharsets.US_ASCII));
        }

        private void item(String type, int place, ObjectNode item, OutputStream client) throws IOException {
            ObjectNode event = Json.object();
            event.put("output_index", place);
            event.set("item", item);
            send(type, event, client);
        }

        private Message message(OutputStream client) throws IOException {
            if (open instanceof Message message) {
                return message;
            }
            Message message = new Message();
            open(message, client);
            return message;
        }

        private Thought thought(OutputStream client) throws IOException {
            if (open instanceof Thought thought) {
                return thought;
            }
            Thought thought = new Thought();
            open(thought, client);
            return thought;
        }

        private void start(StreamEvent.ToolStarted started, OutputStream client) throws IOException {
            Call call = new Call(started);
            if (open instanceof Call before && !before.arguments.isComplete()) {
                waiting.put(started.call(), call);
            } else {
                open(call, client);
            }
        }

        private void arguments(StreamEvent.ToolArguments arguments, OutputStream client) throws IOException {
            Call later = waiting.get(arguments.call());
            if (later != null) {
                later.early.append(arguments.json());
            } else if (open instanceof Call call && call.number == arguments.call()) {
                call.more(arguments.json(), client);
                while (!waiting.isEmpty() && open instanceof Call current && current.arguments.isComplete()) {
                    openNext(client);
                }
            }
        }

        private void openNext(OutputStream client) throws IOException {
            Call next = waiting.values().iterator().next();
            waiting.remove(next.number);
            switchTo(next, client);
        }

        /** Closes what is open, and what waits behind it, and opens this. */
        private void open(Item item, OutputStream client) throws IOException {
            closeAll(client);
            switchTo(item, client);
        }

        private void switchTo(Item item, OutputStream client) throws IOException {
            close(client);
            begin(client);
            open = item;
            item.place = output.size();
            item("response.output_item.added", item.place, item.added(), client);
            if (item instanceof Call call && !call.early.isEmpty()) {
                call.more(call.early.toString(), client);
            }
        }

        private void closeAll(OutputStream client) throws IOException {
            while (!waiting.isEmpty()) {
                openNext(client);
            }
            close(client);
        }

        private void close(OutputStream client) throws IOException {
            Item item = open;
            if (item != null) {
                open = null;
                ObjectNode done = item.close(client);
                item("response.output_item.done", item.place, done, client);
                output.add(done);
            }
        }

        /** An item of the output while it comes into being. */
        private abstract class Item {

            int place;
            String status = "completed";

            /** The item as it is announced. */
            abstract ObjectNode added();

            /** Ends its parts and returns the whole item. */
            abstract ObjectNode close(OutputStream client) throws IOException;

            final ObjectNode event(ObjectNode whole) {
                ObjectNode event = Json.object();
                event.set("item_id", whole.get("id"));
                event.put("output_index", place);
                return event;
            }
        }

        /** What is said: texts and refusals. */
        private final class Message extends Item {

            private final ArrayNode parts = Json.array();
            private final StringBuilder said = new StringBuilder();
            private ArrayNode annotations = Json.array();
            private ArrayNode logprobs = Json.array();
            private int citedTo;
            private boolean isText;
            private boolean isOpen;

            @Override
            ObjectNode added() {
                ObjectNode item = ResponsesEnvelope.message(frame, place);
                item.put("status", "in_progress");
                return item;
            }

            void text(String delta, OutputStream client) throws IOException {
                ensure(true, client);
                said.append(delta);
                ObjectNode event = partEvent();
                event.put("delta", delta);
                event.putArray("logprobs");
                send("response.output_text.delta", event, client);
            }

            void refusal(String delta, OutputStream client) throws IOException {
                ensure(false, client);
                said.append(delta);
                ObjectNode event = partEvent();
                event.put("delta", delta);
                send("response.refusal.delta", event, client);
            }

            void logprobs(ArrayNode more, OutputStream client) throws IOException {
                if (!isOpen || !isText || more.isEmpty()) {
                    return;
                }
                logprobs.addAll(more);
                ObjectNode event = partEvent(); // the text that they are of has left already
                event.put("delta", "");
                event.set("logprobs", more);
                send("response.output_text.delta", event, client);
            }

            void cite(Part.Citation citation, OutputStream client) throws IOException {
                if (!isOpen || !isText) {
                    return;
                }
                ObjectNode annotation = ResponsesItems.annotation(citation, 0, citedTo, said.length())
                        .orElse(null);
                if (annotation == null) {
                    return;
                }
                citedTo = said.length();
                ObjectNode event = partEvent();
                event.put("annotation_index", annotations.size());
                event.set("annotation", annotation);
                annotations.add(annotation);
                send("response.output_text.annotation.added", event, client);
            }

            private void ensure(boolean text, OutputStream client) throws IOException {
                if (isOpen && isText != text) {
                    closePart(client);
                }
                if (!isOpen) {
                    isOpen = true;
                    isText = text;
                    ObjectNode event = partEvent();
                    event.set("part", part());
                    send("response.content_part.added", event, client);
                }
            }

            private ObjectNode partEvent() {
                ObjectNode event = Json.object();
                event.put("item_id", ResponsesEnvelope.id("msg_", frame, place));
                event.put("output_index", place);
                event.put("content_index", parts.size());
                return event;
            }

            private ObjectNode part() {
                if (!isText) {
                    return Json.object().put("type", "refusal").put("refusal", said.toString());
                }
                ObjectNode part = ResponsesEnvelope.outputText(said.toString());
                part.set("annotations", annotations);
                part.set("logprobs", logprobs);
                return part;
            }

            private void closePart(OutputStream client) throws IOException {
                if (!isOpen) {
                    return;
                }
                ObjectNode event = partEvent();
                if (isText) {
                    event.put("text", said.toString());
                    event.set("logprobs", logprobs);
                    send("response.output_text.done", event, client);
                } else {
                    event.put("refusal", said.toString());
                    send("response.refusal.done", event, client);
                }
                ObjectNode part = part();
                ObjectNode done = partEvent();
                done.set("part", part);
                send("response.content_part.done", done, client);
                parts.add(part);
                said.setLength(0);
                annotations = Json.array();
                logprobs = Json.array();
                citedTo = 0;
                isOpen = false;
            }

            @Override
            ObjectNode close(OutputStream client) throws IOException {
                closePart(client);
                ObjectNode item = ResponsesEnvelope.message(frame, place);
                item.put("status", status);
                item.set("content", parts);
                return item;
            }
        }

        /** What is thought, shown as a summary of one part. */
        private final class Thought extends Item {

            private final StringBuilder thought = new StringBuilder();
            private @Nullable Seal seal;

            @Override
            ObjectNode added() {
                return ResponsesEnvelope.thought(frame, place, "", null);
            }

            void more(String delta, OutputStream client) throws IOException {
                if (thought.isEmpty()) {
                    ObjectNode event = summaryEvent();
                    event.putObject("part").put("type", "summary_text").put("text", "");
                    send("response.reasoning_summary_part.added", event, client);
                }
                thought.append(delta);
                ObjectNode event = summaryEvent();
                event.put("delta", delta);
                send("response.reasoning_summary_text.delta", event, client);
            }

            private ObjectNode summaryEvent() {
                ObjectNode event = Json.object();
                event.put("item_id", ResponsesEnvelope.id("rs_", frame, place));
                event.put("output_index", place);
                event.put("summary_index", 0);
                return event;
            }

            @Override
            ObjectNode close(OutputStream client) throws IOException {
                if (!thought.isEmpty()) {
                    ObjectNode event = summaryEvent();
                    event.put("text", thought.toString());
                    send("response.reasoning_summary_text.done", event, client);
                    ObjectNode done = summaryEvent();
                    done.putObject("part").put("type", "summary_text").put("text", thought.toString());
                    send("response.reasoning_summary_part.done", done, client);
                }
                return ResponsesEnvelope.thought(frame, place, thought.toString(), seal);
            }
        }

        /** A function that is called. */
        private final class Call extends Item {

            private final int number;
            private final String id;
            private final String name;
            private final @Nullable Seal seal;
            private final JsonObjectText arguments = new JsonObjectText();
            private final StringBuilder early = new StringBuilder();

            Call(StreamEvent.ToolStarted started) {
                this.number = started.call();
                this.id = started.id();
                this.name = started.name();
                this.seal = started.seal();
            }

            private ObjectNode item(String json, String status) {
                ObjectNode item = ResponsesEnvelope.call(frame, place, new Part.ToolCall(id, name, json, seal, null));
                item.put("arguments", json);
                item.put("status", status);
                return item;
            }

            @Override
            ObjectNode added() {
                return item("", "in_progress");
            }

            void more(String json, OutputStream client) throws IOException {
                if (json.isEmpty()) {
                    return;
                }
                arguments.append(json);
                ObjectNode event = callEvent();
                event.put("delta", json);
                send("response.function_call_arguments.delta", event, client);
            }

            private ObjectNode callEvent() {
                ObjectNode event = Json.object();
                event.put("item_id", ResponsesEnvelope.id("fc_", frame, place));
                event.put("output_index", place);
                return event;
            }

            @Override
            ObjectNode close(OutputStream client) throws IOException {
                if (arguments.isEmpty() && status.equals("completed")) {
                    more("{}", client);
                }
                ObjectNode event = callEvent();
                event.put("name", name);
                event.put("arguments", arguments.text());
                send("response.function_call_arguments.done", event, client);
                return item(arguments.text(), status);
            }
        }
    }

    /** The text of a JSON object as it comes in pieces, and whether it is all there. */
    private static final class JsonObjectText {

        private final StringBuilder text = new StringBuilder();
        private int depth;
        private boolean begun;
        private boolean quoted;
        private boolean escaped;

        void append(String json) {
            text.append(json);
            for (int i = 0; i < json.length(); i++) {
                char c = json.charAt(i);
                if (escaped) {
                    escaped = false;
                } else if (quoted) {
                    escaped = c == '\\';
                    quoted = c != '"';
                } else if (c == '"') {
                    quoted = true;
                } else if (c == '{' || c == '[') {
                    depth++;
                    begun = true;
                } else if (c == '}' || c == ']') {
                    depth--;
                }
            }
        }

        boolean isComplete() {
            return begun && depth <= 0;
        }

        boolean isEmpty() {
            return text.isEmpty();
        }

        String text() {
            return text.toString();
        }
    }

    /** Looks at a stream that passes unchanged. Of most events it reads no more than their type. */
    public static final class Watch implements EventWatch {

        private static final String ITEM_DONE = "response.output_item.done";

        private Report report = Report.NONE;
        private long searches;
        private boolean started;
        private boolean failed;
        private boolean complete;

        @Override
        public Verdict see(byte[] buffer, int from, int to) {
            SseEvent event = SseEvent.in(buffer, from, to).orElse(null);
            if (event == null || event.is("[DONE]")) {
                return Verdict.PASS;
            }
            try (JsonParser json = ResponsesReport.parser(event.data())) {
                return json.nextToken() == JsonToken.START_OBJECT ? see(json) : Verdict.PASS;
            } catch (IOException e) {
                return Verdict.PASS; // no event of the dialect; clients decide what to make of it
            }
        }

        private Verdict see(JsonParser json) throws IOException {
            String type = "";
            Report seen = null;
            boolean error = false;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if ("type".equals(name) && value == JsonToken.VALUE_STRING) {
                    type = json.getText();
                    if (!isAboutTheResponse(type)) {
                        started = true;
                        if (!type.equals(ITEM_DONE)) {
                            return Verdict.PASS;
                        }
                    }
                } else if ("item".equals(name) && value == JsonToken.START_OBJECT && type.equals(ITEM_DONE)) {
                    if (ResponsesReport.isSearch(json)) {
                        searches++;
                        take(report);
                    }
                    return Verdict.PASS;
                } else if ("response".equals(name) && value == JsonToken.START_OBJECT) {
                    seen = ResponsesReport.read(json);
                } else {
                    error |= "error".equals(name) && value == JsonToken.START_OBJECT;
                    json.skipChildren();
                }
            }
            if (json.currentToken() != JsonToken.END_OBJECT) {
                return Verdict.PASS; // cut off
            }
            if (seen != null) {
                take(seen);
            }
            return switch (type) {
                case "response.completed", "response.incomplete" -> {
                    started = true;
                    if (failed) {
                        yield Verdict.PASS;
                    }
                    complete = true;
                    yield Verdict.END;
                }
                case "error", "response.failed", "response.cancelled" -> {
                    failed = true;
                    yield Verdict.PASS;
                }
                default -> {
                    failed |= type.isEmpty() && error;
                    yield Verdict.PASS;
                }
            };
        }

        private static boolean isAboutTheResponse(String type) {
            return switch (type) {
                case "response.created",
                        "response.queued",
                        "response.in_progress",
                        "response.completed",
                        "response.incomplete",
                        "response.failed",
                        "response.cancelled",
                        "error",
                        "keepalive" -> true;
                default -> false;
            };
        }

        private void take(Report seen) {
            Usage usage = seen.usage().isKnown() ? seen.usage() : report.usage();
            // until the whole answer tells of its searches, those count that were seen in passing
            boolean told = usage.isKnown() && usage.webSearches() != null;
            report = new Report(
                    told || searches == 0 ? usage : usage.withWebSearches(searches),
                    seen.serviceTier() == null ? report.serviceTier() : seen.serviceTier(),
                    seen.model() == null ? report.model() : seen.model());
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
            return report;
        }
    }
}
