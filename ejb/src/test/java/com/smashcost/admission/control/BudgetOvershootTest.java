package com.smashcost.admission.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.account.entity.BudgetRule;
import com.smashcost.account.entity.BudgetRule.Action;
import com.smashcost.account.entity.BudgetRule.Scope;
import com.smashcost.account.entity.BudgetRule.Unit;
import com.smashcost.admission.control.Budgets.Asking;
import com.smashcost.job.control.BusinessClock;
import com.smashcost.ledger.entity.RequestId;
import com.smashcost.metering.control.WorstCase;
import com.smashcost.provider.entity.Usage;
import com.smashcost.refusal.control.Refusal;
import com.smashcost.secret.control.Environment;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The bound that docs/budgets.md states, with 200 requests at once. */
class BudgetOvershootTest {

    private static final int THREADS = 200;
    private static final int EACH = 200;
    private static final long WORST = 1000;
    private static final long LIMIT = 1_000_000;
    private static final BudgetRule RULE =
            BudgetsTest.rule(1, Scope.organization, null, null, Unit.tokens, Long.toString(LIMIT), Action.refuse);

    private final Budgets budgets =
            new Budgets(new BusinessClock(Environment.of(Map.of("SMASHCOST_PROFILE", "development"))));

    @Test
    void never_passes_the_limit_while_requests_cost_no_more_than_was_taken_for_them() throws Exception {
        Outcome outcome = run(worst -> ThreadLocalRandom.current().nextLong(worst / 2, worst + 1));

        assertThat(outcome.highest).as("taken at any moment").isLessThanOrEqualTo(LIMIT);
        assertThat(outcome.used).isBetween(LIMIT - WORST, LIMIT);
        assertThat(outcome.refused).isPositive();
        assertThat(budgets.standing(RULE, ZoneOffset.UTC).used())
                .isEqualByComparingTo(BigDecimal.valueOf(outcome.used));
        assertThat(budgets.standing(RULE, ZoneOffset.UTC).reserved()).isEqualByComparingTo("0");
    }

    @Test
    void passes_the_limit_by_no_more_than_what_requests_under_way_cost_above_what_was_taken() throws Exception {
        long excess = 300;
        Outcome outcome = run(worst -> worst + excess);

        assertThat(outcome.used).isGreaterThan(LIMIT - WORST).isLessThanOrEqualTo(LIMIT + THREADS * excess);
        assertThat(outcome.refused).isPositive();
    }

    private record Outcome(long used, long highest, long refused) {}

    private Outcome run(LongUnaryOperator costOf) throws Exception {
        AtomicLong used = new AtomicLong();
        AtomicLong refused = new AtomicLong();
        AtomicLong highest = new AtomicLong();
        CountDownLatch together = new CountDownLatch(THREADS);
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<? extends Future<?>> all = IntStream.range(0, THREADS)
                    .mapToObj(i -> threads.submit(() -> {
                        together.countDown();
                        together.await();
                        for (int n = 0; n < EACH; n++) {
                            ask(costOf, used, refused, highest);
                        }
                        return null;
                    }))
                    .toList();
            for (Future<?> each : all) {
                each.get();
            }
        }
        return new Outcome(used.get(), highest.get(), refused.get());
    }

    private void ask(LongUnaryOperator costOf, AtomicLong used, AtomicLong refused, AtomicLong highest) {
        Hold hold;
        try {
            hold = budgets.take(
                    List.of(RULE),
                    ZoneOffset.UTC,
                    new Asking(RequestId.mint(), 1, null, Instant.now()),
                    () -> new WorstCase(WORST, null));
        } catch (Refusal.OverBudget over) {
            refused.incrementAndGet();
            return;
        }
        budgets.standings()
                .forEach(standing -> highest.accumulateAndGet(
                        standing.used().add(standing.reserved()).longValue(), Math::max));
        Thread.yield();
        long cost = costOf.applyAsLong(WORST);
        used.addAndGet(cost);
        hold.settle(null, new Usage(cost, null, null, null, null, null, null, null));
    }
}
