package com.smashcost.ledger.entity;

import com.smashcost.money.entity.UnitPrices;
import com.smashcost.provider.entity.Usage;
import com.smashcost.routing.entity.Mode;
import com.smashcost.routing.entity.Routing;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one accepted request: at first who asked for what, in the end all of it. Holds no word of what was said.
 *
 * @param streamed whether the client asked for a stream
 * @param weighed null where the router did not look at it
 */
public record LedgerEntry(
        RequestId id,
        long organizationId,
        long keyId,
        Instant startedAt,
        boolean streamed,
        Tags tags,
        Choice choice,
        @Nullable Weighed weighed,
        Outcome outcome,
        Metered metered) {

    /** How an entry ends whose process died before it could be completed. */
    public static final String INTERRUPTED = "interrupted";

    /** This entry at its end, by which it may have been served by another model, or weighed after it was sent. */
    public LedgerEntry complete(Choice choice, @Nullable Weighed weighed, Outcome outcome, Metered metered) {
        return new LedgerEntry(id, organizationId, keyId, startedAt, streamed, tags, choice, weighed, outcome, metered);
    }

    /** This entry as the next start finds it when the process died under way. */
    public LedgerEntry interrupted() {
        return complete(
                choice, weighed, new Outcome(null, INTERRUPTED, outcome.attempts(), false, null, null), metered);
    }

    /** Whom the request is attributed to, in the customer's own words; null where it is not. */
    public record Tags(@Nullable String customer, @Nullable String feature) {

        /** Attributed to nobody. */
        public static final Tags NONE = new Tags(null, null);
    }

    /**
     * Which model served.
     *
     * @param requested as the client wrote it
     * @param used as the provider was asked for; null if none was
     * @param projected what the router would have used; null where it did not say
     * @param score 0 to 1
     */
    public record Choice(
            String requested,
            @Nullable String used,
            @Nullable String projected,
            @Nullable String provider,
            Routing routing,
            Mode mode,
            @Nullable String task,
            @Nullable BigDecimal score) {}

    /**
     * What the router worked out, in numbers: enough to tell why it chose, and what it would have chosen in another mode.
     *
     * @param classifier the version of the classifier
     * @param policy the routing mode that was applied, or would have been
     * @param right the probability that a model answers well, by tier, ascending
     * @param retained the share of the requested model's quality that is kept, by the tier of what replaces it, ascending
     * @param retention that share for the model that was used, or would have been; 1 where it is the requested one
     * @param familiar whether the request is like what the classifier was made from
     * @param needs what a model must be able to do, as bits of the router's {@code Needs}
     * @param promptTokens estimated before the call, as are {@code outputTokens}
     * @param candidates every model that was looked at, with the reason for which it was taken or dropped
     */
    public record Weighed(
            String classifier,
            String policy,
            List<BigDecimal> right,
            List<BigDecimal> retained,
            BigDecimal retention,
            boolean familiar,
            int needs,
            long promptTokens,
            long outputTokens,
            List<Candidate> candidates) {

        public Weighed {
            right = List.copyOf(right);
            retained = List.copyOf(retained);
            candidates = List.copyOf(candidates);
        }

        /**
         * A model that was looked at.
         *
         * @param modelId its id in the catalogue
         * @param verdict the ordinal of the router's {@code Verdict}, which is never renumbered
         */
        public record Candidate(long modelId, int verdict) {}
    }

    /**
     * How it went.
     *
     * @param status the HTTP status that the client got, 499 if it left before it got one; null if the process died under way
     * @param errorClass what went wrong, in a word; null if nothing did
     * @param attempts calls of providers
     * @param fallback whether another model than the chosen one had to serve
     * @param firstToken from arrival to the first piece of a streamed answer
     */
    public record Outcome(
            @Nullable Integer status,
            @Nullable String errorClass,
            int attempts,
            boolean fallback,
            @Nullable Duration latency,
            @Nullable Duration firstToken) {

        /** Nothing happened yet. */
        public static final Outcome PENDING = new Outcome(null, null, 0, false, null, null);
    }

    /**
     * What it used and cost, recomputable from the prices frozen beside it.
     *
     * @param estimated whether the usage is our estimate
     * @param serviceTier the tier of the answer
     * @param cost US dollars, as are the others; null where unknown
     * @param lostCacheTokens what the baseline model would have read from its prompt cache and the used one read anew, because the
     *     session changed its model; null where nothing was lost
     */
    public record Metered(
            Usage usage,
            boolean estimated,
            @Nullable String serviceTier,
            FrozenPrices used,
            FrozenPrices baseline,
            @Nullable BigDecimal cost,
            @Nullable BigDecimal baselineCost,
            @Nullable BigDecimal projectedCost,
            @Nullable Long lostCacheTokens) {

        /** No prompt cache was lost. */
        public Metered(
                Usage usage,
                boolean estimated,
                @Nullable String serviceTier,
                FrozenPrices used,
                FrozenPrices baseline,
                @Nullable BigDecimal cost,
                @Nullable BigDecimal baselineCost,
                @Nullable BigDecimal projectedCost) {
            this(usage, estimated, serviceTier, used, baseline, cost, baselineCost, projectedCost, null);
        }

        /** The same with what the router adds to it. */
        public Metered with(@Nullable BigDecimal projectedCost, @Nullable Long lostCacheTokens) {
            return new Metered(
                    usage, estimated, serviceTier, used, baseline, cost, baselineCost, projectedCost, lostCacheTokens);
        }

        /** Nothing was used, or nothing is known of it. */
        public static final Metered UNKNOWN =
                new Metered(Usage.UNKNOWN, false, null, FrozenPrices.UNKNOWN, FrozenPrices.UNKNOWN, null, null, null);
    }

    /**
     * Unit prices as they were when the request was made.
     *
     * @param versionId the price version they are from; null if the model is not priced
     */
    public record FrozenPrices(@Nullable Long versionId, UnitPrices prices) {

        /** Not priced. */
        public static final FrozenPrices UNKNOWN = new FrozenPrices(null, UnitPrices.UNKNOWN);
    }
}
