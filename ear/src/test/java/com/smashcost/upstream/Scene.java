package com.smashcost.upstream;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * One arrangement between a test and the provider: requests whose body holds the marker are answered by the act, and what
 * happens to them can be asked here.
 */
public final class Scene {

    /** What markers look like. */
    static final Pattern MARKER = Pattern.compile("scene-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final String marker;
    private final Act act;
    private final List<Received> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch hungUp = new CountDownLatch(1);
    private final Semaphore allowed = new Semaphore(0);
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger hangUps = new AtomicInteger();

    Scene(String marker, Act act) {
        this.marker = marker;
        this.act = act;
    }

    /** What a request must hold, anywhere in its body, to be answered in this scene. */
    public String marker() {
        return marker;
    }

    /** All requests so far, in order of arrival. */
    public List<Received> requests() {
        return List.copyOf(requests);
    }

    /** The one request that arrived. */
    public Received request() {
        if (requests.size() != 1) {
            throw new AssertionError("the provider got " + requests.size() + " requests, not one: " + requests);
        }
        return requests.getFirst();
    }

    /** Waits until a request is being answered. */
    public void awaitRequest() throws InterruptedException {
        if (!reached.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("no request reached the provider within " + PATIENCE);
        }
    }

    /** Whether the caller hung up on an unfinished answer within this time. */
    public boolean isHungUpWithin(Duration time) throws InterruptedException {
        return hungUp.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** How many answers the caller hung up on. */
    public int hangUps() {
        return hangUps.get();
    }

    /** How many pieces were sent, the one on its way included. */
    public int piecesSent() {
        return sent.get();
    }

    /** Lets a waiting act send its next piece. */
    public void allowNext() {
        allowed.release();
    }

    /** Waits, in an act, until the test allows the next piece. */
    public void awaitAllowed() throws InterruptedException {
        if (!allowed.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the test did not allow the next piece within " + PATIENCE);
        }
    }

    Act act() {
        return act;
    }

    void arrived(Received request) {
        requests.add(request);
        reached.countDown();
    }

    void sending() {
        sent.incrementAndGet();
    }

    void hungUp() {
        hangUps.incrementAndGet();
        hungUp.countDown();
    }
}
