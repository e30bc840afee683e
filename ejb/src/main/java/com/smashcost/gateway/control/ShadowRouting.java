package com.smashcost.gateway.control;

import com.smashcost.routing.control.Conversation;
import com.smashcost.routing.control.Router;
import com.smashcost.routing.control.Router.Wish;
import com.smashcost.routing.control.Terms;
import com.smashcost.routing.control.Weighing;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Works out beside the traffic of organisations that are not ACTIVE what the router would have chosen: after the request has
 * left, on a thread of its own, and not at all when that has too much to do. Nothing waits for it but, for a moment, the row.
 */
@ApplicationScoped
class ShadowRouting {

    private static final Logger LOG = System.getLogger(ShadowRouting.class.getName());
    private static final int MOST_WAITING = 256;

    /** How long a row waits for a decision that is still under way when its answer is complete. */
    private static final Duration PATIENCE = Duration.ofMillis(2);

    @Inject
    private Router router;

    private final AtomicLong dropped = new AtomicLong();
    private final ThreadPoolExecutor bulkhead = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().name("shadow-routing").daemon().factory());

    @PreDestroy
    void stop() {
        bulkhead.shutdownNow();
    }

    /** How many decisions were not made because too many waited. */
    long dropped() {
        return dropped.get();
    }

    /** The decision for one request, which nobody has begun to make. */
    Shadow of(Terms terms, String requested, Wish wish, Supplier<Conversation> conversation) {
        return new Shadow(terms, requested, wish, conversation);
    }

    /** A decision that changes nothing. */
    final class Shadow implements Runnable {

        private final Terms terms;
        private final String requested;
        private final Wish wish;
        private final Supplier<Conversation> conversation;
        private volatile @Nullable CompletableFuture<Optional<Weighing>> decision;

        private Shadow(Terms terms, String requested, Wish wish, Supplier<Conversation> conversation) {
            this.terms = terms;
            this.requested = requested;
            this.wish = wish;
            this.conversation = conversation;
        }

        /** Has the decision made; to be called when the request has left. */
        @Override
        public void run() {
            CompletableFuture<Optional<Weighing>> future = new CompletableFuture<>();
            try {
                bulkhead.execute(() -> future.complete(decide()));
                decision = future;
            } catch (RejectedExecutionException e) {
                dropped.incrementAndGet();
            }
        }

        private Optional<Weighing> decide() {
            try {
                return router.shadow(terms, requested, wish, conversation.get());
            } catch (RuntimeException e) {
                LOG.log(
                        Level.WARNING,
                        "a shadow decision failed: {0}",
                        e.getClass().getName());
                return Optional.empty();
            }
        }

        /** The decision; empty if it was not made, or is not yet. */
        Optional<Weighing> weighing() {
            CompletableFuture<Optional<Weighing>> future = decision;
            if (future == null) {
                return Optional.empty();
            }
            try {
                return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                dropped.incrementAndGet();
                return Optional.empty();
            } catch (ExecutionException e) {
                return Optional.empty();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
    }
}
