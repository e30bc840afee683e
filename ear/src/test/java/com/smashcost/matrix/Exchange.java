package com.smashcost.matrix;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.smashcost.upstream.Act;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a provider was asked and answered: a file below {@code wire/}.
 *
 * @param name the file below {@code wire/}, without its ending
 * @param provider as this product calls it
 * @param model that was asked for; empty if the file does not say
 * @param stream whether the answer is one of events
 * @param body the bytes of the answer
 */
@SuppressWarnings("ArrayRecordComponent")
record Exchange(
        String name,
        String provider,
        Kind kind,
        Wire wire,
        String model,
        Set<String> features,
        JsonNode request,
        boolean stream,
        int status,
        Map<String, String> headers,
        byte[] body) {

    static final ObjectMapper JSON = new ObjectMapper();

    private static final Set<String> TRANSPORT =
            Set.of("content-length", "transfer-encoding", "content-encoding", "connection", "date", "vary");
    private static final Map<String, List<Integer>> SPLITS = splits();

    /** What is asked for. */
    enum Kind {
        ANSWER,
        VECTORS,
        COUNT
    }

    /** All that were recorded with one provider on one of its endpoints. */
    static List<Exchange> recorded(String directory) {
        return names("recorded/" + directory).stream().map(Exchange::of).toList();
    }

    /** The errors that somebody reported of a provider, and those of intermediaries. */
    static List<Exchange> errors() {
        return names("reported-errors").stream().map(Exchange::of).toList();
    }

    /** The names of the files below a directory of {@code wire/}. */
    static List<String> names(String directory) {
        try {
            Path wire = Path.of(
                    Objects.requireNonNull(Exchange.class.getResource("/wire")).toURI());
            try (Stream<Path> files = Files.walk(wire.resolve(directory))) {
                return files.map(file -> wire.relativize(file).toString())
                        .filter(name -> name.endsWith(".json"))
                        .map(name -> name.substring(0, name.length() - ".json".length()))
                        .sorted()
                        .toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static Exchange of(String name) {
        try {
            JsonNode file = JSON.readTree(bytes(name + ".json"));
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
            String directory = name.substring(0, name.lastIndexOf('/') + 1);
            String besides =
                    response.path("body_file").asText(response.path("sse_file").asText(""));
            byte[] body;
            if (!besides.isEmpty()) {
                body = bytes(directory + besides);
            } else if (response.has("body")) {
                body = JSON.writeValueAsBytes(response.path("body"));
            } else {
                body = bytes(name + ".html");
                headers.put("content-type", "text/html");
            }
            String recorder = file.path("provider").asText();
            String endpoint = file.path("endpoint").asText("");
            boolean stream = file.path("stream").asBoolean() || besides.endsWith(".sse");
            Wire wire = wire(recorder, endpoint, new String(body, UTF_8));
            if (stream) {
                headers.put("content-type", "text/event-stream");
                body = wire == Wire.GEMINI ? asEvents(body) : body;
            }
            headers.putIfAbsent("content-type", "application/json");
            Set<String> features = new TreeSet<>();
            file.path("features").forEach(feature -> features.add(feature.asText()));
            JsonNode request = file.at("/request/body");
            return new Exchange(
                    name,
                    switch (recorder) {
                        case "gemini" -> "google";
                        case "edge" -> "openai";
                        default -> recorder;
                    },
                    endpoint.equals("embeddings")
                            ? Kind.VECTORS
                            : endpoint.toLowerCase(Locale.ROOT).startsWith("count") ? Kind.COUNT : Kind.ANSWER,
                    wire,
                    wire == Wire.GEMINI
                            ? file.path("model").asText("")
                            : request.path("model").asText(""),
                    features,
                    request,
                    stream,
                    response.path("status").asInt(200),
                    headers,
                    body);
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    private static Wire wire(String provider, String endpoint, String body) {
        return switch (provider) {
            case "anthropic" -> Wire.MESSAGES;
            case "gemini" -> Wire.GEMINI;
            default -> endpoint.equals("responses") || body.contains("event: response.") ? Wire.RESPONSES : Wire.CHAT;
        };
    }

    /** Streams that were asked for as a JSON array, as the gateway asks for them: its elements are the events. */
    private static byte[] asEvents(byte[] body) throws IOException {
        if (new String(body, ISO_8859_1).strip().startsWith("[")) {
            ByteArrayOutputStream events = new ByteArrayOutputStream();
            for (JsonNode element : JSON.readTree(body)) {
                events.writeBytes(("data: " + element + "\r\n\r\n").getBytes(UTF_8));
            }
            return events.toByteArray();
        }
        return body;
    }

    private static byte[] bytes(String file) throws IOException {
        try (InputStream in = Exchange.class.getResourceAsStream("/wire/" + file)) {
            if (in == null) {
                throw new IOException("/wire/" + file + " is not on the test class path");
            }
            return in.readAllBytes();
        }
    }

    /** The answer as JSON. */
    JsonNode json() {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }

    /** What the answer says. */
    Facts facts() {
        return stream ? Facts.of(wire, events()) : Facts.of(wire, json());
    }

    /** The data of a stream's events. */
    List<JsonNode> events() {
        List<JsonNode> events = new ArrayList<>();
        StringBuilder data = new StringBuilder();
        for (String line : (new String(body, UTF_8) + "\n\n").split("\r\n|\n|\r", -1)) {
            if (line.startsWith("data:")) {
                data.append(line.substring(5).strip()).append('\n');
            } else if (line.isEmpty() && !data.isEmpty()) {
                String text = data.toString().strip();
                data.setLength(0);
                if (text.startsWith("{")) {
                    try {
                        events.add(JSON.readTree(text));
                    } catch (IOException e) {
                        throw new UncheckedIOException(name, e);
                    }
                }
            }
        }
        return events;
    }

    /** Sends what was recorded; a stream in pieces that are no events, cut inside of characters, line ends and JSON. */
    Act act() {
        if (!stream || status != 200) {
            return line -> line.answer(status, headers, body);
        }
        List<Integer> cuts = cuts();
        return line -> {
            line.begin(status, headers);
            int from = 0;
            for (int to : cuts) {
                line.send(Arrays.copyOfRange(body, from, to));
                from = to;
            }
            line.end();
        };
    }

    private List<Integer> cuts() {
        TreeSet<Integer> cuts = new TreeSet<>(SPLITS.getOrDefault(name, List.of()));
        if (cuts.isEmpty()) {
            Random random = new Random(name.hashCode());
            for (int at = 1 + random.nextInt(40); at < body.length; at += 1 + random.nextInt(body.length / 10 + 2)) {
                cuts.add(at);
            }
        }
        cuts.removeIf(cut -> cut <= 0 || cut >= body.length);
        cuts.add(body.length);
        return List.copyOf(cuts);
    }

    private static Map<String, List<Integer>> splits() {
        try {
            Map<String, List<Integer>> splits = new LinkedHashMap<>();
            for (JsonNode plan :
                    JSON.readTree(bytes("sse-framing/split-plans.json")).path("plans")) {
                List<Integer> offsets = new ArrayList<>();
                plan.path("split_offsets").forEach(offset -> offsets.add(offset.asInt()));
                String file = plan.path("file").asText();
                splits.put(file.substring(0, file.length() - ".sse".length()), offsets);
            }
            return splits;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean has(String feature) {
        return features.stream().anyMatch(each -> each.startsWith(feature));
    }

    @Nullable
    String error() {
        JsonNode json = json();
        JsonNode error = json.isArray() ? json.path(0).path("error") : json.path("error");
        return error.path("message").isTextual() ? error.path("message").asText() : null;
    }

    @Override
    public String toString() {
        return name;
    }
}
