package com.smashcost.server.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The Payara domain of one home. It is made anew from the server's template at every start, so that nothing in it can
 * drift from what stands here; only the server's bundle cache and the logs stay.
 */
final class Domain {

    private static final List<String> KEPT = List.of("osgi-cache");
    private static final Pattern LIBRARY =
            Pattern.compile("(mariadb-java-client|sqlite-jdbc|bcprov-jdk18on)-[0-9].*\\.jar");

    private final PayaraServer server;
    private final Home home;

    Domain(PayaraServer server, Home home) {
        this.server = server;
        this.home = home;
    }

    /** Makes the directory and returns the command that runs the server in it. */
    List<String> configure(Listeners listeners, Settings settings, Path ear, Path javaHome, int release)
            throws IOException {
        Path directory = home.domain();
        clear(directory);
        copy(server.domainTemplate(), directory);
        Home.createPrivate(directory);
        libraries().forEach(library -> copyInto(library, directory.resolve("lib")));

        Path file = directory.resolve("config/domain.xml");
        DomainXml xml = DomainXml.read(file);
        xml.listen(listeners);
        xml.separateOperations();
        xml.close();
        xml.options(options(release));
        xml.write(file);
        if (settings.tls()) {
            Tls.store(
                    Path.of(settings.text(Settings.TLS_CERT).orElseThrow()),
                    Path.of(settings.text(Settings.TLS_KEY).orElseThrow()),
                    directory.resolve("config/keystore.p12"));
        }
        logging(directory.resolve("config/logging.properties"));
        Path postBoot = directory.resolve("config/post-boot-commands.asadmin");
        Files.writeString(postBoot, "deploy --force=true --name=smashcost " + ear + "\n");
        return command(xml.options(release), javaHome, postBoot);
    }

    private List<String> options(int release) {
        List<String> options = new ArrayList<>(List.of(
                "-Xms512m",
                "-Xmx1g",
                "-XX:-HeapDumpOnOutOfMemoryError",
                "-Dfile.encoding=UTF-8",
                "-Duser.timezone=UTC",
                // else a header with a byte above 0x7f, such as a tag with a customer's name, gets a bare 400
                "-Dorg.glassfish.grizzly.http.STRICT_HEADER_VALUE_VALIDATION_RFC_9110=false",
                // what error pages would show as product and version
                "-Dproduct.name=",
                "-Djava.io.tmpdir=" + home.temporary(),
                "-Dorg.sqlite.tmpdir=" + home.temporary()));
        if (release >= 25) {
            options.add("-XX:+UseCompactObjectHeaders");
        }
        return options;
    }

    private List<String> command(List<String> options, Path javaHome, Path postBoot) {
        Path directory = home.domain();
        List<String> command = new ArrayList<>();
        command.add(javaHome.resolve("bin/java").toString());
        command.add("-cp");
        command.add(directory.resolve("lib/ext") + "/*" + System.getProperty("path.separator")
                + server.glassfish().resolve("modules/glassfish.jar"));
        Map<String, String> variables = Map.of(
                "${com.sun.aas.installRoot}", server.glassfish().toString(),
                "${com.sun.aas.instanceRoot}", directory.toString());
        for (String option : options) {
            String text = option;
            for (Map.Entry<String, String> variable : variables.entrySet()) {
                text = text.replace(variable.getKey(), variable.getValue());
            }
            command.add(text);
        }
        variables.forEach((name, value) -> command.add("-D" + name.substring(2, name.length() - 1) + "=" + value));
        command.add("-Djava.library.path=" + server.glassfish().resolve("lib"));
        command.addAll(List.of(
                "com.sun.enterprise.glassfish.bootstrap.ASMain",
                "-upgrade",
                "false",
                "-read-stdin",
                "false",
                "-domainname",
                "domain1",
                "-domaindir",
                directory.toString(),
                "-instancename",
                "server",
                "-type",
                "DAS",
                "-verbose",
                "false",
                "-debug",
                "false",
                "-postbootcommandfile",
                postBoot.toString()));
        return command;
    }

    private void logging(Path file) throws IOException {
        String handler = "com.sun.enterprise.server.logging.GFFileHandler.";
        Map<String, String> settings = Map.of(
                // everything goes to the file below, nothing to the console
                "handlers",
                "",
                handler + "file",
                home.log("server").toString(),
                handler + "rotationLimitInBytes",
                "10000000",
                handler + "maxHistoryFiles",
                "5");
        StringBuilder text = new StringBuilder();
        for (String line : Files.readAllLines(file)) {
            String name = line.split("=", 2)[0].strip();
            text.append(settings.containsKey(name) ? name + "=" + settings.get(name) : line)
                    .append('\n');
        }
        Files.writeString(file, text.toString());
    }

    /** The jars of the launcher's own class path that hold native code or the driver. */
    private static List<Path> libraries() {
        return Stream.of(System.getProperty("java.class.path", "")
                        .split(Pattern.quote(System.getProperty("path.separator", ":")), -1))
                .map(Path::of)
                .filter(path -> path.getFileName() != null
                        && LIBRARY.matcher(path.getFileName().toString()).matches())
                .toList();
    }

    private static void clear(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> parts = Files.list(directory)) {
            parts.filter(part -> !KEPT.contains(part.getFileName().toString())).forEach(Home::delete);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Path target = to.resolve(from.relativize(each));
                if (Files.isDirectory(each)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(each, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static void copyInto(Path file, Path directory) {
        try {
            Files.copy(file, directory.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
