package com.smashcost.routing.control;

import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.entity.Tier;
import com.smashcost.routing.control.SessionRoutes.Route;
import com.smashcost.routing.control.Weighing.Candidate;
import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a session stays with its model for one more turn. Up it goes at once; down only after three turns in a row for which
 * something cheaper would have done, and only if that saves more than the prompt cache that is lost; never inside a tool loop.
 *
 * @param easyTurns how many turns in a row something cheaper would have done, this one included
 */
record Turn(boolean stays, int easyTurns) {

    static final int EASY_TURNS = 3;

    /** What a model may have been found and still go on in a session. */
    private static final Set<Verdict> GOOD_ENOUGH = EnumSet.of(Verdict.chosen, Verdict.asked, Verdict.dearer);

    /** What it may have been found and still has to finish what it began. */
    private static final Set<Verdict> ABLE = EnumSet.of(
            Verdict.chosen,
            Verdict.asked,
            Verdict.dearer,
            Verdict.not_good_enough,
            Verdict.unfamiliar,
            Verdict.unproven);

    /**
     * The next turn of a session.
     *
     * @param current the model that served it so far
     * @param fresh what would be chosen without a session; its price of {@code current} knows of the prompt cache
     */
    static Turn next(Route before, Offer current, Weighing fresh, boolean inToolLoop) {
        Candidate held = fresh.candidate(current).orElse(null);
        if (held == null || !ABLE.contains(held.verdict())) {
            return new Turn(false, 0);
        }
        if (inToolLoop) {
            return new Turn(true, before.easyTurns());
        }
        Offer chosen = fresh.chosen();
        if (chosen.model().equals(current.model())) {
            return new Turn(true, 0);
        }
        if (!GOOD_ENOUGH.contains(held.verdict()) || rank(chosen) > rank(current)) {
            return new Turn(false, 0);
        }
        int easy = before.easyTurns() + 1;
        return easy >= EASY_TURNS && saves(held, fresh) ? new Turn(false, 0) : new Turn(true, easy);
    }

    private static boolean saves(Candidate held, Weighing fresh) {
        Optional<BigDecimal> staying = Optional.ofNullable(held.projected());
        Optional<BigDecimal> going =
                fresh.candidate(fresh.chosen()).flatMap(candidate -> Optional.ofNullable(candidate.projected()));
        return staying.isPresent() && going.isPresent() && going.get().compareTo(staying.get()) < 0;
    }

    private static int rank(Offer offer) {
        Tier tier = offer.tier();
        return tier == null ? Integer.MAX_VALUE : tier.ordinal();
    }
}
