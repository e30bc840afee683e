package com.smashcost.ledger.control;

import com.smashcost.catalog.entity.Tier;
import com.smashcost.ledger.entity.LedgerEntry.Weighed;
import com.smashcost.ledger.entity.LoggedRequest;
import com.smashcost.routing.control.Verdict;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a request was served by the model that served it.
 *
 * @param baseline the model that a saving is measured against; null where that is not known
 * @param lostCacheUsd what the session lost of its prompt cache by the choice, which the saving is net of
 * @param weighed null where nothing was weighed
 * @param candidates the models that were looked at, the chosen one first, then by what the request would have cost with them
 */
public record Receipt(
        LoggedRequest request,
        @Nullable String baseline,
        BigDecimal lostCacheUsd,
        @Nullable Weighed weighed,
        List<Candidate> candidates) {

    public Receipt {
        candidates = List.copyOf(candidates);
    }

    /**
     * A model that was looked at, with its prices at that time.
     *
     * @param tier as it is now
     * @param verdict null for one that only another release knows
     * @param input US dollars per token for a prompt of that size, as is {@code output}; null where unknown
     * @param projected US dollars of the tokens that were estimated before the call, uncached; null where a price is unknown
     */
    public record Candidate(
            String model,
            String provider,
            @Nullable Tier tier,
            @Nullable Verdict verdict,
            @Nullable BigDecimal input,
            @Nullable BigDecimal output,
            @Nullable Long priceVersionId,
            @Nullable BigDecimal projected) {}
}
