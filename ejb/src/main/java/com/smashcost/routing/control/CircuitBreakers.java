package com.smashcost.routing.control;

import com.smashcost.provider.control.UpstreamFailure;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.Metrics;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One circuit breaker for each model of each provider. It opens when half of at least 20 calls in 30 s failed, or 5 in a row;
 * then nothing is called for 30 s give or take a tenth, and after that three probes decide. Models are named by clients, so
 * there is room for so many and no more: whoever was not called for longest goes, those that are not closed last of all.
 */
@ApplicationScoped
public class CircuitBreakers {

    static final int MOST = 2_000;
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

    /** What is made room for at once, so that the oldest are not looked for at every new name. */
    private static final int ROOM = MOST / 20;

    private final ConcurrentMap<Name, Breaker> breakers = new ConcurrentHashMap<>();
    private final Lock growth = new ReentrantLock();
    private final Clock clock;
    private final DoubleSupplier chance;

    private record Name(String provider, String model) {}

    /** What a breaker does with calls, named as in the admin API. */
    @SuppressWarnings("MemberName")
    public enum State {
        closed,
        open,
        half_open
    }

    /**
     * A breaker as an operator sees it.
     *
     * @param failureRate the share that failed of the {@code calls}; null if there were none
     * @param calls that count, of the last 30 s; of a half-open breaker, the probes that have ended
     * @param openSince when it opened; null if it is closed
     * @param openUntil when it lets probes through; null if it is closed
     */
    public record Reading(
            String provider,
            String model,
            State state,
            @Nullable BigDecimal failureRate,
            int calls,
            @Nullable Instant openSince,
            @Nullable Instant openUntil) {}

    public CircuitBreakers() {
        this(System::nanoTime, () -> ThreadLocalRandom.current().nextDouble());
    }

    /**
     * @param nanos a monotonic clock
     * @param chance gives numbers from 0 to below 1
     */
    public CircuitBreakers(LongSupplier nanos, DoubleSupplier chance) {
        this.clock = new MonotonicClock(nanos);
        this.chance = chance;
    }

    /** Asks for leave to call a model; empty if its breaker is open. Whoever gets a permit closes it. */
    public Optional<Permit> permit(String provider, String model) {
        return breaker(new Name(provider, model)).permit();
    }

    /** Whether no call would be let through now. Takes no permit, and does not remember the model. */
    public boolean isOpen(String provider, String model) {
        Breaker breaker = breakers.get(new Name(provider, model));
        return breaker != null && breaker.isShut();
    }

    /** How long to wait before a call may be let through again: at least a second. */
    public Duration retryAfter(String provider, String model) {
        Breaker breaker = breakers.get(new Name(provider, model));
        Duration left = breaker == null ? Duration.ZERO : breaker.shutFor();
        return left.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : left;
    }

    /** All breakers, by provider and model. */
    public List<Reading> readings() {
        return breakers.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<Name, Breaker> entry) -> entry.getKey().provider)
                        .thenComparing(entry -> entry.getKey().model))
                .map(entry -> entry.getValue().reading(entry.getKey().provider, entry.getKey().model))
                .toList();
    }

    /** Whether an answer of this status is a failure of the provider, and not of the request or of the client's pace. */
    public static boolean isFailure(int status) {
        return status >= 500;
    }

    /** Whether the provider is to blame for this. */
    public static boolean isFailure(UpstreamFailure.Kind kind) {
        return switch (kind) {
            case upstream_unreachable, upstream_timeout, upstream_closed_early, upstream_invalid_response -> true;
            case client_closed -> false;
        };
    }

    private Breaker breaker(Name name) {
        Breaker known = breakers.get(name);
        return known == null ? grow(name) : known;
    }

    private Breaker grow(Name name) {
        growth.lock();
        try {
            if (breakers.size() >= MOST && !breakers.containsKey(name)) {
                makeRoom();
            }
            return breakers.computeIfAbsent(
                    name, fresh -> new Breaker(fresh.provider + "/" + fresh.model, clock, chance));
        } finally {
            growth.unlock();
        }
    }

    private void makeRoom() {
        record Old(Name name, boolean closed, Instant usedAt) {}
        breakers.entrySet().stream()
                .map(entry -> new Old(
                        entry.getKey(),
                        entry.getValue().isClosed(),
                        entry.getValue().usedAt()))
                .sorted(Comparator.comparing(Old::closed).reversed().thenComparing(Old::usedAt))
                .limit(ROOM)
                .forEach(old -> breakers.remove(old.name));
    }

    /** Leave to make one call. Its first verdict stands; without one, the call counts for nothing. */
    public static final class Permit implements AutoCloseable {

        private final Breaker breaker;
        private final Metrics period;
        private final boolean probing;
        private final AtomicBoolean settled = new AtomicBoolean();

        Permit(Breaker breaker, Metrics period, boolean probing) {
            this.breaker = breaker;
            this.period = period;
            this.probing = probing;
        }

        /**
         * A good answer has begun, which is verdict enough for a probe: nothing would be called until it ended, and that may
         * take minutes. Other calls are judged by their end.
         */
        public void answering(Duration took) {
            if (probing) {
                succeeded(took);
            }
        }

        public void succeeded(Duration took) {
            if (settled.compareAndSet(false, true)) {
                breaker.succeeded(period, took);
            }
        }

        public void failed(Duration took) {
            if (settled.compareAndSet(false, true)) {
                breaker.failed(period, took);
            }
        }

        @Override
        public void close() {
            if (settled.compareAndSet(false, true)) {
                breaker.released(period, probing);
            }
        }
    }
}
