package com.smashcost.gateway.control;

import com.smashcost.catalog.control.Catalogue;
import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.control.Catalogue.Price;
import com.smashcost.ledger.control.OpenEntry;
import com.smashcost.ledger.entity.LedgerEntry.FrozenPrices;
import com.smashcost.ledger.entity.LedgerEntry.Metered;
import com.smashcost.ledger.entity.LedgerEntry.Outcome;
import com.smashcost.metering.control.Meter;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.entity.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a request ends in the ledger: once, with what its provider reported, at the prices of when it began.
 *
 * @param model that was asked for; the answer may name a more exact one, whose price it then is
 * @param baseline the model whose price a saving is measured against
 */
record Ending(Exchange exchange, OpenEntry entry, Catalogue catalogue, String model, String baseline) {

    /**
     * Records a success; returns its cost in US dollars, null where unknown.
     *
     * @param estimate of the usage, asked for where the provider reported none
     */
    @Nullable
    BigDecimal succeeded(int status, Report report, @Nullable Duration firstToken, Supplier<Usage> estimate) {
        Metered metered = metered(report, estimate);
        entry.complete(entry.choice(), null, new Outcome(status, null, 1, false, exchange.age(), firstToken), metered);
        return metered.cost();
    }

    /** Records a failure with what was used all the same. */
    void failed(int status, String errorClass, Report report, @Nullable Duration firstToken, Supplier<Usage> estimate) {
        entry.complete(
                entry.choice(),
                null,
                new Outcome(status, errorClass, 1, false, exchange.age(), firstToken),
                metered(report, estimate));
    }

    /** Records a failure before which nothing was used. */
    void failed(int status, String errorClass) {
        failed(status, errorClass, Report.NONE, null, () -> Usage.UNKNOWN);
    }

    private Metered metered(Report report, Supplier<Usage> estimate) {
        boolean reported = report.usage().isKnown();
        Usage usage = reported
                ? report.usage()
                : estimate.get().withWebSearches(report.usage().webSearches());
        Price used = Optional.ofNullable(report.model())
                .flatMap(this::price)
                .or(() -> price(model))
                .orElse(null);
        Price compared = baseline.equals(model) ? used : price(baseline).orElse(null);
        Meter.Reading reading = new Meter(used, compared).read(usage, report.serviceTier());
        return new Metered(
                usage,
                !reported && usage.isKnown(),
                report.serviceTier(),
                new FrozenPrices(used == null ? null : used.versionId(), reading.usedPrices()),
                new FrozenPrices(compared == null ? null : compared.versionId(), reading.baselinePrices()),
                reading.cost(),
                reading.baselineCost(),
                null);
    }

    private Optional<Price> price(String name) {
        return catalogue.find(name).flatMap((Offer offer) -> offer.priceAt(exchange.startedAt()));
    }
}
