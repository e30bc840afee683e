package com.smashcost.job.entity;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a job stands.
 *
 * @param lastRun when the last run that ended had begun; null if none has, as then are {@code took} and {@code outcome}
 * @param running whether a node runs it now
 */
public record JobState(
        String name,
        Instant nextRun,
        @Nullable Instant lastRun,
        @Nullable Duration took,
        @Nullable String outcome,
        boolean running) {}
