package com.smashcost.server.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnthropicTest {

    private static final String PATH = "/anthropic/v1/messages";
    private static final String COUNT = PATH + "/count_tokens";
    private static final String HELLO = """
            {"model": "claude-sonnet-4-5", "max_tokens": 1000, "messages": [{"role": "user", "content": "Say hello"}]%s}""";
    private static final String THINKING = """
            {"model": "claude-sonnet-4-5", "max_tokens": 4000, "thinking": {"type": "enabled", "budget_tokens": 2000},
             "messages": [{"role": "user", "content": "What is the weather?"}%s],
             "tools": [{"name": "get_weather", "input_schema": {"type": "object",
               "properties": {"city": {"type": "string"}}}}]%s}""";

    private final SimulatorClient client = SimulatorClient.ofAnthropic();

    @AfterEach
    void stop() {
        client.close();
    }

    private static List<String> types(List<JsonNode> nodes) {
        return nodes.stream().map(node -> node.path("type").asText()).toList();
    }

    /** The message that a stream adds up to. */
    private static List<JsonNode> blocks(List<JsonNode> events) throws IOException {
        List<JsonNode> blocks = new ArrayList<>();
        StringBuilder json = new StringBuilder();
        for (JsonNode event : events) {
            JsonNode delta = event.path("delta");
            if (event.path("type").asText().equals("content_block_start")) {
                assertThat(event.path("index").asInt()).isEqualTo(blocks.size());
                blocks.add(event.path("content_block").deepCopy());
            } else if (delta.has("partial_json")) {
                json.append(delta.path("partial_json").asText());
            } else if (event.path("type").asText().equals("content_block_delta")) {
                ObjectNode last = (ObjectNode) blocks.getLast();
                for (String member : List.of("text", "thinking", "signature")) {
                    if (delta.has(member)) {
                        last.put(
                                member,
                                last.path(member).asText() + delta.path(member).asText());
                    }
                }
            } else if (event.path("type").asText().equals("content_block_stop") && !json.isEmpty()) {
                ((ObjectNode) blocks.getLast()).set("input", Wire.parse(json.toString()));
                json.setLength(0);
            }
        }
        return blocks;
    }

    private String refusal(String request) throws IOException, InterruptedException {
        JsonNode error = client.refused(PATH, request);
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
        return error.path("message").asText();
    }

    private String refusalOf(String messages) throws IOException, InterruptedException {
        return refusal("{\"model\": \"claude-sonnet-4-5\", \"max_tokens\": 1000, \"messages\": " + messages + "}");
    }

    @Test
    void answers_with_blocks_usage_and_rate_limits() throws Exception {
        HttpResponse<String> response = client.post(PATH, HELLO.formatted(""));
        JsonNode body = Wire.parse(response.body());
        assertThat(body.path("type").asText()).isEqualTo("message");
        assertThat(body.path("model").asText()).isEqualTo("claude-sonnet-4-5-20250929");
        assertThat(body.path("content").path(0).path("text").asText()).isNotEmpty();
        assertThat(body.path("stop_reason").asText()).isEqualTo("end_turn");
        assertThat(body.path("usage").path("input_tokens").asInt()).isPositive();
        assertThat(body.path("usage").path("output_tokens").asInt()).isPositive();
        assertThat(response.headers().map())
                .containsKeys(
                        "request-id", "anthropic-ratelimit-requests-limit", "anthropic-ratelimit-input-tokens-reset");
    }

    @Test
    void a_stream_adds_up_to_the_whole_and_pings() throws Exception {
        List<JsonNode> events = client.events(PATH, HELLO.formatted(", \"stream\": true"));
        assertThat(types(events))
                .startsWith("message_start", "content_block_start", "ping", "content_block_delta")
                .endsWith("content_block_stop", "message_delta", "message_stop");
        JsonNode whole = client.told(PATH, HELLO.formatted(""));
        assertThat(blocks(events).getFirst()).isEqualTo(whole.path("content").path(0));
        JsonNode end = events.get(events.size() - 2);
        assertThat(end.path("usage").path("output_tokens"))
                .isEqualTo(whole.path("usage").path("output_tokens"));
        assertThat(end.path("delta").path("stop_reason").asText()).isEqualTo("end_turn");
    }

    @Test
    void thinks_signs_and_takes_its_thoughts_back_with_the_result() throws Exception {
        List<JsonNode> blocks = blocks(client.events(PATH, THINKING.formatted("", ", \"stream\": true")));
        assertThat(types(blocks)).containsExactly("thinking", "text", "tool_use");
        assertThat(blocks.getFirst().path("signature").asText()).isNotEmpty();
        assertThat(blocks.getLast().path("input").path("city").asText()).isEqualTo("Paris");

        String turns = """
                , {"role": "assistant", "content": %s},
                {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "%s", "content": "sunny"}]}""";
        String id = blocks.getLast().path("id").asText();
        JsonNode answer = client.told(PATH, THINKING.formatted(turns.formatted(blocks, id), ""));
        assertThat(answer.path("stop_reason").asText()).isEqualTo("end_turn");

        String forged = blocks.toString().replace("\"signature\":\"", "\"signature\":\"x");
        assertThat(refusal(THINKING.formatted(turns.formatted(forged, id), ""))).contains("Invalid `signature`");
        String without = blocks.subList(1, 3).toString();
        assertThat(refusal(THINKING.formatted(turns.formatted(without, id), "")))
                .contains("Expected `thinking`");
    }

    @Test
    void calls_two_tools_one_block_after_the_other() throws Exception {
        String request = THINKING.formatted("", ", \"stream\": true")
                .replace("What is the weather?", "Use the tool twice")
                .replaceFirst("\"thinking\": \\{.*?},", "");
        assertThat(types(blocks(client.events(PATH, request)))).containsExactly("text", "tool_use", "tool_use");
        String one = request.replace(
                "\"tools\"", "\"tool_choice\": {\"type\": \"auto\", \"disable_parallel_tool_use\": true}, \"tools\"");
        assertThat(types(blocks(client.events(PATH, one)))).containsExactly("text", "tool_use");
    }

    @Test
    void says_why_it_stopped() throws Exception {
        JsonNode cut = client.told(PATH, HELLO.formatted("").replace("1000", "2"));
        assertThat(cut.path("stop_reason").asText()).isEqualTo("max_tokens");
        assertThat(cut.path("usage").path("output_tokens").asInt()).isEqualTo(2);
        JsonNode stopped = client.told(PATH, HELLO.formatted(", \"stop_sequences\": [\"a\", \"e\"]"));
        assertThat(stopped.path("stop_reason").asText()).isEqualTo("stop_sequence");
        assertThat(stopped.path("stop_sequence").asText()).matches("[ae]");
    }

    @Test
    void keeps_to_a_schema() throws Exception {
        JsonNode body = client.told(PATH, HELLO.formatted("""
                , "output_config": {"format": {"type": "json_schema", "schema": {"type": "object",
                  "properties": {"city": {"type": "string"}}}}}"""));
        assertThat(Wire.parse(body.path("content").path(0).path("text").asText())
                        .path("city")
                        .asText())
                .isEqualTo("Paris");
    }

    @Test
    void cache_marks_split_the_input_into_disjoint_buckets() throws Exception {
        String request = """
                {"model": "claude-sonnet-4-5", "max_tokens": 100,
                 "system": [{"type": "text", "text": "%s", "cache_control": {"type": "ephemeral"}}],
                 "messages": [{"role": "user", "content": [
                   {"type": "text", "text": "%s"%s}, {"type": "text", "text": "Now answer."}]}]}""".formatted("word ".repeat(800), "context ".repeat(400), "%s");
        JsonNode first = client.told(PATH, request.formatted("")).path("usage");
        assertThat(first.path("cache_creation_input_tokens").asInt()).isGreaterThan(900);
        assertThat(first.path("cache_read_input_tokens").asInt()).isZero();

        JsonNode both = client.told(
                        PATH, request.formatted(", \"cache_control\": {\"type\": \"ephemeral\", \"ttl\": \"1h\"}"))
                .path("usage");
        assertThat(both.path("cache_read_input_tokens")).isEqualTo(first.path("cache_creation_input_tokens"));
        assertThat(both.path("cache_creation").path("ephemeral_1h_input_tokens").asInt())
                .isGreaterThan(700)
                .isEqualTo(both.path("cache_creation_input_tokens").asInt());
        assertThat(both.path("input_tokens").asInt()).isLessThan(20);
        int counted = client.told(COUNT, request.formatted("").replace("\"max_tokens\": 100,", ""))
                .path("input_tokens")
                .asInt();
        assertThat(counted)
                .isEqualTo(first.path("input_tokens").asInt()
                        + first.path("cache_creation_input_tokens").asInt());
    }

    @Test
    void counts_tokens_without_max_tokens_only() throws Exception {
        String counted = HELLO.formatted("").replace("\"max_tokens\": 1000,", "");
        assertThat(client.told(COUNT, counted).path("input_tokens").asInt())
                .isEqualTo(client.told(PATH, HELLO.formatted(""))
                        .path("usage")
                        .path("input_tokens")
                        .asInt());
        assertThat(client.refused(COUNT, HELLO.formatted("")).path("message").asText())
                .isEqualTo("max_tokens: Extra inputs are not permitted");
    }

    @Test
    void errors_have_its_shape() throws Exception {
        HttpResponse<String> keyless = client.post(PATH, HELLO.formatted(""), "x-api-key", "");
        assertThat(keyless.statusCode()).isEqualTo(401);
        assertThat(Wire.parse(keyless.body()).path("error").path("type").asText())
                .isEqualTo("authentication_error");
        HttpResponse<String> version = client.post(PATH, HELLO.formatted(""), "anthropic-version", "");
        assertThat(version.statusCode()).isEqualTo(400);
        assertThat(version.body()).contains("anthropic-version: header is required");
        HttpResponse<String> unknown = client.post(PATH, HELLO.formatted("").replace("claude-sonnet-4-5", "gpt-4o"));
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(Wire.parse(unknown.body()).path("error").path("message").asText())
                .isEqualTo("model: gpt-4o");
        HttpResponse<String> limited = client.post(PATH, HELLO.formatted(""), "x-api-key", "sim-limited");
        assertThat(limited.statusCode()).isEqualTo(429);
        assertThat(limited.headers().firstValue("retry-after")).hasValue("31");

        client.failAlways();
        HttpResponse<String> overloaded = client.post(PATH, HELLO.formatted(""));
        assertThat(overloaded.statusCode()).isEqualTo(529);
        assertThat(Wire.parse(overloaded.body()).path("type").asText()).isEqualTo("error");
        assertThat(Wire.parse(overloaded.body()).path("error").path("type").asText())
                .isEqualTo("overloaded_error");
        assertThat(overloaded.headers().firstValue("x-should-retry")).hasValue("true");
        assertThat(overloaded.headers().firstValue("retry-after")).isEmpty();
    }

    @Test
    void takes_a_key_and_a_version_as_the_current_sdk_sends_them() throws Exception {
        Map<String, String> bearer = Map.of("Authorization", "Bearer sim-key", "anthropic-version", "2026-10-21");
        assertThat(client.send("POST", PATH, HELLO.formatted(""), bearer).statusCode())
                .isEqualTo(200);
        Map<String, String> bad = Map.of("Authorization", "Bearer sim-bad", "anthropic-version", "2023-06-01");
        assertThat(client.send("POST", PATH, HELLO.formatted(""), bad).statusCode())
                .isEqualTo(401);
    }

    @Test
    void refuses_parameters_that_are_missing_unknown_or_out_of_range() throws Exception {
        assertThat(refusal(HELLO.formatted("").replace("\"max_tokens\": 1000,", "")))
                .isEqualTo("max_tokens: Field required");
        assertThat(refusal(HELLO.formatted(", \"n\": 2"))).isEqualTo("n: Extra inputs are not permitted");
        assertThat(refusal(HELLO.formatted(", \"temperature\": 1.5"))).startsWith("temperature");
        assertThat(refusal(HELLO.formatted(", \"temperature\": 0.5, \"top_p\": 0.5")))
                .contains("cannot both be specified");
        assertThat(refusal(HELLO.formatted(", \"stop_sequences\": [\" \"]"))).contains("non-whitespace");
        assertThat(refusal(HELLO.formatted("").replace("1000", "65000"))).contains("65000 > 64000");
        assertThat(refusal(HELLO.formatted(", \"thinking\": {\"type\": \"enabled\", \"budget_tokens\": 1024}")))
                .contains("`max_tokens` must be greater");
        assertThat(refusal(HELLO.formatted(", \"metadata\": {\"email\": \"x\"}")))
                .isEqualTo("metadata.email: Extra inputs are not permitted");
    }

    @Test
    void newer_models_refuse_what_older_ones_took() throws Exception {
        String hello = HELLO.replace("claude-sonnet-4-5", "claude-opus-4-8");
        assertThat(refusal(hello.formatted(", \"temperature\": 0.5"))).contains("temperature");
        assertThat(refusal(hello.formatted(", \"top_k\": 5"))).contains("top_k");
        assertThat(refusal(hello.formatted(", \"thinking\": {\"type\": \"enabled\", \"budget_tokens\": 500}")))
                .contains("adaptive");
        assertThat(refusal(hello.formatted("").replace("]", ", {\"role\": \"assistant\", \"content\": \"The\"}]")))
                .contains("does not support assistant message prefill");
        JsonNode thinking = client.told(PATH, hello.formatted(", \"thinking\": {\"type\": \"adaptive\"}"));
        assertThat(thinking.path("usage")
                        .path("output_tokens_details")
                        .path("thinking_tokens")
                        .asInt())
                .isPositive();
    }

    @Test
    void refuses_turns_that_it_cannot_read() throws Exception {
        assertThat(refusalOf("[{\"role\": \"system\", \"content\": \"x\"}]")).contains("Unexpected role \"system\"");
        assertThat(refusalOf("[{\"role\": \"user\", \"content\": [{\"type\": \"text\", \"text\": \"\"}]}]"))
                .isEqualTo("messages: text content blocks must be non-empty");
        assertThat(refusalOf("[{\"role\": \"user\", \"content\": [{\"type\": \"text\", \"text\": \"x\", \"a\": 1}]}]"))
                .isEqualTo("messages.0.content.0.text.a: Extra inputs are not permitted");
        assertThat(refusalOf("""
                [{"role": "user", "content": "x"}, {"role": "assistant", "content": "so "}]""")).contains("trailing whitespace");
        assertThat(refusalOf("""
                [{"role": "user", "content": [{"type": "image", "source":
                  {"type": "base64", "media_type": "image/png", "data": "/9j/4AAQ"}}]}]""")).contains("appears to be a image/jpeg");
        assertThat(refusalOf("""
                [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]""")).contains("'image_url'");
    }

    @Test
    void results_come_first_and_together_in_the_next_message() throws Exception {
        String call = """
                [{"role": "user", "content": "x"}, {"role": "assistant", "content": [
                  {"type": "tool_use", "id": "a", "name": "f", "input": {}},
                  {"type": "tool_use", "id": "b", "name": "f", "input": {}}]}, %s]""";
        String result = "{\"type\": \"tool_result\", \"tool_use_id\": \"%s\", \"content\": \"x\"}";
        String a = result.formatted("a");
        String b = result.formatted("b");
        String text = "{\"type\": \"text\", \"text\": \"x\"}";
        String turn = "{\"role\": \"user\", \"content\": [%s]}";
        assertThat(refusalOf(call.formatted(turn.formatted(a) + "," + turn.formatted(b))))
                .contains("without `tool_result` blocks immediately after: b");
        assertThat(refusalOf(call.formatted(turn.formatted(text + "," + a + "," + b))))
                .contains("without `tool_result` blocks immediately after: a, b");
        assertThat(refusalOf("[" + turn.formatted(a) + "]")).contains("unexpected `tool_use_id`");
        assertThat(refusalOf(call.replace("\"id\": \"a\"", "\"id\": \"f:0\"").formatted(turn.formatted(b))))
                .contains("String should match pattern");
        assertThat(client.told(PATH, """
                        {"model": "claude-sonnet-4-5", "max_tokens": 10, "messages": %s}""".formatted(call.formatted(turn.formatted(a + "," + b + "," + text))))
                        .path("role")
                        .asText())
                .isEqualTo("assistant");
    }

    @Test
    void lists_its_models() throws Exception {
        JsonNode list = Wire.parse(client.get("/anthropic/v1/models?limit=3").body());
        assertThat(list.path("data")).hasSize(3);
        assertThat(list.path("has_more").asBoolean()).isTrue();
        assertThat(client.get("/anthropic/v1/models/claude-sonnet-4-5").statusCode())
                .isEqualTo(200);
        assertThat(client.get("/anthropic/v1/models/claude-0").statusCode()).isEqualTo(404);
    }
}
