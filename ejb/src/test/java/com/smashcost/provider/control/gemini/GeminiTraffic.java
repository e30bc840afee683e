package com.smashcost.provider.control.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.SseEvent;
import com.smashcost.provider.control.SseFrames;
import com.smashcost.provider.control.WireRecording;
import com.smashcost.provider.control.conversation.Conversation;
import com.smashcost.provider.control.conversation.Conversation.Sampling;
import com.smashcost.provider.control.conversation.StreamEvent;
import com.smashcost.provider.control.conversation.Tool;
import com.smashcost.provider.control.conversation.Traits;
import com.smashcost.provider.control.conversation.Turn;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What Gemini was recorded to send, and what a simple reading of it yields. Two folders of recordings belong to nobody here:
 * {@code gemini/openai-compat-chat} is the OpenAI dialect, and {@code gemini/models} an endpoint that is not called.
 */
final class GeminiTraffic {

    /** A model that is billed for each prompt that it searched for. */
    static final Traits MODEL = traits("gemini-2.5-flash");

    /** A model that is billed for each query. */
    static final Traits PER_QUERY = traits("gemini-3.6-flash");

    static final List<String> HOSTS = List.of("gemini", "gemini-vertex");

    private GeminiTraffic() {}

    /** All exchanges with an endpoint, Vertex's included. */
    static List<WireRecording> exchanges(String endpoint) {
        return HOSTS.stream()
                .filter(host -> Files.isDirectory(
                        WireRecording.wire().resolve("recorded").resolve(host).resolve(endpoint)))
                .flatMap(host -> WireRecording.of(host, endpoint).stream())
                .toList();
    }

    /** A whole answer. */
    @SuppressWarnings("ArrayRecordComponent")
    record Whole(String name, byte[] body) {
        JsonNode json() {
            return Json.read(body).orElseThrow();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** All whole answers that were recorded, and those of SDK fixtures. */
    static List<Whole> wholes() {
        Stream<Whole> recorded = exchanges("generateContent").stream()
                .filter(exchange -> exchange.status() == 200)
                .map(exchange -> new Whole(exchange.name(), exchange.body()));
        Stream<Whole> fixtures = fixtures(".json")
                .filter(file -> !file.toString().contains("429"))
                .map(file -> new Whole(file.getFileName().toString(), bytes(file)));
        return Stream.concat(recorded, fixtures).toList();
    }

    /**
     * A stream.
     *
     * @param bytes as server-sent events. Some recordings were asked for without {@code alt=sse} and hold an array; they and the
     *     SDK fixtures have their framing from here, so cuts that were planned for the array do not apply to them
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Streamed(String name, byte[] bytes, List<JsonNode> chunks, boolean framedHere) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** All streams that were recorded, and those of SDK fixtures. */
    static List<Streamed> streams() {
        List<Streamed> streams = new ArrayList<>();
        for (WireRecording exchange : exchanges("streamGenerateContent")) {
            String text = new String(exchange.body(), StandardCharsets.UTF_8);
            List<JsonNode> chunks = new ArrayList<>();
            boolean array = text.startsWith("[");
            if (array) {
                Json.read(text).orElseThrow().forEach(chunks::add);
            } else {
                text.lines()
                        .filter(line -> line.startsWith("data:"))
                        .forEach(line -> chunks.add(Json.read(line.substring(5)).orElseThrow()));
            }
            streams.add(new Streamed(
                    exchange.name() + ".sse", array ? framed(chunks) : exchange.body(), List.copyOf(chunks), array));
        }
        fixtures(".chunks.txt").forEach(file -> {
            List<JsonNode> chunks = new String(bytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .map(line -> Json.read(line).orElseThrow())
                    .toList();
            streams.add(new Streamed(file.getFileName().toString(), framed(chunks), chunks, true));
        });
        return streams;
    }

    static byte[] framed(List<? extends JsonNode> chunks) {
        StringBuilder text = new StringBuilder();
        chunks.forEach(chunk -> text.append("data: ").append(Json.text(chunk)).append("\r\n\r\n"));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The bodies of errors that were reported, by name. */
    static Map<String, ObjectNode> reportedErrors() {
        Map<String, ObjectNode> errors = new LinkedHashMap<>();
        Path folder = WireRecording.wire().resolve("reported-errors/gemini");
        try (Stream<Path> files = Files.list(folder)) {
            files.sorted()
                    .forEach(file -> errors.put(
                            file.getFileName().toString(),
                            Json.readObject(bytes(file)).orElseThrow()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return errors;
    }

    static byte[] fixture(String name) {
        return bytes(WireRecording.wire()
                .resolve("sdk-fixtures/gemini/generateContent")
                .resolve(name));
    }

    private static Stream<Path> fixtures(String end) {
        try (Stream<Path> files = Files.list(WireRecording.wire().resolve("sdk-fixtures/gemini/generateContent"))) {
            return files.filter(file -> file.toString().endsWith(end)).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a simple reading of an answer, in one piece or many, yields for its first candidate. */
    record Expected(String text, String thoughts, List<String> calls, List<String> signatures, String reason) {

        static Expected of(List<JsonNode> chunks) {
            StringBuilder text = new StringBuilder();
            StringBuilder thoughts = new StringBuilder();
            List<String> calls = new ArrayList<>();
            List<String> signatures = new ArrayList<>();
            String reason = "";
            for (JsonNode chunk : chunks) {
                JsonNode candidate = chunk.path("candidates").path(0);
                for (JsonNode part : candidate.path("content").path("parts")) {
                    (part.path("thought").asBoolean() ? thoughts : text)
                            .append(part.path("text").asText());
                    if (part.path("functionCall").has("name")) {
                        calls.add(part.path("functionCall").path("name").asText() + " "
                                + part.path("functionCall").path("args"));
                    }
                    if (part.has("thoughtSignature")) {
                        signatures.add(part.path("thoughtSignature").asText());
                    }
                }
                reason = candidate.has("finishReason")
                        ? candidate.path("finishReason").asText()
                        : reason;
            }
            return new Expected(text.toString(), thoughts.toString(), calls, signatures, reason);
        }

        /** The reason in the words of the product. */
        String stop() {
            return switch (reason) {
                case "STOP", "1" -> calls.isEmpty() ? "END" : "TOOL_CALLS";
                case "MAX_TOKENS" -> "LENGTH";
                case "SAFETY" -> "CONTENT_FILTER";
                default -> throw new IllegalStateException(reason);
            };
        }
    }

    /** The counts of the last chunk that has any: prompt with tools, cached, sound read anew, answer, thoughts, total. */
    static List<Long> counts(List<JsonNode> chunks) {
        JsonNode usage = Json.object();
        for (JsonNode chunk : chunks) {
            usage = chunk.path("usageMetadata").has("totalTokenCount") ? chunk.path("usageMetadata") : usage;
        }
        return List.of(
                usage.path("promptTokenCount").asLong()
                        + usage.path("toolUsePromptTokenCount").asLong(),
                usage.path("cachedContentTokenCount").asLong(),
                audio(usage.path("promptTokensDetails")) - audio(usage.path("cacheTokensDetails")),
                usage.path("candidatesTokenCount").asLong(),
                usage.path("thoughtsTokenCount").asLong(),
                usage.path("totalTokenCount").asLong());
    }

    private static long audio(JsonNode details) {
        long sum = 0;
        for (JsonNode detail : details) {
            sum += detail.path("modality").asText().equals("AUDIO")
                    ? detail.path("tokenCount").asLong()
                    : 0;
        }
        return sum;
    }

    /** All events of a stream that arrives in pieces that end at these places; an id of ours becomes its number. */
    static List<StreamEvent> read(byte[] bytes, Conversation conversation, int... cuts) {
        GeminiStream.Reader reader = new GeminiStream.Reader(conversation, MODEL);
        return read(bytes, reader, cuts);
    }

    static List<StreamEvent> read(byte[] bytes, GeminiStream.Reader reader, int... cuts) {
        List<StreamEvent> events = new ArrayList<>();
        SseFrames frames = new SseFrames();
        SseFrames.Sink sink = new SseFrames.Sink() {
            @Override
            public boolean event(byte[] buffer, int from, int to) {
                SseEvent.in(buffer, from, to).ifPresent(event -> events.addAll(reader.read(event)));
                return true;
            }

            @Override
            public void oversized(byte[] buffer, int from, int to) {
                throw new IllegalStateException("oversized");
            }
        };
        try {
            int from = 0;
            for (int cut : cuts) {
                frames.accept(bytes, from, cut - from, sink);
                from = cut;
            }
            frames.accept(bytes, from, bytes.length - from, sink);
            frames.close(sink);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        events.addAll(reader.end());
        int[] calls = {0};
        events.replaceAll(event ->
                event instanceof StreamEvent.ToolStarted tool && tool.id().startsWith("call_")
                        ? new StreamEvent.ToolStarted(
                                tool.candidate(), tool.call(), "call_" + calls[0]++, tool.name(), tool.seal())
                        : event);
        return events;
    }

    /** A conversation of these turns and nothing else. */
    static Conversation conversation(Turn... turns) {
        return conversation(List.of(turns), List.of());
    }

    static Conversation conversation(List<Turn> turns, List<Tool> tools) {
        return new Conversation(
                Json.object(),
                "model",
                turns,
                tools,
                null,
                null,
                null,
                Sampling.DEFAULT,
                null,
                null,
                null,
                null,
                false,
                false,
                List.of());
    }

    /** What the shipped catalogue knows of a model. */
    static Traits traits(String model) {
        try (InputStream file =
                Objects.requireNonNull(GeminiTraffic.class.getResourceAsStream("/catalogue/models.json"))) {
            ArrayNode models = (ArrayNode) Json.read(file.readAllBytes()).orElseThrow();
            for (JsonNode entry : models) {
                if (entry.path("id").asText().equals(model)) {
                    Map<String, Boolean> capabilities = new LinkedHashMap<>();
                    entry.path("supports")
                            .properties()
                            .forEach(can -> capabilities.put(
                                    can.getKey(), can.getValue().asBoolean()));
                    return new Traits(
                            model,
                            "google",
                            null,
                            entry.has("max_output_tokens")
                                    ? entry.path("max_output_tokens").asLong()
                                    : null,
                            capabilities);
                }
            }
            throw new IllegalArgumentException(model);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
