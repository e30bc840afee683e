package com.smashcost.routing.control;

import com.smashcost.catalog.control.Catalogue.Offer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How well models did for an organisation, counted by task, difficulty and model: how often, and how often well. Nothing else is
 * kept of a request. What was counted refines what the classifier expects, once there is enough of it. Thread-safe.
 */
@ApplicationScoped
public class Cells {

    /** Below so many outcomes a cell says nothing. */
    static final int FEWEST = 20;

    /** From so many outcomes on a cell has proven itself. */
    public static final int PROVEN = 100;

    /** How many outcomes the classifier's expectation is worth. */
    private static final double PRIOR = 50;

    /** Of the standard normal distribution, one-sided 90 %. */
    private static final double Z90 = 1.2816;

    private final ConcurrentMap<Key, Counts> counts = new ConcurrentHashMap<>();
    private final ConcurrentMap<Key, Counts> unsaved = new ConcurrentHashMap<>();

    /**
     * A cell.
     *
     * @param difficulty the fifth of the score, 0 to 4
     */
    public record Key(long organizationId, Task task, int difficulty, long modelId) {

        /** The cell of a classified request with a model. */
        public static Key of(long organizationId, Classification classification, Offer offer) {
            return of(organizationId, classification.task(), classification.score(), offer.id());
        }

        /** The cell of a request of this task and score with a model. */
        public static Key of(long organizationId, Task task, double score, long modelId) {
            return new Key(organizationId, task, difficulty(score), modelId);
        }

        static int difficulty(double score) {
            return Math.clamp((long) (score * 5), 0, 4);
        }
    }

    /** Outcomes, and how many of them were good; both may be weighted. */
    public record Counts(double attempts, double good) {

        Counts plus(Counts more) {
            return new Counts(attempts + more.attempts, good + more.good);
        }
    }

    /** Takes over what is stored, in place of what was taken over before; what is not stored yet comes on top. */
    public void restore(Map<Key, Counts> stored) {
        counts.keySet().retainAll(stored.keySet());
        counts.putAll(stored);
        unsaved.forEach((key, more) -> counts.merge(key, more, Counts::plus));
    }

    /** Takes back what was handed over and could not be stored. */
    public void putBack(Map<Key, Counts> unstored) {
        unstored.forEach((key, more) -> unsaved.merge(key, more, Counts::plus));
    }

    /** Counts one outcome. */
    public void count(Key key, boolean good) {
        add(key, new Counts(1, good ? 1 : 0));
    }

    /** Takes back that an outcome was good: what followed shows that it was not. */
    public void regret(Key key) {
        add(key, new Counts(0, -1));
    }

    private void add(Key key, Counts more) {
        counts.merge(key, more, Counts::plus);
        unsaved.merge(key, more, Counts::plus);
    }

    /** Hands over what was counted since it was last asked. */
    public Map<Key, Counts> takeUnsaved() {
        Map<Key, Counts> taken = new HashMap<>();
        for (Key key : unsaved.keySet()) {
            Counts more = unsaved.remove(key);
            if (more != null) {
                taken.put(key, more);
            }
        }
        return taken;
    }

    /** Forgets an organisation. */
    public void forget(long organizationId) {
        counts.keySet().removeIf(key -> key.organizationId() == organizationId);
        unsaved.keySet().removeIf(key -> key.organizationId() == organizationId);
    }

    /** Whether enough was seen of a model in this cell. */
    public boolean isProven(Key key) {
        Counts seen = counts.get(key);
        return seen != null && seen.attempts >= PROVEN;
    }

    /**
     * The share of quality that a model keeps, as the lower 90 % bound of a Beta posterior in its normal approximation: the
     * classifier's expectation is the prior, what was counted the evidence, against the requested model in the same cell, because
     * people ask hard questions twice whoever answers.
     *
     * @param expected by the classifier
     */
    public double retained(Key candidate, Key asked, double expected) {
        Counts seen = counts.get(candidate);
        if (seen == null || seen.attempts < FEWEST) {
            return expected;
        }
        Counts compared = counts.get(asked);
        double usual =
                compared == null || compared.attempts < FEWEST ? 1 : Math.max(0.05, compared.good / compared.attempts);
        double total = PRIOR + seen.attempts;
        double good = PRIOR * expected + Math.min(seen.attempts, Math.max(0, seen.good / usual));
        double mean = Math.min(1, good / total);
        // the prior is a bound already, so that only the evidence brings a spread of its own
        double spread = Math.sqrt(mean * (1 - mean) / total) * (seen.attempts / total);
        return Math.max(0, mean - Z90 * spread);
    }
}
