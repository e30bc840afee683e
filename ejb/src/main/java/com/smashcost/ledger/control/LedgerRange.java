package com.smashcost.ledger.control;

import com.smashcost.ledger.entity.RequestId;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * The SQL of a half-open range of start times over the ledger. The range is said twice: exactly by {@code started_at}, and a
 * little wider by {@code request_id}, from which the database sees the index range and the partitions to read.
 */
final class LedgerRange {

    /** How far an id's time may be from the row's start. */
    private static final Duration SLACK = Duration.ofMinutes(1);

    private LedgerRange() {}

    /** Conditions to append to a {@code WHERE}. */
    static String condition(@Nullable Instant from, @Nullable Instant to) {
        return (from == null ? "" : " AND request_id >= ? AND started_at >= ?")
                + (to == null ? "" : " AND request_id < ? AND started_at < ?");
    }

    /** Binds the conditions' parameters, the first at {@code index}; returns the index after the last. */
    static int bind(PreparedStatement statement, int index, @Nullable Instant from, @Nullable Instant to)
            throws SQLException {
        int next = index;
        if (from != null) {
            statement.setBytes(next++, RequestId.lowerBound(from.minus(SLACK)));
            statement.setObject(next++, LocalDateTime.ofInstant(from, ZoneOffset.UTC));
        }
        if (to != null) {
            statement.setBytes(next++, RequestId.lowerBound(to.plus(SLACK)));
            statement.setObject(next++, LocalDateTime.ofInstant(to, ZoneOffset.UTC));
        }
        return next;
    }

    /** Binds a range in the order: first id, first id after it, start, end. Returns the index after the last. */
    static int bindAll(PreparedStatement statement, int index, Instant from, Instant to) throws SQLException {
        statement.setBytes(index, RequestId.lowerBound(from.minus(SLACK)));
        statement.setBytes(index + 1, RequestId.lowerBound(to.plus(SLACK)));
        statement.setObject(index + 2, LocalDateTime.ofInstant(from, ZoneOffset.UTC));
        statement.setObject(index + 3, LocalDateTime.ofInstant(to, ZoneOffset.UTC));
        return index + 4;
    }
}
