package com.smashcost.job.control;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/**
 * The right to run one job, which ends when another node takes it.
 *
 * @param token larger than that of every earlier holder
 */
public record Fence(String job, long token) {

    /** How long a lease lasts that is not held again. */
    static final Duration LEASE = Duration.ofMinutes(2);

    private static final String HOLD = """
            UPDATE job SET lease_until = UTC_TIMESTAMP(6) + INTERVAL ? SECOND
            WHERE name = ? AND fencing_token = ? AND lease_owner IS NOT NULL""";

    /**
     * Makes sure, in the transaction that is open on the connection, that the lease is still ours, and extends it. Nobody can take it
     * before that transaction ends, so what it changes is changed by the holder or not at all.
     *
     * @throws LostLease if another node has it
     */
    public void hold(Connection connection) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new IllegalStateException("a fence is held in a transaction");
        }
        try (PreparedStatement update = connection.prepareStatement(HOLD)) {
            update.setLong(1, LEASE.toSeconds());
            update.setString(2, job);
            update.setLong(3, token);
            if (update.executeUpdate() == 0) {
                throw new LostLease(job);
            }
        }
    }
}
