package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The simulated tokeniser: pieces of at most six characters with the blanks before them, four characters a token when only counted. */
final class Tokens {

    private static final Pattern PIECE = Pattern.compile("\\s*\\S{1,6}|\\s+$");
    private static final int CHARACTERS = 4;
    private static final int IMAGE = 255;
    private static final int MESSAGE_OVERHEAD = 4;
    private static final int REPLY_OVERHEAD = 3;

    private Tokens() {}

    static List<String> split(String text) {
        List<String> pieces = new ArrayList<>();
        Matcher matcher = PIECE.matcher(text);
        while (matcher.find()) {
            pieces.add(matcher.group());
        }
        return pieces;
    }

    static int count(String text) {
        return (text.length() + CHARACTERS - 1) / CHARACTERS;
    }

    static int prompt(JsonNode request) {
        int tokens = REPLY_OVERHEAD;
        for (JsonNode message : request.path("messages")) {
            tokens += MESSAGE_OVERHEAD + content(message.path("content"));
            if (message.has("tool_calls")) {
                tokens += count(Wire.text(message.path("tool_calls")));
            }
        }
        return request.has("tools") ? tokens + count(Wire.text(request.path("tools"))) : tokens;
    }

    private static int content(JsonNode content) {
        if (content.isTextual()) {
            return count(content.asText());
        }
        int tokens = 0;
        for (JsonNode part : content) {
            tokens += part.has("text") ? count(part.path("text").asText()) : IMAGE;
        }
        return tokens;
    }
}
