package com.smashcost.matrix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.installation.Customer;
import com.smashcost.installation.Installation;
import com.smashcost.upstream.Acts;
import com.smashcost.upstream.Received;
import com.smashcost.upstream.Recording;
import com.smashcost.upstream.Scene;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the gateway sends to OpenAI for clients of other dialects, put before a server that knows OpenAI's published contract:
 * it must accept every request that recorded Anthropic and Responses clients cause. What the gateway itself refuses does not
 * arrive, and must be refused with a 400 that names the reason.
 */
class OpenAiContractIT {

    private static final Customer CUSTOMER = Installation.running().admin().newCustomerOfAllProviders();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** What the contract has against requests that OpenAI itself once answered: its server reads unions too strictly. */
    private static final Set<String> WRONGLY_FOUND = new TreeSet<>();

    private static Process steady;
    private static URI contract;

    private final Installation installation = Installation.running();

    @BeforeAll
    static void startTheContract() throws Exception {
        Path home = Node.installed();
        Path spec = Path.of(OpenAiContractIT.class
                .getResource("/wire/spec/openai-openapi.subset.json")
                .toURI());
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        contract = URI.create("http://127.0.0.1:" + port);
        steady = new ProcessBuilder(
                        home.resolve("node_modules/.bin/steady").toString(),
                        "--host",
                        "127.0.0.1",
                        "-p",
                        Integer.toString(port),
                        spec.toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("steady.log").toFile())
                .start();
        for (int i = 0; !answers(); i++) {
            assertThat(i).as("tries; see " + home.resolve("steady.log")).isLessThan(150);
            Thread.sleep(200);
        }
        for (String endpoint : List.of("responses", "chat-completions")) {
            for (Exchange exchange : Exchange.recorded("openai/" + endpoint)) {
                if (exchange.status() == 200) {
                    ObjectNode body = exchange.request().deepCopy();
                    body.remove(List.of("stream", "stream_options"));
                    WRONGLY_FOUND.addAll(judge("/" + endpoint.replace('-', '/'), body.toString()));
                }
            }
        }
    }

    private static boolean answers() throws InterruptedException {
        try {
            HTTP.send(HttpRequest.newBuilder(contract.resolve("/models")).build(), BodyHandlers.discarding());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @AfterAll
    static void stopTheContract() {
        steady.descendants().forEach(ProcessHandle::destroy);
        steady.destroy();
    }

    static Stream<Exchange> messages() {
        return Exchange.recorded("anthropic/messages").stream().filter(exchange -> exchange.status() == 200);
    }

    static Stream<Exchange> responses() {
        return Exchange.recorded("openai/responses").stream().filter(exchange -> exchange.status() == 200);
    }

    @Test
    void the_contract_refuses_what_is_wrong() throws Exception {
        assertThat(judge("/chat/completions", """
                {"model":"gpt-4o","messages":[{"role":"tool","content":5}],"max_completion_tokens":"many"}""")).isNotEmpty();
        assertThat(judge("/chat/completions", """
                {"model":"gpt-4o","messages":[{"role":"user","content":"x"}],"max_completion_tokens":"many"}""")).isNotEmpty().noneMatch(WRONGLY_FOUND::contains);
    }

    /** To chat completions, which OpenAI's models are asked with that do not think. */
    @ParameterizedTest
    @MethodSource("messages")
    void accepts_what_an_anthropic_client_causes(Exchange exchange) throws Exception {
        Scene scene = scene(Recording.of("openai/chat-completions/stop-param.gpt-4"));

        accepted(send("/v1/messages", exchange, "gpt-4.1", "metadata", scene), scene, "/v1/chat/completions");
    }

    /** To Responses, where the model thinks or is served on no other route. */
    @ParameterizedTest
    @MethodSource("messages")
    void accepts_what_an_anthropic_client_causes_of_a_model_for_responses(Exchange exchange) throws Exception {
        Scene scene = scene(Recording.of("openai/responses/plain.gpt-4.1-mini"));

        accepted(send("/v1/messages", exchange, "gpt-5.1-codex", "metadata", scene), scene, "/v1/responses");
    }

    /** Unchanged, as they are. */
    @ParameterizedTest
    @MethodSource("responses")
    void accepts_what_a_responses_client_sends(Exchange exchange) throws Exception {
        Scene scene = scene(Recording.of("openai/responses/plain.gpt-4.1-mini"));

        accepted(send("/v1/responses", exchange, "gpt-5", "safety_identifier", scene), scene, "/v1/responses");
    }

    /** Groq has OpenAI's contract for chat completions. */
    @ParameterizedTest
    @MethodSource("responses")
    void accepts_what_a_responses_client_causes_of_a_chat_model(Exchange exchange) throws Exception {
        Scene scene = scene(Recording.of("openai/chat-completions/stop-param.gpt-4"));

        accepted(
                send("/v1/responses", exchange, "openai/gpt-oss-120b", "", scene),
                scene,
                "/openai/v1/chat/completions");
    }

    private Scene scene(Recording answer) {
        return installation.upstream().scene(Acts.replay(answer));
    }

    private HttpResponse<String> send(String route, Exchange exchange, String model, String place, Scene scene)
            throws IOException, InterruptedException {
        ObjectNode body = exchange.request().deepCopy();
        body.put("model", model).remove("stream");
        body.remove("stream_options");
        switch (place) {
            case "metadata" -> body.putObject("metadata").put("user_id", scene.marker());
            case "safety_identifier" -> body.put(place, scene.marker());
            default -> body.put("instructions", body.path("instructions").asText("") + " " + scene.marker());
        }
        return HTTP.send(
                HttpRequest.newBuilder(installation.origin().resolve(route))
                        .timeout(Duration.ofSeconds(30))
                        .header("Authorization", "Bearer " + CUSTOMER.key().text())
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body.toString()))
                        .build(),
                BodyHandlers.ofString());
    }

    private static void accepted(HttpResponse<String> answer, Scene scene, String path) throws Exception {
        if (scene.requests().isEmpty()) {
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
            JsonNode error = Exchange.JSON.readTree(answer.body()).path("error");
            assertThat(error.path("message").asText()).as(answer.body()).hasSizeGreaterThan(20);
            return;
        }
        Received received = scene.request();
        assertThat(received.path()).isEqualTo(path);
        List<String> faults = judge(path.replaceFirst("^(/openai)?/v1", ""), new String(received.body(), UTF_8));
        faults.removeAll(WRONGLY_FOUND);
        if (path.startsWith("/openai")) {
            faults.removeIf(fault -> fault.contains("\"on_demand\"")); // Groq's own name for OpenAI's default
        }
        assertThat(faults).as(received.text()).isEmpty();
    }

    /** What the contract has against a request. */
    private static List<String> judge(String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> verdict = HTTP.send(
                HttpRequest.newBuilder(contract.resolve(path))
                        .timeout(Duration.ofSeconds(30))
                        .header("Authorization", "Bearer sk-contract")
                        .header("Content-Type", "application/json")
                        .header("X-Steady-Reject-On-Error", "true")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
        List<String> faults = new ArrayList<>();
        JsonNode said = Exchange.JSON.readTree(verdict.body());
        for (JsonNode error : said.at("/steady/errors")) {
            faults.add((error.path("code").asText() + " " + error.path("path").asText() + " "
                            + error.path("message").asText())
                    .replaceAll("\\.\\d+", ".N"));
        }
        if (verdict.statusCode() != 200 && faults.isEmpty()) {
            faults.add(verdict.statusCode() + " " + verdict.body());
        }
        return faults;
    }
}
