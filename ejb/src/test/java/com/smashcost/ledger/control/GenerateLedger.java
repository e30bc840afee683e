package com.smashcost.ledger.control;

import com.smashcost.ledger.control.Scenery.Asker;
import com.smashcost.ledger.entity.LedgerEntry;
import com.smashcost.ledger.entity.RequestId;
import com.smashcost.routing.entity.Mode;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.MariaDbDataSource;

/**
 * Fills the ledger with requests of some organisations over some days up to now, for demonstrations and for load. They get there as the
 * gateway's own do, and are rolled up like them. {@code ./mvnw -Pgenerate-ledger -Drows=N} runs it on the database of a running
 * {@code -Prun}, or on the one that {@code -Ddatabase.url} names.
 */
public final class GenerateLedger {

    private static final int BATCH = 500;
    private static final int BATCHES_IN_TRANSACTION = 10;

    /** How much more is asked at some hours of the day (UTC) than at others. */
    private static final int[] RHYTHM = {2, 1, 1, 1, 1, 2, 4, 7, 10, 12, 12, 11, 10, 11, 12, 11, 10, 8, 6, 5, 4, 4, 3, 2
    };

    private static final List<String> ZONES =
            List.of("Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC", "Europe/London", "Australia/Sydney");

    private final DataSource app;
    private final @Nullable DataSource owner;
    private final LedgerRows rows = new LedgerRows();

    /** Fills this database as its application; its owner gives each day a partition of its own. */
    GenerateLedger(DataSource app, @Nullable DataSource owner) {
        this.app = app;
        this.owner = owner;
    }

    public static void main(String[] arguments) throws Exception {
        Properties demo = properties(Path.of(property("home", ".smashcost")).resolve("demo.properties"));
        Properties secrets = properties(Path.of(property("home", ".smashcost")).resolve("secrets.properties"));
        String url = property("database.url", demo.getProperty("database.url", ""));
        if (url.isEmpty()) {
            throw new IllegalArgumentException(
                    "start the product with ./mvnw -Prun, or name a database with -Ddatabase.url, .user and .password");
        }
        DataSource app = source(
                url,
                property("database.user", demo.getProperty("database.user", "")),
                secret("DATABASE_PASSWORD", demo.getProperty("database.password", "")));
        String ownersPassword =
                secret("DATABASE_OWNER_PASSWORD", secrets.getProperty("SMASHCOST_DB_MIGRATE_PASSWORD", ""));
        DataSource owner = ownersPassword.isEmpty()
                ? null
                : source(url, property("database.owner", "smashcost_migrate"), ownersPassword);
        new GenerateLedger(app, owner)
                .fill(
                        Long.parseLong(property("rows", "100000")),
                        Integer.parseInt(property("days", "30")),
                        Integer.parseInt(property("organizations", "5")),
                        Long.parseLong(property("seed", "1")));
    }

    private static String property(String name, String otherwise) {
        String given = System.getProperty(name, "");
        return given.isEmpty() ? otherwise : given;
    }

    private static String secret(String name, String otherwise) {
        String given = System.getenv().getOrDefault(name, "");
        return given.isEmpty() ? otherwise : given;
    }

    private static Properties properties(Path file) throws IOException {
        Properties properties = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            }
        }
        return properties;
    }

    private static DataSource source(String url, String user, String password) throws SQLException {
        MariaDbDataSource source = new MariaDbDataSource(url);
        source.setUser(user);
        source.setPassword(password);
        return source;
    }

    /** Adds the rows; returns who asks, the one with most rows first. */
    List<Asker> fill(long rows, int days, int organizations, long seed) throws SQLException {
        Instant now = Instant.now();
        LocalDate first = now.atZone(ZoneOffset.UTC).toLocalDate().minusDays(days - 1L);
        splitDays(first);
        List<Asker> askers = new ArrayList<>();
        for (int i = 0; i < organizations; i++) {
            askers.add(asker(i, seed));
        }
        long began = System.nanoTime();
        AtomicLong stored = new AtomicLong();
        for (int day = 0; day < days; day++) {
            long count = rows * (day + 1) / days - rows * day / days;
            store(askers, first.plusDays(day), now, count, seed, stored, began);
        }
        say(stored.get(), began);
        return askers;
    }

    private static void say(long stored, long began) {
        double seconds = Duration.ofNanos(System.nanoTime() - began).toMillis() / 1000.0;
        System.out.printf("%,d rows in %.1f s, %,.0f rows/s%n", stored, seconds, stored / seconds);
    }

    private void store(
            List<Asker> askers, LocalDate day, Instant now, long count, long seed, AtomicLong stored, long began)
            throws SQLException {
        Random random = new Random(seed * 31 + day.toEpochDay());
        Scenery scenery = new Scenery(random.nextLong());
        Instant start = day.atStartOfDay(ZoneOffset.UTC).toInstant();
        Instant end = start.plus(Duration.ofDays(1)).isAfter(now) ? now : start.plus(Duration.ofDays(1));
        long[] millis = random.longs(count, 0, Duration.between(start, end).toMillis())
                .map(at -> rhythmic(at, random, Duration.between(start, end).toMillis()))
                .sorted()
                .toArray();
        try (Connection connection = app.getConnection()) {
            connection.setAutoCommit(false);
            List<LedgerEntry> batch = new ArrayList<>(BATCH);
            int batches = 0;
            for (long at : millis) {
                int who = (int) (Math.pow(random.nextDouble(), 2) * askers.size());
                batch.add(scenery.at(askers.get(who), start.plusMillis(at)));
                if (batch.size() == BATCH) {
                    rows.insert(connection, batch);
                    batch.clear();
                    if (++batches % BATCHES_IN_TRANSACTION == 0) {
                        connection.commit();
                    }
                    if (stored.addAndGet(BATCH) % 500_000 == 0) {
                        say(stored.get(), began);
                    }
                }
            }
            if (!batch.isEmpty()) {
                rows.insert(connection, batch);
                stored.addAndGet(batch.size());
            }
            connection.commit();
        }
    }

    /** Another time of the same day where few ask at that hour. */
    private static long rhythmic(long at, Random random, long length) {
        long time = at;
        while (random.nextInt(12) >= RHYTHM[(int) (time / 3_600_000)]) {
            time = random.nextLong(length);
        }
        return time;
    }

    private Asker asker(int number, long seed) throws SQLException {
        String slug = "generated-" + (number + 1);
        try (Connection connection = app.getConnection()) {
            Long id = number(connection, "SELECT id FROM organization WHERE slug = ?", slug);
            if (id == null) {
                run(connection, """
                        INSERT INTO organization (slug, name, status, observation_started_at, created_at)
                        VALUES (?, ?, 'OBSERVING', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))""", slug, "Generated " + (number + 1));
                id = number(connection, "SELECT id FROM organization WHERE slug = ?", slug);
                run(
                        connection,
                        "INSERT INTO organization_settings (organization_id, time_zone) VALUES (?, ?)",
                        id,
                        ZONES.get(number % ZONES.size()));
                // nobody knows what these keys are
                for (int key = 0; key < 6; key++) {
                    byte[] hash = new byte[32];
                    new Random(seed + number * 10L + key).nextBytes(hash);
                    run(connection, """
                            INSERT INTO gateway_key (organization_id, public_id, name, hash, created_at)
                            VALUES (?, ?, ?, ?, UTC_TIMESTAMP(6))""", id, HexFormat.of().formatHex(hash, 0, 4), "key " + (key + 1), hash);
                }
            }
            List<Long> keys = new ArrayList<>();
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT id FROM gateway_key WHERE organization_id = ? ORDER BY id")) {
                select.setObject(1, id);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        keys.add(row.getLong(1));
                    }
                }
            }
            return new Asker(
                    Objects.requireNonNull(id),
                    keys,
                    number == 0 ? 200 : 20 + 10 * number,
                    number % 3 == 2 ? Mode.observation : Mode.active);
        }
    }

    private static @Nullable Long number(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                select.setObject(i + 1, values[i]);
            }
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : null;
            }
        }
    }

    private static void run(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    /** Splits the days since the first one off the oldest partition, in which they would all be otherwise. */
    private void splitDays(LocalDate first) throws SQLException {
        if (owner == null) {
            System.out.println("without the schema owner's password, days before the oldest partition share it");
            return;
        }
        try (Connection connection = owner.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CALL add_ledger_days(1)");
            for (String table : List.of("ledger_entry", "routing_receipt")) {
                String oldest;
                try (PreparedStatement select = connection.prepareStatement("""
                        SELECT partition_name FROM information_schema.partitions
                        WHERE table_schema = DATABASE() AND table_name = ? ORDER BY partition_ordinal_position LIMIT 1""")) {
                    select.setString(1, table);
                    try (ResultSet row = select.executeQuery()) {
                        row.next();
                        oldest = row.getString(1);
                    }
                }
                LocalDate last = LocalDate.parse(oldest.substring(1), DateTimeFormatter.BASIC_ISO_DATE);
                if (last.isAfter(first)) {
                    List<String> parts = first.datesUntil(last.plusDays(1))
                            .map(day -> "PARTITION p" + day.format(DateTimeFormatter.BASIC_ISO_DATE)
                                    + " VALUES LESS THAN (x'"
                                    + HexFormat.of()
                                            .formatHex(RequestId.lowerBound(day.plusDays(1)
                                                    .atStartOfDay(ZoneOffset.UTC)
                                                    .toInstant()))
                                    + "')")
                            .toList();
                    statement.execute("ALTER TABLE " + table + " REORGANIZE PARTITION " + oldest + " INTO ("
                            + String.join(", ", parts) + ")");
                }
            }
        }
    }
}
