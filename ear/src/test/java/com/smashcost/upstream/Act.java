package com.smashcost.upstream;

import java.io.IOException;

/** What the provider does with one request. It is interrupted when the caller hangs up. */
@FunctionalInterface
public interface Act {

    /** Answers the request of this line, or does not; the connection is closed when this returns without an end. */
    void play(Line line) throws IOException, InterruptedException;
}
