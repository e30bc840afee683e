package com.smashcost.admission.control;

import java.time.Duration;

/**
 * An exact sliding-window limit: in any window at most so many permits are given. It remembers the instant of each permit on
 * the monotonic clock in a ring, so a permit costs O(1) amortised and 8 bytes per permitted request. Thread-safe.
 */
public final class SlidingWindow {

    private final long windowNanos;
    private long[] ring;
    private int oldest;
    private int count;

    public SlidingWindow(int limit, Duration window) {
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
        if (count == ring.length) {
            Duration wait =
                    count == 0 ? Duration.ofNanos(windowNanos) : Duration.ofNanos(ring[oldest] + windowNanos - now);
            return new Permit(false, ring.length, 0, wait);
        }
        ring[(oldest + count) % ring.length] = now;
        count++;
        return new Permit(true, ring.length, ring.length - count, Duration.ofNanos(ring[oldest] + windowNanos - now));
    }

    /** Changes the limit; the newest permits stay remembered, so a smaller limit acts at once. */
    public synchronized void resize(int limit) {
        if (limit == ring.length) {
            return;
        }
        long[] resized = new long[limit];
        int kept = Math.min(count, limit);
        for (int i = 0; i < kept; i++) {
            resized[i] = ring[(oldest + count - kept + i) % ring.length];
        }
        ring = resized;
        oldest = 0;
        count = kept;
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
