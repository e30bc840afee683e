package com.smashcost.ledger.control;

import com.smashcost.job.control.Fence;
import com.smashcost.job.control.Job;
import com.smashcost.ledger.control.RollupTable.Place;
import com.smashcost.refusal.control.Expect;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.sql.DataSource;

/**
 * Adds the rows of the ledger to the roll-ups, slice by slice. The ids of rows that are in none yet stand in
 * {@code ledger_unrolled}, put there by the transaction that brought the row. A slice is some thousand of them: one statement reads
 * them with their rows, and one transaction adds their sums to every table and deletes exactly these ids. So a row counts once,
 * however late it came and wherever the work was cut off, and the rows of an hour are not read again when more of them come.
 */
@ApplicationScoped
public class Rollups implements Job {

    /** The name of the job. */
    public static final String NAME = "roll-ups";

    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final Duration DAY = Duration.ofDays(1);
    private static final int SLICE = 5000;
    private static final int TIMEOUT_SECONDS = 60;

    /** The oldest first. A row that is not there any more takes its id along. */
    private static final String ROWS = """
            SELECT u.request_id, e.organization_id, e.started_at, e.status, e.error_class, e.key_id, e.model_requested_id,
                   e.model_used_id, e.provider, e.task, e.tag_customer_id, e.tag_feature_id, e.input_tokens,
                   e.cached_tokens, e.cache_write_5m_tokens, e.cache_write_1h_tokens, e.output_tokens,
                   e.reasoning_tokens, e.cost_usd, e.baseline_usd, e.projected_usd, l.saving_usd, e.latency_ms,
                   e.first_token_ms, s.time_zone
            FROM (SELECT request_id FROM ledger_unrolled ORDER BY request_id LIMIT ?) u
              LEFT JOIN ledger_entry e ON e.request_id = u.request_id
              LEFT JOIN request_log l ON l.request_id = u.request_id
              LEFT JOIN organization_settings s ON s.organization_id = e.organization_id""";

    private static final String TOUCH =
            "INSERT INTO rollup_hour (hour, changes) VALUES (?, 1) ON DUPLICATE KEY UPDATE changes = changes + 1";

    private static final String UNROLL = """
            INSERT INTO ledger_unrolled (request_id)
            SELECT e.request_id FROM ledger_entry e LEFT JOIN ledger_unrolled u ON u.request_id = e.request_id
            WHERE u.request_id IS NULL AND e.request_id >= ? AND e.request_id < ? AND e.started_at >= ? AND e.started_at < ?""";

    @Resource(lookup = "java:app/jdbc/smashcost")
    private DataSource database;

    private int sliceSize = SLICE;

    @SuppressWarnings("NullAway.Init")
    protected Rollups() {}

    /** The roll-ups in this database, built in slices of so many rows. */
    Rollups(DataSource database, int sliceSize) {
        this.database = database;
        this.sliceSize = sliceSize;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Duration period() {
        return PERIOD;
    }

    @Override
    public void run(Fence fence) throws SQLException {
        while (roll(fence) == sliceSize) {
            // there are more
        }
    }

    /** Rolls up one slice and returns how many rows it had. */
    int roll(Fence fence) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                fence.hold(connection);
                int rows = roll(connection);
                connection.commit();
                return rows;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    private int roll(Connection connection) throws SQLException {
        List<byte[]> ids = new ArrayList<>();
        SortedSet<Instant> hours = new TreeSet<>();
        Map<RollupTable, Map<Place, RollupFigures>> sums = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(ROWS)) {
            select.setQueryTimeout(TIMEOUT_SECONDS);
            select.setInt(1, sliceSize);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getBytes("request_id"));
                    LocalDateTime started = row.getObject("started_at", LocalDateTime.class);
                    if (started != null) {
                        Instant at = started.toInstant(ZoneOffset.UTC);
                        hours.add(Slots.of(at, Duration.ofHours(1)));
                        count(row, at, sums);
                    }
                }
            }
        }
        if (ids.isEmpty()) {
            return 0;
        }
        for (RollupTable table : RollupTable.ALL) {
            add(connection, table, sums.getOrDefault(table, Map.of()));
        }
        touch(connection, hours);
        delete(connection, ids);
        return ids.size();
    }

    private static void count(ResultSet row, Instant at, Map<RollupTable, Map<Place, RollupFigures>> sums)
            throws SQLException {
        long organizationId = row.getLong("organization_id");
        Instant slot = Slots.of(at, Slots.length(row.getString("time_zone")));
        RollupFigures figures = new RollupFigures();
        figures.count(row);
        for (RollupTable table : RollupTable.ALL) {
            List<Object> values = table.valuesOf(row);
            Map<Place, RollupFigures> places = sums.computeIfAbsent(table, t -> new HashMap<>());
            places.computeIfAbsent(new Place(organizationId, false, slot, values), p -> new RollupFigures())
                    .add(figures);
            places.computeIfAbsent(new Place(organizationId, true, Slots.of(at, DAY), values), p -> new RollupFigures())
                    .add(figures);
        }
    }

    private static void add(Connection connection, RollupTable table, Map<Place, RollupFigures> sums)
            throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(table.upsertSql())) {
            for (Map.Entry<Place, RollupFigures> sum : new TreeMap<>(sums).entrySet()) {
                table.bind(upsert, sum.getKey(), sum.getValue());
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
    }

    private static void touch(Connection connection, SortedSet<Instant> hours) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(TOUCH)) {
            for (Instant hour : hours) {
                upsert.setObject(1, LocalDateTime.ofInstant(hour, ZoneOffset.UTC));
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
    }

    private static void delete(Connection connection, List<byte[]> ids) throws SQLException {
        String places = String.join(", ", Collections.nCopies(ids.size(), "?"));
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM ledger_unrolled WHERE request_id IN (" + places + ")")) {
            for (int i = 0; i < ids.size(); i++) {
                delete.setBytes(i + 1, ids.get(i));
            }
            int deleted = delete.executeUpdate();
            if (deleted != ids.size()) {
                throw new IllegalStateException(deleted + " of " + ids.size()
                        + " rows were still to be rolled up: another transaction has them");
            }
        }
    }

    /**
     * Throws the roll-ups of whole UTC days away and has them built anew from the rows, for an operator who knows why they differ.
     * Until the job has come to them, the days lack rows.
     *
     * @param to the day after the last one
     * @throws com.smashcost.refusal.control.Refusal if rows of such a day were dropped, because then nothing could be built from
     */
    public void rebuild(LocalDate from, LocalDate to) throws SQLException {
        if (!from.isBefore(to)) {
            throw Expect.refuse("from", "must be before to");
        }
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                waitForJob(connection);
                if (isDropped(connection, from)) {
                    throw Expect.refuse("from", "must be a day whose rows are all kept");
                }
                for (LocalDate day = from; day.isBefore(to); day = day.plusDays(1)) {
                    rebuild(connection, day);
                }
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    /** Nothing is rolled up while this transaction goes on. */
    private static void waitForJob(Connection connection) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT fencing_token FROM job WHERE name = ? FOR UPDATE")) {
            select.setString(1, NAME);
            select.executeQuery().close();
        }
    }

    private static boolean isDropped(Connection connection, LocalDate from) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT COUNT(*) FROM ledger_dropped_day WHERE day >= ?")) {
            select.setObject(1, from);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1) > 0;
            }
        }
    }

    private static void rebuild(Connection connection, LocalDate day) throws SQLException {
        LocalDateTime start = day.atStartOfDay();
        LocalDateTime end = start.plusDays(1);
        for (RollupTable table : RollupTable.ALL) {
            try (PreparedStatement delete = connection.prepareStatement(table.clearSql())) {
                delete.setObject(1, start);
                delete.setObject(2, end);
                delete.executeUpdate();
            }
        }
        try (PreparedStatement insert = connection.prepareStatement(UNROLL)) {
            LedgerRange.bindAll(insert, 1, start.toInstant(ZoneOffset.UTC), end.toInstant(ZoneOffset.UTC));
            insert.executeUpdate();
        }
        SortedSet<Instant> hours = new TreeSet<>();
        for (LocalDateTime hour = start; hour.isBefore(end); hour = hour.plusHours(1)) {
            hours.add(hour.toInstant(ZoneOffset.UTC));
        }
        touch(connection, hours);
    }
}
