package com.smashcost.routing.control;

import static com.smashcost.routing.control.Given.ask;
import static com.smashcost.routing.control.Given.model;
import static com.smashcost.routing.control.Given.terms;
import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.entity.Tier;
import com.smashcost.routing.control.Given.Ask;
import com.smashcost.routing.control.Given.Draft;
import com.smashcost.routing.control.Weighing.Candidate;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

class ScalesLawsTest {

    private static final RoutingMode[] LOOSER = {RoutingMode.quality, RoutingMode.balanced, RoutingMode.savings};

    @Property(tries = 2_000)
    void takes_what_was_asked_for_or_what_is_able_good_enough_and_strictly_cheaper(@ForAll long seed) {
        World world = new World(new Random(seed));
        for (RoutingMode mode : LOOSER) {
            Weighing weighing = world.weigh(mode);
            Offer chosen = weighing.chosen();
            assertThat(weighing.candidates())
                    .filteredOn(candidate -> candidate.verdict() == Verdict.chosen)
                    .extracting(Candidate::offer)
                    .containsExactly(chosen);
            if (chosen.model().equals(world.asked.model())) {
                continue;
            }
            Tier from = Objects.requireNonNull(world.asked.tier());
            Tier to = Objects.requireNonNull(chosen.tier());
            assertThat(world.classification.familiar()).isTrue();
            assertThat(world.classification.retained(from, to)).isGreaterThanOrEqualTo(mode.target());
            assertThat(weighing.retention()).isGreaterThanOrEqualTo(mode.target());
            assertThat(chosen.enabled()).isTrue();
            assertThat(chosen.retiredOn()).isNull();
            assertThat(world.denied).doesNotContain(chosen.model());
            assertThat(Given.PROVIDERS).contains(chosen.provider());
            assertThat(Needs.unmet(weighing.needs(), chosen, world.home())).isEqualTo(Verdict.chosen);
            assertThat(weighing.promptTokens()).isLessThanOrEqualTo(Objects.requireNonNull(chosen.contextWindow()));
            assertThat(projected(weighing, chosen)).isLessThan(projected(weighing, world.asked));
        }
    }

    @Property(tries = 1_000)
    void leaves_nothing_cheaper_that_is_as_good_as_it_must_be(@ForAll long seed) {
        Weighing weighing = new World(new Random(seed)).weigh(RoutingMode.savings);
        for (Candidate candidate : weighing.candidates()) {
            if (candidate.verdict() == Verdict.dearer) {
                assertThat(projected(weighing, weighing.chosen()))
                        .isLessThanOrEqualTo(Objects.requireNonNull(candidate.projected()));
            }
        }
    }

    @Property(tries = 2_000)
    void keeps_no_less_when_more_must_be_kept(@ForAll long seed) {
        World world = new World(new Random(seed));
        double before = 1;
        for (RoutingMode mode : LOOSER) { // from the strictest to the loosest
            double kept = world.weigh(mode).retention();
            assertThat(kept).isBetween(mode.target(), before);
            before = kept;
        }
    }

    @Property(tries = 1_000)
    void costs_no_more_when_less_must_be_kept(@ForAll long seed) {
        World world = new World(new Random(seed));
        @Nullable BigDecimal before = null;
        for (RoutingMode mode : LOOSER) {
            Weighing weighing = world.weigh(mode);
            BigDecimal cost =
                    weighing.candidate(weighing.chosen()).orElseThrow().projected();
            if (before != null && cost != null) {
                assertThat(cost).isLessThanOrEqualTo(before);
            }
            before = cost;
        }
    }

    @Property(tries = 500)
    void is_the_same_for_the_same_request(@ForAll long seed) {
        Weighing one = new World(new Random(seed)).weigh(RoutingMode.savings);
        Weighing two = new World(new Random(seed)).weigh(RoutingMode.savings);
        assertThat(two.chosen().model()).isEqualTo(one.chosen().model());
        assertThat(two.candidates())
                .extracting(Candidate::verdict)
                .isEqualTo(one.candidates().stream().map(Candidate::verdict).toList());
        assertThat(two.candidates())
                .extracting(Candidate::projected)
                .isEqualTo(one.candidates().stream().map(Candidate::projected).toList());
        assertThat(two.fallbacks()).isEqualTo(one.fallbacks());
    }

    @Property(tries = 1_000)
    void falls_back_to_what_was_asked_for_first_and_never_to_what_was_dropped(@ForAll long seed) {
        World world = new World(new Random(seed));
        Weighing weighing = world.weigh(RoutingMode.savings);
        List<String> fallbacks = weighing.fallbacks();
        assertThat(fallbacks)
                .doesNotHaveDuplicates()
                .doesNotContain(weighing.chosen().model());
        if (!weighing.chosen().model().equals(world.asked.model())) {
            assertThat(fallbacks.getFirst()).isEqualTo(world.asked.model());
        }
        for (String fallback : fallbacks) {
            if (!fallback.equals(world.asked.model())) {
                assertThat(weighing.candidates())
                        .filteredOn(candidate -> candidate.offer().model().equals(fallback))
                        .extracting(Candidate::verdict)
                        .containsExactly(Verdict.dearer);
            }
        }
    }

    private static BigDecimal projected(Weighing weighing, Offer offer) {
        return Objects.requireNonNull(weighing.candidate(offer).orElseThrow().projected());
    }

    /** Some models, a request and what the classifier says of it. */
    private static final class World {

        private final List<Offer> offers = new ArrayList<>();
        private final List<String> denied = new ArrayList<>();
        private final Offer asked;
        private final @Nullable Offer current;
        private final Asked request;
        private final Classification classification;

        World(Random random) {
            int count = 1 + random.nextInt(12);
            for (int i = 0; i < count; i++) {
                Draft draft = model("m" + i)
                        .at(List.of("openai", "anthropic", "google", "groq").get(random.nextInt(4)))
                        .tier(random.nextInt(8) == 0 ? null : Tier.values()[random.nextInt(4)])
                        .contextWindow(random.nextInt(8) == 0 ? null : (1L << 8 + random.nextInt(12)))
                        .retiredOn(random.nextInt(8) == 0 ? Given.TODAY : null);
                if (random.nextInt(8) == 0) {
                    draft.off();
                }
                for (String capability : List.of("function_calling", "vision", "response_schema", "reasoning")) {
                    if (random.nextInt(3) == 0) {
                        draft.cannot(capability);
                    }
                }
                if (random.nextInt(10) > 0) {
                    draft.costs(random.nextInt(30) / 10.0); // zero and ties too
                }
                if (random.nextInt(6) == 0) {
                    denied.add("m" + i);
                }
                offers.add(draft.offer());
            }
            asked = offers.get(random.nextInt(count));
            current = random.nextBoolean() ? null : offers.get(random.nextInt(count));
            Ask ask = ask().characters(random.nextInt(20_000));
            if (random.nextInt(3) == 0) {
                ask.tools();
            }
            if (random.nextInt(3) == 0) {
                ask.images();
            }
            if (random.nextInt(4) == 0) {
                ask.schema();
            }
            if (random.nextInt(4) == 0) {
                ask.effort();
            }
            if (random.nextInt(6) == 0) {
                ask.vendorThoughts();
            }
            request = ask.asked();
            double[][] retained = new double[4][4];
            for (int from = 0; from < 4; from++) {
                double kept = 1;
                for (int to = 3; to >= 0; to--) {
                    kept = to >= from ? 1 : kept - random.nextDouble() * 0.06;
                    retained[from][to] = kept;
                }
            }
            classification = new Classification(
                    Task.values()[random.nextInt(Task.values().length)],
                    random.nextDouble(),
                    new double[] {0.5, 0.6, 0.7, 0.8},
                    retained,
                    random.nextInt(6) > 0,
                    "test");
        }

        String home() {
            return current == null ? asked.provider() : current.provider();
        }

        Weighing weigh(RoutingMode mode) {
            Terms terms = Given.lists(terms(mode, offers.toArray(new Offer[0])), List.of(), denied);
            return ScalesTest.scales(classification).weigh(terms, asked, current, request);
        }
    }
}
