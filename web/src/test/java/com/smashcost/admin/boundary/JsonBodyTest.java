package com.smashcost.admin.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.smashcost.refusal.control.Refusal;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBodyTest {

    @Test
    void reads_members_by_their_types() {
        JsonBody body = body("""
                {"a": "text", "b": 7, "c": "0.0000025", "d": 2.5e-6, "e": true, "f": "2026-11-21T21:00:00+01:00",
                 "g": null}""");

        assertThat(body.text("a")).isEqualTo("text");
        assertThat(body.whole("b")).isEqualTo(7);
        assertThat(body.decimal("c")).isEqualByComparingTo("0.0000025");
        assertThat(body.decimal("d")).isEqualByComparingTo("0.0000025");
        assertThat(body.flag("e")).isTrue();
        assertThat(body.instant("f")).isEqualTo(Instant.parse("2026-11-21T20:00:00Z"));
        assertThat(body.text("g")).isNull();
        assertThat(body.has("g")).isTrue();
        assertThat(body.has("h")).isFalse();
        assertThat(body.text("h")).isNull();
    }

    @Test
    void says_exactly_what_it_says() {
        JsonBody body = body("{\"a\": \"acme\", \"b\": true}");

        assertThat(body.says("a", "acme")).isTrue();
        assertThat(body.says("a", "Acme")).isFalse();
        assertThat(body.says("a", "acme ")).isFalse();
        assertThat(body.says("b", "true")).isFalse();
        assertThat(body.says("c", "null")).isFalse();
    }

    @Test
    void is_an_empty_object_when_there_is_none() {
        assertThat(body("").has("a")).isFalse();
    }

    @Test
    void refuses_members_that_nobody_asked_for_by_name() {
        assertThatExceptionOfType(Refusal.BadRequest.class)
                .isThrownBy(() -> body("{\"a\": 1, \"colour\": 2}"))
                .satisfies(refusal -> {
                    assertThat(refusal.code()).isEqualTo("unknown_member");
                    assertThat(refusal.param()).isEqualTo("colour");
                })
                .withMessageContaining("colour");
    }

    @Test
    void does_not_repeat_what_is_no_name() {
        assertThatExceptionOfType(Refusal.BadRequest.class)
                .isThrownBy(() -> body("{\"<script>\": 1}"))
                .withMessageNotContaining("script");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{", "[]", "7", "\"a\"", "null", "{\"a\": 1,}", "{\"a\": 1} x", "{\"a\": 1, \"a\": 2}", "{a: 1}"
            })
    void refuses_what_is_not_one_object(String text) {
        assertThatExceptionOfType(Refusal.BadRequest.class)
                .isThrownBy(() -> body(text))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("malformed_json"));
    }

    @Test
    void refuses_a_body_that_is_deep_or_large() {
        assertThatExceptionOfType(Refusal.BadRequest.class)
                .isThrownBy(() -> body("{\"a\": " + "[".repeat(20_000) + "]".repeat(20_000) + "}"));
        assertThatExceptionOfType(Refusal.TooLarge.class)
                .isThrownBy(() -> body("{\"a\": \"" + "x".repeat(70_000) + "\"}"));
    }

    @Test
    void refuses_values_of_the_wrong_type_by_name() {
        JsonBody body =
                body("{\"a\": 1, \"b\": \"x\", \"c\": 1.5, \"d\": 1e999999999, \"e\": {}, \"f\": \"yesterday\"}");

        assertRefused("a", () -> body.text("a"));
        assertRefused("a", () -> body.flag("a"));
        assertRefused("a", () -> body.object("a"));
        assertRefused("b", () -> body.whole("b"));
        assertRefused("b", () -> body.decimal("b"));
        assertRefused("c", () -> body.whole("c"));
        assertRefused("d", () -> body.whole("d"));
        assertRefused("d", () -> body.decimal("d"));
        assertRefused("e", () -> body.each("e", Set.of(), element -> {}));
        assertRefused("f", () -> body.instant("f"));
        assertRefused("f", () -> body.date("f"));
    }

    @Test
    void reads_the_objects_of_an_array() {
        List<String> names = new ArrayList<>();

        body("{\"a\": [{\"name\": \"x\"}, {\"name\": \"y\"}]}")
                .each("a", Set.of("name"), element -> names.add(String.valueOf(element.text("name"))));

        assertThat(names).containsExactly("x", "y");
    }

    private static void assertRefused(String field, Runnable read) {
        assertThatExceptionOfType(Refusal.BadRequest.class)
                .isThrownBy(read::run)
                .satisfies(refusal -> assertThat(refusal.param()).isEqualTo(field));
    }

    static JsonBody body(String text) {
        return JsonBody.read(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                Set.of("a", "b", "c", "d", "e", "f", "g"));
    }
}
