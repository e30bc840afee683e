package com.smashcost.ledger.control;

import com.smashcost.job.control.BusinessClock;
import com.smashcost.ledger.control.ChainCheck.Break;
import com.smashcost.ledger.control.ChainCheck.Reason;
import com.smashcost.ledger.control.ChainStore.Digest;
import com.smashcost.ledger.entity.ChainRecord;
import com.smashcost.ledger.entity.RequestId;
import com.smashcost.ledger.entity.Trail;
import com.smashcost.secret.control.InstallationKey;
import jakarta.annotation.Resource;
import jakarta.ejb.EJBException;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The chains of digests over the ledger and the trail, one of each for every organisation. They grow by a record for each day that
 * is over and, for rows that came after their day's digest, by a supplement; no record is ever changed.
 */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Chains {

    private static final Logger LOG = System.getLogger(Chains.class.getName());

    /** How long after its end a day is digested: what is under way at midnight is recorded by then. */
    private static final Duration SETTLED = Duration.ofHours(1);

    /** How long a row may take from the moment that it is stamped until all can read it. */
    private static final Duration COMMITTED = Duration.ofMinutes(2);

    /** How far back late rows are looked for. */
    private static final int LATE_DAYS = 100;

    /** Whose audit records belong to no organisation. */
    static final long INSTALLATION = 0;

    private static final int TIMEOUT_SECONDS = 30;

    @Resource(lookup = "java:app/jdbc/smashcost")
    private DataSource database;

    @Resource(lookup = "java:app/jdbc/smashcost-report")
    private DataSource report;

    @Inject
    private InstallationKey key;

    @Inject
    private BusinessClock clock;

    /** Extends all chains to the last day that is over; returns how many records were added. */
    public int run() {
        try {
            int added = extend(Trail.audit, INSTALLATION);
            for (long organization : organizations()) {
                added += extend(organization);
            }
            LOG.log(Level.INFO, "{0} records added to the chains", added);
            return added;
        } catch (SQLException e) {
            throw new EJBException(e);
        }
    }

    /** Extends the chains of one organisation; returns how many records were added. */
    public int extend(long organizationId) {
        try {
            return extend(Trail.ledger, organizationId) + extend(Trail.audit, organizationId);
        } catch (SQLException e) {
            throw new EJBException(e);
        }
    }

    /** The records of a chain in their order. */
    public List<ChainRecord> records(Trail trail, long organizationId) {
        try {
            return ChainStore.records(report, trail, organizationId);
        } catch (SQLException e) {
            throw new EJBException(e);
        }
    }

    /** The ids of all organisations that there are or were. */
    public List<Long> organizations() {
        List<Long> ids = new ArrayList<>();
        try (Connection connection = report.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT id FROM organization ORDER BY id");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                ids.add(row.getLong(1));
            }
            return ids;
        } catch (SQLException e) {
            throw new EJBException(e);
        }
    }

    private int extend(Trail trail, long organizationId) throws SQLException {
        List<ChainRecord> records = new ArrayList<>(ChainStore.records(report, trail, organizationId));
        int before = records.size();
        LocalDate lastDay =
                LocalDate.ofInstant(clock.now().minus(SETTLED), ZoneOffset.UTC).minusDays(1);
        Instant until = databaseTime().minus(COMMITTED);
        try {
            supplement(trail, organizationId, records, until);
            Optional<LocalDate> first = records.isEmpty()
                    ? firstDay(trail, organizationId)
                    : Optional.of(lastDayOf(records).plusDays(1));
            if (first.isPresent()) {
                for (LocalDate day = first.get(); !day.isAfter(lastDay); day = day.plusDays(1)) {
                    add(trail, organizationId, records, day, null, until);
                }
            }
        } catch (SQLIntegrityConstraintViolationException anotherNodeWasFirst) {
            LOG.log(Level.INFO, "another node extends the chain of organization {0}", organizationId);
        }
        return records.size() - before;
    }

    /** Adds records for rows that came after their day's digest. */
    private void supplement(Trail trail, long organizationId, List<ChainRecord> records, Instant until)
            throws SQLException {
        if (records.isEmpty()) {
            return;
        }
        LocalDate end = lastDayOf(records).plusDays(1);
        LocalDate earliest = end.minusDays(LATE_DAYS);
        Map<LocalDate, List<ChainRecord>> days = byDay(records).tailMap(earliest, true);
        LocalDate start = days.keySet().iterator().next();
        if (ChainStore.count(report, trail, organizationId, start, end)
                <= days.values().stream().mapToLong(Chains::rows).sum()) {
            return;
        }
        for (Map.Entry<LocalDate, List<ChainRecord>> day : days.entrySet()) {
            Instant covered = day.getValue().getLast().recordedBefore();
            if (covered.isBefore(until)
                    && ChainStore.count(
                                    report,
                                    trail,
                                    organizationId,
                                    day.getKey(),
                                    day.getKey().plusDays(1))
                            > rows(day.getValue())
                    && ChainStore.digest(report, trail, organizationId, day.getKey(), covered, until)
                                    .rows()
                            > 0) {
                add(trail, organizationId, records, day.getKey(), covered, until);
            }
        }
    }

    private void add(
            Trail trail,
            long organizationId,
            List<ChainRecord> records,
            LocalDate day,
            @Nullable Instant recordedFrom,
            Instant recordedTo)
            throws SQLException {
        Digest digest = ChainStore.digest(report, trail, organizationId, day, recordedFrom, recordedTo);
        ChainRecord headed = new ChainRecord(
                        trail,
                        organizationId,
                        records.isEmpty() ? 1 : records.getLast().sequence() + 1,
                        day,
                        (int) records.stream()
                                .filter(record -> record.day().equals(day))
                                .count(),
                        digest.rows(),
                        recordedTo,
                        digest.sha256(),
                        records.isEmpty()
                                ? ChainRecord.NO_HEAD
                                : records.getLast().head(),
                        "",
                        "")
                .headed();
        ChainRecord record = headed.signed(key.sign(headed.signedText()));
        ChainStore.add(database, record);
        records.add(record);
    }

    private static LocalDate lastDayOf(List<ChainRecord> records) {
        return byDay(records).lastKey();
    }

    private static TreeMap<LocalDate, List<ChainRecord>> byDay(List<ChainRecord> records) {
        TreeMap<LocalDate, List<ChainRecord>> days = new TreeMap<>();
        records.forEach(record ->
                days.computeIfAbsent(record.day(), day -> new ArrayList<>()).add(record));
        return days;
    }

    private static long rows(List<ChainRecord> records) {
        return records.stream().mapToLong(ChainRecord::rowCount).sum();
    }

    /** The day of the organisation's first row, or of its founding if that is earlier; empty if there is nothing to chain. */
    private Optional<LocalDate> firstDay(Trail trail, long organizationId) throws SQLException {
        try (Connection connection = report.getConnection()) {
            if (trail == Trail.audit) {
                return firstAudit(connection, organizationId);
            }
            try (PreparedStatement select = connection.prepareStatement("""
                    SELECT created_at, (SELECT MIN(request_id) FROM ledger_entry WHERE organization_id = o.id)
                    FROM organization o WHERE id = ?""")) {
                select.setQueryTimeout(TIMEOUT_SECONDS);
                select.setLong(1, organizationId);
                try (ResultSet row = select.executeQuery()) {
                    if (!row.next()) {
                        return Optional.empty();
                    }
                    LocalDate founded = row.getObject(1, LocalDateTime.class).toLocalDate();
                    byte[] first = row.getBytes(2);
                    LocalDate used = first == null
                            ? founded
                            : LocalDate.ofInstant(RequestId.of(first).mintedAt(), ZoneOffset.UTC);
                    return Optional.of(used.isBefore(founded) ? used : founded);
                }
            }
        }
    }

    private static Optional<LocalDate> firstAudit(Connection connection, long organizationId) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT MIN(at) FROM audit_record WHERE organization_id <=> NULLIF(?, 0)")) {
            select.setQueryTimeout(TIMEOUT_SECONDS);
            select.setLong(1, organizationId);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return Optional.ofNullable(row.getObject(1, LocalDateTime.class))
                        .map(LocalDateTime::toLocalDate);
            }
        }
    }

    /** The database's own clock, by which it stamps rows. */
    private Instant databaseTime() throws SQLException {
        try (Connection connection = report.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT UTC_TIMESTAMP(6)");
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getObject(1, LocalDateTime.class).toInstant(ZoneOffset.UTC);
        }
    }

    /**
     * Recomputes a chain: links and signatures of all its records, and the rows of those whose day is not before {@code rowsFrom}.
     */
    public ChainCheck verify(Trail trail, long organizationId, LocalDate rowsFrom) {
        try {
            List<ChainRecord> records = ChainStore.records(report, trail, organizationId);
            Break linked = brokenLink(records);
            LocalDate kept = trail == Trail.ledger ? keptSince() : LocalDate.MIN;
            Map<LocalDate, Instant> covered = new TreeMap<>();
            int recomputed = 0;
            int expired = 0;
            Break found = null;
            for (ChainRecord record : records) {
                if (record.day().isBefore(rowsFrom) || found != null) {
                    continue;
                }
                Digest digest = ChainStore.digest(
                        report,
                        trail,
                        organizationId,
                        record.day(),
                        covered.put(record.day(), record.recordedBefore()),
                        record.recordedBefore());
                if (digest.sha256().equals(record.rowsSha256()) && digest.rows() == record.rowCount()) {
                    recomputed++;
                } else if (digest.rows() == 0 && record.day().isBefore(kept)) {
                    expired++;
                } else {
                    found = new Break(record.sequence(), record.day(), Reason.rows, record.rowCount(), digest.rows());
                }
            }
            return new ChainCheck(
                    trail,
                    records,
                    rowsFrom,
                    recomputed,
                    expired,
                    notDigested(trail, organizationId, records, rowsFrom),
                    earlier(linked, found));
        } catch (SQLException e) {
            throw new EJBException(e);
        }
    }

    private static @Nullable Break earlier(@Nullable Break one, @Nullable Break other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.sequence() <= other.sequence() ? one : other;
    }

    private @Nullable Break brokenLink(List<ChainRecord> records) {
        String previous = ChainRecord.NO_HEAD;
        int expected = 1;
        for (ChainRecord record : records) {
            Reason reason = record.sequence() != expected
                    ? Reason.sequence
                    : !record.previousHead().equals(previous)
                            ? Reason.previous_head
                            : !record.computedHead().equals(record.head())
                                    ? Reason.head
                                    : key.verifies(record.signedText(), record.signature()) ? null : Reason.signature;
            if (reason != null) {
                return new Break(record.sequence(), record.day(), reason, record.rowCount(), null);
            }
            previous = record.head();
            expected++;
        }
        return null;
    }

    private long notDigested(Trail trail, long organizationId, List<ChainRecord> records, LocalDate rowsFrom)
            throws SQLException {
        long most = 0;
        for (Map.Entry<LocalDate, List<ChainRecord>> day :
                byDay(records).tailMap(rowsFrom, true).entrySet()) {
            most += Math.max(
                    0,
                    ChainStore.count(
                                    report,
                                    trail,
                                    organizationId,
                                    day.getKey(),
                                    day.getKey().plusDays(1))
                            - rows(day.getValue()));
        }
        return most;
    }

    /** The first day whose rows nobody's retention can have removed. */
    private LocalDate keptSince() throws SQLException {
        try (Connection connection = report.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT UTC_DATE() - INTERVAL COALESCE(MAX(retention_days), 3650) DAY"
                                + " FROM organization_settings");
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getObject(1, LocalDate.class);
        }
    }
}
