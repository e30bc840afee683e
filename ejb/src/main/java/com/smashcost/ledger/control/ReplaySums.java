package com.smashcost.ledger.control;

import com.smashcost.account.control.ModelNames;
import com.smashcost.catalog.control.Catalogue;
import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.control.Catalogue.Price;
import com.smashcost.catalog.entity.PriceTier;
import com.smashcost.ledger.entity.RequestId;
import com.smashcost.metering.control.Charge;
import com.smashcost.provider.entity.Usage;
import com.smashcost.routing.control.Cells;
import com.smashcost.routing.control.Cells.Counts;
import com.smashcost.routing.control.Cells.Key;
import com.smashcost.routing.control.Cheapest;
import com.smashcost.routing.control.Projection;
import com.smashcost.routing.control.RoutingMode;
import com.smashcost.routing.control.Task;
import com.smashcost.routing.control.Verdict;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides requests of the past again, one after another, and sums what that would have cost. */
final class ReplaySums {

    private final RoutingMode mode;
    private final World world;
    private final Projection projection = new Projection();
    private long requests;
    private long replayed;
    private long moved;
    private long withoutReceipt;
    private long failed;
    private long unpriced;
    private BigDecimal actualUsd = BigDecimal.ZERO;
    private BigDecimal baselineUsd = BigDecimal.ZERO;
    private BigDecimal replayedUsd = BigDecimal.ZERO;

    ReplaySums(RoutingMode mode, World world) {
        this.mode = mode;
        this.world = world;
    }

    /**
     * What the replayed decisions may choose from: the models, lists and credentials of now, at the prices of then.
     *
     * @param cells what was seen of models until now
     */
    record World(
            long organizationId,
            Catalogue catalogue,
            Set<String> providers,
            List<String> allowedModels,
            List<String> deniedModels,
            Map<Key, Counts> cells) {}

    /**
     * A request of the past.
     *
     * @param baselineVersion the price version of the model that was compared with
     * @param receipt null where the router kept no numbers
     */
    record Row(
            RequestId id,
            Instant startedAt,
            String requested,
            @Nullable String used,
            boolean succeeded,
            Usage usage,
            @Nullable String serviceTier,
            @Nullable Long baselineVersion,
            @Nullable BigDecimal cost,
            @Nullable BigDecimal baselineCost,
            @Nullable Numbers receipt) {}

    /**
     * The numbers of its receipt.
     *
     * @param kept by tier; empty where nobody had said how good the requested model is
     */
    record Numbers(
            @Nullable Task task,
            double score,
            int needs,
            long promptTokens,
            long outputTokens,
            boolean familiar,
            List<BigDecimal> kept) {}

    /** Decides one request again. */
    void add(Row row) {
        requests++;
        Numbers numbers = row.receipt();
        if (!row.succeeded()) {
            failed++;
        } else if (numbers == null) {
            withoutReceipt++;
        } else {
            Receipts.baseline(world.catalogue(), row.requested(), row.baselineVersion())
                    .ifPresentOrElse(asked -> replay(row, numbers, asked), () -> unpriced++);
        }
    }

    private void replay(Row row, Numbers numbers, Offer asked) {
        Usage usage = row.usage().isKnown()
                ? row.usage()
                : new Usage(numbers.promptTokens(), null, null, null, numbers.outputTokens(), null, null, null);
        Optional<Offer> used = Optional.ofNullable(row.used()).flatMap(world.catalogue()::find);
        BigDecimal baseline =
                row.baselineCost() == null ? cost(asked, usage, row).orElse(null) : row.baselineCost();
        BigDecimal actual = row.cost() == null
                ? used.flatMap(offer -> cost(offer, usage, row)).orElse(null)
                : row.cost();
        Cheapest.Choice choice = Cheapest.of(
                asked,
                world.catalogue().answering(),
                demand(numbers, asked),
                offer -> standing(offer, row.startedAt()),
                offer -> offer.model().equals(asked.model())
                        ? Optional.ofNullable(baseline)
                        : cost(offer, used(used.orElse(asked), usage, offer, numbers), row));
        BigDecimal projected = choice.projected();
        if (actual == null || baseline == null || projected == null) {
            unpriced++;
            return;
        }
        replayed++;
        if (!choice.offer().model().equals(asked.model())) {
            moved++;
        }
        actualUsd = actualUsd.add(actual);
        baselineUsd = baselineUsd.add(baseline);
        replayedUsd = replayedUsd.add(projected);
    }

    private Cheapest.Demand demand(Numbers numbers, Offer asked) {
        List<BigDecimal> kept = numbers.kept();
        return new Cheapest.Demand(
                mode,
                numbers.needs(),
                asked.provider(),
                numbers.promptTokens(),
                numbers.outputTokens(),
                numbers.familiar(),
                offer -> offer.tier() == null || offer.tier().ordinal() >= kept.size()
                        ? Double.NaN
                        : kept.get(offer.tier().ordinal()).doubleValue(),
                offer -> isProven(numbers, offer));
    }

    private boolean isProven(Numbers numbers, Offer offer) {
        if (numbers.task() == null) {
            return false;
        }
        Counts seen = world.cells().get(Key.of(world.organizationId(), numbers.task(), numbers.score(), offer.id()));
        return seen != null && seen.attempts() >= Cells.PROVEN;
    }

    private Verdict standing(Offer offer, Instant at) {
        if (!world.providers().contains(offer.provider())) {
            return Verdict.no_credential;
        }
        if (!ModelNames.permit(world.allowedModels(), world.deniedModels(), offer.model())) {
            return Verdict.not_allowed;
        }
        LocalDate retiredOn = offer.retiredOn();
        return retiredOn != null && !retiredOn.isAfter(LocalDate.ofInstant(at, ZoneOffset.UTC))
                ? Verdict.retired
                : Verdict.chosen;
    }

    /** What another model would have used: by rule of thumb, since what was learnt of models is of another time. */
    private Usage used(Offer served, Usage usage, Offer other, Numbers numbers) {
        Task task = numbers.task() == null ? Task.other : numbers.task();
        return projection.used(world.organizationId(), task, served, usage, other, numbers.needs());
    }

    private static Optional<BigDecimal> cost(Offer offer, Usage usage, Row row) {
        String tier = row.serviceTier() == null ? PriceTier.STANDARD : row.serviceTier();
        return offer.priceAt(row.startedAt())
                .flatMap((Price price) -> Charge.of(usage, price.unitPrices(tier, usage.promptTokens())));
    }

    /** The sums so far. */
    Replay sums(@Nullable RequestId next) {
        return new Replay(
                mode,
                requests,
                replayed,
                moved,
                withoutReceipt,
                failed,
                unpriced,
                actualUsd,
                baselineUsd,
                replayedUsd,
                next);
    }
}
