package com.smashcost.catalog.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.control.Catalogue.Price;
import com.smashcost.catalog.entity.PriceTier;
import com.smashcost.metering.control.Meter;
import com.smashcost.money.entity.UnitPrices;
import com.smashcost.provider.entity.Usage;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("G29")
class CatalogueTest {

    private static final Instant SEPTEMBER = Instant.parse("2026-09-01T00:00:00Z");

    private static final Price TIERED = new Price(
            1,
            SEPTEMBER,
            List.of(
                    tier("flex", 0, "0.0000005"),
                    tier("standard", 200_000, "0.000002"),
                    tier("standard", 0, "0.000001"),
                    tier("standard", 400_000, "0.000004"),
                    tier("priority", 100_000, "0.00001")));

    @ParameterizedTest
    @CsvSource({
        "standard, 0, 0.000001",
        "standard, 1, 0.000001",
        "standard, 200000, 0.000001",
        "standard, 200001, 0.000002",
        "standard, 400000, 0.000002",
        "standard, 400001, 0.000004",
        "standard, 1000000000, 0.000004",
        "flex, 500000, 0.0000005",
        "batch, 500000, 0.000004",
        "priority, 100000, 0.000001",
        "priority, 100001, 0.00001"
    })
    void prices_a_whole_request_by_its_service_tier_and_the_size_of_its_prompt(
            String tier, long prompt, BigDecimal input) {
        assertThat(TIERED.unitPrices(tier, prompt).input()).isEqualTo(input);
    }

    @Test
    void prices_input_and_output_at_the_higher_rate_once_the_prompt_with_its_cached_part_passes_the_threshold() {
        Meter meter = new Meter(TIERED, null, true);
        Usage below = new Usage(150_000L, 50_000L, null, null, 10L, null, null, null);
        Usage above = new Usage(150_000L, 50_001L, null, null, 10L, null, null, null);
        assertThat(meter.read(below, null).cost()).isEqualByComparingTo("0.20001");
        assertThat(meter.read(above, null).cost()).isEqualByComparingTo("0.400022");
        assertThat(meter.read(above, "flex").cost()).isEqualByComparingTo("0.1000055");
    }

    @Test
    void does_not_know_what_nobody_priced() {
        Meter.Reading reading =
                new Meter(null, TIERED, true).read(new Usage(1L, null, null, null, 1L, null, null, null), null);
        assertThat(reading.cost()).isNull();
        assertThat(reading.usedPrices()).isEqualTo(UnitPrices.UNKNOWN);
        assertThat(reading.baselineCost()).isEqualByComparingTo("0.000002");
        assertThat(new Price(1, SEPTEMBER, List.of()).unitPrices("standard", 0)).isEqualTo(UnitPrices.UNKNOWN);
        assertThat(new Meter(TIERED, TIERED, true).read(Usage.UNKNOWN, null).cost())
                .isNull();
    }

    @Test
    void knows_the_price_version_of_an_instant() {
        Price introductory = new Price(1, SEPTEMBER.minusSeconds(864_000), List.of());
        Price regular = new Price(2, SEPTEMBER, List.of());
        for (List<Price> order : List.of(List.of(introductory, regular), List.of(regular, introductory))) {
            Offer offer = new Offer(1, "m", "anthropic", "chat", true, null, null, Map.of(), null, null, order);
            assertThat(offer.priceAt(SEPTEMBER.minusSeconds(864_001))).isEmpty();
            assertThat(offer.priceAt(SEPTEMBER.minusSeconds(864_000))).hasValue(introductory);
            assertThat(offer.priceAt(SEPTEMBER.minusNanos(1))).hasValue(introductory);
            assertThat(offer.priceAt(SEPTEMBER)).hasValue(regular);
            assertThat(offer.priceAt(Instant.MAX)).hasValue(regular);
        }
    }

    @Test
    void lists_its_offers_by_provider_and_name_and_finds_them_by_exact_name() {
        Catalogue catalogue = new Catalogue(List.of(offer("b", "openai"), offer("z", "groq"), offer("a", "openai")));
        assertThat(catalogue.offers().stream().map(Offer::model)).containsExactly("z", "a", "b");
        assertThat(catalogue.find("a")).isPresent();
        assertThat(catalogue.find("A")).isEmpty();
        assertThat(Catalogue.EMPTY.find("a")).isEmpty();
    }

    private static Offer offer(String model, String provider) {
        return new Offer(1, model, provider, "chat", true, null, null, Map.of(), null, null, List.of());
    }

    private static PriceTier tier(String serviceTier, long above, String price) {
        BigDecimal decimal = new BigDecimal(price);
        return new PriceTier(serviceTier, above, new UnitPrices(decimal, null, null, null, decimal, null, null, null));
    }
}
