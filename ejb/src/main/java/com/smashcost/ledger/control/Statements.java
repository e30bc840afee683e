package com.smashcost.ledger.control;

import com.smashcost.account.control.Organizations;
import com.smashcost.account.entity.Organization;
import com.smashcost.ledger.control.Statement.PriceVersion;
import com.smashcost.ledger.control.Statement.Sums;
import com.smashcost.ledger.control.StatementJson.Seal;
import com.smashcost.ledger.entity.ChainRecord;
import com.smashcost.ledger.entity.Trail;
import com.smashcost.refusal.control.Refusal;
import com.smashcost.secret.control.InstallationKey;
import jakarta.annotation.Resource;
import jakarta.ejb.EJBException;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * Savings statements of months, from the rows that the ledger's chain covers: what comes later changes no statement before a
 * supplement of the chain tells of it. Read page by page as the user who may only read.
 */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Statements {

    private static final int TIMEOUT_SECONDS = 30;

    @Resource(lookup = "java:app/jdbc/smashcost-report")
    private DataSource database;

    @Inject
    private Organizations organizations;

    @Inject
    private InstallationKey key;

    /**
     * The statement of a month in the organisation's time zone.
     *
     * @throws Refusal if no day of the month has a digest yet
     */
    public Statement of(Organization organization, YearMonth month) {
        ZoneId zone = ZoneId.of(organizations.settings(organization.id()).timeZone());
        Instant from = month.atDay(1).atStartOfDay(zone).toInstant();
        Instant to = month.plusMonths(1).atDay(1).atStartOfDay(zone).toInstant();
        LocalDate firstDay = LocalDate.ofInstant(from, ZoneOffset.UTC);
        LocalDate lastDay = LocalDate.ofInstant(to.minusNanos(1), ZoneOffset.UTC);
        try {
            List<ChainRecord> all = ChainStore.records(database, Trail.ledger, organization.id());
            List<ChainRecord> chain = touching(all, firstDay, lastDay);
            if (chain.isEmpty()) {
                throw new Refusal.Conflict(
                        "statement_not_ready",
                        "No day of this month is in the ledger's chain yet; a day is, some hours after its end.");
            }
            boolean complete = all.stream().anyMatch(record -> !record.day().isBefore(lastDay));
            Sums sums = new Sums();
            Statement draft = new Statement(
                    organization.id(),
                    organization.slug(),
                    organization.name(),
                    month,
                    zone,
                    from,
                    to,
                    complete,
                    sums,
                    List.of(),
                    chain);
            each(draft, sums::add);
            return new Statement(
                    draft.organizationId(),
                    draft.slug(),
                    draft.name(),
                    month,
                    zone,
                    from,
                    to,
                    complete,
                    sums,
                    versions(sums.versions()),
                    chain);
        } catch (SQLException e) {
            throw new EJBException(e);
        }
    }

    /** The records from the first to the last that is about one of the days, with all between them. */
    private static List<ChainRecord> touching(List<ChainRecord> all, LocalDate firstDay, LocalDate lastDay) {
        List<Integer> places = new ArrayList<>();
        for (int place = 0; place < all.size(); place++) {
            LocalDate day = all.get(place).day();
            if (!day.isBefore(firstDay) && !day.isAfter(lastDay)) {
                places.add(place);
            }
        }
        return places.isEmpty() ? List.of() : all.subList(places.getFirst(), places.getLast() + 1);
    }

    /** Gives the rows of a statement to the reader, in the order of their ids. */
    void each(Statement statement, Consumer<LedgerLine> reader) {
        LocalDate firstDay = LocalDate.ofInstant(statement.from(), ZoneOffset.UTC);
        LocalDate lastDay = LocalDate.ofInstant(statement.to().minusNanos(1), ZoneOffset.UTC);
        Map<LocalDate, Instant> covered = new TreeMap<>();
        for (ChainRecord record : statement.chain()) {
            if (!record.day().isBefore(firstDay) && !record.day().isAfter(lastDay)) {
                covered.put(record.day(), record.recordedBefore());
            }
        }
        for (Map.Entry<LocalDate, Instant> day : covered.entrySet()) {
            try {
                LedgerSlice.ofDay(statement.organizationId(), day.getKey(), null, day.getValue())
                        .each(database, line -> reader.accept(statement.classify(line)));
            } catch (SQLException e) {
                throw new EJBException(e);
            }
        }
    }

    private List<PriceVersion> versions(Collection<Long> ids) throws SQLException {
        List<PriceVersion> versions = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        SELECT v.id, m.name, v.valid_from, v.source
                        FROM price_version v JOIN model m ON m.id = v.model_id WHERE v.id = ?""")) {
            select.setQueryTimeout(TIMEOUT_SECONDS);
            for (long id : ids) {
                select.setLong(1, id);
                try (ResultSet row = select.executeQuery()) {
                    if (row.next()) {
                        versions.add(new PriceVersion(
                                row.getLong(1),
                                row.getString(2),
                                row.getObject(3, LocalDateTime.class).toInstant(ZoneOffset.UTC),
                                row.getString(4)));
                    }
                }
            }
        }
        return versions;
    }

    /** Writes the statement as the signed file. */
    public void json(Statement statement, OutputStream out) throws IOException {
        StatementJson.write(statement, reader -> each(statement, reader), key, out);
    }

    /** Writes the statement for spreadsheets. */
    public void csv(Statement statement, OutputStream out) throws IOException {
        StatementCsv.write(statement, reader -> each(statement, reader), seal(statement), out);
    }

    /** Writes the statement for people, without the rows that saved something. */
    public void pdf(Statement statement, OutputStream out) throws IOException {
        StatementPdf.write(statement, reader -> each(statement, reader), seal(statement), out);
    }

    private Seal seal(Statement statement) throws IOException {
        return StatementJson.write(statement, reader -> each(statement, reader), key, OutputStream.nullOutputStream());
    }
}
