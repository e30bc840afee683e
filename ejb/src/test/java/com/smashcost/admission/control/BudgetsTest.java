package com.smashcost.admission.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.smashcost.account.entity.BudgetRule;
import com.smashcost.account.entity.BudgetRule.Action;
import com.smashcost.account.entity.BudgetRule.Scope;
import com.smashcost.account.entity.BudgetRule.Unit;
import com.smashcost.account.entity.BudgetWindow;
import com.smashcost.admission.control.Budgets.Asking;
import com.smashcost.admission.control.Budgets.Gap;
import com.smashcost.job.control.BusinessClock;
import com.smashcost.ledger.entity.RequestId;
import com.smashcost.metering.control.WorstCase;
import com.smashcost.provider.entity.Usage;
import com.smashcost.refusal.control.Refusal;
import com.smashcost.secret.control.Environment;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BudgetsTest {

    private static final ZoneId ZONE = ZoneOffset.UTC;
    private static final BudgetRule DOLLAR = rule(1, Scope.organization, null, null, Unit.usd, "1", Action.refuse);
    private static final BudgetRule TOKENS = rule(2, Scope.organization, null, null, Unit.tokens, "100", Action.refuse);

    private final BusinessClock clock = new BusinessClock(Environment.of(Map.of("SMASHCOST_PROFILE", "development")));
    private final Budgets budgets = new Budgets(clock);

    @Test
    void holds_what_a_request_may_cost_until_it_is_known_what_it_cost() {
        Hold hold = take(DOLLAR, "0.4", 10);
        assertThat(budgets.standing(DOLLAR, ZONE).reserved()).isEqualByComparingTo("0.4");
        assertThat(budgets.standing(DOLLAR, ZONE).used()).isEqualByComparingTo("0");

        hold.settle(new BigDecimal("0.000000000001"), usage(3));

        assertThat(budgets.standing(DOLLAR, ZONE).reserved()).isEqualByComparingTo("0");
        assertThat(budgets.standing(DOLLAR, ZONE).used()).isEqualByComparingTo("0.000000000001");
    }

    @Test
    void counts_tokens_of_prompt_and_answer() {
        take(TOKENS, null, 90).settle(null, new Usage(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L));

        assertThat(budgets.standing(TOKENS, ZONE).used()).isEqualByComparingTo("36");
        assertThat(budgets.standing(TOKENS, ZONE).unpriced()).isZero();
    }

    @Test
    void refuses_what_might_pass_the_limit_and_takes_what_reaches_it() {
        take(DOLLAR, "0.4", 0);
        take(DOLLAR, "0.6", 0);

        assertRefused(DOLLAR, "0.000000000001");
    }

    @Test
    void says_which_budget_has_no_room_and_when_it_has() {
        take(DOLLAR, "0.9", 0).settle(new BigDecimal("0.9"), usage(1));

        Refusal.OverBudget refused = assertRefused(DOLLAR, "0.2");

        Instant reset = budgets.standing(DOLLAR, ZONE).bounds().end();
        assertThat(refused.code()).isEqualTo("budget_exceeded");
        assertThat(refused.budget()).isEqualTo("b1");
        assertThat(refused.reset()).isEqualTo(reset);
        assertThat(refused.retryAfter())
                .isBetween(Duration.ZERO, Duration.between(Instant.now(), reset).plusSeconds(1));
        assertThat(refused.isRetryable()).isFalse();
        assertThat(refused.explanation()).contains("b1 of 1 USD a day", "0.2 USD", reset.toString());
    }

    @Test
    void says_so_when_only_requests_under_way_stand_in_the_way() {
        Hold hold = take(DOLLAR, "0.9", 0);

        Refusal.OverBudget refused = assertRefused(DOLLAR, "0.2");

        assertThat(refused.isRetryable()).isTrue();
        assertThat(refused.retryAfter()).isLessThanOrEqualTo(Duration.ofSeconds(5));
        hold.settle(new BigDecimal("0.1"), usage(1));
        take(DOLLAR, "0.2", 0);
    }

    @Test
    void takes_from_all_budgets_or_from_none() {
        assertThatExceptionOfType(Refusal.OverBudget.class)
                .isThrownBy(() -> take(List.of(DOLLAR, TOKENS), 5, null, "0.5", 101));

        assertThat(budgets.standing(DOLLAR, ZONE).reserved()).isEqualByComparingTo("0");
        assertThat(budgets.standing(TOKENS, ZONE).refused()).isEqualTo(1);
    }

    @Test
    void looks_at_the_budgets_of_the_key_and_of_the_customer_alone() {
        BudgetRule key = rule(3, Scope.key, 5L, null, Unit.tokens, "10", Action.refuse);
        BudgetRule customer = rule(4, Scope.customer_tag, null, "Acme", Unit.tokens, "10", Action.refuse);
        List<BudgetRule> both = List.of(key, customer);

        assertThat(take(both, 6, null, null, 99)).isSameAs(Hold.NONE);
        assertThat(take(both, 6, "acme", null, 99)).isSameAs(Hold.NONE);
        take(both, 5, "acme", null, 4);
        take(both, 6, "Acme", null, 5);

        assertThat(budgets.standing(key, ZONE).reserved()).isEqualByComparingTo("4");
        assertThat(budgets.standing(customer, ZONE).reserved()).isEqualByComparingTo("5");
    }

    @Test
    void lets_a_request_through_a_budget_that_warns_and_names_it() {
        BudgetRule warns = rule(5, Scope.organization, null, null, Unit.tokens, "10", Action.warn);

        assertThat(take(warns, null, 10).warnings()).isEmpty();
        assertThat(take(warns, null, 1).warnings()).containsExactly("b5");
        assertThat(budgets.standing(warns, ZONE).warned()).isEqualTo(1);
        assertThat(budgets.standing(warns, ZONE).reserved()).isEqualByComparingTo("11");
    }

    @Test
    void refuses_a_model_without_a_price_where_money_is_limited() {
        Refusal.BadRequest refused = catchThrowableOfType(Refusal.BadRequest.class, () -> take(DOLLAR, null, 1));

        assertThat(refused.code()).isEqualTo("model_not_priced");
    }

    @Test
    void counts_apart_what_has_no_price_where_it_only_warns() {
        BudgetRule warns = rule(6, Scope.organization, null, null, Unit.usd, "1", Action.warn);

        take(warns, null, 1).settle(null, usage(1));

        assertThat(budgets.standing(warns, ZONE).used()).isEqualByComparingTo("0");
        assertThat(budgets.standing(warns, ZONE).unpriced()).isEqualTo(1);
    }

    @Test
    void gives_back_once() {
        Hold hold = take(TOKENS, null, 90);
        hold.settle(null, usage(50));
        hold.settle(null, usage(50));
        hold.release();

        assertThat(budgets.standing(TOKENS, ZONE).used()).isEqualByComparingTo("50");
        assertThat(budgets.standing(TOKENS, ZONE).reserved()).isEqualByComparingTo("0");
    }

    @Test
    void counts_in_the_window_in_which_a_request_began() {
        Hold hold = take(TOKENS, null, 90);
        clock.advance(Duration.ofDays(1));

        assertThat(budgets.standing(TOKENS, ZONE).reserved()).isEqualByComparingTo("0");
        hold.settle(null, usage(50));
        assertThat(budgets.standing(TOKENS, ZONE).used()).isEqualByComparingTo("0");
        take(TOKENS, null, 100);
    }

    @Test
    void keeps_what_was_counted_when_the_limit_changes() {
        take(TOKENS, null, 90).settle(null, usage(90));
        BudgetRule more = rule(2, Scope.organization, null, null, Unit.tokens, "120", Action.refuse);

        take(more, null, 30);

        assertRefused(more, null, 1);
        assertRefused(TOKENS, null, 1);
    }

    @Test
    void gives_back_what_was_abandoned() {
        Hold hold = take(TOKENS, null, 90);

        budgets.expire(Instant.now().plus(Duration.ofMinutes(19)));
        assertThat(budgets.standing(TOKENS, ZONE).reserved()).isEqualByComparingTo("90");
        budgets.expire(Instant.now().plus(Duration.ofMinutes(21)));
        assertThat(budgets.standing(TOKENS, ZONE).reserved()).isEqualByComparingTo("0");
        hold.settle(null, usage(90));
        assertThat(budgets.standing(TOKENS, ZONE).used()).isEqualByComparingTo("0");
    }

    @Test
    void adds_what_the_ledger_knows_of_the_time_before_once() {
        take(TOKENS, null, 30).settle(null, usage(30));
        Gap gap = budgets.gaps(List.of(TOKENS), ZONE).getFirst();
        assertThat(gap.from()).isEqualTo(budgets.standing(TOKENS, ZONE).bounds().start());
        assertThat(budgets.standing(TOKENS, ZONE).complete()).isFalse();

        budgets.fill(gap, new BigDecimal(20));
        budgets.fill(gap, new BigDecimal(20));
        assertThat(budgets.standing(TOKENS, ZONE).used()).isEqualByComparingTo("50");
        budgets.fill(gap, new BigDecimal(25)); // another request of then has ended

        assertThat(budgets.standing(TOKENS, ZONE).used()).isEqualByComparingTo("55");
        assertThat(budgets.standing(TOKENS, ZONE).complete()).isTrue();
        assertRefused(TOKENS, null, 46);
    }

    @Test
    void misses_nothing_of_a_window_that_followed_another() {
        take(TOKENS, null, 30);
        clock.advance(Duration.ofDays(1));

        assertThat(budgets.gaps(List.of(TOKENS), ZONE)).isEmpty();
        assertThat(budgets.standing(TOKENS, ZONE).complete()).isTrue();
    }

    @Test
    void holds_what_an_earlier_process_held_until_it_expires() {
        budgets.recall(
                RequestId.mint(),
                TOKENS,
                ZONE,
                new BigDecimal(80),
                Instant.now().plusSeconds(60));

        assertRefused(TOKENS, null, 21);
        budgets.expire(Instant.now().plusSeconds(61));
        take(TOKENS, null, 100);
    }

    @Test
    void forgets_what_an_earlier_process_held_in_a_window_that_is_over() {
        RequestId request = RequestId.mint();
        clock.advance(Duration.ofDays(1));

        budgets.recall(request, TOKENS, ZONE, new BigDecimal(80), Instant.now().plusSeconds(60));

        take(TOKENS, null, 100);
    }

    @Test
    void tells_of_windows_that_ended_since_it_was_asked() {
        assertRefused(TOKENS, null, 101);
        clock.advance(Duration.ofDays(1));
        take(TOKENS, null, 1);

        assertThat(budgets.standings()).extracting(Budgets.Standing::refused).containsExactlyInAnyOrder(1L, 0L);
        assertThat(budgets.standings()).extracting(Budgets.Standing::refused).containsExactly(0L);
    }

    private Hold take(BudgetRule rule, @Nullable String cost, long tokens) {
        return take(List.of(rule), 5, null, cost, tokens);
    }

    private Hold take(List<BudgetRule> rules, long key, @Nullable String customer, @Nullable String cost, long tokens) {
        return budgets.take(
                rules,
                ZONE,
                new Asking(RequestId.mint(), key, customer, Instant.now()),
                () -> new WorstCase(tokens, cost == null ? null : new BigDecimal(cost)));
    }

    private Refusal.OverBudget assertRefused(BudgetRule rule, String cost) {
        return assertRefused(rule, cost, 1);
    }

    private Refusal.OverBudget assertRefused(BudgetRule rule, @Nullable String cost, long tokens) {
        return catchThrowableOfType(Refusal.OverBudget.class, () -> take(rule, cost, tokens));
    }

    private static Usage usage(long input) {
        return new Usage(input, null, null, null, null, null, null, null);
    }

    static BudgetRule rule(
            long id,
            Scope scope,
            @Nullable Long key,
            @Nullable String customer,
            Unit unit,
            String limit,
            Action action) {
        return new BudgetRule(
                id, 7, "b" + id, scope, key, customer, unit, new BigDecimal(limit), BudgetWindow.day, action);
    }
}
