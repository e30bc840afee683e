package com.smashcost.matrix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The machine's Node with the packages of {@code src/test/node}, installed below {@code target}. */
final class Node {

    private static final int OLDEST = 20;
    private static final List<String> FILES = List.of("package.json", "package-lock.json", "clients.mjs");

    private Node() {}

    /** The directory with the scripts and their packages; what was installed for the same lock file stays. */
    static Path installed() throws IOException, InterruptedException {
        String version = run(Path.of("."), "node", "--version");
        if (Integer.parseInt(version.replaceAll("^v(\\d+)[\\s\\S]*$", "$1")) < OLDEST) {
            throw new IllegalStateException(
                    "The npm clients are tested with Node " + OLDEST + " or newer; here is " + version.strip());
        }
        Path source = Path.of(System.getProperty("smashcost.target"), "..", "src", "test", "node")
                .normalize();
        Path home = Files.createDirectories(Path.of(System.getProperty("smashcost.target"), "node"));
        Path lock = home.resolve("package-lock.json");
        boolean same = Files.exists(home.resolve("node_modules/.package-lock.json"))
                && Files.exists(lock)
                && Files.mismatch(lock, source.resolve("package-lock.json")) < 0;
        for (String file : FILES) {
            Files.copy(source.resolve(file), home.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!same) {
            run(home, "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error");
        }
        return home;
    }

    /** Runs a command to its end and returns what it printed. */
    static String run(Path directory, String... command) throws IOException, InterruptedException {
        Process process;
        Path out = Files.createTempFile("node", ".out");
        try {
            process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The npm clients need Node " + OLDEST
                            + " or newer with npm on the PATH; install it, on Debian as root:"
                            + " apt-get install --yes nodejs npm",
                    e);
        }
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException(String.join(" ", command) + " did not end: " + Files.readString(out));
        }
        String printed = Files.readString(out);
        Files.delete(out);
        if (process.exitValue() != 0) {
            throw new IllegalStateException(
                    String.join(" ", command) + " ended with " + process.exitValue() + ": " + printed);
        }
        return printed;
    }
}
