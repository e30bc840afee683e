package com.smashcost.money.entity;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("G29")
class UnitPricesTest {

    private static final BigDecimal INPUT = new BigDecimal("0.000001");
    private static final BigDecimal OUTPUT = new BigDecimal("0.000002");
    private static final BigDecimal OWN = new BigDecimal("0.000003");

    @Test
    void fall_back_as_providers_bill() {
        UnitPrices prices = new UnitPrices(INPUT, null, null, null, OUTPUT, null, null, null);
        assertThat(prices.cachedInput()).isEqualTo(INPUT);
        assertThat(prices.cacheWrite5m()).isEqualTo(INPUT);
        assertThat(prices.cacheWrite1h()).isEqualTo(INPUT);
        assertThat(prices.audioInput()).isEqualTo(INPUT);
        assertThat(prices.reasoningOutput()).isEqualTo(OUTPUT);
        assertThat(prices.audioOutput()).isEqualTo(OUTPUT);
        assertThat(prices.webSearch()).as("nothing stands in for a call").isNull();
    }

    @Test
    void prefer_a_bucket_s_own_price_even_if_it_is_nothing() {
        UnitPrices prices =
                new UnitPrices(INPUT, BigDecimal.ZERO, OWN, null, OUTPUT, OWN, BigDecimal.ZERO, BigDecimal.ZERO);
        assertThat(prices.cachedInput()).isZero();
        assertThat(prices.cacheWrite5m()).isEqualTo(OWN);
        assertThat(prices.cacheWrite1h())
                .as("the shorter cache before the plain input")
                .isEqualTo(OWN);
        assertThat(prices.reasoningOutput()).isEqualTo(OWN);
        assertThat(prices.audioInput()).isZero();
        assertThat(prices.audioOutput()).isZero();
    }

    @Test
    void never_take_a_price_from_the_other_direction() {
        assertThat(new UnitPrices(INPUT, INPUT, INPUT, INPUT, null, null, INPUT, null).reasoningOutput())
                .isNull();
        assertThat(new UnitPrices(null, null, null, null, OUTPUT, OUTPUT, null, OUTPUT).cachedInput())
                .isNull();
        assertThat(UnitPrices.UNKNOWN.input()).isNull();
    }

    @Test
    void are_values() {
        UnitPrices prices = new UnitPrices(INPUT, null, null, null, OUTPUT, null, null, null);
        assertThat(prices)
                .isEqualTo(new UnitPrices(INPUT, null, null, null, OUTPUT, null, null, null))
                .hasSameHashCodeAs(new UnitPrices(INPUT, null, null, null, OUTPUT, null, null, null))
                .isNotEqualTo(new UnitPrices(INPUT, null, null, null, OUTPUT, null, null, OUTPUT))
                .isNotEqualTo(prices.withWebSearch(OWN))
                .isNotEqualTo(UnitPrices.UNKNOWN);
        assertThat(prices.withWebSearch(OWN).webSearch()).isEqualTo(OWN);
        assertThat(prices.withWebSearch(OWN).withWebSearch(null))
                .isEqualTo(prices)
                .hasSameHashCodeAs(prices);
    }
}
