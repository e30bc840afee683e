package com.smashcost.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.admission.control.SlidingWindow.Permit;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("G21")
class RateLimitHeadersTest {

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0ms",
        "PT-5S, 0ms",
        "PT0.000000001S, 1ms",
        "PT0.006S, 6ms",
        "PT0.0061S, 7ms",
        "PT0.999S, 999ms",
        "PT1S, 1s",
        "PT1.001S, 1.001s",
        "PT1.01S, 1.01s",
        "PT1.5S, 1.5s",
        "PT1.574S, 1.574s",
        "PT10S, 10s",
        "PT59.999S, 59.999s",
        "PT59.9999S, 1m0s",
        "PT1M, 1m0s",
        "PT1M0.05S, 1m0.05s",
        "PT2M59.56S, 2m59.56s",
        "PT61M, 61m0s"
    })
    void write_durations_as_clients_of_the_dialect_do_and_never_too_short(Duration duration, String text) {
        assertThat(RateLimitHeaders.format(duration)).isEqualTo(text);
    }

    @Test
    void write_the_same_digits_wherever_the_server_stands() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertThat(RateLimitHeaders.format(Duration.ofMillis(1_574))).isEqualTo("1.574s");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void are_put_over_what_the_provider_says_of_its_own_limit() {
        Map<String, String> headers =
                new HashMap<>(Map.of("x-ratelimit-limit-requests", "500", "x-ratelimit-limit-tokens", "200000"));
        RateLimitHeaders.put(new Permit(true, 60, 59, Duration.ofSeconds(60)), headers);
        assertThat(headers)
                .isEqualTo(Map.of(
                        "x-ratelimit-limit-requests", "60",
                        "x-ratelimit-remaining-requests", "59",
                        "x-ratelimit-reset-requests", "1m0s",
                        "x-ratelimit-limit-tokens", "200000"));
    }
}
