package com.smashcost.ledger.control;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How far the ledger is from what a provider billed for a model on a day of UTC.
 *
 * @param model without its date; null for all models of a day whose bill names none, or for what is billed for no model
 * @param billedUsd null where the day was billed, but not this model
 * @param ledgerUsd what the ledger says; null where it has no request
 * @param requests in the ledger
 * @param unpriced of them, those whose cost the ledger does not know
 * @param differenceUsd ledger less bill
 * @param drift the difference as a share of the bill; null where nothing was billed
 * @param exceeds whether that is above one per cent either way
 */
public record BillDrift(
        String provider,
        LocalDate day,
        @Nullable String model,
        @Nullable BigDecimal billedUsd,
        @Nullable BigDecimal ledgerUsd,
        long requests,
        long unpriced,
        BigDecimal differenceUsd,
        @Nullable BigDecimal drift,
        boolean exceeds) {

    private static final BigDecimal TOLERATED = new BigDecimal("0.01");
    private static final int DECIMALS = 6;

    /** What the ledger says of a model on a day. */
    record Used(BigDecimal usd, long requests, long unpriced) {

        Used plus(Used other) {
            return new Used(usd.add(other.usd), requests + other.requests, unpriced + other.unpriced);
        }
    }

    /** A model of a provider on a day; an empty model is none. */
    record Place(String provider, LocalDate day, String model) {}

    /** Compares the bill with the ledger for every day that was billed, in the order of days, providers and models. */
    static List<BillDrift> between(Map<Place, BigDecimal> billed, Map<Place, Used> used) {
        Map<Place, List<Place>> days = new HashMap<>();
        for (Place place : billed.keySet()) {
            days.computeIfAbsent(new Place(place.provider, place.day, ""), day -> new ArrayList<>())
                    .add(place);
        }
        List<BillDrift> drifts = new ArrayList<>();
        days.forEach((day, places) -> {
            List<Place> inLedger = used.keySet().stream()
                    .filter(place -> place.provider.equals(day.provider) && place.day.equals(day.day))
                    .toList();
            BigDecimal ofNoModel = billed.getOrDefault(day, BigDecimal.ZERO);
            boolean namesModels = places.stream().anyMatch(place -> !place.model.isEmpty());
            if (!namesModels && ofNoModel.signum() != 0) {
                Used all = inLedger.stream().map(used::get).reduce(Used::plus).orElse(null);
                drifts.add(of(day, ofNoModel, all, true));
                return;
            }
            Set<Place> all = new HashSet<>(places);
            all.addAll(inLedger);
            all.remove(day);
            for (Place place : all) {
                drifts.add(of(place, billed.get(place), used.get(place), true));
            }
            if (ofNoModel.signum() != 0) {
                drifts.add(of(day, ofNoModel, null, false));
            }
        });
        drifts.sort(Comparator.comparing(BillDrift::day)
                .thenComparing(BillDrift::provider)
                .thenComparing(drift -> drift.model == null ? "" : drift.model));
        return drifts;
    }

    /**
     * @param compared whether the two say the same thing
     */
    private static BillDrift of(Place place, @Nullable BigDecimal billed, @Nullable Used used, boolean compared) {
        BigDecimal bill = billed == null ? BigDecimal.ZERO : billed;
        BigDecimal difference = (used == null ? BigDecimal.ZERO : used.usd).subtract(bill);
        BigDecimal drift = bill.signum() == 0 ? null : difference.divide(bill.abs(), DECIMALS, RoundingMode.HALF_EVEN);
        boolean exceeds = compared && difference.abs().compareTo(bill.abs().multiply(TOLERATED)) > 0;
        return new BillDrift(
                place.provider,
                place.day,
                place.model.isEmpty() ? null : place.model,
                billed,
                used == null ? null : used.usd,
                used == null ? 0 : used.requests,
                used == null ? 0 : used.unpriced,
                difference,
                drift,
                exceeds);
    }
}
