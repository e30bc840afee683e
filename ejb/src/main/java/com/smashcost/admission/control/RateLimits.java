package com.smashcost.admission.control;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The sliding-window limits of all organisations, one per organisation whatever number of keys it has. */
@ApplicationScoped
public class RateLimits {

    private static final Duration WINDOW = Duration.ofSeconds(60);

    private final ConcurrentMap<Long, SlidingWindow> windows = new ConcurrentHashMap<>();

    /**
     * Asks for a permit of this organisation; empty where it has no limit.
     *
     * @param requestsPerMinute the limit as configured now; 0 = none
     */
    public Optional<SlidingWindow.Permit> take(long organizationId, int requestsPerMinute) {
        if (requestsPerMinute == 0) {
            return Optional.empty();
        }
        SlidingWindow window =
                windows.computeIfAbsent(organizationId, id -> new SlidingWindow(requestsPerMinute, WINDOW));
        window.resize(requestsPerMinute);
        return Optional.of(window.take(System.nanoTime()));
    }
}
