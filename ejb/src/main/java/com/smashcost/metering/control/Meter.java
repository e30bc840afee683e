package com.smashcost.metering.control;

import com.smashcost.catalog.control.Catalogue.Price;
import com.smashcost.catalog.entity.PriceTier;
import com.smashcost.money.entity.UnitPrices;
import com.smashcost.provider.entity.Usage;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Prices one request at the versions that were in force when it began.
 *
 * @param baselineThinks whether the model that is compared with would have written thoughts too; if not, those of the model that
 *     served are no part of what it would have cost
 */
public record Meter(@Nullable Price used, @Nullable Price baseline, boolean baselineThinks) {

    /**
     * A usage at the prices of its tier, of the model that served and of the one it is compared with.
     *
     * @param cost US dollars, null where the usage or a price is unknown; so is {@code baselineCost}
     */
    public record Reading(
            Usage usage,
            UnitPrices usedPrices,
            UnitPrices baselinePrices,
            @Nullable BigDecimal cost,
            @Nullable BigDecimal baselineCost) {}

    /** Reads the meter for what the provider reported. */
    public Reading read(Usage usage, @Nullable String serviceTier) {
        UnitPrices usedPrices = prices(used, usage, serviceTier);
        UnitPrices compared = prices(baseline, usage, serviceTier);
        UnitPrices baselinePrices = baselineThinks ? compared : compared.withoutThoughts();
        return new Reading(
                usage,
                usedPrices,
                baselinePrices,
                Charge.of(usage, usedPrices).orElse(null),
                Charge.of(usage, baselinePrices).orElse(null));
    }

    private static UnitPrices prices(@Nullable Price price, Usage usage, @Nullable String serviceTier) {
        return price == null
                ? UnitPrices.UNKNOWN
                : price.unitPrices(serviceTier == null ? PriceTier.STANDARD : serviceTier, usage.promptTokens());
    }
}
