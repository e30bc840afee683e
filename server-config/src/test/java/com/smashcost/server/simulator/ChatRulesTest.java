package com.smashcost.server.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChatRulesTest {

    private static final String OPENAI = "/v1/chat/completions";
    private static final String GROQ = "/openai/v1/chat/completions";

    private final SimulatorClient client = SimulatorClient.ofOpenAi();

    @AfterEach
    void stop() {
        client.close();
    }

    private String refusal(String path, String model, String messages, String more)
            throws IOException, InterruptedException {
        String request = "{\"model\": \"" + model + "\", \"messages\": [" + messages + "]" + more + "}";
        return client.refused(path, request).path("message").asText();
    }

    private static String user(String content) {
        return "{\"role\": \"user\", \"content\": \"" + content + "\"}";
    }

    @Test
    void refuses_members_that_it_does_not_know() throws Exception {
        assertThat(refusal(OPENAI, "gpt-4o", user("x"), ", \"top_k\": 3"))
                .isEqualTo("Unrecognized request argument supplied: top_k");
        String thinking = "{\"role\": \"assistant\", \"content\": \"y\", \"reasoning_content\": \"z\"}";
        assertThat(refusal(OPENAI, "gpt-4o", thinking, ""))
                .isEqualTo("Unknown parameter: 'messages[0].reasoning_content'.");
        assertThat(refusal(GROQ, "llama-3.1-8b-instant", thinking, ""))
                .contains("property 'reasoning_content' is unsupported");
        String refused = "{\"role\": \"assistant\", \"content\": \"y\", \"refusal\": null}";
        assertThat(refusal(GROQ, "llama-3.1-8b-instant", refused, "")).contains("property 'refusal' is unsupported");
    }

    @Test
    void a_reasoning_model_refuses_what_it_does_not_have() throws Exception {
        assertThat(refusal(OPENAI, "gpt-5", user("x"), ", \"max_tokens\": 9"))
                .contains("Use 'max_completion_tokens' instead");
        assertThat(refusal(OPENAI, "gpt-5", user("x"), ", \"temperature\": 0.2"))
                .contains("Only the default (1) value is supported");
        assertThat(refusal(OPENAI, "o4-mini", user("x"), ", \"stop\": \"a\"")).contains("'stop' is not supported");
        assertThat(refusal(OPENAI, "o1-mini", "{\"role\": \"system\", \"content\": \"x\"}", ""))
                .contains("does not support 'system'");
    }

    @Test
    void results_follow_the_calls_at_once() throws Exception {
        String call = """
                {"role": "assistant", "content": null, "tool_calls": [
                  {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}""";
        String result = "{\"role\": \"tool\", \"tool_call_id\": \"call_1\", \"content\": \"x\"}";
        assertThat(refusal(OPENAI, "gpt-4o", user("x") + "," + result, "")).contains("must be a response to");
        assertThat(refusal(OPENAI, "gpt-4o", call + "," + user("x") + "," + result, ""))
                .contains("did not have response messages: call_1");
        String request = "{\"model\": \"gpt-4o\", \"messages\": [" + user("x") + "," + call + "," + result + "]}";
        assertThat(client.told(OPENAI, request)
                        .path("choices")
                        .path(0)
                        .path("finish_reason")
                        .asText())
                .isEqualTo("stop");
    }

    @Test
    void groq_has_limits_of_its_own() throws Exception {
        String model = "llama-3.1-8b-instant";
        assertThat(refusal(GROQ, model, user("x"), ", \"n\": 2")).contains("at most 1");
        assertThat(refusal(GROQ, model, user("x"), ", \"response_format\": {\"type\": \"json_object\"}"))
                .contains("must contain the word 'json'");
        assertThat(refusal(GROQ, model, "{\"role\": \"assistant\", \"content\": [{\"type\": \"text\"}]}", ""))
                .contains("value must be a string");
    }

    @Test
    void a_key_over_its_limit_is_told_when_to_come_back() throws Exception {
        HttpResponse<String> response = client.post(OPENAI, "{}", "Authorization", "Bearer sim-limited");
        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("retry-after")).hasValue("2");
        assertThat(Wire.parse(response.body()).path("error").path("code").asText())
                .isEqualTo("rate_limit_exceeded");
    }
}
