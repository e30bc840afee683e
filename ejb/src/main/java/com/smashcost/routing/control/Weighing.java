package com.smashcost.routing.control;

import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.entity.Tier;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the models compared for one request.
 *
 * @param policy the mode that was applied, or would have been
 * @param needs what a model must be able to do, as bits of {@link Needs}
 * @param promptTokens estimated before the call, as are {@code outputTokens}
 * @param asked the model that was asked for
 * @param retained the share of its quality that is kept, by the tier of what replaces it; empty if nobody has said how good it is
 * @param candidates all models that were looked at
 * @param chosen the model that serves, or would have
 * @param lostCacheTokens what the requested model's prompt cache would have held and the chosen one's does not
 */
@SuppressWarnings("ArrayRecordComponent")
public record Weighing(
        Classification classification,
        RoutingMode policy,
        int needs,
        long promptTokens,
        long outputTokens,
        Offer asked,
        double[] retained,
        List<Candidate> candidates,
        Offer chosen,
        long lostCacheTokens) {

    /** Providers cache no shorter prompts. */
    private static final long SHORTEST_CACHED = 1024;

    private static final int MOST_FALLBACKS = 3;

    public Weighing {
        candidates = List.copyOf(candidates);
    }

    /**
     * A model that was looked at.
     *
     * @param projected US dollars of this request with it; null where it was dropped before its price mattered, or is unknown
     */
    public record Candidate(
            Offer offer, Verdict verdict, @Nullable BigDecimal projected) {

        Candidate with(Verdict other) {
            return new Candidate(offer, other, projected);
        }
    }

    /** What was found of this model. */
    public Optional<Candidate> candidate(Offer offer) {
        return candidates.stream()
                .filter(candidate -> candidate.offer().model().equals(offer.model()))
                .findFirst();
    }

    /** The share of the requested model's quality that the chosen one is expected to keep, at least. */
    public double retention() {
        Tier tier = chosen.tier();
        return chosen.model().equals(asked.model()) || tier == null || retained.length == 0
                ? 1
                : retained[tier.ordinal()];
    }

    /** The same where the session stays with its model. */
    Weighing holding(Offer current) {
        Weighing marked = chosen.model().equals(current.model()) ? this : with(chosen, Verdict.session_held, 0);
        return marked.with(current, Verdict.chosen, 0);
    }

    /** The same where the chosen model turns out to be unable to follow the request. */
    Weighing staying() {
        return with(chosen, Verdict.untranslatable, 0).with(asked, Verdict.chosen, 0);
    }

    /** The same where the session leaves a model that had cached so many tokens. */
    Weighing switching(long cachedTokens) {
        boolean caches = asked.capabilities().getOrDefault("prompt_caching", false);
        return with(chosen, Verdict.chosen, caches && cachedTokens >= SHORTEST_CACHED ? cachedTokens : 0);
    }

    private Weighing with(Offer offer, Verdict verdict, long lost) {
        List<Candidate> judged = new ArrayList<>(candidates.size());
        for (Candidate candidate : candidates) {
            boolean isIt = candidate.offer().model().equals(offer.model());
            judged.add(
                    isIt
                            ? candidate.with(verdict)
                            : candidate.verdict() == Verdict.chosen ? unchosen(candidate) : candidate);
        }
        return new Weighing(
                classification, policy, needs, promptTokens, outputTokens, asked, retained, judged, offer, lost);
    }

    private Candidate unchosen(Candidate candidate) {
        return candidate.with(candidate.offer().model().equals(asked.model()) ? Verdict.asked : Verdict.dearer);
    }

    /**
     * Models that may serve where the chosen one cannot: the requested one first, then what is as good as it must be, the cheapest
     * first, and other providers before the one that failed.
     */
    public List<String> fallbacks() {
        Comparator<Candidate> elsewhere =
                Comparator.comparing(candidate -> candidate.offer().provider().equals(chosen.provider()));
        List<String> names = new ArrayList<>();
        if (!chosen.model().equals(asked.model())) {
            names.add(asked.model());
        }
        candidates.stream()
                .filter(candidate ->
                        candidate.verdict() == Verdict.dearer || candidate.verdict() == Verdict.session_held)
                .filter(candidate -> candidate.projected() != null)
                .sorted(elsewhere.thenComparing(candidate -> Objects.requireNonNull(candidate.projected())))
                .map(candidate -> candidate.offer().model())
                .limit(MOST_FALLBACKS - names.size())
                .forEach(names::add);
        return List.copyOf(names);
    }
}
