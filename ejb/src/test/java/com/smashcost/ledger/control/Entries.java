package com.smashcost.ledger.control;

import com.smashcost.ledger.entity.LedgerEntry;
import com.smashcost.ledger.entity.LedgerEntry.Choice;
import com.smashcost.ledger.entity.LedgerEntry.FrozenPrices;
import com.smashcost.ledger.entity.LedgerEntry.Metered;
import com.smashcost.ledger.entity.LedgerEntry.Outcome;
import com.smashcost.ledger.entity.LedgerEntry.Tags;
import com.smashcost.ledger.entity.LedgerEntry.Weighed;
import com.smashcost.ledger.entity.LedgerEntry.Weighed.Candidate;
import com.smashcost.ledger.entity.RequestId;
import com.smashcost.money.entity.UnitPrices;
import com.smashcost.provider.entity.Usage;
import com.smashcost.routing.entity.Mode;
import com.smashcost.routing.entity.Routing;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Ledger entries as requests leave them. */
final class Entries {

    private static final BigDecimal PRICE = new BigDecimal("0.00000015");

    private Entries() {}

    /** A request that was just accepted. */
    static LedgerEntry intent() {
        return new LedgerEntry(
                RequestId.mint(),
                7,
                11,
                Instant.parse("2026-11-21T12:00:00.123456Z"),
                true,
                new Tags("Müller & Söhne", null),
                new Choice(
                        "gpt-4o-mini",
                        "gpt-4o-mini",
                        null,
                        "openai",
                        Routing.passthrough,
                        Mode.observation,
                        null,
                        null),
                null,
                new Outcome(null, null, 1, false, null, null),
                Metered.UNKNOWN);
    }

    /** The same request at its end. */
    static LedgerEntry completed(LedgerEntry intent) {
        FrozenPrices prices =
                new FrozenPrices(3L, new UnitPrices(PRICE, PRICE, PRICE, PRICE, PRICE, PRICE, PRICE, PRICE, PRICE));
        BigDecimal cost = PRICE.multiply(BigDecimal.valueOf(30));
        return intent.complete(
                intent.choice(),
                null,
                new Outcome(200, null, 1, false, Duration.ofMillis(812), Duration.ofMillis(95)),
                new Metered(
                        new Usage(10L, null, null, null, 20L, null, null, null, 0L),
                        false,
                        "standard",
                        prices,
                        prices,
                        cost,
                        cost,
                        null));
    }

    /** The same request at its end, with what the router worked out for it. */
    static LedgerEntry weighed(LedgerEntry intent) {
        LedgerEntry completed = completed(intent);
        Weighed weighed = new Weighed(
                "2026-11",
                "balanced",
                Stream.of("0.5", "0.6", "0.7", "0.8").map(BigDecimal::new).toList(),
                Stream.of("0.93", "0.98", "1", "1").map(BigDecimal::new).toList(),
                new BigDecimal("0.98"),
                true,
                1,
                1200,
                300,
                List.of(new Candidate(2, 0), new Candidate(300, 3)));
        return completed.complete(completed.choice(), weighed, completed.outcome(), completed.metered());
    }
}
