package com.smashcost.provider.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.smashcost.refusal.control.Refusal;
import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("G5")
class ClientBodyTest {

    static List<JsonObject> requests() {
        return Recordings.requests();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void reads_every_recorded_request_and_sends_its_very_bytes_unless_it_streams_without_usage(JsonObject recorded) {
        byte[] body = bytes(recorded.toString());
        ClientBody request = chat(body);
        boolean stream = recorded.getBoolean("stream", false);
        boolean usage = recorded.containsKey("stream_options")
                && recorded.getJsonObject("stream_options").getBoolean("include_usage", false);
        assertThat(request.model()).isEqualTo(recorded.getString("model"));
        assertThat(request.stream()).isEqualTo(stream);
        assertThat(request.withholdsUsage()).isEqualTo(stream && !usage);
        if (!request.withholdsUsage()) {
            assertThat(request.bodyFor(request.model())).singleElement().satisfies(piece -> {
                assertThat(piece.bytes()).isSameAs(body);
                assertThat(piece.offset()).isZero();
                assertThat(piece.length()).isEqualTo(body.length);
            });
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"model\":\"m\",\"stream\":true}"
                        + "|{\"stream_options\":{\"include_usage\":true},\"model\":\"m\",\"stream\":true}",
                "{ \"model\":\"m\" , \"stream\" : true }"
                        + "|{\"stream_options\":{\"include_usage\":true}, \"model\":\"m\" , \"stream\" : true }",
                "{\"model\":\"m\",\"stream\":true,\"stream_options\":{}}"
                        + "|{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
                "{\"model\":\"m\",\"stream\":true,\"stream_options\": { } }"
                        + "|{\"model\":\"m\",\"stream\":true,\"stream_options\": {\"include_usage\":true } }",
                "{\"stream_options\":{\"include_obfuscation\":false},\"model\":\"m\",\"stream\":true}"
                        + "|{\"stream_options\":{\"include_usage\":true,\"include_obfuscation\":false},\"model\":\"m\","
                        + "\"stream\":true}",
                "{\"stream_options\":{\"include_usage\": false ,\"x\":1},\"model\":\"m\",\"stream\":true}"
                        + "|{\"stream_options\":{\"include_usage\": true ,\"x\":1},\"model\":\"m\",\"stream\":true}",
                "{\"stream_options\":{\"include_usage\":null},\"model\":\"m\",\"stream\":true}"
                        + "|{\"stream_options\":{\"include_usage\":true},\"model\":\"m\",\"stream\":true}",
                "{\"stream_options\" : null , \"model\":\"m\",\"stream\":true}"
                        + "|{\"stream_options\" : {\"include_usage\":true} , \"model\":\"m\",\"stream\":true}",
                "{\"stream_options\":{\"include_usage\":true},\"model\":\"m\",\"stream\":true}"
                        + "|{\"stream_options\":{\"include_usage\":true},\"model\":\"m\",\"stream\":true}",
                "{\"stream_options\":{\"include_usage\":false},\"model\":\"m\",\"stream\":false}"
                        + "|{\"stream_options\":{\"include_usage\":false},\"model\":\"m\",\"stream\":false}",
                "{\"stream_options\":{\"include_usage\":false},\"model\":\"m\",\"stream\":null}"
                        + "|{\"stream_options\":{\"include_usage\":false},\"model\":\"m\",\"stream\":null}",
                "{\"model\":\"m\",\"metadata\":{\"stream\":true,\"stream_options\":null,\"model\":\"x\"}}"
                        + "|{\"model\":\"m\",\"metadata\":{\"stream\":true,\"stream_options\":null,\"model\":\"x\"}}"
            })
    void demands_usage_of_every_stream_and_changes_nothing_else(String body, String sent) {
        ClientBody request = chat(bytes(body));
        assertThat(text(request.bodyFor("m"))).isEqualTo(sent);
        assertThat(request.withholdsUsage()).isEqualTo(!body.equals(sent));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"model\":\"auto\"}|{\"model\":\"gpt-4o\"}",
                "{\"messages\":[{\"model\":\"auto\"}], \"model\" : \"auto\" , \"n\":1}"
                        + "|{\"messages\":[{\"model\":\"auto\"}], \"model\" : \"gpt-4o\" , \"n\":1}",
                "{\"model\":\"\\u0061uto\",\"user\":\"auto\"}|{\"model\":\"gpt-4o\",\"user\":\"auto\"}",
                "{\"stream\":true,\"model\":\"auto\"}"
                        + "|{\"stream_options\":{\"include_usage\":true},\"stream\":true,\"model\":\"gpt-4o\"}",
                "{\"stream\":true,\"model\":\"auto\",\"stream_options\":{\"include_usage\":false}}"
                        + "|{\"stream\":true,\"model\":\"gpt-4o\",\"stream_options\":{\"include_usage\":true}}"
            })
    void names_another_model_and_changes_nothing_else(String body, String sent) {
        ClientBody request = chat(bytes(body));
        assertThat(request.isAuto()).isTrue();
        assertThat(text(request.bodyFor("gpt-4o"))).isEqualTo(sent);
    }

    @Test
    void leaves_a_model_as_the_client_spelled_it() {
        byte[] body = bytes("{\"model\":\"gpt\\u002d4o\"}");
        ClientBody request = chat(body);
        assertThat(request.model()).isEqualTo("gpt-4o");
        assertThat(text(request.bodyFor("gpt-4o"))).isEqualTo("{\"model\":\"gpt\\u002d4o\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "1",
                "\"model\"",
                "[]",
                "[{\"model\":\"m\"}]",
                "{",
                "{\"model\":\"m\"",
                "{\"model\":\"m\"]",
                "{\"model\":\"m\",}",
                "{\"model\":\"m\"}}",
                "{\"model\":\"m\"} x",
                "{\"model\":\"m\"}{\"model\":\"m\"}",
                "{\"model\":\"m\"},",
                "{\"model\":\"m\"}\u0000",
                "\u0000{\"model\":\"m\"}",
                "{\"model\":\"m\",\"a\":\"\u0000\"}",
                "{\"model\":\"m\",\"a\":\"\n\"}",
                "{\"model\":\"m\",\"a\":\"\\x\"}",
                "{\"model\":\"m\",\"a\":\"\\u12g4\"}",
                "{\"model\":\"m\",\"a\":01}",
                "{\"model\":\"m\",\"a\":+1}",
                "{\"model\":\"m\",\"a\":.5}",
                "{\"model\":\"m\",\"a\":1.}",
                "{\"model\":\"m\",\"a\":NaN}",
                "{\"model\":\"m\",\"a\":Infinity}",
                "{\"model\":\"m\",\"a\":tru}",
                "{\"model\":\"m\",\"a\":'b'}",
                "{model:\"m\"}",
                "{\"model\":\"m\" /* comment */}",
                "{\"model\":\"m\" // comment\n}",
                "\u2028{\"model\":\"m\"}"
            })
    void refuses_what_is_no_json_object(String body) {
        assertRefused(bytes(body), null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"m\",\"model\":\"n\"}",
                "{\"model\":\"m\",\"mod\\u0065l\":\"n\"}",
                "{\"model\":\"m\",\"a\":1,\"a\":1}",
                "{\"model\":\"m\",\"stream\":true,\"stream\":true}",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"a\",\"role\":\"user\"}]}",
                "{\"model\":\"m\",\"a\":[[[{\"b\":{\"c\":1,\"d\":2,\"c\":3}}]]]}",
                "{\"model\":\"m\",\"stream_options\":{\"include_usage\":true,\"include_usage\":false}}"
            })
    void refuses_a_name_that_an_object_holds_twice_at_any_depth(String body) {
        assertRefused(bytes(body), null);
    }

    @Test
    void takes_a_name_that_different_objects_hold() {
        assertThat(chat(bytes("{\"model\":\"m\",\"a\":{\"a\":{\"a\":1}},\"b\":[{\"c\":1},{\"c\":1}]}"))
                        .model())
                .isEqualTo("m");
    }

    @Test
    void takes_64_levels_and_no_more() {
        assertThat(chat(nested(63)).model()).isEqualTo("m");
        assertThatExceptionOfType(Refusal.BadRequest.class)
                .isThrownBy(() -> chat(nested(64)))
                .withMessageContaining("64 levels");
        assertRefused(nested(1_000_000), null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1e400", "123456789012345678901234567890123456789012345678901234567890", "-0.0e-999", "1E+5"})
    void passes_numbers_on_that_fit_no_machine_word(String number) {
        String body = "{\"model\":\"m\",\"a\":" + number + "}";
        assertThat(text(chat(bytes(body)).bodyFor("m"))).isEqualTo(body);
    }

    @Test
    void refuses_a_number_of_a_thousand_digits() {
        assertRefused(bytes("{\"model\":\"m\",\"a\":1" + "0".repeat(1_000) + "}"), null);
        assertRefused(bytes("{\"model\":\"m\",\"a\":0." + "1".repeat(1_000) + "}"), null);
    }

    @Test
    void refuses_bytes_that_are_no_utf_8() {
        for (byte[] wrong : new byte[][] {
            {(byte) 0x80},
            {(byte) 0xFF},
            {(byte) 0xC3},
            {(byte) 0xC3, 0x28},
            {(byte) 0xE2, (byte) 0x82},
            {(byte) 0xE2, 0x28, (byte) 0xA1},
            {(byte) 0xF0, (byte) 0x9F, (byte) 0x98},
            {(byte) 0xF0, 0x28, (byte) 0x8C, (byte) 0xBC}
        }) {
            assertRefused(concatenated(bytes("{\"model\":\"m\",\"a\":\""), wrong, bytes("\"}")), null);
            assertRefused(concatenated(bytes("{\"model\":\"m\",\""), wrong, bytes("\":1}")), null);
            assertRefused(concatenated(bytes("{\"model\":\""), wrong, bytes("\"}")), null);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-16", "UTF-32BE", "UTF-32LE"})
    void refuses_json_in_another_encoding(String charset) {
        assertRefused("{\"model\":\"m\",\"stream\":true}".getBytes(Charset.forName(charset)), null);
    }

    @Test
    void refuses_a_byte_order_mark() {
        assertRefused(bytes("\uFEFF{\"model\":\"m\"}"), null);
    }

    @Test
    void takes_any_text_a_json_string_can_hold() {
        String body = "{\"model\":\"m\",\"a\":\"\\ud800 \uD83D\uDE42 \\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000 \u007f\u2028\"}";
        assertThat(text(chat(bytes(body)).bodyFor("m"))).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"messages\":[]}",
                "{\"model\":null}",
                "{\"model\":1}",
                "{\"model\":true}",
                "{\"model\":[\"m\"]}",
                "{\"model\":{\"a\":1}}",
                "{\"model\":\"\"}",
                "{\"model\":\" m\"}",
                "{\"model\":\"m\\u0000\"}",
                "{\"model\":\"m\\n\"}",
                "{\"model\":\"<script>\"}",
                "{\"model\":\"m\\\"n\"}",
                "{\"model\":\"modèle\"}",
                "{\"model\":\"=cmd()\"}"
            })
    void refuses_a_model_that_is_missing_or_no_name(String body) {
        assertRefused(bytes(body), "model");
    }

    @Test
    void takes_model_names_of_up_to_128_characters() {
        String longest = "ft:gpt-4o-mini_2024.07/18:org@x+y".repeat(4).substring(0, 128);
        assertThat(chat(bytes("{\"model\":\"" + longest + "\"}")).model()).isEqualTo(longest);
        assertRefused(bytes("{\"model\":\"" + longest + "x\"}"), "model");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"stream\":1|stream",
                "\"stream\":\"true\"|stream",
                "\"stream\":[]|stream",
                "\"stream\":{}|stream",
                "\"stream_options\":true|stream_options",
                "\"stream_options\":\"\"|stream_options",
                "\"stream_options\":[]|stream_options",
                "\"stream_options\":1|stream_options",
                "\"stream_options\":{\"include_usage\":1}|stream_options",
                "\"stream_options\":{\"include_usage\":\"true\"}|stream_options",
                "\"stream_options\":{\"include_usage\":{}}|stream_options",
                "\"stream_options\":{\"include_usage\":[true]}|stream_options"
            })
    void refuses_what_it_acts_on_in_a_wrong_type_and_names_it(String member, String param) {
        assertRefused(bytes("{\"model\":\"m\"," + member + "}"), param);
        assertRefused(bytes("{" + member + ",\"model\":\"m\"}"), param);
    }

    @Test
    void never_repeats_what_the_client_wrote() {
        for (String body : List.of(
                "{\"model\":\"m\",\"secret-word\":\"secret-word\",\"secret-word\":1}",
                "{\"model\":\"m\",\"a\":secret-word}",
                "{\"model\":\"secret word\"}",
                "{\"model\":\"m\",\"stream\":\"secret-word\"}",
                "{\"model\":\"m\"} secret-word")) {
            assertThatExceptionOfType(Refusal.BadRequest.class)
                    .isThrownBy(() -> chat(bytes(body)))
                    .withMessageNotContaining("secret")
                    .withNoCause();
        }
        assertThat(chat(bytes("{\"model\":\"secret-word\"}")).toString()).doesNotContain("secret");
        assertThat(chat(bytes("{\"model\":\"m\"}")).bodyFor("m").toString())
                .contains("13 bytes")
                .doesNotContain("model");
    }

    private static void assertRefused(byte[] body, @Nullable String param) {
        assertThatExceptionOfType(Refusal.BadRequest.class)
                .as(new String(body, 0, Math.min(body.length, 80), StandardCharsets.UTF_8))
                .isThrownBy(() -> chat(body))
                .satisfies(refusal -> assertThat(refusal.param()).isEqualTo(param));
    }

    private static byte[] nested(int depth) {
        return bytes("{\"model\":\"m\",\"a\":" + "[".repeat(depth) + "]".repeat(depth) + "}");
    }

    private static byte[] concatenated(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(whole::writeBytes);
        return whole.toByteArray();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(List<Piece> pieces) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        pieces.forEach(piece -> whole.write(piece.bytes(), piece.offset(), piece.length()));
        return whole.toString(StandardCharsets.UTF_8);
    }

    private static ClientBody chat(byte[] body) {
        return ClientBody.read(body, Dialect.OPENAI_CHAT);
    }
}
