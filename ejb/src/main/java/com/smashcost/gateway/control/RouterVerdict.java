package com.smashcost.gateway.control;

import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.entity.Tier;
import com.smashcost.ledger.entity.LedgerEntry.Choice;
import com.smashcost.ledger.entity.LedgerEntry.Metered;
import com.smashcost.ledger.entity.LedgerEntry.Outcome;
import com.smashcost.ledger.entity.LedgerEntry.Weighed;
import com.smashcost.provider.entity.Usage;
import com.smashcost.routing.control.Cells;
import com.smashcost.routing.control.Classification;
import com.smashcost.routing.control.Experience;
import com.smashcost.routing.control.RoutingDecision;
import com.smashcost.routing.control.Weighing;
import com.smashcost.routing.entity.Mode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the router makes of one request, for its row: worked out before the call where routing acts, beside it where it only
 * observes.
 *
 * @param shadow of a request that passed through; it is asked for when the answer is complete
 */
record RouterVerdict(
        long organizationId,
        Instant at,
        RoutingDecision decision,
        Supplier<Optional<Weighing>> shadow,
        Experience experience) {

    private static final int SCORE_SCALE = 5;
    private static final int SHARE_SCALE = 4;
    private static final int USD_SCALE = 12;

    Optional<Weighing> weighing() {
        return decision.mode() == Mode.active ? decision.weighing() : shadow.get();
    }

    /** The choice with its task and score, and with the model that was only thought of. */
    Choice explain(Weighing weighing, Choice choice) {
        Classification classification = weighing.classification();
        return new Choice(
                choice.requested(),
                choice.used(),
                decision.mode() == Mode.active ? null : weighing.chosen().model(),
                choice.provider(),
                choice.routing(),
                choice.mode(),
                classification.task().name(),
                score(classification));
    }

    /** The difficulty as it is stored and told. */
    static BigDecimal score(Classification classification) {
        return share(classification.score(), SCORE_SCALE);
    }

    /** What was metered, with the cost of the model that was only thought of. */
    Metered project(Weighing weighing, Optional<Offer> served, Metered metered) {
        BigDecimal projected = decision.mode() == Mode.active || served.isEmpty()
                ? null
                : experience
                        .projection()
                        .projected(
                                organizationId,
                                weighing.classification().task(),
                                served.get(),
                                metered.usage(),
                                weighing.chosen(),
                                weighing.needs(),
                                at)
                        .map(cost -> cost.setScale(USD_SCALE, RoundingMode.HALF_EVEN))
                        .orElse(null);
        return metered.with(projected, lostCache(weighing, metered.usage()));
    }

    /** Of what the requested model would have had in its cache, as much as was read anew; null where nothing was. */
    private static @Nullable Long lostCache(Weighing weighing, Usage usage) {
        Long anew = usage.input();
        long lost = anew == null ? 0 : Math.min(anew, weighing.lostCacheTokens());
        return lost == 0 ? null : Long.valueOf(lost);
    }

    /**
     * Learns from how it went.
     *
     * @param called the model that was called, which may have answered by a more exact name
     */
    void learn(Weighing weighing, Optional<Offer> called, Optional<Offer> served, Outcome outcome, Usage reported) {
        boolean succeeded = outcome.errorClass() == null && outcome.status() != null;
        if (!succeeded || served.isEmpty()) {
            return;
        }
        Classification classification = weighing.classification();
        Stream.concat(called.stream(), served.stream())
                .distinct()
                .forEach(offer -> experience
                        .projection()
                        .learn(
                                organizationId,
                                classification.task(),
                                offer,
                                weighing.needs(),
                                weighing.promptTokens(),
                                reported));
        Cells.Key cell = Cells.Key.of(organizationId, classification, served.get());
        experience.cells().count(cell, true);
        decision.weighedVisit().ifPresent(visit -> experience.regrets().answered(visit, cell));
    }

    /** The numbers of a weighing, as the ledger keeps them. */
    static Weighed numbers(Weighing weighing) {
        Classification classification = weighing.classification();
        return new Weighed(
                classification.version(),
                weighing.policy().name(),
                Arrays.stream(Tier.values())
                        .map(tier -> share(classification.right(tier), SHARE_SCALE))
                        .toList(),
                shares(weighing.retained()),
                share(weighing.retention(), SHARE_SCALE),
                classification.familiar(),
                weighing.needs(),
                weighing.promptTokens(),
                weighing.outputTokens(),
                weighing.candidates().stream()
                        .map(candidate -> new Weighed.Candidate(
                                candidate.offer().id(), candidate.verdict().ordinal()))
                        .toList());
    }

    private static List<BigDecimal> shares(double[] values) {
        return Arrays.stream(values)
                .mapToObj(value -> share(value, SHARE_SCALE))
                .toList();
    }

    private static BigDecimal share(double value, int scale) {
        // rounded down, so that what the router refused is not taken for good enough when it is replayed
        return new BigDecimal(value, MathContext.DECIMAL64).setScale(scale, RoundingMode.FLOOR);
    }

    /** No verdict: the request was not for the router. */
    static RouterVerdict none(long organizationId, Instant at, RoutingDecision decision, Experience experience) {
        return new RouterVerdict(organizationId, at, decision, Optional::empty, experience);
    }
}
