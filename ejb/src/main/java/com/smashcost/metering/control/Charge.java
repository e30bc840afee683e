package com.smashcost.metering.control;

import com.smashcost.money.entity.UnitPrices;
import com.smashcost.provider.entity.Usage;
import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a usage costs: the sum over its disjoint buckets of tokens, or calls, times unit price, exact. */
public final class Charge {

    private Charge() {}

    /** US dollars; empty where the usage is unknown or a bucket that was used has no price, because unknown is never zero. */
    public static Optional<BigDecimal> of(Usage usage, UnitPrices prices) {
        if (!usage.isKnown()) {
            return Optional.empty();
        }
        return Optional.<BigDecimal>of(BigDecimal.ZERO)
                .flatMap(sum -> add(sum, usage.input(), prices.input()))
                .flatMap(sum -> add(sum, usage.cached(), prices.cachedInput()))
                .flatMap(sum -> add(sum, usage.cacheWrite5m(), prices.cacheWrite5m()))
                .flatMap(sum -> add(sum, usage.cacheWrite1h(), prices.cacheWrite1h()))
                .flatMap(sum -> add(sum, usage.output(), prices.output()))
                .flatMap(sum -> add(sum, usage.reasoning(), prices.reasoningOutput()))
                .flatMap(sum -> add(sum, usage.audioInput(), prices.audioInput()))
                .flatMap(sum -> add(sum, usage.audioOutput(), prices.audioOutput()))
                .flatMap(sum -> add(sum, usage.webSearches(), prices.webSearch()));
    }

    private static Optional<BigDecimal> add(BigDecimal sum, @Nullable Long count, @Nullable BigDecimal price) {
        if (count == null || count == 0) {
            return Optional.of(sum);
        }
        return price == null ? Optional.empty() : Optional.of(sum.add(price.multiply(BigDecimal.valueOf(count))));
    }
}
