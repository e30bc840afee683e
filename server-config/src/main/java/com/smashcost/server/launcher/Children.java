package com.smashcost.server.launcher;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * The processes of one run, stopped in the reverse order of their start: what needs another one ends before it.
 *
 * <p>Each leaves a file with its process id and start time while it lives, so that the next start recognises what a
 * killed launcher left behind. Safe for use by the main thread and the shutdown hook.
 */
final class Children {

    private static final Duration CLOCK_SLACK = Duration.ofSeconds(2);
    private static final Optional<Path> SETSID = setsid();

    private final Path run;
    private final Progress progress;
    private final Deque<Child> alive = new ArrayDeque<>();
    private boolean stopping;

    Children(Path run, Progress progress) {
        this.run = run;
        this.progress = progress;
    }

    /**
     * Starts a process whose output goes to {@code output}. Where the system allows it gets a session of its own: a
     * Ctrl-C reaches the launcher alone, which then stops its children in order.
     */
    synchronized Child start(String name, ProcessBuilder builder, Path output, Path log, Duration grace) {
        if (stopping) {
            throw new StartFailure("stopped before " + name + " was started");
        }
        List<String> command = new ArrayList<>(builder.command());
        SETSID.ifPresent(setsid -> command.add(0, setsid.toString()));
        try {
            long logStart = log.equals(output) || !Files.exists(log) ? 0 : Files.size(log);
            Process process = builder.command(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            process.getOutputStream().close();
            Child child = new Child(name, process, log, logStart, grace);
            alive.push(child);
            Instant since = process.info().startInstant().orElse(Instant.now());
            Home.writePrivate(pidFile(name), process.pid() + " " + since.toEpochMilli() + "\n");
            return child;
        } catch (IOException e) {
            throw new StartFailure(name + " cannot be started: " + e.getMessage(), e);
        }
    }

    /** Waits until one of them ends by itself. */
    Child awaitEnd() throws InterruptedException {
        List<Child> watched;
        synchronized (this) {
            watched = List.copyOf(alive);
        }
        CompletableFuture<?>[] ends =
                watched.stream().map(child -> child.process().onExit()).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.anyOf(ends).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        return watched.stream()
                .filter(child -> !child.process().isAlive())
                .findFirst()
                .orElseThrow();
    }

    /** Stops all of them; nothing can be started any more. A second caller waits for the first. */
    synchronized void stop() {
        stopping = true;
        while (!alive.isEmpty()) {
            Child child = alive.pop();
            if (child.process().isAlive()) {
                progress.step("stop " + child.name(), () -> {
                    end(child.process().toHandle(), child.grace());
                    return child;
                });
            }
            delete(pidFile(child.name()));
        }
    }

    /** Never returns when the shutdown hook is at work: it has the last word, and ends this JVM. */
    void yieldToStop() {
        while (stopping()) {
            LockSupport.park(this);
        }
    }

    private synchronized boolean stopping() {
        return stopping;
    }

    /** Ends what a launcher that was killed left behind, in the given order. */
    void endLeftovers(List<String> names) {
        for (String name : names) {
            leftover(pidFile(name))
                    .ifPresent(process -> progress.step("end leftover " + name, () -> {
                        end(process, Duration.ofSeconds(30));
                        return process;
                    }));
            delete(pidFile(name));
        }
    }

    static Optional<ProcessHandle> leftover(Path pidFile) {
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        try {
            String[] parts = Files.readString(pidFile).strip().split(" ", -1);
            Instant since = Instant.ofEpochMilli(Long.parseLong(parts[1]));
            // the same number may be another process by now
            return ProcessHandle.of(Long.parseLong(parts[0]))
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> process.info()
                            .startInstant()
                            .map(start -> Duration.between(start, since).abs().compareTo(CLOCK_SLACK) <= 0)
                            .orElse(false));
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private static void end(ProcessHandle process, Duration grace) throws InterruptedException, ExecutionException {
        process.destroy();
        try {
            process.onExit().get(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            process.destroyForcibly();
            process.onExit().get();
        }
    }

    private Path pidFile(String name) {
        return run.resolve(name + ".pid");
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> setsid() {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            Path candidate = Path.of(directory.isEmpty() ? "." : directory, "setsid");
            if (Files.isExecutable(candidate)) {
                return Optional.of(candidate.toAbsolutePath());
            }
        }
        return Optional.empty();
    }
}
