package com.smashcost.account.entity;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/** The calendar windows of budgets, as clocks and calendars of a time zone show them: they follow each other without a gap. */
public enum BudgetWindow {
    hour {
        @Override
        public Bounds around(Instant instant, ZoneId zone) {
            ZoneRules rules = zone.getRules();
            ZoneOffset offset = rules.getOffset(instant);
            long shift = offset.getTotalSeconds();
            long begun =
                    Math.floorDiv(instant.getEpochSecond() + shift, SECONDS_OF_AN_HOUR) * SECONDS_OF_AN_HOUR - shift;
            Instant start = Instant.ofEpochSecond(begun);
            Instant end = start.plusSeconds(SECONDS_OF_AN_HOUR);
            // where the clock is put forward or back within an hour, that hour ends there
            ZoneOffsetTransition before = rules.previousTransition(instant.plusNanos(1));
            ZoneOffsetTransition after = rules.nextTransition(instant);
            return new Bounds(
                    before != null && before.getInstant().isAfter(start) ? before.getInstant() : start,
                    after != null && after.getInstant().isBefore(end) ? after.getInstant() : end);
        }
    },
    day {
        @Override
        public Bounds around(Instant instant, ZoneId zone) {
            LocalDate date = LocalDate.ofInstant(instant, zone);
            return between(date, date.plusDays(1), zone);
        }
    },
    /** From Monday. */
    week {
        @Override
        public Bounds around(Instant instant, ZoneId zone) {
            LocalDate monday =
                    LocalDate.ofInstant(instant, zone).with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            return between(monday, monday.plusWeeks(1), zone);
        }
    },
    month {
        @Override
        public Bounds around(Instant instant, ZoneId zone) {
            LocalDate first = LocalDate.ofInstant(instant, zone).withDayOfMonth(1);
            return between(first, first.plusMonths(1), zone);
        }
    };

    private static final long SECONDS_OF_AN_HOUR = 3600;

    /** The window that holds this instant. */
    public abstract Bounds around(Instant instant, ZoneId zone);

    private static Bounds between(LocalDate from, LocalDate to, ZoneId zone) {
        return new Bounds(
                from.atStartOfDay(zone).toInstant(), to.atStartOfDay(zone).toInstant());
    }

    /** From {@code start} to before {@code end}. */
    public record Bounds(Instant start, Instant end) {

        /** Whether the instant is in it. */
        public boolean hold(Instant instant) {
            return !instant.isBefore(start) && instant.isBefore(end);
        }
    }
}
