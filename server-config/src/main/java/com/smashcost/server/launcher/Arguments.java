package com.smashcost.server.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * What the launcher is told on its command line: paths only, everything else is environment.
 *
 * @param ear the application to deploy
 * @param payaraZip the server's distribution, unpacked once into the home
 * @param payaraDirectory a server unpacked elsewhere ({@code …/payara6}); it is only read, so several homes may share it
 * @param asadminPort opens the server's own administration on this loopback port; absent = that listener is off
 * @param stopWithParent ends everything when the process that started the launcher is gone
 */
record Arguments(
        Path ear,
        Optional<Path> payaraZip,
        Optional<Path> payaraDirectory,
        Optional<Integer> asadminPort,
        boolean stopWithParent) {

    static final String USAGE =
            "usage: Launcher --ear FILE (--payara ZIP | --payara-dir DIRECTORY) [--asadmin-port PORT] [--stop-with-parent]";

    Arguments {
        if (payaraZip.isEmpty() && payaraDirectory.isEmpty()) {
            throw new StartFailure(USAGE);
        }
        mustExist(ear);
        payaraZip.ifPresent(Arguments::mustExist);
        payaraDirectory.ifPresent(Arguments::mustExist);
    }

    static Arguments parse(List<String> arguments) {
        Optional<Path> ear = Optional.empty();
        Optional<Path> zip = Optional.empty();
        Optional<Path> directory = Optional.empty();
        Optional<Integer> asadmin = Optional.empty();
        boolean stopWithParent = false;
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            switch (rest.next()) {
                case "--ear" -> ear = Optional.of(path(rest));
                case "--payara" -> zip = Optional.of(path(rest));
                case "--payara-dir" -> directory = Optional.of(path(rest));
                case "--asadmin-port" -> asadmin = Optional.of(Settings.port("--asadmin-port", next(rest)));
                case "--stop-with-parent" -> stopWithParent = true;
                default -> throw new StartFailure(USAGE);
            }
        }
        return new Arguments(ear.orElseThrow(() -> new StartFailure(USAGE)), zip, directory, asadmin, stopWithParent);
    }

    private static Path path(Iterator<String> rest) {
        return Path.of(next(rest)).toAbsolutePath().normalize();
    }

    private static String next(Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new StartFailure(USAGE);
        }
        return rest.next();
    }

    private static void mustExist(Path path) {
        if (!Files.exists(path)) {
            throw new StartFailure(path + " does not exist");
        }
    }
}
