package com.smashcost.provider.control;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;

/** A provider's answer whose body is still on its way. */
public final class Answer implements AutoCloseable {

    private final ClassicHttpResponse response;
    private final Call call;
    private final Runnable onClose;
    private boolean ended;

    Answer(ClassicHttpResponse response, Call call, Runnable onClose) {
        this.response = response;
        this.call = call;
        this.onClose = onClose;
    }

    public int status() {
        return response.getCode();
    }

    /** The first header of this name. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(response.getFirstHeader(name)).map(Header::getValue);
    }

    /** Hands over all headers with their names in lower case. */
    public void headers(BiConsumer<String, String> to) {
        for (Header header : response.getHeaders()) {
            to.accept(header.getName().toLowerCase(Locale.ROOT), header.getValue());
        }
    }

    /** Whether the body is a stream of server-sent events. */
    public boolean isEventStream() {
        return header("content-type")
                .map(type -> type.toLowerCase(Locale.ROOT).startsWith("text/event-stream"))
                .orElse(false);
    }

    /**
     * Reads what has arrived, waiting for at least one byte; -1 at the end.
     *
     * @throws IOException if the provider breaks off or the call was ended
     */
    public int read(byte[] into) throws IOException {
        HttpEntity entity = response.getEntity();
        if (entity == null) {
            ended = true;
            return -1;
        }
        InputStream body = entity.getContent();
        call.await();
        int count = body.read(into, 0, into.length);
        call.heard();
        ended |= count < 0;
        return count;
    }

    /** Lets go of the connection: for the next call if the body was read to its end, for good otherwise. */
    @Override
    public void close() {
        if (!ended) {
            call.drop(); // the client would read to the end first, however long that takes
        }
        try {
            response.close();
        } catch (IOException e) {
            // the connection is gone, as it should be
        } finally {
            onClose.run();
        }
    }
}
