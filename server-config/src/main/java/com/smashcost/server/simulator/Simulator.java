package com.smashcost.server.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The provider simulator: one HTTP server on the loopback address that stands for every provider, each below a path of
 * its own. {@code PUT /simulator/behaviour} changes how it behaves, {@code GET /simulator/stats} counts.
 */
public final class Simulator implements AutoCloseable {

    public static final String NAME = "simulator";

    /** Below its origin, where each provider is, as the official SDKs mean a base URL. */
    public static final Map<String, String> PATHS =
            Map.of("openai", "/v1", "groq", "/openai/v1", "anthropic", "/anthropic", "google", "/google");

    private static final int BACKLOG = 1024;
    private static final String USAGE =
            "usage: Simulator --port PORT [--latency-ms N] [--chunk-gap-ms N] [--error-rate PERCENT]";
    private static final List<Dialect> DIALECTS = List.of(
            new ChatCompletions(OpenAiFlavour.OPENAI),
            new ChatCompletions(OpenAiFlavour.GROQ),
            new Responses(),
            new Embeddings(),
            new Models(OpenAiFlavour.OPENAI),
            new Models(OpenAiFlavour.GROQ),
            new AnthropicMessages(),
            new AnthropicTokenCount(),
            new AnthropicModels(),
            new GeminiContents(),
            new GeminiTokenCount(),
            new GeminiEmbeddings(),
            new GeminiModels());

    static {
        // read once by the JDK's server: small writes leave at once, and it never closes first
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "4096");
        System.setProperty("sun.net.httpserver.idleInterval", "600");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Stats stats = new Stats();
    private volatile Behaviour behaviour;

    private Simulator(HttpServer server, Behaviour behaviour) {
        this.server = server;
        this.behaviour = behaviour;
    }

    public static void main(String[] args) throws IOException {
        int port = 0;
        Behaviour behaviour = Behaviour.DEFAULT;
        for (Iterator<String> rest = List.of(args).iterator(); rest.hasNext(); ) {
            String name = rest.next();
            if (!rest.hasNext()) {
                throw new IllegalArgumentException(USAGE);
            }
            int value = Integer.parseInt(rest.next());
            switch (name) {
                case "--port" -> port = value;
                case "--latency-ms" -> behaviour = behaviour.withLatency(value);
                case "--chunk-gap-ms" -> behaviour = behaviour.withChunkGap(value);
                case "--error-rate" -> behaviour = behaviour.withErrorPercent(value);
                default -> throw new IllegalArgumentException(USAGE);
            }
        }
        start(port, behaviour);
    }

    static Simulator start(int port, Behaviour behaviour) throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        HttpServer server = HttpServer.create(new InetSocketAddress(loopback, port), BACKLOG);
        Simulator simulator = new Simulator(server, behaviour);
        server.setExecutor(simulator.threads);
        server.createContext("/", simulator::handle);
        server.start();
        return simulator;
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().getPath();
        Optional<Dialect> dialect =
                DIALECTS.stream().filter(each -> each.speaks(method, path)).findFirst();
        if (dialect.isPresent()) {
            converse(exchange, dialect.get());
        } else {
            control(exchange, method + " " + path);
        }
    }

    private void converse(HttpExchange exchange, Dialect dialect) {
        long number = stats.begin();
        try (Call call = new Call(exchange, behaviour, number)) {
            if (call.mustFail()) {
                stats.error();
            }
            dialect.answer(call);
        } catch (IOException e) {
            // the client hung up: what was still to be said is not said
            stats.cancelled();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stats.end();
        }
    }

    private void control(HttpExchange exchange, String request) throws IOException {
        try (Call call = new Call(exchange, Behaviour.DEFAULT, 0)) {
            switch (request) {
                case "GET /simulator/stats" -> call.answer(200, stats.json(), Map.of());
                case "GET /simulator/behaviour" -> call.answer(200, behaviour.json(), Map.of());
                case "PUT /simulator/behaviour" -> change(call);
                default -> call.answer(404, error("no such route: " + request), Map.of());
            }
        }
    }

    private void change(Call call) throws IOException {
        try {
            behaviour = behaviour.with(Wire.parse(call.body()));
            call.answer(200, behaviour.json(), Map.of());
        } catch (JsonProcessingException | IllegalArgumentException e) {
            call.answer(400, error(String.valueOf(e.getMessage())), Map.of());
        }
    }

    private static ObjectNode error(String message) {
        ObjectNode error = Wire.object();
        error.putObject("error").put("message", message).put("type", "invalid_request_error");
        return error;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
