package com.smashcost.access.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.smashcost.secret.control.Environment;
import com.smashcost.secret.control.SettingRefused;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("G13")
class SessionSealTest {

    private static final Instant NOW = Instant.parse("2026-11-21T20:00:00Z");
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    private final SessionSeal seal = seal(SECRET);
    private final SessionCookie cookie = new SessionCookie(new byte[16], NOW.plus(Duration.ofHours(12)));

    @Test
    void opens_what_it_sealed() {
        assertThat(seal.open(seal.seal(cookie), NOW)).hasValueSatisfying(opened -> {
            assertThat(opened.expiresAt()).isEqualTo(cookie.expiresAt());
            assertThat(opened.recordId()).isEqualTo(cookie.recordId());
        });
    }

    @Test
    void refuses_a_cookie_with_any_bit_flipped() {
        byte[] bytes = Base64.getUrlDecoder().decode(seal.seal(cookie));

        assertThat(IntStream.range(0, bytes.length * 8)).allSatisfy(bit -> {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(seal.open(Base64.getUrlEncoder().withoutPadding().encodeToString(flipped), NOW))
                    .isEmpty();
        });
    }

    @Test
    void refuses_every_other_spelling_of_the_same_bytes() {
        String text = seal.seal(cookie);
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        char last = text.charAt(text.length() - 1);

        assertThat("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".chars())
                .filteredOn(other -> other != last)
                .map(other -> text.substring(0, text.length() - 1) + (char) other.intValue())
                .anySatisfy(other ->
                        assertThat(Base64.getUrlDecoder().decode(other)).isEqualTo(bytes))
                .allSatisfy(other -> assertThat(seal.open(other, NOW)).isEmpty());
        assertThat(seal.open(Base64.getUrlEncoder().encodeToString(bytes), NOW)).isEmpty();
        assertThat(seal.open(Base64.getEncoder().withoutPadding().encodeToString(bytes), NOW))
                .satisfiesAnyOf(
                        opened -> assertThat(opened).isEmpty(),
                        opened -> assertThat(text).doesNotContain("-", "_"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "=", "nonsense", "\u00FC\u00FC\u00FC\u00FC", "AAAA"})
    void refuses_what_is_no_cookie(String text) {
        assertThat(seal.open(text, NOW)).isEmpty();
        assertThat(seal.open(text.repeat(82).substring(0, Math.min(82, text.length() * 82)), NOW))
                .isEmpty();
    }

    @Test
    void refuses_no_cookie_at_all() {
        assertThat(seal.open(null, NOW)).isEmpty();
    }

    @Test
    void refuses_a_cookie_from_its_last_moment_on() {
        String text = seal.seal(cookie);

        assertThat(seal.open(text, cookie.expiresAt().minusNanos(1))).isPresent();
        assertThat(seal.open(text, cookie.expiresAt())).isEmpty();
    }

    @Test
    void refuses_a_cookie_of_another_secret() {
        assertThat(seal("another secret of thirty-two bytes").open(seal.seal(cookie), NOW))
                .isEmpty();
    }

    @Test
    void gives_every_session_another_record() {
        byte[] other = new byte[16];
        other[15] = 1;

        assertThat(new SessionCookie(other, cookie.expiresAt()).recordId()).isNotEqualTo(cookie.recordId());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "short", "0123456789abcdef0123456789abcde"})
    void starts_with_no_secret_of_less_than_32_bytes(String secret) {
        assertThatExceptionOfType(SettingRefused.class)
                .isThrownBy(() -> SessionSeal.check(Environment.of(Map.of("SMASHCOST_SESSION_SECRET", secret))))
                .withMessageContaining("SMASHCOST_SESSION_SECRET")
                .satisfies(
                        refused -> assertThat(refused.getMessage()).doesNotContain(secret.isBlank() ? "\0" : secret));
    }

    @Test
    void starts_with_a_secret_of_32_bytes() {
        SessionSeal.check(Environment.of(Map.of("SMASHCOST_SESSION_SECRET", SECRET)));
        SessionSeal.check(Environment.of(Map.of("SMASHCOST_SESSION_SECRET", "\u00FC".repeat(16))));
    }

    private static SessionSeal seal(String secret) {
        return SessionSeal.from(Environment.of(Map.of("SMASHCOST_SESSION_SECRET", secret)));
    }
}
