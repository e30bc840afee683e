package com.smashcost.admin.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("G17")
class OneTimeCodesTest {

    private static final byte[] SECRET = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);
    private static final OneTimeCodes CODES = new OneTimeCodes(SECRET);

    /** The vectors of RFC 6238, appendix B, SHA-1, of which six digits are the last six of eight. */
    @ParameterizedTest
    @CsvSource({
        "59, 287082",
        "1111111109, 081804",
        "1111111111, 050471",
        "1234567890, 005924",
        "2000000000, 279037",
        "20000000000, 353130"
    })
    void agree_with_the_vectors_of_rfc_6238(long time, String code) {
        assertThat(CODES.at(time / 30)).isEqualTo(code);
        assertThat(CODES.step(code, Instant.ofEpochSecond(time))).hasValue(time / 30);
    }

    @Test
    void are_good_one_step_before_and_after_their_own_and_no_longer() {
        Instant start = Instant.ofEpochSecond(1_800_000_000L);
        long step = 60_000_000L;
        String code = CODES.at(step);

        assertThat(CODES.step(code, start.minusSeconds(31))).isEmpty();
        assertThat(CODES.step(code, start.minusSeconds(30))).hasValue(step);
        assertThat(CODES.step(code, start.plusSeconds(29))).hasValue(step);
        assertThat(CODES.step(code, start.plusSeconds(59))).hasValue(step);
        assertThat(CODES.step(code, start.plusSeconds(60))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "28708", "0287082", "287082 ", "abcdef", "２８７０８２"})
    void are_six_digits_and_nothing_else(String code) {
        assertThat(CODES.step(code, Instant.ofEpochSecond(59))).isEqualTo(OptionalLong.empty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
                "gezdgnbvgy3tqojqgezdgnbvgy3tqojq",
                "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
            })
    void read_their_secret_as_authenticators_show_it(String base32) {
        assertThat(OneTimeCodes.ofBase32(base32).at(1)).isEqualTo(CODES.at(1));
    }

    @Test
    void read_a_padded_secret() {
        // "12345678901" has 11 bytes: 18 digits and 6 of padding
        assertThat(OneTimeCodes.ofBase32("GEZDGNBVGY3TQOJQGE======").at(7))
                .isEqualTo(new OneTimeCodes("12345678901".getBytes(StandardCharsets.US_ASCII)).at(7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GEZDGNBVGY3TQOJ", "GEZDGNBVGY3TQOJ1", "GEZDGNBVGY3TQOJQ!", "ÄEZDGNBVGY3TQOJQ"})
    void refuse_a_secret_that_is_short_or_no_base32(String base32) {
        assertThatIllegalArgumentException().isThrownBy(() -> OneTimeCodes.ofBase32(base32));
    }
}
