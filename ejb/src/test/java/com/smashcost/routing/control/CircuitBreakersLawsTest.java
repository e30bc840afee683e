package com.smashcost.routing.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.routing.control.CircuitBreakers.Permit;
import com.smashcost.routing.control.CircuitBreakers.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;

@Tag("G26")
@Tag("G27")
class CircuitBreakersLawsTest {

    private static final Duration TOOK = Duration.ofMillis(40);
    private static final Duration SHORTEST = Duration.ofSeconds(27);

    enum Act {
        BEGIN,
        SUCCEED,
        FAIL,
        GIVE_UP
    }

    /** Something that happens some time after what was before it, to any of the calls that are under way. */
    record Step(long later, Act act, int which) {}

    @Property
    void lets_no_call_through_while_open_and_never_more_than_three_while_probing(
            @ForAll("steps") @Size(max = 300) List<Step> steps, @ForAll long seed) {
        Random random = new Random(seed);
        SimulatedTime time = new SimulatedTime();
        CircuitBreakers breakers = new CircuitBreakers(time, random::nextDouble);
        List<Permit> underWay = new ArrayList<>();
        List<Permit> probes = new ArrayList<>();
        long openedAt = 0;
        State before = State.closed;
        for (Step step : steps) {
            time.passes(Duration.ofMillis(step.later));
            if (step.act == Act.BEGIN || underWay.isEmpty()) {
                boolean shut = breakers.isOpen("openai", "gpt-4o");
                Optional<Permit> permit = breakers.permit("openai", "gpt-4o");
                State state = state(breakers);
                assertThat(permit.isPresent()).as("as was said beforehand").isEqualTo(!shut);
                if (before == State.open && permit.isPresent()) {
                    assertThat(time.getAsLong() - openedAt).isGreaterThanOrEqualTo(SHORTEST.toNanos());
                    probes.clear();
                }
                if (state == State.half_open) {
                    permit.ifPresent(probes::add);
                }
                permit.ifPresent(underWay::add);
            } else {
                Permit permit = underWay.remove(step.which % underWay.size());
                switch (step.act) {
                    case SUCCEED -> permit.succeeded(TOOK);
                    case FAIL -> permit.failed(TOOK);
                    default -> {
                        permit.close();
                        probes.remove(permit);
                    }
                }
            }
            State now = state(breakers);
            if (now == State.open && before != State.open) {
                openedAt = time.getAsLong();
            }
            if (now == State.half_open) {
                assertThat(probes).hasSizeLessThanOrEqualTo(3);
            }
            before = now;
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Long> later = Arbitraries.frequencyOf(
                Tuple.of(8, Arbitraries.longs().between(0, 50)),
                Tuple.of(1, Arbitraries.longs().between(0, 40_000)),
                Tuple.of(1, Arbitraries.of(26_999L, 27_000L, 29_999L, 30_000L, 33_001L)));
        Arbitrary<Act> act = Arbitraries.frequency(
                Tuple.of(6, Act.BEGIN), Tuple.of(1, Act.SUCCEED), Tuple.of(4, Act.FAIL), Tuple.of(1, Act.GIVE_UP));
        return Combinators.combine(later, act, Arbitraries.integers().between(0, 1_000))
                .as(Step::new)
                .list();
    }

    private static State state(CircuitBreakers breakers) {
        return breakers.readings().isEmpty()
                ? State.closed
                : breakers.readings().getFirst().state();
    }
}
