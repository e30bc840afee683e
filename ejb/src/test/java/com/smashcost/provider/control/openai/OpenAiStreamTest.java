package com.smashcost.provider.control.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.SseEvent;
import com.smashcost.provider.control.SseFrames;
import com.smashcost.provider.control.WireRecording;
import com.smashcost.provider.control.conversation.AnswerFrame;
import com.smashcost.provider.control.conversation.StreamEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reading and writing of streams; how they pass unchanged is tested with the gateway. */
class OpenAiStreamTest {

    private static final AnswerFrame FRAME = new AnswerFrame(
            "id",
            1_700_000_000L,
            "asked-for",
            OpenAiRequestTest.of(
                    "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true},\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"));

    static List<WireRecording> recorded() {
        return OpenAiRequestTest.exchanges().filter(WireRecording::streamed).toList();
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void tells_all_that_the_recording_holds(WireRecording exchange) {
        Told expected = Told.by(exchange.body());
        OpenAiStream.Reader reader = new OpenAiStream.Reader();
        Told told = new Told();
        events(exchange.body(), reader).forEach(told::take);
        assertThat(told).usingRecursiveComparison().isEqualTo(expected);
        boolean failed = new String(exchange.body(), StandardCharsets.UTF_8).contains("event: error");
        assertThat(reader.isComplete()).isEqualTo(!failed);
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void is_written_as_a_stream_that_tells_the_same(WireRecording exchange) throws IOException {
        OpenAiStream.Writer writer = new OpenAiStream.Writer(FRAME);
        ByteArrayOutputStream client = new ByteArrayOutputStream();
        for (StreamEvent event : events(exchange.body(), new OpenAiStream.Reader())) {
            writer.write(event, client);
        }
        writer.end(client);
        assertThat(client.toString(StandardCharsets.UTF_8)).endsWith("data: [DONE]\n\n");
        Told written = Told.by(client.toByteArray());
        Told original = Told.by(exchange.body());
        written.reasons.keySet().retainAll(original.reasons.keySet());
        assertThat(written).usingRecursiveComparison().isEqualTo(original);
    }

    @Test
    void keeps_calls_apart_whose_index_some_servers_repeat_or_leave_out() {
        String one =
                "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}}]}\n\n";
        List<StreamEvent> events = events(
                (one + one.replace("\"a\"", "\"b\"") + "data: [DONE]\n\n").getBytes(StandardCharsets.UTF_8),
                new OpenAiStream.Reader());
        assertThat(events.stream()
                        .filter(StreamEvent.ToolStarted.class::isInstance)
                        .map(event -> ((StreamEvent.ToolStarted) event).call()))
                .containsExactly(0, 1);
    }

    @Test
    void is_not_complete_when_it_breaks_off_and_fails_at_what_is_no_chunk() {
        OpenAiStream.Reader cut = new OpenAiStream.Reader();
        events("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n".getBytes(StandardCharsets.UTF_8), cut);
        assertThat(cut.isComplete()).isFalse();
        List<StreamEvent> events =
                events("data: {\"choi\n\n".getBytes(StandardCharsets.UTF_8), new OpenAiStream.Reader());
        assertThat(events).singleElement().isInstanceOf(StreamEvent.Failed.class);
    }

    private static List<StreamEvent> events(byte[] stream, OpenAiStream.Reader reader) {
        List<StreamEvent> events = new ArrayList<>();
        SseFrames frames = new SseFrames();
        SseFrames.Sink sink = new SseFrames.Sink() {
            @Override
            public boolean event(byte[] buffer, int from, int to) {
                SseEvent.in(buffer, from, to).ifPresent(event -> events.addAll(reader.read(event)));
                return true;
            }

            @Override
            public void oversized(byte[] buffer, int from, int to) {
                throw new AssertionError("no recording has such an event");
            }
        };
        try {
            frames.accept(stream, 0, stream.length, sink);
            frames.close(sink);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        events.addAll(reader.end());
        return events;
    }

    /** What a stream tells, put together: from the wire by a few lines of their own, or from events. */
    private static final class Told {

        private final Map<Integer, String> texts = new TreeMap<>();
        private final Map<Integer, String> thoughts = new TreeMap<>();
        private final Map<Integer, String> refusals = new TreeMap<>();
        private final Map<String, String> calls = new TreeMap<>();
        private final Map<Integer, String> reasons = new TreeMap<>();

        static Told by(byte[] stream) {
            Told told = new Told();
            for (String line : new String(stream, StandardCharsets.UTF_8).split("\r?\n")) {
                if (line.startsWith("data:") && line.contains("\"choices\"")) {
                    Json.read(line.substring(5)).orElseThrow().path("choices").forEach(told::choice);
                }
            }
            return told;
        }

        private void choice(JsonNode choice) {
            int index = choice.path("index").asInt();
            JsonNode delta = choice.path("delta");
            add(texts, index, delta.path("content").asText(""));
            add(thoughts, index, delta.path("reasoning").asText(""));
            if (delta.path("reasoning").asText("").isEmpty()) {
                add(thoughts, index, delta.path("reasoning_content").asText(""));
            }
            add(refusals, index, delta.path("refusal").asText(""));
            delta.path("tool_calls").forEach(call -> {
                String key = index + "/" + call.path("index").asInt();
                JsonNode function = call.path("function");
                calls.merge(
                        key,
                        (call.hasNonNull("id") ? call.path("id").asText() + " " : "")
                                + (function.hasNonNull("name")
                                        ? function.path("name").asText() + " "
                                        : "")
                                + function.path("arguments").asText(""),
                        String::concat);
            });
            if (choice.path("finish_reason").isTextual()) {
                reasons.put(index, choice.path("finish_reason").asText());
            }
        }

        void take(StreamEvent event) {
            switch (event) {
                case StreamEvent.TextDelta text -> add(texts, text.candidate(), text.text());
                case StreamEvent.ReasoningDelta thought -> add(thoughts, thought.candidate(), thought.text());
                case StreamEvent.RefusalDelta refusal -> add(refusals, refusal.candidate(), refusal.text());
                case StreamEvent.ToolStarted call ->
                    calls.merge(
                            call.candidate() + "/" + call.call(), call.id() + " " + call.name() + " ", String::concat);
                case StreamEvent.ToolArguments arguments ->
                    calls.merge(arguments.candidate() + "/" + arguments.call(), arguments.json(), String::concat);
                case StreamEvent.Finished finished ->
                    reasons.put(
                            finished.candidate(),
                            switch (finished.stop()) {
                                case TOOL_CALLS -> "tool_calls";
                                case LENGTH -> "length";
                                case CONTENT_FILTER -> "content_filter";
                                default -> "stop";
                            });
                default -> {}
            }
        }

        private static void add(Map<Integer, String> to, int candidate, String text) {
            if (!text.isEmpty()) {
                to.merge(candidate, text, String::concat);
            }
        }
    }
}
