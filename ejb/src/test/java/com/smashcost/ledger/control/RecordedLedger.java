package com.smashcost.ledger.control;

import com.smashcost.ledger.entity.LedgerEntry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A ledger in memory that shows what was recorded. */
public final class RecordedLedger extends Ledger {

    private final AtomicLong places = new AtomicLong();
    private final List<LedgerEntry> intents = new CopyOnWriteArrayList<>();
    private final List<LedgerEntry> rows = new CopyOnWriteArrayList<>();

    @Override
    public OpenEntry open(LedgerEntry intent) {
        intents.add(intent);
        return new OpenEntry(this, places.incrementAndGet(), intent);
    }

    @Override
    void record(long place, LedgerEntry entry) {
        rows.add(entry);
    }

    /** Forgets what it was told, for tests that tell it much. */
    public void forget() {
        intents.clear();
        rows.clear();
    }

    /** What was opened. */
    public List<LedgerEntry> intents() {
        return intents;
    }

    /** What was completed. */
    public List<LedgerEntry> rows() {
        return rows;
    }
}
