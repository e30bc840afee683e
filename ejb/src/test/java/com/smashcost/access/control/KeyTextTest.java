package com.smashcost.access.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("G16")
class KeyTextTest {

    private static final String BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    @Test
    void has_a_prefix_a_public_id_a_secret_and_a_check() {
        KeyText key = KeyText.mint();
        assertThat(key.reveal()).matches("sc_[0-9A-Za-z]{8}[0-9A-Za-z]{30}[0-9A-Za-z]{6}");
        assertThat(key.publicId()).isEqualTo(key.reveal().substring(3, 11));
    }

    @Test
    void ends_in_the_crc_of_all_before_it() {
        String text = KeyText.mint().reveal();
        assertThat(text.substring(41)).isEqualTo(base62(crc(text.substring(0, 41))));
    }

    @Test
    void is_read_back_as_it_was_minted() {
        KeyText key = KeyText.mint();
        assertThat(KeyText.parse(key.reveal()))
                .hasValueSatisfying(parsed -> assertThat(parsed.reveal()).isEqualTo(key.reveal()));
    }

    @Test
    void is_never_minted_twice_nor_with_the_same_public_id() {
        Set<String> keys = new HashSet<>();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            KeyText key = KeyText.mint();
            keys.add(key.reveal());
            ids.add(key.publicId());
        }
        assertThat(keys).hasSize(20_000);
        assertThat(ids).hasSize(20_000);
    }

    @Test
    void uses_every_character_at_every_place_of_its_secret() {
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 3_000; i++) {
            String text = KeyText.mint().reveal();
            IntStream.range(3, 41).forEach(place -> seen.add(place * 128 + text.charAt(place)));
        }
        assertThat(seen).hasSize(38 * 62);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "sc_", "sk-abcdefghijklmnop", "sc_\u0660\u0661", "SC_", "Bearer "})
    void that_is_none_is_told_without_an_exception(String text) {
        assertThat(KeyText.parse(text)).isEmpty();
    }

    @Test
    void with_anything_around_it_is_none() {
        String text = KeyText.mint().reveal();
        for (String other : new String[] {
            text + " ", " " + text, text + "\n", text + "\0", text.substring(1), text.substring(0, 46), text + text
        }) {
            assertThat(KeyText.parse(other)).as(other.length() + " characters").isEmpty();
        }
    }

    @Test
    void with_letters_of_another_script_is_none_even_where_their_low_bytes_agree() {
        String text = KeyText.mint().reveal();
        char[] lookalike = text.toCharArray();
        lookalike[20] = (char) (lookalike[20] + 0x100);
        assertThat(KeyText.parse(new String(lookalike))).isEmpty();
    }

    @Test
    void never_prints_its_secret() {
        KeyText key = KeyText.mint();
        String secret = key.reveal().substring(11);
        assertThat(key.toString()).isEqualTo("sc_" + key.publicId() + "…").doesNotContain(secret.substring(0, 3));
        assertThat(KeyText.parse(key.reveal()).toString()).doesNotContain(secret);
    }

    private static long crc(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        return crc.getValue();
    }

    private static String base62(long value) {
        StringBuilder digits = new StringBuilder();
        for (long rest = value; digits.length() < 6; rest /= 62) {
            digits.insert(0, BASE62.charAt((int) (rest % 62)));
        }
        return digits.toString();
    }
}
