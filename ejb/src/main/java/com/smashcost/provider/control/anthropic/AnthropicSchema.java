package com.smashcost.provider.control.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Json;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * JSON schemas as the provider takes them. Members keep their order, so that the same schema is always the same text and meets
 * the same prompt cache.
 */
final class AnthropicSchema {

    private static final Set<String> FORMATS =
            Set.of("date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid");

    /** What a grammar of the provider can say; all else can only be asked for in words. */
    private static final Set<String> ENFORCED = Set.of(
            "$ref",
            "type",
            "anyOf",
            "allOf",
            "enum",
            "const",
            "description",
            "title",
            "properties",
            "required",
            "additionalProperties",
            "items",
            "$defs",
            "definitions");

    private AnthropicSchema() {}

    /** The schema of a tool's input, which has to be that of an object; null if it is none. */
    static @Nullable ObjectNode ofInput(@Nullable JsonNode schema) {
        if (schema == null || schema.isNull() || (schema.isObject() && schema.isEmpty())) {
            ObjectNode none = Json.object().put("type", "object");
            none.putObject("properties");
            return none;
        }
        if (!(schema instanceof ObjectNode object)) {
            return null;
        }
        JsonNode type = object.path("type");
        if ("object".equals(type.asText())) {
            return object;
        }
        if (!type.isMissingNode() && !type.isNull() && !holds(type, "object")) {
            return null;
        }
        ObjectNode typed = Json.object().put("type", "object");
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (!"type".equals(member.getKey())) {
                typed.set(member.getKey(), member.getValue());
            }
        }
        return typed;
    }

    /**
     * The schema for answers that follow it to the letter: objects take no further members, and limits that cannot be enforced
     * are said in the description instead.
     */
    static JsonNode strict(JsonNode schema) {
        if (!(schema instanceof ObjectNode object)) {
            return schema;
        }
        ObjectNode strict = Json.object();
        StringBuilder asked = new StringBuilder();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            switch (name) {
                case "properties", "$defs", "definitions" -> {
                    ObjectNode each = strict.putObject(name);
                    value.properties().forEach(inner -> each.set(inner.getKey(), strict(inner.getValue())));
                }
                case "anyOf", "allOf", "oneOf" -> {
                    ArrayNode each = strict.putArray("oneOf".equals(name) ? "anyOf" : name);
                    value.forEach(inner -> each.add(strict(inner)));
                }
                case "items" -> strict.set(name, strict(value));
                case "additionalProperties" -> strict.put(name, false);
                default -> {
                    if (isEnforced(name, value)) {
                        strict.set(name, value);
                    } else if (!"$schema".equals(name) && !"default".equals(name)) {
                        asked.append(asked.isEmpty() ? "" : ", ")
                                .append(name)
                                .append(": ")
                                .append(Json.text(value));
                    }
                }
            }
        }
        boolean isObject = holds(object.path("type"), "object") || object.has("properties");
        if (isObject && !object.has("$ref")) {
            strict.put("additionalProperties", false);
        }
        if (!asked.isEmpty()) {
            String said = object.path("description").asText("");
            strict.put("description", (said.isEmpty() ? "" : said + "\n\n") + "{" + asked + "}");
        }
        return strict;
    }

    private static boolean isEnforced(String name, JsonNode value) {
        return switch (name) {
            case "format" -> FORMATS.contains(value.asText());
            case "minItems" -> value.asInt(-1) == 0 || value.asInt(-1) == 1;
            default -> ENFORCED.contains(name);
        };
    }

    private static boolean holds(JsonNode type, String name) {
        if (type.isArray()) {
            for (JsonNode one : type) {
                if (name.equals(one.asText())) {
                    return true;
                }
            }
            return false;
        }
        return name.equals(type.asText());
    }
}
