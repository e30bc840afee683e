package com.smashcost.server.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SimulatorTest {

    private static final String OPENAI = "/v1/chat/completions";
    private static final String GROQ = "/openai/v1/chat/completions";
    private static final String HELLO = """
            {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Say hello"}]}""";
    private static final String WEATHER = """
            {"model": "gpt-4o", "messages": [{"role": "user", "content": "%s"}], "stream": %s,
             "tools": [
               {"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object",
                 "properties": {"city": {"type": "string"}, "unit": {"enum": ["celsius", "fahrenheit"]}}}}},
               {"type": "function", "function": {"name": "get_time", "parameters": {"type": "object",
                 "properties": {"zone": {"type": "string"}}}}}]}""";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Simulator simulator = started();

    private static Simulator started() {
        try {
            return Simulator.start(0, Behaviour.DEFAULT.withLatency(0).withChunkGap(0));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void isUp() throws Exception {
        assertThat(stats("requests")).isZero();
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    private HttpResponse<String> send(String method, String path, String body, String key)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + simulator.port() + path))
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Bearer " + key)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send("POST", path, body, "sim-key");
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        return Wire.parse(response.body());
    }

    private int stats(String name) throws IOException, InterruptedException {
        return json(send("GET", "/simulator/stats", "", "")).path(name).asInt();
    }

    /** The data of all events but the last, which has to be the end mark. */
    private List<JsonNode> events(String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> response = post(path, body);
        assertThat(response.headers().firstValue("content-type")).hasValue("text/event-stream; charset=utf-8");
        List<String> data = response.body()
                .lines()
                .filter(line -> !line.isEmpty())
                .map(line -> line.substring("data: ".length()))
                .toList();
        assertThat(data.getLast()).isEqualTo("[DONE]");
        List<JsonNode> events = new ArrayList<>();
        for (String each : data.subList(0, data.size() - 1)) {
            events.add(Wire.parse(each));
        }
        return events;
    }

    private static String streaming(String request, String more) {
        return request.substring(0, request.lastIndexOf('}')) + ", \"stream\": true" + more + "}";
    }

    private static String text(List<JsonNode> events) {
        StringBuilder text = new StringBuilder();
        events.forEach(event -> event.path("choices")
                .forEach(choice ->
                        text.append(choice.path("delta").path("content").asText(""))));
        return text.toString();
    }

    @Test
    void answers_in_the_shape_of_the_recordings() throws Exception {
        HttpResponse<String> response = post(OPENAI, HELLO);
        JsonNode body = json(response);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(body.path("id").asText()).matches("chatcmpl-[A-Za-z0-9]{29}");
        assertThat(body.path("object").asText()).isEqualTo("chat.completion");
        assertThat(body.path("model").asText()).isEqualTo("gpt-4o-mini-2024-07-18");
        assertThat(body.path("service_tier").asText()).isEqualTo("default");
        assertThat(body.path("system_fingerprint").asText()).startsWith("fp_");
        JsonNode choice = body.path("choices").path(0);
        assertThat(choice.path("finish_reason").asText()).isEqualTo("stop");
        assertThat(choice.path("message").path("content").asText()).isNotEmpty();
        JsonNode usage = body.path("usage");
        assertThat(usage.path("total_tokens").asInt())
                .isEqualTo(usage.path("prompt_tokens").asInt()
                        + usage.path("completion_tokens").asInt());
        assertThat(usage.path("prompt_tokens_details").has("cached_tokens")).isTrue();
        assertThat(usage.path("completion_tokens_details").has("reasoning_tokens"))
                .isTrue();
        assertThat(response.headers().map())
                .containsKeys("x-request-id", "openai-processing-ms", "x-ratelimit-remaining-requests");
    }

    @Test
    void says_the_same_to_the_same_request_and_when_streaming() throws Exception {
        String one = json(post(OPENAI, HELLO)).path("choices").path(0).toString();
        assertThat(json(post(OPENAI, HELLO)).path("choices").path(0).toString()).isEqualTo(one);
        assertThat(one)
                .contains(Wire.text(Wire.array().add(text(events(OPENAI, streaming(HELLO, "")))))
                        .replaceAll("^\\[|]$", ""));
    }

    @Test
    void a_stream_has_usage_only_when_asked_for() throws Exception {
        assertThat(events(OPENAI, streaming(HELLO, ""))).noneMatch(event -> event.has("usage"));

        List<JsonNode> events = events(OPENAI, streaming(HELLO, ", \"stream_options\": {\"include_usage\": true}"));
        assertThat(events.getLast().path("choices")).isEmpty();
        assertThat(events.getLast().path("usage").path("total_tokens").asInt()).isPositive();
        assertThat(events.subList(0, events.size() - 1))
                .allMatch(event -> event.has("usage") && event.path("usage").isNull());
    }

    @Test
    void a_stream_opens_with_the_role_and_ends_with_the_reason() throws Exception {
        List<JsonNode> events = events(OPENAI, streaming(HELLO, ""));
        JsonNode first = events.getFirst().path("choices").path(0);
        assertThat(first.path("delta").path("role").asText()).isEqualTo("assistant");
        assertThat(first.path("finish_reason").isNull()).isTrue();
        JsonNode last = events.getLast().path("choices").path(0);
        assertThat(last.path("delta")).isEmpty();
        assertThat(last.path("finish_reason").asText()).isEqualTo("stop");
    }

    @Test
    void groq_puts_its_own_object_and_the_usage_on_the_last_chunk() throws Exception {
        String request = HELLO.replace("gpt-4o-mini", "llama-3.1-8b-instant");
        List<JsonNode> events = events(GROQ, streaming(request, ""));
        assertThat(events.getFirst().path("x_groq").has("seed")).isTrue();
        assertThat(events.getLast().path("x_groq").path("usage"))
                .isEqualTo(events.getLast().path("usage"));
        assertThat(events.getLast().path("usage").path("queue_time").isNumber()).isTrue();
        assertThat(json(post(GROQ, request)).path("x_groq").path("id").asText()).startsWith("req_");
    }

    @Test
    void groq_thinks_aloud() throws Exception {
        String request = HELLO.replace("gpt-4o-mini", "openai/gpt-oss-120b");
        JsonNode body = json(post(GROQ, request));
        assertThat(body.path("choices")
                        .path(0)
                        .path("message")
                        .path("reasoning")
                        .asText())
                .isNotEmpty();
        assertThat(body.path("usage")
                        .path("completion_tokens_details")
                        .path("reasoning_tokens")
                        .asInt())
                .isPositive();
    }

    @Test
    void calls_a_tool_when_the_user_names_it() throws Exception {
        JsonNode choice = json(post(OPENAI, WEATHER.formatted("What is the weather in Paris?", "false")))
                .path("choices")
                .path(0);
        assertThat(choice.path("finish_reason").asText()).isEqualTo("tool_calls");
        assertThat(choice.path("message").path("content").isNull()).isTrue();
        JsonNode function = choice.path("message").path("tool_calls").path(0).path("function");
        assertThat(function.path("name").asText()).isEqualTo("get_weather");
        assertThat(Wire.parse(function.path("arguments").asText()))
                .isEqualTo(Wire.parse("{\"city\":\"Paris\",\"unit\":\"celsius\"}"));
    }

    @Test
    void calls_two_tools_in_a_stream_one_delta_after_the_other() throws Exception {
        List<JsonNode> events = events(OPENAI, WEATHER.formatted("Use both tools", "true"));
        StringBuilder[] arguments = {new StringBuilder(), new StringBuilder()};
        List<String> names = new ArrayList<>();
        for (JsonNode event : events) {
            for (JsonNode call : event.path("choices").path(0).path("delta").path("tool_calls")) {
                if (call.has("id")) {
                    names.add(call.path("function").path("name").asText());
                }
                arguments[call.path("index").asInt()].append(
                        call.path("function").path("arguments").asText());
            }
        }
        assertThat(names).containsExactly("get_weather", "get_time");
        assertThat(Wire.parse(arguments[0].toString()).path("city").asText()).isEqualTo("Paris");
        assertThat(Wire.parse(arguments[1].toString()).has("zone")).isTrue();
        assertThat(events.getLast()
                        .path("choices")
                        .path(0)
                        .path("finish_reason")
                        .asText())
                .isEqualTo("tool_calls");
    }

    @Test
    void talks_when_no_tool_is_asked_for() throws Exception {
        JsonNode choice = json(post(OPENAI, WEATHER.formatted("Tell me a joke", "false")))
                .path("choices")
                .path(0);
        assertThat(choice.path("finish_reason").asText()).isEqualTo("stop");
    }

    @Test
    void stops_at_the_limit() throws Exception {
        JsonNode body = json(post(OPENAI, HELLO.replace("\"messages\"", "\"max_tokens\": 3, \"messages\"")));
        assertThat(body.path("choices").path(0).path("finish_reason").asText()).isEqualTo("length");
        assertThat(body.path("usage").path("completion_tokens").asInt()).isEqualTo(3);
    }

    @Test
    void gives_as_many_choices_as_asked_for() throws Exception {
        String three = HELLO.replace("\"messages\"", "\"n\": 3, \"messages\"");
        assertThat(json(post(OPENAI, three)).path("choices")).hasSize(3);
        assertThat(events(OPENAI, streaming(three, "")).stream()
                        .map(event ->
                                event.path("choices").path(0).path("index").asInt())
                        .distinct())
                .containsExactly(0, 1, 2);
    }

    @Test
    void answers_in_json_when_the_format_says_so() throws Exception {
        String request =
                HELLO.replace("\"messages\"", "\"response_format\": {\"type\": \"json_object\"}, \"messages\"");
        String content = json(post(OPENAI, request))
                .path("choices")
                .path(0)
                .path("message")
                .path("content")
                .asText();
        assertThat(Wire.parse(content).has("answer")).isTrue();
    }

    @Test
    void a_long_prompt_is_partly_cached() throws Exception {
        JsonNode usage = json(post(OPENAI, HELLO.replace("Say hello", "word ".repeat(2000))))
                .path("usage");
        assertThat(usage.path("prompt_tokens_details").path("cached_tokens").asInt())
                .isBetween(1024, usage.path("prompt_tokens").asInt());
    }

    @Test
    void refuses_as_the_provider_does() throws Exception {
        HttpResponse<String> badKey = send("POST", OPENAI, HELLO, "sim-bad-key");
        assertThat(badKey.statusCode()).isEqualTo(401);
        assertThat(json(badKey).path("error").path("code").asText()).isEqualTo("invalid_api_key");

        HttpResponse<String> noModel = post(OPENAI, HELLO.replace("gpt-4o-mini", "no-such-model"));
        assertThat(noModel.statusCode()).isEqualTo(404);
        assertThat(json(noModel).path("error").path("code").asText()).isEqualTo("model_not_found");

        HttpResponse<String> malformed = post(OPENAI, "{\"model\":");
        assertThat(malformed.statusCode()).isEqualTo(400);
        assertThat(json(malformed).path("error").path("type").asText()).isEqualTo("invalid_request_error");

        assertThat(post(OPENAI, "{\"model\":\"gpt-4o\"}").statusCode()).isEqualTo(400);
        assertThat(post("/v1/unknown", "{}").statusCode()).isEqualTo(404);
    }

    @Test
    void lists_its_models() throws Exception {
        assertThat(json(send("GET", "/v1/models", "", "sim-key")).path("data")).isNotEmpty();
        assertThat(send("GET", "/v1/models/gpt-4o", "", "sim-key").statusCode()).isEqualTo(200);
        assertThat(send("GET", "/openai/v1/models/openai%2Fgpt-oss-20b", "", "sim-key")
                        .statusCode())
                .isEqualTo(200);
        assertThat(send("GET", "/v1/models/gpt-0", "", "sim-key").statusCode()).isEqualTo(404);
    }

    @Test
    void fails_as_often_as_it_is_told_to() throws Exception {
        assertThat(send("PUT", "/simulator/behaviour", "{\"error_percent\": 50}", "")
                        .statusCode())
                .isEqualTo(200);
        int failed = 0;
        for (int i = 0; i < 10; i++) {
            failed += post(OPENAI, HELLO).statusCode() == 500 ? 1 : 0;
        }
        assertThat(failed).isEqualTo(5);
        assertThat(stats("errors")).isEqualTo(5);
    }

    @Test
    void takes_its_time_when_told_to() throws Exception {
        send("PUT", "/simulator/behaviour", "{\"latency_ms\": 150}", "");
        long begin = System.nanoTime();
        post(OPENAI, HELLO);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(150));
    }

    @Test
    void refuses_a_behaviour_that_makes_no_sense() throws Exception {
        assertThat(send("PUT", "/simulator/behaviour", "{\"latency_ms\": -1}", "")
                        .statusCode())
                .isEqualTo(400);
        assertThat(send("PUT", "/simulator/behaviour", "{", "").statusCode()).isEqualTo(400);
    }

    @Test
    void notices_that_the_client_hung_up() throws Exception {
        send("PUT", "/simulator/behaviour", "{\"chunk_gap_ms\": 20}", "");
        byte[] body = streaming(HELLO, "").getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), simulator.port())) {
            String head = "POST " + OPENAI + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sim-key\r\nContent-Length: "
                    + body.length + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            InputStream in = socket.getInputStream();
            assertThat(in.read()).isEqualTo('H');
            assertThat(stats("open")).isEqualTo(1);
        }
        long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (stats("open") > 0 && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
        assertThat(stats("cancelled")).isEqualTo(1);
    }
}
