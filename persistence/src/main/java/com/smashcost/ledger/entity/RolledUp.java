package com.smashcost.ledger.entity;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The figures of some requests, summed. What is unknown is in no sum; a sum of which nothing is known is null, and beside each
 * stands how many requests are in it.
 *
 * @param start when their hour, day or week begins
 * @param names of what they have in common in the dimension that was asked for; one null means none, an empty list means all
 *     requests
 * @param usageKnown requests whose input and output tokens are known
 * @param inputTokens as the other tokens, of the requests that say how many there were
 */
public record RolledUp(
        Instant start,
        List<@Nullable String> names,
        long requests,
        long successes,
        long failures,
        long usageKnown,
        long inputTokens,
        long cachedTokens,
        long cacheWriteTokens,
        long outputTokens,
        long reasoningTokens,
        Sum cost,
        Sum baseline,
        Sum projected,
        Sum saving,
        Times latency,
        Times firstToken) {

    /**
     * A sum in US dollars.
     *
     * @param known requests that are in it
     */
    public record Sum(long known, @Nullable BigDecimal usd) {}

    /**
     * How long something took.
     *
     * @param known requests of which that is known
     * @param meanMs null if it is known of none, as is {@code p95Ms}
     * @param p95Ms within the bounds of the histogram that it is read from; null too in the parts of a series, for which none is read
     */
    public record Times(
            long known, @Nullable Long meanMs, @Nullable Long p95Ms) {}
}
