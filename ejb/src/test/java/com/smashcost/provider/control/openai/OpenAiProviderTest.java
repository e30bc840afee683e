package com.smashcost.provider.control.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.provider.control.ProviderError;
import com.smashcost.provider.control.ProviderError.Kind;
import com.smashcost.provider.control.Recordings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenAiProviderTest {

    @Test
    void sends_the_key_and_the_agreed_headers_and_no_others() {
        byte[] key = "sk-test".getBytes(StandardCharsets.US_ASCII);
        assertThat(OpenAiProvider.headers(key, true, Map.of()))
                .isEqualTo(Map.of(
                        "Accept", "text/event-stream", "User-Agent", "SmashCost", "Authorization", "Bearer sk-test"));
        assertThat(OpenAiProvider.headers(key, false, Map.of("openai-beta", "assistants=v2", "cookie", "a=b")))
                .containsEntry("Accept", "application/json")
                .containsEntry("OpenAI-Beta", "assistants=v2")
                .hasSize(4);
    }

    @Test
    void passes_on_only_headers_of_a_provider_that_are_for_clients() {
        assertThat(List.of(
                        "content-type",
                        "x-request-id",
                        "retry-after",
                        "retry-after-ms",
                        "x-should-retry",
                        "x-ratelimit-remaining-tokens",
                        "openai-processing-ms"))
                .allMatch(OpenAiProvider::passesOn);
        assertThat(List.of(
                        "set-cookie",
                        "openai-organization",
                        "server",
                        "cf-ray",
                        "alt-svc",
                        "transfer-encoding",
                        "content-length",
                        "content-encoding",
                        "connection",
                        "strict-transport-security",
                        "access-control-allow-origin",
                        "location"))
                .noneMatch(OpenAiProvider::passesOn);
    }

    @ParameterizedTest
    @CsvSource({
        "400, context_length_exceeded, , CONTEXT_LENGTH, context_length_exceeded",
        "400, unsupported_parameter, , INVALID_REQUEST, unsupported_parameter",
        "401, invalid_api_key, , CREDENTIAL, invalid_api_key",
        "403, , , CREDENTIAL, ",
        "404, model_not_found, , NOT_FOUND, model_not_found",
        "413, rate_limit_exceeded, , RATE_LIMIT, rate_limit_exceeded",
        "429, rate_limit_exceeded, tokens, RATE_LIMIT, rate_limit_exceeded",
        "429, insufficient_quota, insufficient_quota, QUOTA, insufficient_quota",
        "500, , server_error, SERVER, server_error",
        "503, server_is_overloaded, , OVERLOADED, server_is_overloaded"
    })
    void knows_what_an_error_means(
            int status, @Nullable String code, @Nullable String type, Kind kind, @Nullable String told) {
        String body = "{\"error\":{\"message\":\"m\",\"type\":%s,\"param\":\"p\",\"code\":%s}}"
                .formatted(quoted(type), quoted(code));
        ProviderError error = error(status, body, Map.of());
        assertThat(error.kind()).isEqualTo(kind);
        assertThat(error.status()).isEqualTo(status);
        assertThat(error.code()).isEqualTo(told);
        assertThat(error.message()).isEqualTo("m");
        assertThat(error.param()).isEqualTo("p");
    }

    private static String quoted(@Nullable String text) {
        return text == null ? "null" : '"' + text + '"';
    }

    @Test
    void takes_any_body_for_an_error() {
        for (String body : List.of("", "<html>busy</html>", "[1]", "\u0000")) {
            assertThat(error(503, body, Map.of()).kind()).isEqualTo(Kind.OVERLOADED);
            assertThat(error(503, body, Map.of()).message()).isNull();
        }
    }

    @Test
    void has_a_meaning_for_every_reported_error() {
        assertThat(Recordings.errors()).hasSizeGreaterThan(5).allSatisfy(reported -> {
            ProviderError error =
                    error(reported.status(), new String(reported.bytes(), StandardCharsets.UTF_8), Map.of());
            assertThat(error.status()).isEqualTo(reported.status() == 498 ? 503 : reported.status());
        });
    }

    @ParameterizedTest
    @CsvSource({
        "7, , PT7S",
        "0.25, , PT0.25S",
        "9, 120, PT0.12S",
        "tomorrow, , ",
        "99999999999, , ",
        "-1, , ",
        "'Wed, 21 Oct 2015 07:28:00 GMT', , "
    })
    void knows_how_long_to_wait(@Nullable String seconds, @Nullable String millis, @Nullable Duration wait) {
        Map<String, String> headers = new java.util.HashMap<>();
        if (seconds != null) {
            headers.put("retry-after", seconds);
        }
        if (millis != null) {
            headers.put("retry-after-ms", millis);
        }
        assertThat(error(429, "{}", headers).retryAfter()).isEqualTo(wait);
    }

    private static ProviderError error(int status, String body, Map<String, String> headers) {
        return OpenAiProvider.error(status, headers::get, body.getBytes(StandardCharsets.UTF_8));
    }
}
