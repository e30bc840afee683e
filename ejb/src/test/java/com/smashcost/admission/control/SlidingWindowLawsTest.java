package com.smashcost.admission.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.admission.control.SlidingWindow.Permit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

@Tag("G21")
class SlidingWindowLawsTest {

    private static final long WINDOW = 1_000;

    /** A request some time after the one before it, perhaps with the limit changed just before it. */
    record Step(long later, int limit) {}

    /** The limit as a specification would say it: keeps all, counts anew each time. */
    private static final class Naive {

        private final List<Long> grants = new ArrayList<>();

        boolean take(long now, int limit) {
            boolean granted = grants.stream().filter(at -> now - at < WINDOW).count() < limit;
            if (granted) {
                grants.add(now);
            }
            return granted;
        }
    }

    @Property
    void decides_as_the_naive_model_does(
            @ForAll("steps") @Size(max = 200) List<Step> steps, @ForAll @IntRange(min = 1, max = 8) int limit) {
        SlidingWindow window = new SlidingWindow(limit, Duration.ofNanos(WINDOW));
        Naive naive = new Naive();
        long now = 0;
        for (Step step : steps) {
            now += step.later;
            assertThat(window.take(now).granted()).isEqualTo(naive.take(now, limit));
        }
        assertNeverMoreThan(limit, naive.grants);
    }

    @Property
    void decides_as_the_naive_model_does_while_the_limit_changes(@ForAll("steps") @Size(max = 200) List<Step> steps) {
        SlidingWindow window = new SlidingWindow(5, Duration.ofNanos(WINDOW));
        Naive naive = new Naive();
        long now = 0;
        for (Step step : steps) {
            now += step.later;
            window.resize(step.limit);
            Permit permit = window.take(now);
            assertThat(permit.granted()).isEqualTo(naive.take(now, step.limit));
            assertThat(permit.limit()).isEqualTo(step.limit);
            assertThat(permit.remaining()).isBetween(0, step.limit);
            assertThat(permit.reset()).isBetween(Duration.ofNanos(1), Duration.ofNanos(WINDOW));
        }
        assertNeverMoreThan(8, naive.grants);
    }

    @Property
    void grants_whoever_waited_as_long_as_it_was_told(@ForAll("steps") @Size(min = 1, max = 60) List<Step> steps) {
        SlidingWindow window = new SlidingWindow(3, Duration.ofNanos(WINDOW));
        long now = 0;
        for (Step step : steps) {
            now += step.later;
            Permit permit = window.take(now);
            if (!permit.granted()) {
                now += permit.reset().toNanos();
                assertThat(window.take(now).granted()).isTrue();
            }
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Long> later = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.longs().between(0, 50)),
                Tuple.of(3, Arbitraries.longs().between(0, WINDOW)),
                Tuple.of(1, Arbitraries.of(WINDOW - 1, WINDOW, WINDOW + 1, 10 * WINDOW)));
        Arbitrary<Integer> limit = Arbitraries.integers().between(1, 8);
        return Combinators.combine(later, limit).as(Step::new).list();
    }

    private static void assertNeverMoreThan(int limit, List<Long> grants) {
        for (int i = limit; i < grants.size(); i++) {
            assertThat(grants.get(i) - grants.get(i - limit)).isGreaterThanOrEqualTo(WINDOW);
        }
    }
}
