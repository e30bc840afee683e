package com.smashcost.provider.control.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.entity.Usage;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an answer in the OpenAI dialect says of its own use: numbers and the service tier, nothing else is looked at.
 *
 * <p>The dialect nests its counts: cached, cache-write and audio tokens are part of {@code prompt_tokens}, reasoning and audio
 * tokens part of {@code completion_tokens}. Here they are taken apart into disjoint buckets.
 *
 * @param isAlone whether there is nothing but the use to tell: the list of choices is there and empty
 */
public record OpenAiUsage(
        Usage usage, @Nullable String serviceTier, @Nullable String model, boolean isAlone) {

    private static final int LONGEST_MODEL_NAME = 128;

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    /**
     * Reads a whole answer or chunk.
     *
     * @return empty if the text is not one JSON object
     */
    public static Optional<OpenAiUsage> read(byte[] text, int offset, int length) {
        try (JsonParser json = JSON.createParser(text, offset, length)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            Usage usage = Usage.UNKNOWN;
            Usage groq = Usage.UNKNOWN;
            String tier = null;
            String model = null;
            boolean alone = false;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if ("usage".equals(name) && value == JsonToken.START_OBJECT) {
                    usage = usage(json);
                } else if ("x_groq".equals(name) && value == JsonToken.START_OBJECT) {
                    groq = nested(json);
                } else if ("service_tier".equals(name) && value == JsonToken.VALUE_STRING) {
                    tier = tier(json.getText());
                } else if ("model".equals(name) && value == JsonToken.VALUE_STRING) {
                    model = json.getTextLength() <= LONGEST_MODEL_NAME ? json.getText() : null;
                } else if ("choices".equals(name) && value == JsonToken.START_ARRAY) {
                    alone = json.nextToken() == JsonToken.END_ARRAY;
                    while (json.currentToken() != JsonToken.END_ARRAY) {
                        json.skipChildren();
                        json.nextToken();
                    }
                } else {
                    json.skipChildren();
                }
            }
            if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
                return Optional.empty();
            }
            return Optional.of(new OpenAiUsage(usage.isKnown() ? usage : groq, tier, model, alone));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The same without what is only of interest in streams. */
    Report report() {
        return new Report(usage, serviceTier, model);
    }

    private static Usage nested(JsonParser json) throws IOException {
        Usage usage = Usage.UNKNOWN;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean found = "usage".equals(json.currentName());
            if (json.nextToken() == JsonToken.START_OBJECT && found) {
                usage = usage(json);
            } else {
                json.skipChildren();
            }
        }
        return usage;
    }

    private static Usage usage(JsonParser json) throws IOException {
        Counts counts = new Counts();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "prompt_tokens" -> counts.prompt = counts.number(json, value);
                case "completion_tokens" -> counts.completion = counts.number(json, value);
                case "prompt_tokens_details" -> {
                    if (value == JsonToken.START_OBJECT) {
                        while (json.nextToken() == JsonToken.FIELD_NAME) {
                            String detail = json.currentName();
                            JsonToken count = json.nextToken();
                            switch (detail) {
                                case "cached_tokens" -> counts.cached = counts.number(json, count);
                                case "cache_write_tokens" -> counts.cacheWrite = counts.number(json, count);
                                case "audio_tokens" -> counts.audioIn = counts.number(json, count);
                                default -> json.skipChildren();
                            }
                        }
                    }
                }
                case "completion_tokens_details" -> {
                    if (value == JsonToken.START_OBJECT) {
                        while (json.nextToken() == JsonToken.FIELD_NAME) {
                            String detail = json.currentName();
                            JsonToken count = json.nextToken();
                            switch (detail) {
                                case "reasoning_tokens" -> counts.reasoning = counts.number(json, count);
                                case "audio_tokens" -> counts.audioOut = counts.number(json, count);
                                default -> json.skipChildren();
                            }
                        }
                    }
                }
                default -> json.skipChildren();
            }
        }
        return counts.usage();
    }

    /** The provider's word for its tier in ours; a word that is no plain name is dropped. */
    private static @Nullable String tier(String tier) {
        return switch (tier) {
            case "default", "on_demand", "auto" -> "standard";
            case "flex", "priority", "batch", "performance" -> tier;
            default -> null;
        };
    }

    /** Counts as they come, nested in one another. */
    private static final class Counts {

        private @Nullable Long prompt;
        private @Nullable Long completion;
        private @Nullable Long cached;
        private @Nullable Long cacheWrite;
        private @Nullable Long audioIn;
        private @Nullable Long reasoning;
        private @Nullable Long audioOut;
        private boolean impossible;

        /** The count in this value; null if it is none. */
        @Nullable
        Long number(JsonParser json, JsonToken value) throws IOException {
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
        Usage usage() {
            if (impossible) {
                return Usage.UNKNOWN;
            }
            return new Usage(
                    without(prompt, cached, cacheWrite, audioIn),
                    cached,
                    cacheWrite,
                    null,
                    without(completion, reasoning, audioOut),
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
}
