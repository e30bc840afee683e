package com.smashcost.metering.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.money.entity.UnitPrices;
import com.smashcost.provider.entity.Usage;
import java.math.BigDecimal;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("G29")
class ChargeTest {

    private static final UnitPrices PRICES = new UnitPrices(
            decimal("0.000001"),
            decimal("0.0000001"),
            decimal("0.00000125"),
            decimal("0.000002"),
            decimal("0.00001"),
            decimal("0.00002"),
            decimal("0.00003"),
            decimal("0.00004"),
            decimal("0.01"));

    @Test
    void adds_up_each_bucket_at_its_own_price() {
        assertThat(Charge.of(new Usage(1L, 10L, 100L, 1_000L, 2L, 20L, 200L, 2_000L, 3L), PRICES))
                .hasValueSatisfying(cost -> assertThat(cost)
                        .isEqualByComparingTo(decimal("0.000001")
                                .add(decimal("0.000001"))
                                .add(decimal("0.000125"))
                                .add(decimal("0.002"))
                                .add(decimal("0.00002"))
                                .add(decimal("0.0004"))
                                .add(decimal("0.006"))
                                .add(decimal("0.08"))
                                .add(decimal("0.03"))));
    }

    @Test
    void of_searches_without_a_price_is_unknown_and_of_none_the_tokens_alone() {
        UnitPrices tokensAlone = PRICES.withWebSearch(null);
        Usage tokens = new Usage(1L, null, null, null, 0L, null, null, null);
        assertThat(Charge.of(tokens.withWebSearches(1L), tokensAlone)).isEmpty();
        assertThat(Charge.of(tokens.withWebSearches(0L), tokensAlone)).hasValue(decimal("0.000001"));
        assertThat(Charge.of(tokens, tokensAlone)).hasValue(decimal("0.000001"));
        assertThat(Charge.of(Usage.UNKNOWN.withWebSearches(1L), PRICES))
                .as("the tokens are not known")
                .isEmpty();
    }

    @Test
    void is_exact_where_binary_fractions_are_not() {
        assertThat(Charge.of(
                        new Usage(3L, null, null, null, 1L, null, null, null),
                        new UnitPrices(decimal("0.1"), null, null, null, decimal("0.2"), null, null, null)))
                .hasValue(decimal("0.5"));
    }

    @Test
    void of_an_unknown_usage_is_unknown_and_not_nothing() {
        assertThat(Charge.of(Usage.UNKNOWN, PRICES)).isEmpty();
        assertThat(Charge.of(new Usage(null, 5L, null, null, null, null, null, null), PRICES))
                .as("a part without its whole")
                .isEmpty();
    }

    @Test
    void of_a_reported_zero_is_zero() {
        assertThat(Charge.of(new Usage(0L, null, null, null, 0L, null, null, null), UnitPrices.UNKNOWN))
                .hasValueSatisfying(cost -> assertThat(cost).isZero());
    }

    @Test
    void of_a_bucket_without_a_price_is_unknown() {
        for (int bucket = 0; bucket < 9; bucket++) {
            Long[] tokens = {0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L};
            tokens[bucket] = 1L;
            Usage usage = new Usage(
                    tokens[0], tokens[1], tokens[2], tokens[3], tokens[4], tokens[5], tokens[6], tokens[7], tokens[8]);
            assertThat(Charge.of(usage, UnitPrices.UNKNOWN))
                    .as("bucket " + bucket)
                    .isEmpty();
            assertThat(Charge.of(usage, PRICES)).as("bucket " + bucket).isPresent();
        }
    }

    @Test
    void of_what_is_free_is_zero() {
        UnitPrices free = new UnitPrices(BigDecimal.ZERO, null, null, null, BigDecimal.ZERO, null, null, null);
        assertThat(Charge.of(new Usage(1_000L, 10L, null, null, 5L, 5L, null, null), free))
                .hasValueSatisfying(cost -> assertThat(cost).isZero());
    }

    private static BigDecimal decimal(String text) {
        return new BigDecimal(text);
    }
}
