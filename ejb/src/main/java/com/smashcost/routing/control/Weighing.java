package com.smashcost.routing.control;

import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.entity.Tier;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the models compared for one request.
 *
 * @param policy the mode that was applied, or would have been
 * @param needs what a model must be able to do, as bits of {@link Needs}
 * @param promptTokens estimated before the call, as are {@code outputTokens}
 * @param asked the tier of the requested model; null if nobody has said, and then nothing replaces it
 * @param candidates all models that were looked at
 * @param chosen the model that serves, or would have
 * @param retention the share of the requested model's quality that the chosen one keeps, lower bound; 1 if it is the same
 */
public record Weighing(
        Classification classification,
        RoutingMode policy,
        int needs,
        long promptTokens,
        long outputTokens,
        @Nullable Tier asked,
        List<Candidate> candidates,
        Offer chosen,
        double retention) {

    public Weighing {
        candidates = List.copyOf(candidates);
    }

    /**
     * A model that was looked at.
     *
     * @param projected US dollars of this request with it; null where it was dropped before its price mattered, or is unknown
     */
    public record Candidate(
            Offer offer, Verdict verdict, @Nullable BigDecimal projected) {}
}
