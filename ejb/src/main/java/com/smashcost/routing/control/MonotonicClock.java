package com.smashcost.routing.control;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/** The monotonic clock in the shape of {@link Clock}: its instants mean nothing but their distances, and never go back. */
final class MonotonicClock extends Clock {

    private final LongSupplier nanos;
    private final long origin;

    /**
     * @param nanos {@link System#nanoTime()}, or a simulation of it
     */
    MonotonicClock(LongSupplier nanos) {
        this.nanos = nanos;
        this.origin = nanos.getAsLong();
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(nanos.getAsLong() - origin);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
