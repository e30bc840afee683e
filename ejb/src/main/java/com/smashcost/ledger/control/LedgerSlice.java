package com.smashcost.ledger.control;

import com.smashcost.ledger.entity.RequestId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one organisation, read in the order of their ids page by page. A connection is held for a page and no longer, so that
 * a slow reader keeps none from others.
 *
 * @param mintedFrom bounds the ids, as {@code mintedTo} does
 * @param after only rows after this one; null = from the first
 * @param startedFrom bounds the start times, as {@code startedTo} does; null = no bound
 * @param recordedFrom bounds the times at which the database took rows in, as {@code recordedTo} does; null = no bound
 */
record LedgerSlice(
        long organizationId,
        Instant mintedFrom,
        Instant mintedTo,
        @Nullable RequestId after,
        @Nullable Instant startedFrom,
        @Nullable Instant startedTo,
        @Nullable Instant recordedFrom,
        @Nullable Instant recordedTo) {

    private static final int PAGE = 2000;
    private static final int TIMEOUT_SECONDS = 30;

    /** How far an id's time may be from the row's start. */
    private static final long SLACK_SECONDS = 60;

    private static final String ROWS = """
            SELECT e.*, v.model_requested, v.model_used, v.model_projected, v.key_id AS key_public_id, v.key_name,
                   v.tag_customer, v.tag_feature, v.retention, v.lost_cache_usd, v.saving_usd,
                   """ + SavingsReport.REASON + """
                   AS reason
            FROM (SELECT * FROM ledger_entry WHERE\s""";

    private static final String BESIDE_THEM = """
             ORDER BY request_id LIMIT ?) e
              STRAIGHT_JOIN request_log v ON v.request_id = e.request_id
            ORDER BY e.request_id""";

    /** What is done with a row. */
    interface Reader {
        void read(LedgerLine line) throws SQLException;
    }

    /** The rows of a UTC day by their ids that were recorded in a range of time. */
    static LedgerSlice ofDay(
            long organizationId, LocalDate day, @Nullable Instant recordedFrom, @Nullable Instant recordedTo) {
        return new LedgerSlice(
                organizationId, start(day), start(day.plusDays(1)), null, null, null, recordedFrom, recordedTo);
    }

    /** The rows that were started in a half-open range of time, and come after another row. */
    static LedgerSlice started(long organizationId, Instant from, Instant to, @Nullable RequestId after) {
        return new LedgerSlice(
                organizationId,
                from.minusSeconds(SLACK_SECONDS),
                to.plusSeconds(SLACK_SECONDS),
                after,
                from,
                to,
                null,
                null);
    }

    static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /** Gives all rows to the reader; returns how many there were. */
    long each(DataSource database, Reader reader) throws SQLException {
        long count = 0;
        LedgerSlice rest = this;
        while (true) {
            List<LedgerLine> page = rest.page(database);
            for (LedgerLine line : page) {
                reader.read(line);
            }
            count += page.size();
            if (page.size() < PAGE) {
                return count;
            }
            rest = rest.after(page.getLast().id());
        }
    }

    private LedgerSlice after(RequestId last) {
        return new LedgerSlice(
                organizationId, mintedFrom, mintedTo, last, startedFrom, startedTo, recordedFrom, recordedTo);
    }

    private List<LedgerLine> page(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(ROWS + condition() + BESIDE_THEM)) {
            select.setQueryTimeout(TIMEOUT_SECONDS);
            select.setInt(bind(select), PAGE);
            List<LedgerLine> page = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    page.add(LedgerLine.read(row));
                }
            }
            return page;
        }
    }

    /** How many rows there are. */
    long count(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT COUNT(*) FROM ledger_entry WHERE " + condition())) {
            select.setQueryTimeout(TIMEOUT_SECONDS);
            bind(select);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private String condition() {
        return "organization_id = ? AND request_id > ? AND request_id < ?"
                + (startedFrom == null ? "" : " AND started_at >= ?")
                + (startedTo == null ? "" : " AND started_at < ?")
                + recorded(recordedFrom, recordedTo);
    }

    /** The condition of a range of recording; rows from before it was noted are older than all others. */
    static String recorded(@Nullable Instant from, @Nullable Instant to) {
        return (from == null ? "" : " AND recorded_at >= ?")
                + (to == null ? "" : " AND (recorded_at IS NULL OR recorded_at < ?)");
    }

    private int bind(PreparedStatement select) throws SQLException {
        byte[] lower = RequestId.lowerBound(mintedFrom);
        byte[] start = after != null && Arrays.compareUnsigned(after.bytes(), lower) > 0 ? after.bytes() : lower;
        select.setLong(1, organizationId);
        select.setBytes(2, start);
        select.setBytes(3, RequestId.lowerBound(mintedTo));
        return bind(select, 4, startedFrom, startedTo, recordedFrom, recordedTo);
    }

    /** Binds the instants that are not null; returns the index after the last. */
    static int bind(PreparedStatement select, int index, @Nullable Instant... instants) throws SQLException {
        int next = index;
        for (Instant instant : instants) {
            if (instant != null) {
                select.setObject(next++, LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
            }
        }
        return next;
    }
}
