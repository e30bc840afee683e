package com.smashcost.admission.control;

import com.smashcost.ledger.entity.RequestId;
import com.smashcost.provider.entity.Usage;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** What one request holds of budgets from before its call until its cost is known. Given back once; what comes later is ignored. */
public final class Hold {

    /** Of a request that no budget counts. */
    public static final Hold NONE = new Hold(RequestId.mint(), Instant.MAX, Set.of());

    private final RequestId request;
    private final Instant expires;
    private final Set<Hold> open;
    private final List<Part> parts = new ArrayList<>(2);
    private final List<String> warnings = new ArrayList<>(0);
    private final AtomicBoolean given = new AtomicBoolean();

    private record Part(BudgetCounter counter, @Nullable Long amount) {}

    /**
     * @param open the holds that are not given back yet, this one among them once it is
     */
    Hold(RequestId request, Instant expires, Set<Hold> open) {
        this.request = request;
        this.expires = expires;
        this.open = open;
    }

    /** Adds what was taken; null where nothing could be, because nobody knows what the request may cost. */
    void add(BudgetCounter counter, @Nullable Long amount) {
        parts.add(new Part(counter, amount));
    }

    void warn(String budget) {
        warnings.add(budget);
    }

    /** The names of the budgets that have no room for this request, and only warn. */
    public List<String> warnings() {
        return warnings;
    }

    /** Gives back what was taken for what was really used. */
    public void settle(@Nullable BigDecimal cost, Usage usage) {
        if (give()) {
            for (Part part : parts) {
                Long used = part.counter.amountOf(cost, usage);
                if (used == null) {
                    part.counter.countUnpriced();
                }
                part.counter.settle(part.amount == null ? 0 : part.amount, used == null ? 0 : used);
            }
        }
    }

    /** Gives back all that was taken: nothing was used. */
    public void release() {
        if (give()) {
            for (Part part : parts) {
                part.counter.settle(part.amount == null ? 0 : part.amount, 0);
            }
        }
    }

    private boolean give() {
        if (parts.isEmpty() || !given.compareAndSet(false, true)) {
            return false;
        }
        open.remove(this);
        return true;
    }

    RequestId request() {
        return request;
    }

    Instant expires() {
        return expires;
    }

    /** What is held, by the ids of the budgets and in their units. */
    void each(Budgets.Taken reader) {
        for (Part part : parts) {
            if (part.amount != null) {
                reader.read(request, part.counter.rule().id(), part.counter.toDecimal(part.amount), expires);
            }
        }
    }
}
