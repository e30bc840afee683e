package com.smashcost.gateway.control;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Keeps the connections of streams alive whose provider is silent for long, so that nothing between us and the client cuts them. */
@ApplicationScoped
public class KeepAlive {

    /** After how long a silence something is sent. */
    static final Duration SILENCE = Duration.ofSeconds(15);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final Set<StreamFlow> streams = ConcurrentHashMap.newKeySet();
    private final Duration silence;

    @SuppressWarnings("NullAway.Init")
    private ScheduledExecutorService clock;

    @SuppressWarnings("NullAway.Init")
    private ScheduledFuture<?> looking;

    public KeepAlive() {
        this(SILENCE);
    }

    /** With another silence than the product's. */
    KeepAlive(Duration silence) {
        this.silence = silence;
    }

    @PostConstruct
    void open() { // not in the constructor, which also makes the container's proxy
        clock = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("keep-alive").daemon().factory());
        long every = Math.min(LOOK_EVERY.toMillis(), Math.max(10, silence.toMillis() / 4));
        looking = clock.scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    void close() {
        looking.cancel(false);
        clock.shutdownNow();
    }

    void watch(StreamFlow stream) {
        streams.add(stream);
    }

    void forget(StreamFlow stream) {
        streams.remove(stream);
    }

    private void look() {
        for (StreamFlow stream : streams) {
            if (stream.isSilentFor(silence)) { // its client may take the bytes slowly
                Thread.ofVirtual().name("keep-alive").start(stream::keepAlive);
            }
        }
    }
}
