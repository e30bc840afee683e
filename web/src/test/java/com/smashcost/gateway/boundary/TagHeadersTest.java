package com.smashcost.gateway.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.smashcost.ledger.entity.LedgerEntry.Tags;
import com.smashcost.refusal.control.Refusal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("G49")
class TagHeadersTest {

    private static final String CUSTOMER = "X-SmashCost-Tag-Customer";
    private static final String FEATURE = "X-SmashCost-Tag-Feature";

    @Test
    void are_read_from_their_headers() {
        assertThat(TagHeaders.read(StubRequest.with(CUSTOMER, "acme", FEATURE, "search")))
                .isEqualTo(new Tags("acme", "search"));
        assertThat(TagHeaders.read(StubRequest.with(FEATURE, "search"))).isEqualTo(new Tags(null, "search"));
        assertThat(TagHeaders.read(StubRequest.with())).isEqualTo(Tags.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t", "\u00A0", "\u3000\u2003"})
    void are_absent_where_there_is_nothing_to_see(String blank) {
        assertThat(customer(utf8AsLatin1(blank))).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "'  acme  ', acme",
        "a b, a b",
        "Müller, Müller",
        "Müller & Söhne – Köln, Müller & Söhne – Köln",
        "日本語, 日本語",
        "🙂, 🙂",
        "' 日本 ', 日本"
    })
    void are_read_as_utf_8_though_the_container_reads_latin_1(String sent, String tag) {
        assertThat(customer(utf8AsLatin1(sent))).isEqualTo(tag);
    }

    @Test
    void are_read_as_latin_1_where_they_are_no_utf_8() {
        assertThat(customer("M\u00FCller")).isEqualTo("Müller");
        assertThat(customer("\u00C3")).isEqualTo("Ã");
    }

    @Test
    void are_composed_so_that_the_same_word_is_the_same_tag() {
        assertThat(customer(utf8AsLatin1("Mu\u0308ller"))).isEqualTo("M\u00FCller");
        assertThat(customer(utf8AsLatin1("\u212Bngstro\u0308m"))).isEqualTo("\u00C5ngstr\u00F6m");
    }

    @Test
    void have_up_to_128_characters_counted_as_people_do() {
        assertThat(customer("a".repeat(128))).hasSize(128);
        assertThat(customer(utf8AsLatin1("🙂".repeat(128)))).isEqualTo("🙂".repeat(128));
        assertThat(customer(utf8AsLatin1("u\u0308".repeat(128)))).isEqualTo("ü".repeat(128));
        assertThat(customer(" " + "a".repeat(128) + " ")).hasSize(128);
        assertRefused("a".repeat(129));
        assertRefused(utf8AsLatin1("🙂".repeat(129)));
        assertRefused("a".repeat(100_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\u0000b",
                "a\u001Bb",
                "a\u007Fb",
                "a\u0085b",
                "a\tb",
                "a\u200Bb",
                "a\u200Eb",
                "a\u202Eb",
                "a\u2066b",
                "a\u2028b",
                "a\uFEFFb",
                "a\u00ADb",
                "a\uE000b",
                "a\uFFFFb",
                "a\uDB40\uDC41b",
                "a\u0378b"
            })
    void are_refused_where_they_hold_what_cannot_be_seen_or_turns_the_line_around(String tag) {
        assertRefused(utf8AsLatin1(tag));
    }

    @Test
    void are_kept_as_they_are_where_they_look_like_code() {
        for (String tag :
                new String[] {"<script>alert(1)</script>", "=cmd|' /C calc'!A0", "'; DROP TABLE tag; --", "%_\\"}) {
            assertThat(customer(tag)).isEqualTo(tag);
        }
    }

    private static @Nullable String customer(String header) {
        return TagHeaders.read(StubRequest.with(CUSTOMER, header)).customer();
    }

    private static void assertRefused(String header) {
        assertThatExceptionOfType(Refusal.BadRequest.class)
                .isThrownBy(() -> customer(header))
                .withMessageContaining(CUSTOMER)
                .withMessageNotContaining(header)
                .satisfies(refusal -> {
                    assertThat(refusal.code()).isEqualTo("invalid_tag");
                    assertThat(refusal.param()).isEqualTo(CUSTOMER);
                });
    }

    private static String utf8AsLatin1(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
