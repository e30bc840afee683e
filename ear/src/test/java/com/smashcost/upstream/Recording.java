package com.smashcost.upstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An exchange that a provider once had with somebody: a file below {@code wire/}, whose streams are the bytes that were sent.
 *
 * @param request the request's body
 * @param headers of the answer, as far as they are not about its transport
 */
@SuppressWarnings("ArrayRecordComponent")
public record Recording(JsonNode request, int status, Map<String, String> headers, byte[] body) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> TRANSPORT =
            Set.of("content-length", "transfer-encoding", "content-encoding", "connection", "date", "vary");

    /** The recording in this file, named without {@code wire/recorded/} and its ending. */
    public static Recording of(String name) {
        return read("/wire/recorded/" + name + ".json");
    }

    /** The error somebody reported, in this file, named without {@code wire/reported-errors/} and its ending. */
    public static Recording ofError(String name) {
        return read("/wire/reported-errors/" + name + ".json");
    }

    private static Recording read(String path) {
        try {
            JsonNode file = JSON.readTree(bytes(path));
            JsonNode response = file.has("response") ? file.path("response") : file;
            Map<String, String> headers = new LinkedHashMap<>();
            for (String group : List.of("headers", "headers_as_reported", "headers_constructed")) {
                response.path(group).properties().forEach(header -> {
                    if (!TRANSPORT.contains(header.getKey())) {
                        JsonNode value = header.getValue();
                        headers.put(header.getKey(), (value.isArray() ? value.path(0) : value).asText());
                    }
                });
            }
            headers.putIfAbsent("content-type", "application/json");
            String besides = response.path("body_file").asText("");
            byte[] body = besides.isEmpty()
                    ? JSON.writeValueAsBytes(response.path("body"))
                    : bytes(path.substring(0, path.lastIndexOf('/') + 1) + besides);
            return new Recording(
                    file.path("request").path("body"), response.path("status").asInt(200), headers, body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(String path) throws IOException {
        try (InputStream file = Recording.class.getResourceAsStream(path)) {
            if (file == null) {
                throw new FileNotFoundException(path + " is not on the test class path");
            }
            return file.readAllBytes();
        }
    }

    /** The model that was asked for. */
    public String model() {
        return request.path("model").asText();
    }

    /** The answer as JSON. */
    public JsonNode json() {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The events of a stream, each with its empty line; joined, they are the body. */
    public List<byte[]> events() {
        String text = new String(body, StandardCharsets.ISO_8859_1);
        String gap = text.contains("\r\n\r\n") ? "\r\n\r\n" : "\n\n";
        List<byte[]> events = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int at = text.indexOf(gap, from);
            int to = at < 0 ? text.length() : at + gap.length();
            events.add(text.substring(from, to).getBytes(StandardCharsets.ISO_8859_1));
            from = to;
        }
        return events;
    }

    /** The counts of the answer: its {@code usage}, of a stream that of its last chunk that has one. */
    public JsonNode usage() {
        JsonNode usage = JSON.missingNode();
        if (!headers.getOrDefault("content-type", "").startsWith("text/event-stream")) {
            return json().path("usage");
        }
        for (byte[] event : events()) {
            String text = new String(event, StandardCharsets.UTF_8).strip();
            if (text.startsWith("data: {")) {
                try {
                    JsonNode chunk = JSON.readTree(text.substring("data: ".length()));
                    usage = chunk.path("usage").isObject() ? chunk.path("usage") : usage;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return usage;
    }

    @Override
    public String toString() {
        return "Recording[" + status + ", " + body.length + " bytes]";
    }
}
