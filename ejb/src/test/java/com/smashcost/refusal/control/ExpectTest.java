package com.smashcost.refusal.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpectTest {

    @Test
    void takes_text_without_the_blanks_around_it() {
        assertThat(Expect.text("name", "  Ünïcode & Söhne 🙂 ", 50)).isEqualTo("Ünïcode & Söhne 🙂");
        assertThat(Expect.text("name", "🙂🙂", 2)).isEqualTo("🙂🙂");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "abcd", "a\nb", "a\u0000", "\u202Eab", "\u2066a", "\uD800"})
    void refuses_text_that_is_empty_long_or_not_what_it_seems(String text) {
        assertThatExceptionOfType(Refusal.BadRequest.class)
                .isThrownBy(() -> Expect.text("name", text, 3))
                .withMessageContaining("name")
                .satisfies(refusal -> assertThat(refusal.param()).isEqualTo("name"));
    }

    @Test
    void refuses_numbers_beyond_their_limits() {
        assertThat(Expect.within("days", 1, 1, 3)).isEqualTo(1);
        assertThat(Expect.within("days", 3, 1, 3)).isEqualTo(3);
        assertThatExceptionOfType(Refusal.BadRequest.class).isThrownBy(() -> Expect.within("days", 0, 1, 3));
        assertThatExceptionOfType(Refusal.BadRequest.class).isThrownBy(() -> Expect.within("days", 4, 1, 3));
    }

    @Test
    void refuses_decimals_that_are_negative_large_or_too_fine() {
        assertThat(Expect.below("price", new BigDecimal("0.100"), BigDecimal.ONE, 1))
                .isEqualByComparingTo("0.1");
        for (String decimal : new String[] {"-0.1", "1", "1E+3", "0.11"}) {
            assertThatExceptionOfType(Refusal.BadRequest.class)
                    .isThrownBy(() -> Expect.below("price", new BigDecimal(decimal), BigDecimal.ONE, 1));
        }
    }

    @Test
    void refuses_what_is_missing() {
        assertThatExceptionOfType(Refusal.BadRequest.class)
                .isThrownBy(() -> Expect.text("name", null, 3))
                .withMessage("name is missing");
    }
}
