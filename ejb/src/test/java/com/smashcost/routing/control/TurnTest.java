package com.smashcost.routing.control;

import static com.smashcost.routing.control.Given.ask;
import static com.smashcost.routing.control.Given.keeping;
import static com.smashcost.routing.control.Given.model;
import static com.smashcost.routing.control.Given.terms;
import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.entity.Tier;
import com.smashcost.routing.control.Given.Ask;
import com.smashcost.routing.control.Router.Wish;
import com.smashcost.routing.entity.Routing;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session turn by turn, as the router leads it. */
@Tag("G20")
class TurnTest {

    private static final Offer BIG =
            model("big").tier(Tier.large).at("anthropic").costs(10).offer();
    private static final Offer CHEAP = model("cheap").costs(1).offer();
    private static final Classification EASY = keeping(0.999);
    private static final Classification HARD = keeping(0.5);

    private final AtomicReference<Classification> next = new AtomicReference<>(EASY);
    private final SessionRoutes sessions = new SessionRoutes();
    private final Router router = Routers.wired(asked -> next.get(), new Cells(), new Projection(), sessions);
    private Terms terms = terms(RoutingMode.savings, BIG, CHEAP);

    @Test
    void goes_up_at_once() {
        assertThat(turn(EASY, ask()).model()).isEqualTo("cheap");
        assertThat(turn(EASY, ask()).model()).isEqualTo("cheap");
        RoutingDecision up = turn(HARD, ask());
        assertThat(up.model()).isEqualTo("big");
        assertThat(up.routing()).isEqualTo(Routing.classifier);
    }

    @Test
    void goes_down_only_after_three_easy_turns_in_a_row() {
        assertThat(turn(HARD, ask()).model()).isEqualTo("big");
        assertHeld(turn(EASY, ask()));
        assertHeld(turn(EASY, ask()));
        RoutingDecision third = turn(EASY, ask());
        assertThat(third.model()).isEqualTo("cheap");
        assertThat(third.routing()).isEqualTo(Routing.classifier);
        assertThat(turn(EASY, ask()).routing()).isEqualTo(Routing.session_cache);
    }

    @Test
    void counts_from_the_beginning_after_a_hard_turn() {
        turn(HARD, ask());
        turn(EASY, ask());
        turn(EASY, ask());
        assertThat(turn(HARD, ask()).model()).isEqualTo("big");
        assertHeld(turn(EASY, ask()));
        assertHeld(turn(EASY, ask()));
        assertThat(turn(EASY, ask()).model()).isEqualTo("cheap");
    }

    @Test
    void never_goes_down_while_the_warm_cache_is_cheaper() {
        Offer half = model("half").costs(5).offer();
        terms = terms(RoutingMode.savings, BIG, half);
        turn(HARD, ask().characters(400_000));
        for (int i = 0; i < 10; i++) {
            RoutingDecision decision = turn(EASY, ask().characters(400_000));
            assertThat(decision.model()).isEqualTo("big");
            assertThat(decision.routing()).isEqualTo(Routing.session_cache);
        }
        assertHeld(turn(EASY, ask())); // a short prompt: now it would be cheaper
        assertHeld(turn(EASY, ask()));
        assertThat(turn(EASY, ask()).model()).isEqualTo("half");
    }

    @Test
    void never_goes_down_inside_a_tool_loop() {
        turn(HARD, ask().tools());
        for (int i = 0; i < 10; i++) {
            RoutingDecision decision = turn(EASY, ask().tools().inToolLoop());
            assertThat(decision.model()).isEqualTo("big");
            assertThat(decision.routing()).isEqualTo(Routing.session_cache);
        }
        assertHeld(turn(EASY, ask().tools()));
    }

    @Test
    void counts_no_easy_turn_inside_a_tool_loop_and_forgets_none() {
        turn(HARD, ask().tools());
        turn(EASY, ask().tools());
        turn(EASY, ask().tools());
        turn(EASY, ask().tools().inToolLoop());
        turn(HARD, ask().tools().inToolLoop());
        assertThat(turn(EASY, ask().tools()).model()).isEqualTo("cheap");
    }

    @Test
    void lets_a_cheap_model_finish_its_tool_loop_even_if_it_becomes_hard() {
        turn(EASY, ask().tools());
        assertThat(turn(HARD, ask().tools().inToolLoop()).model()).isEqualTo("cheap");
        assertThat(turn(HARD, ask().tools()).model()).isEqualTo("big");
    }

    @Test
    void leaves_a_model_that_cannot_go_on_even_inside_a_tool_loop() {
        turn(EASY, ask().tools());
        terms = terms(RoutingMode.savings, BIG, model("cheap").costs(1).off().offer());
        assertThat(turn(EASY, ask().tools().inToolLoop()).model()).isEqualTo("big");
        assertThat(turn(EASY, ask().tools()).model()).isEqualTo("big");
    }

    @Test
    void leaves_a_model_that_is_not_in_the_catalogue_any_more() {
        turn(EASY, ask());
        terms = terms(RoutingMode.savings, BIG);
        assertThat(turn(EASY, ask()).model()).isEqualTo("big");
    }

    @ParameterizedTest
    @ValueSource(strings = {"images", "schema"})
    void leaves_a_model_that_cannot_do_what_is_needed_now(String need) {
        Offer less = model("cheap")
                .costs(1)
                .cannot("vision")
                .cannot("response_schema")
                .offer();
        terms = terms(RoutingMode.savings, BIG, less);
        assertThat(turn(EASY, ask()).model()).isEqualTo("cheap");
        Ask more = need.equals("images") ? ask().images() : ask().schema();
        assertThat(turn(EASY, more).model()).isEqualTo("big");
    }

    @Test
    void keeps_what_began_with_thoughts_at_its_vendor() {
        Offer other = model("other").at("google").costs(0.1).offer();
        turn(EASY, ask());
        terms = terms(RoutingMode.savings, BIG, CHEAP, other);
        for (int i = 0; i < 5; i++) {
            assertThat(turn(EASY, ask().vendorThoughts()).model()).isEqualTo("cheap");
        }
    }

    @Test
    void keeps_conversations_apart_that_began_differently() {
        next.set(HARD);
        decide(Wish.NONE, ask().began("one"));
        next.set(EASY);
        assertThat(decide(Wish.NONE, ask().began("two")).model()).isEqualTo("cheap");
        assertHeld(decide(Wish.NONE, ask().began("one")));
        assertThat(decide(new Wish(false, "named"), ask().began("one")).model()).isEqualTo("cheap");
    }

    @Test
    void says_what_a_switch_loses_of_the_prompt_cache() {
        turn(HARD, ask().characters(400_000));
        turn(EASY, ask().characters(400_000));
        turn(EASY, ask().characters(400_000));
        Weighing down = turn(EASY, ask().characters(4_000)).weighing().orElseThrow();
        assertThat(down.chosen()).isEqualTo(CHEAP);
        assertThat(down.lostCacheTokens()).isEqualTo(100_004);
        assertThat(turn(EASY, ask()).weighing().orElseThrow().lostCacheTokens()).isZero();
    }

    @Test
    void loses_no_prompt_cache_where_there_is_none() {
        terms = terms(
                RoutingMode.savings,
                model("big")
                        .tier(Tier.large)
                        .at("anthropic")
                        .costs(10)
                        .cannot("prompt_caching")
                        .offer(),
                CHEAP);
        List<Classification> turns = List.of(HARD, EASY, EASY);
        turns.forEach(each -> turn(each, ask().characters(40_000)));
        Weighing down = turn(EASY, ask().characters(40_000)).weighing().orElseThrow();
        assertThat(down.chosen()).isEqualTo(CHEAP);
        assertThat(down.lostCacheTokens()).isZero();
    }

    private RoutingDecision turn(Classification classification, Ask ask) {
        next.set(classification);
        return decide(Wish.NONE, ask.began("Hello"));
    }

    private RoutingDecision decide(Wish wish, Conversation conversation) {
        return router.decide(terms, "big", wish, () -> conversation);
    }

    private static void assertHeld(RoutingDecision decision) {
        assertThat(decision.model()).isEqualTo("big");
        assertThat(decision.routing()).isEqualTo(Routing.session_cache);
        assertThat(decision.weighing().orElseThrow().candidates())
                .filteredOn(candidate -> candidate.verdict() == Verdict.session_held)
                .hasSize(1);
    }
}
