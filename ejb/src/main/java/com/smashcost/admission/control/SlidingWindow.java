package com.smashcost.admission.control;

import java.time.Duration;

/**
 * An exact sliding-window limit: in any window at most so many permits are given. It remembers the instant of each permit on
 * the monotonic clock in a ring, so a permit costs O(1) amortised and 8 bytes per permitted request. Thread-safe.
 */
public final class SlidingWindow {

    private final long windowNanos;
    private int limit;
    private long[] ring; // has room for the limit, and for more permits while those of a larger limit have not expired
    private int oldest;
    private int count;

    /**
     * @param limit at least 1
     */
    public SlidingWindow(int limit, Duration window) {
        this.limit = limit;
        this.ring = new long[limit];
        this.windowNanos = window.toNanos();
    }

    /**
     * Takes a permit if one is left.
     *
     * @param now {@link System#nanoTime()}
     */
    public synchronized Permit take(long now) {
        expire(now);
        if (count >= limit) {
            return new Permit(false, limit, 0, untilExpired(count - limit, now));
        }
        ring[(oldest + count) % ring.length] = now;
        count++;
        return new Permit(true, limit, limit - count, untilExpired(0, now));
    }

    /**
     * Changes the limit, to at least 1. All permits of the window stay remembered, so a smaller limit acts at once and a larger
     * one gives no more than itself, however often it changes.
     */
    public synchronized void resize(int limit) {
        if (limit == this.limit) {
            return;
        }
        this.limit = limit;
        long[] resized = new long[Math.max(limit, count)];
        for (int i = 0; i < count; i++) {
            resized[i] = ring[(oldest + i) % ring.length];
        }
        ring = resized;
        oldest = 0;
    }

    private Duration untilExpired(int place, long now) {
        return Duration.ofNanos(ring[(oldest + place) % ring.length] + windowNanos - now);
    }

    private void expire(long now) {
        while (count > 0 && now - ring[oldest] >= windowNanos) {
            oldest = (oldest + 1) % ring.length;
            count--;
        }
    }

    /**
     * The answer to a request for a permit.
     *
     * @param limit permits in a window
     * @param remaining permits left now
     * @param reset time until the oldest permit in the window expires; where nothing is granted, how long to wait
     */
    public record Permit(boolean granted, int limit, int remaining, Duration reset) {}
}
