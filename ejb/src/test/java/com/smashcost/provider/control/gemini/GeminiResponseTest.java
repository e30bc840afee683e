package com.smashcost.provider.control.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.UpstreamFailure;
import com.smashcost.provider.control.WireRecording;
import com.smashcost.provider.control.conversation.Completion;
import com.smashcost.provider.control.conversation.Completion.Candidate;
import com.smashcost.provider.control.conversation.Conversation;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.control.conversation.Seal;
import com.smashcost.provider.control.conversation.Stop;
import com.smashcost.provider.control.conversation.Tool;
import com.smashcost.provider.control.conversation.Traits;
import com.smashcost.provider.entity.Usage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiResponseTest {

    private static final Conversation NOTHING = GeminiTraffic.conversation();

    static List<GeminiTraffic.Whole> answers() {
        return GeminiTraffic.wholes().stream()
                .filter(whole -> !whole.name().contains("UNEXPECTED"))
                .toList();
    }

    static List<GeminiTraffic.Whole> all() {
        return GeminiTraffic.wholes();
    }

    /** One recording tells of its answer only. */
    static List<GeminiTraffic.Whole> counted() {
        return all().stream()
                .filter(whole -> whole.json().path("usageMetadata").has("totalTokenCount"))
                .toList();
    }

    static List<WireRecording> counts() {
        return GeminiTraffic.exchanges("countTokens").stream()
                .filter(exchange -> exchange.status() == 200)
                .toList();
    }

    @Test
    void has_the_recordings() {
        assertThat(all()).hasSizeGreaterThan(55);
        assertThat(counts()).hasSize(4);
        assertThat(counted()).hasSize(all().size() - 1);
    }

    @ParameterizedTest
    @MethodSource("answers")
    void reads_what_was_recorded(GeminiTraffic.Whole whole) throws UpstreamFailure {
        GeminiTraffic.Expected expected = GeminiTraffic.Expected.of(List.of(whole.json()));
        Completion completion = GeminiResponse.read(whole.body(), NOTHING, GeminiTraffic.MODEL);
        assertThat(completion.candidates()).hasSize(1);
        Candidate candidate = completion.candidates().getFirst();
        StringBuilder text = new StringBuilder();
        StringBuilder thoughts = new StringBuilder();
        List<String> calls = new ArrayList<>();
        List<String> signatures = new ArrayList<>();
        for (Part part : candidate.parts()) {
            switch (part) {
                case Part.Text said -> text.append(said.text());
                case Part.Reasoning thought -> {
                    thoughts.append(thought.text());
                    keep(thought.seal(), signatures);
                }
                case Part.ToolCall call -> {
                    calls.add(call.name() + " "
                            + Json.readObject(call.arguments()).orElseThrow());
                    keep(call.seal(), signatures);
                }
                case Part.Opaque opaque -> {
                    if (opaque.json().has("thoughtSignature")) {
                        signatures.add(opaque.json().path("thoughtSignature").asText());
                    }
                }
                default -> throw new AssertionError(part);
            }
        }
        assertThat(text.toString()).isEqualTo(expected.text());
        assertThat(thoughts.toString()).isEqualTo(expected.thoughts());
        assertThat(calls).isEqualTo(expected.calls());
        assertThat(signatures).isEqualTo(expected.signatures());
        assertThat(candidate.stop().name()).isEqualTo(expected.stop());
        assertThat(completion.id()).isEqualTo(whole.json().path("responseId").asText());
        assertThat(completion.model())
                .isEqualTo(whole.json().path("modelVersion").asText());
    }

    private static void keep(@Nullable Seal seal, List<String> signatures) {
        if (seal != null) {
            assertThat(seal.dialect()).isEqualTo(Dialect.GEMINI);
            assertThat(Seal.parse(seal.text())).contains(seal);
            signatures.add(seal.value());
        }
    }

    @ParameterizedTest
    @MethodSource("counted")
    void takes_the_use_apart_into_disjoint_buckets(GeminiTraffic.Whole whole) {
        List<Long> counts = GeminiTraffic.counts(List.of(whole.json()));
        Report report =
                GeminiResponse.report(whole.body(), 0, whole.body().length).orElseThrow();
        assertUsage(report.usage(), counts);
        assertThat(report.model()).isEqualTo(whole.json().path("modelVersion").asText());
    }

    static void assertUsage(Usage usage, List<Long> counts) {
        long sound = usage.audioInput() == null ? 0 : usage.audioInput();
        assertThat(usage.cached()).isEqualTo(counts.get(1));
        assertThat(sound).isEqualTo(counts.get(2));
        assertThat(usage.input()).isEqualTo(counts.get(0) - counts.get(1) - counts.get(2));
        assertThat(usage.output()).isEqualTo(counts.get(3));
        assertThat(usage.reasoning()).isEqualTo(counts.get(4));
        assertThat(usage.promptTokens() + counts.get(3) + counts.get(4)).isEqualTo(counts.get(5));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void reports_the_same_tokens_in_passing_as_in_reading(GeminiTraffic.Whole whole) throws UpstreamFailure {
        Report report =
                GeminiResponse.read(whole.body(), NOTHING, GeminiTraffic.MODEL).report();
        assertThat(GeminiResponse.report(whole.body(), 0, whole.body().length))
                .contains(new Report(report.usage().withWebSearches(null), report.serviceTier(), report.model()));
        for (int length = 0; length < whole.body().length; length += 97) {
            assertThat(GeminiResponse.report(whole.body(), 0, length)).isEmpty();
        }
    }

    @Test
    void finds_sound_and_cached_sound() throws UpstreamFailure {
        GeminiTraffic.Whole video = named("cached-tokens-fileData-system.gemini-2.5-flash");
        Report report =
                GeminiResponse.read(video.body(), NOTHING, GeminiTraffic.MODEL).report();
        assertThat(report.usage()).isEqualTo(new Usage(298L, 17379L, null, null, 68L, 821L, 36L, null));
        assertThat(report.serviceTier()).isEqualTo("standard");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"serviceTier\":\"flex\"',flex",
        "'\"serviceTier\":\"PRIORITY\"',priority",
        "'\"trafficType\":\"ON_DEMAND\"',standard",
        "'\"trafficType\":\"ON_DEMAND_FLEX\"',flex",
        "'\"trafficType\":\"ON_DEMAND_PRIORITY\"',priority",
        "'\"trafficType\":\"PROVISIONED_THROUGHPUT\"',",
        "'\"trafficType\":7',"
    })
    void names_the_tier_that_served(String member, @Nullable String tier) {
        assertThat(report("{\"usageMetadata\":{\"promptTokenCount\":1," + member + "}}")
                        .serviceTier())
                .isEqualTo(tier);
    }

    @Test
    void takes_a_missing_count_for_zero_and_a_missing_report_for_unknown() {
        assertThat(report("{\"usageMetadata\":{\"promptTokenCount\":5}}").usage())
                .isEqualTo(new Usage(5L, 0L, null, null, 0L, 0L, null, null));
        assertThat(report("{\"usageMetadata\":{\"trafficType\":\"ON_DEMAND\"}}").usage())
                .isEqualTo(Usage.UNKNOWN);
        assertThat(report("{}")).isEqualTo(Report.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"promptTokenCount\":-1}",
                "{\"promptTokenCount\":1000000001}",
                "{\"promptTokenCount\":5,\"thoughtsTokenCount\":99999999999999999999}"
            })
    void believes_nothing_of_a_report_with_an_impossible_count(String usage) {
        assertThat(report("{\"usageMetadata\":" + usage + "}").usage()).isEqualTo(Usage.UNKNOWN);
    }

    @Test
    void does_not_take_an_uncounted_prompt_for_an_empty_one() throws UpstreamFailure {
        GeminiTraffic.Whole whole = named("/fileData-system.gemini-2.5-flash");
        assertThat(GeminiResponse.read(whole.body(), NOTHING, GeminiTraffic.MODEL)
                        .report()
                        .usage())
                .isEqualTo(new Usage(null, 0L, null, null, 18L, 58L, null, null));
    }

    @Test
    void counts_spoken_answers_apart() {
        assertThat(report("{\"usageMetadata\":{\"promptTokenCount\":9,\"candidatesTokenCount\":30,"
                                + "\"candidatesTokensDetails\":[{\"modality\":\"AUDIO\",\"tokenCount\":25},"
                                + "{\"modality\":\"TEXT\",\"tokenCount\":5}]}}")
                        .usage())
                .isEqualTo(new Usage(9L, 0L, null, null, 5L, 0L, null, 25L));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void finds_the_searches_of_what_was_recorded(GeminiTraffic.Whole whole) throws UpstreamFailure {
        long queries = whole.json().findValues("webSearchQueries").stream()
                .mapToLong(JsonNode::size)
                .sum();
        assertThat(searches(whole.body(), GeminiTraffic.MODEL))
                .as("by the prompt")
                .isEqualTo(queries == 0 ? null : 1L);
        assertThat(searches(whole.body(), GeminiTraffic.PER_QUERY))
                .as("by the query")
                .isEqualTo(queries == 0 ? null : queries);
    }

    @Test
    void counts_each_different_query_once() throws UpstreamFailure {
        byte[] body = utf8("""
                {"usageMetadata":{"promptTokenCount":9},"candidates":[
                 {"content":{"parts":[{"text":"a"}]},"groundingMetadata":{"webSearchQueries":["x","y",""," "]}},
                 {"content":{"parts":[{"text":"b"}]},"index":1,"groundingMetadata":{"webSearchQueries":["y","z"]}}]}""");
        assertThat(searches(body, GeminiTraffic.PER_QUERY)).isEqualTo(3);
        assertThat(searches(body, GeminiTraffic.MODEL)).isEqualTo(1);
    }

    private static @Nullable Long searches(byte[] body, Traits traits) throws UpstreamFailure {
        return GeminiResponse.read(body, NOTHING, traits).report().usage().webSearches();
    }

    private static Report report(String body) {
        byte[] bytes = utf8(body);
        return GeminiResponse.report(bytes, 0, bytes.length).orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("answers")
    void places_citations_by_characters(GeminiTraffic.Whole whole) throws UpstreamFailure {
        List<String> segments = new ArrayList<>();
        JsonNode grounding = whole.json().path("candidates").path(0).path("groundingMetadata");
        for (JsonNode support : grounding.path("groundingSupports")) {
            for (JsonNode index : support.path("groundingChunkIndices")) {
                JsonNode chunk = grounding.path("groundingChunks").path(index.asInt());
                segments.add(chunk.path("web").path("uri").asText() + " <- "
                        + support.path("segment").path("text").asText());
            }
        }
        List<String> cited = new ArrayList<>();
        for (Part part : GeminiResponse.read(whole.body(), NOTHING, GeminiTraffic.MODEL)
                .candidates()
                .getFirst()
                .parts()) {
            if (part instanceof Part.Text text) {
                for (Part.Citation citation : text.citations()) {
                    int start = Objects.requireNonNull(citation.start());
                    int end = Objects.requireNonNull(citation.end());
                    String url = citation.url() == null ? "" : citation.url();
                    cited.add(url + " <- " + text.text().substring(start, end));
                }
            }
        }
        assertThat(cited).isEqualTo(segments);
    }

    @Test
    void has_recorded_citations_beyond_ascii() {
        assertThat(answers().stream()
                        .filter(whole -> whole.name().contains("citations"))
                        .filter(whole ->
                                whole.body().length > new String(whole.body(), StandardCharsets.UTF_8).length()))
                .hasSizeGreaterThan(3);
    }

    @Test
    void leaves_out_places_that_lie_within_a_character_or_beyond_the_text() {
        assertThat(GeminiCitations.characters("äb", 0)).isZero();
        assertThat(GeminiCitations.characters("äb", 1)).isEqualTo(-1);
        assertThat(GeminiCitations.characters("äb", 2)).isEqualTo(1);
        assertThat(GeminiCitations.characters("\uD83D\uDE00b", 4)).isEqualTo(2);
        assertThat(GeminiCitations.characters("€", 3)).isEqualTo(1);
        assertThat(GeminiCitations.characters("äb", 9)).isEqualTo(-1);
    }

    @Test
    void writes_log_probabilities_as_the_chat_dialect_has_them() throws UpstreamFailure {
        Candidate candidate = GeminiResponse.read(
                        named("logprobs.gemini-2.5-flash").body(), NOTHING, GeminiTraffic.MODEL)
                .candidates()
                .getFirst();
        JsonNode content = Objects.requireNonNull(candidate.logprobs()).path("content");
        assertThat(content).hasSize(7);
        assertThat(content.path(0).path("token").asText()).isEqualTo("2");
        assertThat(content.path(0).path("logprob").asText()).isEqualTo("-0.01972555");
        assertThat(content.path(0).path("top_logprobs")).hasSize(5);
        JsonNode equals = content.path(4).path("top_logprobs").path(4);
        assertThat(equals.path("token").asText()).isEqualTo(" равно");
        byte[] bytes = new byte[equals.path("bytes").size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) equals.path("bytes").path(i).asInt();
        }
        assertThat(bytes).isEqualTo(utf8(" равно"));
    }

    @Test
    void takes_a_call_that_the_model_could_not_make_for_a_failure_that_still_costs() {
        GeminiTraffic.Whole unexpected = named("UNEXPECTED");
        assertThatThrownBy(() -> GeminiResponse.read(unexpected.body(), NOTHING, GeminiTraffic.MODEL))
                .isInstanceOfSatisfying(
                        UpstreamFailure.class,
                        failure ->
                                assertThat(failure.kind()).isEqualTo(UpstreamFailure.Kind.upstream_invalid_response));
        assertThat(GeminiResponse.report(unexpected.body(), 0, unexpected.body().length)
                        .orElseThrow()
                        .usage())
                .isEqualTo(new Usage(22L, 0L, null, null, 3L, 142L, null, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html></html>",
                "{}",
                "[]",
                "null",
                "7",
                "{\"candidates\":[]}",
                "{\"error\":{\"code\":500}}",
                "{\"candidates\":[{\"finishReason\":\"MALFORMED_FUNCTION_CALL\"}]}",
                "{\"candidates\":[{\"finishReason\":\"TOO_MANY_TOOL_CALLS\"}]}",
                "{\"candidates\":[{\"finishReason\":\"MISSING_THOUGHT_SIGNATURE\"}]}",
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]}}"
            })
    void takes_nothing_else_for_an_answer(String body) {
        assertThatThrownBy(() -> GeminiResponse.read(utf8(body), NOTHING, GeminiTraffic.MODEL))
                .isInstanceOf(UpstreamFailure.class);
    }

    @Test
    void reads_a_refused_prompt_as_an_answer_that_was_withheld() throws UpstreamFailure {
        Completion completion = GeminiResponse.read(
                utf8("{\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"},"
                        + "\"usageMetadata\":{\"promptTokenCount\":7,\"totalTokenCount\":7}}"),
                NOTHING,
                GeminiTraffic.MODEL);
        assertThat(completion.candidates())
                .containsExactly(new Candidate(0, List.of(), Stop.CONTENT_FILTER, null, null));
        assertThat(completion.report().usage().input()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({
        "STOP,END,TOOL_CALLS",
        "MAX_TOKENS,LENGTH,LENGTH",
        "SAFETY,CONTENT_FILTER,CONTENT_FILTER",
        "RECITATION,CONTENT_FILTER,CONTENT_FILTER",
        "LANGUAGE,CONTENT_FILTER,CONTENT_FILTER",
        "BLOCKLIST,CONTENT_FILTER,CONTENT_FILTER",
        "PROHIBITED_CONTENT,CONTENT_FILTER,CONTENT_FILTER",
        "SPII,CONTENT_FILTER,CONTENT_FILTER",
        "IMAGE_SAFETY,CONTENT_FILTER,CONTENT_FILTER",
        "OTHER,END,TOOL_CALLS",
        "CONTINUATION,END,TOOL_CALLS",
        "FINISH_REASON_UNSPECIFIED,END,TOOL_CALLS",
        "WHAT_IS_TO_COME,END,TOOL_CALLS"
    })
    void translates_the_reason_to_end(String reason, Stop alone, Stop withCalls) throws UpstreamFailure {
        String answer = "{\"candidates\":[{\"content\":{\"parts\":[%s]},\"finishReason\":\"" + reason + "\"}]}";
        assertThat(stop(answer.formatted("{\"text\":\"a\"}"))).isEqualTo(alone);
        assertThat(stop(answer.formatted("{\"functionCall\":{\"name\":\"f\"}}")))
                .isEqualTo(withCalls);
    }

    private static Stop stop(String answer) throws UpstreamFailure {
        return GeminiResponse.read(utf8(answer), NOTHING, GeminiTraffic.MODEL)
                .candidates()
                .getFirst()
                .stop();
    }

    @Test
    void gives_each_call_an_id_of_its_own() throws UpstreamFailure {
        List<String> ids = GeminiResponse.read(
                        utf8("{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\"}},"
                                + "{\"functionCall\":{\"name\":\"f\",\"id\":\"x1\"}},"
                                + "{\"functionCall\":{\"name\":\"f\",\"id\":\"x1\"}},"
                                + "{\"functionCall\":{\"name\":\"f\"}}]}}]}"),
                        NOTHING,
                        GeminiTraffic.MODEL)
                .candidates()
                .getFirst()
                .parts()
                .stream()
                .map(part -> ((Part.ToolCall) part).id())
                .toList();
        assertThat(ids).doesNotHaveDuplicates().contains("x1");
        assertThat(ids.stream().filter(id -> id.matches("call_[0-9a-f]{24}"))).hasSize(3);
    }

    @Test
    void calls_functions_by_the_names_that_the_client_gave_them() throws UpstreamFailure {
        Conversation conversation =
                GeminiTraffic.conversation(List.of(), List.of(new Tool.Function("1st tool", null, null, null, null)));
        String sent = GeminiNames.of(conversation).sent("1st tool");
        assertThat(sent).isNotEqualTo("1st tool");
        Part call = GeminiResponse.read(
                        utf8("{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"" + sent
                                + "\"}}]}}]}"),
                        conversation,
                        GeminiTraffic.MODEL)
                .candidates()
                .getFirst()
                .parts()
                .getFirst();
        assertThat(((Part.ToolCall) call).name()).isEqualTo("1st tool");
        assertThat(((Part.ToolCall) call).arguments()).isEqualTo("{}");
    }

    @Test
    void keeps_the_signature_of_a_text_with_the_thoughts_before_it() throws UpstreamFailure {
        List<Part> parts = GeminiResponse.read(
                        utf8("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"hm\",\"thought\":true},"
                                + "{\"text\":\"yes\",\"thoughtSignature\":\"c2ln\"}]}}]}"),
                        NOTHING,
                        GeminiTraffic.MODEL)
                .candidates()
                .getFirst()
                .parts();
        assertThat(parts)
                .containsExactly(
                        new Part.Reasoning("hm", new Seal(Dialect.GEMINI, "text", "c2ln")), new Part.Text("yes"));
    }

    @Test
    void reads_several_candidates() throws UpstreamFailure {
        List<Candidate> candidates = GeminiResponse.read(
                        utf8(
                                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"finishReason\":\"STOP\"},"
                                        + "{\"index\":1,\"content\":{\"parts\":[{\"text\":\"b\"}]},\"finishReason\":\"MAX_TOKENS\"}]}"),
                        NOTHING,
                        GeminiTraffic.MODEL)
                .candidates();
        assertThat(candidates).extracting(Candidate::index).containsExactly(0, 1);
        assertThat(candidates).extracting(Candidate::stop).containsExactly(Stop.END, Stop.LENGTH);
    }

    @ParameterizedTest
    @MethodSource("counts")
    void reads_how_many_tokens_were_counted(WireRecording exchange) throws UpstreamFailure {
        assertThat(GeminiResponse.readCountTokens(exchange.body()))
                .isEqualTo(Json.read(exchange.body())
                        .orElseThrow()
                        .path("totalTokens")
                        .asLong())
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{}", "{\"totalTokens\":\"7\"}", "{\"totalTokens\":-1}", "{\"totalTokens\":1.5}", "[1]"})
    void takes_nothing_else_for_a_count(String body) {
        assertThatThrownBy(() -> GeminiResponse.readCountTokens(utf8(body))).isInstanceOf(UpstreamFailure.class);
    }

    @Test
    void keeps_what_only_this_dialect_knows() throws UpstreamFailure {
        Part part = GeminiResponse.read(
                        utf8(
                                "{\"candidates\":[{\"content\":{\"parts\":[{\"executableCode\":{\"language\":\"PYTHON\"}}]}}]}"),
                        NOTHING,
                        GeminiTraffic.MODEL)
                .candidates()
                .getFirst()
                .parts()
                .getFirst();
        assertThat(part)
                .isInstanceOfSatisfying(
                        Part.Opaque.class,
                        opaque -> assertThat(Json.text(opaque.json()))
                                .isEqualTo("{\"executableCode\":{\"language\":\"PYTHON\"}}"));
    }

    private static GeminiTraffic.Whole named(String part) {
        return all().stream()
                .filter(whole -> whole.name().contains(part))
                .findFirst()
                .orElseThrow();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
