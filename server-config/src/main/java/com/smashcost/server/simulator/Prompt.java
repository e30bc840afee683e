package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * What a simulated model is asked, whatever the dialect it was asked in.
 *
 * @param seed what decides between the answers; the same for the same request
 * @param tokens of the whole request
 * @param asked the user's last words; empty when the last turn is not the user's, so that no tool is called
 * @param choices how many answers
 * @param thinks whether the model reasons first
 */
record Prompt(
        long seed,
        int tokens,
        Optional<String> asked,
        Tools tools,
        Format format,
        Limits limits,
        int choices,
        boolean thinks) {

    /** The tools that may be called, and what was said about calling them. */
    record Tools(List<Tool> declared, Choice choice, boolean parallel) {

        Tools {
            declared = List.copyOf(declared);
        }

        static Tools none() {
            return new Tools(List.of(), new Choice.Never(), false);
        }
    }

    record Tool(String name, JsonNode parameters) {}

    /** Whether a tool must be called. */
    sealed interface Choice {

        record Auto() implements Choice {}

        record Never() implements Choice {}

        record Any() implements Choice {}

        record One(String name) implements Choice {}
    }

    /** The form that the answer's text has to have. */
    sealed interface Format {

        record Words() implements Format {}

        record AnyJson() implements Format {}

        record Schema(JsonNode schema) implements Format {}
    }

    /**
     * Where the answer ends early.
     *
     * @param most tokens, thinking included
     */
    record Limits(List<String> stops, int most) {

        static final int NONE = Integer.MAX_VALUE;

        Limits {
            stops = stops.stream().filter(stop -> !stop.isEmpty()).toList();
        }
    }

    /** A number for the request but for the members that say how the answer is delivered. */
    static long seed(JsonNode request, String... delivery) {
        CRC32 hash = new CRC32();
        if (request instanceof ObjectNode object) {
            ObjectNode content = object.deepCopy();
            content.remove(List.of(delivery));
            hash.update(Wire.text(content).getBytes(StandardCharsets.UTF_8));
        }
        return hash.getValue();
    }

    /** The text of a content that is a string or a list of parts. */
    static String text(JsonNode content) {
        if (content.isTextual()) {
            return content.asText();
        }
        StringBuilder text = new StringBuilder();
        content.forEach(part -> text.append(part.path("text").asText()).append(' '));
        return text.toString();
    }
}
