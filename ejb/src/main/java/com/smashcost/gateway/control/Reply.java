package com.smashcost.gateway.control;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** What the client gets: its head is complete before the first byte of the body. */
public sealed interface Reply {

    int status();

    /** Headers by name. */
    Map<String, String> headers();

    /** An answer whose body is here. */
    @SuppressWarnings("ArrayRecordComponent")
    record Whole(int status, Map<String, String> headers, byte[] body) implements Reply {

        @Override
        public String toString() {
            return "Whole[" + status + ", " + body.length + " bytes]";
        }
    }

    /** An answer that is passed on as it arrives. */
    record Live(int status, Map<String, String> headers, Flow flow) implements Reply {}

    /** A body on its way. */
    interface Flow {

        /** Passes the body on until its end; returns normally also when the client left, and has its row written either way. */
        void to(OutputStream client) throws IOException;

        /** Gives up a body that was never asked for, with its row. Harmless after {@link #to}. */
        void abandon();
    }
}
