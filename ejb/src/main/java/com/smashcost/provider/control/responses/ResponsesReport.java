package com.smashcost.provider.control.responses;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.catalog.entity.Model;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.control.openai.NestedCounts;
import com.smashcost.provider.entity.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an answer of the dialect says of its own use. The dialect nests its counts: cached and cache-write tokens are part of
 * {@code input_tokens}, reasoning tokens part of {@code output_tokens}; here they are taken apart into disjoint buckets. Web
 * searches are counted in the output.
 */
final class ResponsesReport {

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private ResponsesReport() {}

    /** Reads a whole answer; empty if the text is not one JSON object. */
    static Optional<Report> read(byte[] text, int offset, int length) {
        try (JsonParser json = JSON.createParser(text, offset, length)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            Report report = read(json);
            return json.nextToken() == null ? Optional.of(report) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Reads an answer that is at hand as a tree. */
    static Report of(JsonNode response) {
        try (JsonParser json = response.traverse()) {
            return json.nextToken() == JsonToken.START_OBJECT ? read(json) : Report.NONE;
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a tree does not fail
        }
    }

    /** A parser of one event's data. */
    static JsonParser parser(byte[] data) throws IOException {
        return JSON.createParser(data);
    }

    /** Reads the answer whose object has just begun, to the end of that object. */
    static Report read(JsonParser json) throws IOException {
        Usage usage = Usage.UNKNOWN;
        Long searches = null;
        String tier = null;
        String model = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            if ("usage".equals(name) && value == JsonToken.START_OBJECT) {
                usage = NestedCounts.read(json, "input_tokens", "output_tokens");
            } else if ("output".equals(name) && value == JsonToken.START_ARRAY) {
                searches = searches(json);
            } else if ("service_tier".equals(name) && value == JsonToken.VALUE_STRING) {
                tier = tier(json.getText());
            } else if ("model".equals(name) && value == JsonToken.VALUE_STRING) {
                model = json.getText();
            } else {
                json.skipChildren();
            }
        }
        if (json.currentToken() != JsonToken.END_OBJECT) {
            throw new IOException("no end of the object");
        }
        return new Report(
                usage.withWebSearches(searches),
                tier,
                model != null && Model.NAME.matcher(model).matches() ? model : null);
    }

    /** Whether the output item that has just begun is a search that is billed; looking into the pages found is not. */
    static boolean isSearch(JsonParser json) throws IOException {
        String type = null;
        String action = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            if ("type".equals(name) && value == JsonToken.VALUE_STRING) {
                type = json.getText();
            } else if ("action".equals(name) && value == JsonToken.START_OBJECT) {
                action = type(json);
            } else {
                json.skipChildren();
            }
        }
        return "web_search_call".equals(type) && !"open_page".equals(action) && !"find_in_page".equals(action);
    }

    /** How many of the items in the list that has just begun are searches; null if none is. */
    private static @Nullable Long searches(JsonParser json) throws IOException {
        long searches = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() == null) {
                throw new IOException("no end of the list");
            }
            if (json.currentToken() != JsonToken.START_OBJECT) {
                json.skipChildren();
            } else if (isSearch(json)) {
                searches++;
            }
        }
        return searches == 0 ? null : Long.valueOf(searches);
    }

    /** The type of the object that has just begun. */
    private static @Nullable String type(JsonParser json) throws IOException {
        String type = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean found = "type".equals(json.currentName());
            if (json.nextToken() == JsonToken.VALUE_STRING && found) {
                type = json.getText();
            } else {
                json.skipChildren();
            }
        }
        return type;
    }

    /** The members of a usage object; null where nothing is known. */
    static @Nullable ObjectNode usage(Usage usage) {
        if (!usage.isKnown()) {
            return null;
        }
        long input = usage.promptTokens();
        long reasoning = count(usage.reasoning());
        long output = count(usage.output()) + reasoning + count(usage.audioOutput());
        ObjectNode json = Json.object();
        json.put("input_tokens", input);
        json.putObject("input_tokens_details")
                .put("cached_tokens", count(usage.cached()))
                .put("cache_write_tokens", count(usage.cacheWrite5m()) + count(usage.cacheWrite1h()));
        json.put("output_tokens", output);
        json.putObject("output_tokens_details").put("reasoning_tokens", reasoning);
        json.put("total_tokens", input + output);
        return json;
    }

    private static long count(@Nullable Long tokens) {
        return tokens == null ? 0 : tokens;
    }

    /** The provider's word for its tier in ours; a word that is no plain name of one is dropped. */
    private static @Nullable String tier(String tier) {
        return switch (tier) {
            case "default", "auto" -> "standard";
            case "flex", "priority", "batch", "fast" -> tier;
            default -> null;
        };
    }
}
