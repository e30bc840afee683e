package com.smashcost.server.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotpTest {

    /** RFC 6238, appendix B: the key "12345678901234567890". */
    private static final String KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    @ParameterizedTest
    @CsvSource({
        "59,287082",
        "1111111109,081804",
        "1111111111,050471",
        "1234567890,005924",
        "2000000000,279037",
        "20000000000,353130",
    })
    void gives_the_codes_of_the_standard(long second, String code) {
        assertThat(Totp.code(KEY, Instant.ofEpochSecond(second))).isEqualTo(code);
    }

    @Test
    void reads_base32_in_either_case_with_or_without_padding() {
        assertThat(Totp.decode("mzxw6ytb")).isEqualTo("fooba".getBytes(StandardCharsets.US_ASCII));
        assertThat(Totp.decode("MZXW6===")).isEqualTo("foo".getBytes(StandardCharsets.US_ASCII));
    }
}
