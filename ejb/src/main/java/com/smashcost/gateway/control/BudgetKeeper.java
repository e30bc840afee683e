package com.smashcost.gateway.control;

import com.smashcost.account.entity.BudgetRule;
import com.smashcost.admission.control.Budgets;
import com.smashcost.admission.control.Budgets.Gap;
import com.smashcost.admission.control.Budgets.Standing;
import com.smashcost.audit.control.Alerts;
import com.smashcost.audit.entity.AlertRecord;
import com.smashcost.job.control.BusinessClock;
import com.smashcost.ledger.control.Consumption;
import com.smashcost.ledger.entity.RequestId;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.ejb.EJBException;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Does in the background what budgets need a database for: fills in what was used before this node counted, writes down what
 * long requests hold, gives back what was abandoned, and raises an alert for each budget that is used up. Each node has its own.
 */
@Singleton
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class BudgetKeeper {

    private static final Logger LOG = System.getLogger(BudgetKeeper.class.getName());
    private static final Duration ENOUGH_AT_START = Duration.ofSeconds(10);
    private static final int FILL_EVERY = 6; // ticks

    private static final String HELD = """
            SELECT r.request_id, r.budget_id, r.amount, r.expires_at FROM budget_reservation r
              LEFT JOIN ledger_entry e ON e.request_id = r.request_id
            WHERE e.request_id IS NULL OR (e.input_tokens IS NULL AND e.output_tokens IS NULL)""";

    @Resource(lookup = "java:app/jdbc/smashcost")
    private DataSource database;

    @Inject
    private Snapshots snapshots;

    @Inject
    private Budgets budgets;

    @Inject
    private BusinessClock clock;

    @EJB
    private Consumption consumption;

    @EJB
    private Alerts alerts;

    private final Set<Row> written = new HashSet<>();
    private final Set<String> told = new HashSet<>();
    private int ticks;
    private boolean started;
    private boolean away;

    private record Row(RequestId request, long budget) {}

    private record Held(BigDecimal amount, Instant expires) {}

    /** Takes over what was used and held before this start, as far as that takes no longer than some seconds. */
    public void start() throws SQLException {
        recall();
        fill(System.nanoTime() + ENOUGH_AT_START.toNanos());
        started = true;
    }

    @Schedule(hour = "*", minute = "*", second = "*/5", persistent = false)
    void keep() {
        if (!started) { // a timer may be early
            return;
        }
        budgets.expire(Instant.now());
        try {
            fill(Long.MAX_VALUE);
            write();
            tell();
            away = false;
        } catch (SQLException | RuntimeException e) { // a timer that throws is called no more
            if (!away) {
                away = true;
                LOG.log(
                        Level.WARNING,
                        "what budgets hold is not written down until the database takes it: {0}, {1}",
                        e.getClass().getName(),
                        e instanceof SQLException sql ? sql.getErrorCode() : "no SQL");
            }
        }
        ticks++;
    }

    @PreDestroy
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    void stop() {
        try {
            if (started) {
                write();
            }
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "what budgets hold is not written down");
        }
    }

    /** Asks the ledger for what counters do not know; those that are young now and then, as old requests end. */
    private void fill(long deadline) {
        Set<Long> live = new HashSet<>();
        for (Tenant tenant : snapshots.current().tenants().values()) {
            tenant.budgets().forEach(rule -> live.add(rule.id()));
            for (Gap gap : budgets.gaps(tenant.budgets(), tenant.timeZone())) {
                boolean due = ticks % FILL_EVERY == 0
                        || !budgets.standing(gap.rule(), gap.zone()).complete();
                if (due && (deadline == Long.MAX_VALUE || System.nanoTime() - deadline < 0)) {
                    fill(gap);
                }
            }
        }
        budgets.keepOnly(live);
    }

    private void fill(Gap gap) {
        try {
            budgets.fill(gap, consumption.of(gap.rule(), gap.from(), gap.to()));
        } catch (SQLException | EJBException e) {
            LOG.log(
                    away ? Level.DEBUG : Level.WARNING,
                    "what budget {0} has used so far is not known yet: {1}",
                    gap.rule().id(),
                    e.getClass().getSimpleName());
        }
    }

    private void recall() throws SQLException {
        Map<Long, Tenant> tenants = new HashMap<>();
        Map<Long, BudgetRule> rules = new HashMap<>();
        for (Tenant tenant : snapshots.current().tenants().values()) {
            tenant.budgets().forEach(rule -> {
                rules.put(rule.id(), rule);
                tenants.put(rule.id(), tenant);
            });
        }
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(HELD);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                RequestId request = RequestId.of(row.getBytes(1));
                long budget = row.getLong(2);
                Instant expires = row.getObject(4, LocalDateTime.class).toInstant(ZoneOffset.UTC);
                BudgetRule rule = rules.get(budget);
                Tenant tenant = tenants.get(budget);
                if (rule != null && tenant != null && expires.isAfter(Instant.now())) {
                    budgets.recall(request, rule, tenant.timeZone(), row.getBigDecimal(3), expires);
                }
                written.add(new Row(request, budget));
            }
        }
    }

    /** Makes the table hold what is held now; a request that ends between two of these never gets there. */
    private void write() throws SQLException {
        Map<Row, Held> held = new HashMap<>();
        budgets.eachTaken(
                (request, budget, amount, expires) -> held.put(new Row(request, budget), new Held(amount, expires)));
        Set<Row> gone = new HashSet<>(written);
        gone.removeAll(held.keySet());
        held.keySet().removeAll(written);
        if (gone.isEmpty() && held.isEmpty()) {
            return;
        }
        try (Connection connection = database.getConnection()) {
            for (Row row : gone) {
                delete(connection, row);
                written.remove(row);
            }
            for (Map.Entry<Row, Held> each : held.entrySet()) {
                written.add(each.getKey()); // first, so that it is deleted whatever becomes of it
                insert(connection, each.getKey(), each.getValue());
            }
        }
    }

    private static void delete(Connection connection, Row row) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM budget_reservation WHERE request_id = ? AND budget_id = ?")) {
            delete.setBytes(1, row.request.bytes());
            delete.setLong(2, row.budget);
            delete.executeUpdate();
        }
    }

    private static void insert(Connection connection, Row row, Held held) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO budget_reservation (request_id, budget_id, amount, expires_at) VALUES (?, ?, ?, ?)")) {
            insert.setBytes(1, row.request.bytes());
            insert.setLong(2, row.budget);
            insert.setBigDecimal(3, held.amount);
            insert.setObject(4, LocalDateTime.ofInstant(held.expires, ZoneOffset.UTC));
            insert.executeUpdate();
        } catch (SQLIntegrityConstraintViolationException budgetIsDeleted) {
            LOG.log(Level.DEBUG, "budget {0} is no more", row.budget);
        }
    }

    /** Raises an alert for each window in which a budget first had no room. */
    private void tell() {
        for (Standing standing : budgets.standings()) {
            if (standing.refused() > 0) {
                tell(standing, "refused");
            }
            if (standing.warned() > 0) {
                tell(standing, "warned");
            }
        }
    }

    private void tell(Standing standing, String what) {
        BudgetRule rule = standing.rule();
        String cause = "budget:" + rule.id() + ":" + standing.bounds().start().getEpochSecond() + ":" + what;
        if (told.contains(cause)) {
            return;
        }
        alerts.raise(new AlertRecord(
                rule.organizationId(),
                clock.now(),
                "budget_exceeded",
                rule.name(),
                "A request was %s: %s %s used, %s held by requests under way; the window is %s to %s."
                        .formatted(
                                what,
                                standing.used().stripTrailingZeros().toPlainString(),
                                rule.unit(),
                                standing.reserved().stripTrailingZeros().toPlainString(),
                                standing.bounds().start(),
                                standing.bounds().end()),
                cause));
        if (told.size() > 10_000) { // the table knows them all
            told.clear();
        }
        told.add(cause);
    }
}
