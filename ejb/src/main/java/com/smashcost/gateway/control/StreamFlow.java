package com.smashcost.gateway.control;

import com.smashcost.provider.control.Answer;
import com.smashcost.provider.control.ProviderError;
import com.smashcost.provider.control.Upstream;
import com.smashcost.provider.control.UpstreamFailure;
import com.smashcost.provider.control.UpstreamFailure.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A stream on its way from provider to client: each piece goes on as it arrives, the row is recorded before the end mark, and
 * a client that leaves ends the call upstream.
 */
final class StreamFlow implements Reply.Flow {

    private final Answer answer;
    private final Exchange exchange;
    private final Ending ending;
    private final StreamPath path;
    private final Heard heard;
    private final KeepAlive keepAlive;
    private final ReentrantLock writing = new ReentrantLock();
    private byte[] opening = {};
    private volatile @Nullable OutputStream client;
    private volatile long wroteAt = System.nanoTime();
    private @Nullable Duration firstToken;

    StreamFlow(Answer answer, Exchange exchange, Ending ending, StreamPath path, Heard heard, KeepAlive keepAlive) {
        this.answer = answer;
        this.exchange = exchange;
        this.ending = ending;
        this.path = path;
        this.heard = heard;
        this.keepAlive = keepAlive;
    }

    /**
     * Reads until there is something to tell the client, so that an error that comes first can still be told with its status.
     *
     * @return that error; null if there is none
     * @throws UpstreamFailure if the provider breaks off before
     */
    @Nullable
    ProviderError open() throws UpstreamFailure {
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        byte[] buffer = new byte[16 * 1024];
        try {
            while (first.size() == 0 && !path.hasEnded()) {
                int count = answer.read(buffer);
                if (count < 0) {
                    path.close(first);
                    break;
                }
                take(buffer, count, first);
            }
        } catch (IOException e) {
            throw Upstream.failure(exchange.call(), e);
        }
        opening = first.toByteArray();
        if (path.isRefused() || opening.length == 0) {
            if (path.error() == null && !path.isComplete()) {
                throw new UpstreamFailure(Kind.upstream_closed_early);
            }
            return path.error();
        }
        return null;
    }

    @Override
    public void to(OutputStream client) throws IOException {
        boolean ended = false;
        this.client = client;
        keepAlive.watch(this);
        try {
            ended = pump(client);
        } finally {
            keepAlive.forget(this);
            abandon();
            if (ended) {
                Thread.ofVirtual().name("stream-rest").start(this::readOn);
            } else {
                answer.close();
            }
        }
    }

    @Override
    public void abandon() {
        if (!ending.entry().isComplete()) {
            exchange.hangUp();
            ending.failed(200, Kind.client_closed.name(), path.report(), firstToken, heard::estimate);
        }
    }

    /** Passes the stream on; returns whether the provider may have more to send. */
    private boolean pump(OutputStream client) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        if (opening.length > 0) {
            write(() -> client.write(opening), client);
        }
        boolean open = true;
        while (!path.hasEnded()) {
            int count;
            try {
                count = answer.read(buffer);
            } catch (IOException e) {
                breakOff(client, Upstream.failure(exchange.call(), e));
                return false;
            }
            open = count >= 0;
            writing.lock();
            try {
                if (!open) {
                    path.close(client);
                    break;
                }
                if (take(buffer, count, client)) {
                    client.flush();
                    wroteAt = System.nanoTime();
                }
            } finally {
                writing.unlock();
            }
        }
        ProviderError error = path.error();
        if (error != null) {
            fail(client, Served.UPSTREAM_ERROR, error.status(), code(error), message(error));
            return false;
        }
        if (!path.isComplete()) {
            breakOff(client, new UpstreamFailure(Kind.upstream_closed_early));
            return false;
        }
        ending.succeeded(200, path.report(), firstToken, heard::estimate);
        write(() -> path.end(client), client);
        return open;
    }

    private boolean take(byte[] buffer, int count, OutputStream client) throws IOException {
        heard.add(buffer, count);
        boolean wrote = path.accept(buffer, count, client);
        if (firstToken == null && path.hasStarted()) {
            firstToken = exchange.age();
            ending.attempt().answering();
        }
        return wrote;
    }

    /** Reads to the end that follows the end mark, so that the connection can serve the next call; no client waits for it. */
    private void readOn() {
        try (answer) {
            byte[] buffer = new byte[1024];
            while (answer.read(buffer) >= 0) {
                // nothing that follows is for the client
            }
        } catch (IOException e) {
            // then the next call opens a connection of its own
        }
    }

    private void breakOff(OutputStream client, UpstreamFailure failure) throws IOException {
        if (failure.kind() == Kind.client_closed) {
            ending.failed(200, failure.kind().name(), path.report(), firstToken, heard::estimate);
            return;
        }
        fail(
                client,
                failure.kind().name(),
                failure.kind() == Kind.upstream_timeout ? 504 : 502,
                failure.kind().name(),
                failure.kind() == Kind.upstream_timeout
                        ? "The provider paused too long."
                        : "The provider broke off before its answer was complete.");
    }

    /** Ends the stream with an error event, never as if it had ended well. */
    private void fail(OutputStream client, String errorClass, int status, String code, String message)
            throws IOException {
        ending.failed(200, errorClass, path.report(), firstToken, heard::estimate);
        write(() -> path.fail(status, code, message, client), client);
    }

    /** The provider's word for its error, or ours. */
    static String code(ProviderError error) {
        return error.code() == null ? "upstream_error" : error.code();
    }

    /** The provider's words, for the client alone. */
    static String message(ProviderError error) {
        return error.message() == null ? "The provider reported an error." : error.message();
    }

    private interface Writing {
        void run() throws IOException;
    }

    private void write(Writing what, OutputStream client) throws IOException {
        writing.lock();
        try {
            what.run();
            client.flush();
            wroteAt = System.nanoTime();
        } finally {
            writing.unlock();
        }
    }

    boolean isSilentFor(Duration silence) {
        return System.nanoTime() - wroteAt > silence.toNanos();
    }

    /** Sends what means nothing, unless something is being sent or all was. */
    void keepAlive() {
        OutputStream to = client;
        if (to == null || !writing.tryLock()) {
            return;
        }
        try {
            if (!ending.entry().isComplete()) {
                path.keepAlive(to);
                to.flush();
                wroteAt = System.nanoTime();
            }
        } catch (IOException e) {
            exchange.hangUp();
        } finally {
            writing.unlock();
        }
    }
}
