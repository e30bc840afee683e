package com.smashcost.provider.control.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Provider;
import com.smashcost.provider.control.ProviderError;
import com.smashcost.provider.control.ProviderError.Kind;
import com.smashcost.provider.control.WireRecording;
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
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnthropicErrorTest {

    private static final Path REPORTED = WireRecording.wire().resolve("reported-errors");

    @ParameterizedTest
    @CsvSource({
        "400-thinking-block-missing, 400, INVALID_REQUEST, ",
        "400-usage-limit-reached, 429, QUOTA, insufficient_quota",
        "403-forbidden, 403, CREDENTIAL, forbidden",
        "413-request-too-large, 413, TOO_LARGE, request_too_large",
        "429-itpm, 429, RATE_LIMIT, rate_limit_exceeded",
        "429-rate-limited, 429, RATE_LIMIT, rate_limit_exceeded",
        "504-timeout, 504, TIMEOUT, timeout_error",
        "529-overloaded, 529, OVERLOADED, server_is_overloaded"
    })
    void understands_every_reported_error(String name, int status, Kind kind, String code) throws IOException {
        JsonNode reported = Told.tree(Files.readAllBytes(REPORTED.resolve("anthropic/" + name + ".json")));
        ProviderError error = error(reported);
        assertThat(error.status()).isEqualTo(status);
        assertThat(error.kind()).isEqualTo(kind);
        assertThat(error.code()).isEqualTo(code);
        assertThat(error.message()).isEqualTo(reported.at("/body/error/message").asText());
    }

    @Test
    void no_reported_error_is_left_out() throws IOException {
        try (Stream<Path> files = Files.list(REPORTED.resolve("anthropic"))) {
            // the ninth is a stream and belongs to AnthropicStreamTest
            assertThat(files.filter(file -> file.toString().endsWith(".json"))).hasSize(8 + 1);
        }
    }

    @Test
    void understands_every_recorded_error() {
        List<WireRecording> failed = Stream.concat(
                        Answers.recordings().stream(), WireRecording.of("anthropic", "count_tokens").stream())
                .filter(recording -> recording.status() >= 400)
                .toList();
        assertThat(failed).hasSize(4);
        assertThat(failed.stream()
                        .map(recording ->
                                AnthropicProvider.error(recording.status(), recording.headers()::get, recording.body()))
                        .map(error -> error.status() + " " + error.kind() + " " + error.code()))
                .containsExactly(
                        "400 CONTEXT_LENGTH context_length_exceeded",
                        "401 CREDENTIAL invalid_api_key",
                        "404 NOT_FOUND model_not_found",
                        "404 NOT_FOUND model_not_found");
    }

    @Test
    void names_the_member_at_fault() throws IOException {
        JsonNode reported =
                Told.tree(Files.readAllBytes(REPORTED.resolve("anthropic/400-thinking-block-missing.json")));
        assertThat(error(reported).param()).isEqualTo("messages.1.content.0.type");
    }

    @Test
    void bears_with_errors_of_intermediaries_and_of_other_dialects() throws IOException {
        ProviderError html =
                AnthropicProvider.error(502, name -> null, Files.readAllBytes(REPORTED.resolve("edge/502-html.html")));
        assertThat(html.kind()).isEqualTo(Kind.SERVER);
        assertThat(html.message()).isNull();
        assertThat(AnthropicProvider.error(500, name -> null, new byte[0]).kind())
                .isEqualTo(Kind.SERVER);
        ProviderError listed = AnthropicProvider.error(
                503,
                name -> null,
                bytes("[{\"error\":{\"code\":503,\"message\":\"busy\",\"status\":\"UNAVAILABLE\"}}]"));
        assertThat(listed.kind()).isEqualTo(Kind.OVERLOADED);
        assertThat(listed.message()).isEqualTo("busy");
        ProviderError broke = AnthropicProvider.error(
                400,
                name -> null,
                bytes(
                        "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"Your credit balance is"
                                + " too low to access the Anthropic API.\"}}"));
        assertThat(broke.kind()).isEqualTo(Kind.QUOTA);
    }

    @Property
    void never_throws(@ForAll @IntRange(min = 100, max = 599) int status, @ForAll byte[] body, @ForAll String header) {
        assertThat(AnthropicProvider.error(status, name -> header, body).status())
                .isBetween(400, 599);
    }

    @Test
    void tells_how_long_to_wait() {
        assertThat(wait(Map.of("retry-after", "31"))).isEqualTo(Duration.ofSeconds(31));
        assertThat(wait(Map.of("retry-after", "9", "retry-after-ms", "1500"))).isEqualTo(Duration.ofMillis(1500));
        assertThat(wait(Map.of(
                        "retry-after", "Sat, 21 Nov 2026 10:00:30 GMT", "date", "Sat, 21 Nov 2026 10:00:00 GMT")))
                .isEqualTo(Duration.ofSeconds(30));
        assertThat(wait(Map.of("retry-after", "0"))).isNull();
        assertThat(wait(Map.of("retry-after", "soon"))).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request, invalid_request_error",
        "401, invalid_api_key, authentication_error",
        "402, insufficient_quota, billing_error",
        "403, model_not_allowed, permission_error",
        "404, model_not_found, not_found_error",
        "408, upstream_timeout, timeout_error",
        "409, conflict, conflict_error",
        "413, request_too_large, request_too_large",
        "429, rate_limit_exceeded, rate_limit_error",
        "429, insufficient_quota, billing_error",
        "500, internal, api_error",
        "502, upstream_failed, api_error",
        "503, unavailable, overloaded_error",
        "504, upstream_timeout, timeout_error",
        "529, server_is_overloaded, overloaded_error"
    })
    void answers_in_the_dialect(int status, String code, String type) {
        JsonNode body = Told.tree(AnthropicProvider.errorBody(status, code, "No.", "model", "req-1"));
        assertThat(body.path("type").asText()).isEqualTo("error");
        assertThat(body.at("/error/type").asText()).isEqualTo(type);
        assertThat(body.at("/error/message").asText()).isEqualTo("No.");
        assertThat(body.at("/error/details/code").asText()).isEqualTo(code);
        assertThat(body.at("/error/details/param").asText()).isEqualTo("model");
        assertThat(body.path("request_id").asText()).isEqualTo("req-1");
    }

    @Test
    void an_overlong_prompt_is_told_in_the_words_on_which_clients_shorten_it() {
        assertThat(Told.tree(AnthropicProvider.errorBody(400, "context_length_exceeded", "Too many.", null, "r"))
                        .at("/error/message")
                        .asText())
                .isEqualTo("prompt is too long: Too many.");
        assertThat(Told.tree(AnthropicProvider.errorBody(
                                400, "context_length_exceeded", "prompt is too long: 3 tokens > 2 maximum", null, "r"))
                        .at("/error/message")
                        .asText())
                .isEqualTo("prompt is too long: 3 tokens > 2 maximum");
    }

    @Test
    void calls_the_provider_where_it_listens_and_with_the_clients_version_and_betas() {
        Provider provider = new Provider(
                "anthropic", URI.create("https://api.anthropic.com/"), java.util.List.of(Dialect.ANTHROPIC_MESSAGES));
        assertThat(AnthropicProvider.uri(provider, "m", true)).hasToString("https://api.anthropic.com/v1/messages");
        assertThat(AnthropicProvider.countTokensUri(provider))
                .hasToString("https://api.anthropic.com/v1/messages/count_tokens");
        Map<String, String> headers = AnthropicProvider.headers(
                bytes("sk-ant"), true, Map.of("anthropic-beta", "a-1,b-2", "authorization", "Bearer own"));
        assertThat(headers)
                .containsEntry("x-api-key", "sk-ant")
                .containsEntry("anthropic-version", "2023-06-01")
                .containsEntry("anthropic-beta", "a-1,b-2")
                .containsEntry("Accept", "text/event-stream")
                .doesNotContainKey("Authorization")
                .doesNotContainKey("authorization");
        assertThat(AnthropicProvider.headers(
                        bytes("k"), false, Map.of("anthropic-version", "2024-01-02", "anthropic-beta", "a\r\nb: c")))
                .containsEntry("anthropic-version", "2024-01-02")
                .containsEntry("Accept", "application/json")
                .doesNotContainKey("anthropic-beta");
    }

    @Test
    void shows_clients_limits_and_ids_and_nothing_of_the_organization() {
        assertThat(List.of("request-id", "retry-after", "x-should-retry", "anthropic-ratelimit-unified-status"))
                .allMatch(AnthropicProvider::passesOn);
        assertThat(List.of("anthropic-organization-id", "set-cookie", "server", "cf-ray"))
                .noneMatch(AnthropicProvider::passesOn);
    }

    private static ProviderError error(JsonNode reported) {
        JsonNode headers = reported.has("headers_constructed")
                ? reported.path("headers_constructed")
                : reported.path("headers_as_reported");
        return AnthropicProvider.error(
                reported.path("status").asInt(),
                name -> headers.path(name).isTextual() ? headers.path(name).asText() : null,
                bytes(reported.path("body").toString()));
    }

    private static @Nullable Duration wait(Map<String, String> headers) {
        return AnthropicProvider.error(429, headers::get, new byte[0]).retryAfter();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
