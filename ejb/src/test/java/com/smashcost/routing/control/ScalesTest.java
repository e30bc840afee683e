package com.smashcost.routing.control;

import static com.smashcost.routing.control.Given.NOW;
import static com.smashcost.routing.control.Given.TODAY;
import static com.smashcost.routing.control.Given.ask;
import static com.smashcost.routing.control.Given.keeping;
import static com.smashcost.routing.control.Given.lists;
import static com.smashcost.routing.control.Given.model;
import static com.smashcost.routing.control.Given.terms;
import static com.smashcost.routing.control.Given.unfamiliar;
import static com.smashcost.routing.control.Given.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.Wired;
import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.entity.Tier;
import com.smashcost.routing.control.Given.Ask;
import com.smashcost.routing.control.Given.Draft;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScalesTest {

    private static final Offer BIG = model("big").tier(Tier.large).costs(10).offer();

    /** One reason to take the cheaper model or not; all else speaks for it. */
    private record Case(
            Verdict verdict,
            String why,
            UnaryOperator<Draft> candidate,
            UnaryOperator<Ask> ask,
            UnaryOperator<Terms> terms,
            RoutingMode mode,
            Classification classification) {

        @Override
        public String toString() {
            return verdict + ": " + why;
        }

        Case in(RoutingMode other) {
            return new Case(verdict, why + ", " + other, candidate, ask, terms, other, classification);
        }

        Case classified(Classification other) {
            return new Case(verdict, why, candidate, ask, terms, mode, other);
        }

        Case terms(UnaryOperator<Terms> other) {
            return new Case(verdict, why, candidate, ask, other, mode, classification);
        }
    }

    private static Case that(Verdict verdict, String why, UnaryOperator<Draft> candidate, UnaryOperator<Ask> ask) {
        return new Case(verdict, why, candidate, ask, terms -> terms, RoutingMode.savings, keeping(0.995));
    }

    private static Case that(Verdict verdict, String why, UnaryOperator<Draft> candidate) {
        return that(verdict, why, candidate, ask -> ask);
    }

    private static Case that(Verdict verdict, String why) {
        return that(verdict, why, draft -> draft);
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>(List.of(
                that(Verdict.chosen, "nothing speaks against it"),
                that(Verdict.switched_off, "switched off", Draft::off),
                that(Verdict.no_credential, "no credential for its provider", draft -> draft.at("groq")),
                that(Verdict.not_allowed, "not on the list")
                        .terms(terms -> lists(terms, List.of("big", "chea"), List.of())),
                that(Verdict.chosen, "on the list").terms(terms -> lists(terms, List.of("cheap"), List.of())),
                that(Verdict.chosen, "the list has its beginning")
                        .terms(terms -> lists(terms, List.of("ch*"), List.of())),
                that(Verdict.not_allowed, "denied").terms(terms -> lists(terms, List.of(), List.of("cheap"))),
                that(Verdict.not_allowed, "denied by its beginning")
                        .terms(terms -> lists(terms, List.of(), List.of("ch*"))),
                that(Verdict.not_allowed, "everything denied")
                        .terms(terms -> lists(terms, List.of("cheap"), List.of("*"))),
                that(Verdict.not_allowed, "denied and allowed")
                        .terms(terms -> lists(terms, List.of("cheap"), List.of("cheap"))),
                that(Verdict.chosen, "a star is a star only at the end")
                        .terms(terms -> lists(terms, List.of(), List.of("*cheap", "c*p"))),
                that(Verdict.retired, "retired today", draft -> draft.retiredOn(TODAY)),
                that(Verdict.retired, "retired long ago", draft -> draft.retiredOn(TODAY.minusYears(1))),
                that(Verdict.chosen, "retired tomorrow", draft -> draft.retiredOn(TODAY.plusDays(1))),
                that(Verdict.unrated, "nobody rated it", draft -> draft.tier(null)),
                that(Verdict.no_tools, "no tools", draft -> draft.cannot("function_calling"), Ask::tools),
                that(Verdict.no_tools, "tools unknown", draft -> draft.unknownWhether("function_calling"), Ask::tools),
                that(Verdict.no_vision, "blind", draft -> draft.cannot("vision"), Ask::images),
                that(Verdict.no_audio, "deaf", draft -> draft.cannot("audio_input"), Ask::audio),
                that(Verdict.no_documents, "reads no files", draft -> draft.cannot("pdf_input"), Ask::documents),
                that(Verdict.no_schema, "no schema", draft -> draft.cannot("response_schema"), Ask::schema),
                that(Verdict.no_reasoning, "does not think", draft -> draft.cannot("reasoning"), Ask::effort),
                that(
                        Verdict.chosen,
                        "lacks what nobody needs",
                        draft -> draft.cannot("function_calling")
                                .cannot("vision")
                                .cannot("reasoning")),
                that(
                        Verdict.chosen,
                        "has what is needed",
                        draft -> draft,
                        ask -> ask.tools().images().audio().documents().schema().effort()),
                that(Verdict.bound_to_provider, "hosted tools", draft -> draft.at("anthropic"), Ask::hostedTools),
                that(
                        Verdict.bound_to_provider,
                        "thoughts of a vendor",
                        draft -> draft.at("anthropic"),
                        Ask::vendorThoughts),
                that(Verdict.bound_to_provider, "a tool loop", draft -> draft.at("anthropic"), Ask::inToolLoop),
                that(Verdict.chosen, "another provider", draft -> draft.at("anthropic")),
                that(Verdict.chosen, "hosted tools of the same provider", draft -> draft, Ask::hostedTools),
                that(Verdict.context_too_small, "window unknown", draft -> draft.contextWindow(null)),
                that(
                        Verdict.context_too_small,
                        "prompt too long with its margin",
                        draft -> draft.contextWindow(1_150L),
                        ask -> ask.characters(4_000)),
                that(
                        Verdict.chosen,
                        "prompt just short enough",
                        draft -> draft.contextWindow(1_505L),
                        ask -> ask.characters(4_000)),
                that(
                        Verdict.context_too_small,
                        "no room for the answer",
                        draft -> draft.contextWindow(8_000L),
                        ask -> ask.atMost(8_000)),
                that(
                        Verdict.context_too_small,
                        "an absurd bound of the answer",
                        draft -> draft.maxOutputTokens(null),
                        ask -> ask.atMost(Long.MAX_VALUE)),
                that(
                        Verdict.output_too_small,
                        "writes too little",
                        draft -> draft.maxOutputTokens(4_000L),
                        ask -> ask.atMost(4_001)),
                that(
                        Verdict.chosen,
                        "writes just enough",
                        draft -> draft.maxOutputTokens(4_000L),
                        ask -> ask.atMost(4_000)),
                that(
                        Verdict.thinks_too_long,
                        "would think up a short answer's room",
                        Draft::thinksUnasked,
                        ask -> ask.atMost(3_999)),
                that(Verdict.chosen, "thinks with room to", Draft::thinksUnasked, ask -> ask.atMost(4_000)),
                that(
                        Verdict.chosen,
                        "thinks as it is told",
                        Draft::thinksUnasked,
                        ask -> ask.atMost(400).effort()),
                that(Verdict.unfamiliar, "an unfamiliar request").classified(unfamiliar()),
                that(Verdict.unproven, "one tier down").in(RoutingMode.quality),
                that(Verdict.unproven, "two tiers down", draft -> draft.tier(Tier.small))
                        .in(RoutingMode.balanced),
                that(Verdict.chosen, "one tier down").in(RoutingMode.balanced),
                that(Verdict.chosen, "two tiers down", draft -> draft.tier(Tier.small)),
                that(Verdict.chosen, "as good", draft -> draft.tier(Tier.large)).in(RoutingMode.quality),
                that(Verdict.chosen, "better", draft -> draft.tier(Tier.frontier))
                        .in(RoutingMode.quality),
                that(
                        Verdict.dearer,
                        "dearer",
                        draft -> draft.tier(Tier.frontier).costs(11)),
                that(Verdict.dearer, "costs the same", draft -> draft.costs(10))));
        for (RoutingMode mode : EnumSet.range(RoutingMode.quality, RoutingMode.savings)) {
            cases.add(that(Verdict.not_good_enough, "keeps a little less than it must")
                    .classified(keeping(mode.target() - 0.001))
                    .in(mode));
        }
        cases.add(that(Verdict.chosen, "keeps just what it must")
                .classified(keeping(0.93))
                .in(RoutingMode.savings));
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void says_what_speaks_against_a_cheaper_model(Case each) {
        Draft draft = each.candidate.apply(model("cheap"));
        Offer cheap = (each.why.contains("dearer") || each.why.contains("costs") ? draft : draft.costs(1)).offer();
        Terms terms = each.terms.apply(terms(each.mode, BIG, cheap));
        Weighing weighing = scales(each.classification)
                .weigh(terms, BIG, null, each.ask.apply(ask()).asked());
        assertThat(weighing.candidate(cheap).orElseThrow().verdict()).isEqualTo(each.verdict);
        boolean taken = each.verdict == Verdict.chosen;
        assertThat(weighing.chosen()).isEqualTo(taken ? cheap : BIG);
        assertThat(weighing.candidate(BIG).orElseThrow().verdict()).isEqualTo(taken ? Verdict.asked : Verdict.chosen);
    }

    @Test
    void reaches_every_verdict_but_those_of_breakers_and_sessions() {
        Set<Verdict> reached = EnumSet.of(Verdict.asked, Verdict.unpriced);
        cases().forEach(each -> reached.add(each.verdict));
        assertThat(EnumSet.complementOf(EnumSet.copyOf(reached)))
                .containsExactly(
                        Verdict.breaker_open, Verdict.rate_limited, Verdict.session_held, Verdict.untranslatable);
    }

    @Test
    void asks_whether_a_model_can_be_called_right_now() {
        Offer cheap = model("cheap").costs(1).offer();
        for (Verdict verdict : List.of(Verdict.breaker_open, Verdict.rate_limited)) {
            Availability availability = new Availability() {
                @Override
                Optional<Verdict> of(long organizationId, Offer offer) {
                    return offer.equals(cheap) ? Optional.of(verdict) : Optional.empty();
                }
            };
            Scales scales = Wired.with(new Scales(asked -> keeping(1)), new Cells(), new Projection(), availability);
            Weighing weighing = scales.weigh(terms(RoutingMode.savings, BIG, cheap), BIG, null, ask().asked());
            assertThat(weighing.candidate(cheap).orElseThrow().verdict()).isEqualTo(verdict);
            assertThat(weighing.chosen()).isEqualTo(BIG);
        }
    }

    @Test
    void moves_nobody_where_either_has_no_price() {
        Offer unpriced = model("unpriced").offer();
        Offer cheap = model("cheap").costs(1).offer();
        Weighing toUnpriced = weigh(terms(RoutingMode.savings, BIG, unpriced), BIG);
        assertThat(toUnpriced.chosen()).isEqualTo(BIG);
        assertThat(toUnpriced.candidate(unpriced).orElseThrow().verdict()).isEqualTo(Verdict.unpriced);
        Weighing fromUnpriced = weigh(terms(RoutingMode.savings, unpriced, cheap), unpriced);
        assertThat(fromUnpriced.chosen()).isEqualTo(unpriced);
        assertThat(fromUnpriced.candidate(cheap).orElseThrow().verdict()).isEqualTo(Verdict.unpriced);
    }

    @Test
    void moves_nobody_from_a_model_that_nobody_rated() {
        Offer unrated = model("unrated").tier(null).costs(10).offer();
        Offer cheap = model("cheap").costs(1).offer();
        Weighing weighing = weigh(terms(RoutingMode.savings, unrated, cheap), unrated);
        assertThat(weighing.chosen()).isEqualTo(unrated);
        assertThat(weighing.candidate(cheap).orElseThrow().verdict()).isEqualTo(Verdict.unrated);
        assertThat(weighing.retained()).isEmpty();
        assertThat(weighing.retention()).isEqualTo(1);
    }

    @Test
    void takes_the_cheapest_of_those_that_are_good_enough() {
        Offer cheapest = model("c").tier(Tier.small).costs(0.5).offer();
        Offer second = model("b").costs(1).offer();
        Offer third = model("d").costs(2).offer();
        Offer tooWeak = model("a").costs(0.1).cannot("vision").offer();
        Weighing weighing = scales(keeping(0.995))
                .weigh(
                        terms(RoutingMode.savings, third, BIG, cheapest, tooWeak, second),
                        BIG,
                        null,
                        ask().images().asked());
        assertThat(weighing.chosen()).isEqualTo(cheapest);
        assertThat(weighing.candidates().getFirst().offer()).isEqualTo(BIG);
        assertThat(weighing.candidates()).hasSize(5);
        assertThat(weighing.candidate(second).orElseThrow().verdict()).isEqualTo(Verdict.dearer);
        assertThat(weighing.candidate(third).orElseThrow().verdict()).isEqualTo(Verdict.dearer);
        assertThat(weighing.fallbacks()).containsExactly("big", "b", "d");
    }

    @Test
    void looks_at_no_model_that_does_not_answer() {
        Offer vectors = model("vectors").mode("embedding").costs(0.1).offer();
        Offer responses = model("responses").mode("responses").costs(1).offer();
        Weighing weighing = weigh(terms(RoutingMode.savings, BIG, vectors, responses), BIG);
        assertThat(weighing.candidate(vectors)).isEmpty();
        assertThat(weighing.chosen()).isEqualTo(responses);
    }

    @Test
    void compares_prices_of_when_the_request_began() {
        Offer cheapLater =
                model("later").costs(20).costsFrom(NOW.plusSeconds(1), 1).offer();
        Terms before = terms(RoutingMode.savings, BIG, cheapLater);
        assertThat(weigh(before, BIG).chosen()).isEqualTo(BIG);
        Terms after = with(before, before.providers(), NOW.plusSeconds(1));
        assertThat(weigh(after, BIG).chosen()).isEqualTo(cheapLater);
        Terms last = with(before, before.providers(), NOW.plus(Duration.ofDays(400)));
        assertThat(weigh(last, BIG).chosen()).isEqualTo(cheapLater);
        Offer notYet = model("not-yet").costsFrom(NOW.plusSeconds(1), 1).offer();
        assertThat(weigh(terms(RoutingMode.savings, BIG, notYet), BIG)
                        .candidate(notYet)
                        .orElseThrow()
                        .verdict())
                .isEqualTo(Verdict.unpriced);
    }

    @Test
    void stays_with_a_model_whose_warm_cache_is_cheaper_than_a_cheap_model() {
        Offer cheap = model("cheap").costs(5).offer();
        Asked long100k = ask().characters(400_000).asked();
        Terms terms = terms(RoutingMode.savings, BIG, cheap);
        assertThat(scales(keeping(1)).weigh(terms, BIG, null, long100k).chosen())
                .isEqualTo(cheap);
        assertThat(scales(keeping(1)).weigh(terms, BIG, BIG, long100k).chosen()).isEqualTo(BIG);
    }

    @Test
    void binds_to_the_provider_that_served_the_session() {
        Offer cheap = model("cheap").at("anthropic").costs(1).offer();
        Offer cheapest = model("cheapest").costs(0.5).offer();
        Weighing weighing = scales(keeping(1))
                .weigh(
                        terms(RoutingMode.savings, BIG, cheap, cheapest),
                        BIG,
                        cheap,
                        ask().vendorThoughts().asked());
        assertThat(weighing.candidate(cheapest).orElseThrow().verdict()).isEqualTo(Verdict.bound_to_provider);
        assertThat(weighing.chosen()).isEqualTo(cheap);
    }

    @Test
    void lets_a_cell_that_has_proven_itself_go_down_in_the_strictest_mode() {
        Offer cheap = model("cheap").costs(1).offer();
        Cells cells = new Cells();
        Scales scales = Wired.with(new Scales(asked -> keeping(0.999)), cells, new Projection(), Routers.available());
        Cells.Key key = Cells.Key.of(Given.ORGANIZATION, keeping(0.999), cheap);
        Terms terms = terms(RoutingMode.quality, BIG, cheap);
        for (int i = 0; i < Cells.PROVEN - 1; i++) {
            cells.count(key, true);
        }
        assertThat(scales.weigh(terms, BIG, null, ask().asked())
                        .candidate(cheap)
                        .orElseThrow()
                        .verdict())
                .isEqualTo(Verdict.unproven);
        cells.count(key, true);
        assertThat(scales.weigh(terms, BIG, null, ask().asked()).chosen()).isEqualTo(cheap);
        assertThat(scales.weigh(Given.of(terms, 8), BIG, null, ask().asked()).chosen())
                .as("another organisation's experience is its own")
                .isEqualTo(BIG);
    }

    private static Weighing weigh(Terms terms, Offer asked) {
        return scales(keeping(0.995)).weigh(terms, asked, null, ask().asked());
    }

    static Scales scales(Classification classification) {
        return Wired.with(new Scales(asked -> classification), new Cells(), new Projection(), Routers.available());
    }
}
