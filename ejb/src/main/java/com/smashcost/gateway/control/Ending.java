package com.smashcost.gateway.control;

import com.smashcost.admission.control.Hold;
import com.smashcost.catalog.control.Catalogue;
import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.control.Catalogue.Price;
import com.smashcost.ledger.control.OpenEntry;
import com.smashcost.ledger.entity.LedgerEntry.Choice;
import com.smashcost.ledger.entity.LedgerEntry.FrozenPrices;
import com.smashcost.ledger.entity.LedgerEntry.Metered;
import com.smashcost.ledger.entity.LedgerEntry.Outcome;
import com.smashcost.metering.control.Meter;
import com.smashcost.provider.control.UpstreamFailure;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.entity.Usage;
import com.smashcost.routing.control.Needs;
import com.smashcost.routing.control.Weighing;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a request ends in the ledger: once, with what its provider reported, at the prices of when it began.
 *
 * @param attempt the call that it ends with; the answer may name a more exact model, whose price it then is
 * @param baseline the model whose price a saving is measured against
 * @param verdict what the router makes of the request, asked for at the end
 */
record Ending(
        Exchange exchange,
        OpenEntry entry,
        Hold hold,
        Catalogue catalogue,
        Attempt attempt,
        String baseline,
        RouterVerdict verdict) {

    /**
     * Records a success; returns its cost in US dollars, null where unknown.
     *
     * @param estimate of the usage, asked for where the provider reported none
     */
    @Nullable
    BigDecimal succeeded(int status, Report report, @Nullable Duration firstToken, Supplier<Usage> estimate) {
        return complete(outcome(status, null, firstToken), report, estimate).cost();
    }

    /** Records a failure with what was used all the same. */
    void failed(int status, String errorClass, Report report, @Nullable Duration firstToken, Supplier<Usage> estimate) {
        complete(outcome(status, errorClass, firstToken), report, estimate);
    }

    /** Records a failure before which nothing was used. */
    void failed(int status, String errorClass) {
        hold.release();
        failed(status, errorClass, Report.NONE, null, () -> Usage.UNKNOWN);
    }

    private Outcome outcome(int status, @Nullable String errorClass, @Nullable Duration firstToken) {
        return new Outcome(status, errorClass, attempt.calls(), attempt.isFallback(), exchange.age(), firstToken);
    }

    private Metered complete(Outcome outcome, Report report, Supplier<Usage> estimate) {
        Optional<Weighing> weighing = verdict.weighing();
        Metered metered =
                metered(report, estimate, weighing.map(Weighing::needs).orElse(0));
        Choice choice = attempt.of(entry.choice());
        if (weighing.isPresent()) {
            metered = verdict.project(weighing.get(), served(report), metered);
            choice = verdict.explain(weighing.get(), choice);
        }
        settle(outcome, metered);
        entry.complete(choice, weighing.map(RouterVerdict::numbers).orElse(null), outcome, metered);
        attempt.ended(outcome);
        weighing.ifPresent(known ->
                verdict.learn(known, catalogue.find(attempt.model()), served(report), outcome, report.usage()));
        return metered;
    }

    /** What was never sent cost nothing; what nobody knows the usage of stays held until that expires. */
    private void settle(Outcome outcome, Metered metered) {
        if (metered.usage().isKnown()) {
            hold.settle(metered.cost(), metered.usage());
        } else if (UpstreamFailure.Kind.upstream_unreachable.name().equals(outcome.errorClass())) {
            hold.release();
        }
    }

    private Metered metered(Report report, Supplier<Usage> estimate, int needs) {
        boolean reported = report.usage().isKnown();
        Usage usage = reported
                ? report.usage()
                : estimate.get().withWebSearches(report.usage().webSearches());
        Price used = served(report).flatMap(this::price).orElse(null);
        boolean isBaseline = baseline.equals(attempt.model());
        Optional<Offer> other = catalogue.find(baseline);
        Price compared = isBaseline ? used : other.flatMap(this::price).orElse(null);
        boolean baselineThinks =
                isBaseline || other.filter(offer -> Needs.thinks(needs, offer)).isPresent();
        Meter.Reading reading = new Meter(used, compared, baselineThinks).read(usage, report.serviceTier());
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

    /** The model that answered, by its most exact name that has a price. */
    private Optional<Offer> served(Report report) {
        return Optional.ofNullable(report.model())
                .flatMap(catalogue::find)
                .filter(offer -> price(offer).isPresent())
                .or(() -> catalogue.find(attempt.model()));
    }

    private Optional<Price> price(Offer offer) {
        return offer.priceAt(exchange.startedAt());
    }
}
