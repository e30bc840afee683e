package com.smashcost.routing.control;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * How often providers may be asked again: at most once for every ten requests of the last minute, so that retries never make
 * much of an outage's load; a few are free, so that they help where there is little traffic. One budget per provider, of
 * which there is a fixed table.
 */
@ApplicationScoped
public class RetryBudget {

    static final int FREE = 3;
    private static final int REQUESTS_PER_RETRY = 10;
    private static final Backoff DELAYS = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(2));

    private final ConcurrentMap<String, Budget> budgets = new ConcurrentHashMap<>();
    private final LongSupplier nanos;
    private final DoubleSupplier chance;
    private final long origin;

    public RetryBudget() {
        this(System::nanoTime, () -> ThreadLocalRandom.current().nextDouble());
    }

    /**
     * @param nanos a monotonic clock
     * @param chance gives numbers from 0 to below 1
     */
    public RetryBudget(LongSupplier nanos, DoubleSupplier chance) {
        this.nanos = nanos;
        this.chance = chance;
        this.origin = nanos.getAsLong();
    }

    /** A request goes to this provider; its retries are not requests. */
    public void request(String provider) {
        budget(provider).requests.add(second());
    }

    /** Takes a retry out of the budget; false if there is none left. */
    public boolean take(String provider) {
        return budget(provider).take(second());
    }

    /**
     * How long to wait before a retry.
     *
     * @param repeated how many retries came before it
     */
    public Duration delay(int repeated) {
        return DELAYS.after(repeated, chance);
    }

    private Budget budget(String provider) {
        Budget known = budgets.get(provider);
        return known == null ? budgets.computeIfAbsent(provider, fresh -> new Budget()) : known;
    }

    private int second() {
        return (int) TimeUnit.NANOSECONDS.toSeconds(nanos.getAsLong() - origin);
    }

    private static final class Budget {

        private final Minute requests = new Minute();
        private final Minute retries = new Minute();
        private final Lock taking = new ReentrantLock();

        boolean take(int second) {
            taking.lock();
            try {
                boolean left = retries.sum(second) < Math.max(FREE, requests.sum(second) / REQUESTS_PER_RETRY);
                if (left) {
                    retries.add(second);
                }
                return left;
            } finally {
                taking.unlock();
            }
        }
    }

    /** A count over the last 60 seconds. Each slot holds a second in its upper half and the count of it in the lower. */
    private static final class Minute {

        private static final int SECONDS = 60;

        private final AtomicLongArray slots = new AtomicLongArray(SECONDS);

        void add(int second) {
            slots.updateAndGet(
                    second % SECONDS, slot -> secondOf(slot) >= second ? slot + 1 : ((long) second << 32) + 1);
        }

        long sum(int second) {
            long sum = 0;
            for (int i = 0; i < SECONDS; i++) {
                long slot = slots.get(i);
                if (second - secondOf(slot) < SECONDS) {
                    sum += slot & 0xFFFF_FFFFL;
                }
            }
            return sum;
        }

        private static int secondOf(long slot) {
            return (int) (slot >>> 32);
        }
    }
}
