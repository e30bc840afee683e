package com.smashcost.ledger.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.smashcost.job.control.BusinessClock;
import com.smashcost.job.control.Fence;
import com.smashcost.job.control.LostLease;
import com.smashcost.job.control.OperatorAlerts;
import com.smashcost.job.control.RealDatabase;
import com.smashcost.job.entity.OperatorAlert;
import com.smashcost.ledger.control.Scenery.Asker;
import com.smashcost.ledger.entity.LedgerEntry;
import com.smashcost.refusal.control.Refusal;
import com.smashcost.routing.entity.Mode;
import com.smashcost.secret.control.Environment;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The roll-ups are the sums of the rows, whatever happens on the way; on a real database. */
class RollupsTest {

    private static final List<String> ZONES = List.of("Europe/Berlin", "Asia/Kolkata", "Asia/Kathmandu");
    private static final Instant FROM = Instant.parse("2026-10-24T20:00:00Z");
    private static final Instant TO = Instant.parse("2026-10-26T04:00:00Z");

    @SuppressWarnings("NullAway.Init")
    private static RealDatabase database;

    private static final List<Asker> ASKERS = List.of(
            new Asker(1, List.of(1L, 2L), 8, Mode.active),
            new Asker(2, List.of(3L), 3, Mode.observation),
            new Asker(3, List.of(4L, 5L, 6L), 5, Mode.active));

    private final LedgerRows rows = new LedgerRows();

    @SuppressWarnings("NullAway.Init")
    private Fence fence;

    @BeforeAll
    static void start() {
        database = RealDatabase.fresh();
        for (int i = 0; i < ASKERS.size(); i++) {
            database.asOwner(
                    """
                    INSERT INTO organization (id, slug, name, status, observation_started_at, created_at)
                    VALUES (%1$d, 'o%1$d', 'o', 'OBSERVING', NOW(6), NOW(6))""".formatted(ASKERS.get(i).organizationId()),
                    "INSERT INTO organization_settings (organization_id, time_zone) VALUES (%d, '%s')"
                            .formatted(ASKERS.get(i).organizationId(), ZONES.get(i)));
        }
    }

    @BeforeEach
    void clear() {
        database.asOwner(
                "TRUNCATE ledger_entry",
                "TRUNCATE ledger_unrolled",
                "TRUNCATE rollup_hour",
                "TRUNCATE operator_alert",
                "TRUNCATE ledger_dropped_day");
        RollupTable.ALL.forEach(table -> database.asOwner("TRUNCATE " + table.table()));
        fence = lease();
    }

    /** Takes the lease away from whoever has it. */
    private static Fence lease() {
        database.asOwner("""
                INSERT INTO job (name, next_run, lease_owner, fencing_token) VALUES ('roll-ups', NOW(6), 'test', 1)
                ON DUPLICATE KEY UPDATE fencing_token = fencing_token + 1, lease_owner = 'test'""");
        return new Fence("roll-ups", number("SELECT fencing_token FROM job WHERE name = 'roll-ups'"));
    }

    private static long number(String sql) {
        return Objects.requireNonNull(decimal(sql)).longValueExact();
    }

    private static BigDecimal decimal(String sql) {
        try (Connection connection = database.app().getConnection();
                PreparedStatement select = connection.prepareStatement(sql);
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getBigDecimal(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static List<LedgerEntry> entries(Random random, int count) {
        Scenery scenery = new Scenery(random.nextLong());
        return IntStream.range(0, count)
                .mapToObj(i -> scenery.at(ASKERS.get(random.nextInt(ASKERS.size())), scenery.between(FROM, TO)))
                .toList();
    }

    private void store(List<LedgerEntry> entries) throws SQLException {
        try (Connection connection = database.app().getConnection()) {
            connection.setAutoCommit(false);
            rows.insert(connection, entries);
            connection.commit();
        }
    }

    private Reconciliation reconciliation() {
        return new Reconciliation(
                database.app(),
                database.report(),
                new OperatorAlerts(database.app()),
                new BusinessClock(Environment.of(Map.of())));
    }

    private List<OperatorAlert> openAlerts() throws SQLException {
        reconciliation().run(fence);
        return new OperatorAlerts(database.app())
                .all().stream().filter(alert -> alert.resolvedAt() == null).toList();
    }

    /** The sums by a way that shares nothing with either side, and all groups and figures by the reconciliation. */
    private void assertSums(List<LedgerEntry> stored) throws SQLException {
        assertThat(number("SELECT COUNT(*) FROM ledger_unrolled")).isZero();
        BigDecimal cost = stored.stream()
                .map(entry -> entry.metered().cost())
                .filter(Objects::nonNull)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        long priced =
                stored.stream().filter(entry -> entry.metered().cost() != null).count();
        for (RollupTable table : RollupTable.ALL) {
            for (int wholeDay : new int[] {0, 1}) {
                String of = " FROM " + table.table() + " WHERE whole_day = " + wholeDay;
                assertThat(number("SELECT SUM(requests)" + of)).as(of).isEqualTo(stored.size());
                assertThat(number("SELECT SUM(successes + failures)" + of)).isEqualTo(stored.size());
                assertThat(number("SELECT SUM(cost_known)" + of)).isEqualTo(priced);
                assertThat(decimal("SELECT SUM(cost_usd)" + of)).isEqualByComparingTo(cost);
            }
        }
        assertThat(openAlerts()).isEmpty();
        assertThat(number("SELECT COUNT(*) FROM rollup_hour WHERE proven IS NULL OR proven <> changes"))
                .isZero();
        assertThat(number("SELECT COUNT(*) FROM rollup_hour")).isPositive();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void are_the_sums_of_rows_that_come_in_any_order_and_late(long seed) throws SQLException {
        Random random = new Random(seed);
        List<LedgerEntry> entries = new ArrayList<>(entries(random, 200 + random.nextInt(400)));
        Collections.shuffle(entries, random);
        int stored = 0;
        while (stored < entries.size()) {
            int until = Math.min(entries.size(), stored + 1 + random.nextInt(60));
            store(entries.subList(stored, until));
            stored = until;
            for (int run = random.nextInt(3); run > 0; run--) {
                new Rollups(database.app(), 1 + random.nextInt(80)).roll(fence);
            }
        }
        new Rollups(database.app(), 37).run(fence);
        new Rollups(database.app(), 37).run(fence); // once more changes nothing

        assertSums(entries);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void are_the_sums_when_every_step_is_the_last_of_a_process(boolean afterItIsDone) throws SQLException {
        Random random = new Random(11);
        List<LedgerEntry> stored = new ArrayList<>();
        FailingSource failing = new FailingSource(database.app());
        Rollups rollups = new Rollups(failing.source(), 25);
        int k = 0;
        boolean ranThrough = false;
        while (!ranThrough) {
            List<LedgerEntry> more = entries(random, 20);
            store(more);
            stored.addAll(more);
            failing.failAt(k++, afterItIsDone);
            try {
                rollups.roll(fence);
            } catch (SQLException e) {
                assertThat(e.getSQLState()).startsWith("08");
            }
            ranThrough = failing.heal();
            fence = lease(); // the next node's
        }
        assertThat(k).as("steps of one slice").isGreaterThan(11);
        rollups.run(fence);

        assertSums(stored);
    }

    @Test
    void are_left_alone_by_a_node_that_lost_its_lease() throws SQLException {
        store(entries(new Random(5), 30));
        Fence lost = fence;
        fence = lease();

        assertThatThrownBy(() -> new Rollups(database.app(), 100).roll(lost)).isInstanceOf(LostLease.class);
        assertThat(number("SELECT COUNT(*) FROM ledger_unrolled")).isEqualTo(30);
        assertThat(number("SELECT COUNT(*) FROM rollup_status")).isZero();
    }

    @Test
    void are_proven_while_rows_arrive_and_are_rolled_up() throws Exception {
        List<LedgerEntry> entries = entries(new Random(6), 1500);
        try (ExecutorService drain = Executors.newSingleThreadExecutor()) {
            Future<?> stored = drain.submit(() -> {
                for (int i = 0; i < entries.size(); i += 10) {
                    store(entries.subList(i, i + 10));
                }
                return null;
            });
            while (!stored.isDone()) {
                new Rollups(database.app(), 50).roll(fence);
                assertThat(openAlerts()).isEmpty();
            }
            stored.get();
        }
        new Rollups(database.app(), 500).run(fence);

        assertSums(entries);
    }

    @Test
    void raise_an_alert_for_each_figure_that_is_off_and_are_mended_on_an_operators_word_alone() throws SQLException {
        Scenery scenery = new Scenery(7);
        List<LedgerEntry> entries = IntStream.range(0, 60)
                .mapToObj(i -> scenery.at(ASKERS.get(i % ASKERS.size()), scenery.between(FROM, FROM.plusSeconds(3600))))
                .toList();
        store(entries);
        new Rollups(database.app(), 100).run(fence);
        assertSums(entries);

        for (RollupTable table : RollupTable.ALL) {
            for (String figure : table == RollupTable.ALL.getFirst() ? RollupFigures.NAMES : List.of("requests")) {
                for (int wholeDay : new int[] {0, 1}) {
                    String where = " WHERE whole_day = " + wholeDay + " LIMIT 1";
                    database.asOwner(
                            "UPDATE " + table.table() + " SET " + figure + " = " + figure + " + 1" + where,
                            "UPDATE rollup_hour SET changes = changes + 1");
                    assertThat(openAlerts())
                            .as("%s.%s, whole day %d", table.table(), figure, wholeDay)
                            .isNotEmpty()
                            .allMatch(alert -> alert.kind().equals("rollup_mismatch")
                                    && alert.subject().endsWith(table.table()));
                    database.asOwner("UPDATE " + table.table() + " SET " + figure + " = " + figure + " - 1" + where);
                    assertThat(openAlerts()).isEmpty();
                }
            }
        }

        database.asOwner("DELETE FROM rollup_customer LIMIT 2", "UPDATE rollup_hour SET changes = changes + 1");
        assertThat(openAlerts()).isNotEmpty();
        new Rollups(database.app(), 100).run(fence);
        assertThat(openAlerts()).as("nothing mends itself").isNotEmpty();
        new Rollups(database.app(), 100).rebuild(LocalDate.parse("2026-10-24"), LocalDate.parse("2026-10-27"));
        new Rollups(database.app(), 100).run(fence);

        assertSums(entries);
    }

    @Test
    void are_missed_where_a_row_was_never_counted() throws SQLException {
        store(entries(new Random(8), 40));
        database.asOwner("DELETE FROM ledger_unrolled LIMIT 1");
        new Rollups(database.app(), 100).run(fence);
        reconciliation().proveAll();

        assertThat(openAlerts()).hasSize(RollupTable.ALL.size());
    }

    @Test
    void cannot_be_rebuilt_for_days_whose_rows_are_gone() throws SQLException {
        database.asOwner("INSERT INTO ledger_dropped_day (day) VALUES ('2026-10-25')");

        assertThatThrownBy(() -> new Rollups(database.app(), 10)
                        .rebuild(LocalDate.parse("2026-10-25"), LocalDate.parse("2026-10-27")))
                .isInstanceOf(Refusal.BadRequest.class);
    }

    @Test
    void have_slots_that_the_days_of_a_zone_are_made_of() throws SQLException {
        store(entries(new Random(9), 400));
        new Rollups(database.app(), 1000).run(fence);

        String minutes =
                "SELECT COUNT(DISTINCT MINUTE(slot)) FROM rollup_status WHERE whole_day = 0 AND organization_id = ";
        assertThat(number(minutes + 1)).isEqualTo(1);
        assertThat(number(minutes + 2)).isEqualTo(2);
        assertThat(number(minutes + 3)).isEqualTo(4);
    }

    @Test
    void keep_a_day_whose_rows_are_not_all_in_them() throws SQLException {
        database.asOwner("ALTER TABLE ledger_entry REORGANIZE PARTITION pmax INTO (PARTITION p20201029 VALUES LESS THAN"
                + " (x'017576CDCC0000000000000000000000'), PARTITION pmax VALUES LESS THAN (MAXVALUE))");
        Scenery scenery = new Scenery(1);
        LedgerEntry old = scenery.at(ASKERS.getFirst(), Instant.parse("2020-10-29T12:00:00Z"));
        store(List.of(old));
        database.asOwner("CALL drop_expired_ledger_days()");
        assertThat(number("SELECT COUNT(*) FROM ledger_entry")).isEqualTo(1);

        new Rollups(database.app(), 10).run(fence);
        database.asOwner("CALL drop_expired_ledger_days()");

        assertThat(number("SELECT COUNT(*) FROM ledger_entry")).isZero();
        assertThat(number("SELECT SUM(requests) FROM rollup_status WHERE whole_day = 0"))
                .as("roll-ups stay")
                .isEqualTo(1);
        assertThat(number("SELECT COUNT(*) FROM ledger_dropped_day WHERE day = '2020-10-29'"))
                .isEqualTo(1);
        assertThat(openAlerts()).isEmpty();
    }
}
