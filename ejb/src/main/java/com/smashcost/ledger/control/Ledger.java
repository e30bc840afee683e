package com.smashcost.ledger.control;

import com.smashcost.ledger.control.Spool.Durability;
import com.smashcost.ledger.control.Spool.Spooled;
import com.smashcost.ledger.entity.LedgerEntry;
import com.smashcost.ledger.entity.RequestId;
import com.smashcost.secret.control.Environment;
import com.smashcost.secret.control.SettingRefused;
import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/**
 * The ledger as the gateway sees it: an intent before the provider is called, a completion before the last byte, and a thread
 * that brings completions into the database in batches, each row once whatever dies in between.
 */
@ApplicationScoped
public class Ledger {

    private static final Logger LOG = System.getLogger(Ledger.class.getName());
    private static final int BATCH = 500;
    private static final Duration LINGER = Duration.ofMillis(50);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final int DAYS_AHEAD = 7;

    @Resource(lookup = "java:app/jdbc/smashcost")
    private DataSource database;

    @Inject
    private Environment environment;

    private final LedgerRows rows = new LedgerRows();

    @SuppressWarnings("NullAway.Init")
    private Spool spool;

    @SuppressWarnings("NullAway.Init")
    private Thread drain;

    private volatile boolean running;
    private volatile boolean databaseAway;

    /** Opens the spool, in which entries of an earlier process may wait, and starts to drain it. */
    public void start() throws IOException, SQLException {
        addDays();
        spool = new Spool(environment.home().resolve("spool"), durability(environment));
        running = true;
        drain = Thread.ofPlatform().name("ledger-drain").daemon().start(this::drain);
    }

    /** Drains what it can in a few seconds and closes the spool, which keeps the rest. */
    public void stop() throws IOException, SQLException {
        if (!running) {
            return;
        }
        running = false;
        try {
            drain.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        spool.close();
    }

    /** Which records {@code SMASHCOST_LEDGER_DURABILITY} asks to survive. */
    static Durability durability(Environment environment) {
        return switch (environment.find("SMASHCOST_LEDGER_DURABILITY").orElse("process")) {
            case "process" -> Durability.PROCESS;
            case "strict" -> Durability.STRICT;
            default -> throw new SettingRefused("SMASHCOST_LEDGER_DURABILITY", "must be process or strict");
        };
    }

    /**
     * Notes that a request is about to be sent, and makes its row certain.
     *
     * @throws com.smashcost.refusal.control.Refusal.Unavailable if it cannot, so that the provider must not be called
     */
    public OpenEntry open(LedgerEntry intent) {
        return new OpenEntry(this, spool.intend(intent), intent);
    }

    void record(long place, LedgerEntry entry) {
        spool.complete(place, entry);
    }

    /** Whether records are being taken, so that requests may be. */
    public boolean isWritable() {
        return running && spool.isWritable();
    }

    /** Whether rows wait because the database is away. */
    public boolean isDatabaseAway() {
        return databaseAway;
    }

    /** Makes sure that the coming days have partitions of their own. */
    public void addDays() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CALL add_ledger_days(" + DAYS_AHEAD + ")");
        }
    }

    /** Lets go of the days that ended longer ago than the longest retention, once all their rows are rolled up. */
    public void dropExpiredDays() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CALL drop_expired_ledger_days()");
        }
    }

    private void drain() {
        while (true) {
            boolean last = !running;
            try {
                List<Spooled> batch = spool.completed(BATCH);
                if (batch.isEmpty()) {
                    if (last) {
                        return;
                    }
                    Thread.sleep(LINGER);
                    continue;
                }
                store(batch);
                if (databaseAway) {
                    databaseAway = false;
                    LOG.log(Level.INFO, "the database is back, {0} ledger records wait", spool.held());
                }
                if (batch.size() < BATCH && !last) {
                    Thread.sleep(LINGER);
                }
            } catch (SQLException e) {
                if (!databaseAway) {
                    databaseAway = true;
                    LOG.log(
                            Level.WARNING,
                            "ledger rows wait in the spool, the database does not take them: SQL state {0}, code {1}",
                            e.getSQLState(),
                            e.getErrorCode());
                }
                if (last || !pause(RETRY)) {
                    return;
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.log(
                        Level.ERROR,
                        "draining the spool of the ledger failed: {0}",
                        e.getClass().getName());
                if (last || !spool.isWritable() || !pause(RETRY)) {
                    return;
                }
            }
        }
    }

    /** Brings the batch into the database and then out of the spool; if this dies between the two, it runs again. */
    private void store(List<Spooled> batch) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                rows.insert(connection, entries(batch));
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                rows.forgetIds();
                if (!isAboutData(e)) {
                    throw e;
                }
                storeOneByOne(connection, batch);
            } finally {
                connection.setAutoCommit(true);
            }
        }
        spool.forget(batch);
    }

    private void storeOneByOne(Connection connection, List<Spooled> batch) throws SQLException {
        Set<RequestId> present = rows.present(connection, entries(batch));
        for (Spooled spooled : batch) {
            if (present.contains(spooled.entry().id())) {
                continue;
            }
            try {
                rows.insert(connection, List.of(spooled.entry()));
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                rows.forgetIds();
                if (!isAboutData(e)) {
                    throw e;
                }
                LOG.log(
                        Level.ERROR,
                        "ledger row {0} was set aside, the database refuses it: SQL state {1}, code {2}",
                        spooled.entry().id(),
                        e.getSQLState(),
                        e.getErrorCode());
                spool.quarantine(spooled, "sql_" + e.getSQLState());
            }
        }
    }

    private static List<LedgerEntry> entries(List<Spooled> batch) {
        return batch.stream().map(Spooled::entry).toList();
    }

    /** Whether the row is at fault and not the database: a data exception or a violated constraint (SQL states 22, 23). */
    private static boolean isAboutData(SQLException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                String state = sql.getSQLState();
                if (state.startsWith("22") || state.startsWith("23")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean pause(Duration duration) {
        try {
            Thread.sleep(duration);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
