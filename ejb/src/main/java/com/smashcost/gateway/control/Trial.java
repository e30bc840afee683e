package com.smashcost.gateway.control;

import com.smashcost.provider.control.ProviderError;
import com.smashcost.provider.control.UpstreamFailure;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How one call for a request went, as long as its client has heard nothing. */
sealed interface Trial {

    /** There is an answer, or the beginning of one. */
    record Good(Reply reply) implements Trial {}

    /**
     * There is none, and nothing is recorded yet.
     *
     * @param retryAfter how long the provider asks to wait; null if it says nothing
     * @param told tells the client of it and records it; asked only if nothing better follows
     */
    record Setback(Kind kind, @Nullable Duration retryAfter, Supplier<Reply> told) implements Trial {

        /** What can follow a setback. */
        enum Kind {
            /** Nothing was sent: the same again does no harm. */
            UNREACHED,
            /** The provider failed, and may not the next time. */
            BROKEN,
            /** The provider failed in a way, or after a time, that the same again would not better. */
            SPENT,
            /** The provider wants the organisation to wait. */
            LIMITED,
            /** The request or the credential is at fault, which somebody should see. */
            REFUSED,
            /** Nobody waits any more. */
            LEFT;

            /** Whether the provider is to blame. */
            boolean isFailure() {
                return this == UNREACHED || this == BROKEN || this == SPENT;
            }

            /** Whether another model may do better. */
            boolean mayGoElsewhere() {
                return isFailure() || this == LIMITED;
            }

            /**
             * @param heard whether an answer had begun
             */
            static Kind of(UpstreamFailure failure, boolean heard) {
                return switch (failure.kind()) {
                    case upstream_unreachable -> UNREACHED;
                    case upstream_closed_early -> heard ? SPENT : BROKEN;
                    case upstream_timeout, upstream_invalid_response -> SPENT;
                    case client_closed -> LEFT;
                };
            }

            static Kind of(ProviderError error) {
                if (error.kind() == ProviderError.Kind.CREDENTIAL) {
                    return REFUSED;
                }
                return switch (error.status()) {
                    case 429 -> LIMITED;
                    case 501, 504 -> SPENT;
                    default -> error.status() >= 500 ? BROKEN : REFUSED;
                };
            }
        }
    }
}
