package com.smashcost.installation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** A client of the gateway that sends exactly the bytes it is told to send. */
public final class Chat {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI url;
    private final String[] headers;

    private Chat(URI url, String... headers) {
        this.url = url;
        this.headers = headers;
    }

    /** Sends as this customer, with these further headers (name, value, …). */
    public static Chat as(Customer customer, String... headers) {
        return with(customer.key().text(), headers);
    }

    /** Sends with this key, with these further headers (name, value, …). */
    public static Chat with(String key, String... headers) {
        String[] all = new String[headers.length + 2];
        all[0] = "Authorization";
        all[1] = "Bearer " + key;
        System.arraycopy(headers, 0, all, 2, headers.length);
        return raw(all);
    }

    /** Sends with these headers (name, value, …) and no key. */
    public static Chat raw(String... headers) {
        return new Chat(Installation.running().origin().resolve("/v1/chat/completions"), headers);
    }

    /** The same on another route, such as {@code /v1/messages}. */
    public Chat to(String route) {
        return new Chat(Installation.running().origin().resolve(route), headers);
    }

    /** The body of a request for this model with one message of the user. */
    public static String body(String model, String message) {
        return """
                {"model":"%s","messages":[{"role":"user","content":"%s"}]}""".formatted(model, message);
    }

    /** The same as a stream. */
    public static String stream(String model, String message) {
        return """
                {"model":"%s","messages":[{"role":"user","content":"%s"}],"stream":true}""".formatted(model, message);
    }

    /** A whole answer. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Answer(int status, HttpResponse<?> head, byte[] body) {

        public Optional<String> header(String name) {
            return head.headers().firstValue(name);
        }

        /** The content type without its parameters. */
        public String mediaType() {
            return header("content-type").orElse("").split(";", 2)[0].strip();
        }

        public String requestId() {
            return header("X-SmashCost-Request-Id").orElseThrow();
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        public JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The code of an error in the OpenAI shape. */
        public String errorCode() {
            return json().path("error").path("code").asText();
        }

        @Override
        public String toString() {
            return status + " " + head.headers().map() + " " + text();
        }
    }

    /** Sends this body and waits for the whole answer. */
    public Answer send(String body) {
        return send(body.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends this body and waits for the whole answer. */
    public Answer send(byte[] body) {
        try {
            HttpResponse<byte[]> response = CLIENT.send(request(body), BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response, response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Sends this body and returns when the head of the answer is here. */
    public HttpResponse<InputStream> open(String body) throws IOException, InterruptedException {
        return CLIENT.send(request(body.getBytes(StandardCharsets.UTF_8)), BodyHandlers.ofInputStream());
    }

    private HttpRequest request(byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .timeout(Duration.ofMinutes(4))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }
}
