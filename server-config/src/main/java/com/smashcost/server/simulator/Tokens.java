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
    private static final int ATTACHMENT = 255;
    private static final List<String> MEDIA =
            List.of("image_url", "input_audio", "file", "file_data", "file_id", "source", "inlineData", "fileData");
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

    /** Of a conversation: each turn and the reply have an overhead. */
    static int turns(JsonNode turns, String content) {
        int tokens = REPLY_OVERHEAD;
        for (JsonNode turn : turns) {
            tokens += MESSAGE_OVERHEAD + content(turn.path(content));
        }
        return tokens;
    }

    /** Of what is sent along as JSON, such as tools. */
    static int json(JsonNode tree) {
        return tree.isMissingNode() || tree.isNull() ? 0 : count(Wire.text(tree));
    }

    /** Of a string or a list of parts; a picture or a document counts the same, whatever its size. */
    static int content(JsonNode content) {
        if (content.isTextual()) {
            return count(content.asText());
        }
        int tokens = 0;
        for (JsonNode part : content) {
            if (part.path("text").isTextual()) {
                tokens += count(part.path("text").asText());
            } else if (part.path("content").isArray()) {
                tokens += content(part.path("content"));
            } else {
                tokens += MEDIA.stream().anyMatch(part::has) ? ATTACHMENT : json(part);
            }
        }
        return tokens;
    }
}
