package com.smashcost.gateway.control;

import com.smashcost.ledger.entity.LedgerEntry.Choice;
import com.smashcost.ledger.entity.LedgerEntry.Outcome;
import com.smashcost.provider.control.UpstreamFailure.Kind;
import com.smashcost.routing.control.CircuitBreakers.Permit;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One call of a model for a request, and what that model's breaker is told of it. */
final class Attempt {

    private final String provider;
    private final String model;
    private final boolean fallback;
    private final AtomicInteger calls;
    private final @Nullable Permit permit;
    private final long startedAt = System.nanoTime();

    /**
     * @param fallback whether another model was chosen
     * @param calls how many were made for the request so far, this one included
     * @param permit null if no call is made
     */
    Attempt(String provider, String model, boolean fallback, AtomicInteger calls, @Nullable Permit permit) {
        this.provider = provider;
        this.model = model;
        this.fallback = fallback;
        this.calls = calls;
        this.permit = permit;
    }

    String provider() {
        return provider;
    }

    String model() {
        return model;
    }

    boolean isFallback() {
        return fallback;
    }

    /** How many calls were made for the request so far. */
    int calls() {
        return calls.get();
    }

    /** The choice, if this is the call that served. */
    Choice of(Choice chosen) {
        return new Choice(
                chosen.requested(),
                model,
                chosen.projected(),
                provider,
                chosen.routing(),
                chosen.mode(),
                chosen.task(),
                chosen.score());
    }

    /** The first piece of an answer came. */
    void answering() {
        if (permit != null) {
            permit.answering(took());
        }
    }

    /** The provider failed. */
    void failed() {
        if (permit != null) {
            permit.failed(took());
        }
    }

    /** Nothing can be said of the provider: it refused what was asked, or nobody waited for it. */
    void released() {
        if (permit != null) {
            permit.close();
        }
    }

    /** The request has ended with this call. */
    void ended(Outcome outcome) {
        String errorClass = outcome.errorClass();
        if (permit == null) {
            return;
        }
        if (errorClass == null) {
            permit.succeeded(took());
        } else if (errorClass.equals(Served.UPSTREAM_ERROR) || isBlamed(errorClass)) {
            permit.failed(took());
        } else {
            permit.close();
        }
    }

    private static boolean isBlamed(String errorClass) {
        for (Kind kind : Kind.values()) {
            if (kind.name().equals(errorClass)) {
                return kind != Kind.client_closed;
            }
        }
        return false;
    }

    private Duration took() {
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }
}
