package com.smashcost.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.smashcost.access.control.KeyText;
import com.smashcost.account.entity.SubscriptionStatus;
import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.ledger.control.RecordedLedger;
import com.smashcost.ledger.entity.LedgerEntry;
import com.smashcost.ledger.entity.LedgerEntry.Tags;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.StubProvider.Conversation;
import com.smashcost.provider.control.StubProvider.Request;
import com.smashcost.provider.control.StubProvider.Script;
import com.smashcost.provider.entity.Usage;
import com.smashcost.refusal.control.Refusal;
import com.smashcost.routing.entity.Mode;
import com.smashcost.routing.entity.Routing;
import com.smashcost.secret.control.Vault;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GatewayTest {

    private static final String BODY =
            "{\"model\":\"gpt-4o\", \"messages\":[{\"role\":\"user\",\"content\":\"Grüße\"}]}";
    private static final String ANSWER = "{\"id\":\"chatcmpl-1\",\"choices\":[],\"usage\":{\"prompt_tokens\":10,"
            + "\"completion_tokens\":20,\"total_tokens\":30}}";
    private static final String ERROR =
            "{\"error\":{\"message\":\"No.\",\"type\":\"x\",\"param\":null,\"code\":\"y\"}}";

    @Test
    @Tag("G5")
    void sends_the_client_s_body_and_the_customer_s_key_and_gives_back_the_provider_s_answer() throws Exception {
        try (Scene scene = new Scene(json(200, ANSWER))) {
            Reply reply = scene.chat(BODY);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(text(reply)).isEqualTo(ANSWER);
            assertThat(reply.headers())
                    .containsEntry("X-SmashCost-Model-Requested", "gpt-4o")
                    .containsEntry("X-SmashCost-Model-Used", "gpt-4o")
                    .containsEntry("X-SmashCost-Provider", "openai")
                    .containsEntry("X-SmashCost-Mode", "observation")
                    .containsEntry("X-SmashCost-Routing", "passthrough")
                    .containsEntry("X-SmashCost-Attempts", "1")
                    .containsEntry("X-SmashCost-Cost-USD", "0.000225")
                    .containsEntry("X-SmashCost-Request-Id", scene.row().id().toString())
                    .containsEntry("content-type", "application/json")
                    .doesNotContainKey("set-cookie");
            Request request = scene.provider.requests().getFirst();
            assertThat(request.text()).isEqualTo(BODY);
            assertThat(request.head()).startsWith("POST /v1/chat/completions HTTP/1.1");
            assertThat(request.header("authorization")).hasValue("Bearer " + Scene.API_KEY);
            assertThat(request.head()).doesNotContain(Scene.KEY.reveal());
        }
    }

    @Test
    @Tag("G29")
    void records_what_was_used_at_the_prices_of_when_it_began() throws Exception {
        try (Scene scene = new Scene(json(200, ANSWER))) {
            scene.chat(BODY, new Exchange(new Tags("acme", "search")));
            LedgerEntry row = scene.row();
            assertThat(row.organizationId()).isEqualTo(7);
            assertThat(row.keyId()).isEqualTo(11);
            assertThat(row.tags()).isEqualTo(new Tags("acme", "search"));
            assertThat(row.choice().requested()).isEqualTo("gpt-4o");
            assertThat(row.choice().used()).isEqualTo("gpt-4o");
            assertThat(row.choice().routing()).isEqualTo(Routing.passthrough);
            assertThat(row.choice().mode()).isEqualTo(Mode.observation);
            assertThat(row.outcome().status()).isEqualTo(200);
            assertThat(row.outcome().errorClass()).isNull();
            assertThat(row.outcome().attempts()).isEqualTo(1);
            assertThat(row.outcome().latency()).isPositive();
            assertThat(row.metered().usage()).isEqualTo(new Usage(10L, null, null, null, 20L, null, null, null));
            assertThat(row.metered().cost()).isEqualByComparingTo("0.000225");
            assertThat(row.metered().baselineCost()).isEqualByComparingTo("0.000225");
            assertThat(row.metered().used().versionId()).isEqualTo(31);
        }
    }

    @Test
    @Tag("G29")
    void bills_the_searches_that_the_provider_made() throws Exception {
        try (Scene scene = new Scene(json(200, """
                {"id":"resp_1","object":"response","status":"completed","model":"gpt-4o","output":[
                 {"id":"ws_1","type":"web_search_call","status":"completed","action":{"type":"search","query":"x"}},
                 {"id":"ws_2","type":"web_search_call","status":"completed","action":{"type":"search","query":"y"}}],
                 "usage":{"input_tokens":10,"output_tokens":20,"total_tokens":30}}"""))) {
            respond(scene, "{\"model\":\"gpt-4o\",\"input\":\"Hi\"}");
            LedgerEntry row = scene.row();
            assertThat(row.metered().usage()).isEqualTo(new Usage(10L, null, null, null, 20L, null, null, null, 2L));
            assertThat(row.metered().used().prices().webSearch()).isEqualByComparingTo("0.01");
            assertThat(row.metered().cost()).isEqualByComparingTo("0.020225");
            assertThat(row.metered().baselineCost()).isEqualByComparingTo("0.020225");
        }
    }

    @Test
    @Tag("G29")
    void bills_searches_also_when_the_tokens_are_an_estimate() throws Exception {
        try (Scene scene = new Scene(conversation -> {
            conversation.beginStream();
            conversation.chunk("""
                    data: {"type":"response.created","response":{"id":"resp_1","model":"gpt-4o","output":[]}}

                    data: {"type":"response.output_item.done","output_index":0,"item":{"id":"ws_1","type":"web_search_call",\
                    "status":"completed","action":{"type":"search","query":"x"}}}

                    data: {"type":"response.output_text.delta","output_index":1,"delta":"It will rain all day."}

                    """);
            conversation.close();
        })) {
            Reply reply = respond(scene, "{\"model\":\"gpt-4o\",\"input\":\"Hi\",\"stream\":true}");
            ((Reply.Live) reply).flow().to(new ByteArrayOutputStream());
            LedgerEntry row = scene.row();
            assertThat(row.outcome().errorClass()).isEqualTo("upstream_closed_early");
            assertThat(row.metered().estimated()).isTrue();
            assertThat(row.metered().usage().webSearches()).isEqualTo(1);
            assertThat(row.metered().usage().output()).isPositive();
            assertThat(row.metered().cost()).isGreaterThan(new BigDecimal("0.01"));
        }
    }

    private static Reply respond(Scene scene, String body) {
        return scene.gateway.serve(
                scene.gateway.admit(Scene.KEY.reveal()),
                new Exchange(Tags.NONE),
                Dialect.OPENAI_RESPONSES,
                body.getBytes(StandardCharsets.UTF_8),
                Map.of());
    }

    @Test
    void notes_the_intent_before_the_provider_hears_of_the_request() throws Exception {
        List<Integer> intents = new ArrayList<>();
        RecordedLedger[] ledger = new RecordedLedger[1];
        try (Scene scene = new Scene(conversation -> {
            intents.add(ledger[0].intents().size());
            json(200, ANSWER).play(conversation);
        })) {
            ledger[0] = scene.ledger;
            scene.chat(BODY);
            assertThat(intents).containsExactly(1);
            assertThat(scene.ledger.intents().getFirst().metered().cost()).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, upstream_rejected",
        "404, upstream_rejected",
        "408, upstream_timeout",
        "413, upstream_rejected",
        "429, upstream_rate_limited",
        "498, upstream_rejected",
        "500, upstream_error",
        "503, upstream_error",
        "504, upstream_timeout",
        "529, upstream_error"
    })
    void passes_an_error_of_the_provider_on_as_it_is(int status, String errorClass) throws Exception {
        try (Scene scene = new Scene(json(status, ERROR, "Retry-After: 7"))) {
            Reply reply = scene.chat(BODY);
            assertThat(reply.status()).isEqualTo(status);
            assertThat(text(reply)).isEqualTo(ERROR);
            assertThat(reply.headers()).containsEntry("retry-after", "7").doesNotContainKey("X-SmashCost-Cost-USD");
            assertRow(scene, status, errorClass);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void does_not_let_the_client_think_that_its_own_key_is_wrong(int status) throws Exception {
        try (Scene scene = new Scene(json(status, ERROR))) {
            Reply reply = scene.chat(BODY);
            assertThat(reply.status()).isEqualTo(502);
            assertThat(text(reply))
                    .contains("\"code\":\"provider_credential_rejected\"")
                    .doesNotContain("No.");
            assertRow(scene, 502, "provider_credential_rejected");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200|<html>ok</html>",
                "200|",
                "200|{\"id\":\"x\"",
                "200|[]",
                "502|<html>Bad Gateway</html>",
                "503|upstream connect error",
                "400|{\"detail\":\"no\"}",
                "307|",
                "404|"
            })
    void answers_in_the_dialect_what_the_provider_did_not(int status, @Nullable String body) throws Exception {
        try (Scene scene = new Scene(conversation -> conversation.answer(
                status, "text/html", (body == null ? "" : body).getBytes(StandardCharsets.UTF_8)))) {
            Reply reply = scene.chat(BODY);
            assertThat(reply.status()).isEqualTo(502);
            assertThat(reply.headers()).containsEntry("content-type", "application/json");
            assertThat(text(reply))
                    .contains("\"code\":\"upstream_invalid_response\"")
                    .doesNotContain("html");
            assertRow(scene, 502, "upstream_invalid_response");
        }
    }

    @Test
    void estimates_a_usage_that_is_missing_or_cannot_be_believed_and_says_so() throws Exception {
        String odd = "{\"id\":\"x\",\"choices\":[{\"message\":{\"content\":\"one two three\"}}],"
                + "\"usage\":{\"prompt_tokens\":-1,\"completion_tokens\":99999999999999999999}}";
        try (Scene scene = new Scene(json(200, odd))) {
            Reply reply = scene.chat(BODY);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(scene.row().metered().estimated()).isTrue();
            assertThat(scene.row().metered().usage().output()).isEqualTo(3L);
            assertThat(scene.row().metered().cost()).isPositive();
        }
    }

    @Test
    void says_that_the_provider_cannot_be_reached() throws Exception {
        try (Scene scene = new Scene(Conversation::hang)) {
            scene.provider.close();
            assertOwn(scene.chat(BODY), 502, "upstream_unreachable");
            assertRow(scene, 502, "upstream_unreachable");
        }
    }

    @Test
    void says_that_the_provider_did_not_answer_in_time() throws Exception {
        try (Scene scene = Scene.impatient(Conversation::hang)) {
            assertOwn(scene.chat(BODY), 504, "upstream_timeout");
            assertRow(scene, 504, "upstream_timeout");
            assertThat(scene.provider.awaitHangUp(Duration.ofSeconds(3))).isTrue();
        }
    }

    @Test
    void says_that_the_provider_paused_too_long_in_its_answer() throws Exception {
        try (Scene scene = Scene.impatient(conversation -> {
            conversation.raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{");
            conversation.hang();
        })) {
            assertOwn(scene.chat(BODY), 504, "upstream_timeout");
            assertRow(scene, 504, "upstream_timeout");
        }
    }

    @Test
    void says_that_the_provider_broke_off() throws Exception {
        for (Script script : List.<Script>of(
                Conversation::close,
                Conversation::reset,
                conversation -> {
                    conversation.raw("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{");
                    conversation.close();
                },
                conversation -> {
                    conversation.beginStream();
                    conversation.chunk("data: {");
                    conversation.close();
                })) {
            try (Scene scene = new Scene(script)) {
                assertOwn(scene.chat(BODY), 502, "upstream_closed_early");
                assertRow(scene, 502, "upstream_closed_early");
                assertThat(scene.provider.requests()).hasSize(1);
            }
        }
    }

    @Test
    void stops_reading_an_answer_without_end() throws Exception {
        try (Scene scene = new Scene(conversation -> {
            conversation.beginStream();
            byte[] more = new byte[1024 * 1024];
            while (true) {
                conversation.chunk(more);
            }
        })) {
            assertOwn(scene.chat(BODY), 502, "upstream_invalid_response");
            assertRow(scene, 502, "upstream_invalid_response");
            assertThat(scene.provider.awaitHangUp(Duration.ofSeconds(3))).isTrue();
        }
    }

    @Test
    void ends_the_call_of_a_client_that_left_and_keeps_its_row() throws Exception {
        try (Scene scene = new Scene(Conversation::hang)) {
            Exchange exchange = new Exchange(Tags.NONE);
            CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS).execute(exchange::hangUp);
            scene.chat(BODY, exchange);
            assertThat(scene.row().outcome().errorClass()).isEqualTo("client_closed");
            assertThat(scene.provider.awaitHangUp(Duration.ofSeconds(3))).isTrue();
        }
    }

    @Test
    void never_calls_the_provider_for_a_client_that_left_before() throws Exception {
        try (Scene scene = new Scene(json(200, ANSWER))) {
            Exchange exchange = new Exchange(Tags.NONE);
            exchange.hangUp();
            scene.chat(BODY, exchange);
            assertThat(scene.row().outcome().errorClass()).isEqualTo("client_closed");
            assertThat(scene.provider.requests()).isEmpty();
        }
    }

    @Test
    void sends_a_model_that_the_customer_chose_where_the_client_leaves_the_choice() throws Exception {
        try (Scene scene = new Scene(json(200, ANSWER))) {
            Reply reply = scene.chat("{\"model\":\"auto\",\"n\":1}");
            assertThat(scene.provider.requests().getFirst().text()).isEqualTo("{\"model\":\"gpt-4o\",\"n\":1}");
            assertThat(reply.headers())
                    .containsEntry("X-SmashCost-Model-Requested", "auto")
                    .containsEntry("X-SmashCost-Model-Used", "gpt-4o");
            assertThat(scene.row().choice().requested()).isEqualTo("auto");
            assertThat(scene.row().choice().used()).isEqualTo("gpt-4o");
        }
    }

    @Test
    void passes_on_a_model_that_the_catalogue_does_not_know_at_an_unknown_cost() throws Exception {
        try (Scene scene = new Scene(json(200, ANSWER))) {
            Reply reply = scene.chat("{\"model\":\"gpt-of-tomorrow\"}");
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.headers()).doesNotContainKey("X-SmashCost-Cost-USD");
            assertThat(scene.row().metered().cost()).isNull();
            assertThat(scene.row().metered().usage().input()).isEqualTo(10L);
            assertThat(scene.row().metered().used().versionId()).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-off, model_not_found",
        "claude-x, provider_credential_missing",
        "llama-x, provider_credential_missing",
        "not a model, invalid_request"
    })
    void refuses_a_model_that_it_cannot_serve_and_keeps_no_row(String model, String code) throws Exception {
        try (Scene scene = new Scene(json(200, ANSWER))) {
            assertThatExceptionOfType(Refusal.class)
                    .isThrownBy(() -> scene.chat("{\"model\":\"" + model + "\"}"))
                    .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(code));
            assertThat(scene.ledger.intents()).isEmpty();
            assertThat(scene.provider.requests()).isEmpty();
        }
    }

    @Test
    void refuses_to_choose_without_a_default_model() throws Exception {
        try (Scene scene = new Scene(json(200, ANSWER))) {
            scene.organizationIs(SubscriptionStatus.OBSERVING, 0, null);
            assertThatExceptionOfType(Refusal.BadRequest.class)
                    .isThrownBy(() -> scene.chat("{\"model\":\"auto\"}"))
                    .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("default_model_missing"));
        }
    }

    @Test
    @Tag("G2")
    void never_sends_a_key_to_another_place_than_it_was_entered_for() throws Exception {
        try (Scene scene = new Scene(json(200, ANSWER))) {
            Tenant.SealedCredential here = scene.credential();
            scene.credentialIs(
                    new Tenant.SealedCredential(here.id(), here.version(), "https://api.openai.com", here.envelope()));
            assertThatExceptionOfType(Refusal.BadRequest.class)
                    .isThrownBy(() -> scene.chat(BODY))
                    .withMessageContaining("Enter it again");
            scene.credentialIs(null);
            assertThatExceptionOfType(Refusal.BadRequest.class)
                    .isThrownBy(() -> scene.chat(BODY))
                    .withMessageContaining("no credential");
            assertThat(scene.provider.connections()).isZero();
        }
    }

    @Test
    @Tag("G2")
    void keeps_a_row_of_a_request_whose_credential_does_not_open() throws Exception {
        try (Scene scene = new Scene(json(200, ANSWER))) {
            Tenant.SealedCredential here = scene.credential();
            scene.credentialIs(
                    new Tenant.SealedCredential(here.id(), here.version() + 1, here.origin(), here.envelope()));
            assertThatExceptionOfType(Vault.EnvelopeRefused.class).isThrownBy(() -> scene.chat(BODY));
            assertThat(scene.row().outcome().errorClass()).isEqualTo("internal");
            assertThat(scene.provider.connections()).isZero();
        }
    }

    @Test
    @Tag("G16")
    void knows_a_key_by_its_hash() throws Exception {
        try (Scene scene = new Scene(json(200, ANSWER))) {
            assertThat(scene.gateway.authenticate(Scene.KEY.reveal()).door().keyId())
                    .isEqualTo(11);
            assertUnknown(scene, KeyText.mint().reveal());
        }
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "sk-0123456789", "sc_00000000000000000000000000000000000000000000"})
    @Tag("G16")
    void refuses_what_is_no_key_even_while_the_database_is_away(@Nullable String credential) throws Exception {
        try (Scene scene = new Scene(json(200, ANSWER))) {
            assertUnknown(scene, credential);
            scene.snapshots.databaseIsAway();
            assertUnknown(scene, credential);
        }
    }

    @Test
    @Tag("G16")
    void neither_takes_nor_denies_an_unknown_key_while_the_database_is_away() throws Exception {
        try (Scene scene = new Scene(json(200, ANSWER))) {
            scene.snapshots.databaseIsAway();
            assertThat(scene.gateway.authenticate(Scene.KEY.reveal()).tenant().slug())
                    .isEqualTo("acme");
            assertThatExceptionOfType(Refusal.Unavailable.class)
                    .isThrownBy(() -> scene.gateway.authenticate(KeyText.mint().reveal()))
                    .satisfies(refusal -> assertThat(refusal.retryAfter()).isPositive());
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("G38")
    void lets_traffic_flow_in_every_status_but_blocked_and_deleted(SubscriptionStatus status) throws Exception {
        try (Scene scene = new Scene(json(200, ANSWER))) {
            scene.organizationIs(status, 0, "gpt-4o");
            if (status == SubscriptionStatus.BLOCKED || status == SubscriptionStatus.DELETED) {
                assertThatExceptionOfType(Refusal.Forbidden.class).isThrownBy(() -> scene.chat(BODY));
                assertThat(scene.provider.connections()).isZero();
            } else {
                assertThat(scene.chat(BODY).headers())
                        .containsEntry(
                                "X-SmashCost-Mode", status == SubscriptionStatus.ACTIVE ? "active" : "observation");
            }
        }
    }

    @Test
    @Tag("G21")
    void refuses_what_is_over_the_limit_before_the_provider_hears_of_it() throws Exception {
        try (Scene scene = new Scene(json(200, ANSWER, "x-ratelimit-limit-requests: 500"))) {
            scene.organizationIs(SubscriptionStatus.OBSERVING, 2, "gpt-4o");
            assertThat(scene.chat(BODY).headers())
                    .containsEntry("x-ratelimit-limit-requests", "2")
                    .containsEntry("x-ratelimit-remaining-requests", "1");
            scene.chat(BODY);
            assertThatExceptionOfType(Gateway.RateLimited.class)
                    .isThrownBy(() -> scene.chat(BODY))
                    .satisfies(limited -> assertThat(limited.permit().reset())
                            .isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60)));
            assertThat(scene.provider.requests()).hasSize(2);
            assertThat(scene.ledger.intents()).hasSize(2);
            assertThat(scene.gateway.authenticate(Scene.KEY.reveal()).permit())
                    .as("looking at models counts against no limit")
                    .isNull();
        }
    }

    @Test
    void shows_the_provider_s_own_limit_where_the_organisation_has_none() throws Exception {
        try (Scene scene = new Scene(json(200, ANSWER, "x-ratelimit-limit-requests: 500"))) {
            assertThat(scene.chat(BODY).headers()).containsEntry("x-ratelimit-limit-requests", "500");
        }
    }

    @Test
    void lists_models_that_are_switched_on_and_have_a_credential() throws Exception {
        try (Scene scene = new Scene(json(200, ANSWER))) {
            assertThat(scene.gateway.models(scene.gateway.authenticate(Scene.KEY.reveal())).stream()
                            .map(Offer::model))
                    .containsExactly("gpt-4o", "text-x");
        }
    }

    private static void assertUnknown(Scene scene, @Nullable String credential) {
        assertThatExceptionOfType(Refusal.Unauthenticated.class)
                .isThrownBy(() -> scene.gateway.authenticate(credential))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("invalid_api_key"));
    }

    private static void assertOwn(Reply reply, int status, String code) {
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.headers()).containsEntry("content-type", "application/json");
        assertThat(text(reply)).contains("\"code\":\"" + code + "\"");
    }

    private static void assertRow(Scene scene, int status, String errorClass) {
        LedgerEntry row = scene.row();
        assertThat(row.outcome().status()).isEqualTo(status);
        assertThat(row.outcome().errorClass()).isEqualTo(errorClass);
        assertThat(row.metered().usage()).isEqualTo(Usage.UNKNOWN);
        assertThat(row.metered().cost()).isNull();
    }

    private static Script json(int status, String body, String... headers) {
        return conversation ->
                conversation.answer(status, "application/json", body.getBytes(StandardCharsets.UTF_8), headers);
    }

    private static String text(Reply reply) {
        return new String(((Reply.Whole) reply).body(), StandardCharsets.UTF_8);
    }
}
