package com.smashcost.metering.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.money.entity.UnitPrices;
import com.smashcost.provider.entity.Usage;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.Size;

@Tag("G29")
class ChargeLawsTest {

    /** Prices as whole numbers of 10⁻¹² dollars, the finest that are stored. */
    @Property
    void is_the_sum_of_amounts_times_price_without_any_rounding(
            @ForAll("tokens") @Size(9) List<Long> tokens, @ForAll("picodollars") @Size(9) List<Long> prices) {
        BigInteger sum = BigInteger.ZERO;
        for (int i = 0; i < 9; i++) {
            sum = sum.add(BigInteger.valueOf(tokens.get(i)).multiply(BigInteger.valueOf(prices.get(i))));
        }
        assertThat(Charge.of(usage(tokens), prices(prices)))
                .hasValue(new BigDecimal(sum, 12).setScale(scale(sum, tokens)));
    }

    @Property
    void of_two_usages_together_is_that_of_one_and_that_of_the_other(
            @ForAll("tokens") @Size(9) List<Long> some,
            @ForAll("tokens") @Size(9) List<Long> others,
            @ForAll("picodollars") @Size(9) List<Long> prices) {
        List<Long> both = IntStream.range(0, 9)
                .mapToObj(i -> some.get(i) / 2 + others.get(i) / 2)
                .toList();
        BigDecimal parts = charge(halves(some), prices).add(charge(halves(others), prices));
        assertThat(charge(both, prices)).isEqualByComparingTo(parts);
    }

    @Provide
    Arbitrary<List<Long>> tokens() {
        return Arbitraries.longs().between(0, Usage.MOST).list();
    }

    @Provide
    Arbitrary<List<Long>> picodollars() {
        return Arbitraries.longs().between(0, 999_999_999_999L).list();
    }

    private static int scale(BigInteger sum, List<Long> tokens) {
        return tokens.stream().allMatch(count -> count == 0) && sum.signum() == 0 ? 0 : 12;
    }

    private static List<Long> halves(List<Long> tokens) {
        return tokens.stream().map(count -> count / 2).toList();
    }

    private static BigDecimal charge(List<Long> tokens, List<Long> prices) {
        return Charge.of(usage(tokens), prices(prices)).orElseThrow();
    }

    private static Usage usage(List<Long> t) {
        return new Usage(t.get(0), t.get(1), t.get(2), t.get(3), t.get(4), t.get(5), t.get(6), t.get(7), t.get(8));
    }

    private static UnitPrices prices(List<Long> prices) {
        List<BigDecimal> p =
                prices.stream().map(price -> BigDecimal.valueOf(price, 12)).toList();
        return new UnitPrices(p.get(0), p.get(1), p.get(2), p.get(3), p.get(4), p.get(5), p.get(6), p.get(7), p.get(8));
    }
}
