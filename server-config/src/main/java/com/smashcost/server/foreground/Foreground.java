package com.smashcost.server.foreground;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The Maven process's side of {@code ./mvnw -Prun}: starts the launcher on the newer JDK that the toolchain found, hands
 * a signal on and leaves only when the launcher has left, so that nothing outlives the command.
 *
 * <p>Arguments: the output of {@code java -XshowSettings:properties} of that JDK, the directory to run in, the launcher's
 * own classes, the file that lists what else it needs, then what the launcher gets.
 */
public final class Foreground {

    private static final int FORCED = 137;

    private Foreground() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(java(Files.readAllLines(Path.of(args[0]))));
        command.add("-Xmx256m");
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-cp");
        command.add(args[2]
                + System.getProperty("path.separator")
                + Files.readString(Path.of(args[3])).strip());
        command.add("com.smashcost.server.launcher.Launcher");
        command.add("--stop-with-parent");
        command.addAll(List.of(args).subList(4, args.length));

        Process launcher = new ProcessBuilder(command)
                .directory(Path.of(args[1]).toFile())
                .inheritIO()
                .start();
        AtomicBoolean signalled = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            signalled.set(true);
            if (launcher.isAlive()) {
                Runtime.getRuntime().halt(stop(launcher));
            }
        }));
        int code = launcher.waitFor();
        if (signalled.get()) {
            // the hook ends this JVM with the launcher's code; the build has nothing more to say
            Thread.sleep(TimeUnit.MINUTES.toMillis(1));
        }
        if (code != 0) {
            System.exit(code);
        }
    }

    private static String java(List<String> settings) {
        String home = settings.stream()
                .map(String::strip)
                .filter(line -> line.startsWith("java.home = "))
                .map(line -> line.substring("java.home = ".length()))
                .findFirst()
                .orElseGet(() -> System.getProperty("java.home", ""));
        return Path.of(home, "bin", "java").toString();
    }

    private static int stop(Process launcher) {
        launcher.destroy();
        try {
            if (launcher.waitFor(90, TimeUnit.SECONDS)) {
                return launcher.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        launcher.destroyForcibly();
        return FORCED;
    }
}
