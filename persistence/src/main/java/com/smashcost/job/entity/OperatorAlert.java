package com.smashcost.job.entity;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A finding that an operator must look at.
 *
 * @param kind what was found, in a word
 * @param subject where it was found
 * @param resolvedAt when it was found to be over; null while it is not
 */
public record OperatorAlert(
        long id,
        String kind,
        String subject,
        String detail,
        Instant firstSeenAt,
        Instant lastSeenAt,
        @Nullable Instant resolvedAt) {}
