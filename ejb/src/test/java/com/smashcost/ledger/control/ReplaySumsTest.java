package com.smashcost.ledger.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.catalog.control.Catalogue;
import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.control.Catalogue.Price;
import com.smashcost.catalog.entity.PriceTier;
import com.smashcost.catalog.entity.Tier;
import com.smashcost.ledger.control.ReplaySums.Numbers;
import com.smashcost.ledger.control.ReplaySums.Row;
import com.smashcost.ledger.control.ReplaySums.World;
import com.smashcost.ledger.entity.RequestId;
import com.smashcost.money.entity.UnitPrices;
import com.smashcost.provider.entity.Usage;
import com.smashcost.routing.control.Cells;
import com.smashcost.routing.control.RoutingMode;
import com.smashcost.routing.control.Task;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplaySumsTest {

    private static final Instant AT = Instant.parse("2026-11-21T12:00:00Z");
    private static final Instant LATER = AT.plusSeconds(3600);
    private static final Usage USED = new Usage(1000L, null, null, null, 100L, null, null, null);
    private static final Numbers NUMBERS = numbers(true, "0.94", "0.98", "1", "1");

    @Test
    void decides_again_by_what_was_used_at_the_prices_of_then() {
        Replay replay = replay(RoutingMode.balanced, world(List.of()), served(AT, NUMBERS));

        assertThat(replay.requests()).isEqualTo(1);
        assertThat(replay.replayed()).isEqualTo(1);
        assertThat(replay.moved()).isEqualTo(1);
        assertThat(replay.actualUsd()).isEqualByComparingTo("0.0110");
        assertThat(replay.baselineUsd()).isEqualByComparingTo("0.0110");
        assertThat(replay.replayedUsd()).isEqualByComparingTo("0.0022");
        assertThat(replay.savingUsd()).isEqualByComparingTo("0.0088");
    }

    @Test
    void sees_no_price_that_began_later() {
        assertThat(replay(RoutingMode.balanced, world(List.of()), served(LATER, NUMBERS))
                        .replayedUsd())
                .as("medium is dearer than large from then on")
                .isEqualByComparingTo("0.0110");
    }

    @Test
    void gives_up_more_in_a_mode_that_lets_it() {
        assertThat(replay(RoutingMode.savings, world(List.of()), served(AT, NUMBERS))
                        .replayedUsd())
                .isEqualByComparingTo("0.0011");
        assertThat(replay(RoutingMode.quality, world(List.of()), served(AT, NUMBERS))
                        .moved())
                .isZero();
        assertThat(replay(RoutingMode.off, world(List.of()), served(AT, NUMBERS))
                        .replayedUsd())
                .isEqualByComparingTo("0.0110");
    }

    @Test
    void moves_nothing_unfamiliar_and_nothing_that_nobody_rated() {
        assertThat(replay(
                                RoutingMode.savings,
                                world(List.of()),
                                served(AT, numbers(false, "0.94", "0.98", "1", "1")),
                                served(AT, numbers(true)))
                        .moved())
                .isZero();
    }

    @Test
    void keeps_to_the_organisations_lists_and_credentials() {
        assertThat(replay(RoutingMode.balanced, world(List.of("medium*")), served(AT, NUMBERS))
                        .moved())
                .isZero();
        World poor = new World(7, catalogue(), Set.of("groq"), List.of(), List.of(), Map.of());
        assertThat(replay(RoutingMode.balanced, poor, served(AT, NUMBERS)).moved())
                .isZero();
    }

    @Test
    void goes_further_down_where_enough_was_seen() {
        Numbers good = numbers(true, "0.98", "0.98", "1", "1");
        assertThat(replay(RoutingMode.balanced, world(List.of()), served(AT, good))
                        .replayedUsd())
                .isEqualByComparingTo("0.0022");
        World experienced = new World(
                7,
                catalogue(),
                Set.of("openai"),
                List.of(),
                List.of(),
                Map.of(Cells.Key.of(7, Task.code, 0.5, 3), new Cells.Counts(100, 99)));
        assertThat(replay(RoutingMode.balanced, experienced, served(AT, good)).replayedUsd())
                .isEqualByComparingTo("0.0011");
    }

    @Test
    void measures_a_choice_that_was_left_open_against_the_model_that_was_priced() {
        Row auto = new Row(
                RequestId.mint(),
                AT,
                "auto",
                "medium",
                true,
                USED,
                null,
                11L,
                new BigDecimal("0.0022"),
                new BigDecimal("0.0110"),
                NUMBERS);

        Replay replay = replay(RoutingMode.balanced, world(List.of()), auto);

        assertThat(replay.moved()).isEqualTo(1);
        assertThat(replay.actualUsd()).isEqualByComparingTo(replay.replayedUsd());
        assertThat(replay.savingUsd()).isEqualByComparingTo("0.0088");
    }

    @Test
    void takes_the_estimate_where_the_usage_is_unknown() {
        Row unknown =
                new Row(RequestId.mint(), AT, "large", "large", true, Usage.UNKNOWN, null, 11L, null, null, NUMBERS);

        Replay replay = replay(RoutingMode.balanced, world(List.of()), unknown);

        assertThat(replay.actualUsd()).isEqualByComparingTo("0.023");
        assertThat(replay.replayedUsd()).isEqualByComparingTo("0.0046");
    }

    @Test
    void counts_each_request_once() {
        Row failed =
                new Row(RequestId.mint(), AT, "large", "large", false, Usage.UNKNOWN, null, null, null, null, NUMBERS);
        Row unpriced =
                new Row(RequestId.mint(), AT, "their-own", "their-own", true, USED, null, null, null, null, NUMBERS);

        Replay replay =
                replay(RoutingMode.balanced, world(List.of()), failed, unpriced, served(AT, null), served(AT, NUMBERS));

        assertThat(replay.requests()).isEqualTo(4);
        assertThat(List.of(replay.failed(), replay.unpriced(), replay.withoutReceipt(), replay.replayed()))
                .containsOnly(1L);
        assertThat(replay.actualUsd()).as("of the replayed ones alone").isEqualByComparingTo("0.0110");
    }

    private static Replay replay(RoutingMode mode, World world, Row... rows) {
        ReplaySums sums = new ReplaySums(mode, world);
        Stream.of(rows).forEach(sums::add);
        return sums.sums(null);
    }

    private static Row served(Instant at, @Nullable Numbers numbers) {
        BigDecimal cost = new BigDecimal("0.0110");
        return new Row(RequestId.mint(), at, "large", "large", true, USED, "standard", 11L, cost, cost, numbers);
    }

    private static Numbers numbers(boolean familiar, String... kept) {
        return new Numbers(
                Task.code,
                0.5,
                0,
                2000,
                300,
                familiar,
                Stream.of(kept).map(BigDecimal::new).toList());
    }

    private static World world(List<String> denied) {
        return new World(7, catalogue(), Set.of("openai"), List.of(), denied, Map.of());
    }

    private static Catalogue catalogue() {
        return new Catalogue(List.of(
                offer(1, "large", Tier.large, null, price(11, Instant.EPOCH, "0.00001")),
                offer(
                        2,
                        "medium",
                        Tier.medium,
                        null,
                        price(12, Instant.EPOCH, "0.000002"),
                        price(13, LATER, "0.00002")),
                offer(3, "small", Tier.small, null, price(14, Instant.EPOCH, "0.000001")),
                offer(4, "gone", Tier.large, LocalDate.of(2026, 11, 21), price(15, Instant.EPOCH, "0.0000001")),
                offer(5, "embedder", "embedding", Tier.large, null, price(16, Instant.EPOCH, "0.00000001"))));
    }

    private static Offer offer(long id, String model, Tier tier, @Nullable LocalDate retiredOn, Price... prices) {
        return offer(id, model, "chat", tier, retiredOn, prices);
    }

    private static Offer offer(
            long id, String model, String kind, Tier tier, @Nullable LocalDate retiredOn, Price... prices) {
        return new Offer(id, model, "openai", kind, true, 100_000L, null, Map.of(), tier, retiredOn, List.of(prices));
    }

    private static Price price(long version, Instant from, String usd) {
        BigDecimal price = new BigDecimal(usd);
        return new Price(
                version,
                from,
                List.of(new PriceTier(
                        "standard", 0, new UnitPrices(price, null, null, null, price, null, null, null))));
    }
}
