package com.smashcost.provider.control;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.jspecify.annotations.Nullable;

/** One outbound call, which any thread may end before its time, and which may be made again within the same time. */
public final class Call {

    /** Why a call was ended. */
    public enum End {
        /** Nobody waits for the answer any more. */
        CLIENT_GONE,
        /** The provider took too long. */
        TIMED_OUT,
        /** All attempts together took too long. */
        OUT_OF_TIME
    }

    private final CountDownLatch gone = new CountDownLatch(1);

    private @Nullable HttpPost post;
    private @Nullable End end;
    private boolean begun;
    private volatile long startedAt = System.nanoTime();
    private volatile long heardAt = startedAt;
    private volatile boolean answering;
    private volatile boolean awaited = true;
    private volatile @Nullable Runnable onSent;

    /** Ends the call; the first reason stands. Harmless before it began and after it ended. */
    public void cancel(End reason) {
        HttpPost running;
        if (reason == End.CLIENT_GONE) {
            gone.countDown();
        }
        synchronized (this) {
            if (end != null) {
                return;
            }
            end = reason;
            running = post;
        }
        if (running != null) {
            running.abort();
        }
    }

    /** Whether nobody waits for an answer any more, whatever else ended the call. */
    public boolean isAbandoned() {
        return gone.getCount() == 0;
    }

    /** Makes ready for another attempt; false if nobody waits for it any more, or its time is over. */
    public synchronized boolean renew() {
        if (isAbandoned() || end == End.OUT_OF_TIME) {
            return false;
        }
        end = null;
        post = null;
        answering = false;
        await();
        return true;
    }

    /** Lets time pass between two attempts; returns early, and false, if nobody waits any more. */
    public boolean rest(Duration time) {
        try {
            return !gone.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Runs this once a request has left in full: its last byte was handed to the network. */
    public void whenSent(Runnable then) {
        onSent = then;
    }

    /** The request has left. */
    void sent() {
        Runnable then = onSent;
        if (then != null) {
            onSent = null;
            then.run();
        }
    }

    /** Why the call was ended; null if it was not. */
    public synchronized @Nullable End end() {
        return end;
    }

    /** Starts the post, unless the call was ended already. */
    synchronized boolean begin(HttpPost request) {
        if (end != null) {
            return false;
        }
        post = request;
        if (!begun) {
            begun = true;
            startedAt = System.nanoTime();
        }
        await();
        return true;
    }

    /** Ends what is left of the answer, which nobody wants; harmless if nothing is. */
    void drop() {
        HttpPost running;
        synchronized (this) {
            running = post;
        }
        if (running != null) {
            running.abort();
        }
    }

    /** The provider is being waited for from now on. */
    void await() {
        heardAt = System.nanoTime();
        awaited = true;
    }

    /** The provider was heard of. */
    void heard() {
        heardAt = System.nanoTime();
        answering = true;
        awaited = false;
    }

    /** Whether it is the provider who is waited for, and not the reader of its answer. */
    boolean isAwaited() {
        return awaited;
    }

    boolean isAnswering() {
        return answering;
    }

    /** When the first attempt began. */
    long startedAt() {
        return startedAt;
    }

    long heardAt() {
        return heardAt;
    }
}
