package com.smashcost.provider.control;

import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Server-sent events taken apart the slow way, whole stream at once: what the gateway's own reading is measured against. */
public final class Events {

    /** Everything up to and with an empty line; the line before it ends in any of the three ways. */
    private static final Pattern EVENT = Pattern.compile("(?s).*?(?:\\A|\\r\\n|\\n|\\r)(?:\\r\\n|\\n|\\r)");

    private Events() {}

    /** One event with its lines, their ends and the empty line. Characters stand for bytes. */
    public record Event(String text) {

        /** The text of its data lines. */
        public String data() {
            return text.lines()
                    .filter(line -> line.startsWith("data:"))
                    .map(line -> line.substring("data:".length()))
                    .map(data -> data.startsWith(" ") ? data.substring(1) : data)
                    .collect(Collectors.joining("\n"));
        }

        public boolean isEnd() {
            return data().equals("[DONE]");
        }

        public Optional<JsonObject> json() {
            try {
                return data().isEmpty()
                        ? Optional.empty()
                        : Optional.of(Recordings.json(data().getBytes(StandardCharsets.ISO_8859_1))
                                .asJsonObject());
            } catch (JsonException | ClassCastException e) {
                return Optional.empty();
            }
        }

        public boolean isUsageOnly() {
            return json().filter(chunk -> chunk.get("usage") instanceof JsonObject)
                    .filter(chunk -> chunk.get("choices") instanceof JsonArray choices && choices.isEmpty())
                    .isPresent();
        }

        public boolean isError() {
            return json().filter(chunk -> !chunk.containsKey("choices"))
                    .filter(chunk -> hasError(chunk)
                            || (chunk.get("response") instanceof JsonObject response && hasError(response)))
                    .isPresent();
        }

        private static boolean hasError(JsonObject object) {
            return object.get("error") instanceof JsonObject;
        }
    }

    /** The stream's events; the last one may lack its empty line. */
    public static List<Event> of(byte[] stream) {
        String text = new String(stream, StandardCharsets.ISO_8859_1);
        List<Event> events = new ArrayList<>();
        Matcher matcher = EVENT.matcher(text);
        int end = 0;
        while (end < text.length() && matcher.find(end) && matcher.start() == end) {
            events.add(new Event(matcher.group()));
            end = matcher.end();
        }
        if (end < text.length()) {
            events.add(new Event(text.substring(end)));
        }
        return events;
    }

    /** What a client should get of it, the end mark apart. */
    public static byte[] forClient(byte[] stream, boolean withholdUsage) {
        StringBuilder sent = new StringBuilder();
        for (Event event : of(stream)) {
            if (event.isEnd()) {
                break;
            }
            if (!(withholdUsage && event.isUsageOnly())) {
                sent.append(event.text());
            }
        }
        return sent.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The last usage that the stream reports, as a tree. */
    public static Optional<JsonObject> usage(byte[] stream) {
        Optional<JsonObject> last = Optional.empty();
        for (Event event : of(stream)) {
            Optional<JsonObject> usage = event.json().flatMap(Events::usage);
            last = usage.isPresent() ? usage : last;
        }
        return last;
    }

    private static Optional<JsonObject> usage(JsonObject chunk) {
        if (chunk.get("usage") instanceof JsonObject usage) {
            return Optional.of(usage);
        }
        JsonValue groq = chunk.get("x_groq");
        return groq instanceof JsonObject own && own.get("usage") instanceof JsonObject usage
                ? Optional.of(usage)
                : Optional.empty();
    }
}
