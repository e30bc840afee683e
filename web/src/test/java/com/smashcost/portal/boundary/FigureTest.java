package com.smashcost.portal.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FigureTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Instant NOW = Instant.parse("2026-11-21T20:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "0, 0, $0 exactly",
        "0.000000000000, 0, $0 exactly",
        "0.000000000001, <0.000001, $0.000000000001 exactly",
        "0.0000004, <0.000001, $0.0000004 exactly",
        "0.0000005, 0.000001, $0.0000005 exactly",
        "0.002374250000, 0.002374, $0.00237425 exactly",
        "0.999999499999, 0.999999, $0.999999499999 exactly",
        "0.9999995, 1.000000, $0.9999995 exactly",
        "1, 1.00, $1 exactly",
        "8412.345, '8,412.35', $8412.345 exactly",
        "1234567.005, '1,234,567.01', $1234567.005 exactly"
    })
    void money_has_six_decimals_below_a_dollar_and_two_from_there(String usd, String text, String exact) {
        assertThat(Figure.money(new BigDecimal(usd))).isEqualTo(new Figure(true, text, exact));
    }

    @Property
    void money_never_strays_from_the_amount_by_more_than_half_its_last_decimal(
            @ForAll @BigRange(min = "0.000001", max = "1000000") @Scale(12) BigDecimal usd) {
        BigDecimal shown = new BigDecimal(Figure.money(usd).text().replace(",", ""));
        BigDecimal half = usd.compareTo(BigDecimal.ONE) >= 0 ? new BigDecimal("0.005") : new BigDecimal("0.0000005");

        assertThat(shown.subtract(usd).abs()).isLessThanOrEqualTo(half);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0182, 0.0182 saved",
        "12.5, 12.50 saved",
        "0.00001, <0.0001 saved",
        "-0.0002, 0.0002 more",
        "-3, 3.00 more"
    })
    void a_saving_says_in_which_direction(String usd, String text) {
        assertThat(Figure.saving(new BigDecimal(usd)).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "999, 999",
        "1000, 1.0 k",
        "12345, 12.3 k",
        "999949, 999.9 k",
        "999950, 1.0 M",
        "1234567, 1.2 M",
        "1000000000, 1000.0 M"
    })
    void tokens_are_short(long count, String text) {
        assertThat(Figure.tokens(count).text()).isEqualTo(text);
    }

    @Property
    void tokens_are_exact_on_hover(@ForAll @LongRange(min = 0, max = 1_000_000_000) long count) {
        assertThat(Figure.tokens(count).exact().replace(",", "")).isEqualTo(Long.toString(count));
    }

    @ParameterizedTest
    @CsvSource({"0, 0 ms", "999, 999 ms", "1000, 1.0 s", "1049, 1.0 s", "1050, 1.1 s", "59999, 60.0 s"})
    void latency_is_in_milliseconds_and_from_a_second_in_seconds(long milliseconds, String text) {
        assertThat(Figure.latency(Duration.ofMillis(milliseconds)).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, now",
        "PT-30S, now",
        "PT4.9S, now",
        "PT5S, 5 s ago",
        "PT59.9S, 59 s ago",
        "PT60S, 1 min ago",
        "PT59M59S, 59 min ago",
        "PT1H, 1 h ago",
        "PT23H59M, 23 h ago",
        "PT24H, '20 Nov, 21:00'",
        "P340D, 16 Dec 2025"
    })
    void a_moment_is_relative_under_a_day_and_a_date_of_the_zone_from_there(Duration ago, String text) {
        assertThat(Figure.moment(NOW.minus(ago), NOW, BERLIN).text()).isEqualTo(text);
    }

    @Test
    void a_moment_is_exact_with_its_zone_on_hover() {
        assertThat(Figure.moment(NOW, NOW, BERLIN).exact())
                .isEqualTo("21 November 2026, 21:00:00.000 (Europe/Berlin, +01:00)");
    }

    @Test
    void what_is_unknown_is_a_dash_with_a_reason_and_not_zero() {
        assertThat(Figure.unknown("Nobody said")).isEqualTo(new Figure(false, "\u2014", "Nobody said"));
    }

    @Property
    void a_score_has_two_decimals(@ForAll @BigRange(min = "0", max = "1") @Scale(5) BigDecimal share) {
        assertThat(new BigDecimal(Figure.score(share).text())).isEqualTo(share.setScale(2, RoundingMode.HALF_UP));
    }
}
