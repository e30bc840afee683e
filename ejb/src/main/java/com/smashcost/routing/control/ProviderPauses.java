package com.smashcost.routing.control;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which providers asked which organisations to wait: limits belong to a credential, so one organisation's pause is no other's.
 * A provider that does not say how long is left alone for longer each time, until it serves again.
 */
@ApplicationScoped
public class ProviderPauses {

    static final int MOST = 10_000;
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Backoff UNSTATED = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60));

    /** How long after a pause the number of those before is remembered, if nothing is served meanwhile. */
    private static final long FORGOTTEN = LONGEST.toNanos();

    private final ConcurrentMap<Key, Pause> pauses = new ConcurrentHashMap<>();
    private final LongSupplier nanos;
    private final DoubleSupplier chance;

    private record Key(long organizationId, String provider) {}

    /**
     * @param until on the monotonic clock
     * @param repeated how many pauses came before it
     */
    private record Pause(long until, int repeated) {}

    public ProviderPauses() {
        this(System::nanoTime, () -> ThreadLocalRandom.current().nextDouble());
    }

    /**
     * @param nanos a monotonic clock
     * @param chance gives numbers from 0 to below 1
     */
    public ProviderPauses(LongSupplier nanos, DoubleSupplier chance) {
        this.nanos = nanos;
        this.chance = chance;
    }

    /**
     * The provider wants the organisation to wait.
     *
     * @param retryAfter for how long; null if it does not say
     */
    public void pause(long organizationId, String provider, @Nullable Duration retryAfter) {
        long now = nanos.getAsLong();
        if (pauses.size() >= MOST) {
            pauses.values().removeIf(pause -> pause.until - now <= 0);
            if (pauses.size() >= MOST) {
                return;
            }
        }
        pauses.compute(new Key(organizationId, provider), (key, before) -> next(before, retryAfter, now));
    }

    /** How long the organisation should still wait for this provider; empty if it need not. */
    public Optional<Duration> remaining(long organizationId, String provider) {
        Pause pause = pauses.get(new Key(organizationId, provider));
        if (pause == null) {
            return Optional.empty();
        }
        long left = pause.until - nanos.getAsLong();
        if (left <= -FORGOTTEN) {
            pauses.remove(new Key(organizationId, provider), pause);
        }
        return left > 0 ? Optional.of(Duration.ofNanos(left)) : Optional.empty();
    }

    /** The provider served the organisation, so the next pause is the first again. One that is under way goes on. */
    public void served(long organizationId, String provider) {
        Key key = new Key(organizationId, provider);
        if (pauses.containsKey(key)) {
            long now = nanos.getAsLong();
            pauses.computeIfPresent(key, (same, pause) -> pause.until - now <= 0 ? null : new Pause(pause.until, 0));
        }
    }

    /** What was asked for during a pause had left before it, and lengthens it only where a longer wait is stated. */
    private Pause next(@Nullable Pause before, @Nullable Duration retryAfter, long now) {
        boolean running = before != null && before.until - now > 0;
        int repeated =
                before == null || now - before.until > FORGOTTEN ? 0 : running ? before.repeated : before.repeated + 1;
        if (retryAfter == null && before != null && running) {
            return before;
        }
        Duration wait = retryAfter == null
                ? UNSTATED.after(repeated, chance)
                : retryAfter.compareTo(LONGEST) < 0 ? retryAfter : LONGEST;
        long until = now + Math.max(0, wait.toNanos());
        return new Pause(before != null && running && before.until - until > 0 ? before.until : until, repeated);
    }
}
