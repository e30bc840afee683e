package com.smashcost.catalog.control;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.smashcost.catalog.entity.PriceTier;
import com.smashcost.money.entity.UnitPrices;
import com.smashcost.refusal.control.Refusal;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelsTest {

    @Test
    void take_prices_of_several_tiers() {
        assertThatNoException()
                .isThrownBy(() -> Models.check(List.of(
                        tier("standard", 0, "0.00000125", "0.00001"),
                        tier("standard", 200_000, "0.0000025", "0.000015"),
                        tier("flex", 0, "0", null))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-0.000001", "1", "2.50", "0.0000000000001"})
    void refuse_prices_that_cannot_be_per_token(String price) {
        assertThatExceptionOfType(Refusal.BadRequest.class)
                .isThrownBy(() -> Models.check(List.of(tier("standard", 0, "0.000001", price))))
                .withMessageContaining("output");
    }

    @Test
    void take_the_price_of_a_search_within_the_same_limits() {
        UnitPrices tokens = tier("standard", 0, "0.000001", null).prices();
        assertThatNoException()
                .isThrownBy(() -> Models.check(
                        List.of(new PriceTier("standard", 0, tokens.withWebSearch(new BigDecimal("0.035"))))));
        assertThatExceptionOfType(Refusal.BadRequest.class)
                .isThrownBy(() ->
                        Models.check(List.of(new PriceTier("standard", 0, tokens.withWebSearch(new BigDecimal("10"))))))
                .withMessageContaining("web_search");
    }

    @Test
    void refuse_tiers_without_a_price_for_ordinary_requests() {
        assertRefused();
        assertRefused(tier("flex", 0, "0.000001", null));
        assertRefused(tier("standard", 1, "0.000001", null));
        assertRefused(tier("standard", 0, null, "0.000001"));
    }

    @Test
    void refuse_two_prices_for_one_request() {
        assertRefused(tier("standard", 0, "0.000001", null), tier("standard", 0, "0.000002", null));
    }

    @Test
    void refuse_a_service_tier_or_prompt_size_that_is_none() {
        PriceTier usual = tier("standard", 0, "0.000001", null);
        assertRefused(usual, tier("Flex", 0, "0.000001", null));
        assertRefused(usual, tier("", 0, "0.000001", null));
        assertRefused(usual, tier("flex", -1, "0.000001", null));
    }

    private static void assertRefused(PriceTier... tiers) {
        assertThatExceptionOfType(Refusal.BadRequest.class).isThrownBy(() -> Models.check(List.of(tiers)));
    }

    private static PriceTier tier(String serviceTier, long above, @Nullable String input, @Nullable String output) {
        return new PriceTier(
                serviceTier,
                above,
                new UnitPrices(decimal(input), null, null, null, decimal(output), null, null, null));
    }

    private static @Nullable BigDecimal decimal(@Nullable String text) {
        return text == null ? null : new BigDecimal(text);
    }
}
