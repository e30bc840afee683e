package com.smashcost.server.launcher;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the operator sees while the launcher works: one aligned line for each step, with its time. Safe for use by
 * the main thread and the shutdown hook.
 */
final class Progress {

    private static final int WIDTH = 36;

    private final PrintStream out;
    private final long started = System.nanoTime();
    private boolean midLine;
    private @Nullable Thread owner;

    Progress(PrintStream out) {
        this.out = out;
    }

    /** One piece of work that may fail with a message of its own. */
    interface Work<T> {
        T run() throws Exception;
    }

    <T> T step(String name, Work<T> work) {
        begin(name);
        long begin = System.nanoTime();
        boolean done = false;
        try {
            T result = work.run();
            done = true;
            return result;
        } catch (StartFailure e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure(name + " was interrupted", e);
        } catch (Exception e) {
            throw new StartFailure(name + " failed: " + e.getMessage(), e);
        } finally {
            end(done ? seconds(Duration.ofNanos(System.nanoTime() - begin)) : "failed");
        }
    }

    private synchronized void begin(String name) {
        if (mine()) {
            if (midLine) {
                // a stop came in the middle of a step
                out.println();
            }
            midLine = true;
            out.print(aligned(name));
            out.flush();
        }
    }

    private synchronized void end(String outcome) {
        if (mine()) {
            midLine = false;
            out.println(outcome);
        }
    }

    /** From now on the calling thread alone is heard. */
    synchronized void takeOver() {
        owner = Thread.currentThread();
    }

    @SuppressWarnings("ReferenceEquality") // a thread is itself
    private boolean mine() {
        return owner == null || owner == Thread.currentThread();
    }

    synchronized void line(String text) {
        if (mine()) {
            out.println(text);
        }
    }

    void total(String name) {
        line(aligned(name) + seconds(Duration.ofNanos(System.nanoTime() - started)));
    }

    private static String aligned(String name) {
        return "  " + name + " " + ".".repeat(Math.max(3, WIDTH - name.length())) + " ";
    }

    static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%5.1f s", time.toMillis() / 1000.0);
    }
}
