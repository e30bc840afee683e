package com.smashcost.provider.control.conversation;

import java.io.IOException;
import java.io.OutputStream;

/** Tells a client of a streamed answer in its dialect; one writer per stream. */
public interface EventWriter {

    /** Writes what the client gets to see of an event, if anything, and nothing that looks like the end. Does not flush. */
    void write(StreamEvent event, OutputStream client) throws IOException;

    /** Writes all that closes an answer that ended well: finish reasons, usage, end mark. */
    void end(OutputStream client) throws IOException;

    /** Ends the stream with the dialect's error event, never as if it had ended well. */
    void fail(int status, String code, String message, OutputStream client) throws IOException;

    /** Writes what keeps the connection alive and means nothing. */
    void keepAlive(OutputStream client) throws IOException;
}
