package com.smashcost.provider.control.conversation;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the catalogue knows of the model that a conversation is written for.
 *
 * @param model the provider's name of it
 * @param contextWindow tokens, as {@code maxOutputTokens}; null where unknown
 * @param capabilities by the catalogue's names, such as {@code vision}; what is missing is unknown
 */
public record Traits(
        String model,
        String provider,
        @Nullable Long contextWindow,
        @Nullable Long maxOutputTokens,
        Map<String, Boolean> capabilities) {

    public Traits {
        capabilities = Map.copyOf(capabilities);
    }

    /** Whether the catalogue says that the model can. */
    public boolean can(String capability) {
        return Boolean.TRUE.equals(capabilities.get(capability));
    }

    /** Whether the catalogue says that the model cannot. */
    public boolean cannot(String capability) {
        return Boolean.FALSE.equals(capabilities.get(capability));
    }
}
