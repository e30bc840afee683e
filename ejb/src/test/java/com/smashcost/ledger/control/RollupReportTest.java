package com.smashcost.ledger.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.job.control.Fence;
import com.smashcost.job.control.RealDatabase;
import com.smashcost.ledger.control.RollupReport.Granularity;
import com.smashcost.ledger.control.RollupReport.Query;
import com.smashcost.ledger.control.Scenery.Asker;
import com.smashcost.ledger.entity.Dimension;
import com.smashcost.ledger.entity.LedgerEntry;
import com.smashcost.ledger.entity.RolledUp;
import com.smashcost.routing.entity.Mode;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Days, hours and weeks of an organisation's own clock, on a real database. */
class RollupReportTest {

    private static final LocalDate FROM = LocalDate.parse("2026-10-20");
    private static final LocalDate TO = LocalDate.parse("2026-11-05");

    @SuppressWarnings("NullAway.Init")
    private static RealDatabase database;

    private static long organizations;

    @BeforeAll
    static void start() {
        database = RealDatabase.fresh();
        database.asOwner(
                "INSERT INTO job (name, next_run, lease_owner, fencing_token) VALUES ('roll-ups', NOW(6), 'test', 1)");
    }

    private static Asker organization(String zone) {
        long id = ++organizations;
        database.asOwner(
                """
                INSERT INTO organization (id, slug, name, status, observation_started_at, created_at)
                VALUES (%1$d, 'o%1$d', 'o', 'OBSERVING', NOW(6), NOW(6))""".formatted(id),
                "INSERT INTO organization_settings (organization_id, time_zone) VALUES (%d, '%s')".formatted(id, zone),
                """
                INSERT INTO gateway_key (id, organization_id, public_id, name, hash, created_at)
                VALUES (%1$d, %2$d, 'k%1$d', 'k', REPEAT('x', 32), NOW(6)), (%3$d, %2$d, 'k%3$d', 'k', REPEAT('y', 32), NOW(6))""".formatted(id * 10, id, id * 10 + 1));
        return new Asker(id, List.of(id * 10, id * 10 + 1), 6, Mode.active);
    }

    private static void store(List<LedgerEntry> entries) throws SQLException {
        try (Connection connection = database.app().getConnection()) {
            connection.setAutoCommit(false);
            new LedgerRows().insert(connection, entries);
            connection.commit();
        }
        new Rollups(database.app(), 1000).run(new Fence("roll-ups", 1));
    }

    /** Requests of the whole range, more of them around each change of the clock and around midnights. */
    private static List<LedgerEntry> entries(Asker asker, ZoneId zone, int count) {
        Random random = new Random(zone.getId().hashCode() + asker.organizationId());
        Scenery scenery = new Scenery(random.nextLong());
        Instant from = FROM.minusDays(1).atStartOfDay(zone).toInstant();
        Instant to = TO.plusDays(1).atStartOfDay(zone).toInstant();
        List<LedgerEntry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Instant at = scenery.between(from, to);
            if (i % 3 == 0) {
                Instant midnight =
                        at.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant();
                at = scenery.between(midnight.minusSeconds(3600), midnight.plusSeconds(3600));
            } else if (i % 3 == 1) {
                var change = zone.getRules().nextTransition(from);
                if (change != null && change.getInstant().isBefore(to)) {
                    at = scenery.between(
                            change.getInstant().minusSeconds(7200),
                            change.getInstant().plusSeconds(7200));
                }
            }
            entries.add(scenery.at(asker, at.truncatedTo(ChronoUnit.MILLIS)));
        }
        return entries;
    }

    private static List<RolledUp> report(Asker asker, @Nullable Dimension dimension, Granularity granularity) {
        return new RollupReport(database.report())
                .over(new Query(asker.organizationId(), dimension, granularity, FROM, TO));
    }

    private static Map<Instant, Long> counted(
            List<LedgerEntry> entries, ZoneId zone, Function<ZonedDateTime, ZonedDateTime> start) {
        return entries.stream()
                .map(entry -> entry.startedAt().atZone(zone))
                .filter(at ->
                        !at.toLocalDate().isBefore(FROM) && at.toLocalDate().isBefore(TO))
                .collect(Collectors.groupingBy(at -> start.apply(at).toInstant(), TreeMap::new, Collectors.counting()));
    }

    private static Map<Instant, Long> requests(List<RolledUp> report) {
        return report.stream().collect(Collectors.toMap(RolledUp::start, RolledUp::requests, Long::sum, TreeMap::new));
    }

    private static BigDecimal cost(List<RolledUp> report) {
        return report.stream()
                .map(piece -> piece.cost().usd())
                .filter(Objects::nonNull)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UTC",
                "Europe/London",
                "Europe/Berlin",
                "America/New_York",
                "America/Sao_Paulo",
                "Asia/Kolkata",
                "Asia/Kathmandu",
                "Australia/Adelaide",
                "Australia/Lord_Howe",
                "America/St_Johns",
                "Pacific/Chatham",
                "Pacific/Kiritimati",
                "America/Havana",
                "Africa/Casablanca"
            })
    void add_up_by_the_clock_of_the_zone_on_days_that_clocks_are_moved_too(String name) throws SQLException {
        ZoneId zone = ZoneId.of(name);
        Asker asker = organization(name);
        List<LedgerEntry> entries = entries(asker, zone, 600);
        store(entries);

        List<RolledUp> days = report(asker, null, Granularity.day);
        assertThat(requests(days))
                .as("days")
                .isEqualTo(counted(entries, zone, at -> at.toLocalDate().atStartOfDay(zone)));
        assertThat(requests(report(asker, null, Granularity.week)))
                .as("weeks")
                .isEqualTo(counted(
                        entries,
                        zone,
                        at -> at.toLocalDate()
                                .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
                                .atStartOfDay(zone)));
        List<RolledUp> range = report(asker, null, Granularity.range);
        assertThat(range).hasSize(1);
        assertThat(days.stream().mapToLong(RolledUp::requests).sum())
                .isEqualTo(range.getFirst().requests());
        assertThat(cost(days)).isEqualByComparingTo(cost(range));
        List<RolledUp> hours = report(asker, null, Granularity.hour);
        Map<Instant, Long> byDay = hours.stream()
                .collect(Collectors.groupingBy(
                        hour -> hour.start()
                                .atZone(zone)
                                .toLocalDate()
                                .atStartOfDay(zone)
                                .toInstant(),
                        Collectors.summingLong(RolledUp::requests)));
        assertThat(byDay).as("hours of each day").isEqualTo(requests(days));
        for (Dimension dimension : Dimension.values()) {
            for (Granularity granularity : Granularity.values()) {
                List<RolledUp> parts = report(asker, dimension, granularity);
                assertThat(parts.stream().mapToLong(RolledUp::requests).sum())
                        .as("%s by %s", dimension, granularity)
                        .isEqualTo(range.getFirst().requests());
                assertThat(cost(parts)).isEqualByComparingTo(cost(range));
            }
        }
    }

    @Test
    void has_an_hour_twice_when_clocks_are_put_back() throws SQLException {
        Asker asker = organization("Europe/Berlin");
        Scenery scenery = new Scenery(3);
        store(List.of(
                scenery.at(asker, Instant.parse("2026-10-25T00:30:00Z")),
                scenery.at(asker, Instant.parse("2026-10-25T01:30:00Z"))));

        assertThat(requests(report(asker, null, Granularity.hour)))
                .isEqualTo(
                        Map.of(Instant.parse("2026-10-25T00:00:00Z"), 1L, Instant.parse("2026-10-25T01:00:00Z"), 1L));
    }

    @ParameterizedTest
    @EnumSource(Dimension.class)
    void names_what_the_parts_have_in_common(Dimension dimension) throws SQLException {
        Asker asker = organization("UTC");
        List<LedgerEntry> entries = entries(asker, ZoneId.of("UTC"), 200);
        store(entries);

        List<RolledUp> parts = report(asker, dimension, Granularity.range);
        assertThat(parts).extracting(RolledUp::names).doesNotHaveDuplicates();
        assertThat(parts).allMatch(part -> part.names().size() == (dimension == Dimension.model ? 2 : 1));
        if (dimension == Dimension.customer) {
            assertThat(parts).anyMatch(part -> Objects.equals(part.names().getFirst(), "customer-0"));
            assertThat(parts).anyMatch(part -> part.names().getFirst() == null);
        }
        if (dimension == Dimension.model) {
            assertThat(parts).anyMatch(part -> part.names().equals(List.of("gpt-4o", "gpt-4o-mini")));
        }
    }

    @Test
    void says_unknown_where_nothing_is_known() throws SQLException {
        Asker asker = organization("UTC");
        Scenery scenery = new Scenery(1);
        LedgerEntry entry = scenery.at(asker, Instant.parse("2026-10-25T12:00:00Z"));
        store(List.of(entry.interrupted()
                .complete(entry.choice(), null, entry.interrupted().outcome(), LedgerEntry.Metered.UNKNOWN)));

        RolledUp all = report(asker, null, Granularity.range).getFirst();
        assertThat(all.requests()).isEqualTo(1);
        assertThat(all.failures()).isEqualTo(1);
        assertThat(all.usageKnown()).isZero();
        assertThat(all.cost()).isEqualTo(new RolledUp.Sum(0, null));
        assertThat(all.latency()).isEqualTo(new RolledUp.Times(0, null, null));
    }

    @Test
    void reads_percentiles_within_the_bounds_of_their_bins() throws SQLException {
        Asker asker = organization("UTC");
        List<LedgerEntry> entries = entries(asker, ZoneId.of("UTC"), 500);
        store(entries);

        List<Long> times = entries.stream()
                .filter(entry -> {
                    LocalDate day = entry.startedAt().atZone(ZoneId.of("UTC")).toLocalDate();
                    return !day.isBefore(FROM) && day.isBefore(TO);
                })
                .map(entry -> entry.outcome().latency())
                .filter(Objects::nonNull)
                .map(latency -> latency.toMillis())
                .sorted()
                .toList();
        long exact = times.get((int) (times.size() * 0.95));
        long above = 0;
        for (long bound : RollupFigures.BOUNDS) {
            if (bound < exact) {
                above = bound;
            }
        }
        long below = above;
        RolledUp all = report(asker, null, Granularity.range).getFirst();
        assertThat(all.latency().known()).isEqualTo(times.size());
        assertThat(Objects.requireNonNull(all.latency().p95Ms())).isBetween(below, exact * 2);
        assertThat(Objects.requireNonNull(all.latency().meanMs()))
                .isEqualTo(times.stream().mapToLong(Long::longValue).sum() / times.size());
    }
}
