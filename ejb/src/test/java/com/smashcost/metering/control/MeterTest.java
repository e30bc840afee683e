package com.smashcost.metering.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.catalog.control.Catalogue.Price;
import com.smashcost.catalog.entity.PriceTier;
import com.smashcost.money.entity.UnitPrices;
import com.smashcost.provider.entity.Usage;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("G30")
class MeterTest {

    private static final Price CHEAP = price("0.000001");
    private static final Price DEAR = price("0.00001");
    private static final Usage THOUGHT = new Usage(100L, null, null, null, 10L, 1_000L, null, null);

    @Test
    void compares_with_no_thoughts_that_the_requested_model_would_not_have_written() {
        Meter.Reading reading = new Meter(CHEAP, DEAR, false).read(THOUGHT, null);

        assertThat(reading.cost()).isEqualByComparingTo("0.00111");
        assertThat(reading.baselineCost()).as("a prompt and an answer").isEqualByComparingTo("0.0011");
        assertThat(Charge.of(THOUGHT, reading.baselinePrices()))
                .as("recomputed from the row")
                .hasValue(reading.baselineCost());
    }

    @Test
    void compares_with_thoughts_where_the_requested_model_would_have_thought_too() {
        assertThat(new Meter(CHEAP, DEAR, true).read(THOUGHT, null).baselineCost())
                .isEqualByComparingTo("0.0111");
    }

    @Test
    void knows_no_baseline_without_its_price() {
        assertThat(new Meter(CHEAP, null, false).read(THOUGHT, null).baselineCost())
                .isNull();
    }

    private static Price price(String perToken) {
        BigDecimal unit = new BigDecimal(perToken);
        return new Price(
                1,
                Instant.EPOCH,
                List.of(new PriceTier(
                        PriceTier.STANDARD, 0, new UnitPrices(unit, null, null, null, unit, null, null, null))));
    }
}
