package com.smashcost.admission.control;

import com.smashcost.account.entity.BudgetRule;
import com.smashcost.account.entity.BudgetRule.Action;
import com.smashcost.account.entity.BudgetRule.Unit;
import com.smashcost.account.entity.BudgetWindow.Bounds;
import com.smashcost.job.control.BusinessClock;
import com.smashcost.ledger.entity.RequestId;
import com.smashcost.metering.control.WorstCase;
import com.smashcost.refusal.control.Refusal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The budgets of all organisations as this node counts them, in memory: what a request may cost is taken before its call and
 * settled after it. What is taken and used together never passes the limit of a budget that refuses.
 */
@ApplicationScoped
public class Budgets {

    /** Longer than any request lasts, so that only what was abandoned expires. */
    static final Duration ABANDONED = Duration.ofMinutes(20);

    /** When to ask again where only requests that are under way stand in the way. */
    private static final Duration SOON = Duration.ofSeconds(5);

    @Inject
    private BusinessClock clock;

    private final ConcurrentMap<Key, BudgetCounter> counters = new ConcurrentHashMap<>();
    private final Queue<BudgetCounter> ended = new ConcurrentLinkedQueue<>();
    private final Set<Hold> open = ConcurrentHashMap.newKeySet();

    /** Windows of the same budget in two zones are counted apart, as both may be in use while a change of zone spreads. */
    private record Key(long budget, ZoneId zone) {}

    @SuppressWarnings("NullAway.Init")
    protected Budgets() {}

    /** Budgets whose windows follow this clock. */
    public Budgets(BusinessClock clock) {
        this.clock = clock;
    }

    /**
     * Who asks.
     *
     * @param customer the customer tag; null if there is none
     * @param at when the request began
     */
    public record Asking(
            RequestId request, long key, @Nullable String customer, Instant at) {}

    /** A reader of what is taken, in the budget's unit. */
    public interface Taken {
        void read(RequestId request, long budget, BigDecimal amount, Instant expires);
    }

    /**
     * Takes what a request may cost from each budget that counts it, from all or from none.
     *
     * @param worst asked for if there is such a budget
     * @throws Refusal.OverBudget if one of them has no room and refuses
     * @throws Refusal.BadRequest if one that refuses counts money and the model has no price
     */
    public Hold take(List<BudgetRule> rules, ZoneId zone, Asking asking, Supplier<WorstCase> worst) {
        Hold hold = null;
        WorstCase most = null;
        Instant now = null;
        for (BudgetRule rule : rules) {
            if (!rule.counts(asking.key(), asking.customer())) {
                continue;
            }
            if (hold == null) {
                now = clock.now();
                most = worst.get();
                hold = new Hold(asking.request(), asking.at().plus(ABANDONED), open);
            }
            try {
                take(hold, rule, zone, most, now);
            } catch (Refusal refusal) {
                hold.release();
                throw refusal;
            }
        }
        if (hold == null) {
            return Hold.NONE;
        }
        open.add(hold);
        return hold;
    }

    private void take(Hold hold, BudgetRule rule, ZoneId zone, @Nullable WorstCase worst, @Nullable Instant now) {
        if (worst == null || now == null) {
            throw new IllegalStateException("what a request may cost is asked for before it is taken");
        }
        BudgetCounter counter = counter(rule, zone, now);
        Long amount = counter.amountOf(worst);
        boolean refuses = rule.action() == Action.refuse;
        if (amount == null) {
            if (refuses) {
                throw new Refusal.BadRequest(
                        "model_not_priced",
                        "The budget " + rule.name() + " counts money, and this model has no price in the catalogue."
                                + " Use another model, or have a price added.",
                        "model");
            }
            hold.add(counter, null);
            return;
        }
        long limit = limitHere(counter, rule);
        boolean fits = counter.take(amount, limit, !refuses);
        if (!fits && refuses) {
            throw overBudget(rule, counter, amount, limit, now);
        }
        hold.add(counter, amount);
        if (!fits) {
            hold.warn(rule.name());
        }
    }

    /** This node's share of the budget: all of it, as long as there is one node. */
    private static long limitHere(BudgetCounter counter, BudgetRule rule) {
        return counter.toLong(rule.limit());
    }

    private static Refusal.OverBudget overBudget(
            BudgetRule rule, BudgetCounter counter, long amount, long limit, Instant now) {
        Instant reset = counter.bounds().end();
        Duration untilReset = Duration.between(now, reset);
        boolean later = counter.hasRoomLater(amount, limit);
        String unit = rule.unit() == Unit.usd ? " USD" : " tokens";
        return new Refusal.OverBudget(
                "The budget " + rule.name() + " of " + plain(rule.limit()) + unit + " a " + rule.window()
                        + " has no room for this request, which may come to "
                        + plain(counter.toDecimal(amount)) + unit + ". It begins anew at "
                        + reset.truncatedTo(ChronoUnit.SECONDS)
                        + (later
                                ? "; there may be room sooner, when requests that are under way have ended."
                                : "; until then, a smaller limit of output tokens may fit."),
                rule.name(),
                reset,
                later && SOON.compareTo(untilReset) < 0 ? SOON : untilReset,
                later);
    }

    private static String plain(BigDecimal amount) {
        return amount.stripTrailingZeros().toPlainString();
    }

    private BudgetCounter counter(BudgetRule rule, ZoneId zone, Instant now) {
        Key key = new Key(rule.id(), zone);
        BudgetCounter counter = counters.get(key);
        return counter != null && counter.isFor(zone, now) ? counter : begin(key, rule, now);
    }

    private BudgetCounter begin(Key key, BudgetRule rule, Instant now) {
        BudgetCounter begun = counters.compute(key, (same, present) -> {
            if (present != null && present.isFor(key.zone, now)) {
                return present;
            }
            Bounds bounds = rule.window().around(now, key.zone);
            boolean follows = present != null && present.bounds().end().equals(bounds.start());
            if (present != null) {
                ended.add(present);
            }
            return new BudgetCounter(rule, key.zone, bounds, follows ? bounds.start() : Instant.now());
        });
        return begun;
    }

    // what is done in the background --------------------------------------------------------------------------------

    /**
     * A window whose counter does not know what began before it.
     *
     * @param from the start of the window
     * @param to before when the counter saw nothing
     */
    public record Gap(BudgetRule rule, ZoneId zone, Instant from, Instant to) {}

    /** Counts these budgets from now on, if it does not yet; empty if nothing of the present window is missing. */
    public List<Gap> gaps(Collection<BudgetRule> rules, ZoneId zone) {
        List<Gap> gaps = new ArrayList<>();
        Instant now = clock.now();
        for (BudgetRule rule : rules) {
            BudgetCounter counter = counter(rule, zone, now);
            boolean young = counter.born().plus(ABANDONED).isAfter(Instant.now());
            if (counter.born().isAfter(counter.bounds().start()) && (young || !counter.isComplete())) {
                gaps.add(new Gap(rule, zone, counter.bounds().start(), counter.born()));
            }
        }
        return gaps;
    }

    /** Fills a gap with what the ledger says; to be told again as requests end that began in it. */
    public void fill(Gap gap, BigDecimal used) {
        BudgetCounter counter = counters.get(new Key(gap.rule.id(), gap.zone));
        if (counter != null
                && counter.born().equals(gap.to)
                && counter.bounds().start().equals(gap.from)) {
            counter.restore(used);
        }
    }

    /** Holds what a request of an earlier process held that began in the present window and did not end, until it expires. */
    public void recall(RequestId request, BudgetRule rule, ZoneId zone, BigDecimal amount, Instant expires) {
        BudgetCounter counter = counter(rule, zone, clock.now());
        if (request.mintedAt().isBefore(counter.bounds().start())) {
            return;
        }
        Hold hold = new Hold(request, expires, open);
        long taken = counter.toLong(amount);
        counter.take(taken, Long.MAX_VALUE, true);
        hold.add(counter, taken);
        open.add(hold);
    }

    /** Gives back what was abandoned before this instant. */
    public void expire(Instant now) {
        for (Hold hold : open) {
            if (hold.expires().isBefore(now)) {
                hold.release();
            }
        }
    }

    /** Reads all that is taken and not settled. */
    public void eachTaken(Taken reader) {
        open.forEach(hold -> hold.each(reader));
    }

    /**
     * How a budget stands.
     *
     * @param used by requests that ended, in the budget's unit, as is {@code reserved} for those under way
     * @param unpriced requests of which nobody knows what they cost
     * @param refused requests, as {@code warned}
     * @param complete whether what began before this node counted is included
     */
    public record Standing(
            BudgetRule rule,
            Bounds bounds,
            BigDecimal used,
            BigDecimal reserved,
            long unpriced,
            long refused,
            long warned,
            boolean complete) {

        private static Standing of(BudgetCounter counter, BudgetRule rule) {
            return new Standing(
                    rule,
                    counter.bounds(),
                    counter.toDecimal(counter.used()),
                    counter.toDecimal(counter.reserved()),
                    counter.unpriced(),
                    counter.refused(),
                    counter.warned(),
                    counter.isComplete());
        }
    }

    /** How this budget stands in the present window. */
    public Standing standing(BudgetRule rule, ZoneId zone) {
        return Standing.of(counter(rule, zone, clock.now()), rule);
    }

    /** How all counted windows stand, those included that ended since the last call. */
    public List<Standing> standings() {
        List<Standing> standings = new ArrayList<>();
        counters.values().forEach(counter -> standings.add(Standing.of(counter, counter.rule())));
        for (BudgetCounter counter = ended.poll(); counter != null; counter = ended.poll()) {
            standings.add(Standing.of(counter, counter.rule()));
        }
        return standings;
    }

    /** Forgets counters of budgets that are no more, and of zones that their organisations have left. */
    public void keepOnly(Set<Long> budgets) {
        Instant now = clock.now();
        counters.values()
                .removeIf(counter -> !budgets.contains(counter.rule().id())
                        || counter.bounds().end().plus(ABANDONED).isBefore(now));
    }
}
