package com.smashcost.routing.control;

import static com.smashcost.routing.control.Given.keeping;
import static com.smashcost.routing.control.Given.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.smashcost.routing.control.Cells.Counts;
import com.smashcost.routing.control.Cells.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CellsTest {

    private static final Key CHEAP = new Key(7, Task.code, 2, 1);
    private static final Key BIG = new Key(7, Task.code, 2, 2);

    private final Cells cells = new Cells();

    @ParameterizedTest
    @CsvSource({"-1, 0", "0, 0", "0.19999, 0", "0.2, 1", "0.5, 2", "0.79, 3", "0.8, 4", "1, 4", "7, 4", "NaN, 0"})
    void sorts_difficulty_into_fifths(double score, int difficulty) {
        assertThat(Key.difficulty(score)).isEqualTo(difficulty);
    }

    @Test
    void knows_a_cell_by_organisation_task_difficulty_and_model() {
        assertThat(Key.of(7, keeping(1), model("cheap").offer()))
                .isEqualTo(new Key(7, Task.open_qa, 1, "cheap".hashCode()));
    }

    @Test
    void believes_the_classifier_until_there_are_enough_outcomes() {
        assertThat(cells.retained(CHEAP, BIG, 0.95)).isEqualTo(0.95);
        count(CHEAP, 0, Cells.FEWEST - 1);
        assertThat(cells.retained(CHEAP, BIG, 0.95)).isEqualTo(0.95);
        count(CHEAP, 0, 1);
        assertThat(cells.retained(CHEAP, BIG, 0.95)).isLessThan(0.95);
    }

    @Test
    void has_proven_itself_after_enough_outcomes_of_any_kind() {
        assertThat(cells.isProven(CHEAP)).isFalse();
        count(CHEAP, Cells.PROVEN - 2, 1);
        assertThat(cells.isProven(CHEAP)).isFalse();
        count(CHEAP, 1, 0);
        assertThat(cells.isProven(CHEAP)).isTrue();
        assertThat(cells.isProven(BIG)).isFalse();
        assertThat(cells.isProven(new Key(8, Task.code, 2, 1))).isFalse();
    }

    @Test
    void rises_with_good_outcomes_and_falls_with_bad_ones() {
        count(CHEAP, 200, 0);
        assertThat(cells.retained(CHEAP, BIG, 0.9)).isGreaterThan(0.9).isLessThan(1);
        count(CHEAP, 0, 200);
        assertThat(cells.retained(CHEAP, BIG, 0.9)).isLessThan(0.65);
    }

    @Test
    void compares_with_how_well_the_requested_model_does_in_the_same_cell() {
        count(CHEAP, 160, 40);
        double alone = cells.retained(CHEAP, BIG, 0.9);
        count(BIG, 15, 4);
        assertThat(cells.retained(CHEAP, BIG, 0.9))
                .as("too few to compare with")
                .isEqualTo(alone);
        count(BIG, 145, 36);
        assertThat(cells.retained(CHEAP, BIG, 0.9)).isGreaterThan(alone).isGreaterThan(0.9);
    }

    @Test
    void takes_back_an_outcome_that_was_not_good_after_all() {
        count(CHEAP, 100, 0);
        for (int i = 0; i < 20; i++) {
            cells.regret(CHEAP);
        }
        double regretted = cells.retained(CHEAP, BIG, 0.9);
        Cells others = new Cells();
        for (int i = 0; i < 100; i++) {
            others.count(CHEAP, i < 80);
        }
        assertThat(regretted).isEqualTo(others.retained(CHEAP, BIG, 0.9));
    }

    @Test
    void never_falls_below_nothing_however_much_is_regretted() {
        count(CHEAP, 20, 0);
        count(BIG, 20, 0);
        for (int i = 0; i < 100; i++) {
            cells.regret(CHEAP);
            cells.regret(BIG);
        }
        assertThat(cells.retained(CHEAP, BIG, 0.9)).isBetween(0.0, 0.9);
        assertThat(cells.retained(CHEAP, BIG, 0)).isZero();
    }

    @Test
    void hands_over_each_outcome_once() {
        count(CHEAP, 3, 1);
        cells.regret(CHEAP);
        assertThat(cells.takeUnsaved()).isEqualTo(Map.of(CHEAP, new Counts(4, 2)));
        assertThat(cells.takeUnsaved()).isEmpty();
        count(CHEAP, 1, 0);
        assertThat(cells.takeUnsaved()).isEqualTo(Map.of(CHEAP, new Counts(1, 1)));
    }

    @Test
    void takes_over_what_was_stored_and_does_not_store_it_again() {
        cells.restore(Map.of(CHEAP, new Counts(200, 100)));
        assertThat(cells.isProven(CHEAP)).isTrue();
        assertThat(cells.takeUnsaved()).isEmpty();
        assertThat(cells.retained(CHEAP, BIG, 0.9)).isCloseTo(0.55, within(0.05));
    }

    @Test
    void forgets_an_organisation_and_no_other() {
        Key other = new Key(8, Task.code, 2, 1);
        count(CHEAP, 200, 0);
        count(other, 200, 0);
        cells.forget(7);
        assertThat(cells.isProven(CHEAP)).isFalse();
        assertThat(cells.isProven(other)).isTrue();
        assertThat(cells.takeUnsaved()).containsOnlyKeys(other);
    }

    @Test
    void loses_no_outcome_while_others_are_handed_over() throws Exception {
        double attempts = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> counting = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                counting.add(threads.submit(() -> count(CHEAP, 500, 0)));
            }
            while (!counting.stream().allMatch(Future::isDone)) {
                attempts += taken();
            }
            for (Future<?> each : counting) {
                each.get();
            }
        }
        assertThat(attempts + taken()).isEqualTo(10_000);
    }

    private double taken() {
        return cells.takeUnsaved().values().stream()
                .mapToDouble(Counts::attempts)
                .sum();
    }

    private void count(Key key, int good, int bad) {
        for (int i = 0; i < good; i++) {
            cells.count(key, true);
        }
        for (int i = 0; i < bad; i++) {
            cells.count(key, false);
        }
    }
}
