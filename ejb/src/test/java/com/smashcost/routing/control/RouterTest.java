package com.smashcost.routing.control;

import static com.smashcost.routing.control.Given.ask;
import static com.smashcost.routing.control.Given.keeping;
import static com.smashcost.routing.control.Given.model;
import static com.smashcost.routing.control.Given.terms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.smashcost.account.entity.SubscriptionStatus;
import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.entity.Tier;
import com.smashcost.refusal.control.Refusal;
import com.smashcost.routing.control.Router.Wish;
import com.smashcost.routing.entity.Mode;
import com.smashcost.routing.entity.Routing;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RouterTest {

    private static final Offer BIG = model("big").tier(Tier.large).costs(10).offer();
    private static final Offer STANDARD =
            model("standard").tier(Tier.large).costs(5).offer();
    private static final Offer CHEAP = model("cheap").tier(Tier.medium).costs(1).offer();
    private static final Offer VECTORS =
            model("vectors").mode("embedding").costs(1).offer();
    private static final Offer[] OFFERS = {BIG, STANDARD, CHEAP, VECTORS};

    private static final Supplier<Conversation> UNREAD = () -> {
        throw new AssertionError("the conversation was read");
    };

    private final SessionRoutes sessions = new SessionRoutes();
    private final Router router = Routers.wired(asked -> keeping(0.995), new Cells(), new Projection(), sessions);

    /** How a client says what it wants. */
    enum Carrier {
        PLAIN("big", new Wish(false, null)),
        OVERRIDE("big", new Wish(true, null)),
        AUTO("auto", new Wish(false, null)),
        AUTO_WITH_OVERRIDE("auto", new Wish(true, null)),
        SESSION("big", new Wish(false, "s-1"));

        final String model;
        final Wish wish;

        Carrier(String model, Wish wish) {
            this.model = model;
            this.wish = wish;
        }
    }

    static Stream<Arguments> everything() {
        return Arrays.stream(SubscriptionStatus.values())
                .flatMap(status -> Arrays.stream(RoutingMode.values())
                        .flatMap(mode ->
                                Arrays.stream(Carrier.values()).map(carrier -> Arguments.of(status, mode, carrier))));
    }

    @ParameterizedTest
    @MethodSource("everything")
    @Tag("G28")
    @Tag("G31")
    void chooses_by_status_then_mode_then_wish(SubscriptionStatus status, RoutingMode mode, Carrier carrier) {
        Terms terms = terms(status, mode, "standard", OFFERS);
        String baseline = carrier.model.equals("auto") ? "standard" : "big";
        RoutingDecision decision = router.decide(terms, carrier.model, carrier.wish, () -> ask().began("Hello"));
        assertThat(decision.baseline()).isEqualTo(baseline);
        assertThat(decision.mode()).isEqualTo(status == SubscriptionStatus.ACTIVE ? Mode.active : Mode.observation);
        if (status != SubscriptionStatus.ACTIVE || mode == RoutingMode.off) {
            assertThat(decision.routing()).isEqualTo(Routing.passthrough);
            assertThat(decision.model()).isEqualTo(baseline);
            assertThat(decision.weighing()).isEmpty();
            assertThat(decision.fallbacks()).isEmpty();
        } else if (carrier == Carrier.OVERRIDE) {
            assertThat(decision.routing()).isEqualTo(Routing.override);
            assertThat(decision.model()).isEqualTo("big");
            assertThat(decision.weighing()).isEmpty();
            assertThat(decision.fallbacks()).isEmpty();
        } else {
            assertThat(decision.routing()).isEqualTo(Routing.classifier);
            assertThat(decision.model()).isEqualTo(mode == RoutingMode.quality ? tierUp(baseline) : "cheap");
            assertThat(decision.weighing()).isPresent();
            assertThat(decision.fallbacks()).first().isEqualTo(firstFallback(decision));
        }
    }

    /** What the strictest mode makes of it: nothing of a lower tier that has not proven itself. */
    private static String tierUp(String baseline) {
        return baseline.equals("big") ? "standard" : baseline;
    }

    private static String firstFallback(RoutingDecision decision) {
        return decision.model().equals(decision.baseline()) ? "big" : decision.baseline();
    }

    @ParameterizedTest
    @MethodSource("everything")
    @Tag("G31")
    void reads_no_word_where_nothing_is_weighed(SubscriptionStatus status, RoutingMode mode, Carrier carrier) {
        boolean weighs = status == SubscriptionStatus.ACTIVE && mode != RoutingMode.off && carrier != Carrier.OVERRIDE;
        // an override is held against the answer before it, whose conversation is told by how it began
        boolean looksBack = status == SubscriptionStatus.ACTIVE && carrier == Carrier.OVERRIDE;
        if (!weighs && !looksBack) {
            assertThat(router.decide(terms(status, mode, "standard", OFFERS), carrier.model, carrier.wish, UNREAD))
                    .isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void refuses_a_free_choice_without_a_default_model_whatever_the_status(SubscriptionStatus status) {
        for (RoutingMode mode : RoutingMode.values()) {
            for (boolean override : new boolean[] {false, true}) {
                assertThatExceptionOfType(Refusal.BadRequest.class)
                        .isThrownBy(() -> router.decide(
                                terms(status, mode, null, OFFERS), "auto", new Wish(override, null), UNREAD))
                        .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("default_model_missing"));
            }
        }
    }

    @Test
    void passes_on_a_model_that_it_does_not_know_or_cannot_compare() {
        for (String requested : List.of("of-tomorrow", "vectors")) {
            RoutingDecision decision = router.decide(terms(RoutingMode.savings, OFFERS), requested, Wish.NONE, UNREAD);
            assertThat(decision).isEqualTo(new RoutingDecision.Passthrough(Mode.active, requested));
        }
        assertThat(router.decide(
                        terms(SubscriptionStatus.ACTIVE, RoutingMode.savings, "of-tomorrow", OFFERS),
                        "auto",
                        Wish.NONE,
                        UNREAD))
                .isEqualTo(new RoutingDecision.Passthrough(Mode.active, "of-tomorrow"));
    }

    @Test
    @Tag("G28")
    void calls_the_second_turn_of_a_session_what_it_is() {
        Terms terms = terms(RoutingMode.savings, OFFERS);
        for (Wish wish : List.of(Wish.NONE, new Wish(false, "s-1"))) {
            assertThat(decide(terms, wish).routing()).isEqualTo(Routing.classifier);
            RoutingDecision second = decide(terms, wish);
            assertThat(second.routing()).isEqualTo(Routing.session_cache);
            assertThat(second.model()).isEqualTo("cheap");
            assertThat(second.baseline()).isEqualTo("big");
            assertThat(second.weighing()).isPresent();
        }
    }

    @Test
    void weighs_for_a_shadow_as_it_would_decide_and_says_nothing_of_an_override() {
        Terms observing = terms(SubscriptionStatus.OBSERVING, RoutingMode.savings, "standard", OFFERS);
        assertThat(shadow(observing, "big", Wish.NONE)).isEqualTo("cheap");
        assertThat(shadow(observing, "auto", new Wish(true, null))).isEqualTo("cheap");
        assertThat(router.shadow(observing, "big", new Wish(true, null), ask().began("Hello")))
                .isEmpty();
        assertThat(router.shadow(observing, "of-tomorrow", Wish.NONE, ask().began("Hello")))
                .isEmpty();
    }

    @Test
    void keeps_sessions_that_are_only_thought_of_apart_from_those_that_clients_see() {
        Terms terms = terms(RoutingMode.savings, OFFERS);
        router.shadow(terms, "big", Wish.NONE, ask().began("Hello"));
        router.shadow(terms, "big", Wish.NONE, ask().began("Hello"));
        assertThat(decide(terms, Wish.NONE).routing()).isEqualTo(Routing.classifier);
    }

    @Test
    void starts_anew_when_the_client_asks_for_another_model() {
        Terms terms = terms(RoutingMode.quality, OFFERS);
        assertThat(decide(terms, Wish.NONE).model()).isEqualTo("standard");
        assertThat(decide(terms, Wish.NONE).routing()).isEqualTo(Routing.session_cache);
        RoutingDecision other = router.decide(terms, "cheap", Wish.NONE, () -> ask().began("Hello"));
        assertThat(other.routing()).isEqualTo(Routing.classifier);
        assertThat(other.model()).isEqualTo("cheap");
        assertThat(decide(terms, Wish.NONE).routing()).isEqualTo(Routing.classifier);
    }

    @Test
    @Tag("G20")
    void shares_no_session_between_organisations() {
        Terms terms = terms(RoutingMode.savings, OFFERS);
        Wish wish = new Wish(false, "s-1");
        decide(terms, wish);
        assertThat(decide(Given.of(terms, 8), wish).routing()).isEqualTo(Routing.classifier);
        assertThat(decide(terms, wish).routing()).isEqualTo(Routing.session_cache);
    }

    @Test
    void moves_nobody_inside_a_tool_loop_that_it_did_not_see_begin() {
        Terms terms = terms(RoutingMode.savings, OFFERS);
        RoutingDecision decision = router.decide(
                terms, "big", Wish.NONE, () -> ask().tools().inToolLoop().began("Hello"));
        assertThat(decision.model()).isEqualTo("big");
        assertThat(decision.routing()).isEqualTo(Routing.classifier);
        Weighing weighing = decision.weighing().orElseThrow();
        assertThat(weighing.candidate(CHEAP).orElseThrow().verdict()).isEqualTo(Verdict.session_held);
    }

    private RoutingDecision decide(Terms terms, Wish wish) {
        return router.decide(terms, "big", wish, () -> ask().began("Hello"));
    }

    private String shadow(Terms terms, String requested, Wish wish) {
        return router.shadow(terms, requested, wish, ask().began("Hello"))
                .orElseThrow()
                .chosen()
                .model();
    }
}
