package com.smashcost.routing.control;

import static com.smashcost.routing.control.Given.NOW;
import static com.smashcost.routing.control.Given.ask;
import static com.smashcost.routing.control.Given.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.entity.Tier;
import com.smashcost.provider.entity.Usage;
import java.math.BigDecimal;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProjectionTest {

    private static final Offer BIG = model("big").tier(Tier.large).costs(10).offer();
    private static final Offer CHEAP = model("cheap").at("anthropic").costs(1).offer();
    private static final Offer THINKER =
            model("thinker").costs(1).thinksUnasked().offer();
    private static final Task TASK = Task.code;

    private final Projection projection = new Projection();

    @Test
    void counts_a_token_for_four_characters_and_some_for_turns_and_files() {
        assertThat(Projection.promptTokens(ask().characters(4_000).asked())).isEqualTo(1_004);
        assertThat(Projection.promptTokens(ask().characters(0).images().asked()))
                .isEqualTo(769);
        assertThat(Projection.promptTokens(
                        ask().characters(0).images().documents().asked()))
                .isEqualTo(1_534);
    }

    @ParameterizedTest
    @EnumSource
    void expects_an_answer_of_every_task_and_no_longer_one_than_allowed(Task task) {
        long usual = projection.outputTokens(7, task, BIG, 0, null);
        assertThat(usual).isBetween(10L, 1_000L);
        assertThat(projection.outputTokens(7, task, BIG, 0, 5L)).isEqualTo(5);
        assertThat(projection.outputTokens(7, task, BIG, 0, Long.MAX_VALUE)).isEqualTo(usual);
        assertThat(projection.outputTokens(7, task, BIG, 0, 0L)).isEqualTo(1);
        assertThat(projection.outputTokens(7, task, BIG, 0, -9L)).isEqualTo(1);
    }

    @Test
    void expects_thoughts_of_what_thinks_unasked_and_of_what_can_where_they_are_asked_for() {
        Offer able = model("able").costs(1).offer();
        Offer unable = model("unable").costs(1).cannot("reasoning").offer();
        long plain = output(unable);
        assertThat(output(THINKER)).isEqualTo(2 * plain);
        assertThat(output(able)).isEqualTo(plain);
        assertThat(projection.outputTokens(7, TASK, able, Needs.REASONING, null))
                .isEqualTo(2 * plain);
        assertThat(projection.outputTokens(7, TASK, unable, Needs.REASONING, null))
                .isEqualTo(plain);
    }

    @Test
    void believes_of_thoughts_what_other_organisations_saw_of_a_model_and_more_what_one_saw_itself() {
        think(8, Task.math, THINKER, 20, 50, 900);
        assertThat(output(THINKER)).isEqualTo(500 + 900);
        think(7, TASK, THINKER, 20, 500, 100);
        assertThat(output(THINKER)).isEqualTo(600);
        assertThat(projection.outputTokens(7, TASK, THINKER, Needs.REASONING, null))
                .as("told to think, of which nothing was seen")
                .isEqualTo(1_000);
    }

    @Test
    void projects_no_thoughts_for_what_does_not_think() {
        Usage usage = new Usage(1_000L, null, null, null, 200L, 5_000L, null, null);
        assertThat(projected(THINKER, usage, CHEAP).orElseThrow()).isEqualByComparingTo("0.0012");
    }

    @Test
    void projects_thoughts_for_what_thinks_as_far_as_they_are_known() {
        Usage usage = new Usage(1_000L, null, null, null, 200L, null, null, null);
        assertThat(projected(CHEAP, usage, THINKER).orElseThrow())
                .as("as many as a usual answer has")
                .isEqualByComparingTo("0.0017");
        Offer other = model("other").costs(1).thinksUnasked().offer();
        Usage thought = new Usage(1_000L, null, null, null, 200L, 70L, null, null);
        assertThat(projected(other, thought, THINKER).orElseThrow())
                .as("as many as the one that served")
                .isEqualByComparingTo("0.00127");
        think(8, Task.math, THINKER, 20, 50, 900);
        assertThat(projected(CHEAP, usage, THINKER).orElseThrow()).isEqualByComparingTo("0.0021");
    }

    @Test
    void learns_how_long_a_model_s_answers_are_from_the_twentieth_on() {
        long usual = output(BIG);
        learn(BIG, TASK, 19, 100, 2_000);
        assertThat(output(BIG)).isEqualTo(usual);
        learn(BIG, TASK, 1, 100, 2_000);
        assertThat(output(BIG)).isEqualTo(2_000);
        assertThat(projection.outputTokens(8, TASK, BIG, 0, null))
                .as("another organisation")
                .isEqualTo(usual);
        assertThat(projection.outputTokens(7, Task.math, BIG, 0, null))
                .as("another task")
                .isEqualTo(projection.outputTokens(8, Task.math, BIG, 0, null));
        assertThat(output(CHEAP)).as("another model").isEqualTo(usual);
    }

    @Test
    void follows_when_answers_become_shorter() {
        learn(BIG, TASK, 100, 100, 2_000);
        learn(BIG, TASK, 200, 100, 50);
        assertThat(output(BIG)).isBetween(50L, 60L);
    }

    @Test
    void learns_how_a_provider_counts_and_never_believes_more_than_four_times_or_less_than_a_quarter() {
        assertThat(expected(BIG, 1_000)).isEqualByComparingTo(cost(10, 1_000, output(BIG)));
        learn(BIG, Task.other, 20, 1_000, 1L, 1_500);
        assertThat(expected(BIG, 1_000)).isEqualByComparingTo(cost(10, 1_500, output(BIG)));
        Offer sameProvider = model("same").costs(10).offer();
        assertThat(expected(sameProvider, 1_000)).isEqualByComparingTo(cost(10, 1_500, output(BIG)));
        learn(BIG, Task.other, 500, 1_000, 1L, 1_000_000);
        assertThat(expected(BIG, 1_000).doubleValue())
                .isCloseTo(cost(10, 4_000, output(BIG)).doubleValue(), within(1e-6));
        learn(CHEAP, Task.other, 500, 1_000, 1L, 1);
        assertThat(expected(CHEAP, 1_000)).isEqualByComparingTo(cost(1, 250, output(CHEAP)));
    }

    @Test
    void learns_nothing_of_how_a_provider_counts_from_tiny_prompts_or_unknown_usage() {
        learn(BIG, Task.other, 100, 50, 1L, 5_000);
        for (int i = 0; i < 100; i++) {
            projection.learn(7, TASK, BIG, 0, 1_000, Usage.UNKNOWN);
            projection.learn(7, TASK, BIG, 0, 1_000, new Usage(0L, null, null, null, 0L, null, null, null));
        }
        assertThat(expected(BIG, 1_000)).isEqualByComparingTo(cost(10, 1_000, output(BIG)));
        assertThat(output(BIG)).isEqualTo(500);
    }

    @Test
    void expects_what_is_cached_at_its_price() {
        BigDecimal cold = expected(BIG, 1_000);
        BigDecimal warm = expected(BIG, 1_000, 1_000).orElseThrow();
        assertThat(cold.subtract(warm)).isEqualByComparingTo("0.009");
        assertThat(expected(BIG, 1_000, 9_999)).hasValue(warm);
    }

    @Test
    void knows_no_cost_without_a_price() {
        assertThat(expected(model("unpriced").offer(), 1, 0)).isEmpty();
        assertThat(expected(model("later").costsFrom(NOW.plusSeconds(1), 1).offer(), 1, 0))
                .isEmpty();
    }

    @Test
    void projects_what_was_used_at_the_other_s_prices() {
        Usage usage = new Usage(1_000L, 500L, null, null, 200L, 100L, null, null);
        assertThat(projected(BIG, usage, CHEAP).orElseThrow())
                .as("without thoughts")
                .isEqualByComparingTo("0.00125");
        assertThat(projected(BIG, usage, BIG).orElseThrow()).isEqualByComparingTo("0.0135");
        assertThat(projected(BIG, Usage.UNKNOWN, CHEAP)).isEmpty();
        assertThat(projected(BIG, usage, model("unpriced").offer())).isEmpty();
    }

    @Test
    void projects_with_what_it_learnt_of_both() {
        Usage usage = new Usage(1_000L, null, null, null, 200L, null, null, null);
        learn(BIG, TASK, 20, 1_000, 100L, 1_000);
        learn(CHEAP, TASK, 19, 1_000, 300L, 2_000);
        assertThat(projected(BIG, usage, CHEAP).orElseThrow()).isEqualByComparingTo("0.0012");
        learn(CHEAP, TASK, 1, 1_000, 300L, 2_000);
        assertThat(projected(BIG, usage, CHEAP).orElseThrow())
                .as("twice the prompt, three times the answer")
                .isEqualByComparingTo("0.0026");
    }

    @Property(tries = 1_000)
    void never_fails_whatever_is_reported(
            @ForAll @LongRange(min = 0, max = Usage.MOST) long input,
            @ForAll @LongRange(min = 0, max = Usage.MOST) long output,
            @ForAll @LongRange(min = 0, max = Long.MAX_VALUE / 8) long prompt,
            @ForAll @IntRange(min = 1, max = 40) int times) {
        Projection learning = new Projection();
        Usage usage = new Usage(input, input, null, null, output, output, null, null);
        for (int i = 0; i < times; i++) {
            learning.learn(7, TASK, BIG, 0, prompt, usage);
            learning.learn(7, TASK, CHEAP, 0, 100, new Usage(1L, null, null, null, 1L, null, null, null));
        }
        assertThat(learning.outputTokens(7, TASK, BIG, 0, null)).isBetween(1L, 2 * Usage.MOST + 10);
        assertThat(learning.expected(7, TASK, BIG, BIG, 0, prompt, prompt / 2, null, NOW))
                .isPresent();
        assertThat(learning.projected(7, TASK, CHEAP, usage, BIG, 0, NOW)).isPresent();
        assertThat(learning.projected(7, TASK, BIG, usage, CHEAP, 0, NOW)).isPresent();
    }

    private long output(Offer offer) {
        return projection.outputTokens(7, TASK, offer, 0, null);
    }

    private BigDecimal expected(Offer offer, long promptTokens) {
        return expected(offer, promptTokens, 0).orElseThrow();
    }

    private Optional<BigDecimal> expected(Offer offer, long promptTokens, long cachedTokens) {
        return projection.expected(7, TASK, offer, offer, 0, promptTokens, cachedTokens, null, NOW);
    }

    private Optional<BigDecimal> projected(Offer served, Usage usage, Offer other) {
        return projection.projected(7, TASK, served, usage, other, 0, NOW);
    }

    private void learn(Offer served, Task task, int times, long promptTokens, long output) {
        learn(served, task, times, promptTokens, output, promptTokens);
    }

    private void learn(
            Offer served, Task task, int times, long promptTokens, @Nullable Long output, long reportedPrompt) {
        for (int i = 0; i < times; i++) {
            projection.learn(
                    7,
                    task,
                    served,
                    0,
                    promptTokens,
                    new Usage(reportedPrompt, null, null, null, output, null, null, null));
        }
    }

    private void think(long organizationId, Task task, Offer served, int times, long output, long thoughts) {
        Usage usage = new Usage(100L, null, null, null, output, thoughts, null, null);
        for (int i = 0; i < times; i++) {
            projection.learn(organizationId, task, served, 0, 100, usage);
        }
    }

    private static BigDecimal cost(long micros, long input, long output) {
        return BigDecimal.valueOf(micros * (input + output), 6);
    }
}
