package com.smashcost.gateway.control;

import com.smashcost.account.control.ModelNames;
import com.smashcost.account.entity.BudgetRule;
import com.smashcost.account.entity.BudgetWindow;
import com.smashcost.account.entity.SubscriptionStatus;
import com.smashcost.catalog.control.StoredCatalogue;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the current {@link Snapshot}: read anew when the database's version has moved, asked for every second and after each
 * change on this node. While the database is away the last good one stays.
 */
@ApplicationScoped
public class Snapshots {

    private static final Logger LOG = System.getLogger(Snapshots.class.getName());
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration STALE = Duration.ofSeconds(5);

    @Resource(lookup = "java:app/jdbc/smashcost")
    private DataSource database;

    @Resource(lookup = "java:comp/DefaultManagedScheduledExecutorService")
    private ManagedScheduledExecutorService scheduler;

    private volatile Snapshot current = Snapshot.EMPTY;
    private volatile long checkedAt = System.nanoTime() - STALE.toNanos();
    private volatile boolean reachable = true;
    private @Nullable ScheduledFuture<?> polling;

    /** The last good snapshot. */
    public Snapshot current() {
        return current;
    }

    /** Whether the snapshot was lately compared with the database; if not, a key it lacks may exist all the same. */
    public boolean isFresh() {
        return System.nanoTime() - checkedAt < STALE.toNanos();
    }

    /**
     * Reads the first snapshot and keeps it current from then on.
     *
     * @throws SQLException if the first one cannot be read
     */
    public void start() throws SQLException {
        load();
        polling = scheduler.scheduleWithFixedDelay(
                this::refresh, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    void stop() {
        if (polling != null) {
            polling.cancel(false);
        }
    }

    /** Makes committed changes act on this node now; where the database is away, keeps what there is. */
    public void refresh() {
        try {
            load();
            if (!reachable) {
                reachable = true;
                LOG.log(Level.INFO, "the database is back, snapshot {0}", current.version());
            }
        } catch (SQLException | RuntimeException e) {
            if (reachable) {
                reachable = false;
                LOG.log(
                        Level.WARNING,
                        "the database is away ({0}); known keys keep working from snapshot {1}",
                        e.getClass().getSimpleName(),
                        current.version());
            }
        }
    }

    private synchronized void load() throws SQLException {
        try (Connection connection = database.getConnection()) {
            // the version first: a change that lands while we read is seen again next time
            long version = version(connection);
            if (version != current.version()) {
                current =
                        new Snapshot(version, doors(connection), tenants(connection), StoredCatalogue.read(connection));
            }
            checkedAt = System.nanoTime();
        }
    }

    private static long version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT version FROM snapshot_version WHERE id = 1")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static Map<String, Snapshot.Door> doors(Connection connection) throws SQLException {
        Map<String, Snapshot.Door> doors = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(
                        "SELECT id, public_id, hash, organization_id FROM gateway_key WHERE revoked_at IS NULL");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                doors.put(
                        row.getString(2),
                        new Snapshot.Door(row.getLong(1), row.getString(2), row.getBytes(3), row.getLong(4)));
            }
        }
        return doors;
    }

    private static Map<Long, Tenant> tenants(Connection connection) throws SQLException {
        Map<Long, Map<String, Tenant.SealedCredential>> credentials = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(
                        "SELECT organization_id, provider, id, version, origin, envelope FROM provider_credential");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                credentials
                        .computeIfAbsent(row.getLong(1), id -> new HashMap<>())
                        .put(
                                row.getString(2),
                                new Tenant.SealedCredential(
                                        row.getLong(3), row.getInt(4), row.getString(5), row.getBytes(6)));
            }
        }
        Map<Long, List<BudgetRule>> budgets = budgets(connection);
        Map<Long, Tenant> tenants = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement("""
                        SELECT o.id, o.slug, o.status, s.requests_per_minute, s.routing_mode, s.default_model,
                               s.allowed_models, s.denied_models, s.time_zone
                        FROM organization o JOIN organization_settings s ON s.organization_id = o.id""");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                tenants.put(
                        row.getLong(1),
                        new Tenant(
                                row.getLong(1),
                                row.getString(2),
                                SubscriptionStatus.valueOf(row.getString(3)),
                                row.getInt(4),
                                row.getString(5),
                                row.getString(6),
                                ModelNames.parse(row.getString(7)),
                                ModelNames.parse(row.getString(8)),
                                credentials.getOrDefault(row.getLong(1), Map.of()),
                                ZoneId.of(row.getString(9)),
                                budgets.getOrDefault(row.getLong(1), List.of())));
            }
        }
        return tenants;
    }

    private static Map<Long, List<BudgetRule>> budgets(Connection connection) throws SQLException {
        Map<Long, List<BudgetRule>> budgets = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement("""
                        SELECT id, organization_id, name, scope, key_id, customer_tag, unit, amount, calendar_window, action
                        FROM budget ORDER BY organization_id, name""");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                budgets.computeIfAbsent(row.getLong(2), id -> new ArrayList<>())
                        .add(new BudgetRule(
                                row.getLong(1),
                                row.getLong(2),
                                row.getString(3),
                                BudgetRule.Scope.valueOf(row.getString(4)),
                                row.getObject(5, Long.class),
                                row.getString(6),
                                BudgetRule.Unit.valueOf(row.getString(7)),
                                row.getBigDecimal(8),
                                BudgetWindow.valueOf(row.getString(9)),
                                BudgetRule.Action.valueOf(row.getString(10))));
            }
        }
        return budgets;
    }
}
