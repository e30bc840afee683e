package com.smashcost.provider.control.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.UpstreamFailure;
import com.smashcost.provider.control.conversation.Completion;
import com.smashcost.provider.control.conversation.Completion.Candidate;
import com.smashcost.provider.control.conversation.Conversation;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.control.conversation.Seal;
import com.smashcost.provider.control.conversation.Stop;
import com.smashcost.provider.entity.Usage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnthropicResponseTest {

    static List<Answers.Answer> wholes() {
        return Answers.wholes();
    }

    @Test
    void all_whole_answers_are_at_hand() {
        assertThat(wholes()).hasSize(40 + 18);
    }

    @ParameterizedTest
    @MethodSource("wholes")
    void understands_every_recorded_answer(Answers.Answer answer) throws Exception {
        assertThat(Told.of(AnthropicResponse.read(answer.bytes()))).isEqualTo(Told.ofWhole(answer.bytes()));
    }

    @ParameterizedTest
    @MethodSource("wholes")
    void tells_a_client_of_the_dialect_the_same_again(Answers.Answer answer) throws Exception {
        Completion completion = AnthropicResponse.read(answer.bytes());
        Told again = Told.ofWhole(AnthropicResponse.write(completion, Answers.frame()));
        Told first = Told.ofWhole(answer.bytes());
        if (first.stop().equals("refusal")) { // why it refuses is told in words, which others put into the answer
            assertThat(again.text()).startsWith("This request triggered restrictions");
            assertThat(again.stop()).isEqualTo("refusal");
        } else {
            assertThat(again.anonymous()).isEqualTo(first.anonymous());
        }
        assertThat(again.id()).isEqualTo("msg_0190abc");
        assertThat(again.model()).isEqualTo(first.model());
    }

    @ParameterizedTest
    @MethodSource("wholes")
    void reports_the_use_of_an_answer_that_passes_unchanged(Answers.Answer answer) {
        Report report = AnthropicResponse.report(answer.bytes(), 0, answer.bytes().length)
                .orElseThrow();
        Told told = Told.ofWhole(answer.bytes());
        assertThat(Told.tokens(report)).isEqualTo(told.tokens()).isNotEmpty();
        assertThat(report.model()).isEqualTo(told.model());
        assertThat(report.serviceTier())
                .isEqualTo(Told.tree(answer.bytes()).at("/usage/service_tier").isTextual() ? "standard" : null);
    }

    @Test
    void counts_cache_writes_by_how_long_they_live() throws Exception {
        assertThat(usage("""
                {"input_tokens":3,"cache_creation_input_tokens":100,"cache_read_input_tokens":7,"output_tokens":20,
                 "cache_creation":{"ephemeral_5m_input_tokens":60,"ephemeral_1h_input_tokens":40},
                 "output_tokens_details":{"thinking_tokens":15},"service_tier":"priority"}""")).isEqualTo(new Usage(3L, 7L, 60L, 40L, 5L, 15L, null, null));
    }

    @Test
    void what_is_absent_is_unknown_and_not_zero() throws Exception {
        assertThat(usage("{\"input_tokens\":3,\"output_tokens\":0}"))
                .isEqualTo(new Usage(3L, null, null, null, 0L, null, null, null));
        assertThat(usage("{}")).isEqualTo(Usage.UNKNOWN);
        assertThat(usage("null")).isEqualTo(Usage.UNKNOWN);
        assertThat(usage("{\"input_tokens\":-3,\"output_tokens\":0}")).isEqualTo(Usage.UNKNOWN);
    }

    @Test
    void bills_the_sum_of_the_turns_that_the_provider_took_by_itself() throws Exception {
        Completion compacted = AnthropicResponse.read(
                Answers.fixture("anthropic-compaction.1.json").bytes());
        assertThat(compacted.report().usage().input()).isEqualTo(60385 + 682);
        assertThat(compacted.report().usage().output()).isEqualTo(592 + 1320);
    }

    @Test
    void counts_searches_in_calls() throws Exception {
        assertThat(usage("""
                {"input_tokens":3,"output_tokens":1,
                 "server_tool_use":{"web_search_requests":2,"web_fetch_requests":5}}""")).isEqualTo(new Usage(3L, null, null, null, 1L, null, null, null, 2L));
        assertThat(usage("{\"input_tokens\":3,\"output_tokens\":1,\"server_tool_use\":null}")
                        .webSearches())
                .isNull();
        assertThat(usage("{\"input_tokens\":3,\"output_tokens\":1,\"server_tool_use\":{\"web_search_requests\":-1}}"))
                .isEqualTo(Usage.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({
        "standard, fast, global, fast",
        "standard, standard, us, us",
        "standard, fast, us, fast_us",
        "standard, standard, not_available, standard",
        "priority, standard, us, priority",
        "batch, standard, us, batch"
    })
    void speed_and_place_make_tiers_of_their_own(String tier, String speed, String place, String ours)
            throws Exception {
        byte[] answer = bytes("""
                {"content":[],"usage":{"input_tokens":1,"output_tokens":1,"service_tier":"%s","speed":"%s",
                 "inference_geo":"%s"}}""".formatted(tier, speed, place));
        Completion completion = AnthropicResponse.read(answer);
        assertThat(completion.report().serviceTier()).isEqualTo(ours);
        assertThat(AnthropicResponse.read(AnthropicResponse.write(completion, Answers.frame()))
                        .report()
                        .serviceTier())
                .as("told again")
                .isEqualTo(ours);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html></html>",
                "[]",
                "{\"content\":\"x\"}",
                "{\"content\":[{\"text\":\"no type\"}]}",
                "{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"x\"}}",
                "{\"choices\":[]}"
            })
    void refuses_what_is_no_answer_of_the_dialect(String body) {
        assertThatThrownBy(() -> AnthropicResponse.read(bytes(body)))
                .isInstanceOfSatisfying(
                        UpstreamFailure.class,
                        failure ->
                                assertThat(failure.kind()).isEqualTo(UpstreamFailure.Kind.upstream_invalid_response));
    }

    @Test
    void reports_nothing_of_what_is_no_object() {
        for (String text : List.of("", "[]", "{", "{} {}", "<html>")) {
            assertThat(AnthropicResponse.report(bytes(text), 0, text.length())).isEqualTo(Optional.empty());
        }
    }

    @Test
    void says_tool_use_whenever_a_tool_is_called_unless_the_call_may_be_cut() {
        Part call = new Part.ToolCall("call_1", "f", "{\"a\":1}", null, null);
        assertThat(written(Stop.END, call).path("stop_reason").asText()).isEqualTo("tool_use");
        assertThat(written(Stop.LENGTH, call).path("stop_reason").asText()).isEqualTo("max_tokens");
        assertThat(written(Stop.CONTENT_FILTER, call).path("stop_reason").asText())
                .isEqualTo("refusal");
    }

    @Test
    void another_providers_seals_travel_in_the_signature_and_in_the_id() {
        Seal encrypted = new Seal(Dialect.OPENAI_RESPONSES, "encrypted", "gAAA/+=");
        Seal thought = new Seal(Dialect.GEMINI, "signature", "Zm9v");
        JsonNode message = written(
                Stop.TOOL_CALLS,
                new Part.Reasoning("hm", encrypted),
                new Part.Reasoning("unsigned", null),
                new Part.ToolCall("call:1", "f", "", thought, null));
        String carried = message.at("/content/0/signature").asText();
        assertThat(Seal.parse(carried)).contains(encrypted);
        assertThat(message.at("/content/1/signature").asText()).isEqualTo(Seal.UNSIGNED);
        assertThat(message.at("/content/2/id").asText()).matches("[a-zA-Z0-9_-]+");
        assertThat(message.at("/content/2/input").isObject()).isTrue();

        Conversation back = AnthropicRequest.read(Told.object("""
                {"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"},
                 {"role":"assistant","content":%s},
                 {"role":"user","content":[{"type":"tool_result","tool_use_id":"%s","content":"ok"}]}]}""".formatted(
                        message.path("content"), message.at("/content/2/id").asText())));
        List<Part> parts = back.turns().get(1).parts();
        assertThat(parts.get(0)).isEqualTo(new Part.Reasoning("hm", encrypted));
        assertThat(parts.get(1)).isEqualTo(new Part.Reasoning("unsigned", null));
        assertThat(((Part.ToolCall) parts.get(2)).seal()).isEqualTo(thought);
        assertThat(((Part.ToolResult) back.turns().get(2).parts().get(0)).callId())
                .isEqualTo(((Part.ToolCall) parts.get(2)).id())
                .doesNotContain("sc1");
    }

    @Test
    void arguments_that_are_no_object_are_wrapped_and_not_lost() {
        JsonNode message = written(
                Stop.TOOL_CALLS,
                new Part.ToolCall("a", "f", "{\"cut\":", null, null),
                new Part.ToolCall("b", "f", "[1]", null, null));
        assertThat(message.at("/content/0/input")).isEqualTo(Told.tree("{\"arguments\":\"{\\\"cut\\\":\"}"));
        assertThat(message.at("/content/1/input")).isEqualTo(Told.tree("{\"arguments\":[1]}"));
    }

    @Test
    void a_refusal_of_another_provider_is_told_in_words_and_as_the_reason() {
        JsonNode message = written(Stop.END, new Part.Refusal("I cannot."));
        assertThat(message.at("/content/0/text").asText()).isEqualTo("I cannot.");
        assertThat(message.path("stop_reason").asText()).isEqualTo("refusal");
        assertThat(message.at("/stop_details/explanation").asText()).isEqualTo("I cannot.");
    }

    @Test
    void a_citation_of_another_provider_is_told_and_not_sent_to_anthropic() {
        JsonNode message = written(
                Stop.END,
                new Part.Text("So.", List.of(new Part.Citation("https://x.test", "X", null, 0, 3, null)), null));
        JsonNode citation = message.at("/content/0/citations/0");
        assertThat(citation.path("url").asText()).isEqualTo("https://x.test");
        assertThat(citation.path("type").asText()).isEqualTo("web_search_result_location");
        String body = "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"assistant\",\"content\":"
                + message.path("content") + "}]}";
        assertThat(Seal.isIn(bytes(body))).isTrue();
        assertThat(AnthropicRequest.read(Told.object(body)).turns().getFirst().parts())
                .allSatisfy(part -> assertThat(((Part.Text) part).citations())
                        .allSatisfy(cited -> assertThat(cited.source()).isNull()));
    }

    @Test
    void use_is_told_as_the_dialect_divides_it() {
        Completion completion = new Completion(
                null,
                null,
                List.of(new Candidate(0, List.of(new Part.Text("a")), Stop.END, null, null)),
                new Report(new Usage(10L, 20L, 3L, 4L, 50L, 60L, 1L, null), "priority", null));
        JsonNode message = Told.tree(AnthropicResponse.write(completion, Answers.frame()));
        assertThat(message.path("model").asText()).isEqualTo("claude-test");
        JsonNode usage = message.path("usage");
        assertThat(usage.path("input_tokens").asLong()).isEqualTo(11);
        assertThat(usage.path("cache_read_input_tokens").asLong()).isEqualTo(20);
        assertThat(usage.path("cache_creation_input_tokens").asLong()).isEqualTo(7);
        assertThat(usage.path("output_tokens").asLong()).isEqualTo(110);
        assertThat(usage.at("/output_tokens_details/thinking_tokens").asLong()).isEqualTo(60);
        assertThat(usage.path("service_tier").asText()).isEqualTo("priority");
    }

    @Test
    void takes_a_structured_answer_out_of_its_envelope() throws Exception {
        Conversation request = AnthropicRequest.read(Told.object("""
                {"model":"m","max_tokens":9,"messages":[{"role":"user","content":"x"}],
                 "output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}}}"""));
        Completion completion = AnthropicResponse.read(bytes("""
                {"content":[{"type":"text","text":"I'll answer through the tool."},
                 {"type":"tool_use","id":"toolu_1","name":"json_answer","input":{"a":[1,"ü"]}}],"stop_reason":"tool_use"}"""), request, AnthropicRequestTest.OLD);
        assertThat(completion.candidates().get(0).parts()).containsExactly(new Part.Text("{\"a\":[1,\"ü\"]}"));
        assertThat(completion.candidates().get(0).stop()).isEqualTo(Stop.END);
    }

    @Test
    void answers_how_many_tokens_there_are() {
        assertThat(new String(AnthropicResponse.countTokensAnswer(42), StandardCharsets.UTF_8))
                .isEqualTo("{\"input_tokens\":42}");
    }

    private static Usage usage(String json) throws UpstreamFailure {
        byte[] body = bytes("{\"content\":[],\"usage\":" + json + "}");
        Usage usage = AnthropicResponse.read(body).report().usage();
        assertThat(AnthropicResponse.report(body, 0, body.length).orElseThrow().usage())
                .isEqualTo(usage);
        return usage;
    }

    private static JsonNode written(Stop stop, Part... parts) {
        return Told.tree(AnthropicResponse.write(
                new Completion(null, null, List.of(new Candidate(0, List.of(parts), stop, null, null)), Report.NONE),
                Answers.frame()));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
