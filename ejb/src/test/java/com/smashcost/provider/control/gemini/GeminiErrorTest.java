package com.smashcost.provider.control.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.ProviderError;
import com.smashcost.provider.control.ProviderError.Kind;
import com.smashcost.provider.control.WireRecording;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiErrorTest {

    /** Each error that was recorded or reported, with what it means. */
    private static final Map<String, Expectation> MEANINGS = Map.ofEntries(
            Map.entry("gemini/generateContent/http400.gemini-2.5-flash", of(401, Kind.CREDENTIAL, "invalid_api_key")),
            Map.entry("gemini/generateContent/http403.gemini-2.0-flash", of(403, Kind.CREDENTIAL, "PERMISSION_DENIED")),
            Map.entry("gemini/generateContent/http404.gemini-3.6-flahs", of(404, Kind.NOT_FOUND, "model_not_found")),
            Map.entry("gemini/countTokens/http404.nonexistent-model", of(404, Kind.NOT_FOUND, "model_not_found")),
            Map.entry(
                    "gemini/generateContent/http429.gemini-2.5-flash",
                    of(429, Kind.RATE_LIMIT, "rate_limit_exceeded", Duration.ofSeconds(48))),
            Map.entry(
                    "gemini-vertex/generateContent/http400-tool-result-turn-fileData.gemini-3-flash-preview",
                    of(400, Kind.INVALID_REQUEST, "INVALID_ARGUMENT")),
            Map.entry("400-missing-thought-signature.json", of(400, Kind.INVALID_REQUEST, "INVALID_ARGUMENT")),
            Map.entry("400-unknown-schema-keyword.json", of(400, Kind.INVALID_REQUEST, "INVALID_ARGUMENT")),
            Map.entry("500-internal.json", of(500, Kind.SERVER, "INTERNAL")),
            Map.entry("503-unavailable.json", of(503, Kind.OVERLOADED, "UNAVAILABLE")));

    record Expectation(
            int status, Kind kind, String code, @Nullable Duration retryAfter) {}

    private static Expectation of(int status, Kind kind, String code) {
        return new Expectation(status, kind, code, null);
    }

    private static Expectation of(int status, Kind kind, String code, Duration retryAfter) {
        return new Expectation(status, kind, code, retryAfter);
    }

    @Test
    void knows_what_each_recorded_error_means() {
        var recorded = Stream.of("generateContent", "streamGenerateContent", "countTokens", "embeddings")
                .flatMap(endpoint -> GeminiTraffic.exchanges(endpoint).stream())
                .filter(exchange -> exchange.status() >= 400)
                .toList();
        assertThat(recorded).hasSize(6);
        for (WireRecording exchange : recorded) {
            ProviderError error = GeminiProvider.error(
                    exchange.status(), name -> exchange.headers().get(name), exchange.body());
            assertMeans(exchange.name(), error);
            assertThat(error.message())
                    .isEqualTo(Json.read(exchange.body())
                            .orElseThrow()
                            .path("error")
                            .path("message")
                            .asText());
        }
    }

    @Test
    void knows_what_each_reported_error_means_also_within_an_array() {
        assertThat(GeminiTraffic.reportedErrors()).hasSize(4);
        GeminiTraffic.reportedErrors().forEach((name, report) -> {
            int status = report.path("status").asInt();
            byte[] body = Json.bytes(report.path("body"));
            ProviderError error = GeminiProvider.error(status, header -> null, body);
            assertMeans(name, error);
            String array = "[" + new String(body, StandardCharsets.UTF_8) + "]";
            assertThat(error(status, array)).isEqualTo(error);
            assertThat(error(200, array)).isEqualTo(error);
        });
    }

    private static void assertMeans(String name, ProviderError error) {
        Expectation meaning = Objects.requireNonNull(MEANINGS.get(name), name);
        assertThat(new Expectation(
                        error.status(), error.kind(), Objects.requireNonNull(error.code()), error.retryAfter()))
                .as(name)
                .isEqualTo(meaning);
    }

    @Test
    void waits_as_long_as_the_details_say() {
        byte[] body = GeminiTraffic.fixture("google-429-retry-info.json");
        ProviderError error = GeminiProvider.error(429, name -> "99", body);
        assertThat(error.kind()).isEqualTo(Kind.RATE_LIMIT);
        assertThat(error.retryAfter()).isEqualTo(Duration.ofMillis(34_400));
    }

    @Test
    void waits_as_long_as_the_header_or_the_message_says_else() {
        assertThat(GeminiProvider.error(503, Map.of("retry-after", "7")::get, new byte[0])
                        .retryAfter())
                .isEqualTo(Duration.ofSeconds(7));
        assertThat(GeminiProvider.error(503, Map.of("retry-after", "Fri, 31 Dec 1999 23:59:59 GMT")::get, new byte[0])
                        .retryAfter())
                .isNull();
        assertThat(error(429, "{\"error\":{\"message\":\"Please retry in 48.939935699s.\"}}")
                        .retryAfter())
                .isEqualTo(Duration.ofMillis(48_939));
    }

    @ParameterizedTest
    @CsvSource({
        "400,'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',400,CONTEXT_LENGTH,context_length_exceeded",
        "400,'The input token count exceeds the maximum number of tokens allowed 32768.',400,CONTEXT_LENGTH,context_length_exceeded",
        "400,'Request payload size exceeds the limit: 20971520 bytes.',413,TOO_LARGE,request_too_large",
        "400,'API key expired. Please renew the API key.',401,CREDENTIAL,invalid_api_key",
        "400,'User location is not supported for the API use.',403,CREDENTIAL,unsupported_country_region_territory",
        "400,'Something else.',400,INVALID_REQUEST,",
        "401,'Request had invalid authentication credentials.',401,CREDENTIAL,invalid_api_key",
        "402,'Pay.',402,QUOTA,insufficient_quota",
        "413,'Too large.',413,TOO_LARGE,request_too_large",
        "429,'Your prepayment credits are depleted.',429,QUOTA,insufficient_quota",
        "429,'Resource has been exhausted.',429,RATE_LIMIT,rate_limit_exceeded",
        "499,'Cancelled.',499,INVALID_REQUEST,",
        "502,'Bad gateway.',502,SERVER,",
        "504,'Too slow.',504,TIMEOUT,",
        "204,'No content.',502,SERVER,"
    })
    void knows_what_a_status_and_a_message_mean(
            int status, String message, int real, Kind kind, @Nullable String code) {
        ObjectNode body = Json.object();
        body.putObject("error").put("message", message);
        assertThat(error(status, Json.text(body))).isEqualTo(new ProviderError(real, kind, code, message, null, null));
    }

    @Test
    void knows_a_refused_key_by_its_reason_whatever_the_words_are() {
        ProviderError error = error(
                400,
                "{\"error\":{\"status\":\"INVALID_ARGUMENT\",\"details\":[{\"reason\":\"API_KEY_SERVICE_BLOCKED\"}]}}");
        assertThat(error).isEqualTo(new ProviderError(401, Kind.CREDENTIAL, "invalid_api_key", null, null, null));
    }

    @Test
    void does_not_wait_where_nothing_is_allowed_at_all() {
        ProviderError error = error(
                429,
                "{\"error\":{\"message\":\"You exceeded your current quota\",\"details\":[{\"violations\":[{\"quotaValue\":\"0\"}]},"
                        + "{\"retryDelay\":\"30s\"}]}}");
        assertThat(error.kind()).isEqualTo(Kind.QUOTA);
        assertThat(error.retryAfter()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>502</html>",
                "null",
                "[]",
                "[[]]",
                "{\"error\":\"no\"}",
                "{\"error\":{\"message\":{},\"details\":7}}",
                "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}"
            })
    void takes_any_body(String body) {
        assertThat(error(503, body)).isEqualTo(new ProviderError(503, Kind.OVERLOADED, null, null, null, null));
    }

    @Property(tries = 300)
    void never_fails(@ForAll int status, @ForAll byte[] body, @ForAll String header) {
        assertThat(GeminiProvider.error(status, name -> header, body).status()).isBetween(400, 599);
    }

    private static ProviderError error(int status, String body) {
        return GeminiProvider.error(status, name -> null, body.getBytes(StandardCharsets.UTF_8));
    }
}
