package com.smashcost.routing.control;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Waits that grow exponentially, with full jitter: any wait up to the ceiling is as likely as any other, so that those who
 * failed together do not come back together. See "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 *
 * @param base the first ceiling; each later one is twice the one before
 * @param cap the last ceiling
 */
record Backoff(Duration base, Duration cap) {

    /**
     * The wait before a repetition.
     *
     * @param repeated how often was waited before
     * @param chance gives a number from 0 to below 1
     */
    Duration after(int repeated, DoubleSupplier chance) {
        return Duration.ofNanos((long) (ceiling(repeated).toNanos() * chance.getAsDouble()));
    }

    private Duration ceiling(int repeated) {
        Duration ceiling = base;
        for (int i = 0; i < repeated && ceiling.compareTo(cap) < 0; i++) {
            ceiling = ceiling.multipliedBy(2);
        }
        return ceiling.compareTo(cap) < 0 ? ceiling : cap;
    }
}
