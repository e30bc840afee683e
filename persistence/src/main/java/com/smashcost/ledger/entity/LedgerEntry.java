package com.smashcost.ledger.entity;

import com.smashcost.money.entity.UnitPrices;
import com.smashcost.provider.entity.Usage;
import com.smashcost.routing.entity.Mode;
import com.smashcost.routing.entity.Routing;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one accepted request: at first who asked for what, in the end all of it. Holds no word of what was said.
 *
 * @param streamed whether the client asked for a stream
 */
public record LedgerEntry(
        RequestId id,
        long organizationId,
        long keyId,
        Instant startedAt,
        boolean streamed,
        Tags tags,
        Choice choice,
        Outcome outcome,
        Metered metered) {

    /** How an entry ends whose process died before it could be completed. */
    public static final String INTERRUPTED = "interrupted";

    /** This entry at its end. */
    public LedgerEntry complete(Outcome outcome, Metered metered) {
        return new LedgerEntry(id, organizationId, keyId, startedAt, streamed, tags, choice, outcome, metered);
    }

    /** This entry as the next start finds it when the process died under way. */
    public LedgerEntry interrupted() {
        return complete(new Outcome(null, INTERRUPTED, outcome.attempts(), false, null, null), metered);
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
     */
    public record Metered(
            Usage usage,
            boolean estimated,
            @Nullable String serviceTier,
            FrozenPrices used,
            FrozenPrices baseline,
            @Nullable BigDecimal cost,
            @Nullable BigDecimal baselineCost,
            @Nullable BigDecimal projectedCost) {

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
