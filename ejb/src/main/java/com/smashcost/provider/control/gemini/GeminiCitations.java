package com.smashcost.provider.control.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.provider.control.conversation.Part.Citation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the text of a candidate has its content from. Gemini counts places in bytes of UTF-8. */
final class GeminiCitations {

    private GeminiCitations() {}

    /**
     * A citation and the part of the answer that it is about.
     *
     * @param part counts the candidate's parts from 0
     */
    record Placed(int part, Citation citation) {}

    /** Gives the text of a part by its number. */
    interface Texts {
        String of(int part);
    }

    /** All citations of a candidate, the grounding's and those of works that it recites. */
    static List<Placed> of(JsonNode candidate, Texts texts) {
        List<Placed> found = new ArrayList<>();
        JsonNode grounding = candidate.path("groundingMetadata");
        for (JsonNode support : grounding.path("groundingSupports")) {
            JsonNode segment = support.path("segment");
            int part = segment.path("partIndex").asInt(0);
            String text = texts.of(part);
            int[] span = span(text, segment, segment.path("text").asText(""));
            for (JsonNode index : support.path("groundingChunkIndices")) {
                JsonNode chunk = grounding.path("groundingChunks").path(index.asInt(-1));
                JsonNode web = chunk.path("web");
                JsonNode retrieved = chunk.path("retrievedContext");
                JsonNode source = web.isObject() ? web : retrieved.isObject() ? retrieved : chunk.path("maps");
                if (source.isObject()) {
                    found.add(placed(
                            part,
                            word(source, "uri"),
                            word(source, "title"),
                            retrieved.isObject() ? word(source, "text") : null,
                            span));
                }
            }
        }
        JsonNode recited = candidate.path("citationMetadata");
        for (JsonNode source :
                recited.has("citationSources") ? recited.path("citationSources") : recited.path("citations")) {
            found.add(placed(0, word(source, "uri"), word(source, "title"), null, span(texts.of(0), source, "")));
        }
        return found;
    }

    private static Placed placed(
            int part, @Nullable String url, @Nullable String title, @Nullable String quoted, int[] span) {
        boolean known = span.length == 2;
        return new Placed(part, new Citation(url, title, quoted, known ? span[0] : null, known ? span[1] : null, null));
    }

    /**
     * The characters that a segment covers; none if it does not lie in the text. Segments come now and then with places that
     * are some bytes off their own words: then the words count.
     */
    private static int[] span(String text, JsonNode segment, String words) {
        int start = characters(text, segment.path("startIndex").asLong(0));
        int end = characters(text, segment.path("endIndex").asLong(-1));
        if (words.isEmpty()) {
            return start >= 0 && end > start ? new int[] {start, end} : new int[0];
        }
        if (start >= 0 && text.startsWith(words, start)) {
            return new int[] {start, start + words.length()};
        }
        int near = text.indexOf(words, Math.max(0, start - words.length()));
        int at = near < 0 ? text.indexOf(words) : near;
        return at < 0 ? new int[0] : new int[] {at, at + words.length()};
    }

    /** How many UTF-16 units stand before this byte; -1 if it lies outside of the text or within a character. */
    static int characters(String text, long bytes) {
        if (bytes < 0) {
            return -1;
        }
        long passed = 0;
        int at = 0;
        while (at < text.length() && passed < bytes) {
            int character = text.codePointAt(at);
            passed += character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
            at += Character.charCount(character);
        }
        return passed == bytes ? at : -1;
    }

    private static @Nullable String word(JsonNode source, String name) {
        String word = source.path(name).asText("");
        return word.isEmpty() ? null : word;
    }
}
