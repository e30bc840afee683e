package com.smashcost.provider.control;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An error that a provider answered with, in no dialect's words.
 *
 * @param status the HTTP status for the client: mostly the provider's own, corrected where a dialect misuses one
 * @param code one of the codes of the OpenAI dialect where one fits ({@code context_length_exceeded},
 *     {@code rate_limit_exceeded}, {@code insufficient_quota}, {@code model_not_found}, …), else the provider's own; null if none
 * @param message the provider's words, for the client that sent the request and for nobody else: never logged nor stored
 * @param param the member of the request that is at fault; null if unknown
 * @param retryAfter how long the provider asks to wait; null if it says nothing
 */
public record ProviderError(
        int status,
        Kind kind,
        @Nullable String code,
        @Nullable String message,
        @Nullable String param,
        @Nullable Duration retryAfter) {

    /** What to make of it. */
    public enum Kind {
        INVALID_REQUEST,
        /** The prompt is longer than the model's context; clients shorten it when they see this. */
        CONTEXT_LENGTH,
        /** The provider does not know our credential, or it may not do this. */
        CREDENTIAL,
        NOT_FOUND,
        TOO_LARGE,
        RATE_LIMIT,
        /** The account has no money or allowance left: waiting does not help. */
        QUOTA,
        OVERLOADED,
        TIMEOUT,
        SERVER
    }

    @Override
    public String toString() {
        return "ProviderError[" + status + " " + kind + "]";
    }
}
