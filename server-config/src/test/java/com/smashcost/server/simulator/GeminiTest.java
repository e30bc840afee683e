package com.smashcost.server.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GeminiTest {

    private static final String MODELS = "/google/v1beta/models";
    private static final String FLASH = MODELS + "/gemini-2.5-flash:generateContent";
    private static final String THREE = MODELS + "/gemini-3-flash-preview:generateContent";
    private static final String HELLO = """
            {"contents": [{"role": "user", "parts": [{"text": "Say hello"}]}]%s}""";
    private static final String WEATHER = """
            {"contents": [{"role": "user", "parts": [{"text": "Use both tools"}]}%s],
             "tools": [{"functionDeclarations": [
               {"name": "get_weather", "parameters": {"type": "OBJECT", "properties": {"city": {"type": "STRING"}}}},
               {"name": "get_time", "parametersJsonSchema": {"type": "object", "$schema": "any",
                 "properties": {"zone": {"type": ["string", "null"]}}}}]}]%s}""";

    private final SimulatorClient client = SimulatorClient.ofGoogle();

    @AfterEach
    void stop() {
        client.close();
    }

    private static String streamed(String path) {
        return path.replace("generateContent", "streamGenerateContent?alt=sse");
    }

    private static JsonNode parts(JsonNode answer) {
        return answer.path("candidates").path(0).path("content").path("parts");
    }

    private String refusal(String path, String request) throws IOException, InterruptedException {
        JsonNode error = client.refused(path, request);
        assertThat(error.path("code").asInt()).isEqualTo(400);
        assertThat(error.path("status").asText()).isEqualTo("INVALID_ARGUMENT");
        return error.path("message").asText();
    }

    private static void assertAddsUp(JsonNode usage) {
        assertThat(usage.path("totalTokenCount").asInt())
                .isEqualTo(usage.path("promptTokenCount").asInt()
                        + usage.path("candidatesTokenCount").asInt()
                        + usage.path("thoughtsTokenCount").asInt());
    }

    @Test
    void answers_with_a_candidate_and_its_usage() throws Exception {
        JsonNode body = client.told(FLASH, HELLO.formatted(""));
        assertThat(parts(body).path(0).path("text").asText()).isNotEmpty();
        assertThat(body.path("candidates").path(0).path("finishReason").asText())
                .isEqualTo("STOP");
        assertThat(body.path("modelVersion").asText()).isEqualTo("gemini-2.5-flash");
        assertThat(body.path("usageMetadata").path("thoughtsTokenCount").asInt())
                .isPositive();
        assertAddsUp(body.path("usageMetadata"));
    }

    @Test
    void every_chunk_has_usage_and_ends_with_crlf() throws Exception {
        HttpResponse<String> response = client.post(streamed(FLASH), HELLO.formatted(""));
        assertThat(response.body()).endsWith("}\r\n\r\n").doesNotContain("[DONE]");
        List<JsonNode> chunks = client.events(streamed(FLASH), HELLO.formatted(""));
        assertThat(chunks).hasSizeGreaterThan(1);
        StringBuilder text = new StringBuilder();
        int written = 0;
        for (JsonNode chunk : chunks) {
            assertAddsUp(chunk.path("usageMetadata"));
            assertThat(chunk.path("usageMetadata").path("candidatesTokenCount").asInt())
                    .isGreaterThanOrEqualTo(written);
            written = chunk.path("usageMetadata").path("candidatesTokenCount").asInt();
            text.append(parts(chunk).path(0).path("text").asText());
            assertThat(chunk.path("candidates").path(0).has("finishReason")).isEqualTo(chunk == chunks.getLast());
        }
        JsonNode whole = client.told(FLASH, HELLO.formatted(""));
        assertThat(text).hasToString(parts(whole).path(0).path("text").asText());
        assertThat(chunks.getLast().path("usageMetadata")).isEqualTo(whole.path("usageMetadata"));
    }

    @Test
    void streams_an_array_when_events_were_not_asked_for() throws Exception {
        assertThat(client.told(MODELS + "/gemini-2.5-flash:streamGenerateContent", HELLO.formatted(""))
                        .isArray())
                .isTrue();
    }

    @Test
    void shows_its_thoughts_when_asked_to() throws Exception {
        String shown = HELLO.formatted(", \"generationConfig\": {\"thinkingConfig\": {\"includeThoughts\": true}}");
        assertThat(parts(client.told(FLASH, shown)).path(0).path("thought").asBoolean())
                .isTrue();
        assertThat(parts(client.events(streamed(FLASH), shown).getFirst())
                        .path(0)
                        .path("thought")
                        .asBoolean())
                .isTrue();
        String off = HELLO.formatted(", \"generationConfig\": {\"thinkingConfig\": {\"thinkingBudget\": 0}}");
        assertThat(client.told(FLASH, off).path("usageMetadata").has("thoughtsTokenCount"))
                .isFalse();
    }

    @Test
    void gemini_3_signs_its_calls_and_wants_the_signature_back() throws Exception {
        JsonNode body = client.told(THREE, WEATHER.formatted("", ""));
        JsonNode calls = parts(body);
        assertThat(calls).hasSize(2);
        assertThat(calls.path(0).path("thoughtSignature").asText()).isNotEmpty();
        assertThat(calls.path(1).has("thoughtSignature")).isFalse();
        assertThat(calls.path(0).path("functionCall").path("id").asText()).isNotEmpty();
        assertThat(body.path("candidates").path(0).path("finishReason").asText())
                .isEqualTo("STOP");

        String turns = """
                , {"role": "model", "parts": %s}, {"role": "user", "parts": [
                  {"functionResponse": {"name": "get_weather", "response": {"result": "sunny"}}},
                  {"functionResponse": {"name": "get_time", "response": {"result": "noon"}}}]}""";
        assertThat(parts(client.told(THREE, WEATHER.formatted(turns.formatted(calls), "")))
                        .path(0)
                        .has("text"))
                .isTrue();
        String filler = calls.toString()
                .replaceAll(
                        "\"thoughtSignature\":\"[^\"]*\"", "\"thoughtSignature\":\"skip_thought_signature_validator\"");
        assertThat(parts(client.told(THREE, WEATHER.formatted(turns.formatted(filler), "")))
                        .path(0)
                        .has("text"))
                .isTrue();
        String without = calls.toString().replaceAll(",\"thoughtSignature\":\"[^\"]*\"", "");
        assertThat(refusal(THREE, WEATHER.formatted(turns.formatted(without), "")))
                .startsWith("Function call is missing a thought_signature");
        assertThat(refusal(
                        THREE,
                        WEATHER.formatted(
                                turns.formatted(calls.toString().replace("Signature\":\"", "Signature\":\"A")), "")))
                .contains("Corrupted");
    }

    @Test
    void gemini_3_streams_a_call_a_chunk_and_stops_after_them() throws Exception {
        List<JsonNode> chunks = client.events(streamed(THREE), WEATHER.formatted("", ""));
        assertThat(chunks).hasSize(3);
        assertThat(parts(chunks.get(0)).path(0).has("functionCall")).isTrue();
        assertThat(chunks.get(1).path("candidates").path(0).has("finishReason")).isFalse();
        assertThat(parts(chunks.get(2)).path(0).path("text").asText("?")).isEmpty();
    }

    @Test
    void gemini_2_calls_without_ids() throws Exception {
        List<JsonNode> chunks = client.events(streamed(FLASH), WEATHER.formatted("", ""));
        assertThat(chunks).hasSize(1);
        assertThat(parts(chunks.getFirst())).hasSize(2);
        assertThat(parts(chunks.getFirst()).path(0).path("functionCall").has("id"))
                .isFalse();
        JsonNode forced = client.told(FLASH, WEATHER.formatted("", """
                , "toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["get_time"]}}"""));
        assertThat(parts(forced).path(0).path("functionCall").path("name").asText())
                .isEqualTo("get_time");
    }

    @Test
    void keeps_to_a_schema() throws Exception {
        JsonNode body = client.told(FLASH, HELLO.formatted("""
                , "generationConfig": {"responseMimeType": "application/json", "responseJsonSchema":
                  {"type": "object", "properties": {"city": {"type": "string"}}, "additionalProperties": false}}"""));
        assertThat(Wire.parse(parts(body).path(0).path("text").asText())
                        .path("city")
                        .asText())
                .isEqualTo("Paris");
    }

    @Test
    void thinking_may_use_up_the_limit_and_leave_no_parts() throws Exception {
        JsonNode body = client.told(FLASH, HELLO.formatted(", \"generationConfig\": {\"maxOutputTokens\": 5}"));
        JsonNode candidate = body.path("candidates").path(0);
        assertThat(candidate.path("finishReason").asText()).isEqualTo("MAX_TOKENS");
        assertThat(candidate.path("content").has("parts")).isFalse();
        assertThat(body.path("usageMetadata").has("candidatesTokenCount")).isFalse();
        assertAddsUp(body.path("usageMetadata"));
    }

    @Test
    void names_every_field_that_it_does_not_know() throws Exception {
        String request = HELLO.formatted("""
                , "tools": [{"functionDeclarations": [{"name": "f", "parameters":
                  {"type": "object", "$schema": "x", "additionalProperties": false}}]}]""");
        assertThat(refusal(FLASH, request))
                .contains(
                        "Unknown name \"$schema\" at 'tools[0].function_declarations[0].parameters': Cannot find field.")
                .contains("Unknown name \"additionalProperties\"");
        assertThat(refusal(FLASH, HELLO.formatted(", \"messages\": []")))
                .isEqualTo("Invalid JSON payload received. Unknown name \"messages\": Cannot find field.");
        assertThat(client.told(FLASH, HELLO.formatted(", \"generation_config\": {\"max_output_tokens\": 500}"))
                        .has("candidates"))
                .isTrue();
    }

    @Test
    void refuses_keys_that_are_bad_or_missing() throws Exception {
        HttpResponse<String> bad = client.post(FLASH, HELLO.formatted(""), "x-goog-api-key", "sim-bad");
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(Wire.parse(bad.body())
                        .path("error")
                        .path("details")
                        .path(0)
                        .path("reason")
                        .asText())
                .isEqualTo("API_KEY_INVALID");
        HttpResponse<String> none = client.post(FLASH, HELLO.formatted(""), "x-goog-api-key", "");
        assertThat(none.statusCode()).isEqualTo(403);
        assertThat(none.body()).contains("PERMISSION_DENIED");
        HttpResponse<String> limited = client.post(FLASH, HELLO.formatted(""), "x-goog-api-key", "sim-limited");
        assertThat(limited.statusCode()).isEqualTo(429);
        assertThat(limited.body()).contains("\"retryDelay\":\"34.4s\"");
        assertThat(client.post(MODELS + "/gpt-4o:generateContent", HELLO.formatted(""))
                        .statusCode())
                .isEqualTo(404);
        client.failAlways();
        assertThat(client.post(FLASH, HELLO.formatted("")).statusCode()).isEqualTo(503);
    }

    @Test
    void refuses_turns_in_the_wrong_order() throws Exception {
        String turns = "{\"contents\": [%s]}";
        String user = "{\"role\": \"user\", \"parts\": [{\"text\": \"x\"}]}";
        String call = "{\"role\": \"model\", \"parts\": [{\"functionCall\": {\"name\": \"f\", \"args\": {}}}]}";
        String result =
                "{\"role\": \"user\", \"parts\": [{\"functionResponse\": {\"name\": \"f\", \"response\": %s}}]}";
        assertThat(refusal(FLASH, turns.formatted(call))).contains("start with a user turn");
        assertThat(refusal(FLASH, turns.formatted(user.replace("user", "assistant"))))
                .contains("valid role");
        assertThat(refusal(FLASH, turns.formatted("{\"role\": \"user\", \"parts\": []}")))
                .contains("must not be empty");
        assertThat(refusal(FLASH, turns.formatted("{\"role\": \"user\", \"parts\": [{}]}")))
                .contains("oneof field 'data'");
        assertThat(refusal(FLASH, turns.formatted(user + "," + result.formatted("{}"))))
                .contains("immediately after a function call turn");
        assertThat(refusal(FLASH, turns.formatted(user + "," + call + "," + user)))
                .contains("number of function response parts");
        assertThat(refusal(FLASH, turns.formatted(user + "," + call + "," + result.formatted("\"text\""))))
                .contains("google.protobuf.Struct");
        assertThat(refusal(
                        FLASH,
                        turns.formatted(
                                user + "," + call + "," + result.formatted("{}").replace("\"f\"", "\"call_1\""))))
                .contains("names of the function response parts");
    }

    @Test
    void refuses_configurations_that_the_model_does_not_have() throws Exception {
        String config = HELLO.formatted(", \"generationConfig\": {%s}");
        assertThat(refusal(FLASH, config.formatted("\"thinkingConfig\": {\"thinkingLevel\": \"LOW\"}")))
                .contains("not supported");
        assertThat(refusal(
                        THREE,
                        config.formatted("\"thinkingConfig\": {\"thinkingLevel\": \"LOW\", \"thinkingBudget\": 1}")))
                .contains("only one of");
        assertThat(refusal(FLASH, config.formatted("\"responseJsonSchema\": {}")))
                .contains("response_mime_type");
        assertThat(refusal(FLASH, config.formatted("\"stopSequences\": [\"1\",\"2\",\"3\",\"4\",\"5\",\"6\"]")))
                .contains("maximum number");
        assertThat(refusal(FLASH, HELLO.formatted("""
                , "tools": [{"functionDeclarations": [{"name": "1st"}]}]"""))).contains("Invalid function name");
    }

    @Test
    void counts_tokens_of_contents_and_of_whole_requests() throws Exception {
        String path = MODELS + "/gemini-2.5-flash:countTokens";
        int prompt = client.told(FLASH, HELLO.formatted(""))
                .path("usageMetadata")
                .path("promptTokenCount")
                .asInt();
        assertThat(client.told(path, HELLO.formatted("")).path("totalTokens").asInt())
                .isEqualTo(prompt);
        assertThat(client.told(
                                path,
                                "{\"generateContentRequest\": "
                                        + HELLO.formatted(", \"model\": \"models/gemini-2.5-flash\"") + "}")
                        .path("totalTokens")
                        .asInt())
                .isEqualTo(prompt);
        assertThat(refusal(path, HELLO.formatted(", \"systemInstruction\": {}")))
                .contains("systemInstruction");
    }

    @Test
    void embeds_in_batches_without_usage() throws Exception {
        String request = """
                {"requests": [{"model": "models/%s", "content": {"parts": [{"text": "hello world"}]},
                  "outputDimensionality": 768, "taskType": "SEMANTIC_SIMILARITY"}]}""";
        for (String model : List.of("gemini-embedding-001", "gemini-embedding-2")) {
            JsonNode body = client.told(MODELS + "/" + model + ":batchEmbedContents", request.formatted(model));
            JsonNode values = body.path("embeddings").path(0).path("values");
            assertThat(values).hasSize(768);
            assertThat(body.has("usageMetadata")).isFalse();
            double length = 0;
            for (JsonNode value : values) {
                length += value.asDouble() * value.asDouble();
            }
            assertThat(length > 0.99).isEqualTo(model.endsWith("2"));
        }
        assertThat(refusal(
                        MODELS + "/gemini-embedding-2:batchEmbedContents", request.formatted("gemini-embedding-001")))
                .contains("model must match");
    }

    @Test
    void lists_its_models() throws Exception {
        JsonNode list = Wire.parse(client.get(MODELS).body());
        assertThat(list.path("models").path(0).path("name").asText()).startsWith("models/gemini-");
        assertThat(client.get(MODELS + "/gemini-2.5-pro").statusCode()).isEqualTo(200);
        assertThat(client.get("/google/v1/models/gemini-2.5-pro").statusCode()).isEqualTo(200);
        assertThat(client.get(MODELS + "/gemini-0").statusCode()).isEqualTo(404);
    }
}
