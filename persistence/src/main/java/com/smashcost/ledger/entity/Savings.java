package com.smashcost.ledger.entity;

import java.math.BigDecimal;

/**
 * What routing saved over a range, and what was left out of that figure and why. Each request of the range is in exactly one of
 * {@code counted} and the six counts that follow it.
 *
 * @param requests all of them
 * @param costUsd what all that are priced cost
 * @param counted requests that the router decided, that succeeded, and whose saving is known
 * @param countedCostUsd what those cost
 * @param countedBaselineUsd what they would have cost with the models that the clients asked for
 * @param lostCacheUsd what their prompts cost more because a session that changed its model left a warm prompt cache
 * @param savingUsd baseline less cost and lost cache; may be negative
 * @param observed made while routing was not active
 * @param passedThrough forwarded as they were although routing was active
 * @param overridden with a model that the client insisted on
 * @param failed not answered with success
 * @param fellBack served by another model than the chosen one
 * @param unpriced whose cost or baseline is unknown
 */
public record Savings(
        long requests,
        BigDecimal costUsd,
        long counted,
        BigDecimal countedCostUsd,
        BigDecimal countedBaselineUsd,
        BigDecimal lostCacheUsd,
        BigDecimal savingUsd,
        long observed,
        long passedThrough,
        long overridden,
        long failed,
        long fellBack,
        long unpriced) {}
