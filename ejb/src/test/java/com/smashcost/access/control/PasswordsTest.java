package com.smashcost.access.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.smashcost.refusal.control.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("G15")
class PasswordsTest {

    private final Passwords passwords = new Passwords(4);

    @ParameterizedTest
    @CsvSource(
            delimiterString = " | ",
            value = {
                "correct horse battery staple | $2b$12$abcdefghijklmnopqrstuu0sDWleciW5uGBGYwxpcgAsh9WK4bWNy",
                "correct horse battery staple | $2a$12$abcdefghijklmnopqrstuu0sDWleciW5uGBGYwxpcgAsh9WK4bWNy",
                "Gr\u00FC\u00DFe an \uD83D\uDD11 | $2b$04$abcdefghijklmnopqrstuuw5CBZh8ptvLAFX9v1A98maBszdYmVjW",
                "ok ok ok | $2y$04$abcdefghijklmnopqrstuu.MxF9lEt3HsRjUXUO.5xWgx4Cbe1H5W"
            })
    void know_the_hashes_that_libxcrypt_makes(String password, String hash) {
        assertThat(passwords.matches(password, hash)).isTrue();
        assertThat(passwords.matches(password + " ", hash)).isFalse();
    }

    @Test
    void take_72_bytes_whole() {
        String longest = "p".repeat(72);

        assertThat(passwords.matches(longest, "$2b$04$abcdefghijklmnopqrstuuNt.0ah97gHY3F7JC1Z6EXmQc0bQBhIO"))
                .isTrue();
        assertThat(passwords.matches(longest, passwords.hash(longest))).isTrue();
        assertThat(passwords.matches("p".repeat(71) + "q", passwords.hash(longest)))
                .isFalse();
    }

    @Test
    void refuse_more_than_72_bytes_where_one_is_set() {
        assertThatExceptionOfType(Refusal.BadRequest.class).isThrownBy(() -> passwords.hash("p".repeat(73)));
        assertThatExceptionOfType(Refusal.BadRequest.class).isThrownBy(() -> passwords.hash("\u00FC".repeat(37)));
    }

    @Test
    void do_not_let_in_who_knows_the_first_72_bytes() {
        String hash = passwords.hash("p".repeat(72));

        assertThat(passwords.matches("p".repeat(73), hash)).isFalse();
        assertThat(passwords.matches("p".repeat(10_000), hash)).isFalse();
    }

    @Test
    @Tag("G44")
    void have_at_least_eight_code_points() {
        assertThatExceptionOfType(Refusal.BadRequest.class).isThrownBy(() -> passwords.hash("1234567"));
        assertThatExceptionOfType(Refusal.BadRequest.class).isThrownBy(() -> passwords.hash("\uD83D\uDD11".repeat(7)));
        assertThat(passwords.hash("12345678")).isNotEmpty();
        assertThat(passwords.hash("\uD83D\uDD11".repeat(8))).isNotEmpty();
    }

    @Test
    void refuse_a_character_that_other_implementations_end_at() {
        assertThatExceptionOfType(Refusal.BadRequest.class).isThrownBy(() -> passwords.hash("12345678\0x"));
    }

    @Test
    void are_stored_with_a_cost_of_12_and_a_salt_of_their_own() {
        Passwords real = new Passwords();
        String first = real.hash("correct horse");

        assertThat(first).matches("\\$2b\\$12\\$[./A-Za-z0-9]{53}");
        assertThat(passwords.hash("correct horse")).isNotEqualTo(passwords.hash("correct horse"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "wrong", "Correct horse"})
    void let_nobody_in_with_another_one(String wrong) {
        assertThat(passwords.matches(wrong, passwords.hash("correct horse"))).isFalse();
    }

    @Test
    void take_as_long_where_there_is_no_hash() {
        Passwords real = new Passwords();
        String hash = real.hash("correct horse");
        long known = time(() -> real.matches("wrong", hash));
        long unknown = time(() -> real.matches("wrong", null));

        assertThat(real.matches("correct horse", null)).isFalse();
        assertThat((double) unknown / known).isBetween(0.4, 2.5);
    }

    @Test
    void are_hashed_one_at_a_time_with_twenty_waiting() throws Exception {
        Passwords slow = new Passwords(10);
        List<Future<Boolean>> attempts = new ArrayList<>();
        try (ExecutorService callers = Executors.newFixedThreadPool(40)) {
            String hash = passwords.hash("correct horse");
            for (int i = 0; i < 40; i++) {
                attempts.add(callers.submit(() -> {
                    try {
                        slow.hash("correct horse");
                        return true;
                    } catch (Refusal.TooManyRequests refused) {
                        return false;
                    }
                }));
            }
            int served = 0;
            for (Future<Boolean> attempt : attempts) {
                served += attempt.get() ? 1 : 0;
            }

            assertThat(served).isBetween(21, 39);
            assertThat(slow.matches("correct horse", hash)).isTrue();
        }
    }

    private static long time(Runnable work) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            work.run();
            best = Math.min(best, System.nanoTime() - start);
        }
        return best;
    }
}
