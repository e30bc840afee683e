package com.smashcost.ledger.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.catalog.control.Catalogue;
import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.control.Catalogue.Price;
import com.smashcost.catalog.entity.PriceTier;
import com.smashcost.catalog.entity.Tier;
import com.smashcost.ledger.entity.LedgerEntry.Weighed;
import com.smashcost.ledger.entity.LedgerEntry.Weighed.Candidate;
import com.smashcost.ledger.entity.LoggedRequest;
import com.smashcost.ledger.entity.RequestId;
import com.smashcost.money.entity.UnitPrices;
import com.smashcost.provider.entity.Usage;
import com.smashcost.routing.control.Verdict;
import com.smashcost.routing.entity.Mode;
import com.smashcost.routing.entity.Routing;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReceiptsTest {

    private static final Instant AT = Instant.parse("2026-11-21T12:00:00Z");

    private static final Catalogue CATALOGUE = new Catalogue(List.of(
            offer(1, "asked", price(11, Instant.EPOCH, "0.00001")),
            offer(2, "chosen", price(12, Instant.EPOCH, "0.000002"), price(13, AT.plusSeconds(1), "0.1")),
            offer(3, "free-choice", price(14, Instant.EPOCH, "0.000003")),
            offer(4, "unpriced")));

    @Test
    void puts_the_chosen_model_first_and_the_others_by_what_they_would_have_cost() {
        Receipt receipt = Receipts.of(request("asked", null), BigDecimal.ZERO, weighed(), CATALOGUE);

        assertThat(receipt.candidates())
                .extracting(Receipt.Candidate::model)
                .containsExactly("chosen", "free-choice", "asked", "unpriced");
        Receipt.Candidate chosen = receipt.candidates().getFirst();
        assertThat(chosen.verdict()).isEqualTo(Verdict.chosen);
        assertThat(chosen.priceVersionId()).as("the one in force then").isEqualTo(12);
        assertThat(chosen.input()).isEqualByComparingTo("0.000002");
        assertThat(chosen.projected()).isEqualByComparingTo("0.003");
        assertThat(receipt.candidates().getLast().projected()).isNull();
    }

    @Test
    void says_nothing_of_a_verdict_or_a_model_that_it_does_not_know() {
        Weighed weighed = weighed(new Candidate(2, 200), new Candidate(99, 0));
        assertThat(Receipts.of(request("asked", null), BigDecimal.ZERO, weighed, CATALOGUE)
                        .candidates())
                .singleElement()
                .satisfies(candidate -> assertThat(candidate.verdict()).isNull());
    }

    @Test
    void names_the_model_that_an_open_choice_was_measured_against() {
        assertThat(Receipts.of(request("auto", 14L), BigDecimal.ZERO, weighed(), CATALOGUE)
                        .baseline())
                .isEqualTo("free-choice");
        assertThat(Receipts.of(request("asked", 14L), BigDecimal.ZERO, weighed(), CATALOGUE)
                        .baseline())
                .isEqualTo("asked");
        assertThat(Receipts.of(request("auto", null), BigDecimal.ZERO, weighed(), CATALOGUE)
                        .baseline())
                .isNull();
    }

    @Test
    void has_no_candidates_where_nothing_was_weighed() {
        Receipt receipt = Receipts.of(request("asked", 11L), BigDecimal.ZERO, null, CATALOGUE);
        assertThat(receipt.candidates()).isEmpty();
        assertThat(receipt.weighed()).isNull();
    }

    private static Weighed weighed() {
        return weighed(
                new Candidate(1, Verdict.asked.ordinal()),
                new Candidate(4, Verdict.unpriced.ordinal()),
                new Candidate(3, Verdict.not_good_enough.ordinal()),
                new Candidate(2, Verdict.chosen.ordinal()));
    }

    private static Weighed weighed(Candidate... candidates) {
        return new Weighed(
                "1", "balanced", List.of(), List.of(), BigDecimal.ONE, true, 0, 1000, 500, List.of(candidates));
    }

    private static LoggedRequest request(String requested, @Nullable Long baselineVersion) {
        return new LoggedRequest(
                RequestId.mint(),
                7,
                AT,
                200,
                null,
                requested,
                "chosen",
                null,
                "openai",
                Routing.classifier,
                Mode.active,
                "code",
                new BigDecimal("0.5"),
                new BigDecimal("0.98"),
                1,
                false,
                false,
                false,
                null,
                null,
                null,
                null,
                Usage.UNKNOWN,
                null,
                null,
                baselineVersion,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static Offer offer(long id, String model, Price... prices) {
        return new Offer(id, model, "openai", "chat", true, null, null, Map.of(), Tier.large, null, List.of(prices));
    }

    private static Price price(long version, Instant from, String usd) {
        BigDecimal price = new BigDecimal(usd);
        return new Price(
                version,
                from,
                List.of(new PriceTier(
                        "standard", 0, new UnitPrices(price, null, null, null, price, null, null, null))));
    }
}
