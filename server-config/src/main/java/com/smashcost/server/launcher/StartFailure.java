package com.smashcost.server.launcher;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Why the start ended, in the operator's words: one line that names the cause, and where the log is if there is one. */
final class StartFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable Path log;

    StartFailure(String message) {
        this(message, null, null);
    }

    StartFailure(String message, @Nullable Throwable cause) {
        this(message, null, cause);
    }

    StartFailure(String message, @Nullable Path log, @Nullable Throwable cause) {
        super(message, cause);
        this.log = log;
    }

    @Nullable
    Path log() {
        return log;
    }
}
