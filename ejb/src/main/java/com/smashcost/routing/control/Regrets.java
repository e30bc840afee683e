package com.smashcost.routing.control;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import com.smashcost.routing.control.SessionRoutes.Key;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;

/**
 * Notices by what a client does next that an answer was not good enough: it asks the same again, or insists on a model of its own,
 * within a minute. Only the cell's counters learn of it. Thread-safe.
 */
@ApplicationScoped
public class Regrets {

    static final Duration WINDOW = Duration.ofSeconds(60);
    private static final long MOST_SESSIONS = 100_000;

    @Inject
    private Cells cells;

    private final Cache<Key, Answered> answered;

    public Regrets() {
        this(Ticker.systemTicker());
    }

    Regrets(Ticker ticker) {
        answered = Caffeine.newBuilder()
                .maximumSize(MOST_SESSIONS)
                .expireAfterWrite(WINDOW)
                .ticker(ticker)
                .build();
    }

    /**
     * One turn of a session.
     *
     * @param said a hash of what was said, which tells a repeated turn from a new one; never stored
     */
    public record Visit(Key session, long said) {}

    private record Answered(Cells.Key cell, long said) {}

    /** Notes that a turn was answered well as far as can be told. */
    public void answered(Visit visit, Cells.Key cell) {
        answered.put(visit.session(), new Answered(cell, visit.said()));
    }

    /** Takes note of a turn; if it is the last one again, that was not answered well. */
    void asked(Visit visit) {
        Answered last = answered.getIfPresent(visit.session());
        if (last != null && last.said == visit.said() && answered.asMap().remove(visit.session(), last)) {
            cells.regret(last.cell);
        }
    }

    /** Takes note that the client named a model of its own for what it says next. */
    void overridden(Key session) {
        Answered last = answered.asMap().remove(session);
        if (last != null) {
            cells.regret(last.cell);
        }
    }
}
