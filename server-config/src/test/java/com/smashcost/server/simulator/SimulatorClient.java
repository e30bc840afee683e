package com.smashcost.server.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A simulator without any delay, and a client that talks to one of its providers. */
final class SimulatorClient implements AutoCloseable {

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, String> headers;
    private final Simulator simulator;

    private SimulatorClient(Map<String, String> headers) {
        this.headers = headers;
        try {
            simulator = Simulator.start(0, Behaviour.DEFAULT.withLatency(0).withChunkGap(0));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static SimulatorClient ofOpenAi() {
        return new SimulatorClient(Map.of("Authorization", "Bearer sim-key"));
    }

    static SimulatorClient ofAnthropic() {
        return new SimulatorClient(Map.of("x-api-key", "sim-key", "anthropic-version", "2023-06-01"));
    }

    static SimulatorClient ofGoogle() {
        return new SimulatorClient(Map.of("x-goog-api-key", "sim-key"));
    }

    HttpResponse<String> send(String method, String path, String body, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + simulator.port() + path))
                .timeout(Duration.ofSeconds(10))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return client.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send("POST", path, body, headers);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path, "", headers);
    }

    /** With one header changed, or taken away by an empty value. */
    HttpResponse<String> post(String path, String body, String header, String value)
            throws IOException, InterruptedException {
        Map<String, String> changed = new LinkedHashMap<>(headers);
        changed.put(header, value);
        changed.values().removeIf(String::isEmpty);
        return send("POST", path, body, changed);
    }

    /** What was answered to a request that has to succeed. */
    JsonNode told(String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> response = post(path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Wire.parse(response.body());
    }

    /** The error of a request that has to be refused with 400. */
    JsonNode refused(String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> response = post(path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        return Wire.parse(response.body()).path("error");
    }

    /** The data of all events. */
    List<JsonNode> events(String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> response = post(path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type").orElseThrow()).startsWith("text/event-stream");
        List<JsonNode> events = new ArrayList<>();
        for (String line : response.body().lines().toList()) {
            if (line.startsWith("data: ")) {
                events.add(Wire.parse(line.substring("data: ".length())));
            }
        }
        return events;
    }

    void failAlways() throws IOException, InterruptedException {
        send("PUT", "/simulator/behaviour", "{\"error_percent\": 100}", Map.of());
    }

    @Override
    public void close() {
        simulator.close();
    }
}
