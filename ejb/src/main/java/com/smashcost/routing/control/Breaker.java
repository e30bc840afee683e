package com.smashcost.routing.control;

import com.smashcost.routing.control.CircuitBreakers.Permit;
import com.smashcost.routing.control.CircuitBreakers.Reading;
import com.smashcost.routing.control.CircuitBreakers.State;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.Metrics;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The breaker of one model. The state machine has a new {@link Metrics} for every closed and every half-open period (an open
 * one keeps those of the period before), so a permit that holds them knows whether its verdict still belongs to the present:
 * calls take minutes, and one from before the breaker opened says nothing about a provider that is being probed. Thread-safe.
 */
final class Breaker {

    static final int PROBES = 3;
    private static final int FAILURES_IN_A_ROW = 5;
    private static final int FEWEST_CALLS = 20;
    private static final int WINDOW_SECONDS = 30;
    private static final Duration OPEN = Duration.ofSeconds(30);
    private static final double JITTER = 0.1;

    /** How many of the probes have to succeed; what the others bring then changes nothing. */
    private static final int ENOUGH_PROBES = 2;

    private static final Exception FAILED = new UpstreamFailed();

    private final Clock clock;
    private final DoubleSupplier chance;
    private final CircuitBreaker machine;
    private final AtomicInteger inARow = new AtomicInteger();
    private final AtomicReference<Probes> probes;
    private volatile Opening opening = new Opening(Instant.EPOCH, Instant.EPOCH);
    private volatile Instant usedAt;

    /** The time for which no call is let through, on the breaker's own clock. */
    private record Opening(Instant since, Instant until) {}

    /** How many probes one half-open period has given out. */
    private record Probes(Metrics period, AtomicInteger given) {}

    /** What the state machine is told: it counts exceptions. */
    private static final class UpstreamFailed extends Exception {
        private static final long serialVersionUID = 1L;

        UpstreamFailed() {
            super("the provider failed", null, false, false);
        }
    }

    /**
     * @param chance gives a number from 0 to below 1
     */
    Breaker(String name, Clock clock, DoubleSupplier chance) {
        this.clock = clock;
        this.chance = chance;
        this.usedAt = clock.instant();
        this.machine = CircuitBreaker.of(
                name,
                CircuitBreakerConfig.custom()
                        .clock(clock)
                        .slidingWindowType(SlidingWindowType.TIME_BASED)
                        .slidingWindowSize(WINDOW_SECONDS)
                        // the lock-free one reads a clock of its own; this one locks one model for the time of a few
                        // additions
                        .slidingWindowSynchronizationStrategy(SlidingWindowSynchronizationStrategy.SYNCHRONIZED)
                        .minimumNumberOfCalls(FEWEST_CALLS)
                        .failureRateThreshold(50)
                        .slowCallRateThreshold(100)
                        .slowCallDurationThreshold(Duration.ofDays(1))
                        .permittedNumberOfCallsInHalfOpenState(PROBES)
                        .waitIntervalFunctionInOpenState(attempt -> opens().toMillis())
                        .build());
        this.probes = new AtomicReference<>(new Probes(machine.getMetrics(), new AtomicInteger()));
    }

    Optional<Permit> permit() {
        usedAt = clock.instant();
        if (!machine.tryAcquirePermission()) {
            return Optional.empty();
        }
        boolean probing = machine.getState() == CircuitBreaker.State.HALF_OPEN;
        Metrics period = machine.getMetrics();
        if (probing) {
            probesOf(period).given.incrementAndGet();
        }
        return Optional.of(new Permit(this, period, probing));
    }

    /** Whether no call would be let through now. */
    boolean isShut() {
        return switch (machine.getState()) {
            case OPEN -> !clock.instant().isAfter(opening.until);
            case HALF_OPEN -> {
                Probes given = probes.get();
                yield given.period == machine.getMetrics() && given.given.get() >= PROBES;
            }
            default -> false;
        };
    }

    /** The rest of the time for which it is open; zero or less if there is none. */
    Duration shutFor() {
        return Duration.between(clock.instant(), opening.until);
    }

    void succeeded(Metrics period, Duration took) {
        if (machine.getMetrics() != period) {
            return;
        }
        inARow.set(0);
        machine.onSuccess(took.toNanos(), TimeUnit.NANOSECONDS);
        if (machine.getState() == CircuitBreaker.State.HALF_OPEN
                && machine.getMetrics() == period
                && period.getNumberOfSuccessfulCalls() >= ENOUGH_PROBES) {
            machine.transitionToClosedState();
        }
    }

    void failed(Metrics period, Duration took) {
        if (machine.getMetrics() != period) {
            return;
        }
        machine.onError(took.toNanos(), TimeUnit.NANOSECONDS, FAILED);
        if (machine.getState() == CircuitBreaker.State.CLOSED && inARow.incrementAndGet() == FAILURES_IN_A_ROW) {
            machine.transitionToOpenState();
        }
    }

    /** Takes back what was not used: another probe may be made instead. */
    void released(Metrics period, boolean probing) {
        if (probing && machine.getMetrics() == period) {
            machine.releasePermission();
            probesOf(period).given.decrementAndGet();
        }
    }

    Instant usedAt() {
        return usedAt;
    }

    boolean isClosed() {
        return machine.getState() == CircuitBreaker.State.CLOSED;
    }

    Reading reading(String provider, String model) {
        State state = state();
        Metrics metrics = machine.getMetrics();
        int calls = metrics.getNumberOfBufferedCalls();
        Opening last = opening;
        Duration ago = Duration.between(last.since, clock.instant());
        Instant since = state == State.closed ? null : Instant.now().minus(ago);
        return new Reading(
                provider,
                model,
                state,
                rate(metrics.getNumberOfFailedCalls(), calls),
                calls,
                since,
                since == null ? null : since.plus(Duration.between(last.since, last.until)));
    }

    private State state() {
        return switch (machine.getState()) {
            case OPEN, FORCED_OPEN -> State.open;
            case HALF_OPEN -> State.half_open;
            case CLOSED, DISABLED, METRICS_ONLY -> State.closed;
        };
    }

    private static @Nullable BigDecimal rate(int failed, int calls) {
        return calls == 0
                ? null
                : BigDecimal.valueOf(failed).divide(BigDecimal.valueOf(calls), 4, RoundingMode.HALF_UP);
    }

    private Probes probesOf(Metrics period) {
        return probes.updateAndGet(
                before -> before.period == period ? before : new Probes(period, new AtomicInteger()));
    }

    /** Asked by the state machine whenever it opens. */
    private Duration opens() {
        inARow.set(0);
        Duration wait = Duration.ofMillis((long) (OPEN.toMillis() * (1 - JITTER + 2 * JITTER * chance.getAsDouble())));
        Instant now = clock.instant();
        opening = new Opening(now, now.plus(wait));
        return wait;
    }
}
