package com.smashcost.ledger.control;

import com.smashcost.ledger.entity.ChainRecord;
import com.smashcost.ledger.entity.Trail;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Reads and adds records of chains, and digests the rows that they are about. */
final class ChainStore {

    private static final int PAGE = 2000;
    private static final int TIMEOUT_SECONDS = 30;

    private static final List<String> AUDIT = List.of(
            "id",
            "organization_id",
            "at",
            "actor_type",
            "actor",
            "action",
            "subject",
            "outcome",
            "old_status",
            "new_status",
            "reason",
            "recorded_at");

    private ChainStore() {}

    /** How many rows were digested, and their SHA-256 in hexadecimal. */
    record Digest(long rows, String sha256) {}

    /** The chain's records in their order. */
    static List<ChainRecord> records(DataSource database, Trail trail, long organizationId) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT * FROM chain_record WHERE trail = ? AND organization_id = ? ORDER BY sequence")) {
            select.setQueryTimeout(TIMEOUT_SECONDS);
            select.setString(1, trail.name());
            select.setLong(2, organizationId);
            List<ChainRecord> records = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    records.add(new ChainRecord(
                            trail,
                            organizationId,
                            row.getInt("sequence"),
                            row.getObject("day", LocalDate.class),
                            row.getInt("supplement"),
                            row.getLong("row_count"),
                            row.getObject("recorded_before", LocalDateTime.class)
                                    .toInstant(ZoneOffset.UTC),
                            hex(row, "rows_sha256"),
                            hex(row, "previous_head"),
                            hex(row, "head"),
                            hex(row, "signature")));
                }
            }
            return records;
        }
    }

    private static String hex(ResultSet row, String column) throws SQLException {
        return HexFormat.of().formatHex(row.getBytes(column));
    }

    static void add(DataSource database, ChainRecord record) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement("""
                        INSERT INTO chain_record (trail, organization_id, sequence, day, supplement, row_count,
                          recorded_before, rows_sha256, previous_head, head, signature)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")) {
            insert.setString(1, record.trail().name());
            insert.setLong(2, record.organizationId());
            insert.setInt(3, record.sequence());
            insert.setObject(4, record.day());
            insert.setInt(5, record.supplement());
            insert.setLong(6, record.rowCount());
            insert.setObject(7, LocalDateTime.ofInstant(record.recordedBefore(), ZoneOffset.UTC));
            insert.setBytes(8, HexFormat.of().parseHex(record.rowsSha256()));
            insert.setBytes(9, HexFormat.of().parseHex(record.previousHead()));
            insert.setBytes(10, HexFormat.of().parseHex(record.head()));
            insert.setBytes(11, HexFormat.of().parseHex(record.signature()));
            insert.executeUpdate();
        }
    }

    /** Digests the rows of a day that were recorded in a range of time. */
    static Digest digest(
            DataSource database,
            Trail trail,
            long organizationId,
            LocalDate day,
            @Nullable Instant recordedFrom,
            @Nullable Instant recordedTo)
            throws SQLException {
        MessageDigest sha = ChainRecord.sha256();
        long rows = switch (trail) {
            case ledger ->
                LedgerSlice.ofDay(organizationId, day, recordedFrom, recordedTo)
                        .each(database, line -> sha.update(line.canonical()));
            case audit -> digestAudit(database, organizationId, day, recordedFrom, recordedTo, sha);
        };
        return new Digest(rows, HexFormat.of().formatHex(sha.digest()));
    }

    private static long digestAudit(
            DataSource database,
            long organizationId,
            LocalDate day,
            @Nullable Instant recordedFrom,
            @Nullable Instant recordedTo,
            MessageDigest sha)
            throws SQLException {
        long last = 0;
        long count = 0;
        while (true) {
            int page = 0;
            try (Connection connection = database.getConnection();
                    PreparedStatement select = connection.prepareStatement(
                            """
                            SELECT * FROM audit_record
                            WHERE organization_id <=> NULLIF(?, 0) AND id > ? AND at >= ? AND at < ?""" + LedgerSlice.recorded(recordedFrom, recordedTo) + " ORDER BY id LIMIT ?")) {
                select.setQueryTimeout(TIMEOUT_SECONDS);
                select.setLong(1, organizationId);
                select.setLong(2, last);
                int next = LedgerSlice.bind(
                        select,
                        3,
                        LedgerSlice.start(day),
                        LedgerSlice.start(day.plusDays(1)),
                        recordedFrom,
                        recordedTo);
                select.setInt(next, PAGE);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        sha.update(auditLine(row).getBytes(StandardCharsets.UTF_8));
                        last = row.getLong("id");
                        page++;
                    }
                }
            }
            count += page;
            if (page < PAGE) {
                return count;
            }
        }
    }

    private static String auditLine(ResultSet row) throws SQLException {
        List<String> cells = new ArrayList<>(AUDIT.size());
        for (String field : AUDIT) {
            if (field.endsWith("at")) {
                cells.add(LedgerLine.time(row, field));
            } else {
                String text = row.getString(field);
                cells.add(text == null ? "" : text);
            }
        }
        return LedgerLine.line(cells);
    }

    /** How many rows there are from a day to before another. */
    static long count(DataSource database, Trail trail, long organizationId, LocalDate from, LocalDate to)
            throws SQLException {
        if (trail == Trail.ledger) {
            return new LedgerSlice(
                            organizationId,
                            LedgerSlice.start(from),
                            LedgerSlice.start(to),
                            null,
                            null,
                            null,
                            null,
                            null)
                    .count(database);
        }
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        SELECT COUNT(*) FROM audit_record
                        WHERE organization_id <=> NULLIF(?, 0) AND at >= ? AND at < ?""")) {
            select.setQueryTimeout(TIMEOUT_SECONDS);
            select.setLong(1, organizationId);
            LedgerSlice.bind(select, 2, LedgerSlice.start(from), LedgerSlice.start(to));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
