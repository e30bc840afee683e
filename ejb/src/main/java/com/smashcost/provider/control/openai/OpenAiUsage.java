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
                    usage = NestedCounts.read(json, "prompt_tokens", "completion_tokens");
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
                usage = NestedCounts.read(json, "prompt_tokens", "completion_tokens");
            } else {
                json.skipChildren();
            }
        }
        return usage;
    }

    /** The provider's word for its tier in ours; a word that is no plain name is dropped. */
    private static @Nullable String tier(String tier) {
        return switch (tier) {
            case "default", "on_demand", "auto" -> "standard";
            case "flex", "priority", "batch", "performance" -> tier;
            default -> null;
        };
    }
}
