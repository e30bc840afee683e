package com.smashcost.account.entity;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.account.entity.BudgetWindow.Bounds;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetWindowTest {

    private static final Instant FROM = Instant.parse("2025-12-20T00:00:00Z");
    private static final Instant TO = Instant.parse("2027-01-15T00:00:00Z");

    @ParameterizedTest
    @EnumSource(names = {"day", "week", "month"})
    void leaves_no_gap_in_any_zone(BudgetWindow window) {
        ZoneId.getAvailableZoneIds().forEach(zone -> assertWithoutGap(window, ZoneId.of(zone)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UTC",
                "Europe/Berlin",
                "America/St_Johns",
                "Asia/Kathmandu",
                "Australia/Lord_Howe",
                "Africa/Casablanca"
            })
    void leaves_no_gap_between_hours(String zone) {
        assertWithoutGap(BudgetWindow.hour, ZoneId.of(zone));
    }

    private static void assertWithoutGap(BudgetWindow window, ZoneId zone) {
        Bounds bounds = window.around(FROM, zone);
        while (bounds.end().isBefore(TO)) {
            Bounds next = window.around(bounds.end(), zone);
            assertThat(next.start()).as("%s in %s", window, zone).isEqualTo(bounds.end());
            assertThat(next.end()).as("%s in %s", window, zone).isAfter(next.start());
            assertThat(window.around(bounds.end().minusNanos(1), zone)).isEqualTo(bounds);
            bounds = next;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "hour, 2026-11-29T10:40:00Z, Asia/Kathmandu, 2026-11-29T10:15:00Z, 2026-11-29T11:15:00Z",
        "day, 2026-11-29T23:30:00Z, Europe/Berlin, 2026-11-29T23:00:00Z, 2026-11-30T23:00:00Z",
        "week, 2026-11-29T22:30:00Z, Europe/Berlin, 2026-11-22T23:00:00Z, 2026-11-29T23:00:00Z",
        "week, 2026-11-29T23:30:00Z, Europe/Berlin, 2026-11-29T23:00:00Z, 2026-12-06T23:00:00Z",
        "month, 2026-12-31T23:30:00Z, Europe/Berlin, 2026-12-31T23:00:00Z, 2027-01-31T23:00:00Z"
    })
    void begins_where_the_calendar_of_the_zone_does(
            BudgetWindow window, Instant instant, String zone, Instant start, Instant end) {
        assertThat(window.around(instant, ZoneId.of(zone))).isEqualTo(new Bounds(start, end));
    }

    @Test
    void has_days_of_23_and_of_25_hours() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        assertThat(lengthOfDay("2026-03-29T12:00", berlin)).isEqualTo(Duration.ofHours(23));
        assertThat(lengthOfDay("2026-10-25T12:00", berlin)).isEqualTo(Duration.ofHours(25));
    }

    private static Duration lengthOfDay(String noon, ZoneId zone) {
        Bounds day =
                BudgetWindow.day.around(LocalDateTime.parse(noon).atZone(zone).toInstant(), zone);
        return Duration.between(day.start(), day.end());
    }
}
