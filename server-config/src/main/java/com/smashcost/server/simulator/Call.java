package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** One HTTP exchange with a client of a simulated provider. */
final class Call implements AutoCloseable {

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
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        return header != null && header.startsWith("Bearer ") ? header.substring("Bearer ".length()) : "";
    }

    byte[] body() throws IOException {
        return exchange.getRequestBody().readAllBytes();
    }

    boolean mustFail() {
        return behaviour.fails(number);
    }

    Duration chunkGap() {
        return behaviour.chunkGap();
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
        headers.forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    /** Opens an event stream; every event leaves at once. */
    Events stream(Map<String, String> headers) throws IOException {
        headers.forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
        exchange.getResponseHeaders().set("Cache-Control", "no-cache");
        exchange.sendResponseHeaders(200, 0);
        return new Events(exchange.getResponseBody());
    }

    @Override
    public void close() {
        exchange.close();
    }

    /** Server-sent events; closing ends the body properly. */
    record Events(OutputStream out) implements AutoCloseable {

        void send(String data) throws IOException {
            out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
