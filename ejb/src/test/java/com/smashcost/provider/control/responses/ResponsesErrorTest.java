package com.smashcost.provider.control.responses;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.Provider;
import com.smashcost.provider.control.ProviderError;
import com.smashcost.provider.control.ProviderError.Kind;
import com.smashcost.provider.control.WireRecording;
import com.smashcost.provider.control.conversation.StreamEvent;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ResponsesErrorTest {

    static List<ResponsesWire.Answer> refused() {
        return ResponsesWire.wholes().stream()
                .filter(answer -> answer.status() >= 400)
                .toList();
    }

    /** All reported errors: a proxy may answer in any dialect. */
    static List<Path> reported() throws IOException {
        try (Stream<Path> files = Files.walk(WireRecording.wire().resolve("reported-errors"))) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("refused")
    void reads_recorded_errors(ResponsesWire.Answer answer) {
        JsonObject recorded = ResponsesWire.json(answer.body()).getJsonObject("error");
        ProviderError error = error(answer.status(), Map.of(), answer.body());
        assertThat(error.message()).isEqualTo(recorded.getString("message"));
        assertThat(error.code()).isEqualTo(recorded.getString("code"));
        assertThat(error.param()).isEqualTo(recorded.isNull("param") ? null : recorded.getString("param"));
        assertThat(error.kind())
                .isEqualTo(
                        switch (recorded.getString("code")) {
                            case "model_not_found" -> Kind.NOT_FOUND;
                            case "invalid_api_key" -> Kind.CREDENTIAL;
                            default -> Kind.INVALID_REQUEST;
                        });
        assertThat(error.status()).isEqualTo(error.kind() == Kind.NOT_FOUND ? 404 : answer.status());
    }

    @ParameterizedTest
    @MethodSource("reported")
    void reads_reported_errors(Path file) throws IOException {
        JsonNode reported = Json.readObject(Files.readAllBytes(file)).orElseThrow();
        Path html = file.resolveSibling(reported.path("body_file").asText("-"));
        byte[] body = Files.exists(html)
                ? Files.readAllBytes(html)
                : reported.has("body") ? Json.bytes(reported.path("body")) : new byte[0];
        int status = reported.path("status").asInt();
        if (status < 400) {
            return; // streams, tested with them
        }
        ProviderError error = error(status, Map.of(), body);
        String message = reported.path("body").path("error").path("message").asText(null);
        assertThat(error.message()).isEqualTo(message);
        assertThat(error.status()).isEqualTo(status == 498 ? 503 : status);
        assertThat(error.kind())
                .isEqualTo(
                        switch (status) {
                            case 403 -> Kind.CREDENTIAL;
                            case 413 -> file.toString().contains("/groq/") ? Kind.RATE_LIMIT : Kind.TOO_LARGE;
                            case 429 -> file.endsWith("429-insufficient-quota.json") ? Kind.QUOTA : Kind.RATE_LIMIT;
                            case 498, 503, 529 -> Kind.OVERLOADED;
                            case 504 -> Kind.TIMEOUT;
                            default -> status < 500 ? Kind.INVALID_REQUEST : Kind.SERVER;
                        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | {\"error\":{\"message\":\"Your input exceeds the context window of this model.\"}} | CONTEXT_LENGTH | context_length_exceeded | 400",
                "400 | {\"error\":{\"message\":\"x\",\"code\":\"context_length_exceeded\"}} | CONTEXT_LENGTH | context_length_exceeded | 400",
                "402 | {\"error\":{\"message\":\"x\"}} | QUOTA | insufficient_quota | 402",
                "429 | {\"error\":{\"message\":\"x\",\"type\":\"insufficient_quota\"}} | QUOTA | insufficient_quota | 429",
                "429 | [{\"error\":{\"message\":\"x\",\"status\":\"RESOURCE_EXHAUSTED\",\"code\":429}}] | RATE_LIMIT | RESOURCE_EXHAUSTED | 429",
                "429 | '' | RATE_LIMIT | rate_limit_exceeded | 429",
                "500 | {\"detail\":\"x\"} | SERVER | | 500",
                "503 | {\"error\":\"x\"} | OVERLOADED | | 503",
                "500 | {\"message\":\"x\"} | SERVER | | 500",
                "401 | {} | CREDENTIAL | | 401",
                "408 | null | TIMEOUT | | 408",
                "422 | [] | INVALID_REQUEST | | 422",
                "200 | {\"error\":{\"message\":\"x\",\"code\":\"rate_limit_exceeded\"}} | RATE_LIMIT | rate_limit_exceeded | 429",
                "200 | {\"response\":{\"error\":{\"message\":\"x\",\"code\":\"server_is_overloaded\"}}} | OVERLOADED | server_is_overloaded | 503",
                "200 | {\"error\":{\"message\":\"x\",\"code\":\"invalid_prompt\"}} | INVALID_REQUEST | invalid_prompt | 400",
                "200 | {} | SERVER | | 502"
            })
    void knows_what_an_error_means(int status, String body, Kind kind, @Nullable String code, int forClient) {
        ProviderError error = error(status, Map.of(), body.getBytes(StandardCharsets.UTF_8));
        assertThat(error.kind()).isEqualTo(kind);
        assertThat(error.code()).isEqualTo(code);
        assertThat(error.status()).isEqualTo(forClient);
        assertThat(error.message()).isIn(null, "x", "Your input exceeds the context window of this model.");
    }

    @ParameterizedTest
    @CsvSource({
        "retry-after, 20, 20000",
        "retry-after, 1.5, 1500",
        "retry-after-ms, 340, 340",
        "retry-after, soon,",
        "retry-after, -3,",
        "retry-after, 'Wed, 21 Oct 2015 07:28:00 GMT',"
    })
    void reads_how_long_to_wait(String header, String value, @Nullable Long millis) {
        assertThat(error(429, Map.of(header, value), new byte[0]).retryAfter())
                .isEqualTo(millis == null ? null : Duration.ofMillis(millis));
    }

    @Property(tries = 200)
    void never_fails_over_a_body(@ForAll byte[] body, @ForAll int status) {
        assertThat(error(status, Map.of(), body).kind()).isNotNull();
    }

    @Test
    void reads_errors_amid_streams() {
        for (String name : List.of("openai-error.1.chunks.txt")) {
            assertThat(failed(ResponsesWire.stream(name).body()))
                    .isEqualTo(new ProviderError(
                            429,
                            Kind.QUOTA,
                            "insufficient_quota",
                            "You exceeded your current quota, please check your plan and billing details. For more"
                                    + " information on this error, read the docs:"
                                    + " https://platform.openai.com/docs/guides/error-codes/api-errors.",
                            null,
                            null));
        }
    }

    @Test
    void reads_the_reported_error_amid_a_stream() throws IOException {
        byte[] stream = Files.readAllBytes(
                WireRecording.wire().resolve("reported-errors/openai/stream-error-server-is-overloaded.sse"));
        assertThat(failed(stream))
                .isEqualTo(new ProviderError(
                        503,
                        Kind.OVERLOADED,
                        "server_is_overloaded",
                        "Our servers are currently overloaded. Please try again later.",
                        null,
                        null));
    }

    @Test
    void writes_errors_as_the_dialect_has_them() {
        byte[] body = ResponsesProvider.errorBody(400, "invalid_request", "No.", "input", "req_1");
        assertThat(Schemas.OPENAI.errors("ErrorResponse", body)).isEmpty();
        JsonObject error = ResponsesWire.json(body).getJsonObject("error");
        assertThat(error.getString("type")).isEqualTo("invalid_request_error");
        assertThat(error.getString("code")).isEqualTo("invalid_request");
        assertThat(error.getString("message")).isEqualTo("No.");
        assertThat(error.getString("param")).isEqualTo("input");
    }

    @Test
    void calls_the_responses_of_a_provider() {
        Provider provider = new Provider(
                "p", URI.create("https://api.example.com/v1/"), java.util.List.of(Dialect.OPENAI_RESPONSES));
        assertThat(ResponsesProvider.uri(provider, "any", true))
                .isEqualTo(URI.create("https://api.example.com/v1/responses"));
        assertThat(ResponsesProvider.headers(
                        "k".getBytes(StandardCharsets.US_ASCII), true, Map.of("openai-beta", "b=1", "cookie", "c")))
                .containsOnlyKeys("Accept", "User-Agent", "OpenAI-Beta", "Authorization")
                .containsEntry("Accept", "text/event-stream")
                .containsEntry("Authorization", "Bearer k")
                .containsEntry("OpenAI-Beta", "b=1");
        assertThat(ResponsesProvider.passesOn("x-ratelimit-limit-tokens")).isTrue();
        assertThat(ResponsesProvider.passesOn("set-cookie")).isFalse();
    }

    private static ProviderError failed(byte[] stream) {
        ResponsesStream.Reader reader = new ResponsesStream.Reader();
        List<StreamEvent> events = ResponsesWire.events(stream).stream()
                .flatMap(event -> reader.read(event).stream())
                .toList();
        assertThat(reader.isComplete()).isFalse();
        assertThat(events.stream().filter(StreamEvent.Failed.class::isInstance)).hasSize(1);
        return ((StreamEvent.Failed) events.getLast()).error();
    }

    private static ProviderError error(int status, Map<String, String> headers, byte[] body) {
        return ResponsesProvider.error(status, headers::get, body);
    }
}
