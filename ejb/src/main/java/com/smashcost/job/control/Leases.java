package com.smashcost.job.control;

import com.smashcost.job.entity.JobState;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
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
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The rows of table {@code job}: who may run what, and how it went. Leases are by the database's clock, schedules by ours. */
@ApplicationScoped
public class Leases {

    /** A job that is due later than its period allows was scheduled by a clock that has been moved back since. */
    private static final String DUE = "(next_run <= ? OR next_run > ?)";

    private static final String FREE = "(lease_until IS NULL OR lease_until < UTC_TIMESTAMP(6))";

    private static final String REGISTER =
            "INSERT INTO job (name, next_run) VALUES (?, ?) ON DUPLICATE KEY UPDATE next_run = next_run";

    private static final String TAKE = """
            UPDATE job SET lease_owner = ?, lease_until = UTC_TIMESTAMP(6) + INTERVAL ? SECOND, fencing_token = fencing_token + 1
            WHERE name = ? AND\s""" + FREE + " AND " + DUE;

    private static final String TAKEN = "SELECT fencing_token, next_run FROM job WHERE name = ?";

    /** Who asked for another run meanwhile gets it. */
    private static final String FINISH = """
            UPDATE job SET next_run = IF(next_run = ?, ?, next_run), last_run = ?, duration_ms = ?, outcome = ?,
                   lease_owner = NULL, lease_until = NULL
            WHERE name = ? AND fencing_token = ?""";

    private static final String ALL = """
            SELECT name, next_run, last_run, duration_ms, outcome,
                   lease_owner IS NOT NULL AND lease_until >= UTC_TIMESTAMP(6) AS running
            FROM job ORDER BY name""";

    @Resource(lookup = "java:app/jdbc/smashcost")
    private DataSource database;

    @SuppressWarnings("NullAway.Init")
    protected Leases() {}

    /** The leases in this database. */
    public Leases(DataSource database) {
        this.database = database;
    }

    /**
     * A lease that was taken.
     *
     * @param due when the run was due, by which it is told whether another was asked for meanwhile
     */
    record Lease(Fence fence, Instant due) {}

    /** Makes sure that the job has a row; a new one is due now. */
    void register(String job, Instant now) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(REGISTER)) {
            insert.setString(1, job);
            insert.setObject(2, utc(now));
            insert.executeUpdate();
        }
    }

    /** Takes the lease of a job if it is due and nobody runs it. */
    Optional<Lease> take(Job job, String owner, Instant now) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement update = connection.prepareStatement(TAKE);
                    PreparedStatement select = connection.prepareStatement(TAKEN)) {
                update.setString(1, owner);
                update.setLong(2, Fence.LEASE.toSeconds());
                update.setString(3, job.name());
                update.setObject(4, utc(now));
                update.setObject(5, utc(now.plus(job.period())));
                if (update.executeUpdate() == 0) {
                    connection.rollback();
                    return Optional.empty();
                }
                select.setString(1, job.name());
                Lease lease;
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    lease = new Lease(new Fence(job.name(), row.getLong(1)), instant(row, "next_run"));
                }
                connection.commit();
                return Optional.of(lease);
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    /** Notes how a run went and gives the lease back; false if it was lost before. */
    boolean finish(Lease lease, Instant began, Duration took, String outcome, Instant next) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(FINISH)) {
            update.setObject(1, utc(lease.due()));
            update.setObject(2, utc(next));
            update.setObject(3, utc(began));
            update.setLong(4, took.toMillis());
            update.setString(5, outcome);
            update.setString(6, lease.fence().job());
            update.setLong(7, lease.fence().token());
            return update.executeUpdate() == 1;
        }
    }

    /** Asks for a run as soon as possible, after the present one if there is one; false if there is no such job. */
    boolean ask(String job, Instant now) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement("UPDATE job SET next_run = ? WHERE name = ?")) {
            update.setObject(1, utc(now));
            update.setString(2, job);
            return update.executeUpdate() == 1;
        }
    }

    /** All jobs, by name. */
    List<JobState> all() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(ALL);
                ResultSet row = select.executeQuery()) {
            List<JobState> all = new ArrayList<>();
            while (row.next()) {
                Long took = row.getObject("duration_ms", Long.class);
                all.add(new JobState(
                        row.getString("name"),
                        instant(row, "next_run"),
                        optional(row, "last_run"),
                        took == null ? null : Duration.ofMillis(took),
                        row.getString("outcome"),
                        row.getBoolean("running")));
            }
            return all;
        }
    }

    private static LocalDateTime utc(Instant instant) {
        return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, LocalDateTime.class).toInstant(ZoneOffset.UTC);
    }

    private static @Nullable Instant optional(ResultSet row, String column) throws SQLException {
        LocalDateTime time = row.getObject(column, LocalDateTime.class);
        return time == null ? null : time.toInstant(ZoneOffset.UTC);
    }
}
