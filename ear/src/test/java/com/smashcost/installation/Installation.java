package com.smashcost.installation;

import com.smashcost.upstream.ReplayUpstream;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An installation of the product: the launcher with database and server in a home of its own, and a provider that the tests
 * direct. What was unpacked into the home stays for the next run; data, secrets and keys are new in each.
 */
public final class Installation {

    private static final Duration START = Duration.ofMinutes(5);
    private static final Duration STOP = Duration.ofSeconds(90);
    private static final String READY = "SmashCost is ready";
    private static final List<String> KEPT = List.of("payara", "db");

    private static @Nullable Installation running;
    private static String failure = "";

    private final Path home;
    private final Path log;
    private final int port = freePort();
    private final int asadminPort = freePort();
    private final ReplayUpstream upstream;
    private @Nullable Process launcher;
    private Properties demo = new Properties();
    private @Nullable AdminApi admin;

    private Installation(Path home, ReplayUpstream upstream) {
        this.home = home;
        this.log = logOf(home);
        this.upstream = upstream;
    }

    /** The installation of this run of tests. */
    public static synchronized Installation running() {
        if (!failure.isEmpty()) {
            throw new IllegalStateException("the installation did not start: " + failure);
        }
        if (running == null) {
            throw new IllegalStateException("no installation was started; run these tests by ./mvnw verify");
        }
        return running;
    }

    /** Where to look after a failure, whether or not the installation started. */
    static String whereLogsAre() {
        Path home = Path.of(setting("smashcost.target"), setting("smashcost.home"));
        return "logs: " + logOf(home) + ", " + home.resolve("logs");
    }

    /** Starts the installation of this run in an emptied home; a failure is told to each test that asks for it. */
    static synchronized void open() {
        if (running != null || !failure.isEmpty()) {
            return;
        }
        try {
            Path home = Path.of(setting("smashcost.target"), setting("smashcost.home"));
            empty(home);
            Installation installation = new Installation(home, ReplayUpstream.open());
            // the in-container tests read it from arquillian.xml
            System.setProperty("smashcost.asadmin.port", Integer.toString(installation.asadminPort));
            installation.start();
            running = installation;
        } catch (IOException | RuntimeException e) {
            failure = e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = e.toString();
        }
    }

    /** Stops it, and fails if anything of it is left. */
    static synchronized void close() throws IOException, InterruptedException {
        if (running != null) {
            Installation installation = running;
            running = null;
            try {
                installation.stop();
            } finally {
                installation.upstream.close();
            }
        }
    }

    private static void empty(Path home) throws IOException {
        if (!Files.exists(home)) {
            return;
        }
        for (Path part : List.of(home, home.resolve("db"))) {
            if (Files.exists(part)) {
                try (Stream<Path> entries = Files.list(part)) {
                    entries.filter(entry -> !KEPT.contains(entry.getFileName().toString())
                                    && !entry.getFileName().toString().startsWith("server-"))
                            .forEach(Installation::delete);
                }
            }
        }
    }

    private static void delete(Path path) {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the launcher, with the same data if it ran before, and waits until it is ready. */
    public void start() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(setting("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                setting("smashcost.launcher.classes")
                        + System.getProperty("path.separator")
                        + Files.readString(Path.of(setting("smashcost.launcher.classpath")))
                                .strip(),
                "com.smashcost.server.launcher.Launcher",
                "--stop-with-parent",
                "--asadmin-port",
                Integer.toString(asadminPort),
                "--ear",
                setting("smashcost.ear")));
        command.addAll(payara());
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("SMASHCOST_"));
        builder.environment().putAll(environment());
        Process started = builder.start();
        launcher = started;
        awaitReady(started);
        demo = new Properties();
        try (Reader reader = Files.newBufferedReader(home.resolve("demo.properties"))) {
            demo.load(reader);
        }
    }

    /** The other installation's unpacked server serves as well: it is only read. */
    private List<String> payara() throws IOException {
        if (!Files.exists(home.resolve("payara")) && Files.exists(home.getParent())) {
            try (Stream<Path> homes = Files.list(home.getParent())) {
                List<Path> unpacked = homes.map(other -> other.resolve("payara"))
                        .filter(Files::exists)
                        .toList();
                if (!unpacked.isEmpty()) {
                    return List.of("--payara-dir", unpacked.getFirst().toString());
                }
            }
        }
        return List.of("--payara", setting("smashcost.payara"));
    }

    private Map<String, String> environment() {
        return Map.of(
                "SMASHCOST_HOME",
                home.toString(),
                "SMASHCOST_HTTP_PORT",
                Integer.toString(port),
                "SMASHCOST_OPENAI_BASE_URL",
                upstream.origin() + "/v1",
                "SMASHCOST_GROQ_BASE_URL",
                upstream.origin() + "/openai/v1",
                "SMASHCOST_ANTHROPIC_BASE_URL",
                upstream.origin().toString(),
                "SMASHCOST_GOOGLE_BASE_URL",
                upstream.origin().toString());
    }

    private void awaitReady(Process process) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (!Files.readString(log).contains(READY)) {
            if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("the launcher ended with " + process.exitValue()
                        + " before it was ready; " + whereLogsAre() + "\n" + Files.readString(log));
            }
            if (System.nanoTime() > deadline) {
                process.destroy();
                throw new IllegalStateException(
                        "not ready within " + START + "; " + whereLogsAre() + "\n" + Files.readString(log));
            }
        }
    }

    /** Stops it as a signal does, and fails if that takes too long or leaves a process behind. */
    public void stop() throws IOException, InterruptedException {
        Process process = launcher;
        if (process == null || !process.isAlive()) {
            throw new IllegalStateException(
                    "the launcher ended before it was stopped; " + whereLogsAre() + "\n" + Files.readString(log));
        }
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new IllegalStateException("not stopped within " + STOP + "; " + whereLogsAre());
        }
        List<String> left = children.stream()
                .filter(ProcessHandle::isAlive)
                .map(child -> child.pid() + " " + child.info().command().orElse("?"))
                .toList();
        children.forEach(ProcessHandle::destroyForcibly);
        if (!left.isEmpty()) {
            throw new IllegalStateException("left after the stop: " + left + "; " + whereLogsAre());
        }
    }

    /** Waits until the launcher has ended by itself, with all that it had started. */
    public void awaitEnd() throws InterruptedException {
        Process process = launcher;
        if (process != null && !process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("the launcher did not end within " + STOP + "; " + whereLogsAre());
        }
    }

    /** The process of this name that the launcher started: {@code Payara}, {@code MariaDB}. */
    public ProcessHandle process(String name) throws IOException {
        String pid = Files.readString(home.resolve("run").resolve(name + ".pid"))
                .strip()
                .split(" ", 2)[0];
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    private static Path logOf(Path home) {
        return home.resolveSibling(home.getFileName() + ".log");
    }

    public Path home() {
        return home;
    }

    public ReplayUpstream upstream() {
        return upstream;
    }

    /** Origin of the main listener. */
    public URI origin() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Origin of the operator's listener. */
    public URI adminOrigin() {
        return URI.create(demo("admin.url")).resolve("/");
    }

    /** What the launcher wrote into {@code demo.properties}. */
    public String demo(String name) {
        String value = demo.getProperty(name);
        if (value == null) {
            throw new IllegalStateException("demo.properties has no " + name);
        }
        return value;
    }

    /** The admin API, signed in once for all tests. */
    public synchronized AdminApi admin() {
        if (admin == null) {
            admin = new AdminApi(adminOrigin(), demo("admin.secret"), demo("admin.totp"));
        }
        return admin;
    }

    public Database database() {
        return new Database(demo("database.url"), demo("database.user"), demo("database.password"));
    }

    private static String setting(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalStateException(name + " is not set; run these tests by ./mvnw verify");
        }
        return value;
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
