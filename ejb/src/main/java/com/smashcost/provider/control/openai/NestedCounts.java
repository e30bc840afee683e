package com.smashcost.provider.control.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.smashcost.provider.entity.Usage;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** OpenAI's counts as they come, nested in one another, in both of its dialects: here they are taken apart. */
public final class NestedCounts {

    private @Nullable Long input;
    private @Nullable Long output;
    private @Nullable Long cached;
    private @Nullable Long cacheWrite;
    private @Nullable Long audioIn;
    private @Nullable Long reasoning;
    private @Nullable Long audioOut;
    private boolean impossible;

    private NestedCounts() {}

    /**
     * Reads a usage object that has just begun.
     *
     * @param inputName what the dialect calls the prompt's tokens; its details are called the same with {@code _details}
     * @param outputName likewise for the answer's
     */
    public static Usage read(JsonParser json, String inputName, String outputName) throws IOException {
        NestedCounts counts = new NestedCounts();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            if (name.equals(inputName)) {
                counts.input = counts.number(json, value);
            } else if (name.equals(outputName)) {
                counts.output = counts.number(json, value);
            } else if (value == JsonToken.START_OBJECT && name.equals(inputName + "_details")) {
                counts.details(json, true);
            } else if (value == JsonToken.START_OBJECT && name.equals(outputName + "_details")) {
                counts.details(json, false);
            } else {
                json.skipChildren();
            }
        }
        return counts.usage();
    }

    private void details(JsonParser json, boolean ofInput) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "cached_tokens" -> cached = number(json, value);
                case "cache_write_tokens" -> cacheWrite = number(json, value);
                case "reasoning_tokens" -> reasoning = number(json, value);
                case "audio_tokens" -> {
                    if (ofInput) {
                        audioIn = number(json, value);
                    } else {
                        audioOut = number(json, value);
                    }
                }
                default -> json.skipChildren();
            }
        }
    }

    /** The count in this value; null if it is none. */
    private @Nullable Long number(JsonParser json, JsonToken value) throws IOException {
        if (value != JsonToken.VALUE_NUMBER_INT) {
            json.skipChildren();
            return null;
        }
        if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                || json.getLongValue() < 0
                || json.getLongValue() > Usage.MOST) {
            impossible = true;
            return null;
        }
        return json.getLongValue();
    }

    /** What was reported; of a report that holds an impossible count, nothing is believed. */
    private Usage usage() {
        if (impossible) {
            return Usage.UNKNOWN;
        }
        return new Usage(
                without(input, cached, cacheWrite, audioIn),
                cached,
                cacheWrite,
                null,
                without(output, reasoning, audioOut),
                reasoning,
                audioIn,
                audioOut);
    }

    private static @Nullable Long without(@Nullable Long total, @Nullable Long... parts) {
        if (total == null) {
            return null;
        }
        long rest = total;
        for (Long part : parts) {
            rest -= part == null ? 0 : part;
        }
        return Math.max(rest, 0);
    }
}
