package com.smashcost.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.ledger.entity.LedgerEntry;
import com.smashcost.ledger.entity.LedgerEntry.Tags;
import com.smashcost.provider.control.StubProvider.Request;
import com.smashcost.provider.control.StubProvider.Script;
import com.smashcost.routing.control.CircuitBreakers.State;
import com.smashcost.routing.control.Decisions;
import com.smashcost.routing.control.RoutingDecision;
import com.smashcost.routing.entity.Mode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("G27")
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AttemptsTest {

    private static final String BODY = "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    private static final String STREAM =
            "{\"model\":\"gpt-4o\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    private static final String ERROR =
            "{\"error\":{\"message\":\"No.\",\"type\":\"x\",\"param\":null,\"code\":\"y\"}}";
    private static final Script ANSWER = json(
            200,
            "{\"id\":\"chatcmpl-1\",\"choices\":[],\"usage\":{\"prompt_tokens\":10,"
                    + "\"completion_tokens\":20,\"total_tokens\":30}}");
    private static final String PIECE =
            "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"}}]}\n\n";
    private static final Script STREAMED =
            conversation -> conversation.stream(PIECE + PIECE + "data: {\"id\":\"c\",\"choices\":[{\"index\":0,"
                    + "\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
    private static final RoutingDecision CHOSEN = Decisions.classified("gpt-4o", "llama-x");

    @Test
    void lets_another_model_serve_where_the_chosen_one_keeps_failing() throws Exception {
        try (Scene scene = new Scene(each(failing(500), failing(503), failing(529), ANSWER)).routed(CHOSEN)) {
            Reply reply = scene.chat(BODY);

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.headers())
                    .containsEntry("X-SmashCost-Model-Used", "llama-x")
                    .containsEntry("X-SmashCost-Provider", "groq")
                    .containsEntry("X-SmashCost-Attempts", "4");
            assertThat(models(scene)).containsExactly("gpt-4o", "gpt-4o", "gpt-4o", "llama-x");
            LedgerEntry row = scene.row();
            assertThat(row.choice().used()).isEqualTo("llama-x");
            assertThat(row.choice().provider()).isEqualTo("groq");
            assertThat(row.outcome().fallback()).isTrue();
            assertThat(row.outcome().attempts()).isEqualTo(4);
            assertThat(row.outcome().errorClass()).isNull();
            assertThat(row.metered().cost()).isEqualByComparingTo("0.000225");
            assertThat(row.metered().baselineCost()).isEqualByComparingTo("0.000225");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "500, 3, true",
        "502, 3, true",
        "503, 3, true",
        "529, 3, true",
        "501, 1, true",
        "504, 1, true",
        "429, 1, true",
        "400, 1, false",
        "401, 1, false",
        "403, 1, false",
        "404, 1, false",
        "413, 1, false",
        "422, 1, false"
    })
    void asks_again_or_elsewhere_only_where_that_may_help(int status, int calls, boolean elsewhere) throws Exception {
        try (Scene scene = new Scene(conversation -> {}).routed(CHOSEN)) {
            scene.provider.plays(conversation -> {
                boolean chosen = models(scene).getLast().equals("gpt-4o");
                (chosen ? failing(status) : ANSWER).play(conversation);
            });
            Reply reply = scene.chat(BODY);

            assertThat(models(scene).stream().filter("gpt-4o"::equals)).hasSize(calls);
            assertThat(reply.status() == 200).isEqualTo(elsewhere);
            assertThat(scene.row().outcome().fallback()).isEqualTo(elsewhere);
            assertThat(scene.row().outcome().attempts()).isEqualTo(elsewhere ? calls + 1 : calls);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 413, 422})
    void hands_a_request_back_to_the_requested_model_where_the_router_s_choice_refuses_it(int status) throws Exception {
        try (Scene scene = new Scene(each(failing(status), ANSWER)).routed(Decisions.moved("llama-x", "gpt-4o"))) {
            Reply reply = scene.chat(BODY);

            assertThat(reply.status()).isEqualTo(200);
            assertThat(models(scene)).containsExactly("llama-x", "gpt-4o");
            assertThat(scene.row().outcome().fallback()).isTrue();
            assertThat(scene.row().outcome().attempts()).isEqualTo(2);
        }
    }

    @Test
    @Tag("G30")
    void compares_with_no_thoughts_where_the_requested_model_would_not_have_thought() throws Exception {
        Script thinks = json(
                200,
                "{\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":20,"
                        + "\"total_tokens\":30,\"completion_tokens_details\":{\"reasoning_tokens\":15}}}");
        try (Scene scene = new Scene(thinks).routed(Decisions.moved("llama-x", "gpt-4o"))) {
            scene.chat(BODY);

            assertThat(scene.row().metered().usage().reasoning()).isEqualTo(15);
            assertThat(scene.row().metered().cost()).isEqualByComparingTo("0.000225");
            assertThat(scene.row().metered().baselineCost()).isEqualByComparingTo("0.000075");
        }
    }

    @Test
    void tells_of_the_requested_model_s_refusal_where_that_refuses_too() throws Exception {
        try (Scene scene = new Scene(each(failing(404), failing(422))).routed(Decisions.moved("llama-x", "gpt-4o"))) {
            assertThat(scene.chat(BODY).status()).isEqualTo(422);
            assertThat(scene.row().choice().used()).isEqualTo("gpt-4o");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 429, 500, 503, 529})
    void passes_every_failure_on_where_it_only_observes(int status) throws Exception {
        try (Scene scene = new Scene(failing(status)).withEveryProvider()) {
            Reply reply = scene.chat(BODY);

            assertThat(reply.status()).isEqualTo(status);
            assertThat(((Reply.Whole) reply).body()).isEqualTo(ERROR.getBytes(StandardCharsets.UTF_8));
            assertThat(scene.provider.requests()).hasSize(1);
            assertThat(scene.row().outcome().attempts()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void asks_again_but_nobody_else_where_the_client_insists_or_nothing_is_routed(boolean insists) throws Exception {
        RoutingDecision decision = insists
                ? new RoutingDecision.Override("gpt-4o")
                : new RoutingDecision.Passthrough(Mode.active, "gpt-4o");
        try (Scene scene = new Scene(each(failing(500), ANSWER)).routed(decision)) {
            assertThat(scene.chat(BODY).status()).isEqualTo(200);
            assertThat(scene.row().outcome().attempts()).isEqualTo(2);
            assertThat(scene.row().outcome().fallback()).isFalse();
        }
        try (Scene scene = new Scene(failing(500)).routed(decision)) {
            assertThat(scene.chat(BODY).status()).isEqualTo(500);
            assertThat(models(scene)).containsExactly("gpt-4o", "gpt-4o", "gpt-4o");
        }
    }

    @Test
    void repeats_what_never_left_also_where_it_only_observes() throws Exception {
        try (Scene scene = new Scene(ANSWER)) {
            scene.provider.close();
            Reply reply = scene.chat(BODY);

            assertThat(reply.status()).isEqualTo(502);
            assertThat(reply.headers()).containsEntry("X-SmashCost-Attempts", "2");
            assertThat(scene.row().outcome().errorClass()).isEqualTo("upstream_unreachable");
            assertThat(scene.row().outcome().attempts()).isEqualTo(2);
        }
    }

    @Test
    void repeats_no_more_than_the_budget_allows() throws Exception {
        try (Scene scene = new Scene(failing(500)).routed(new RoutingDecision.Override("gpt-4o"))) {
            while (scene.budget.take("openai")) {
                // until nothing is left
            }
            assertThat(scene.chat(BODY).status()).isEqualTo(500);
            assertThat(scene.provider.requests()).hasSize(1);
        }
    }

    @Test
    void tells_of_the_chosen_models_failure_where_all_fail() throws Exception {
        try (Scene scene = new Scene(each(failing(501), failing(400))).routed(CHOSEN)) {
            Reply reply = scene.chat(BODY);

            assertThat(reply.status()).isEqualTo(501);
            assertThat(reply.headers())
                    .containsEntry("X-SmashCost-Model-Used", "gpt-4o")
                    .containsEntry("X-SmashCost-Attempts", "2");
            assertThat(scene.row().choice().used()).isEqualTo("gpt-4o");
            assertThat(scene.row().outcome().attempts()).isEqualTo(2);
            assertThat(scene.row().outcome().fallback()).isFalse();
        }
    }

    @Test
    void skips_models_that_cannot_serve_the_request() throws Exception {
        RoutingDecision decision = Decisions.classified("gpt-4o", "gpt-off", "text-x", "llama-x");
        try (Scene scene = new Scene(each(failing(501), ANSWER)).routed(decision)) {
            assertThat(scene.chat(BODY).status()).isEqualTo(200);
            assertThat(models(scene)).containsExactly("gpt-4o", "llama-x");
        }
    }

    @Test
    void waits_for_nobody_who_takes_too_long() throws Exception {
        try (Scene scene = Scene.impatient(each(conversation -> conversation.hang(), ANSWER))
                .routed(CHOSEN)) {
            assertThat(scene.chat(BODY).status()).isEqualTo(200);
            assertThat(models(scene)).containsExactly("gpt-4o", "llama-x");
        }
    }

    @Test
    @Tag("G26")
    void calls_nothing_whose_breaker_is_open() throws Exception {
        try (Scene scene = new Scene(failing(500)).withEveryProvider()) {
            for (int i = 0; i < 5; i++) {
                scene.chat(BODY);
            }
            Reply reply = scene.chat(BODY);

            assertThat(reply.status()).isEqualTo(503);
            assertThat(Integer.parseInt(reply.headers().get("retry-after"))).isBetween(20, 33);
            assertThat(reply.headers()).containsEntry("X-SmashCost-Attempts", "0");
            assertThat(new String(((Reply.Whole) reply).body(), StandardCharsets.UTF_8))
                    .contains("\"provider_unavailable\"");
            assertThat(scene.provider.requests()).hasSize(5);
            LedgerEntry row = scene.ledger.rows().getLast();
            assertThat(row.outcome().errorClass()).isEqualTo("breaker_open");
            assertThat(row.outcome().attempts()).isZero();
        }
    }

    @Test
    @Tag("G26")
    void goes_straight_to_another_model_while_the_breaker_is_open() throws Exception {
        try (Scene scene = new Scene(ANSWER).routed(CHOSEN)) {
            open(scene);
            Reply reply = scene.chat(BODY);

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.headers())
                    .containsEntry("X-SmashCost-Model-Used", "llama-x")
                    .containsEntry("X-SmashCost-Attempts", "1");
            assertThat(scene.row().outcome().fallback()).isTrue();
            assertThat(models(scene)).containsExactly("llama-x");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 404, 422, 429})
    @Tag("G26")
    void blames_no_provider_for_what_it_refuses(int status) throws Exception {
        try (Scene scene = new Scene(failing(status)).withEveryProvider()) {
            for (int i = 0; i < 30; i++) {
                scene.chat(BODY);
            }
            assertThat(scene.provider.requests()).hasSize(30);
            assertThat(scene.breakers.readings().getFirst().calls()).isZero();
        }
    }

    @Test
    void remembers_that_a_provider_wants_a_pause_and_asks_it_to_stand_in_for_nobody() throws Exception {
        Script limited = conversation ->
                conversation.answer(429, "application/json", ERROR.getBytes(StandardCharsets.UTF_8), "Retry-After: 20");
        try (Scene scene = new Scene(each(limited, ANSWER, failing(501))).routed(CHOSEN)) {
            scene.chat(BODY);
            assertThat(scene.pauses.remaining(7, "openai").orElseThrow())
                    .isBetween(Duration.ofSeconds(15), Duration.ofSeconds(20));

            scene.routed(Decisions.classified("llama-x", "gpt-4o"));
            assertThat(scene.chat(BODY).status()).isEqualTo(501);
            assertThat(models(scene)).containsExactly("gpt-4o", "llama-x", "llama-x");
        }
    }

    @Test
    void lets_another_model_serve_where_a_stream_begins_with_an_error() throws Exception {
        Script refused = conversation -> conversation.stream(
                "data: {\"error\":{\"message\":\"Slow down.\",\"type\":\"x\",\"code\":\"rate_limit_exceeded\"}}\n\n");
        try (Scene scene = new Scene(each(refused, STREAMED)).routed(CHOSEN)) {
            assertThat(told(scene.chat(STREAM))).contains("Hello").doesNotContain("Slow down");
            assertThat(models(scene)).containsExactly("gpt-4o", "llama-x");
            assertThat(scene.row().outcome().fallback()).isTrue();
            assertThat(scene.row().outcome().errorClass()).isNull();
            assertThat(scene.pauses.remaining(7, "openai")).as("it was a limit").isPresent();
        }
    }

    @Test
    void asks_again_where_a_stream_breaks_before_it_begins_and_not_after() throws Exception {
        Script broken = conversation -> {
            conversation.beginStream();
            conversation.close();
        };
        try (Scene scene = new Scene(each(broken, STREAMED)).routed(CHOSEN)) {
            assertThat(told(scene.chat(STREAM))).contains("Hello");
            assertThat(models(scene)).containsExactly("gpt-4o", "gpt-4o");
        }
        Script begun = conversation -> {
            conversation.beginStream();
            conversation.chunk(PIECE);
            conversation.close();
        };
        try (Scene scene = new Scene(begun).routed(CHOSEN)) {
            assertThat(told(scene.chat(STREAM))).contains("Hello");
            assertThat(models(scene)).containsExactly("gpt-4o");
            assertThat(scene.row().outcome().errorClass()).isEqualTo("upstream_closed_early");
        }
    }

    @Test
    @Tag("G26")
    void judges_streams_by_how_they_end() throws Exception {
        Script begun = conversation -> {
            conversation.beginStream();
            conversation.chunk(PIECE);
            conversation.close();
        };
        try (Scene scene = new Scene(each(STREAMED, begun)).withEveryProvider()) {
            Reply whole = scene.chat(STREAM);
            assertThat(scene.breakers.readings().getFirst().calls())
                    .as("not yet")
                    .isZero();
            told(whole);
            assertThat(scene.breakers.readings().getFirst().failureRate()).isEqualByComparingTo("0");
            for (int i = 0; i < 5; i++) {
                told(scene.chat(STREAM));
            }
            assertThat(scene.breakers.readings().getFirst().state()).isEqualTo(State.open);
        }
    }

    @Test
    @Tag("G26")
    void blames_no_provider_for_clients_that_leave() throws Exception {
        try (Scene scene = new Scene(STREAMED).withEveryProvider()) {
            for (int i = 0; i < 6; i++) {
                ((Reply.Live) scene.chat(STREAM)).flow().abandon();
            }
            assertThat(scene.breakers.readings().getFirst().calls()).isZero();
        }
    }

    @Test
    void stops_when_the_client_leaves() throws Exception {
        Exchange exchange = new Exchange(Tags.NONE);
        try (Scene scene = new Scene(conversation -> conversation.hang()).routed(CHOSEN)) {
            CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS).execute(exchange::hangUp);
            Reply reply = scene.chat(BODY, exchange);

            assertThat(reply.status()).isEqualTo(499);
            assertThat(scene.provider.requests()).hasSize(1);
            assertThat(scene.row().outcome().errorClass()).isEqualTo("client_closed");
        }
    }

    private static void open(Scene scene) {
        for (int i = 0; i < 5; i++) {
            scene.breakers.permit("openai", "gpt-4o").orElseThrow().failed(Duration.ofMillis(1));
        }
    }

    private static String told(Reply reply) throws IOException {
        ByteArrayOutputStream client = new ByteArrayOutputStream();
        ((Reply.Live) reply).flow().to(client);
        return client.toString(StandardCharsets.UTF_8);
    }

    /** The models that were called, in order. */
    private static List<String> models(Scene scene) {
        return scene.provider.requests().stream()
                .map(Request::text)
                .map(text -> text.replaceFirst("(?s).*?\"model\":\\s*\"([^\"]+)\".*", "$1"))
                .toList();
    }

    private static Script failing(int status) {
        return json(status, ERROR);
    }

    private static Script json(int status, String body) {
        return conversation -> conversation.answer(status, "application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    /** Plays the first script for the first request, and so on, and the last for all that follow. */
    private static Script each(Script... scripts) {
        AtomicInteger next = new AtomicInteger();
        return conversation -> scripts[Math.min(next.getAndIncrement(), scripts.length - 1)].play(conversation);
    }
}
