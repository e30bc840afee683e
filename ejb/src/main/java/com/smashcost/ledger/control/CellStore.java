package com.smashcost.ledger.control;

import com.smashcost.routing.control.Cells.Counts;
import com.smashcost.routing.control.Cells.Key;
import com.smashcost.routing.control.Task;
import jakarta.annotation.Resource;
import jakarta.ejb.EJBException;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * The cells' counters in the database, shared by all nodes: each adds what it counted itself. Counts halve in thirty days, by
 * the database's clock, so that it does not matter how often they are added to.
 */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class CellStore {

    private static final Duration HALF_LIFE = Duration.ofDays(30);

    private static final String ALL = """
            SELECT organization_id, task, difficulty, model_id, attempts * faded AS attempts, good * faded AS good
            FROM (
              SELECT organization_id, task, difficulty, model_id, attempts, good,
                     POW(0.5, GREATEST(0, TIMESTAMPDIFF(MICROSECOND, updated_at, UTC_TIMESTAMP(6))) / ?) AS faded
              FROM routing_cell) AS aged""";

    private static final String OF_ORGANIZATION = ALL + " WHERE organization_id = ?";

    /** The time comes last: what stands before it is computed with the old one. An outcome that is taken back may have faded. */
    private static final String ADD = """
            INSERT INTO routing_cell (organization_id, task, difficulty, model_id, attempts, good, updated_at)
            SELECT asked.organization, asked.kind, asked.level, asked.model, asked.tries, GREATEST(0, asked.hits), UTC_TIMESTAMP(6)
            FROM (SELECT ? AS organization, ? AS kind, ? AS level, ? AS model, ? AS tries, ? AS hits) asked
              JOIN organization o ON o.id = asked.organization AND o.status <> 'DELETED'
              JOIN model m ON m.id = asked.model
            ON DUPLICATE KEY UPDATE
              attempts = routing_cell.attempts
                * POW(0.5, GREATEST(0, TIMESTAMPDIFF(MICROSECOND, routing_cell.updated_at, UTC_TIMESTAMP(6))) / ?)
                + VALUES(attempts),
              good = GREATEST(0, routing_cell.good
                * POW(0.5, GREATEST(0, TIMESTAMPDIFF(MICROSECOND, routing_cell.updated_at, UTC_TIMESTAMP(6))) / ?)
                + ?),
              updated_at = GREATEST(routing_cell.updated_at, UTC_TIMESTAMP(6))""";

    /** One order for all nodes, so that none waits for another in a circle. */
    private static final Comparator<Key> ORDER = Comparator.comparingLong(Key::organizationId)
            .thenComparing(cell -> cell.task().name())
            .thenComparingInt(Key::difficulty)
            .thenComparingLong(Key::modelId);

    @Resource(lookup = "java:app/jdbc/smashcost")
    private DataSource database;

    /** All counters as they are worth now. */
    public Map<Key, Counts> load() {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(ALL)) {
            select.setLong(1, halfLife());
            return read(select);
        } catch (SQLException e) {
            throw new EJBException(e);
        }
    }

    /** The counters of one organisation as they are worth now. */
    static Map<Key, Counts> load(Connection connection, long organizationId) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(OF_ORGANIZATION)) {
            select.setLong(1, halfLife());
            select.setLong(2, organizationId);
            return read(select);
        }
    }

    private static Map<Key, Counts> read(PreparedStatement select) throws SQLException {
        Map<Key, Counts> counts = new HashMap<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                Optional<Task> task = task(row.getString("task"));
                if (task.isPresent()) {
                    counts.put(
                            new Key(
                                    row.getLong("organization_id"),
                                    task.get(),
                                    row.getInt("difficulty"),
                                    row.getLong("model_id")),
                            new Counts(row.getDouble("attempts"), row.getDouble("good")));
                }
            }
        }
        return counts;
    }

    /**
     * Adds to the counters, all or none; organisations that were deleted meanwhile keep none.
     *
     * @throws EJBException if the database does not take them; then they may be added again
     */
    public void add(Map<Key, Counts> deltas) {
        if (deltas.isEmpty()) {
            return;
        }
        List<Key> cells = deltas.keySet().stream().sorted(ORDER).toList();
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement(ADD)) {
                for (Key cell : cells) {
                    bind(insert, cell, Objects.requireNonNull(deltas.get(cell)));
                    insert.addBatch();
                }
                insert.executeBatch();
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new EJBException(e);
        }
    }

    private static void bind(PreparedStatement insert, Key cell, Counts counts) throws SQLException {
        insert.setLong(1, cell.organizationId());
        insert.setString(2, cell.task().name());
        insert.setInt(3, cell.difficulty());
        insert.setLong(4, cell.modelId());
        insert.setDouble(5, counts.attempts());
        insert.setDouble(6, counts.good());
        insert.setLong(7, halfLife());
        insert.setLong(8, halfLife());
        insert.setDouble(9, counts.good());
    }

    private static long halfLife() {
        return HALF_LIFE.toNanos() / 1000;
    }

    /** Empty for one that only another release knows. */
    private static Optional<Task> task(String name) {
        return Stream.of(Task.values()).filter(task -> task.name().equals(name)).findFirst();
    }
}
