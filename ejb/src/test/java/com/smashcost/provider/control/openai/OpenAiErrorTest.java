package com.smashcost.provider.control.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.provider.control.Recordings;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiErrorTest {

    static List<Recordings.Whole> errors() {
        return Recordings.errors();
    }

    @ParameterizedTest
    @MethodSource("errors")
    void recognises_the_errors_that_providers_sent(Recordings.Whole reported) {
        assertThat(OpenAiError.isOne(reported.bytes())).isTrue();
    }

    @Test
    void recognises_the_recorded_errors() {
        assertThat(Recordings.wholes().stream().filter(exchange -> exchange.status() >= 400))
                .isNotEmpty()
                .allMatch(exchange -> OpenAiError.isOne(exchange.bytes()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html><head><title>502 Bad Gateway</title></head></html>",
                "{\"message\":\"no\"}",
                "{\"error\":\"no\"}",
                "{\"error\":null}",
                "[{\"error\":{\"message\":\"no\"}}]",
                "{\"errors\":{\"message\":\"no\"}}",
                "{\"detail\":{\"error\":{}}}",
                "{\"error\":{\"message\":\"no\"}",
                "{\"error\":{}} and more"
            })
    void takes_nothing_else_for_one(String body) {
        assertThat(OpenAiError.isOne(body.getBytes(StandardCharsets.UTF_8))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error",
        "401, authentication_error",
        "403, permission_error",
        "404, invalid_request_error",
        "413, invalid_request_error",
        "429, requests",
        "500, server_error",
        "502, server_error",
        "503, server_error",
        "504, server_error"
    })
    void says_what_went_wrong_as_clients_expect_it(int status, String type) {
        JsonObject error = error(OpenAiError.body(status, "a_code", "A \"sentence\" – with\nall.", "model"));
        assertThat(error.getString("type")).isEqualTo(type);
        assertThat(error.getString("code")).isEqualTo("a_code");
        assertThat(error.getString("message")).isEqualTo("A \"sentence\" – with\nall.");
        assertThat(error.getString("param")).isEqualTo("model");
        assertThat(error).hasSize(4);
        assertThat(error(OpenAiError.body(status, "a_code", "", null)).get("param"))
                .isEqualTo(JsonValue.NULL);
    }

    @Test
    void ends_a_stream_in_one_event_that_no_line_end_in_its_message_can_break() {
        String event = new String(OpenAiError.event(502, "upstream_closed_early", "a\nb\r\nc"), StandardCharsets.UTF_8);
        assertThat(event).startsWith("data: {").endsWith("}\n\n");
        assertThat(event.strip()).doesNotContain("\n", "\r");
        JsonObject error = error(event.substring(6).strip().getBytes(StandardCharsets.UTF_8));
        assertThat(error.get("code"))
                .isInstanceOfSatisfying(
                        JsonString.class, code -> assertThat(code.getString()).isEqualTo("upstream_closed_early"));
    }

    private static JsonObject error(byte[] body) {
        assertThat(OpenAiError.isOne(body)).isTrue();
        return Recordings.json(body).asJsonObject().getJsonObject("error");
    }
}
