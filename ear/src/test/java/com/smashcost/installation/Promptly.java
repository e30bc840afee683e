package com.smashcost.installation;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Promises of the form: whatever begins so long after a change sees it. How long it then takes is another matter. */
public final class Promptly {

    private static final Duration PAUSE = Duration.ofMillis(20);

    private Promptly() {}

    /** Checks again and again; the first check that began after the limit, counted from now, must hold. */
    public static void within(Duration limit, Runnable check) {
        long from = System.nanoTime();
        while (true) {
            long began = System.nanoTime();
            try {
                check.run();
                return;
            } catch (AssertionError e) {
                if (began - from > limit.toNanos()) {
                    throw e;
                }
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
