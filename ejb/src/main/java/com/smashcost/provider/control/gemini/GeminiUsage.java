package com.smashcost.provider.control.gemini;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.entity.Usage;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an answer of Gemini says of its own use.
 *
 * <p>The prompt's count holds what came from the cache, and not what tools of Google's own brought in; the answer's count does
 * not hold the thoughts. A count of zero is left out; only the prompt's is never zero, so without it the prompt is unknown. Here they are taken apart into disjoint buckets; cached sound counts as
 * cached.
 */
final class GeminiUsage {

    private @Nullable Long prompt;
    private @Nullable Long answer;
    private long cached;
    private long thoughts;
    private long tools;
    private boolean known;
    private @Nullable Long heard;
    private long heardFromCache;
    private @Nullable Long spoken;
    private @Nullable String tier;
    private boolean impossible;

    private GeminiUsage() {}

    /** Reads the object that is a whole answer or chunk; the parser stands at its start and is left at its end. */
    static Report report(JsonParser json) throws IOException {
        GeminiUsage usage = new GeminiUsage();
        String model = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            if (name.equals("usageMetadata") && value == JsonToken.START_OBJECT) {
                usage.counts(json);
            } else if (name.equals("modelVersion") && value == JsonToken.VALUE_STRING) {
                model = json.getText();
            } else {
                json.skipChildren();
            }
        }
        return new Report(usage.usage(), usage.tier, model);
    }

    private void counts(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "promptTokenCount" -> prompt = number(json, value);
                case "candidatesTokenCount", "responseTokenCount" -> answer = number(json, value);
                case "cachedContentTokenCount" -> cached = number(json, value);
                case "thoughtsTokenCount" -> thoughts = number(json, value);
                case "toolUsePromptTokenCount" -> tools = number(json, value);
                case "totalTokenCount" -> known |= number(json, value) >= 0;
                case "promptTokensDetails" -> heard = add(heard, sound(json, value));
                case "toolUsePromptTokensDetails" -> heard = add(heard, sound(json, value));
                case "cacheTokensDetails" -> {
                    Long sound = sound(json, value);
                    heardFromCache = sound == null ? 0 : sound;
                }
                case "candidatesTokensDetails", "responseTokensDetails" -> spoken = sound(json, value);
                case "serviceTier", "trafficType" -> {
                    if (value == JsonToken.VALUE_STRING) {
                        String word = tier(json.getText());
                        tier = word == null ? tier : word;
                    } else {
                        json.skipChildren();
                    }
                }
                default -> json.skipChildren();
            }
        }
    }

    /** The tokens of sound in a list of counts by modality; null if there is none. */
    private @Nullable Long sound(JsonParser json, JsonToken value) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            json.skipChildren();
            return null;
        }
        Long sound = null;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                json.skipChildren();
                continue;
            }
            boolean audio = false;
            long count = 0;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken member = json.nextToken();
                if (name.equals("modality") && member == JsonToken.VALUE_STRING) {
                    audio = json.getText().equals("AUDIO");
                } else if (name.equals("tokenCount")) {
                    count = number(json, member);
                } else {
                    json.skipChildren();
                }
            }
            if (audio) {
                sound = (sound == null ? 0 : sound) + count;
            }
        }
        return sound;
    }

    private long number(JsonParser json, JsonToken value) throws IOException {
        if (value != JsonToken.VALUE_NUMBER_INT) {
            json.skipChildren();
            return 0;
        }
        if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                || json.getLongValue() < 0
                || json.getLongValue() > Usage.MOST) {
            impossible = true;
            return 0;
        }
        return json.getLongValue();
    }

    private static @Nullable Long add(@Nullable Long sum, @Nullable Long more) {
        return more == null ? sum : Long.valueOf((sum == null ? 0 : sum) + more);
    }

    /** The provider's word for its tier in ours. */
    private static @Nullable String tier(String word) {
        return switch (word.toUpperCase(Locale.ROOT)) {
            case "STANDARD", "ON_DEMAND" -> "standard";
            case "FLEX", "ON_DEMAND_FLEX" -> "flex";
            case "PRIORITY", "ON_DEMAND_PRIORITY" -> "priority";
            case "BATCH" -> "batch";
            default -> null;
        };
    }

    /** What was reported; of a report that holds an impossible count, nothing is believed. */
    private Usage usage() {
        if (impossible || (prompt == null && answer == null && !known)) {
            return Usage.UNKNOWN;
        }
        long read = (prompt == null ? 0 : prompt) + tools;
        long fresh = Math.max(read - cached, 0);
        Long sound = heard == null ? null : Long.valueOf(Math.clamp(heard - heardFromCache, 0, fresh));
        long written = answer == null ? 0 : answer;
        Long speech = spoken == null ? null : Long.valueOf(Math.min(spoken, written));
        Long input = Math.min(fresh - (sound == null ? 0 : sound), Usage.MOST);
        return new Usage(
                prompt == null ? null : input, // no prompt is empty
                cached,
                null,
                null,
                written - (speech == null ? 0 : speech),
                thoughts,
                sound,
                speech);
    }
}
