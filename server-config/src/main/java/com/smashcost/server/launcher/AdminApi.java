package com.smashcost.server.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** The admin API as the demo's seed uses it: logged in with secret and code, on the admin listener. */
final class AdminApi {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI base;
    private final String token;

    /** A refusal; the status says what to do about it. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;

        private final int status;

        Refused(String request, int status, String body) {
            super(request + " answered " + status + ": " + body.substring(0, Math.min(300, body.length())));
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    AdminApi(URI base, String secret, String totp) throws IOException, InterruptedException {
        this.base = base;
        this.token = logIn(secret, totp);
    }

    private String logIn(String secret, String totp) throws IOException, InterruptedException {
        Instant now = Instant.now();
        try {
            return token(secret, Totp.code(totp, now));
        } catch (Refused e) {
            if (e.status() != 401) {
                throw e;
            }
            // a code serves once: a start within the same thirty seconds as another login waits for the next one
            long step = Totp.STEP.toMillis();
            Thread.sleep(step - now.toEpochMilli() % step + 200);
            return token(secret, Totp.code(totp, Instant.now()));
        }
    }

    private String token(String secret, String code) throws IOException, InterruptedException {
        JsonNode answer = send("POST", "/token", Map.of("secret", secret, "code", code), "");
        return answer.path("access_token").asText();
    }

    boolean organizationExists(String slug) throws IOException, InterruptedException {
        try {
            send("GET", "/organizations/" + slug, Map.of(), token);
            return true;
        } catch (Refused e) {
            if (e.status() == 404) {
                return false;
            }
            throw e;
        }
    }

    void createOrganization(String slug, String name, String ownerEmail) throws IOException, InterruptedException {
        send("POST", "/organizations", Map.of("slug", slug, "name", name, "owner_email", ownerEmail), token);
    }

    String createKey(String slug, String name) throws IOException, InterruptedException {
        String key = send("POST", "/organizations/" + slug + "/keys", Map.of("name", name), token)
                .path("key")
                .asText();
        if (key.isEmpty()) {
            throw new IOException("the admin API created a gateway key and did not return it");
        }
        return key;
    }

    void putCredential(String slug, String provider, String apiKey) throws IOException, InterruptedException {
        send("PUT", "/organizations/" + slug + "/credentials/" + provider, Map.of("api_key", apiKey), token);
    }

    /** The last characters of the stored credential; empty if there is none. */
    String credentialEnding(String slug, String provider) throws IOException, InterruptedException {
        for (JsonNode credential :
                send("GET", "/organizations/" + slug, Map.of(), token).path("credentials")) {
            if (credential.path("provider").asText().equals(provider)) {
                return credential.path("last_four").asText();
            }
        }
        return "";
    }

    private JsonNode send(String method, String path, Map<String, String> body, String bearer)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .method(
                        method,
                        body.isEmpty()
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofString(JSON.writeValueAsString(body)));
        if (!bearer.isEmpty()) {
            request.header("Authorization", "Bearer " + bearer);
        }
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new Refused(method + " /admin/api" + path, response.statusCode(), response.body());
        }
        return response.body().isBlank() ? MissingNode.getInstance() : JSON.readTree(response.body());
    }
}
