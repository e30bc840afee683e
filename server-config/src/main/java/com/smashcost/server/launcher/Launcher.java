package com.smashcost.server.launcher;

import com.smashcost.server.simulator.Simulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.FileHandler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Starts SmashCost on this machine and keeps it in the foreground: database, schema, provider simulator, server,
 * application, demonstration; a signal stops all of it in the reverse order. Its environment is the settings, its
 * standard output the progress.
 */
public final class Launcher {

    private static final Logger LOG = Logger.getLogger(Launcher.class.getName());
    private static final int FAILED = 1;

    private final Arguments arguments;
    private final Progress progress;
    private final Path javaHome = Path.of(System.getProperty("java.home", ""));
    private final int javaRelease = Runtime.version().feature();

    private Launcher(Arguments arguments, Progress progress) {
        this.arguments = arguments;
        this.progress = progress;
    }

    public static void main(String[] args) {
        Progress progress = new Progress(System.out);
        int code;
        try {
            Arguments arguments = Arguments.parse(List.of(args));
            Settings settings = Settings.read(System.getenv());
            code = new Launcher(arguments, progress).run(settings);
        } catch (StartFailure e) {
            say(progress, e);
            code = FAILED;
        }
        System.exit(code);
    }

    private int run(Settings given) {
        Home home = Home.open(Path.of(given.text(Settings.HOME).orElse(".smashcost")));
        logTo(home.log("launcher"));
        Children children = new Children(home.run(), progress);
        AtomicBoolean finished = new AtomicBoolean();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            if (!finished.get()) {
                                progress.takeOver();
                                children.stop();
                                home.release();
                                progress.line("stopped");
                                Runtime.getRuntime().halt(0);
                            }
                        },
                        "stop"));
        if (arguments.stopWithParent()) {
            Thread.ofPlatform().daemon().name("parent").start(Launcher::followParent);
        }
        StartFailure end;
        try {
            start(given, home, children);
            end = children.awaitEnd().ended();
        } catch (StartFailure e) {
            end = e;
        } catch (RuntimeException e) {
            LOG.log(Level.SEVERE, "unexpected", e);
            end = new StartFailure("unexpected: " + e, home.log("launcher"), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end = new StartFailure("interrupted", e);
        }
        children.yieldToStop();
        say(progress, end);
        children.stop();
        home.release();
        finished.set(true);
        return FAILED;
    }

    private static void followParent() {
        ProcessHandle.current().parent().ifPresent(parent -> parent.onExit().join());
        System.exit(0);
    }

    private void start(Settings given, Home home, Children children) {
        progress.line("SmashCost in " + home.root());
        children.endLeftovers(List.of(Payara.NAME, Simulator.NAME, MariaDb.NAME));

        Ports ports = new Ports(home.run().resolve("ports.properties"));
        Secrets secrets = new Secrets(home.secrets());
        Settings settings = completed(given, secrets);
        settings.check();
        Listeners listeners = listeners(settings, ports);

        PayaraServer server = server(home);
        Database database = database(settings, secrets, ports, home, children);
        progress.step("migrate the schema", () -> Migrations.run(database));
        settings = database(settings, database);
        if (settings.development()) {
            settings = simulated(settings, home, ports, children);
        }
        Settings complete = addressed(settings, listeners);

        List<String> command = progress.step(
                "configure the domain",
                () -> new Domain(server, home).configure(listeners, complete, arguments.ear(), javaHome, javaRelease));
        URI gateway = mainListener(listeners);
        URI admin = URI.create("http://127.0.0.1:" + listeners.admin());
        progress.step("start Payara and the application", () -> {
            Payara payara = Payara.start(children, home, command, environment(complete, home));
            payara.awaitReady(
                    new Probe(URI.create(gateway + "/v1/models")), new Probe(URI.create(admin + "/health/ready")));
            return payara;
        });

        if (complete.development() && complete.text(Settings.ADMIN_SECRET).isPresent()) {
            demonstrate(complete, home, database, gateway, admin);
        } else {
            progress.total("ready after");
            Summary.production(complete, admin).forEach(progress::line);
        }
    }

    private void demonstrate(Settings settings, Home home, Database database, URI gateway, URI admin) {
        try {
            Demo demo = new Demo(
                    home.demo(),
                    home.run().resolve("demo-providers"),
                    new Demo.Instance(
                            URI.create(settings.text(Settings.PUBLIC_URL).orElseThrow()),
                            admin,
                            settings.text(Settings.ADMIN_SECRET).orElseThrow(),
                            settings.text(Settings.ADMIN_TOTP).orElseThrow(),
                            providers(settings),
                            database));
            if (!demo.isSeeded(gateway)) {
                progress.step("seed the demonstration", () -> {
                    demo.seed();
                    return demo;
                });
            } else if (demo.hasMovedProviders()) {
                progress.step("enter the demo's credentials again", () -> {
                    demo.enterCredentials();
                    return demo;
                });
            }
            demo.write();
            progress.total("ready after");
            Summary.development(demo, home).forEach(progress::line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What development generates: every secret that the environment leaves open. */
    private static Settings completed(Settings given, Secrets secrets) {
        Settings settings = given.with(Settings.PROFILE, given.profile().text());
        if (!settings.development()) {
            return settings;
        }
        if (!settings.has(Settings.MASTER_KEYS)) {
            settings = settings.with(Settings.MASTER_KEYS, secrets.take(Settings.MASTER_KEYS, Secrets::masterKeys));
        }
        if (!settings.has(Settings.SESSION_SECRET)) {
            settings = settings.with(Settings.SESSION_SECRET, secrets.take(Settings.SESSION_SECRET, Secrets::token));
        }
        if (!settings.has(Settings.ADMIN_SECRET) && !settings.has(Settings.ADMIN_TOTP)) {
            settings = settings.with(Settings.ADMIN_SECRET, secrets.take(Settings.ADMIN_SECRET, Secrets::token))
                    .with(Settings.ADMIN_TOTP, secrets.take(Settings.ADMIN_TOTP, Secrets::totpKey));
        }
        return settings;
    }

    private Listeners listeners(Settings settings, Ports ports) {
        String address = settings.development() ? "127.0.0.1" : "0.0.0.0";
        Optional<Integer> http = settings.plainHttp() ? Optional.of(settings.httpPort()) : Optional.empty();
        Optional<Integer> https = settings.tls() ? Optional.of(settings.httpsPort()) : Optional.empty();
        http.ifPresent(port -> ports.claim(Settings.HTTP_PORT, Ports.address(address), port));
        https.ifPresent(port -> ports.claim(Settings.HTTPS_PORT, Ports.address(address), port));
        settings.adminPort().ifPresent(port -> ports.claim(Settings.ADMIN_PORT, Ports.loopback(), port));
        int admin = settings.adminPort().orElseGet(() -> ports.choose("admin"));
        return new Listeners(address, http, https, admin, arguments.asadminPort());
    }

    private PayaraServer server(Home home) {
        if (arguments.payaraDirectory().isPresent()) {
            return new PayaraServer(arguments.payaraDirectory().orElseThrow());
        }
        Path zip = arguments.payaraZip().orElseThrow();
        try {
            return PayaraServer.isUnpacked(zip, home.payara())
                    ? new PayaraServer(home.payara())
                    : progress.step("unpack Payara", () -> PayaraServer.unpack(zip, home.payara()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Database database(Settings settings, Secrets secrets, Ports ports, Home home, Children children) {
        if (settings.text(Settings.DB_URL).isPresent()) {
            return new Database(
                    settings.text(Settings.DB_URL).orElseThrow(),
                    given(settings, Settings.DB_MIGRATE_USER, Settings.DB_MIGRATE_PASSWORD),
                    given(settings, Settings.DB_USER, Settings.DB_PASSWORD),
                    given(settings, Settings.DB_REPORT_USER, Settings.DB_REPORT_PASSWORD));
        }
        int port = ports.choose("database");
        Database database = new Database(
                "jdbc:mariadb://127.0.0.1:" + port + "/" + MariaDb.SCHEMA + "?connectTimeout=1000",
                embedded(settings, secrets, Settings.DB_MIGRATE_USER, "migrate", Settings.DB_MIGRATE_PASSWORD),
                embedded(settings, secrets, Settings.DB_USER, "app", Settings.DB_PASSWORD),
                embedded(settings, secrets, Settings.DB_REPORT_USER, "report", Settings.DB_REPORT_PASSWORD));
        MariaDb server = new MariaDb(home);
        if (!server.isUnpacked()) {
            progress.step("unpack MariaDB", () -> {
                server.unpack();
                return server;
            });
        }
        if (!server.isInstalled()) {
            progress.step("install MariaDB", () -> {
                server.install();
                return server;
            });
        }
        progress.step("start MariaDB", () -> server.start(children, database, port));
        return database;
    }

    private static Database.Account given(Settings settings, String user, String password) {
        return new Database.Account(
                settings.text(user).orElseThrow(), settings.text(password).orElseThrow());
    }

    private static Database.Account embedded(
            Settings settings, Secrets secrets, String user, String role, String password) {
        return new Database.Account(
                settings.text(user).orElse("smashcost_" + role),
                settings.text(password).orElseGet(() -> secrets.take(password, Secrets::token)));
    }

    private static Settings database(Settings settings, Database database) {
        return settings.with(Settings.DB_URL, database.url())
                .with(Settings.DB_USER, database.app().user())
                .with(Settings.DB_PASSWORD, database.app().password())
                .with(Settings.DB_REPORT_USER, database.report().user())
                .with(Settings.DB_REPORT_PASSWORD, database.report().password());
    }

    /** The providers that the environment does not name are simulated. */
    private Settings simulated(Settings settings, Home home, Ports ports, Children children) {
        int port = ports.choose("simulator");
        progress.step("start the provider simulator", () -> {
            ProcessBuilder builder = new ProcessBuilder(
                    javaHome.resolve("bin/java").toString(),
                    "-Xmx128m",
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path", ""),
                    Simulator.class.getName(),
                    "--port",
                    Integer.toString(port));
            Path log = home.log("simulator");
            Child child = children.start(Simulator.NAME, builder, log, log, Duration.ofSeconds(10));
            Probe stats = new Probe(URI.create("http://127.0.0.1:" + port + "/simulator/stats"));
            while (stats.ask().status() != 200) {
                if (!child.process().isAlive()) {
                    throw child.ended();
                }
                Thread.sleep(50);
            }
            return child;
        });
        return simulated(settings, "http://127.0.0.1:" + port);
    }

    /** Sends every provider that has no base URL to the simulator. */
    static Settings simulated(Settings given, String simulator) {
        Settings settings = given;
        for (Map.Entry<String, String> provider : Settings.BASE_URLS.entrySet()) {
            settings = settings.orElse(provider.getValue(), simulator + Simulator.PATHS.get(provider.getKey()));
        }
        return settings;
    }

    /** The base URLs of all providers, by id: the demonstration has a credential for each. */
    static Map<String, String> providers(Settings settings) {
        Map<String, String> providers = new TreeMap<>();
        Settings.BASE_URLS.forEach((provider, setting) ->
                providers.put(provider, settings.text(setting).orElseThrow()));
        return providers;
    }

    private Settings addressed(Settings settings, Listeners listeners) {
        Settings addressed = settings.with(Settings.ADMIN_PORT, Integer.toString(listeners.admin()));
        if (listeners.http().isPresent()) {
            addressed =
                    addressed.with(Settings.HTTP_PORT, listeners.http().get().toString());
        }
        if (listeners.https().isPresent()) {
            addressed =
                    addressed.with(Settings.HTTPS_PORT, listeners.https().get().toString());
        }
        String origin = listeners.https().isPresent()
                ? "https://localhost:" + listeners.https().get()
                : settings.development() ? "http://127.0.0.1:" + settings.httpPort() : "https://localhost";
        if (!settings.development() && settings.text(Settings.PUBLIC_URL).isEmpty()) {
            progress.line("  " + Settings.PUBLIC_URL + " is not set: links will say " + origin);
        }
        return addressed.orElse(Settings.PUBLIC_URL, origin);
    }

    private static URI mainListener(Listeners listeners) {
        return listeners
                .http()
                .map(port -> URI.create("http://127.0.0.1:" + port))
                .orElseGet(() ->
                        URI.create("https://127.0.0.1:" + listeners.https().orElseThrow()));
    }

    /** What the application gets: all settings but the migrate user's and the launcher's own. */
    static Map<String, String> environment(Settings settings, Home home) {
        Map<String, String> environment = new TreeMap<>(settings.values());
        environment.keySet().removeAll(List.of(Settings.DB_MIGRATE_USER, Settings.DB_MIGRATE_PASSWORD));
        environment.put(Settings.HOME, home.root().toString());
        return environment;
    }

    private static void logTo(Path file) {
        LogManager.getLogManager().reset();
        try {
            FileHandler handler = new FileHandler(file.toString(), 1_000_000, 1, true);
            handler.setFormatter(new SimpleFormatter());
            Logger.getLogger("").addHandler(handler);
        } catch (IOException e) {
            throw new StartFailure("cannot write " + file, e);
        }
    }

    private static void say(Progress progress, StartFailure failure) {
        progress.line(String.valueOf(failure.getMessage()));
        if (failure.log() != null) {
            progress.line("log: " + failure.log());
        }
    }
}
