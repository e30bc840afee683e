package com.smashcost.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A request as it came over the wire.
 *
 * @param headerLines the head without its request line, each line as it was sent
 * @param body the exact bytes
 */
@SuppressWarnings("ArrayRecordComponent")
public record Received(String method, String path, List<String> headerLines, byte[] body) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The value of the first header of this name, in any case. */
    public Optional<String> header(String name) {
        return headerLines.stream()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }

    /** All that was sent, as text in which to look for what must not be there. */
    public String everything() {
        return method + " " + path + "\n" + String.join("\n", headerLines) + "\n\n" + text();
    }

    /** The body as text. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The body as JSON. */
    public JsonNode json() {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return everything();
    }
}
