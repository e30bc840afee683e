package com.smashcost.installation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The operator's API. */
public final class AdminApi {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI origin;
    private final String secret;
    private final String totp;
    private long lastStep;
    private @Nullable String token;

    /** An answer of the API. */
    public record Answer(int status, String contentType, String text, HttpResponse<String> response) {

        /** The body as JSON. */
        public JsonNode json() {
            try {
                return JSON.readTree(text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    AdminApi(URI origin, String secret, String totp) {
        this.origin = origin;
        this.secret = secret;
        this.totp = totp;
    }

    public URI origin() {
        return origin;
    }

    /** The secret that signs in, together with a {@link #freshCode}. */
    public String secret() {
        return secret;
    }

    /** A code that nobody used before; waits for one if need be. */
    public synchronized String freshCode() {
        while (true) {
            // the one after the present is accepted as well
            long newest = System.currentTimeMillis() / 1000 / Totp.STEP_SECONDS + 1;
            if (newest > lastStep) {
                // the launcher may have used the present one when it seeded the demonstration
                lastStep = newest;
                return Totp.code(totp, newest);
            }
            try {
                wait(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    /** A token, the same for all tests. */
    public synchronized String token() {
        if (token == null) {
            token = signIn(freshCode()).json().path("access_token").asText();
        }
        return token;
    }

    /** Forgets the token, so that the next call signs in again. */
    public synchronized void signOut() {
        token = null;
    }

    /** Tries to sign in with this code. */
    public Answer signIn(String code) {
        return signIn(secret, code);
    }

    /** Tries to sign in with this secret and this code. */
    public Answer signIn(String secret, String code) {
        return send(
                "POST",
                "/token",
                JSON.createObjectNode().put("secret", secret).put("code", code).toString(),
                "");
    }

    public Answer get(String path) {
        return send("GET", path, null, token());
    }

    public Answer delete(String path) {
        return send("DELETE", path, null, token());
    }

    public Answer post(String path, String body) {
        return send("POST", path, body, token());
    }

    public Answer put(String path, String body) {
        return send("PUT", path, body, token());
    }

    /** Sends a request with this bearer token, or with none if it is empty. */
    public Answer send(String method, String path, @Nullable String body, String bearer) {
        return send(URI.create(origin.resolve("/admin/api") + path), method, body, bearer);
    }

    /** Sends a file of this type. */
    public Answer upload(String path, String contentType, String file) {
        return send(URI.create(origin.resolve("/admin/api") + path), "POST", file, token(), contentType);
    }

    /** Sends a request to any place. */
    public Answer send(URI url, String method, @Nullable String body, String bearer) {
        return send(url, method, body, bearer, "application/json");
    }

    private Answer send(URI url, String method, @Nullable String body, String bearer, String contentType) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .timeout(Duration.ofSeconds(30))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", contentType);
        }
        if (!bearer.isEmpty()) {
            request.header("Authorization", "Bearer " + bearer);
        }
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("content-type").orElse(""),
                    response.body(),
                    response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** A new organisation with a key and with credentials for both providers. */
    public Customer newCustomer() {
        String slug = "it-" + UUID.randomUUID().toString().substring(0, 13);
        JsonNode organization = expect(
                201,
                post(
                        "/organizations",
                        json(Map.of("slug", slug, "name", "Test " + slug, "owner_email", slug + "@example.com"))));
        Customer customer = new Customer(
                organization.path("id").asLong(),
                slug,
                newKey(slug),
                credential("sk-openai-"),
                credential("gsk_groq-"));
        putCredential(slug, "openai", customer.openaiCredential());
        putCredential(slug, "groq", customer.groqCredential());
        return customer;
    }

    /** The same with credentials for all providers. */
    public Customer newCustomerOfAllProviders() {
        Customer customer = newCustomer();
        putCredential(customer.slug(), "anthropic", credential("sk-ant-"));
        putCredential(customer.slug(), "google", credential("AIza"));
        return customer;
    }

    private static String credential(String prefix) {
        return prefix + UUID.randomUUID().toString().replace("-", "");
    }

    /** A new key of this organisation. */
    public Customer.Key newKey(String slug) {
        JsonNode key = expect(201, post("/organizations/" + slug + "/keys", json(Map.of("name", "test"))));
        return new Customer.Key(key.path("id").asText(), key.path("key").asText());
    }

    public void putCredential(String slug, String provider, String credential) {
        expect(200, put("/organizations/" + slug + "/credentials/" + provider, json(Map.of("api_key", credential))));
    }

    /** Changes one setting of this organisation. */
    public void change(Customer customer, String setting, Object value) {
        expect(200, put("/organizations/" + customer.slug() + "/settings", json(Map.of(setting, value))));
    }

    /** Moves the organisation to another status: {@code block}, {@code unblock}, {@code kill-switch}. */
    public void move(Customer customer, String action) {
        expect(200, post("/organizations/" + customer.slug() + "/" + action, json(Map.of("reason", "a test"))));
    }

    public void activate(Customer customer) {
        expect(
                200,
                post("/organizations/" + customer.slug() + "/activation", json(Map.of("confirm", customer.slug()))));
    }

    private static JsonNode expect(int status, Answer answer) {
        if (answer.status() != status) {
            throw new AssertionError("the admin API answered " + answer.status() + ": " + answer.text());
        }
        return answer.json();
    }

    /** A JSON object of these members. */
    public static String json(Map<String, ?> members) {
        return JSON.valueToTree(members).toString();
    }
}
