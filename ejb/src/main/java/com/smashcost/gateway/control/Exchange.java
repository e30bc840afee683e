package com.smashcost.gateway.control;

import com.smashcost.ledger.entity.LedgerEntry.Tags;
import com.smashcost.ledger.entity.RequestId;
import com.smashcost.provider.control.Call;
import java.time.Duration;
import java.time.Instant;

/** The identity and the times of one request. */
public final class Exchange {

    private final RequestId id = RequestId.mint();
    private final Instant startedAt = Instant.now();
    private final long startedNanos = System.nanoTime();
    private final Call call = new Call();
    private final Tags tags;

    public Exchange(Tags tags) {
        this.tags = tags;
    }

    public RequestId id() {
        return id;
    }

    public Instant startedAt() {
        return startedAt;
    }

    public Tags tags() {
        return tags;
    }

    /** Time since the request arrived, on the monotonic clock. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    /** The outbound call that this request makes. */
    public Call call() {
        return call;
    }

    /** Says that the client is gone; whatever is under way for it upstream is cancelled. */
    public void hangUp() {
        call.cancel(Call.End.CLIENT_GONE);
    }
}
