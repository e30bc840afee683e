package com.smashcost.provider.control.responses;

import com.smashcost.provider.control.SseEvent;
import com.smashcost.provider.control.SseFrames;
import com.smashcost.provider.control.WireRecording;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** All recorded traffic of the dialect, and events taken apart without the help of what is tested. */
final class ResponsesWire {

    private ResponsesWire() {}

    /**
     * A recorded answer.
     *
     * @param request empty for what was handed down without one
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Answer(String name, JsonObject request, int status, byte[] body) {

        @Override
        public String toString() {
            return name;
        }
    }

    /** All exchanges with a Responses endpoint; none is left out. */
    static List<WireRecording> recordings() {
        return Stream.of("openai", "deepseek", "openrouter")
                .flatMap(provider -> WireRecording.of(provider, "responses").stream())
                .toList();
    }

    /** Answers that came whole, good and bad ones. */
    static List<Answer> wholes() {
        return Stream.concat(
                        recordings().stream()
                                .filter(exchange -> !exchange.streamed())
                                .map(ResponsesWire::answer),
                        fixtures(".json")
                                .map(file -> new Answer(name(file), JsonValue.EMPTY_JSON_OBJECT, 200, read(file))))
                .toList();
    }

    /** Answers that came whole and well. */
    static List<Answer> completed() {
        return wholes().stream()
                .filter(answer -> json(answer.body()).getString("status", "").equals("completed"))
                .toList();
    }

    /** Streams, as they were recorded or as SDKs test with them. */
    static List<Answer> streams() {
        return Stream.concat(
                        recordings().stream().filter(WireRecording::streamed).map(ResponsesWire::answer),
                        fixtures(".chunks.txt")
                                .map(file -> new Answer(name(file), JsonValue.EMPTY_JSON_OBJECT, 200, framed(file))))
                .toList();
    }

    /**
     * Streams that have come to a good end; but for {@code openai-shell-container}, which is written by hand and whose pieces
     * are not those of the text that it ends with.
     */
    static List<Answer> completedStreams() {
        return streams().stream()
                .filter(stream -> !stream.name().endsWith("openai-shell-container.1.chunks.txt"))
                .filter(stream -> data(stream.body()).stream()
                        .anyMatch(event -> event.getString("type").equals("response.completed")))
                .toList();
    }

    /** One stream, by the end of its name. */
    static Answer stream(String name) {
        return streams().stream()
                .filter(stream -> stream.name().endsWith(name))
                .findFirst()
                .orElseThrow();
    }

    /** The objects in the data lines of a stream. */
    static List<JsonObject> data(byte[] stream) {
        return new String(stream, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("data:"))
                .map(line -> line.substring("data:".length()).strip())
                .filter(data -> !data.equals("[DONE]"))
                .map(data -> json(data.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    /**
     * The response in the last event of a stream that came to a good end, with the items as they were when each was done: what
     * is encrypted is encrypted anew for the last event.
     */
    static JsonObject finalResponse(byte[] stream) {
        List<JsonObject> events = data(stream);
        JsonObject response = events.stream()
                .filter(event ->
                        List.of("response.completed", "response.incomplete").contains(event.getString("type")))
                .reduce((first, second) -> second)
                .orElseThrow()
                .getJsonObject("response");
        List<JsonObject> items = events.stream()
                .filter(event -> event.getString("type").equals("response.output_item.done"))
                .map(event -> event.getJsonObject("item"))
                .toList();
        return Json.createObjectBuilder(response)
                .add("output", Json.createArrayBuilder(items))
                .build();
    }

    /** The events of a stream that arrives in pieces. */
    static List<SseEvent> events(byte[] stream, int... cuts) {
        List<SseEvent> events = new ArrayList<>();
        SseFrames.Sink sink = new SseFrames.Sink() {
            @Override
            public boolean event(byte[] buffer, int from, int to) {
                SseEvent.in(buffer, from, to).ifPresent(events::add);
                return true;
            }

            @Override
            public void oversized(byte[] buffer, int from, int to) {
                throw new IllegalStateException("too large");
            }
        };
        try {
            SseFrames frames = new SseFrames();
            int from = 0;
            for (int cut : cuts) {
                frames.accept(stream, from, cut - from, sink);
                from = cut;
            }
            frames.accept(stream, from, stream.length - from, sink);
            frames.close(sink);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return events;
    }

    /** The object in this text. */
    static JsonObject json(byte[] text) {
        try (JsonReader reader = Json.createReader(new StringReader(new String(text, StandardCharsets.UTF_8)))) {
            return reader.readObject();
        }
    }

    private static Answer answer(WireRecording exchange) {
        return new Answer(
                exchange.name(),
                json(com.smashcost.provider.control.Json.bytes(exchange.request())),
                exchange.status(),
                exchange.body());
    }

    private static Stream<Path> fixtures(String ending) {
        return Stream.of("openai", "open-responses").flatMap(sdk -> {
            Path folder =
                    WireRecording.wire().resolve("sdk-fixtures").resolve(sdk).resolve("responses");
            try (Stream<Path> files = Files.list(folder)) {
                return files.filter(file -> file.toString().endsWith(ending)).sorted().toList().stream();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Fixtures hold one event a line, without the frame around it. */
    private static byte[] framed(Path file) {
        StringBuilder stream = new StringBuilder();
        new String(read(file), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .forEach(line -> stream.append("event: ")
                        .append(json(line.getBytes(StandardCharsets.UTF_8)).getString("type"))
                        .append("\ndata: ")
                        .append(line)
                        .append("\n\n"));
        return stream.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Path file) {
        return WireRecording.wire().relativize(file).toString();
    }
}
