package com.smashcost.routing.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.routing.control.Cells.Counts;
import com.smashcost.routing.control.Cells.Key;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class CellsLawsTest {

    private static final Key CANDIDATE = new Key(7, Task.math, 3, 1);
    private static final Key ASKED = new Key(7, Task.math, 3, 2);

    @Property(tries = 5_000)
    void is_a_share_whatever_was_counted(
            @ForAll("counts") Counts candidate,
            @ForAll("counts") Counts asked,
            @ForAll @DoubleRange(min = 0, max = 1) double expected) {
        assertThat(retained(candidate, asked, expected)).isBetween(0.0, 1.0);
    }

    @Property(tries = 2_000)
    void is_no_less_for_one_more_good_outcome(
            @ForAll @IntRange(min = 20, max = 5_000) int attempts,
            @ForAll @DoubleRange(min = 0, max = 0.99) double share,
            @ForAll @DoubleRange(min = 0, max = 1) double expected) {
        int good = (int) (attempts * share);
        assertThat(alone(new Counts(attempts, good + 1.0), expected))
                .isGreaterThanOrEqualTo(alone(new Counts(attempts, good), expected));
    }

    @Property(tries = 2_000)
    void moves_from_what_was_expected_to_what_was_seen_and_never_beyond(
            @ForAll @IntRange(min = 20, max = 100_000) int attempts,
            @ForAll @DoubleRange(min = 0, max = 1) double share,
            @ForAll @DoubleRange(min = 0, max = 1) double expected) {
        double refined = alone(new Counts(attempts, attempts * share), expected);
        double widest = 0.65 / Math.sqrt(attempts); // the one-sided 90 % of a coin that falls either way
        assertThat(refined).isBetween(Math.min(share, expected) - widest, Math.max(share, expected) + 1e-9);
        double endless = alone(new Counts(1e9, share * 1e9), expected);
        assertThat(Math.abs(endless - share)).isLessThan(0.001);
    }

    private static double alone(Counts candidate, double expected) {
        return retained(candidate, new Counts(0, 0), expected);
    }

    private static double retained(Counts candidate, Counts asked, double expected) {
        Cells cells = new Cells();
        Map<Key, Counts> stored = new HashMap<>();
        stored.put(CANDIDATE, candidate);
        stored.put(ASKED, asked);
        cells.restore(stored);
        return cells.retained(CANDIDATE, ASKED, expected);
    }

    /** Also what only regret can bring about: fewer good ones than none. */
    @Provide
    Arbitrary<Counts> counts() {
        return Arbitraries.integers()
                .between(0, 10_000)
                .flatMap(attempts ->
                        Arbitraries.integers().between(-100, attempts).map(good -> new Counts(attempts, good)));
    }
}
