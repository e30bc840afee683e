package com.smashcost.routing.control;

import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.entity.Tier;
import com.smashcost.routing.control.Weighing.Candidate;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The rule by which a model is chosen, without anything around it: of all that can serve a request and keep enough of the
 * requested model's quality, the one that costs least; the requested one if none costs less.
 */
public final class Cheapest {

    /** An estimate of tokens may be so much too low. */
    private static final double CONTEXT_MARGIN = 1.15;

    private Cheapest() {}

    /**
     * What one request asks of a model that replaces the requested one.
     *
     * @param needs what it must be able to do, as bits of {@link Needs}
     * @param home the provider that the request may be bound to
     * @param promptTokens estimated before the call, as are {@code outputTokens}
     * @param familiar whether the request is like what the classifier knows; if not, nothing replaces the model
     * @param kept the share of the requested model's quality that another keeps; not a number where that is unknown
     * @param proven whether enough was seen of a model in requests of this kind
     */
    public record Demand(
            RoutingMode mode,
            int needs,
            String home,
            long promptTokens,
            long outputTokens,
            boolean familiar,
            ToDoubleFunction<Offer> kept,
            Predicate<Offer> proven) {}

    /**
     * What was chosen.
     *
     * @param projected US dollars with that model; null where unknown
     * @param candidates all that were looked at, the requested one first
     */
    public record Choice(Offer offer, @Nullable BigDecimal projected, List<Candidate> candidates) {

        public Choice {
            candidates = List.copyOf(candidates);
        }
    }

    /**
     * Chooses. In mode {@code off} nothing but the requested model is looked at.
     *
     * @param offers all that answer; of two that cost the same the first one wins
     * @param standing what speaks against a model for this organisation at this moment, whatever the request is;
     *     {@link Verdict#chosen} if nothing does
     * @param cost US dollars of this request with a model; empty where a price is unknown
     */
    public static Choice of(
            Offer asked,
            List<Offer> offers,
            Demand demand,
            Function<Offer, Verdict> standing,
            Function<Offer, Optional<BigDecimal>> cost) {
        BigDecimal askedCost = cost.apply(asked).orElse(null);
        List<Candidate> candidates = new ArrayList<>();
        candidates.add(new Candidate(asked, Verdict.asked, askedCost));
        int chosen = 0;
        BigDecimal lowest = askedCost;
        if (demand.mode() != RoutingMode.off) {
            for (Offer offer : offers) {
                if (offer.model().equals(asked.model())) {
                    continue;
                }
                Verdict verdict = verdict(offer, asked, demand, standing);
                BigDecimal price = verdict == Verdict.dearer ? cost.apply(offer).orElse(null) : null;
                if (verdict == Verdict.dearer && (price == null || lowest == null)) {
                    verdict = Verdict.unpriced;
                } else if (price != null && price.compareTo(lowest) < 0) {
                    lowest = price;
                    chosen = candidates.size();
                }
                candidates.add(new Candidate(offer, verdict, price));
            }
        }
        Candidate best = candidates.get(chosen).with(Verdict.chosen);
        candidates.set(chosen, best);
        return new Choice(best.offer(), best.projected(), candidates);
    }

    /** What speaks against a model; {@link Verdict#dearer} if nothing does but perhaps its price. */
    private static Verdict verdict(Offer offer, Offer asked, Demand demand, Function<Offer, Verdict> standing) {
        if (!offer.enabled()) {
            return Verdict.switched_off;
        }
        Verdict stands = standing.apply(offer);
        if (stands != Verdict.chosen) {
            return stands;
        }
        Tier from = asked.tier();
        Tier to = offer.tier();
        if (from == null || to == null) {
            return Verdict.unrated;
        }
        Verdict unmet = Needs.unmet(demand.needs(), offer, demand.home());
        if (unmet != Verdict.chosen) {
            return unmet;
        }
        if (offer.contextWindow() == null
                || demand.promptTokens() * CONTEXT_MARGIN + demand.outputTokens() > offer.contextWindow()) {
            return Verdict.context_too_small;
        }
        if (offer.maxOutputTokens() != null && demand.outputTokens() > offer.maxOutputTokens()) {
            return Verdict.output_too_small;
        }
        if (!demand.familiar()) {
            return Verdict.unfamiliar;
        }
        boolean isGood = demand.kept().applyAsDouble(offer) >= demand.mode().target();
        if (!isGood) {
            return Verdict.not_good_enough;
        }
        int steps = from.ordinal() - to.ordinal();
        return steps > unprovenSteps(demand.mode()) && !demand.proven().test(offer) ? Verdict.unproven : Verdict.dearer;
    }

    /** How many tiers down a model may be of which too little was seen. */
    private static int unprovenSteps(RoutingMode mode) {
        return switch (mode) {
            case off, quality -> 0;
            case balanced -> 1;
            case savings -> 3;
        };
    }
}
