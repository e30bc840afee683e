package com.smashcost.provider.control.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.ProviderError;
import com.smashcost.provider.control.WireRecording;
import com.smashcost.provider.control.conversation.Conversation;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Stop;
import com.smashcost.provider.control.conversation.StreamEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiStreamTest {

    private static final Conversation NOTHING = GeminiTraffic.conversation();

    static List<GeminiTraffic.Streamed> streams() {
        return GeminiTraffic.streams();
    }

    /** Those whose calls do not come in pieces. */
    static List<GeminiTraffic.Streamed> plainStreams() {
        return streams().stream()
                .filter(stream -> !stream.name().contains("arguments"))
                .toList();
    }

    @Test
    void has_the_recordings() {
        assertThat(streams()).hasSize(29);
        assertThat(plainStreams()).hasSize(26);
    }

    @ParameterizedTest
    @MethodSource("plainStreams")
    void tells_what_was_recorded(GeminiTraffic.Streamed stream) {
        GeminiTraffic.Expected expected = GeminiTraffic.Expected.of(stream.chunks());
        GeminiStream.Reader reader = new GeminiStream.Reader(NOTHING, GeminiTraffic.MODEL);
        List<StreamEvent> events = GeminiTraffic.read(stream.bytes(), reader);
        Told told = Told.of(events);
        assertThat(told.text.toString()).isEqualTo(expected.text());
        assertThat(told.thoughts.toString()).isEqualTo(expected.thoughts());
        assertThat(told.calls.values().stream()
                        .map(call -> call.name + " "
                                + Json.readObject(call.arguments.toString()).orElseThrow()))
                .containsExactlyElementsOf(expected.calls());
        assertThat(told.signatures).isEqualTo(expected.signatures());
        assertThat(events.getFirst()).isInstanceOfSatisfying(StreamEvent.Started.class, started -> {
            assertThat(started.id())
                    .isEqualTo(stream.chunks().getFirst().path("responseId").asText());
            assertThat(started.model())
                    .isEqualTo(stream.chunks().getFirst().path("modelVersion").asText());
        });
        assertThat(events.getLast()).isEqualTo(new StreamEvent.Finished(0, Stop.valueOf(expected.stop()), null));
        assertThat(events.stream().filter(StreamEvent.Finished.class::isInstance))
                .hasSize(1);
        assertThat(events.stream().filter(StreamEvent.Started.class::isInstance))
                .hasSize(1);
        assertThat(reader.isComplete()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("streams")
    void reports_the_last_use_and_never_a_sum(GeminiTraffic.Streamed stream) {
        StreamEvent.Reported last = null;
        for (StreamEvent event : GeminiTraffic.read(stream.bytes(), NOTHING)) {
            last = event instanceof StreamEvent.Reported reported ? reported : last;
        }
        GeminiResponseTest.assertUsage(
                Objects.requireNonNull(last).report().usage(), GeminiTraffic.counts(stream.chunks()));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void is_not_complete_without_its_last_event(GeminiTraffic.Streamed stream) {
        GeminiStream.Reader reader = new GeminiStream.Reader(NOTHING, GeminiTraffic.MODEL);
        List<JsonNode> cut = stream.chunks().subList(0, stream.chunks().size() - 1);
        List<StreamEvent> events = GeminiTraffic.read(GeminiTraffic.framed(cut), reader);
        assertThat(reader.isComplete()).isFalse();
        assertThat(events).noneMatch(StreamEvent.Finished.class::isInstance);
    }

    @Test
    void is_the_same_when_cut_as_planned() throws IOException {
        JsonNode plans = Json.read(Files.readAllBytes(WireRecording.wire().resolve("sse-framing/split-plans.json")))
                .orElseThrow()
                .path("plans");
        int seen = 0;
        for (GeminiTraffic.Streamed stream : streams()) {
            for (JsonNode plan : plans) {
                if (!stream.framedHere() && plan.path("file").asText().equals("recorded/" + stream.name())) {
                    seen++;
                    int[] cuts = new int[plan.path("split_offsets").size()];
                    for (int i = 0; i < cuts.length; i++) {
                        cuts[i] = plan.path("split_offsets").path(i).asInt();
                    }
                    assertThat(GeminiTraffic.read(stream.bytes(), NOTHING, cuts))
                            .as(stream.name())
                            .isEqualTo(GeminiTraffic.read(stream.bytes(), NOTHING));
                }
            }
        }
        assertThat(seen).isGreaterThan(9);
    }

    @ParameterizedTest
    @CsvSource({
        "google-stream-tool-call-arguments.chunks.txt,'[{\"location\":\"Boston\"}, {\"location\":\"San Francisco\"}]'",
        "google-stream-tool-call-array-arguments-missing-terminal-function-call.chunks.txt,"
                + "'[{\"operations\":[{\"action\":\"add\",\"description\":\"Fresh red apple\",\"itemid\":\"apple_001\",\"price\":0.5},"
                + "{\"action\":\"add\",\"description\":\"Ripe yellow banana\",\"itemid\":\"banana_001\",\"price\":0.3}]}]'"
    })
    void puts_arguments_together_that_come_in_pieces(String name, String arguments) {
        Told told = Told.of(GeminiTraffic.read(named(name).bytes(), NOTHING));
        assertThat(told.calls.values().stream()
                        .map(call -> call.arguments.toString())
                        .toList())
                .hasToString(arguments);
        assertThat(told.stop).isEqualTo(Stop.TOOL_CALLS);
    }

    @Test
    void puts_nested_arguments_together() {
        Told told = Told.of(GeminiTraffic.read(
                named("google-vertex-stream-tool-call-arguments-nested.1.chunks.txt")
                        .bytes(),
                NOTHING));
        assertThat(told.calls).hasSize(1);
        JsonNode recipe = Json.readObject(
                        told.calls.values().iterator().next().arguments.toString())
                .orElseThrow()
                .path("recipe");
        assertThat(recipe.path("ingredients")).hasSize(10);
        assertThat(recipe.path("ingredients").path(9).path("name").asText()).isEqualTo("Pepper");
        assertThat(recipe.path("name").asText()).isEqualTo("Lasagna");
        assertThat(recipe.path("steps")).hasSize(10);
        assertThat(recipe.path("steps").path(1).asText())
                .isEqualTo("Cook lasagna noodles according to package directions, drain and set aside.");
        assertThat(told.stop).isEqualTo(Stop.TOOL_CALLS);
    }

    @Test
    void ends_once_though_each_event_gives_a_reason() {
        List<StreamEvent> events = read(
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"finishReason\":\"STOP\"}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"b\"}]},\"finishReason\":\"STOP\"}]}");
        assertThat(events.subList(1, events.size()))
                .containsExactly(
                        new StreamEvent.TextDelta(0, "a"),
                        new StreamEvent.TextDelta(0, "b"),
                        new StreamEvent.Finished(0, Stop.END, null));
    }

    @ParameterizedTest
    @CsvSource({"STOP,TOOL_CALLS", "OTHER,TOOL_CALLS", "MAX_TOKENS,LENGTH", "SAFETY,CONTENT_FILTER"})
    void remembers_a_call_of_an_earlier_event(String reason, Stop stop) {
        List<StreamEvent> events = read(
                "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\",\"args\":{\"a\":1.50}}}]}}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\"}]},\"finishReason\":\"" + reason + "\"}]}");
        assertThat(events.subList(1, events.size()))
                .containsExactly(
                        new StreamEvent.ToolStarted(0, 0, "call_0", "f", null),
                        new StreamEvent.ToolArguments(0, 0, "{\"a\":1.50}"),
                        new StreamEvent.Finished(0, stop, null));
    }

    @Test
    void tells_of_a_refused_prompt() {
        GeminiStream.Reader reader = new GeminiStream.Reader(NOTHING, GeminiTraffic.MODEL);
        List<StreamEvent> events = GeminiTraffic.read(
                utf8(
                        "data: {\"promptFeedback\":{\"blockReason\":\"SAFETY\"},\"usageMetadata\":{\"promptTokenCount\":4}}\r\n\r\n"),
                reader);
        assertThat(events).hasSize(3);
        assertThat(events.getLast()).isEqualTo(new StreamEvent.Finished(0, Stop.CONTENT_FILTER, null));
        assertThat(reader.isComplete()).isTrue();
    }

    @Test
    void keeps_candidates_apart() {
        List<StreamEvent> events = read(
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}},{\"index\":1,\"content\":{\"parts\":[{\"text\":\"b\"}]}}]}",
                "{\"candidates\":[{\"index\":1,\"finishReason\":\"MAX_TOKENS\"},{\"finishReason\":\"STOP\"}]}");
        assertThat(events.subList(1, events.size()))
                .containsExactly(
                        new StreamEvent.TextDelta(0, "a"),
                        new StreamEvent.TextDelta(1, "b"),
                        new StreamEvent.Finished(0, Stop.END, null),
                        new StreamEvent.Finished(1, Stop.LENGTH, null));
    }

    @Test
    void is_not_complete_while_a_candidate_is_not() {
        GeminiStream.Reader reader = new GeminiStream.Reader(NOTHING, GeminiTraffic.MODEL);
        GeminiTraffic.read(
                utf8("data: {\"candidates\":[{\"finishReason\":\"STOP\"},{\"index\":1,\"content\":{}}]}\n\n"), reader);
        assertThat(reader.isComplete()).isFalse();
        assertThat(new GeminiStream.Reader(NOTHING, GeminiTraffic.MODEL).isComplete())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"code\":503,\"message\":\"The model is overloaded.\",\"status\":\"UNAVAILABLE\"}}",
                "[{\"error\":{\"code\":503,\"message\":\"The model is overloaded.\",\"status\":\"UNAVAILABLE\"}}]",
            })
    void ends_with_an_error_amid_the_answer(String error) {
        GeminiStream.Reader reader = new GeminiStream.Reader(NOTHING, GeminiTraffic.MODEL);
        List<StreamEvent> events = GeminiTraffic.read(
                utf8("data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}]}\n\ndata: " + error
                        + "\n\ndata: {\"candidates\":[{\"finishReason\":\"STOP\"}]}\n\n"),
                reader);
        assertThat(events.getLast())
                .isEqualTo(new StreamEvent.Failed(new ProviderError(
                        503, ProviderError.Kind.OVERLOADED, "UNAVAILABLE", "The model is overloaded.", null, null)));
        assertThat(reader.isComplete()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"candidates\":[", "<html>", "7", "null", "[]", "[7]"})
    void takes_nothing_else_for_an_event(String data) {
        assertThat(read(data))
                .singleElement()
                .isInstanceOfSatisfying(
                        StreamEvent.Failed.class,
                        failed -> assertThat(failed.error().code()).isEqualTo("upstream_invalid_response"));
    }

    @Test
    void fails_when_the_model_garbles_a_call_and_still_tells_what_it_cost() {
        List<StreamEvent> events =
                read("{\"candidates\":[{\"content\":{},\"finishReason\":\"MALFORMED_FUNCTION_CALL\"}],"
                        + "\"usageMetadata\":{\"promptTokenCount\":4}}");
        assertThat(events).hasSize(3);
        assertThat(events.get(1)).isInstanceOf(StreamEvent.Reported.class);
        assertThat(events.getLast()).isInstanceOfSatisfying(StreamEvent.Failed.class, failed -> {
            assertThat(failed.error().status()).isEqualTo(502);
            assertThat(failed.error().code()).isEqualTo("malformed_function_call");
        });
    }

    @Test
    void cites_the_text_so_far_by_characters_and_each_source_once() {
        String grounding =
                "\"groundingMetadata\":{\"groundingChunks\":[{\"web\":{\"uri\":\"https://a\",\"title\":\"A\"}}],"
                        + "\"groundingSupports\":[{\"segment\":{\"startIndex\":3,\"endIndex\":8,\"text\":\"größ\"},\"groundingChunkIndices\":[0]}]}";
        String grounded = grounding.replace("größ", "gr\u00F6\u00DF").replace(":8", ":9");
        List<StreamEvent> events = read(
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\u00E4 gr\"}]}}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\u00F6\u00DFe\"}]}," + grounded + "}]}",
                "{\"candidates\":[{\"finishReason\":\"STOP\"," + grounded + "}]}");
        assertThat(events.stream().filter(StreamEvent.Cited.class::isInstance))
                .containsExactly(new StreamEvent.Cited(0, new Part.Citation("https://a", "A", null, 2, 6, null)));
    }

    @Test
    void cites_what_was_recorded() {
        GeminiTraffic.Streamed stream = streams().stream()
                .filter(each -> each.name().contains("citations-system.gemini-2.5-pro"))
                .findFirst()
                .orElseThrow();
        String text = GeminiTraffic.Expected.of(stream.chunks()).text();
        List<String> segments = new ArrayList<>();
        for (JsonNode support : stream.chunks().getLast().findPath("groundingSupports")) {
            for (int i = 0; i < support.path("groundingChunkIndices").size(); i++) {
                segments.add(support.path("segment").path("text").asText());
            }
        }
        List<String> cited = new ArrayList<>();
        for (StreamEvent event : GeminiTraffic.read(stream.bytes(), NOTHING)) {
            if (event instanceof StreamEvent.Cited it) {
                cited.add(text.substring(
                        Objects.requireNonNull(it.citation().start()),
                        Objects.requireNonNull(it.citation().end())));
            }
        }
        assertThat(cited).hasSizeGreaterThan(7).isEqualTo(segments);
    }

    @Test
    void adds_up_searches_over_the_events_whenever_they_are_told() {
        GeminiStream.Reader reader = new GeminiStream.Reader(NOTHING, GeminiTraffic.PER_QUERY);
        List<Long> told = new ArrayList<>();
        for (StreamEvent event : GeminiTraffic.read(utf8("""
                        data: {"candidates":[{"groundingMetadata":{"webSearchQueries":["x"]}}],"usageMetadata":{"promptTokenCount":9}}

                        data: {"candidates":[{"groundingMetadata":{"webSearchQueries":["x","y"]}}]}

                        data: {"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":2}}

                        """), reader)) {
            if (event instanceof StreamEvent.Reported reported) {
                told.add(reported.report().usage().webSearches());
                assertThat(reported.report().usage().input()).isEqualTo(9);
            }
        }
        assertThat(told).containsExactly(1L, 2L, 2L);
    }

    @Test
    void tells_log_probabilities_as_they_come() {
        List<StreamEvent> events = read("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},"
                + "\"logprobsResult\":{\"chosenCandidates\":[{\"token\":\"a\",\"logProbability\":-0.5}]}}]}");
        assertThat(events.getLast())
                .isInstanceOfSatisfying(
                        StreamEvent.Logprobs.class,
                        told -> assertThat(Json.text(told.logprobs()))
                                .isEqualTo(
                                        "{\"content\":[{\"token\":\"a\",\"logprob\":-0.5,\"bytes\":[97],\"top_logprobs\":[]}],\"refusal\":null}"));
    }

    private static List<StreamEvent> read(String... data) {
        StringBuilder text = new StringBuilder();
        for (String each : data) {
            text.append("data: ").append(each).append("\r\n\r\n");
        }
        return GeminiTraffic.read(utf8(text.toString()), NOTHING);
    }

    private static GeminiTraffic.Streamed named(String name) {
        return streams().stream()
                .filter(stream -> stream.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The events of the first candidate, added up. */
    private static final class Told {
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder thoughts = new StringBuilder();
        private final Map<Integer, ToldCall> calls = new TreeMap<>();
        private final List<String> signatures = new ArrayList<>();
        private Stop stop = Stop.PAUSE;

        static Told of(List<StreamEvent> events) {
            Told told = new Told();
            for (StreamEvent event : events) {
                switch (event) {
                    case StreamEvent.TextDelta delta -> told.text.append(delta.text());
                    case StreamEvent.ReasoningDelta delta -> told.thoughts.append(delta.text());
                    case StreamEvent.ReasoningSealed sealed ->
                        told.signatures.add(sealed.seal().value());
                    case StreamEvent.ToolStarted tool -> {
                        told.calls.put(tool.call(), new ToldCall(tool.name(), new StringBuilder()));
                        if (tool.seal() != null) {
                            told.signatures.add(tool.seal().value());
                        }
                    }
                    case StreamEvent.ToolArguments arguments ->
                        Objects.requireNonNull(told.calls.get(arguments.call()))
                                .arguments
                                .append(arguments.json());
                    case StreamEvent.OpaquePart part -> {
                        if (part.part().json().has("thoughtSignature")) {
                            told.signatures.add(
                                    part.part().json().path("thoughtSignature").asText());
                        }
                    }
                    case StreamEvent.Finished finished -> told.stop = finished.stop();
                    default -> {}
                }
            }
            return told;
        }
    }

    private record ToldCall(String name, StringBuilder arguments) {}
}
