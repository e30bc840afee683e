package com.smashcost.routing.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

@Tag("G27")
class RetryBudgetLawsTest {

    @Property(tries = 100)
    void is_never_overdrawn_at_a_steady_load(
            @ForAll @IntRange(min = 1, max = 300) int perSecond, @ForAll @IntRange(min = 61, max = 180) int seconds) {
        SimulatedTime clock = new SimulatedTime();
        RetryBudget strained = new RetryBudget(clock, () -> 0);
        int[] retries = new int[seconds];
        for (int second = 0; second < seconds; second++) {
            for (int i = 0; i < perSecond; i++) {
                strained.request("openai");
                retries[second] += strained.take("openai") ? 1 : 0;
            }
            clock.passes(Duration.ofSeconds(1));
        }
        for (int from = 0; from + 60 <= seconds; from++) {
            assertThat(IntStream.range(from, from + 60).map(i -> retries[i]).sum())
                    .isLessThanOrEqualTo(Math.max(RetryBudget.FREE, perSecond * 60 / 10));
        }
    }
}
