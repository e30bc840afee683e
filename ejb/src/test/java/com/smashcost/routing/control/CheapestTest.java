package com.smashcost.routing.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.entity.Tier;
import com.smashcost.routing.control.Cheapest.Choice;
import com.smashcost.routing.control.Cheapest.Demand;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheapestTest {

    private static final Offer ASKED = offer("asked", Tier.large);
    private static final Map<Tier, Double> KEPT =
            Map.of(Tier.small, 0.94, Tier.medium, 0.98, Tier.large, 1.0, Tier.frontier, 1.0);
    private static final Function<Offer, Verdict> NOTHING_AGAINST_ANY = offer -> Verdict.chosen;

    @ParameterizedTest
    @CsvSource({"quality, peer", "balanced, medium", "savings, small", "off, asked"})
    void takes_the_cheapest_that_keeps_what_the_mode_asks_for(RoutingMode mode, String chosen) {
        Choice choice = choose(demand(mode, true, 0, 1000), NOTHING_AGAINST_ANY);
        assertThat(choice.offer().model()).isEqualTo(chosen);
        assertThat(choice.candidates().stream().filter(candidate -> candidate.verdict() == Verdict.chosen))
                .singleElement()
                .satisfies(candidate -> assertThat(candidate.offer()).isEqualTo(choice.offer()));
    }

    @Test
    void says_of_each_why_it_was_not_taken() {
        Choice choice = choose(
                demand(RoutingMode.balanced, true, 0, 1000),
                offer -> offer.model().equals("peer") ? Verdict.no_credential : Verdict.chosen);

        assertThat(choice.candidates())
                .extracting(candidate -> candidate.offer().model() + " " + candidate.verdict())
                .containsExactly(
                        "asked asked",
                        "better dearer",
                        "peer no_credential",
                        "medium chosen",
                        "small not_good_enough",
                        "unrated unrated",
                        "off switched_off",
                        "unpriced unpriced");
    }

    @Test
    void stays_with_the_requested_model_where_the_request_is_unfamiliar() {
        Choice choice = choose(demand(RoutingMode.savings, false, 0, 1000), NOTHING_AGAINST_ANY);
        assertThat(choice.offer()).isEqualTo(ASKED);
        assertThat(choice.candidates()).anyMatch(candidate -> candidate.verdict() == Verdict.unfamiliar);
    }

    @Test
    void goes_no_further_down_than_the_mode_lets_it_before_enough_was_seen() {
        Offer large = offer("a", Tier.large);
        Offer small = offer("b", Tier.small);
        Demand unproven = new Demand(RoutingMode.balanced, 0, "openai", 10, 10, true, offer -> 1, offer -> false);
        Demand proven = new Demand(RoutingMode.balanced, 0, "openai", 10, 10, true, offer -> 1, offer -> true);

        assertThat(Cheapest.of(large, List.of(small), unproven, NOTHING_AGAINST_ANY, CheapestTest::price)
                        .candidates()
                        .getLast()
                        .verdict())
                .isEqualTo(Verdict.unproven);
        assertThat(Cheapest.of(large, List.of(small), proven, NOTHING_AGAINST_ANY, CheapestTest::price)
                        .offer())
                .isEqualTo(small);
    }

    @Test
    void leaves_out_what_cannot_do_what_is_needed_or_is_too_small() {
        assertThat(choose(demand(RoutingMode.savings, true, Needs.TOOLS, 1000), NOTHING_AGAINST_ANY)
                        .offer())
                .isEqualTo(ASKED);
        assertThat(choose(demand(RoutingMode.savings, true, 0, 90_000), NOTHING_AGAINST_ANY)
                        .candidates())
                .anyMatch(candidate -> candidate.verdict() == Verdict.context_too_small);
    }

    @Test
    void replaces_nothing_whose_tier_or_price_is_unknown() {
        Demand demand = demand(RoutingMode.savings, true, 0, 1000);
        Offer unrated = offer("nobody-knows", null);
        assertThat(Cheapest.of(unrated, offers(), demand, NOTHING_AGAINST_ANY, CheapestTest::price)
                        .offer())
                .isEqualTo(unrated);
        Choice unpriced = Cheapest.of(
                ASKED,
                offers(),
                demand,
                NOTHING_AGAINST_ANY,
                offer -> offer.equals(ASKED) ? Optional.empty() : price(offer));
        assertThat(unpriced.offer()).isEqualTo(ASKED);
        assertThat(unpriced.projected()).isNull();
    }

    @Test
    void keeps_the_requested_model_where_another_costs_the_same() {
        Choice choice = Cheapest.of(
                ASKED,
                offers(),
                demand(RoutingMode.savings, true, 0, 1000),
                NOTHING_AGAINST_ANY,
                offer -> Optional.of(BigDecimal.ONE));
        assertThat(choice.offer()).isEqualTo(ASKED);
    }

    @Property
    void never_costs_more_than_the_requested_model_and_less_the_more_may_be_traded(
            @ForAll("prices") List<BigDecimal> prices) {
        Function<Offer, Optional<BigDecimal>> cost = offer -> Optional.of(prices.get((int) offer.id() % prices.size()));
        BigDecimal before = null;
        for (RoutingMode mode : RoutingMode.values()) {
            BigDecimal projected = Cheapest.of(ASKED, offers(), demand(mode, true, 0, 1000), NOTHING_AGAINST_ANY, cost)
                    .projected();
            assertThat(projected).isNotNull();
            if (before != null) {
                assertThat(projected).as(mode.name()).isLessThanOrEqualTo(before);
            }
            before = projected;
        }
    }

    @Provide
    Arbitrary<List<BigDecimal>> prices() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 50),
                        Arbitraries.integers().between(1, 3))
                .as(BigDecimal::valueOf)
                .list()
                .ofSize(9);
    }

    private static Choice choose(Demand demand, Function<Offer, Verdict> standing) {
        return Cheapest.of(ASKED, offers(), demand, standing, CheapestTest::price);
    }

    private static Demand demand(RoutingMode mode, boolean familiar, int needs, long promptTokens) {
        return new Demand(
                mode,
                needs,
                "openai",
                promptTokens,
                500,
                familiar,
                offer -> offer.tier() == null ? Double.NaN : KEPT.getOrDefault(offer.tier(), Double.NaN),
                offer -> false);
    }

    private static List<Offer> offers() {
        return List.of(
                offer("better", Tier.frontier),
                offer("peer", Tier.large),
                ASKED,
                offer("medium", Tier.medium),
                offer("small", Tier.small),
                offer("unrated", null),
                new Offer(
                        8,
                        "off",
                        "openai",
                        "chat",
                        false,
                        100_000L,
                        null,
                        Map.of(),
                        Tier.small,
                        (@Nullable LocalDate) null,
                        List.of()),
                offer("unpriced", Tier.large));
    }

    private static Offer offer(String model, @Nullable Tier tier) {
        return new Offer(
                model.length(), model, "openai", "chat", true, 100_000L, null, Map.of(), tier, null, List.of());
    }

    private static Optional<BigDecimal> price(Offer offer) {
        return switch (offer.model()) {
            case "better" -> Optional.of(BigDecimal.TEN);
            case "asked", "a", "nobody-knows" -> Optional.of(BigDecimal.valueOf(5));
            case "peer" -> Optional.of(BigDecimal.valueOf(4));
            case "medium" -> Optional.of(BigDecimal.valueOf(3));
            case "small", "b", "unrated" -> Optional.of(BigDecimal.ONE);
            default -> Optional.empty();
        };
    }
}
