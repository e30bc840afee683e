package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.atomic.AtomicLong;

/** What happened since the start; safe for all request threads. */
final class Stats {

    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong open = new AtomicLong();
    private final AtomicLong cancelled = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();

    /** Counts a call as begun and gives its number, from 1. */
    long begin() {
        open.incrementAndGet();
        return requests.incrementAndGet();
    }

    void end() {
        open.decrementAndGet();
    }

    void cancelled() {
        cancelled.incrementAndGet();
    }

    void error() {
        errors.incrementAndGet();
    }

    ObjectNode json() {
        return Wire.object()
                .put("requests", requests.get())
                .put("open", open.get())
                .put("cancelled", cancelled.get())
                .put("errors", errors.get());
    }
}
