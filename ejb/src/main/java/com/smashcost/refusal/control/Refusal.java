package com.smashcost.refusal.control;

import jakarta.ejb.ApplicationException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request that is refused for a reason the caller may know. Code and message are safe to show and to log: they never hold
 * what a client or a provider wrote. Rolls back the transaction it leaves.
 */
@ApplicationException(inherited = true, rollback = true)
public abstract sealed class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String code;

    private Refusal(String code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /** What went wrong, as a stable word in snake_case. */
    public String code() {
        return code;
    }

    /** What went wrong and what to do, in a sentence. */
    public String explanation() {
        return String.valueOf(getMessage());
    }

    /** The request is wrong as it stands; sending it again will not help. */
    public static final class BadRequest extends Refusal {
        private static final long serialVersionUID = 1L;
        private final @Nullable String param;

        /**
         * @param param the field at fault, or null if it is the whole request
         */
        public BadRequest(String code, String message, @Nullable String param) {
            super(code, message);
            this.param = param;
        }

        public @Nullable String param() {
            return param;
        }
    }

    /** The caller did not prove who it is. */
    public static final class Unauthenticated extends Refusal {
        private static final long serialVersionUID = 1L;

        public Unauthenticated(String code, String message) {
            super(code, message);
        }
    }

    /** The caller is known and may not do this. */
    public static final class Forbidden extends Refusal {
        private static final long serialVersionUID = 1L;

        public Forbidden(String code, String message) {
            super(code, message);
        }
    }

    /** What was named does not exist, or not for this caller. */
    public static final class NotFound extends Refusal {
        private static final long serialVersionUID = 1L;

        public NotFound(String code, String message) {
            super(code, message);
        }
    }

    /** The request contradicts the present state. */
    public static final class Conflict extends Refusal {
        private static final long serialVersionUID = 1L;

        public Conflict(String code, String message) {
            super(code, message);
        }
    }

    /** The request is larger than a limit that the message names. */
    public static final class TooLarge extends Refusal {
        private static final long serialVersionUID = 1L;

        public TooLarge(String code, String message) {
            super(code, message);
        }
    }

    /** The caller did this too often; it may try again later. */
    public static final class TooManyRequests extends Refusal {
        private static final long serialVersionUID = 1L;
        private final Duration retryAfter;

        public TooManyRequests(String code, String message, Duration retryAfter) {
            super(code, message);
            this.retryAfter = retryAfter;
        }

        public Duration retryAfter() {
            return retryAfter;
        }
    }

    /** A budget has no room for this request. */
    public static final class OverBudget extends Refusal {
        private static final long serialVersionUID = 1L;
        private final String budget;
        private final Instant reset;
        private final Duration retryAfter;
        private final boolean retryable;

        /**
         * @param budget the name of the budget
         * @param reset when its next window begins
         * @param retryable whether there may be room before that, once requests that are under way have ended
         */
        public OverBudget(String message, String budget, Instant reset, Duration retryAfter, boolean retryable) {
            super("budget_exceeded", message);
            this.budget = budget;
            this.reset = reset;
            this.retryAfter = retryAfter;
            this.retryable = retryable;
        }

        public String budget() {
            return budget;
        }

        public Instant reset() {
            return reset;
        }

        public Duration retryAfter() {
            return retryAfter;
        }

        public boolean isRetryable() {
            return retryable;
        }
    }

    /** The provider failed or refused; {@code status} is what the client gets, 502 or the provider's own. */
    public static final class UpstreamFailed extends Refusal {
        private static final long serialVersionUID = 1L;
        private final int status;

        public UpstreamFailed(String code, String message, int status) {
            super(code, message);
            this.status = status;
        }

        public int status() {
            return status;
        }
    }

    /** This node cannot serve now; it may be able to later. */
    public static final class Unavailable extends Refusal {
        private static final long serialVersionUID = 1L;
        private final Duration retryAfter;

        public Unavailable(String code, String message, Duration retryAfter) {
            super(code, message);
            this.retryAfter = retryAfter;
        }

        public Duration retryAfter() {
            return retryAfter;
        }
    }
}
