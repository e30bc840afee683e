package com.smashcost.provider.control.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Json;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON schema in the words of the OpenAPI subset that older Gemini models take: references are put in place, a constant is a
 * choice of one, a list of types is a nullable type or a choice, an array says what it holds, and what the subset has no word for
 * is left out, which makes the schema weaker and never stricter.
 */
final class GeminiSchema {

    private static final Set<String> KEPT = Set.of(
            "description",
            "title",
            "nullable",
            "minItems",
            "maxItems",
            "minProperties",
            "maxProperties",
            "minLength",
            "maxLength",
            "pattern",
            "minimum",
            "maximum");
    private static final Map<String, Set<String>> FORMATS = Map.of(
            "STRING", Set.of("date-time", "enum"),
            "NUMBER", Set.of("float", "double"),
            "INTEGER", Set.of("int32", "int64"));
    private static final int DEEPEST = 40;
    private static final int MOST_NODES = 20_000;

    private final JsonNode root;
    private final boolean ordered;
    private final Deque<String> open = new ArrayDeque<>();
    private int depth;
    private int nodes;

    private GeminiSchema(JsonNode root, boolean ordered) {
        this.root = root;
        this.ordered = ordered;
    }

    /** @param ordered whether members are to be answered in the order in which they are declared */
    static ObjectNode subset(JsonNode schema, boolean ordered) {
        return new GeminiSchema(schema, ordered).convert(schema);
    }

    private ObjectNode convert(JsonNode schema) {
        if (!schema.isObject() || depth >= DEEPEST || ++nodes > MOST_NODES) {
            return anything();
        }
        depth++;
        try {
            String ref = schema.path("$ref").asText("");
            if (!ref.isEmpty()) {
                return reference(ref, schema);
            }
            return plain(schema.has("allOf") ? merged(schema) : schema);
        } finally {
            depth--;
        }
    }

    /** What a reference within this schema points to. */
    private JsonNode at(String ref) {
        if (ref.equals("#")) {
            return root;
        }
        return ref.startsWith("#/") ? root.at(ref.substring(1)) : MissingNode.getInstance();
    }

    private ObjectNode reference(String ref, JsonNode schema) {
        JsonNode target = at(ref);
        if (open.contains(ref) || !target.isObject()) {
            ObjectNode cut = Json.object().put("type", "OBJECT");
            copy(schema, cut, "description");
            return cut;
        }
        open.push(ref);
        try {
            ObjectNode inlined = convert(target);
            copy(schema, inlined, "description");
            return inlined;
        } finally {
            open.pop();
        }
    }

    /** All alternatives that must hold together, in one schema; the first word on a matter stands. */
    private JsonNode merged(JsonNode schema) {
        ObjectNode all = Json.object();
        schema.properties().forEach(member -> {
            if (!member.getKey().equals("allOf")) {
                all.set(member.getKey(), member.getValue().deepCopy());
            }
        });
        for (JsonNode each : schema.path("allOf")) {
            String ref = each.path("$ref").asText("");
            JsonNode part = ref.isEmpty() ? each : at(ref);
            part.properties().forEach(member -> {
                JsonNode there = all.get(member.getKey());
                if (there == null) {
                    all.set(member.getKey(), member.getValue().deepCopy());
                } else if (member.getKey().equals("properties") && there instanceof ObjectNode properties) {
                    member.getValue()
                            .properties()
                            .forEach(property -> properties.putIfAbsent(
                                    property.getKey(), property.getValue().deepCopy()));
                } else if (member.getKey().equals("required") && there instanceof ArrayNode required) {
                    member.getValue().forEach(required::add);
                }
            });
        }
        all.remove("allOf");
        return all;
    }

    private ObjectNode plain(JsonNode schema) {
        ObjectNode subset = Json.object();
        boolean nullable = false;
        List<String> types = new ArrayList<>();
        for (JsonNode type : schema.path("type").isArray() ? schema.path("type") : List.of(schema.path("type"))) {
            if (type.asText().equals("null")) {
                nullable = true;
            } else if (!type.asText("").isEmpty()) {
                types.add(type.asText().toUpperCase(Locale.ROOT));
            }
        }
        JsonNode choice = schema.path("anyOf").isArray() ? schema.path("anyOf") : schema.path("oneOf");
        List<JsonNode> choices = new ArrayList<>();
        for (JsonNode each : choice) {
            if (each.path("type").asText().equals("null")) {
                nullable = true;
            } else {
                choices.add(each);
            }
        }
        if (!types.isEmpty() || schema.has("properties")) {
            choices.clear(); // what they add to it is left out
        }
        if (choices.size() == 1) {
            subset = convert(choices.getFirst());
        } else if (!choices.isEmpty()) {
            ArrayNode anyOf = subset.putArray("anyOf");
            choices.forEach(each -> anyOf.add(convert(each)));
        } else if (types.size() > 1) {
            ArrayNode anyOf = subset.putArray("anyOf");
            for (String type : types) {
                anyOf.add(typed(schema, type));
            }
        } else {
            String type = types.isEmpty() ? guess(schema) : types.getFirst();
            subset = typed(schema, type);
        }
        for (String word : List.of("title", "description")) {
            copy(schema, subset, word);
        }
        if (nullable) {
            subset.put("nullable", true);
        }
        return subset;
    }

    private ObjectNode typed(JsonNode schema, String type) {
        ObjectNode subset = Json.object().put("type", type);
        for (Map.Entry<String, JsonNode> member : schema.properties()) {
            if (KEPT.contains(member.getKey())) {
                subset.set(member.getKey(), member.getValue());
            }
        }
        JsonNode format = schema.path("format");
        if (FORMATS.getOrDefault(type, Set.of()).contains(format.asText())) {
            subset.set("format", format);
        }
        bound(schema, subset, type, "exclusiveMinimum", "minimum", 1);
        bound(schema, subset, type, "exclusiveMaximum", "maximum", -1);
        choice(schema, subset, type);
        if (type.equals("ARRAY")) {
            JsonNode items = schema.path("items");
            JsonNode first = schema.path("prefixItems").path(0);
            subset.set("items", convert(items.isObject() ? items : first));
        }
        if (type.equals("OBJECT")) {
            properties(schema, subset);
        }
        return subset;
    }

    private static void bound(
            JsonNode schema, ObjectNode subset, String type, String exclusive, String inclusive, int step) {
        JsonNode bound = schema.path(exclusive);
        if (bound.isNumber() && !subset.has(inclusive)) {
            BigDecimal value = bound.decimalValue();
            subset.put(inclusive, type.equals("INTEGER") ? value.add(BigDecimal.valueOf(step)) : value);
        }
    }

    /** The subset has choices of texts alone; a choice of numbers is told in words. */
    private static void choice(JsonNode schema, ObjectNode subset, String type) {
        List<JsonNode> values = new ArrayList<>();
        if (schema.has("const")) {
            values.add(schema.get("const"));
        } else {
            schema.path("enum").forEach(values::add);
        }
        if (values.removeIf(JsonNode::isNull)) {
            subset.put("nullable", true);
        }
        if (values.isEmpty()) {
            return;
        }
        if (type.equals("STRING")) {
            ArrayNode choice = subset.putArray("enum");
            values.forEach(value -> choice.add(value.asText()));
        } else {
            String words = "One of: "
                    + String.join(", ", values.stream().map(Json::text).toList()) + ".";
            String description = subset.path("description").asText("");
            subset.put("description", description.isEmpty() ? words : description + " " + words);
        }
    }

    private void properties(JsonNode schema, ObjectNode subset) {
        ObjectNode properties = Json.object();
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            properties.set(property.getKey(), convert(property.getValue()));
        }
        subset.set("properties", properties);
        Set<String> required = new LinkedHashSet<>();
        for (JsonNode name : schema.path("required")) {
            if (properties.has(name.asText())) {
                required.add(name.asText());
            }
        }
        if (!required.isEmpty()) {
            required.forEach(subset.putArray("required")::add);
        }
        if (ordered && !properties.isEmpty()) {
            properties.fieldNames().forEachRemaining(subset.putArray("propertyOrdering")::add);
        }
    }

    private static String guess(JsonNode schema) {
        if (schema.has("properties") || schema.has("additionalProperties")) {
            return "OBJECT";
        }
        if (schema.has("items") || schema.has("prefixItems")) {
            return "ARRAY";
        }
        JsonNode value =
                schema.has("const") ? schema.path("const") : schema.path("enum").path(0);
        if (value.isIntegralNumber()) {
            return "INTEGER";
        }
        if (value.isNumber()) {
            return "NUMBER";
        }
        return value.isBoolean() ? "BOOLEAN" : "STRING";
    }

    private static ObjectNode anything() {
        return Json.object().put("type", "STRING");
    }

    private static void copy(JsonNode from, ObjectNode to, String member) {
        @Nullable JsonNode value = from.get(member);
        if (value != null && !to.has(member)) {
            to.set(member, value);
        }
    }
}
