package com.smashcost.ledger.control;

import com.smashcost.job.control.BusinessClock;
import com.smashcost.job.control.Fence;
import com.smashcost.job.control.OperatorAlerts;
import com.smashcost.job.control.RealDatabase;
import com.smashcost.ledger.control.RollupReport.Granularity;
import com.smashcost.ledger.control.Scenery.Asker;
import com.smashcost.ledger.entity.Dimension;
import com.smashcost.ledger.entity.RequestId;
import com.smashcost.secret.control.Environment;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Measures the ledger at a given size on a database of its own, with the launcher's settings: how fast rows come in and are rolled up, and what questions cost. */
public final class MeasureLedger {

    private static final int TIMES = 40;

    private static final String LOG = RequestLog.sql(new RequestLog.Query(1, 50, null, null, null));
    private static final String LOG_BEFORE =
            RequestLog.sql(new RequestLog.Query(1, 50, RequestId.of(id(Instant.EPOCH)), null, null));
    private static final String LOG_BETWEEN =
            RequestLog.sql(new RequestLog.Query(1, 50, null, Instant.EPOCH, Instant.EPOCH));

    private final RealDatabase database;
    private final DataSource reports;
    private final Random random = new Random(1);

    private MeasureLedger(RealDatabase database) throws SQLException {
        this.database = database;
        this.reports = database.pooledReport();
    }

    private interface Question {
        void ask() throws SQLException;
    }

    public static void main(String[] arguments) throws Exception {
        RealDatabase database = RealDatabase.fresh();
        int days = Integer.getInteger("days", 90);
        List<Asker> askers =
                new GenerateLedger(database.app(), database.owner()).fill(Long.getLong("rows", 100_000), days, 5, 1);
        database.asOwner("ANALYZE TABLE ledger_entry");
        new MeasureLedger(database).measure(askers, days);
        System.exit(0);
    }

    private void measure(List<Asker> askers, int days) throws Exception {
        database.asOwner(
                "INSERT INTO job (name, next_run, lease_owner, fencing_token) VALUES ('roll-ups', NOW(6), 'test', 1)");
        Fence fence = new Fence("roll-ups", 1);
        Rollups rollups = new Rollups(database.app(), 5000);
        long began = System.nanoTime();
        long rows = 0;
        int rolled;
        do {
            rolled = rollups.roll(fence);
            rows += rolled;
        } while (rolled == 5000);
        double seconds = Duration.ofNanos(System.nanoTime() - began).toMillis() / 1000.0;
        System.out.printf("rolled up %,d rows in %.1f s, %,.0f rows/s%n", rows, seconds, rows / seconds);
        for (RollupTable table : RollupTable.ALL) {
            database.asOwner("ANALYZE TABLE " + table.table());
        }
        sizes();
        RollupReport report = new RollupReport(reports);
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        for (int i = 0; i < 2; i++) {
            Asker asker = askers.get(i);
            System.out.println("organisation " + (i + 1));
            ask("all by hour, 7 days", () -> report.over(query(asker, null, Granularity.hour, today, 7)));
            ask("all by day, 30 days", () -> report.over(query(asker, null, Granularity.day, today, 30)));
            ask("all by week, 90 days", () -> report.over(query(asker, null, Granularity.week, today, days)));
            for (Dimension dimension : Dimension.values()) {
                ask(
                        dimension + " in all, 30 days",
                        () -> report.over(query(asker, dimension, Granularity.range, today, 30)));
            }
            for (Dimension dimension : Dimension.values()) {
                ask(
                        dimension + " by day, 30 days",
                        () -> report.over(query(asker, dimension, Granularity.day, today, 30)));
            }
            Instant end = Instant.now();
            ask("log page, newest", () -> page(LOG, asker.organizationId(), 50));
            ask(
                    "log page, deep",
                    () -> page(
                            LOG_BEFORE,
                            asker.organizationId(),
                            id(end.minus(Duration.ofHours(random.nextInt(days * 24)))),
                            50));
            ask("log page, one day", () -> {
                Instant from = end.minus(Duration.ofHours(24L + random.nextInt(days * 24 - 24)));
                Instant to = from.plus(Duration.ofDays(1));
                page(
                        LOG_BETWEEN,
                        asker.organizationId(),
                        RequestId.lowerBound(from),
                        LocalDateTime.ofInstant(from, ZoneOffset.UTC),
                        RequestId.lowerBound(to),
                        LocalDateTime.ofInstant(to, ZoneOffset.UTC),
                        50);
            });
            ask(
                    "log page by key, deep",
                    () -> page(
                            "SELECT * FROM request_log l WHERE request_id IN (SELECT request_id FROM (SELECT request_id FROM ledger_entry"
                                    + " WHERE organization_id = ? AND key_id = ? AND request_id < ? ORDER BY request_id DESC LIMIT 50) p)",
                            asker.organizationId(),
                            asker.keys().getFirst(),
                            id(end.minus(Duration.ofHours(random.nextInt(days * 24))))));
        }
        Reconciliation reconciliation = new Reconciliation(
                database.app(),
                database.report(),
                new OperatorAlerts(database.app()),
                new BusinessClock(Environment.of(Map.of())));
        database.asOwner("UPDATE rollup_hour SET proven = changes WHERE hour < UTC_TIMESTAMP() - INTERVAL 25 HOUR");
        began = System.nanoTime();
        reconciliation.run(fence);
        System.out.printf(
                "proved 24 hours in %.1f s, %d alerts%n",
                Duration.ofNanos(System.nanoTime() - began).toMillis() / 1000.0,
                new OperatorAlerts(database.app()).all().size());
        explain(askers.getFirst(), today);
    }

    private static RollupReport.Query query(
            Asker asker, @Nullable Dimension dimension, Granularity granularity, LocalDate today, int days) {
        return new RollupReport.Query(
                asker.organizationId(), dimension, granularity, today.minusDays(days), today.plusDays(1));
    }

    private static byte[] id(Instant instant) {
        byte[] bytes = RequestId.lowerBound(instant);
        bytes[6] = 0x70;
        bytes[8] = (byte) 0x80;
        return bytes;
    }

    private static void ask(String what, Question question) throws SQLException {
        long[] times = new long[TIMES];
        question.ask();
        for (int i = 0; i < TIMES; i++) {
            long began = System.nanoTime();
            question.ask();
            times[i] = System.nanoTime() - began;
        }
        Arrays.sort(times);
        System.out.printf("| %s | %.1f | %.1f |%n", what, times[TIMES / 2] / 1e6, times[(int) (TIMES * 0.95)] / 1e6);
    }

    private void page(String sql, Object... values) throws SQLException {
        try (Connection connection = reports.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                select.setObject(i + 1, values[i]);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    row.getString(1);
                }
            }
        }
    }

    private void sizes() throws SQLException {
        try (Connection connection = database.owner().getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        SELECT table_name, table_rows, (data_length + index_length) DIV 1048576 FROM information_schema.tables
                        WHERE table_schema = DATABASE() AND (table_name LIKE 'rollup%' OR table_name LIKE 'ledger_%')""");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                System.out.printf("%s: about %,d rows, %d MiB%n", row.getString(1), row.getLong(2), row.getLong(3));
            }
        }
    }

    private void explain(Asker asker, LocalDate today) throws SQLException {
        LocalDateTime from = today.minusDays(30).atStartOfDay();
        LocalDateTime to = today.atStartOfDay();
        long id = asker.organizationId();
        explain(
                "customers by day",
                RollupReport.sql(query(asker, Dimension.customer, Granularity.day, today, 30)),
                0,
                id,
                false,
                from,
                to);
        explain(
                "customers in all",
                RollupReport.totalSql(Dimension.customer),
                id,
                from,
                to,
                from.minusHours(4),
                from,
                to,
                to.plusHours(8));
        explain(
                "models by day",
                RollupReport.sql(query(asker, Dimension.model, Granularity.day, today, 30)),
                0,
                id,
                false,
                from,
                to);
        explain("log page", LOG_BEFORE, id, id(Instant.now().minus(Duration.ofDays(20))), 50);
        Instant hour = Slots.of(Instant.now().minus(Duration.ofHours(30)), Duration.ofHours(1));
        explain(
                "proof of one hour by customer",
                RollupTable.of(Dimension.customer).unequalSql(),
                RequestId.lowerBound(hour.minusSeconds(60)),
                RequestId.lowerBound(hour.plusSeconds(3660)),
                LocalDateTime.ofInstant(hour, ZoneOffset.UTC),
                LocalDateTime.ofInstant(hour, ZoneOffset.UTC).plusHours(1),
                LocalDateTime.ofInstant(hour, ZoneOffset.UTC),
                LocalDateTime.ofInstant(hour, ZoneOffset.UTC).plusHours(1));
    }

    private void explain(String what, String sql, Object... values) throws SQLException {
        System.out.println("EXPLAIN " + what);
        try (Connection connection = database.owner().getConnection();
                PreparedStatement select = connection.prepareStatement("EXPLAIN PARTITIONS " + sql)) {
            for (int i = 0; i < values.length; i++) {
                select.setObject(i + 1, values[i]);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String partitions = row.getString("partitions");
                    System.out.printf(
                            "| %s | %s | %s | %s | %s | %s | %s |%n",
                            row.getString("select_type"),
                            row.getString("table"),
                            partitions == null ? "" : partitions.split(",").length + " partitions",
                            row.getString("type"),
                            row.getString("key"),
                            row.getString("rows"),
                            row.getString("Extra"));
                }
            }
        }
    }
}
