package com.smashcost.ledger.control;

import com.smashcost.ledger.entity.LedgerEntry;
import com.smashcost.ledger.entity.LedgerEntry.Choice;
import com.smashcost.ledger.entity.LedgerEntry.Metered;
import com.smashcost.ledger.entity.LedgerEntry.Outcome;
import com.smashcost.ledger.entity.LedgerEntry.Weighed;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** An entry whose intent is safe and which is completed exactly once; what comes later is ignored. Thread-safe. */
public final class OpenEntry {

    private final Ledger ledger;
    private final long place;
    private final LedgerEntry intent;
    private final AtomicBoolean completed = new AtomicBoolean();

    OpenEntry(Ledger ledger, long place, LedgerEntry intent) {
        this.ledger = ledger;
        this.place = place;
        this.intent = intent;
    }

    /** The choice as it was when the provider was about to be called. */
    public Choice choice() {
        return intent.choice();
    }

    /** Completes the entry, unless it is; when this returns, the row will be in the database, whatever dies. */
    public void complete(Choice choice, @Nullable Weighed weighed, Outcome outcome, Metered metered) {
        if (completed.compareAndSet(false, true)) {
            ledger.record(
                    place, intent.complete(choice, weighed == null ? intent.weighed() : weighed, outcome, metered));
        }
    }

    /** Whether the entry was completed. */
    public boolean isComplete() {
        return completed.get();
    }
}
