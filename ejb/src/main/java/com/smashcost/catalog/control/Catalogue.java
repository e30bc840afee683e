package com.smashcost.catalog.control;

import com.smashcost.catalog.entity.PriceTier;
import com.smashcost.catalog.entity.Tier;
import com.smashcost.money.entity.UnitPrices;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All models with their prices, as one immutable value. */
public final class Catalogue {

    /** Knows no model. */
    public static final Catalogue EMPTY = new Catalogue(List.of());

    private final Map<String, Offer> offers;
    private final List<Offer> answering;

    public Catalogue(Collection<Offer> offers) {
        this.offers = offers.stream().collect(Collectors.toUnmodifiableMap(Offer::model, Function.identity()));
        this.answering = offers().stream().filter(Offer::answers).toList();
    }

    /** The offer under this model name, whether enabled or not. */
    public Optional<Offer> find(String model) {
        return Optional.ofNullable(offers.get(model));
    }

    /** The offer that this price version is of. */
    public Optional<Offer> priced(long versionId) {
        return offers.values().stream()
                .filter(offer -> offer.prices().stream().anyMatch(price -> price.versionId() == versionId))
                .findFirst();
    }

    /** The offers that answer what they are told, by provider and name; whether enabled or not. */
    public List<Offer> answering() {
        return answering;
    }

    /** All offers, by provider and name. */
    public List<Offer> offers() {
        return offers.values().stream()
                .sorted(Comparator.comparing(Offer::provider).thenComparing(Offer::model))
                .toList();
    }

    /**
     * A model at a provider.
     *
     * @param id of the model in the database
     * @param contextWindow tokens, as {@code maxOutputTokens}; null where unknown
     * @param capabilities by name; what is missing is unknown
     * @param tier how good it is, for the router; null if nobody has said, and then it replaces no other
     * @param retiredOn the day on which its provider retires it; null if none is known
     * @param prices all versions, in any order
     */
    public record Offer(
            long id,
            String model,
            String provider,
            String mode,
            boolean enabled,
            @Nullable Long contextWindow,
            @Nullable Long maxOutputTokens,
            Map<String, Boolean> capabilities,
            @Nullable Tier tier,
            @Nullable LocalDate retiredOn,
            List<Price> prices) {

        /** The capability of thinking, and billing thoughts, where a request says nothing about it. */
        static final String THINKS_UNASKED = "thinks_unasked";

        public Offer {
            capabilities = Map.copyOf(capabilities);
            prices = prices.stream()
                    .sorted(Comparator.comparing(Price::validFrom).reversed())
                    .toList();
        }

        /** Whether it answers what it is told, and does not embed or moderate it. */
        public boolean answers() {
            return mode.equals("chat") || mode.equals("responses");
        }

        /** Whether it bills thoughts for a request that says nothing about thinking, as far as is known. */
        public boolean thinksUnasked() {
            return can(THINKS_UNASKED);
        }

        /** Whether it is known to be able to. */
        public boolean can(String capability) {
            return capabilities.getOrDefault(capability, false);
        }

        /** The price version in force at this instant; empty if none began yet. */
        public Optional<Price> priceAt(Instant instant) {
            for (Price price : prices) {
                if (!price.validFrom().isAfter(instant)) {
                    return Optional.of(price);
                }
            }
            return Optional.empty();
        }
    }

    /** A price version with its tiers. */
    public record Price(long versionId, Instant validFrom, List<PriceTier> tiers) {

        public Price {
            tiers = List.copyOf(tiers);
        }

        /**
         * The unit prices of a whole request: those of its service tier with the highest threshold that its prompt passed. A
         * service tier without prices of its own is billed as standard.
         *
         * @param promptTokens all tokens of the prompt, cached ones included
         */
        public UnitPrices unitPrices(String serviceTier, long promptTokens) {
            return best(serviceTier, promptTokens)
                    .or(() -> best(PriceTier.STANDARD, promptTokens))
                    .orElse(UnitPrices.UNKNOWN);
        }

        private Optional<UnitPrices> best(String serviceTier, long promptTokens) {
            PriceTier best = null;
            for (PriceTier tier : tiers) {
                boolean fits = tier.serviceTier().equals(serviceTier)
                        && (tier.promptTokensAbove() == 0 || promptTokens > tier.promptTokensAbove());
                if (fits && (best == null || tier.promptTokensAbove() > best.promptTokensAbove())) {
                    best = tier;
                }
            }
            return Optional.ofNullable(best).map(PriceTier::prices);
        }
    }
}
