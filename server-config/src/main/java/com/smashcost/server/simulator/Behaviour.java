package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/**
 * How the simulated providers behave; may change while they run.
 *
 * @param latency until the first byte of an answer
 * @param chunkGap between the chunks of a stream
 * @param errorPercent share of the calls that fail with a server error, spread evenly
 */
record Behaviour(Duration latency, Duration chunkGap, int errorPercent) {

    static final Behaviour DEFAULT = new Behaviour(Duration.ofMillis(40), Duration.ofMillis(15), 0);

    Behaviour {
        if (latency.isNegative() || chunkGap.isNegative() || errorPercent < 0 || errorPercent > 100) {
            throw new IllegalArgumentException("times must not be negative, error_percent is from 0 to 100");
        }
    }

    Behaviour withLatency(long millis) {
        return new Behaviour(Duration.ofMillis(millis), chunkGap, errorPercent);
    }

    Behaviour withChunkGap(long millis) {
        return new Behaviour(latency, Duration.ofMillis(millis), errorPercent);
    }

    Behaviour withErrorPercent(int percent) {
        return new Behaviour(latency, chunkGap, percent);
    }

    /** Takes over the members that are there. */
    Behaviour with(JsonNode change) {
        return withLatency(change.path("latency_ms").asLong(latency.toMillis()))
                .withChunkGap(change.path("chunk_gap_ms").asLong(chunkGap.toMillis()))
                .withErrorPercent(change.path("error_percent").asInt(errorPercent));
    }

    ObjectNode json() {
        return Wire.object()
                .put("latency_ms", latency.toMillis())
                .put("chunk_gap_ms", chunkGap.toMillis())
                .put("error_percent", errorPercent);
    }

    /** Whether the call of this number, counted from 1, is one of those that fail. */
    boolean fails(long call) {
        return call * errorPercent / 100 != (call - 1) * errorPercent / 100;
    }
}
