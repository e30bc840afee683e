package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One HTTP exchange with a client of a simulated provider. */
final class Call implements AutoCloseable {

    /** What a key begins with that no provider accepts. */
    static final String BAD_KEY = "sim-bad";

    /** What a key begins with that has used up its rate limit. */
    static final String LIMITED_KEY = "sim-limited";

    private final HttpExchange exchange;
    private final Behaviour behaviour;
    private final long number;
    private final long begun = System.nanoTime();

    Call(HttpExchange exchange, Behaviour behaviour, long number) {
        this.exchange = exchange;
        this.behaviour = behaviour;
        this.number = number;
    }

    String method() {
        return exchange.getRequestMethod();
    }

    String path() {
        return exchange.getRequestURI().getPath();
    }

    /** The key of the Authorization header, empty if there is none. */
    String bearer() {
        String header = header("Authorization");
        return header.startsWith("Bearer ") ? header.substring("Bearer ".length()) : "";
    }

    /** Empty if there is none. */
    String header(String name) {
        return Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst(name), "");
    }

    /** A parameter of the query, empty if there is none. */
    String query(String name) {
        String query = Objects.requireNonNullElse(exchange.getRequestURI().getQuery(), "");
        for (String parameter : query.split("&", -1)) {
            if (parameter.startsWith(name + "=")) {
                return parameter.substring(name.length() + 1);
            }
        }
        return "";
    }

    byte[] body() throws IOException {
        return exchange.getRequestBody().readAllBytes();
    }

    boolean mustFail() {
        return behaviour.fails(number);
    }

    /** Lets the time to the first byte pass. */
    void think() throws InterruptedException {
        Thread.sleep(behaviour.latency());
    }

    long elapsedMillis() {
        return Duration.ofNanos(System.nanoTime() - begun).toMillis();
    }

    void answer(int status, JsonNode body, Map<String, String> headers) throws IOException {
        byte[] bytes = Wire.bytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        headers.forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    /**
     * Answers with an event stream; every event leaves at once, the gap lies between them.
     *
     * @param end what follows the last event without a gap, and ends the stream
     */
    void stream(Map<String, String> headers, List<String> events, String end) throws IOException, InterruptedException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
        exchange.getResponseHeaders().set("Cache-Control", "no-cache");
        headers.forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            boolean first = true;
            for (String event : events) {
                if (!first) {
                    Thread.sleep(behaviour.chunkGap());
                }
                first = false;
                send(out, event);
            }
            send(out, end);
        }
    }

    private static void send(OutputStream out, String text) throws IOException {
        if (!text.isEmpty()) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }

    @Override
    public void close() {
        exchange.close();
    }
}
