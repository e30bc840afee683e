package com.smashcost.provider.control.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.provider.control.Dialect;
import org.jspecify.annotations.Nullable;

/** Something that the model may use. */
public sealed interface Tool {

    /**
     * A function that the client runs.
     *
     * @param parameters a JSON schema; null where the function takes none
     * @param strict whether arguments must follow the schema to the letter; null if nothing was said
     */
    record Function(
            String name,
            @Nullable String description,
            @Nullable JsonNode parameters,
            @Nullable Boolean strict,
            Part.@Nullable CacheMark cache)
            implements Tool {

        @Override
        public String toString() {
            return "Function";
        }
    }

    /**
     * A tool that the provider of this dialect runs itself, or whose calls are no JSON.
     *
     * @param type as the dialect names it
     */
    record Hosted(Dialect dialect, String type, JsonNode json) implements Tool {
        @Override
        public String toString() {
            return "Hosted[" + dialect + "]";
        }
    }
}
