package com.smashcost.gateway.control;

import com.smashcost.ledger.entity.LedgerEntry.Tags;
import com.smashcost.ledger.entity.RequestId;
import com.smashcost.provider.control.Call;
import com.smashcost.routing.control.Router.Wish;
import java.time.Duration;
import java.time.Instant;

/** The identity and the times of one request. */
public final class Exchange {

    private final RequestId id = RequestId.mint();
    private final Instant startedAt = Instant.now();
    private final long startedNanos = System.nanoTime();
    private final Call call = new Call();
    private final Tags tags;
    private final Wish wish;

    /** A request of a client that has no wishes of its own. */
    public Exchange(Tags tags) {
        this(tags, Wish.NONE);
    }

    /**
     * @param wish how the client wants to be routed
     */
    public Exchange(Tags tags, Wish wish) {
        this.tags = tags;
        this.wish = wish;
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

    public Wish wish() {
        return wish;
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
