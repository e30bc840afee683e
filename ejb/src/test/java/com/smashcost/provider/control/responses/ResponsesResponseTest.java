package com.smashcost.provider.control.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.UpstreamFailure;
import com.smashcost.provider.control.conversation.AnswerFrame;
import com.smashcost.provider.control.conversation.Completion;
import com.smashcost.provider.control.conversation.Conversation;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.control.conversation.Seal;
import com.smashcost.provider.control.conversation.Stop;
import com.smashcost.provider.entity.Usage;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponsesResponseTest {

    static final Usage USAGE = new Usage(70L, 20L, 10L, null, 30L, 12L, null, null);

    static List<ResponsesWire.Answer> completed() {
        return ResponsesWire.completed();
    }

    /** All others: refused requests, and one whose work has not begun. */
    static List<ResponsesWire.Answer> notCompleted() {
        List<ResponsesWire.Answer> completed = ResponsesWire.completed();
        return ResponsesWire.wholes().stream()
                .filter(answer -> completed.stream().noneMatch(one -> one.name().equals(answer.name())))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("completed")
    void reads_what_was_recorded(ResponsesWire.Answer answer) throws UpstreamFailure {
        Completion completion = ResponsesResponse.read(answer.body());
        assertThat(Meaning.of(completion)).isEqualTo(Meaning.of(ResponsesWire.json(answer.body())));
        assertThat(completion.id()).isEqualTo(ResponsesWire.json(answer.body()).getString("id"));
        boolean calls = !Meaning.of(completion).calls().isEmpty();
        assertThat(completion.candidates().getFirst().stop()).isEqualTo(calls ? Stop.TOOL_CALLS : Stop.END);
    }

    @ParameterizedTest
    @MethodSource("completed")
    void reports_of_what_passes_unchanged(ResponsesWire.Answer answer) {
        JsonObject response = ResponsesWire.json(answer.body());
        byte[] padded = new byte[answer.body().length + 9];
        Arrays.fill(padded, (byte) '{');
        System.arraycopy(answer.body(), 0, padded, 4, answer.body().length);
        Report report =
                ResponsesResponse.report(padded, 4, answer.body().length).orElseThrow();
        assertThat(report.usage()).isEqualTo(Meaning.usage(response));
        assertThat(report.usage().isKnown()).isTrue();
        assertThat(report.model()).isEqualTo(response.getString("model"));
        assertThat(report.serviceTier())
                .isEqualTo(
                        List.of("default", "auto").contains(response.getString("service_tier", ""))
                                ? "standard"
                                : null);
    }

    @ParameterizedTest
    @MethodSource("completed")
    void writes_what_it_read_with_its_meaning(ResponsesWire.Answer answer) throws UpstreamFailure {
        byte[] written = ResponsesResponse.write(
                ResponsesResponse.read(answer.body()), frame(answer.request().toString()));
        Meaning before = Meaning.of(ResponsesWire.json(answer.body()));
        assertThat(Meaning.of(ResponsesWire.json(written))).isEqualTo(withCacheWrites(before));
        assertThat(Meaning.of(ResponsesResponse.read(written))).isEqualTo(withCacheWrites(before));
    }

    @ParameterizedTest
    @MethodSource("completed")
    void writes_by_the_published_schemas(ResponsesWire.Answer answer) throws UpstreamFailure {
        Completion completion = ResponsesResponse.read(answer.body());
        byte[] written =
                ResponsesResponse.write(completion, frame(answer.request().toString()));
        boolean ownTools = answer.request().containsKey("tools")
                && answer.request().getJsonArray("tools").getValuesAs(JsonObject.class).stream()
                        .anyMatch(tool -> !tool.getString("type").equals("function"));
        if (Meaning.of(completion).others().isEmpty()) { // those are the provider's own, written as they came
            assertThat(Schemas.OPENAI.errors("Response", written)).isEmpty();
            if (!ownTools && Meaning.of(completion).cited().stream().noneMatch(cite -> cite.contains("file"))) {
                assertThat(Schemas.OPEN.errors("ResponseResource", written)).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("completed")
    void repeats_what_was_asked_for_as_the_provider_does(ResponsesWire.Answer answer) throws UpstreamFailure {
        JsonObject recorded = ResponsesWire.json(answer.body());
        if (answer.request().isEmpty()) {
            return; // a fixture without its request
        }
        JsonObject written = ResponsesWire.json(ResponsesResponse.write(
                ResponsesResponse.read(answer.body()), frame(answer.request().toString())));
        for (String name : List.of(
                "object",
                "status",
                "instructions",
                "tool_choice",
                "parallel_tool_calls",
                "max_output_tokens",
                "max_tool_calls",
                "metadata",
                "truncation",
                "error",
                "incomplete_details")) {
            assertThat(written.get(name)).as(name).isEqualTo(recorded.getOrDefault(name, written.get(name)));
        }
        assertThat(names(written)).isEqualTo(names(recorded));
        assertThat(written.getJsonObject("text").getJsonObject("format").getString("type"))
                .isEqualTo(
                        recorded.getJsonObject("text").getJsonObject("format").getString("type"));
        assertThat(written.getBoolean("store")).isFalse();
    }

    private static List<String> names(JsonObject response) {
        return response.getJsonArray("tools").getValuesAs(JsonObject.class).stream()
                .map(tool -> tool.getString("name", tool.getString("type")))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("notCompleted")
    void takes_nothing_for_an_answer_that_is_none(ResponsesWire.Answer answer) {
        assertInvalid(new String(answer.body(), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>502</html>",
                "[]",
                "null",
                "{}",
                "{\"output\":\"no\"}",
                "{\"output\":[],\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"\"}}",
                "{\"output\":[],\"status\":\"in_progress\"}",
                "{\"output\":[],\"status\":\"cancelled\"}",
                "{\"output\":[],\"error\":{}}",
                "{\"choices\":[]}"
            })
    void takes_no_other_text_for_an_answer(String body) {
        assertInvalid(body);
    }

    private static void assertInvalid(String body) {
        assertThatThrownBy(() -> ResponsesResponse.read(body.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        UpstreamFailure.class,
                        failure ->
                                assertThat(failure.kind()).isEqualTo(UpstreamFailure.Kind.upstream_invalid_response));
    }

    @ParameterizedTest
    @CsvSource({
        "max_output_tokens, LENGTH",
        "content_filter, CONTENT_FILTER",
    })
    void reads_why_an_answer_is_incomplete_even_if_it_calls_a_tool(String reason, Stop stop) throws UpstreamFailure {
        Completion completion = ResponsesResponse.read("""
                {"id":"resp_1","model":"m","status":"incomplete","incomplete_details":{"reason":"%s"},
                 "output":[{"type":"function_call","call_id":"c","name":"f","arguments":"{\\"a\\":"}]}
                """.formatted(reason).getBytes(StandardCharsets.UTF_8));
        assertThat(completion.candidates().getFirst().stop()).isEqualTo(stop);
        assertThat(completion.candidates().getFirst().callsTools()).isTrue();
        assertThat(completion.report().usage()).isEqualTo(Usage.UNKNOWN);
    }

    @Test
    void reads_a_refusal_and_writes_it() throws UpstreamFailure {
        Completion completion = ResponsesResponse.read("""
                {"id":"resp_1","model":"m","status":"completed",
                 "output":[{"type":"message","role":"assistant","content":[{"type":"refusal","refusal":"I will not."}]}]}
                """.getBytes(StandardCharsets.UTF_8));
        assertThat(completion.candidates().getFirst().parts()).containsExactly(new Part.Refusal("I will not."));
        assertThat(completion.candidates().getFirst().stop()).isEqualTo(Stop.REFUSAL);
        JsonObject written = write(completion);
        assertThat(written.getString("status")).isEqualTo("completed");
        assertThat(Meaning.of(written).refusal()).isEqualTo("I will not.");
    }

    @ParameterizedTest
    @CsvSource({
        "END, completed,",
        "STOP_SEQUENCE, completed,",
        "PAUSE, completed,",
        "TOOL_CALLS, completed,",
        "LENGTH, incomplete, max_output_tokens",
        "CONTEXT_WINDOW, incomplete, max_output_tokens",
        "CONTENT_FILTER, incomplete, content_filter",
        "REFUSAL, incomplete, content_filter"
    })
    void says_how_an_answer_ended(Stop stop, String status, @Nullable String reason) {
        JsonObject written = write(completion(stop, new Part.Text("Once")));
        assertThat(written.getString("status")).isEqualTo(status);
        assertThat(written.get("incomplete_details"))
                .isEqualTo(
                        reason == null
                                ? JsonValue.NULL
                                : jakarta.json.Json.createObjectBuilder()
                                        .add("reason", reason)
                                        .build());
        assertThat(written.getJsonArray("output").getJsonObject(0).getString("status"))
                .isEqualTo(status);
        assertThat(written.isNull("completed_at")).isEqualTo(reason != null);
    }

    @Test
    void lets_foreign_thoughts_travel_sealed_and_knows_them_again() {
        Seal thought = new Seal(Dialect.ANTHROPIC_MESSAGES, "signature", "EqQB/+=");
        Seal call = new Seal(Dialect.GEMINI, "signature", "Ck1+/a==");
        JsonObject written = write(completion(
                Stop.TOOL_CALLS,
                new Part.Reasoning("Let me see.", thought),
                new Part.Reasoning("", new Seal(Dialect.ANTHROPIC_MESSAGES, "redacted", "x")),
                new Part.Text("Looking."),
                new Part.ToolCall("toolu_1", "look", "", call, null)));
        Conversation next = ResponsesRequest.read(Json.readObject(jakarta.json.Json.createObjectBuilder()
                        .add("model", "m")
                        .add("input", written.getJsonArray("output"))
                        .build()
                        .toString())
                .orElseThrow());
        assertThat(next.turns()).hasSize(1);
        assertThat(next.turns().getFirst().parts())
                .containsExactly(
                        new Part.Reasoning("Let me see.", thought),
                        new Part.Reasoning("", new Seal(Dialect.ANTHROPIC_MESSAGES, "redacted", "x")),
                        new Part.Text("Looking."),
                        new Part.ToolCall("toolu_1", "look", "{}", call, null));
        assertThat(Seal.isIn(Json.bytes(next.source()))).isTrue();
        assertThat(written.getJsonArray("output").getValuesAs(JsonObject.class).stream()
                        .map(item -> item.getString("id")))
                .containsExactly("rs_0a1b_0", "rs_0a1b_1", "msg_0a1b_2", "fc_0a1b_3");
    }

    @Test
    void makes_one_text_of_pieces_and_shifts_what_they_cite() {
        JsonObject written = write(completion(
                Stop.END,
                new Part.Text("Grüße. "),
                new Part.Text(
                        "It is so.",
                        List.of(
                                new Part.Citation("https://a.example/", "A", "so", null, null, null),
                                new Part.Citation("https://b.example/", null, null, 3, 5, null),
                                new Part.Citation(null, "a document", "so", 0, 2, null)),
                        null)));
        JsonObject part = written.getJsonArray("output")
                .getJsonObject(0)
                .getJsonArray("content")
                .getJsonObject(0);
        assertThat(part.getString("text")).isEqualTo("Grüße. It is so.");
        assertThat(Meaning.of(written).cited()).containsExactly("https://a.example/ 7 16", "https://b.example/ 10 12");
        assertThat(part.getJsonArray("annotations").getJsonObject(1).getString("title"))
                .isEqualTo("https://b.example/");
    }

    @Test
    void counts_as_the_dialect_does() {
        JsonObject usage = write(completion(Stop.END, new Part.Text("Yes."))).getJsonObject("usage");
        assertThat(usage).hasToString("""
                {"input_tokens":100,"input_tokens_details":{"cached_tokens":20,"cache_write_tokens":10},\
                "output_tokens":42,"output_tokens_details":{"reasoning_tokens":12},"total_tokens":142}""");
        Completion unknown = new Completion(
                null, null, List.of(new Completion.Candidate(0, List.of(), Stop.END, null, null)), Report.NONE);
        JsonObject written = write(unknown);
        assertThat(written.get("usage")).isEqualTo(JsonValue.NULL);
        assertThat(written.getString("model")).isEqualTo("the-model");
        assertThat(written.getJsonArray("output")).isEmpty();
    }

    @Test
    void drops_what_only_another_dialect_knows_and_keeps_a_picture() {
        JsonObject written = write(completion(
                Stop.END,
                new Part.Opaque(Dialect.ANTHROPIC_MESSAGES, Json.object().put("type", "server_tool_use"), null),
                new Part.Image(new Part.Source.Base64("image/png", "iVBORw0="), null, null)));
        assertThat(written.getJsonArray("output").getValuesAs(JsonObject.class))
                .singleElement()
                .satisfies(item -> {
                    assertThat(item.getString("type")).isEqualTo("image_generation_call");
                    assertThat(item.getString("result")).isEqualTo("iVBORw0=");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"usage\":{\"input_tokens\":-1,\"output_tokens\":5}}",
                "{\"usage\":{\"input_tokens\":1,\"output_tokens\":99999999999999999999}}",
                "{\"usage\":{\"input_tokens\":\"1\"}}",
                "{\"usage\":null}",
                "{\"usage\":[1]}",
                "{}"
            })
    void believes_no_count_that_cannot_be(String body) {
        byte[] text = body.getBytes(StandardCharsets.UTF_8);
        assertThat(ResponsesResponse.report(text, 0, text.length)).contains(Report.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{\"usage\":{}", "{} {}", "<html>"})
    void reports_of_one_object_only(String body) {
        byte[] text = body.getBytes(StandardCharsets.UTF_8);
        assertThat(ResponsesResponse.report(text, 0, text.length)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"default, standard", "flex, flex", "priority, priority", "fast, fast", "'=cmd()',", "scale,"})
    void names_the_tier_as_the_catalogue_does(String theirs, @Nullable String ours) {
        byte[] text =
                "{\"service_tier\":\"%s\",\"model\":\"a b\"}".formatted(theirs).getBytes(StandardCharsets.UTF_8);
        assertThat(ResponsesResponse.report(text, 0, text.length)).contains(new Report(Usage.UNKNOWN, ours, null));
    }

    @Test
    void counts_searches_and_not_the_looks_into_what_was_found() {
        byte[] body = """
                {"usage":{"input_tokens":1,"output_tokens":2},"output":[
                 {"id":"a","type":"web_search_call","status":"completed","action":{"type":"search","query":"x"}},
                 {"id":"b","action":{"url":"u","type":"open_page"},"type":"web_search_call"},
                 {"id":"c","type":"web_search_call","action":{"type":"find_in_page","pattern":"x"}},
                 {"id":"d","type":"web_search_call"},
                 {"type":"message","content":[{"type":"web_search_call"}]}, [], "x"]}""".getBytes(StandardCharsets.UTF_8);
        assertThat(ResponsesResponse.report(body, 0, body.length).orElseThrow().usage())
                .isEqualTo(new Usage(1L, null, null, null, 2L, null, null, null, 2L));
    }

    /** A written usage always says how much was written to the cache. */
    private static Meaning withCacheWrites(Meaning meaning) {
        Usage usage = meaning.usage();
        return new Meaning(
                meaning.model(),
                meaning.text(),
                meaning.refusal(),
                meaning.thoughts(),
                meaning.encrypted(),
                meaning.calls(),
                meaning.cited(),
                meaning.others(),
                meaning.complete(),
                new Usage(
                        usage.input(),
                        usage.cached(),
                        usage.cacheWrite5m() == null ? 0L : usage.cacheWrite5m(),
                        null,
                        usage.output(),
                        usage.reasoning(),
                        null,
                        null,
                        usage.webSearches()));
    }

    static Completion completion(Stop stop, Part... parts) {
        return new Completion(
                "upstream",
                "m-1",
                List.of(new Completion.Candidate(0, List.of(parts), stop, null, null)),
                new Report(USAGE, "flex", "m-1"));
    }

    static AnswerFrame frame(String request) {
        var body = Json.readObject(
                        request.isEmpty() || request.equals("{}") ? "{\"model\":\"x\",\"input\":\"Hi\"}" : request)
                .orElseThrow();
        return new AnswerFrame("0a-1b", 1_700_000_000, "the-model", ResponsesRequest.read(body));
    }

    private static JsonObject write(Completion completion) {
        byte[] written = ResponsesResponse.write(completion, frame("{}"));
        assertThat(Schemas.OPENAI.errors("Response", written)).isEmpty();
        return ResponsesWire.json(written);
    }
}
