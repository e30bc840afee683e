package com.smashcost.provider.control;

import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Recorded traffic of providers of the OpenAI dialect, and the cases of the server-sent events format. */
public final class Recordings {

    private static final Path WIRE = folder();

    private static final Pattern OF_THE_DIALECT =
            Pattern.compile("^recorded/[^/]+/chat-completions/|^reported-errors/(openai|groq)/|^sse-framing/");

    private Recordings() {}

    /**
     * An exchange whose answer came whole.
     *
     * @param name where it is recorded
     */
    public record Whole(String name, JsonObject request, int status, JsonValue answer) {

        /** The answer's bytes. */
        public byte[] bytes() {
            return answer.toString().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * A recorded or made-up stream.
     *
     * @param name where it is recorded
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Streamed(String name, byte[] bytes) {

        @Override
        public String toString() {
            return name;
        }
    }

    /** All recorded exchanges that were not streamed. */
    public static List<Whole> wholes() {
        return files("recorded", ".json")
                .filter(file -> response(file).containsKey("body"))
                .map(Recordings::whole)
                .toList();
    }

    /** The requests of all recorded exchanges, streamed or not, as their clients wrote them. */
    public static List<JsonObject> requests() {
        return files("recorded", ".json").map(Recordings::request).toList();
    }

    /** All recorded streams. */
    public static List<Streamed> streams() {
        return files("recorded", ".sse").map(Recordings::streamed).toList();
    }

    /** All streams there are: recorded, reported, and those that try the format. */
    public static List<Streamed> allStreams() {
        return files(".", ".sse").map(Recordings::streamed).toList();
    }

    /** Bodies of errors that providers sent instead of an answer. */
    public static List<Whole> errors() {
        return files("reported-errors", ".json")
                .map(file -> read(file).asJsonObject())
                .filter(error -> error.containsKey("body"))
                .map(error -> new Whole(
                        error.getString("source"),
                        JsonValue.EMPTY_JSON_OBJECT,
                        error.getInt("status"),
                        error.getValue("/body")))
                .toList();
    }

    /** One stream. */
    public static Streamed stream(String name) {
        return streamed(WIRE.resolve(name));
    }

    /** Where to cut recorded streams so that it hurts. */
    public static List<JsonObject> splitPlans() {
        return read(WIRE.resolve("sse-framing/split-plans.json"))
                .asJsonObject()
                .getJsonArray("plans")
                .getValuesAs(JsonObject.class)
                .stream()
                .filter(plan -> OF_THE_DIALECT.matcher(plan.getString("file")).find())
                .toList();
    }

    /** The byte offsets of such a plan. */
    public static int[] offsets(JsonObject plan) {
        return plan.getJsonArray("split_offsets").getValuesAs(JsonNumber.class).stream()
                .mapToInt(JsonNumber::intValueExact)
                .toArray();
    }

    /** The JSON in these bytes, as a tree. */
    public static JsonStructure json(byte[] text) {
        try (JsonReader reader = Json.createReader(new StringReader(new String(text, StandardCharsets.UTF_8)))) {
            return reader.read();
        }
    }

    private static Whole whole(Path file) {
        return new Whole(
                name(file),
                request(file),
                response(file).getInt("status"),
                response(file).getValue("/body"));
    }

    private static JsonObject request(Path file) {
        return read(file).asJsonObject().getJsonObject("request").getJsonObject("body");
    }

    private static JsonObject response(Path file) {
        return read(file).asJsonObject().getJsonObject("response");
    }

    private static Streamed streamed(Path file) {
        try {
            return new Streamed(name(file), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> files(String folder, String ending) {
        try (Stream<Path> files = Files.walk(WIRE.resolve(folder))) {
            List<Path> found = files.filter(file -> file.toString().endsWith(ending))
                    .filter(file -> OF_THE_DIALECT.matcher(name(file)).find())
                    .sorted()
                    .toList();
            if (found.isEmpty()) {
                throw new IllegalStateException("no recordings in " + folder);
            }
            return found.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonStructure read(Path file) {
        try {
            return json(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Path file) {
        return WIRE.relativize(file).toString();
    }

    private static Path folder() {
        URL manifest = Objects.requireNonNull(Recordings.class.getResource("/wire/manifest.csv"));
        try {
            return Objects.requireNonNull(Path.of(manifest.toURI()).getParent());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
