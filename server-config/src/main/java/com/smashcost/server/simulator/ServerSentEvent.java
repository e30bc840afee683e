package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.JsonNode;

/** How the dialects frame an event of a stream. */
final class ServerSentEvent {

    private static final int MOST_BLANKS = 16;

    private ServerSentEvent() {}

    /** OpenAI chat: data alone. */
    static String data(JsonNode data) {
        return "data: " + Wire.text(data) + "\n\n";
    }

    /** OpenAI Responses: the type of the data is the name of the event. */
    static String named(JsonNode data) {
        return "event: " + data.path("type").asText() + "\n" + data(data);
    }

    /** Anthropic: likewise, with blanks before the last brace. */
    static String padded(JsonNode data) {
        String text = Wire.text(data);
        String blanks = " ".repeat(Math.floorMod(text.hashCode(), MOST_BLANKS));
        return "event: " + data.path("type").asText() + "\ndata: " + text.substring(0, text.length() - 1) + blanks
                + "}\n\n";
    }

    /** Gemini: data alone, lines end with CRLF. */
    static String crlf(JsonNode data) {
        return "data: " + Wire.text(data) + "\r\n\r\n";
    }
}
