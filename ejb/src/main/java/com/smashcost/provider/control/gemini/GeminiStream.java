package com.smashcost.provider.control.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.ProviderError;
import com.smashcost.provider.control.SseEvent;
import com.smashcost.provider.control.conversation.Conversation;
import com.smashcost.provider.control.conversation.EventReader;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.control.conversation.Seal;
import com.smashcost.provider.control.conversation.Stop;
import com.smashcost.provider.control.conversation.StreamEvent;
import com.smashcost.provider.control.conversation.Traits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An answer of {@code streamGenerateContent} with {@code alt=sse}. */
public final class GeminiStream {

    private GeminiStream() {}

    /**
     * Reads the stream. Each of its events is an answer of its own that goes on from the one before; there is no end mark, and
     * older models give a reason to end with each event, so an answer ends only when the provider closes the stream.
     */
    public static final class Reader implements EventReader {

        private final GeminiNames names;
        private final Map<Integer, State> candidates = new TreeMap<>();
        private final Set<String> ids = new HashSet<>();
        private final GeminiSearches searches;
        private @Nullable Report seen;
        private @Nullable Report last;
        private boolean started;
        private boolean blocked;
        private boolean failed;

        /**
         * @param conversation what is answered, whose functions may have had other names for the provider
         * @param traits of the model that was asked
         */
        public Reader(Conversation conversation, Traits traits) {
            names = GeminiNames.of(conversation);
            searches = new GeminiSearches(traits);
        }

        @Override
        public List<StreamEvent> read(SseEvent event) {
            List<StreamEvent> out = new ArrayList<>();
            if (failed) {
                return out;
            }
            JsonNode json = Json.read(event.data()).orElse(null);
            if (json != null && json.isArray() && !json.isEmpty()) {
                json.forEach(each -> chunk(each, out));
            } else {
                chunk(json, out);
            }
            return out;
        }

        @Override
        public List<StreamEvent> end() {
            List<StreamEvent> out = new ArrayList<>();
            if (failed) {
                return out;
            }
            if (blocked && candidates.isEmpty()) {
                candidates.put(0, new State());
            }
            candidates.forEach((index, state) -> {
                close(index, state, out);
                if (state.reason != null) {
                    out.add(new StreamEvent.Finished(index, GeminiFinish.stop(state.reason, state.calls > 0), null));
                } else if (blocked) {
                    out.add(new StreamEvent.Finished(index, Stop.CONTENT_FILTER, null));
                }
            });
            return out;
        }

        @Override
        public boolean isComplete() {
            boolean ended = candidates.values().stream().allMatch(state -> state.reason != null);
            return !failed && (blocked || (!candidates.isEmpty() && ended));
        }

        /** Never: usage and signatures may follow the finish reason, and there is no end mark. */
        @Override
        public boolean hasEnded() {
            return failed;
        }

        private void chunk(@Nullable JsonNode chunk, List<StreamEvent> out) {
            if (failed) {
                return;
            }
            if (!(chunk instanceof ObjectNode)) {
                fail(INVALID, out);
                return;
            }
            if (chunk.hasNonNull("error")) {
                fail(GeminiProvider.error(200, name -> null, Json.bytes(chunk)), out);
                return;
            }
            Report report = GeminiResponse.report(chunk);
            if (!started) {
                started = true;
                out.add(new StreamEvent.Started(GeminiResponse.word(chunk.path("responseId")), report.model(), report));
            }
            searches.read(chunk);
            seen = report.usage().isKnown() ? report : seen;
            Report now = seen == null ? null : searches.addTo(seen);
            if (now != null && !now.equals(last)) {
                last = now;
                out.add(new StreamEvent.Reported(now));
            }
            blocked |= GeminiResponse.isBlocked(chunk);
            for (JsonNode candidate : chunk.path("candidates")) {
                candidate(candidate, out);
            }
        }

        private void candidate(JsonNode candidate, List<StreamEvent> out) {
            int index = candidate.path("index").asInt(0);
            State state = candidates.computeIfAbsent(index, any -> new State());
            for (JsonNode part : candidate.path("content").path("parts")) {
                part(index, state, part, out);
            }
            for (GeminiCitations.Placed placed : GeminiCitations.of(candidate, any -> state.text.toString())) {
                if (state.cited.add(placed.citation())) {
                    out.add(new StreamEvent.Cited(index, placed.citation()));
                }
            }
            JsonNode logprobs = GeminiLogprobs.of(candidate);
            if (logprobs != null) {
                out.add(new StreamEvent.Logprobs(index, logprobs));
            }
            String reason = GeminiFinish.of(candidate);
            if (reason != null) {
                if (GeminiFinish.isFailure(reason)) {
                    fail(GeminiFinish.failure(reason), out);
                }
                state.reason = reason;
            }
        }

        private void part(int index, State state, JsonNode part, List<StreamEvent> out) {
            String text = part.path("text").asText("");
            if (part.has("functionCall")) {
                call(index, state, part, out);
                return;
            }
            close(index, state, out);
            if (part.path("thought").asBoolean()) {
                if (!text.isEmpty()) {
                    out.add(new StreamEvent.ReasoningDelta(index, text));
                }
                sealed(index, GeminiResponse.seal(part, GeminiRequest.ON_THOUGHT), out);
            } else if (part.has("text")) {
                sealed(index, GeminiResponse.seal(part, GeminiRequest.ON_TEXT), out);
                if (!text.isEmpty()) {
                    state.text.append(text);
                    out.add(new StreamEvent.TextDelta(index, text));
                }
            } else if (part.isObject() && !part.isEmpty()) {
                out.add(new StreamEvent.OpaquePart(index, new Part.Opaque(Dialect.GEMINI, part, null)));
            }
        }

        private static void sealed(int index, @Nullable Seal seal, List<StreamEvent> out) {
            if (seal != null) {
                out.add(new StreamEvent.ReasoningSealed(index, seal));
            }
        }

        private void call(int index, State state, JsonNode part, List<StreamEvent> out) {
            JsonNode call = part.path("functionCall");
            boolean goesOn = call.path("willContinue").asBoolean();
            if (call.hasNonNull("name")) {
                close(index, state, out);
                out.add(new StreamEvent.ToolStarted(
                        index,
                        state.calls++,
                        GeminiResponse.callId(call, ids),
                        names.original(call.path("name").asText()),
                        GeminiResponse.seal(part, GeminiRequest.ON_THOUGHT)));
                state.arguments = new GeminiArguments(call.path("args"));
            }
            if (state.arguments != null) {
                call.path("partialArgs").forEach(state.arguments::add);
            }
            if (!goesOn) {
                close(index, state, out);
            }
        }

        /** Tells the arguments of the call that is still open, if any. */
        private static void close(int index, State state, List<StreamEvent> out) {
            if (state.arguments != null) {
                out.add(new StreamEvent.ToolArguments(index, state.calls - 1, state.arguments.json()));
                state.arguments = null;
            }
        }

        private void fail(ProviderError error, List<StreamEvent> out) {
            failed = true;
            out.add(new StreamEvent.Failed(error));
        }
    }

    private static final ProviderError INVALID = new ProviderError(
            502,
            ProviderError.Kind.SERVER,
            "upstream_invalid_response",
            "The provider sent something that is no part of an answer.",
            null,
            null);

    /** How far a candidate is. */
    private static final class State {
        private final StringBuilder text = new StringBuilder();
        private final Set<Part.Citation> cited = new HashSet<>();
        private int calls;
        private @Nullable GeminiArguments arguments;
        private @Nullable String reason;
    }
}
