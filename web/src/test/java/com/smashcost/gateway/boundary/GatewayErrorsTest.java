package com.smashcost.gateway.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.smashcost.provider.control.Dialect;
import com.smashcost.refusal.control.Refusal;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GatewayErrorsTest {

    private static final Duration WAIT = Duration.ofMillis(2_500);

    static Stream<Arguments> refusals() {
        return Stream.of(
                arguments(new Refusal.BadRequest("a_code", "Why.", "model"), 400, "invalid_request_error"),
                arguments(new Refusal.Unauthenticated("a_code", "Why."), 401, "authentication_error"),
                arguments(new Refusal.Forbidden("a_code", "Why."), 403, "permission_error"),
                arguments(new Refusal.NotFound("a_code", "Why."), 404, "invalid_request_error"),
                arguments(new Refusal.Conflict("a_code", "Why."), 409, "invalid_request_error"),
                arguments(new Refusal.TooLarge("a_code", "Why."), 413, "invalid_request_error"),
                arguments(new Refusal.TooManyRequests("a_code", "Why.", WAIT), 429, "requests"),
                arguments(new Refusal.UpstreamFailed("a_code", "Why.", 502), 502, "server_error"),
                arguments(new Refusal.Unavailable("a_code", "Why.", WAIT), 503, "server_error"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void say_in_the_dialect_why_a_request_was_refused(Refusal refusal, int status, String type) {
        Response response = GatewayErrors.of(refusal, Dialect.OPENAI_CHAT);
        assertThat(response.getStatus()).isEqualTo(status);
        assertThat(response.getMediaType()).hasToString("application/json");
        JsonObject error = error(response);
        assertThat(error.getString("type")).isEqualTo(type);
        assertThat(error.getString("code")).isEqualTo("a_code");
        assertThat(error.getString("message")).isEqualTo("Why.");
        assertThat(error.get("param")).isEqualTo(status == 400 ? Json.createValue("model") : JsonValue.NULL);
        assertThat(response.getHeaderString("WWW-Authenticate")).isEqualTo(status == 401 ? "Bearer" : null);
        assertThat(response.getHeaderString("Connection")).isEqualTo(status == 413 ? "close" : null);
        boolean later = status == 429 || status == 503;
        assertThat(response.getHeaderString("Retry-After")).isEqualTo(later ? "3" : null);
        assertThat(response.getHeaderString("retry-after-ms")).isEqualTo(later ? "2500" : null);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 1, 1",
        "PT-3S, 1, 1",
        "PT0.000001S, 1, 1",
        "PT1S, 1000, 1",
        "PT1.0001S, 1001, 2",
        "PT1.999S, 1999, 2",
        "PT59.9999S, 60000, 60",
        "PT60S, 60000, 60"
    })
    void never_ask_to_come_back_too_early(Duration wait, String millis, String seconds) {
        Response response = GatewayErrors.of(new Refusal.Unavailable("a_code", "Why.", wait), Dialect.OPENAI_CHAT);
        assertThat(response.getHeaderString("retry-after-ms")).isEqualTo(millis);
        assertThat(response.getHeaderString("Retry-After")).isEqualTo(seconds);
    }

    static Stream<Arguments> problemsOfTheContainer() {
        return Stream.of(
                arguments(new NotFoundException("secret words"), 404, "unknown_url"),
                arguments(new NotAllowedException("POST"), 405, "method_not_allowed"),
                arguments(new NotSupportedException("secret words"), 415, "invalid_request"),
                arguments(new WebApplicationException("secret words", 400), 400, "invalid_request"));
    }

    @ParameterizedTest
    @MethodSource("problemsOfTheContainer")
    void speak_for_the_container_too_and_repeat_nothing(Throwable problem, int status, String code) {
        Response response = GatewayErrors.of(problem, Dialect.OPENAI_CHAT);
        assertThat(response.getStatus()).isEqualTo(status);
        assertThat(error(response).getString("code")).isEqualTo(code);
        assertThat(error(response).toString()).doesNotContain("secret");
    }

    @Test
    void tell_nobody_what_went_wrong_inside() {
        Response response =
                GatewayErrors.of(new IllegalStateException("the prompt was: secret words"), Dialect.OPENAI_CHAT);
        assertThat(response.getStatus()).isEqualTo(500);
        assertThat(error(response).getString("code")).isEqualTo("internal_error");
        assertThat(error(response).toString()).doesNotContain("secret", "IllegalState");
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error",
        "401, authentication_error",
        "403, permission_error",
        "404, not_found_error",
        "413, request_too_large",
        "429, rate_limit_error",
        "503, overloaded_error"
    })
    void speak_to_anthropic_clients_as_anthropic_does(int status, String type) {
        Refusal refused = (Refusal) refusals()
                .filter(arguments -> arguments.get()[1].equals(status))
                .findFirst()
                .orElseThrow()
                .get()[0];
        Response response = GatewayErrors.of(refused, Dialect.ANTHROPIC_MESSAGES);
        assertThat(response.getStatus()).isEqualTo(status);
        String body = new String((byte[]) response.getEntity(), StandardCharsets.UTF_8);
        assertThat(body).startsWith("{\"type\":\"error\"");
        assertThat(error(response).getString("type")).isEqualTo(type);
        assertThat(error(response).getString("message")).contains("Why.");
    }

    private static JsonObject error(Response response) {
        try (JsonReader reader = Json.createReader(new ByteArrayInputStream((byte[]) response.getEntity()))) {
            return reader.readObject().getJsonObject("error");
        }
    }
}
