package com.smashcost.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.smashcost.installation.AdminApi;
import com.smashcost.installation.Chat;
import com.smashcost.installation.Chat.Answer;
import com.smashcost.installation.Customer;
import com.smashcost.installation.Database.Row;
import com.smashcost.installation.Installation;
import com.smashcost.upstream.Act;
import com.smashcost.upstream.Acts;
import com.smashcost.upstream.Scene;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The router in the deployed product: what clients, the ledger and the operator see of it. */
class RoutingIT {

    private static final String ASKED = "gpt-4o";
    private static final String EASY = "Write a two-line slogan for a bakery.";
    private static final List<String> MIXED = List.of(
            EASY,
            "Translate into German: The invoice is due at the end of the month.",
            "Which of these is a mammal? A) trout B) whale C) hen D) frog",
            "Write a Java method that reverses a string.",
            "A train leaves at 9:40 and arrives at 12:05. How long does it take?",
            "Extract the order number: Dear team, order 48213 has not arrived yet.");

    private final Installation installation = Installation.running();
    private final AdminApi admin = installation.admin();

    private Customer customer(String mode) {
        Customer customer = admin.newCustomer();
        admin.change(customer, "routing_mode", mode);
        admin.change(customer, "allowed_models", List.of("gpt-4o", "gpt-4o-mini", "gpt-3.5-turbo"));
        return customer;
    }

    private static String body(String model, String prompt, Scene scene) {
        return """
                {"model":"%s","user":"%s","messages":[{"role":"user","content":"%s"}]}""".formatted(model, scene.marker(), prompt);
    }

    /** Bills what the request's text amounts to, as every OpenAI model would. */
    private static Act metered() {
        return line -> {
            String model = line.request().json().path("model").asText();
            int prompt =
                    line.request().json().at("/messages/0/content").asText().length() / 4 + 4;
            line.answer(200, Map.of("content-type", "application/json"), """
                    {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"%s","choices":[{"index":0,\
                    "message":{"role":"assistant","content":"word"},"finish_reason":"stop"}],\
                    "usage":{"prompt_tokens":%d,"completion_tokens":40,"total_tokens":%d}}""".formatted(model, prompt, prompt + 40)
                    .getBytes(StandardCharsets.UTF_8));
        };
    }

    private Row row(Customer customer, Answer answer) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(
                        () -> installation.database().requestsOf(customer).stream()
                                .filter(row -> row.requestId().equals(answer.requestId()))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    @Test
    @Tag("G31")
    @Tag("G32")
    void observes_what_it_would_have_used_and_uses_what_was_asked_for() {
        Customer customer = customer("savings");
        Scene scene = installation.upstream().scene(metered());
        String body = body(ASKED, EASY, scene);

        Answer answer = Chat.as(customer).send(body);

        assertThat(answer.header("X-SmashCost-Model-Used")).hasValue(ASKED);
        assertThat(answer.header("X-SmashCost-Mode")).hasValue("observation");
        assertThat(answer.header("X-SmashCost-Routing")).hasValue("passthrough");
        assertThat(new String(scene.request().body(), StandardCharsets.UTF_8)).isEqualTo(body);
        Row row = row(customer, answer);
        assertThat(row.text("model_projected")).isIn("gpt-4o-mini", "gpt-3.5-turbo");
        assertThat(row.text("task")).isEqualTo("creative_writing");
        assertThat(row.decimal("score")).isBetween(BigDecimal.ZERO, BigDecimal.ONE);
        assertThat(row.decimal("projected_usd")).isLessThan(row.decimal("cost_usd"));
        assertThat(row.decimal("saving_usd")).isNull();
    }

    @Test
    @Tag("G28")
    void routes_an_active_organization_and_tells_how() throws Exception {
        Customer customer = customer("savings");
        admin.activate(customer);
        Scene scene = installation.upstream().scene(metered());

        Answer answer = Chat.as(customer).send(body(ASKED, EASY, scene));

        String used = answer.header("X-SmashCost-Model-Used").orElseThrow();
        assertThat(used).isIn("gpt-4o-mini", "gpt-3.5-turbo");
        assertThat(scene.request().json().path("model").asText()).isEqualTo(used);
        assertThat(answer.header("X-SmashCost-Mode")).hasValue("active");
        assertThat(answer.header("X-SmashCost-Routing")).hasValue("classifier");
        assertThat(answer.header("X-SmashCost-Task")).hasValue("creative_writing");
        assertThat(answer.header("X-SmashCost-Score")).isPresent();
        Row row = row(customer, answer);
        assertThat(row.decimal("saving_usd")).isPositive();

        JsonNode receipt = receipt(customer, answer.requestId(), 200);
        assertThat(receipt.path("model_requested").asText()).isEqualTo(ASKED);
        assertThat(receipt.path("model_used").asText()).isEqualTo(used);
        assertThat(receipt.path("candidates").size()).isGreaterThan(50);
        assertThat(receipt.path("candidates").get(0).path("model").asText()).isEqualTo(used);
        assertThat(receipt.path("classifier_version").asText()).isNotEmpty();
        receipt(admin.newCustomer(), answer.requestId(), 404);
    }

    private JsonNode receipt(Customer reader, String id, int status) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(installation.origin() + "/v1/decisions/" + id))
                                .header(
                                        "Authorization",
                                        "Bearer " + reader.key().text())
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return new ObjectMapper().readTree(answer.body());
    }

    @Test
    @Tag("G30")
    void an_override_uses_the_named_model_and_saves_nothing() {
        Customer customer = customer("savings");
        admin.activate(customer);
        Scene scene = installation.upstream().scene(metered());

        Answer answer = Chat.as(customer, "X-SmashCost-Override", "true").send(body(ASKED, EASY, scene));

        assertThat(answer.header("X-SmashCost-Model-Used")).hasValue(ASKED);
        assertThat(answer.header("X-SmashCost-Routing")).hasValue("override");
        assertThat(row(customer, answer).decimal("saving_usd")).isNull();
    }

    @Test
    void auto_is_measured_against_the_default_model() {
        Customer customer = customer("savings");
        admin.change(customer, "default_model", ASKED);
        admin.activate(customer);
        Scene scene = installation.upstream().scene(metered());

        Answer answer = Chat.as(customer).send(body("auto", EASY, scene));

        assertThat(answer.header("X-SmashCost-Model-Requested")).hasValue("auto");
        assertThat(answer.header("X-SmashCost-Routing")).hasValue("classifier");
        Row row = row(customer, answer);
        assertThat(row.decimal("baseline_usd")).isGreaterThan(row.decimal("cost_usd"));
        assertThat(row.decimal("saving_usd")).isPositive();
    }

    @Test
    void a_denied_model_is_never_chosen_and_off_routes_nothing() {
        Customer customer = customer("savings");
        admin.activate(customer);
        admin.change(customer, "denied_models", List.of("gpt-4o-*", "gpt-3.5*"));
        Scene scene = installation.upstream().scene(metered());
        assertThat(Chat.as(customer).send(body(ASKED, EASY, scene)).header("X-SmashCost-Model-Used"))
                .hasValue(ASKED);

        admin.change(customer, "denied_models", List.of());
        admin.change(customer, "routing_mode", "off");
        Answer answer = Chat.as(customer).send(body(ASKED, EASY, scene));
        assertThat(answer.header("X-SmashCost-Model-Used")).hasValue(ASKED);
        assertThat(answer.header("X-SmashCost-Routing")).hasValue("passthrough");
    }

    @Test
    @Tag("G20")
    void a_session_keeps_its_model_and_belongs_to_one_organization() {
        Customer one = customer("savings");
        Customer other = customer("savings");
        admin.activate(one);
        admin.activate(other);
        Scene scene = installation.upstream().scene(metered());

        Answer first = Chat.as(one, "X-SmashCost-Session", "s-1").send(body(ASKED, EASY, scene));
        Answer second = Chat.as(one, "X-SmashCost-Session", "s-1").send(body(ASKED, MIXED.get(3), scene));
        Answer foreign = Chat.as(other, "X-SmashCost-Session", "s-1").send(body(ASKED, EASY, scene));

        assertThat(first.header("X-SmashCost-Routing")).hasValue("classifier");
        assertThat(second.header("X-SmashCost-Routing")).hasValue("session_cache");
        assertThat(second.header("X-SmashCost-Model-Used")).isEqualTo(first.header("X-SmashCost-Model-Used"));
        assertThat(foreign.header("X-SmashCost-Routing")).hasValue("classifier");
    }

    @Test
    void what_was_projected_in_observation_is_billed_when_active() {
        Customer customer = customer("savings");
        Scene scene = installation.upstream().scene(metered());
        BigDecimal projected = BigDecimal.ZERO;
        for (String prompt : MIXED) {
            Answer answer = Chat.as(customer).send(body(ASKED, prompt, scene));
            Row row = row(customer, answer);
            projected = projected
                    .add(Objects.requireNonNull(row.decimal("cost_usd")))
                    .subtract(Objects.requireNonNull(row.decimal("projected_usd")));
        }
        admin.activate(customer);
        BigDecimal billed = BigDecimal.ZERO;
        for (String prompt : MIXED) {
            Answer answer = Chat.as(customer).send(body(ASKED, prompt, scene));
            billed = billed.add(Objects.requireNonNull(row(customer, answer).decimal("saving_usd")));
        }

        assertThat(billed).isPositive();
        assertThat(projected.doubleValue() / billed.doubleValue()).isCloseTo(1, within(0.05));
    }

    @Test
    @Tag("G27")
    void falls_back_to_the_requested_model_before_the_first_byte() {
        Customer customer = customer("savings");
        admin.activate(customer);
        Act works = metered();
        Act fails = Acts.answer(503, "{\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\"}}");
        Scene scene = installation.upstream().scene(line -> {
            boolean asked = line.request().json().path("model").asText().equals(ASKED);
            (asked ? works : fails).play(line);
        });

        Answer answer = Chat.as(customer).send(body(ASKED, EASY, scene));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("X-SmashCost-Model-Used")).hasValue(ASKED);
        assertThat(Integer.parseInt(answer.header("X-SmashCost-Attempts").orElseThrow()))
                .isEqualTo(scene.requests().size())
                .isGreaterThan(1);
        Row row = row(customer, answer);
        assertThat(row.flag("fallback")).isTrue();
        assertThat(row.decimal("saving_usd")).isNull();
    }

    @Test
    @Tag("G36")
    void the_kill_switch_returns_to_what_was_asked_for() {
        Customer customer = customer("savings");
        admin.activate(customer);
        admin.move(customer, "kill-switch");
        Scene scene = installation.upstream().scene(metered());

        Answer answer = Chat.as(customer).send(body(ASKED, EASY, scene));

        assertThat(answer.header("X-SmashCost-Model-Used")).hasValue(ASKED);
        assertThat(answer.header("X-SmashCost-Mode")).hasValue("observation");
    }

    @Test
    void refuses_headers_that_it_cannot_follow() {
        Customer customer = customer("savings");
        Scene scene = installation.upstream().scene(metered());

        Answer override = Chat.as(customer, "X-SmashCost-Override", "perhaps").send(body(ASKED, EASY, scene));
        Answer session =
                Chat.as(customer, "X-SmashCost-Session", "s".repeat(257)).send(body(ASKED, EASY, scene));

        assertThat(override.status()).isEqualTo(400);
        assertThat(override.errorCode()).isEqualTo("invalid_override");
        assertThat(session.status()).isEqualTo(400);
        assertThat(session.errorCode()).isEqualTo("invalid_session");
        assertThat(scene.requests()).isEmpty();
    }
}
