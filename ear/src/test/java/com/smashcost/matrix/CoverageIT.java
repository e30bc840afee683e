package com.smashcost.matrix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.installation.Chat;
import com.smashcost.installation.Customer;
import com.smashcost.installation.Installation;
import com.smashcost.matrix.Exchange.Kind;
import com.smashcost.upstream.Scene;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing that was recorded is left lying: it is replayed to some client, or the reason is written down. */
class CoverageIT {

    private static final Customer CUSTOMER = Installation.running().admin().newCustomerOfAllProviders();

    private final Installation installation = Installation.running();

    @Test
    void every_recorded_exchange_is_replayed_to_a_client_or_has_a_reason() {
        List<String> unused = Exchange.names("recorded").stream()
                .filter(name -> Coverage.LEFT_OUT.keySet().stream().noneMatch(name::startsWith))
                .filter(name -> !isUsed(Exchange.of(name)))
                .toList();

        assertThat(unused).isEmpty();
    }

    @Test
    void every_reported_error_is_replayed_to_a_client() {
        assertThat(Exchange.errors()).hasSizeGreaterThanOrEqualTo(23).allMatch(CoverageIT::isUsed);
    }

    @Test
    void what_is_left_out_exists() {
        List<String> names = Exchange.names("recorded");

        assertThat(Coverage.LEFT_OUT.keySet())
                .allSatisfy(beginning -> assertThat(names).anyMatch(name -> name.startsWith(beginning)));
    }

    /** Whether one of the clients of each route can be answered with it. */
    private static boolean isUsed(Exchange exchange) {
        return Map.of(
                        "openai-java chat", Wire.CHAT,
                        "openai-java responses", Wire.RESPONSES,
                        "anthropic-java", Wire.MESSAGES)
                .entrySet()
                .stream()
                .anyMatch(client -> {
                    if (!Coverage.notApplicable(client.getKey(), client.getValue(), exchange)
                            .isEmpty()) {
                        return false;
                    }
                    return switch (exchange.kind()) {
                        case ANSWER ->
                            Models.spoken(
                                            client.getValue(),
                                            exchange.provider(),
                                            Models.of(client.getValue(), exchange))
                                    == exchange.wire();
                        case VECTORS -> client.getValue() == Wire.CHAT;
                        case COUNT -> client.getValue() == Wire.MESSAGES;
                    };
                });
    }

    static Stream<String> framings() {
        return Exchange.names("sse-framing").stream()
                .filter(name -> name.endsWith(".expected"))
                .map(name -> name.substring("sse-framing/".length(), name.length() - ".expected".length()));
    }

    /** The case comes byte by byte. Whatever can be heard of it reaches a client of the same dialect and one of another. */
    @ParameterizedTest
    @MethodSource("framings")
    void understands_every_way_to_frame_a_stream(String name) throws IOException {
        byte[] body = bytes("/wire/sse-framing/" + name + ".sse");
        JsonNode expected = Exchange.JSON.readTree(bytes("/wire/sse-framing/" + name + ".expected.json"));
        boolean anthropic = new String(body, UTF_8).contains("message_");
        String said = said(expected);

        for (String route : anthropic ? List.of("/v1/messages") : List.of("/v1/chat/completions", "/v1/messages")) {
            Scene scene = installation.upstream().scene(line -> {
                line.begin(200, Map.of("content-type", "text/event-stream"));
                for (int i = 0; i < body.length; i++) {
                    line.send(Arrays.copyOfRange(body, i, i + 1));
                }
                line.end();
            });
            String model = anthropic ? "claude-sonnet-4-5" : "gpt-4o-mini";
            Chat.Answer answer = Chat.as(CUSTOMER).to(route).send("""
                            {"model":"%s","max_tokens":100,"stream":true,"messages":[{"role":"user","content":"%s"}]}""".formatted(model, scene.marker()));

            assertThat(answer.status()).as(route + " " + answer).isEqualTo(200);
            Exchange heard = new Exchange(
                    name,
                    "",
                    Kind.ANSWER,
                    route.equals("/v1/messages") ? Wire.MESSAGES : Wire.CHAT,
                    model,
                    Set.of(),
                    Exchange.JSON.missingNode(),
                    true,
                    200,
                    Map.of(),
                    answer.body());
            if (!anthropic) {
                // whether an event without its empty line is one is for the client to say
                assertThat(heard.facts().text())
                        .as(route + " " + answer)
                        .isIn(name.startsWith("truncated") ? List.of(said, "ab") : List.of(said));
            } else {
                assertThat(answer.text()).startsWith(new String(body, UTF_8).stripTrailing());
            }
        }
    }

    private static String said(JsonNode expected) throws IOException {
        StringBuilder said = new StringBuilder();
        for (JsonNode event : expected.path("expected_events")) {
            String data = event.path("data").asText();
            if (data.startsWith("{")) {
                said.append(Exchange.JSON
                        .readTree(data)
                        .at("/choices/0/delta/content")
                        .asText(""));
            }
        }
        return said.toString();
    }

    private static byte[] bytes(String path) throws IOException {
        try (InputStream in = Objects.requireNonNull(CoverageIT.class.getResourceAsStream(path), path)) {
            return in.readAllBytes();
        }
    }
}
