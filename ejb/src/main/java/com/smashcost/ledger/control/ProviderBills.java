package com.smashcost.ledger.control;

import com.smashcost.account.control.Organizations;
import com.smashcost.audit.control.Alerts;
import com.smashcost.audit.control.Audit;
import com.smashcost.audit.entity.Actor;
import com.smashcost.audit.entity.AlertRecord;
import com.smashcost.audit.entity.AuditRecord;
import com.smashcost.job.control.BusinessClock;
import com.smashcost.ledger.control.BillDrift.Place;
import com.smashcost.ledger.control.BillDrift.Used;
import com.smashcost.ledger.control.CostReport.Covered;
import com.smashcost.ledger.control.CostReport.Line;
import jakarta.annotation.Resource;
import jakarta.ejb.EJBException;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** What providers billed organisations, kept by model and day, and how far the ledger is from it. */
@Stateless
public class ProviderBills {

    private static final int TIMEOUT_SECONDS = 30;
    private static final int DECIMALS = 12;

    private static final String USED = """
            SELECT e.provider, DATE(e.started_at) AS day, used.name AS model, COALESCE(SUM(e.cost_usd), 0) AS usd,
                   COUNT(*) AS requests,
                   SUM(e.cost_usd IS NULL AND (e.input_tokens IS NOT NULL OR e.output_tokens IS NOT NULL)) AS unpriced
            FROM (SELECT provider, started_at, model_used_id, cost_usd, input_tokens, output_tokens FROM ledger_entry
                  WHERE organization_id = ? AND model_used_id IS NOT NULL AND provider IS NOT NULL""";

    private static final String BY_MODEL = """
            ) e JOIN model_name used ON used.id = e.model_used_id
            GROUP BY e.provider, DATE(e.started_at), used.name""";

    @Resource(lookup = "java:app/jdbc/smashcost")
    private DataSource database;

    @Resource(lookup = "java:app/jdbc/smashcost-report")
    private DataSource reports;

    @Inject
    private Organizations organizations;

    @Inject
    private Audit audit;

    @Inject
    private Alerts alerts;

    @Inject
    private BusinessClock clock;

    /**
     * Keeps the report in the place of what was kept of its days; returns the number of the import.
     *
     * @param file the report as it came, whose digest is kept
     */
    public long store(long organizationId, CostReport report, byte[] file, Actor actor) {
        organizations.hold(organizationId);
        try (Connection connection = database.getConnection()) {
            long bill = insertBill(connection, organizationId, report, file);
            deleteLines(connection, organizationId, report);
            insertLines(connection, organizationId, report, bill);
            audit.append(new AuditRecord(
                    organizationId,
                    clock.now(),
                    actor,
                    "bill.import",
                    Long.toString(bill),
                    AuditRecord.Outcome.done,
                    report.format() + ", " + report.items() + " items"));
            return bill;
        } catch (SQLException e) {
            throw new EJBException(e);
        }
    }

    private long insertBill(Connection connection, long organizationId, CostReport report, byte[] file)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO provider_bill (organization_id, format, sha256, items, imported_at) VALUES (?, ?, ?, ?, ?)",
                Statement.RETURN_GENERATED_KEYS)) {
            insert.setLong(1, organizationId);
            insert.setString(2, report.format().name());
            insert.setBytes(3, sha256(file));
            insert.setInt(4, report.items());
            insert.setObject(5, LocalDateTime.ofInstant(clock.now(), ZoneOffset.UTC));
            insert.executeUpdate();
            try (ResultSet key = insert.getGeneratedKeys()) {
                key.next();
                return key.getLong(1);
            }
        }
    }

    private static void deleteLines(Connection connection, long organizationId, CostReport report) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(
                "DELETE FROM provider_bill_line WHERE organization_id = ? AND provider = ? AND day = ?")) {
            for (Covered covered : report.covered()) {
                delete.setLong(1, organizationId);
                delete.setString(2, covered.provider());
                delete.setObject(3, covered.day());
                delete.addBatch();
            }
            if (!report.covered().isEmpty()) {
                delete.executeBatch();
            }
        }
    }

    /** Each day has a line of no model, so that it is known to be billed. */
    private static void insertLines(Connection connection, long organizationId, CostReport report, long bill)
            throws SQLException {
        Map<Place, BigDecimal> lines = new HashMap<>();
        report.covered()
                .forEach(covered -> lines.put(new Place(covered.provider(), covered.day(), ""), BigDecimal.ZERO));
        for (Line line : report.lines()) {
            lines.merge(new Place(line.provider(), line.day(), line.model()), line.usd(), BigDecimal::add);
        }
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO provider_bill_line (organization_id, provider, day, model, billed_usd, bill_id)
                VALUES (?, ?, ?, ?, ?, ?)""")) {
            for (Map.Entry<Place, BigDecimal> line : lines.entrySet()) {
                insert.setLong(1, organizationId);
                insert.setString(2, line.getKey().provider());
                insert.setObject(3, line.getKey().day());
                insert.setString(4, line.getKey().model());
                insert.setBigDecimal(5, line.getValue().setScale(DECIMALS, RoundingMode.HALF_EVEN));
                insert.setLong(6, bill);
                insert.addBatch();
            }
            if (!lines.isEmpty()) {
                insert.executeBatch();
            }
        }
    }

    /** How far the ledger is from the bills of the days from one to before another; days that were not billed are left out. */
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public List<BillDrift> drift(long organizationId, LocalDate from, LocalDate to) {
        try (Connection connection = reports.getConnection()) {
            Map<Place, BigDecimal> billed = billed(connection, organizationId, from, to);
            return billed.isEmpty() ? List.of() : BillDrift.between(billed, used(connection, organizationId, from, to));
        } catch (SQLException e) {
            throw new EJBException(e);
        }
    }

    /**
     * Raises an alert for each drift above one per cent of these days, once for each size of it; returns the drifts. For a job, and
     * for each import.
     */
    public List<BillDrift> watch(long organizationId, LocalDate from, LocalDate to) {
        List<BillDrift> drifts = drift(organizationId, from, to);
        for (BillDrift drift : drifts) {
            if (drift.exceeds()) {
                alerts.raise(alert(organizationId, drift));
            }
        }
        return drifts;
    }

    private AlertRecord alert(long organizationId, BillDrift drift) {
        String model = drift.model() == null ? "all models" : drift.model();
        String difference = drift.differenceUsd().stripTrailingZeros().toPlainString();
        return new AlertRecord(
                organizationId,
                clock.now(),
                "bill_drift",
                drift.provider() + " " + drift.day() + " " + model,
                "The provider billed %s USD and the ledger says %s USD for %d requests, of which %d have no price."
                        .formatted(
                                drift.billedUsd() == null ? "no" : plain(drift.billedUsd()),
                                drift.ledgerUsd() == null ? "no" : plain(drift.ledgerUsd()),
                                drift.requests(),
                                drift.unpriced()),
                "bill:" + organizationId + ":" + drift.provider() + ":" + drift.day() + ":" + model + ":" + difference);
    }

    private static String plain(BigDecimal usd) {
        return usd.stripTrailingZeros().toPlainString();
    }

    private static Map<Place, BigDecimal> billed(
            Connection connection, long organizationId, LocalDate from, LocalDate to) throws SQLException {
        Map<Place, BigDecimal> billed = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement("""
                SELECT provider, day, model, billed_usd FROM provider_bill_line
                WHERE organization_id = ? AND day >= ? AND day < ?""")) {
            select.setQueryTimeout(TIMEOUT_SECONDS);
            select.setLong(1, organizationId);
            select.setObject(2, from);
            select.setObject(3, to);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    billed.put(
                            new Place(row.getString(1), row.getObject(2, LocalDate.class), row.getString(3)),
                            row.getBigDecimal(4));
                }
            }
        }
        return billed;
    }

    private static Map<Place, Used> used(Connection connection, long organizationId, LocalDate from, LocalDate to)
            throws SQLException {
        Map<Place, Used> used = new HashMap<>();
        var start = from.atStartOfDay().toInstant(ZoneOffset.UTC);
        var end = to.atStartOfDay().toInstant(ZoneOffset.UTC);
        try (PreparedStatement select =
                connection.prepareStatement(USED + LedgerRange.condition(start, end) + BY_MODEL)) {
            select.setQueryTimeout(TIMEOUT_SECONDS);
            select.setLong(1, organizationId);
            LedgerRange.bind(select, 2, start, end);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    used.merge(
                            new Place(
                                    row.getString("provider"),
                                    row.getObject("day", LocalDate.class),
                                    CostReport.family(row.getString("model"))),
                            new Used(row.getBigDecimal("usd"), row.getLong("requests"), row.getLong("unpriced")),
                            Used::plus);
                }
            }
        }
        return used;
    }

    private static byte[] sha256(byte[] file) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(file);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
