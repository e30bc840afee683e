package com.smashcost.admission.control;

import com.smashcost.account.entity.BudgetRule;
import com.smashcost.account.entity.BudgetRule.Unit;
import com.smashcost.account.entity.BudgetWindow.Bounds;
import com.smashcost.metering.control.WorstCase;
import com.smashcost.provider.entity.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What is taken of one budget in one window: what requests cost that ended, and what those may cost that are under way. Amounts
 * are tokens, or 10<sup>-12</sup> US dollars, which is as exact as the ledger. Thread-safe; takes are atomic.
 */
final class BudgetCounter {

    private static final int DECIMALS = 12;
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    private final BudgetRule rule;
    private final ZoneId zone;
    private final Bounds bounds;
    private final Instant born;

    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong reserved = new AtomicLong();
    private final AtomicLong earlier = new AtomicLong();
    private final LongAdder unpriced = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder warned = new LongAdder();
    private volatile boolean complete;

    /**
     * @param born from when on this counter sees each request; what began earlier is told by {@link #restore}
     */
    BudgetCounter(BudgetRule rule, ZoneId zone, Bounds bounds, Instant born) {
        this.rule = rule;
        this.zone = zone;
        this.bounds = bounds;
        this.born = born;
        this.complete = !born.isAfter(bounds.start());
    }

    BudgetRule rule() {
        return rule;
    }

    Bounds bounds() {
        return bounds;
    }

    Instant born() {
        return born;
    }

    boolean isFor(ZoneId asked, Instant now) {
        return zone.equals(asked) && bounds.hold(now);
    }

    /**
     * Takes the amount where there is room for it, or, if {@code always}, also where there is none.
     *
     * @return whether there was room
     */
    boolean take(long amount, long limit, boolean always) {
        while (true) {
            long before = taken.get();
            boolean fits = amount <= limit - before;
            if (!fits && !always) {
                refused.increment();
                return false;
            }
            if (taken.compareAndSet(before, plus(before, amount))) {
                reserved.addAndGet(amount);
                if (!fits) {
                    warned.increment();
                }
                return fits;
            }
        }
    }

    /** Puts what was really used in the place of what was taken for it. */
    void settle(long amount, long used) {
        reserved.addAndGet(-amount);
        taken.accumulateAndGet(used - amount, BudgetCounter::plus);
    }

    /** Whether the amount would have room if nothing were under way. */
    boolean hasRoomLater(long amount, long limit) {
        return amount <= limit - used();
    }

    /** Counts a request that cost nobody knows what. */
    void countUnpriced() {
        unpriced.increment();
    }

    /** Tells what requests have cost that began in this window before this counter was born; it only ever grows. */
    void restore(BigDecimal amount) {
        long sum = toLong(amount);
        long known = earlier.getAndAccumulate(sum, Math::max);
        if (sum > known) {
            taken.accumulateAndGet(sum - known, BudgetCounter::plus);
        }
        complete = true;
    }

    boolean isComplete() {
        return complete;
    }

    /** What ended requests have used. */
    long used() {
        return taken.get() - reserved.get();
    }

    /** What is used or reserved. */
    long taken() {
        return taken.get();
    }

    long reserved() {
        return reserved.get();
    }

    long unpriced() {
        return unpriced.sum();
    }

    long refused() {
        return refused.sum();
    }

    long warned() {
        return warned.sum();
    }

    /** What to take for a request; null where that is not known. */
    @Nullable
    Long amountOf(WorstCase worst) {
        if (rule.unit() == Unit.tokens) {
            return worst.tokens();
        }
        BigDecimal cost = worst.cost();
        return cost == null ? null : toLong(cost);
    }

    /** What a request has used; null where that is not known. */
    @Nullable
    Long amountOf(@Nullable BigDecimal cost, Usage usage) {
        if (rule.unit() == Unit.tokens) {
            return usage.tokens();
        }
        return cost == null ? null : toLong(cost);
    }

    /** The amount as it is counted, rounded up. */
    long toLong(BigDecimal amount) {
        BigDecimal counted = rule.unit() == Unit.tokens ? amount : amount.movePointRight(DECIMALS);
        return counted.min(MOST).setScale(0, RoundingMode.CEILING).longValueExact();
    }

    /** A counted amount in the budget's unit. */
    BigDecimal toDecimal(long counted) {
        BigDecimal amount = BigDecimal.valueOf(counted);
        return rule.unit() == Unit.tokens ? amount : amount.movePointLeft(DECIMALS);
    }

    private static long plus(long one, long other) {
        long sum = one + other;
        boolean overflows = ((one ^ sum) & (other ^ sum)) < 0;
        return overflows ? Long.MAX_VALUE : sum;
    }
}
