package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A plausible value for a JSON Schema: every property filled, names taken as a hint.
 *
 * @param root where {@code $ref} points into
 * @param variant another number gives other words
 */
record SchemaExample(JsonNode root, int variant) {

    private static final int DEPTH = 8;
    private static final Map<String, List<String>> WORDS = Map.of(
            "city", List.of("Paris", "Tokyo"),
            "location", List.of("Paris, France", "Tokyo, Japan"),
            "country", List.of("France", "Japan"),
            "name", List.of("Ada Lovelace", "Alan Turing"),
            "email", List.of("ada@example.com", "alan@example.com"),
            "date", List.of("2026-01-15", "2026-02-20"),
            "url", List.of("https://example.com/a", "https://example.com/b"),
            "query", List.of("weather in Paris", "weather in Tokyo"),
            "unit", List.of("celsius", "fahrenheit"));

    JsonNode value() {
        return value(root, "", DEPTH);
    }

    private JsonNode value(JsonNode schema, String name, int depth) {
        if (depth == 0) {
            return NullNode.getInstance();
        }
        if (schema.path("$ref").asText().startsWith("#")) {
            return value(root.at(schema.path("$ref").asText().substring(1)), name, depth - 1);
        }
        if (schema.has("const")) {
            return schema.path("const");
        }
        if (schema.path("enum").size() > 0) {
            return schema.path("enum").path(variant % schema.path("enum").size());
        }
        for (String choice : List.of("anyOf", "oneOf", "allOf")) {
            if (schema.path(choice).size() > 0) {
                return value(schema.path(choice).path(0), name, depth - 1);
            }
        }
        return switch (type(schema)) {
            case "object" -> object(schema, depth);
            case "array" -> Wire.array().add(value(schema.path("items"), name, depth - 1));
            case "integer" -> IntNode.valueOf(schema.path("minimum").asInt(2 + variant));
            case "number" -> DoubleNode.valueOf(schema.path("minimum").asDouble(2.5 + variant));
            case "boolean" -> BooleanNode.valueOf(variant % 2 == 0);
            case "null" -> NullNode.getInstance();
            default -> TextNode.valueOf(word(name));
        };
    }

    private ObjectNode object(JsonNode schema, int depth) {
        ObjectNode object = Wire.object();
        schema.path("properties")
                .properties()
                .forEach(property ->
                        object.set(property.getKey(), value(property.getValue(), property.getKey(), depth - 1)));
        return object;
    }

    private static String type(JsonNode schema) {
        JsonNode type = schema.path("type");
        if (type.isArray()) {
            return type.path(0).asText();
        }
        // Gemini writes types in capitals
        return type.asText(schema.has("properties") ? "object" : "string").toLowerCase(Locale.ROOT);
    }

    private String word(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return WORDS.entrySet().stream()
                .filter(entry -> lower.contains(entry.getKey()))
                .map(entry -> entry.getValue().get(variant % 2))
                .sorted()
                .findFirst()
                .orElse(variant % 2 == 0 ? "example" : "sample");
    }
}
