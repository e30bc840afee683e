package com.smashcost.provider.control.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** What an answer has to look like. */
public sealed interface OutputFormat {

    /** Any JSON object. */
    record JsonObject() implements OutputFormat {}

    /**
     * JSON of this schema.
     *
     * @param strict null if nothing was said
     */
    record JsonSchema(
            @Nullable String name,
            @Nullable String description,
            JsonNode schema,
            @Nullable Boolean strict) implements OutputFormat {

        @Override
        public String toString() {
            return "JsonSchema";
        }
    }
}
