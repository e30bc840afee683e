package com.smashcost.ledger.control;

import com.smashcost.job.control.BusinessClock;
import com.smashcost.job.control.Fence;
import com.smashcost.job.control.Job;
import com.smashcost.job.control.OperatorAlerts;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Proves that the roll-ups are the sums of the ledger's rows: hour by hour, in every dimension and figure, wherever something was rolled
 * up since the hour was last proven. The rows are summed by SQL of their own, which shares nothing with the code that builds the
 * roll-ups. A difference is an alert for the operator; nothing is mended by itself.
 */
@ApplicationScoped
public class Reconciliation implements Job {

    /** The name of the job. */
    public static final String NAME = "reconciliation";

    /** The kind of its alerts. */
    public static final String MISMATCH = "rollup_mismatch";

    private static final Logger LOG = System.getLogger(Reconciliation.class.getName());
    private static final Duration PERIOD = Duration.ofHours(1);
    private static final int TIMEOUT_SECONDS = 120;
    private static final int AT_ONCE = 100;
    private static final int NAMED = 3;

    /** Hours whose rows are kept and that changed since they were proven. */
    private static final String TO_PROVE = """
            SELECT hour, changes FROM rollup_hour
            WHERE (proven IS NULL OR proven <> changes) AND hour > ? AND hour < ?
              AND hour >= COALESCE((SELECT MAX(day) + INTERVAL 1 DAY FROM ledger_dropped_day), '1970-01-01')
            ORDER BY hour LIMIT ?""";

    private static final String PROVEN = "UPDATE rollup_hour SET proven = ?, proven_at = ? WHERE hour = ?";

    /** Hours of the ledger that nothing was rolled up for are looked at too. */
    private static final String ALL_HOURS = """
            INSERT INTO rollup_hour (hour, changes)
            SELECT DISTINCT STR_TO_DATE(DATE_FORMAT(started_at, '%Y-%m-%d %H'), '%Y-%m-%d %H'), 0 FROM ledger_entry
            ON DUPLICATE KEY UPDATE proven = NULL""";

    private static final String AGAIN = "UPDATE rollup_hour SET proven = NULL";

    @Resource(lookup = "java:app/jdbc/smashcost")
    private DataSource database;

    @Resource(lookup = "java:app/jdbc/smashcost-report")
    private DataSource reports;

    @Inject
    private OperatorAlerts alerts;

    @Inject
    private BusinessClock clock;

    @SuppressWarnings("NullAway.Init")
    protected Reconciliation() {}

    /** Reconciles what the one source reads, and notes what it found in the other. */
    Reconciliation(DataSource database, DataSource reports, OperatorAlerts alerts, BusinessClock clock) {
        this.database = database;
        this.reports = reports;
        this.alerts = alerts;
        this.clock = clock;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Duration period() {
        return PERIOD;
    }

    /** An hour and the number of changes that it had when it was looked at. */
    private record Hour(Instant start, long changes) {

        Instant end() {
            return start.plus(Duration.ofHours(1));
        }

        LocalDateTime utc() {
            return LocalDateTime.ofInstant(start, ZoneOffset.UTC);
        }
    }

    /** A dimension in which an hour does not add up. */
    private record Mismatch(RollupTable table, String detail) {}

    @Override
    public void run(Fence fence) throws SQLException {
        // the hour that goes on is proven when it is over; a clock that was moved on hides no hour
        Instant now = clock.now().isBefore(Instant.now()) ? clock.now() : Instant.now();
        Instant end = Slots.of(now, Duration.ofHours(1));
        Instant last = Instant.EPOCH;
        while (true) {
            List<Hour> hours = toProve(last, end);
            for (Hour hour : hours) {
                prove(fence, hour);
                last = hour.start();
            }
            if (hours.size() < AT_ONCE) {
                return;
            }
        }
    }

    /** Has the next run prove all hours whose rows are kept, not only those that changed. */
    public void proveAll() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement forget = connection.prepareStatement(AGAIN);
                PreparedStatement add = connection.prepareStatement(ALL_HOURS)) {
            forget.executeUpdate();
            add.executeUpdate();
        }
    }

    private List<Hour> toProve(Instant after, Instant before) throws SQLException {
        try (Connection connection = reports.getConnection();
                PreparedStatement select = connection.prepareStatement(TO_PROVE)) {
            select.setObject(1, LocalDateTime.ofInstant(after, ZoneOffset.UTC));
            select.setObject(2, LocalDateTime.ofInstant(before, ZoneOffset.UTC));
            select.setInt(3, AT_ONCE);
            List<Hour> hours = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    hours.add(new Hour(
                            row.getObject("hour", LocalDateTime.class).toInstant(ZoneOffset.UTC),
                            row.getLong("changes")));
                }
            }
            return hours;
        }
    }

    private void prove(Fence fence, Hour hour) throws SQLException {
        List<Mismatch> mismatches = mismatches(hour);
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement update = connection.prepareStatement(PROVEN)) {
                fence.hold(connection);
                Instant now = clock.now();
                for (RollupTable table : RollupTable.ALL) {
                    alerts.resolve(connection, MISMATCH, subject(hour, table), now);
                }
                for (Mismatch mismatch : mismatches) {
                    alerts.raise(connection, MISMATCH, subject(hour, mismatch.table()), mismatch.detail(), now);
                }
                if (mismatches.isEmpty()) {
                    update.setLong(1, hour.changes());
                    update.setObject(2, LocalDateTime.ofInstant(now, ZoneOffset.UTC));
                    update.setObject(3, hour.utc());
                    update.executeUpdate();
                }
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        }
        for (Mismatch mismatch : mismatches) {
            LOG.log(
                    Level.ERROR,
                    "the roll-ups of {0} are not the sums of the ledger: {1}",
                    subject(hour, mismatch.table()),
                    mismatch.detail());
        }
    }

    private static String subject(Hour hour, RollupTable table) {
        return hour.start() + " " + table.table();
    }

    private List<Mismatch> mismatches(Hour hour) throws SQLException {
        List<Mismatch> mismatches = new ArrayList<>();
        try (Connection connection = reports.getConnection()) {
            for (RollupTable table : RollupTable.ALL) {
                List<String> details = new ArrayList<>(compareRows(connection, table, hour));
                details.addAll(compareDay(connection, table, hour));
                if (!details.isEmpty()) {
                    mismatches.add(new Mismatch(
                            table,
                            details.size() + " groups, such as "
                                    + String.join("; ", details.subList(0, Math.min(NAMED, details.size())))));
                }
            }
        }
        return mismatches;
    }

    private static List<String> compareRows(Connection connection, RollupTable table, Hour hour) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(table.unequalSql())) {
            select.setQueryTimeout(TIMEOUT_SECONDS);
            int next = LedgerRange.bindAll(select, 1, hour.start(), hour.end());
            select.setObject(next, hour.utc());
            select.setObject(next + 1, hour.utc().plusHours(1));
            return details(select, table, "");
        }
    }

    private static List<String> compareDay(Connection connection, RollupTable table, Hour hour) throws SQLException {
        LocalDateTime day = hour.utc().toLocalDate().atStartOfDay();
        try (PreparedStatement select = connection.prepareStatement(table.unequalDaysSql())) {
            select.setQueryTimeout(TIMEOUT_SECONDS);
            select.setObject(1, day);
            select.setObject(2, day);
            select.setObject(3, day.plusDays(1));
            return details(select, table, "whole day, ");
        }
    }

    /** By how much the ledger is more than the roll-up. */
    private static List<String> details(PreparedStatement select, RollupTable table, String prefix)
            throws SQLException {
        List<String> details = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                StringBuilder detail =
                        new StringBuilder(prefix).append("organization ").append(row.getLong(1));
                for (String column : table.columns()) {
                    detail.append(' ').append(column).append(' ').append(row.getString(column));
                }
                for (String figure : List.of("requests", "cost_usd")) {
                    BigDecimal off = row.getBigDecimal(figure + "_off");
                    detail.append(' ')
                            .append(figure)
                            .append(" off by ")
                            .append(off.stripTrailingZeros().toPlainString());
                }
                details.add(detail.toString());
            }
        }
        return details;
    }
}
