package com.smashcost.server.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResponsesTest {

    private static final String PATH = "/v1/responses";
    private static final String HELLO = """
            {"model": "gpt-4o-mini", "input": "Say hello"%s}""";
    private static final String THINKING = """
            {"model": "gpt-5-mini", "input": "Say hello", "store": false,
             "include": ["reasoning.encrypted_content"], "reasoning": {"effort": "low", "summary": "auto"}%s}""";
    private static final String WEATHER = """
            {"model": "gpt-4o", "input": [{"role": "user", "content": "%s"}], "stream": %s,
             "tools": [
               {"type": "function", "name": "get_weather", "parameters": {"type": "object",
                 "properties": {"city": {"type": "string"}}}},
               {"type": "function", "name": "get_time", "parameters": {"type": "object",
                 "properties": {"zone": {"type": "string"}}}}]}""";

    private final SimulatorClient client = SimulatorClient.ofOpenAi();

    @AfterEach
    void stop() {
        client.close();
    }

    private static List<String> types(List<JsonNode> nodes) {
        return nodes.stream().map(node -> node.path("type").asText()).toList();
    }

    private String refusal(String request) throws IOException, InterruptedException {
        return client.refused(PATH, request).path("message").asText();
    }

    @Test
    void answers_with_a_message_and_its_usage() throws Exception {
        JsonNode body = client.told(PATH, HELLO.formatted(""));
        assertThat(body.path("object").asText()).isEqualTo("response");
        assertThat(body.path("status").asText()).isEqualTo("completed");
        assertThat(body.path("model").asText()).isEqualTo("gpt-4o-mini-2024-07-18");
        assertThat(body.path("output")).hasSize(1);
        JsonNode part = body.path("output").path(0).path("content").path(0);
        assertThat(part.path("type").asText()).isEqualTo("output_text");
        assertThat(part.path("text").asText()).isNotEmpty();
        assertThat(body.path("text").path("format").path("type").asText()).isEqualTo("text");
        JsonNode usage = body.path("usage");
        assertThat(usage.path("total_tokens").asInt())
                .isEqualTo(usage.path("input_tokens").asInt()
                        + usage.path("output_tokens").asInt());
        assertThat(usage.path("input_tokens_details").has("cached_tokens")).isTrue();
        assertThat(usage.path("output_tokens_details").path("reasoning_tokens").asInt(-1))
                .isZero();
    }

    @Test
    void streams_the_same_words_in_the_order_of_the_recordings() throws Exception {
        List<JsonNode> events = client.events(PATH, HELLO.formatted(", \"stream\": true"));
        List<String> types = new ArrayList<>(types(events));
        types.removeIf("response.output_text.delta"::equals);
        assertThat(types)
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.completed");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < events.size(); i++) {
            assertThat(events.get(i).path("sequence_number").asInt()).isEqualTo(i);
            text.append(events.get(i).path("delta").asText(""));
        }
        JsonNode whole = client.told(PATH, HELLO.formatted(""));
        assertThat(text)
                .hasToString(whole.path("output")
                        .path(0)
                        .path("content")
                        .path(0)
                        .path("text")
                        .asText());
        assertThat(events.getLast().path("response").path("usage")).isEqualTo(whole.path("usage"));
        assertThat(events.getFirst().path("response").path("usage").isNull()).isTrue();
    }

    @Test
    void a_reasoning_model_thinks_and_seals_its_thoughts() throws Exception {
        JsonNode body = client.told(PATH, THINKING.formatted(""));
        JsonNode reasoning = body.path("output").path(0);
        assertThat(reasoning.path("type").asText()).isEqualTo("reasoning");
        assertThat(reasoning.path("encrypted_content").asText()).isNotEmpty();
        assertThat(reasoning.path("summary")).hasSize(1);
        assertThat(body.path("usage")
                        .path("output_tokens_details")
                        .path("reasoning_tokens")
                        .asInt())
                .isPositive();
        assertThat(types(client.events(PATH, THINKING.formatted(", \"stream\": true"))))
                .containsSubsequence(
                        "response.reasoning_summary_part.added",
                        "response.reasoning_summary_text.delta",
                        "response.reasoning_summary_text.done",
                        "response.reasoning_summary_part.done",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.output_text.delta");
    }

    @Test
    void calls_both_tools_and_streams_their_arguments() throws Exception {
        JsonNode body = client.told(PATH, WEATHER.formatted("Use both tools", "false"));
        assertThat(body.path("output")).hasSize(2);
        List<JsonNode> events = client.events(PATH, WEATHER.formatted("Use both tools", "true"));
        for (JsonNode event : events) {
            if (event.path("type").asText().equals("response.function_call_arguments.done")) {
                int index = event.path("output_index").asInt();
                assertThat(event.path("arguments"))
                        .isEqualTo(body.path("output").path(index).path("arguments"));
            }
        }
        assertThat(events.getLast().path("response").path("output")).hasSize(2);
    }

    @Test
    void talks_again_once_the_tool_has_answered() throws Exception {
        JsonNode body = client.told(PATH, """
                {"model": "gpt-4o", "tools": [{"type": "function", "name": "get_weather", "parameters": {}}], "input": [
                  {"role": "user", "content": "weather?"},
                  {"type": "function_call", "call_id": "call_1", "name": "get_weather", "arguments": "{}"},
                  {"type": "function_call_output", "call_id": "call_1", "output": "sunny"}]}""");
        assertThat(body.path("output").path(0).path("type").asText()).isEqualTo("message");
    }

    @Test
    void keeps_to_a_schema() throws Exception {
        JsonNode body = client.told(PATH, HELLO.formatted("""
                , "text": {"format": {"type": "json_schema", "name": "place", "strict": true, "schema": {"type": "object",
                  "properties": {"city": {"type": "string"}}, "required": ["city"], "additionalProperties": false}}}"""));
        String text =
                body.path("output").path(0).path("content").path(0).path("text").asText();
        assertThat(Wire.parse(text).path("city").asText()).isEqualTo("Paris");
    }

    @Test
    void an_answer_that_is_cut_is_incomplete() throws Exception {
        String cut = HELLO.formatted(", \"max_output_tokens\": 16%s");
        JsonNode body = client.told(PATH, cut.formatted(""));
        assertThat(body.path("status").asText()).isEqualTo("incomplete");
        assertThat(body.path("incomplete_details").path("reason").asText()).isEqualTo("max_output_tokens");
        assertThat(body.path("usage").path("output_tokens").asInt()).isEqualTo(16);
        assertThat(types(client.events(PATH, cut.formatted(", \"stream\": true")))
                        .getLast())
                .isEqualTo("response.incomplete");
    }

    @Test
    void refuses_what_belongs_to_chat() throws Exception {
        assertThat(refusal("""
                {"model": "gpt-4o", "messages": [], "input": "x"}""")).isEqualTo("Unknown parameter: 'messages'.");
        assertThat(refusal("""
                {"model": "gpt-4o", "input": "x", "tools": [{"type": "function", "function": {"name": "f"}}]}""")).isEqualTo("Missing required parameter: 'tools[0].name'.");
        assertThat(refusal("""
                {"model": "gpt-4o", "input": [{"role": "user", "content": [{"type": "text", "text": "x"}]}]}""")).startsWith("Invalid value: 'text'.");
        assertThat(client.refused(PATH, """
                        {"model": "claude-sonnet-5", "input": "x"}""").path("code").asText()).isEqualTo("model_not_found");
    }

    @Test
    void refuses_calls_without_results_and_reasoning_without_what_followed() throws Exception {
        assertThat(refusal("""
                {"model": "gpt-4o", "input": [
                  {"type": "function_call", "call_id": "call_1", "name": "f", "arguments": "{}"}]}""")).isEqualTo("No tool output found for function call call_1.");
        assertThat(refusal("""
                {"model": "gpt-4o", "input": [{"type": "function_call_output", "call_id": "call_1", "output": "x"}]}""")).startsWith("No tool call found");
        assertThat(refusal("""
                {"model": "gpt-5", "input": [{"type": "reasoning", "id": "rs_1", "summary": []},
                  {"role": "user", "content": "x"}]}""")).contains("without its required following item");
        assertThat(client.refused(PATH, """
                        {"model": "gpt-5", "input": [{"type": "reasoning", "id": "rs_1", "encrypted_content": "bad"},
                          {"role": "assistant", "content": "x"}]}""").path("code").asText()).isEqualTo("invalid_encrypted_content");
    }

    @Test
    void refuses_parameters_that_the_model_does_not_have() throws Exception {
        assertThat(refusal("""
                {"model": "gpt-5", "input": "x", "temperature": 0}""")).contains("'temperature' is not supported");
        assertThat(refusal("""
                {"model": "gpt-4o", "input": "x", "reasoning": {"effort": "low"}}""")).contains("reasoning.effort");
        assertThat(refusal("""
                {"model": "gpt-4o", "input": "x", "max_output_tokens": 5}""")).contains(">= 16");
        assertThat(refusal("""
                {"model": "gpt-4o", "input": "x", "previous_response_id": "resp_other"}""")).contains("not found");
        assertThat(refusal(HELLO.formatted("""
                , "text": {"format": {"type": "json_schema", "name": "n", "strict": true,
                  "schema": {"type": "object", "properties": {"city": {"type": "string"}}}}}""")))
                .contains("'additionalProperties' is required to be supplied and to be false");
    }
}
