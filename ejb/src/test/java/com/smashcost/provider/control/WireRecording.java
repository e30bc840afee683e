package com.smashcost.provider.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * An exchange with a provider that was recorded: a file below {@code wire/recorded}.
 *
 * @param name {@code <provider>/<endpoint>/<file>}, without its ending
 * @param request the body that was sent
 * @param path where it was sent to
 * @param headers of the answer, in lower case
 * @param body of the answer; a stream's bytes as they were sent
 */
@SuppressWarnings("ArrayRecordComponent")
public record WireRecording(
        String name,
        JsonNode request,
        String path,
        int status,
        Map<String, String> headers,
        byte[] body,
        boolean streamed) {

    private static final Path WIRE = wire();

    /** All exchanges with this endpoint of this provider, by name. */
    public static List<WireRecording> of(String provider, String endpoint) {
        Path folder = WIRE.resolve("recorded").resolve(provider).resolve(endpoint);
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .map(WireRecording::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The folder of all wire data. */
    public static Path wire() {
        try {
            return Objects.requireNonNull(
                    Path.of(Objects.requireNonNull(WireRecording.class.getResource("/wire/manifest.csv"))
                                    .toURI())
                            .getParent());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static WireRecording read(Path file) {
        try {
            ObjectNode exchange = Json.readObject(Files.readAllBytes(file)).orElseThrow();
            JsonNode response = exchange.path("response");
            Map<String, String> headers = new LinkedHashMap<>();
            response.path("headers").properties().forEach(header -> {
                JsonNode value = header.getValue();
                headers.put(header.getKey(), (value.isArray() ? value.path(0) : value).asText());
            });
            boolean streamed = response.has("body_file");
            Path beside = file.resolveSibling(response.path("body_file").asText());
            String name = WIRE.resolve("recorded").relativize(file).toString();
            return new WireRecording(
                    name.substring(0, name.length() - ".json".length()),
                    exchange.path("request").path("body"),
                    exchange.path("request").path("path").asText(),
                    response.path("status").asInt(),
                    headers,
                    streamed ? Files.readAllBytes(beside) : Json.bytes(response.path("body")),
                    streamed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
