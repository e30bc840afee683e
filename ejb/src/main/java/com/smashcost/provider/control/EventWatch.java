package com.smashcost.provider.control;

import com.smashcost.provider.control.conversation.Report;

/** Looks at a stream that passes from a provider to a client of the same dialect, byte for byte; one watch per stream. */
public interface EventWatch {

    /** What becomes of an event. */
    enum Verdict {
        /** It goes on to the client. */
        PASS,
        /** The client did not ask for it. */
        WITHHOLD,
        /** It is the last one of an answer that ended well, to be sent when the answer is recorded. */
        END
    }

    /** Looks at the bytes of one event, with the empty line that ends it, and keeps none of them. */
    Verdict see(byte[] buffer, int from, int to);

    /** Whether an event with content came. */
    boolean hasStarted();

    /** Whether the provider reported an error in the stream. */
    boolean hasFailed();

    /** Whether the provider has ended its answer as its dialect wants. */
    boolean isComplete();

    /** What was reported so far. */
    Report report();
}
