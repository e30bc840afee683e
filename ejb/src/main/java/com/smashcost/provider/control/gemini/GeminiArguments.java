package com.smashcost.provider.control.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of one call that come in pieces, each with the place to which it belongs, such as
 * {@code $.operations[0].action}; some of Google's endpoints send calls so. They are an object only when the last piece has come.
 */
final class GeminiArguments {

    private static final Pattern STEP = Pattern.compile("\\.([^.\\[]+)|\\[(\\d{1,4})]|\\['([^']*)']|\\[\"([^\"]*)\"]");
    private static final int DEEPEST = 64;

    private final ObjectNode arguments;

    /** @param known the arguments that came whole */
    GeminiArguments(JsonNode known) {
        arguments = known instanceof ObjectNode object ? object.deepCopy() : Json.object();
    }

    /** Puts a piece in its place; one whose place makes no sense is left out. */
    void add(JsonNode piece) {
        List<Object> path = path(piece.path("jsonPath").asText(""));
        if (path.isEmpty() || !(path.getFirst() instanceof String)) {
            return;
        }
        JsonNode at = arguments;
        for (int i = 0; i < path.size() - 1; i++) {
            JsonNode next = get(at, path.get(i));
            if (next == null || !next.isContainerNode()) {
                next = path.get(i + 1) instanceof String ? Json.object() : Json.array();
                if (!put(at, path.get(i), next)) {
                    return;
                }
            }
            at = next;
        }
        Object last = path.getLast();
        JsonNode there = get(at, last);
        JsonNode value = value(piece, there);
        if (value != null) {
            put(at, last, value);
        }
    }

    /** The text of the whole object. */
    String json() {
        return Json.text(arguments);
    }

    private static @Nullable JsonNode value(JsonNode piece, @Nullable JsonNode there) {
        if (piece.has("stringValue")) {
            String before = there != null && there.isTextual() ? there.textValue() : "";
            return Json.object().textNode(before + piece.path("stringValue").asText());
        }
        if (piece.has("numberValue")) {
            return piece.get("numberValue");
        }
        if (piece.has("boolValue")) {
            return piece.get("boolValue");
        }
        return piece.has("nullValue") ? Json.object().nullNode() : null;
    }

    private static @Nullable JsonNode get(JsonNode at, Object step) {
        return step instanceof String name ? at.get(name) : at.get((Integer) step);
    }

    private static boolean put(JsonNode at, Object step, JsonNode value) {
        if (step instanceof String name && at instanceof ObjectNode object) {
            object.set(name, value);
            return true;
        }
        if (step instanceof Integer index && at instanceof ArrayNode array) {
            while (array.size() <= index) {
                array.addNull();
            }
            array.set(index, value);
            return true;
        }
        return false;
    }

    private static List<Object> path(String text) {
        List<Object> path = new ArrayList<>();
        Matcher step = STEP.matcher(text);
        int at = 1;
        while (text.startsWith("$") && at < text.length() && path.size() < DEEPEST) {
            if (!step.find(at) || step.start() != at) {
                return List.of();
            }
            at = step.end();
            if (step.group(2) != null) {
                path.add(Integer.valueOf(step.group(2)));
            } else {
                path.add(step.group(1) != null ? step.group(1) : step.group(3) != null ? step.group(3) : step.group(4));
            }
        }
        return at == text.length() ? path : List.of();
    }
}
