package com.smashcost.job.control;

import com.smashcost.refusal.control.Expect;
import com.smashcost.refusal.control.Refusal;
import com.smashcost.secret.control.Environment;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The time by which windows close, jobs run, tokens expire and alerts fire. It is the real time; in development it can be moved
 * forward, for this process and until it ends.
 */
@ApplicationScoped
public class BusinessClock {

    private static final Duration FARTHEST = Duration.ofDays(3650);

    @Inject
    private Environment environment;

    private volatile Duration ahead = Duration.ZERO;

    @SuppressWarnings("NullAway.Init")
    protected BusinessClock() {}

    /** A clock for these settings. */
    public BusinessClock(Environment environment) {
        this.environment = environment;
    }

    /** The present instant, in the microseconds that the database keeps. */
    public Instant now() {
        return Instant.now().plus(ahead).truncatedTo(ChronoUnit.MICROS);
    }

    /** Whether the clock can be moved. */
    public boolean isMovable() {
        return !environment.isProduction();
    }

    /**
     * Moves the clock forward and returns the new present.
     *
     * @throws Refusal if this is a production installation, or the step is not forward or goes farther than ten years
     */
    public synchronized Instant advance(Duration step) {
        if (!isMovable()) {
            throw new Refusal.Forbidden("clock_is_real", "The clock can be moved in development only.");
        }
        Duration sum = ahead.plus(step);
        if (step.isNegative() || step.isZero() || sum.compareTo(FARTHEST) > 0) {
            throw Expect.refuse("advance", "must go forward, and not farther than ten years from the real time");
        }
        ahead = sum;
        return now();
    }
}
