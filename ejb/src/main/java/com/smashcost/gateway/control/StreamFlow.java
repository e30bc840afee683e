package com.smashcost.gateway.control;

import com.smashcost.provider.control.Answer;
import com.smashcost.provider.control.Upstream;
import com.smashcost.provider.control.UpstreamFailure;
import com.smashcost.provider.control.UpstreamFailure.Kind;
import com.smashcost.provider.control.openai.OpenAiError;
import com.smashcost.provider.control.openai.OpenAiStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A stream on its way from provider to client: each piece goes on as it arrives, the row is recorded before the end mark, and
 * a client that leaves ends the call upstream.
 */
final class StreamFlow implements Reply.Flow {

    private static final byte[] EMPTY_LINE = {'\n', '\n'};

    private final Answer answer;
    private final Exchange exchange;
    private final Gateway.Ending ending;
    private final OpenAiStream stream;
    private @Nullable Duration firstToken;

    StreamFlow(Answer answer, Exchange exchange, Gateway.Ending ending, boolean withholdUsage) {
        this.answer = answer;
        this.exchange = exchange;
        this.ending = ending;
        this.stream = new OpenAiStream(withholdUsage);
    }

    @Override
    public void to(OutputStream client) throws IOException {
        boolean ended = false;
        try {
            ended = pump(client);
        } finally {
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
            ending.failed(200, Kind.client_closed.name(), stream.usage(), firstToken);
        }
    }

    /** Passes the stream on; returns whether it ended with its end mark. */
    private boolean pump(OutputStream client) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        while (stream.endMark() == null) {
            int count;
            try {
                count = answer.read(buffer);
            } catch (IOException e) {
                breakOff(client, Upstream.failure(exchange.call(), e));
                return false;
            }
            if (count < 0) {
                stream.close(client);
                break;
            }
            if (stream.accept(buffer, 0, count, client)) {
                client.flush();
            }
            if (firstToken == null && stream.hasStarted()) {
                firstToken = exchange.age();
            }
        }
        if (!stream.isComplete()) {
            if (stream.hasFailed()) {
                ending.failed(200, "upstream_error", stream.usage(), firstToken);
                endEvent(client);
                client.flush();
            } else {
                breakOff(client, new UpstreamFailure(Kind.upstream_closed_early));
            }
            return false;
        }
        ending.succeeded(200, stream.usage(), stream.serviceTier(), firstToken);
        byte[] end = stream.endMark();
        if (end == null) {
            return false;
        }
        client.write(end);
        client.flush();
        return true;
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

    /** Ends the stream with an error event, never as if it had ended well. */
    private void breakOff(OutputStream client, UpstreamFailure failure) throws IOException {
        ending.failed(200, failure.kind().name(), stream.usage(), firstToken);
        if (failure.kind() != Kind.client_closed) {
            endEvent(client);
            client.write(OpenAiError.event(
                    502,
                    failure.kind().name(),
                    failure.kind() == Kind.upstream_timeout
                            ? "The provider paused too long."
                            : "The provider broke off before its answer was complete."));
            client.flush();
        }
    }

    /** Ends an event that the provider left open, so that what follows is not taken for a part of it. */
    private void endEvent(OutputStream client) throws IOException {
        if (stream.leavesEventOpen()) {
            client.write(EMPTY_LINE);
        }
    }
}
