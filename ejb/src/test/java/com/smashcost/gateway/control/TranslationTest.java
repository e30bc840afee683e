package com.smashcost.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.ledger.entity.LedgerEntry;
import com.smashcost.ledger.entity.LedgerEntry.Tags;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.StubProvider;
import com.smashcost.provider.entity.Usage;
import com.smashcost.refusal.control.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests whose client and provider speak different dialects. */
@Tag("G40")
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TranslationTest {

    private static final String CLAUDE =
            "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-x\","
                    + "\"content\":[{\"type\":\"text\",\"text\":\"Hello.\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
                    + "\"usage\":{\"input_tokens\":10,\"output_tokens\":20}}";
    private static final String GPT =
            "{\"id\":\"c\",\"object\":\"chat.completion\",\"model\":\"llama-x\",\"choices\":[{\"index\":0,"
                    + "\"message\":{\"role\":\"assistant\",\"content\":\"Hello.\"},\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":20,\"total_tokens\":30}}";
    private static final String GEMINI =
            "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hello.\"}],\"role\":\"model\"},"
                    + "\"finishReason\":\"STOP\",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":10,\"candidatesTokenCount\":20,"
                    + "\"totalTokenCount\":30},\"modelVersion\":\"gemini-x\"}";
    private static final String CLAUDE_STARTS = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":"
            + CLAUDE.replace("{\"type\":\"text\",\"text\":\"Hello.\"}", "").replace("\"end_turn\"", "null") + "}\n\n";
    private static final String CLAUDE_SAYS =
            "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
                    + "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\nevent: content_block_delta\ndata: "
                    + "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hello.\"}}\n\n";
    private static final String CLAUDE_ENDS =
            "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
                    + "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
                    + "\"usage\":{\"input_tokens\":10,\"output_tokens\":20}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
    private static final Usage USED = new Usage(10L, null, null, null, 20L, null, null, null);

    @ParameterizedTest
    @CsvSource({
        "OPENAI_CHAT, claude-x, /messages",
        "OPENAI_CHAT, gemini-x, :generateContent",
        "OPENAI_RESPONSES, claude-x, /messages",
        "OPENAI_RESPONSES, gemini-x, :generateContent",
        "OPENAI_RESPONSES, llama-x, /chat/completions",
        "ANTHROPIC_MESSAGES, gpt-4o, /chat/completions",
        "ANTHROPIC_MESSAGES, gemini-x, :generateContent",
        "ANTHROPIC_MESSAGES, llama-x, /chat/completions"
    })
    void serves_every_route_from_every_provider(Dialect route, String model, String path) throws Exception {
        try (Scene scene = new Scene(answers(200, answerOf(model))).withEveryProvider()) {
            Reply.Whole reply = (Reply.Whole) scene.serve(route, body(route, model, ""));
            assertThat(reply.status()).isEqualTo(200);
            assertThat(text(route, reply)).isEqualTo("Hello.");
            assertThat(scene.provider.requests().getFirst().head()).contains(path + " HTTP/1.1");
            assertThat(reply.headers())
                    .containsEntry("X-SmashCost-Model-Used", model)
                    .containsEntry("X-SmashCost-Cost-USD", "0.000225")
                    .containsEntry("content-type", "application/json");
            LedgerEntry row = scene.row();
            assertThat(row.metered().usage().input()).isEqualTo(10L);
            assertThat(row.metered().usage().output()).isEqualTo(20L);
            assertThat(row.metered().estimated()).isFalse();
            assertThat(row.metered().cost()).isEqualByComparingTo("0.000225");
            assertThat(row.choice().used()).isEqualTo(model);
        }
    }

    @ParameterizedTest
    @CsvSource({"OPENAI_CHAT, data: [DONE]", "OPENAI_RESPONSES, response.completed"})
    void translates_a_stream_and_ends_it_as_the_client_expects(Dialect route, String end) throws Exception {
        try (Scene scene = new Scene(conversation -> conversation.stream(CLAUDE_STARTS + CLAUDE_SAYS + CLAUDE_ENDS))
                .withEveryProvider()) {
            String sent = sent((Reply.Live) scene.serve(route, body(route, "claude-x", ",\"stream\":true")));
            assertThat(sent).contains("Hello.").contains(end);
            assertThat(scene.row().outcome().errorClass()).isNull();
            assertThat(scene.row().metered().usage().output()).isEqualTo(20L);
        }
    }

    @Test
    void reads_a_stream_without_end_mark_to_its_very_end() throws Exception {
        String call =
                "data: {\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"f\",\"args\":{}}}],\"role\":\"model\"},"
                        + "\"finishReason\":\"STOP\",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":10,\"totalTokenCount\":10}}\r\n\r\n";
        String rest =
                "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\"}],\"role\":\"model\"},\"finishReason\":\"STOP\",\"index\":0}],"
                        + "\"usageMetadata\":{\"promptTokenCount\":10,\"candidatesTokenCount\":20,\"totalTokenCount\":30}}\r\n\r\n";
        try (Scene scene = new Scene(conversation -> {
                    conversation.beginStream();
                    conversation.chunk(call);
                    conversation.pause(Duration.ofMillis(50));
                    conversation.chunk(rest);
                    conversation.endStream();
                })
                .withEveryProvider()) {
            String sent = sent((Reply.Live)
                    scene.serve(Dialect.OPENAI_CHAT, body(Dialect.OPENAI_CHAT, "gemini-x", ",\"stream\":true")));
            assertThat(sent).contains("\"finish_reason\":\"tool_calls\"");
            assertThat(scene.row().metered().usage().output()).isEqualTo(20L);
        }
    }

    @Test
    void keeps_the_usage_that_was_reported_when_a_chunk_without_follows() throws Exception {
        String stream =
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello.\"},\"finish_reason\":\"stop\"}]}\n\n"
                        + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":20}}\n\n"
                        + "data: {\"choices\":[],\"service_tier\":\"default\",\"usage\":null}\n\ndata: [DONE]\n\n";
        try (Scene scene = new Scene(conversation -> conversation.stream(stream)).withEveryProvider()) {
            String sent = sent((Reply.Live) scene.serve(
                    Dialect.ANTHROPIC_MESSAGES, body(Dialect.ANTHROPIC_MESSAGES, "gpt-4o", ",\"stream\":true")));
            assertThat(sent).contains("\"output_tokens\":20");
        }
    }

    @Test
    void passes_a_stream_of_the_same_dialect_on_as_it_is() throws Exception {
        String stream = CLAUDE_STARTS + "event: ping\ndata: {\"type\": \"ping\"}\n\n" + CLAUDE_SAYS + CLAUDE_ENDS;
        try (Scene scene = new Scene(conversation -> conversation.stream(stream)).withEveryProvider()) {
            String body = body(Dialect.ANTHROPIC_MESSAGES, "claude-x", ",\"stream\":true");
            String sent = sent((Reply.Live) scene.serve(Dialect.ANTHROPIC_MESSAGES, body));
            assertThat(sent).isEqualTo(stream);
            assertThat(scene.provider.requests().getFirst().text()).isEqualTo(body);
            assertThat(scene.row().metered().usage()).isEqualTo(USED);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Dialect.class, names = "GEMINI", mode = EnumSource.Mode.EXCLUDE)
    void tells_an_error_that_comes_first_in_a_stream_with_its_status(Dialect route) throws Exception {
        String error =
                "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\"}}\n\n";
        String model = route == Dialect.ANTHROPIC_MESSAGES ? "gemini-x" : "claude-x";
        String sent = model.equals("claude-x")
                ? error
                : "data: {\"error\":{\"code\":503,\"message\":\"busy\",\"status\":\"UNAVAILABLE\"}}\r\n\r\n";
        try (Scene scene = new Scene(conversation -> conversation.stream(sent)).withEveryProvider()) {
            Reply.Whole reply = (Reply.Whole) scene.serve(route, body(route, model, ",\"stream\":true"));
            assertThat(reply.status()).isIn(503, 529);
            assertThat(error(reply).path("message").asText()).isEqualTo("busy");
            assertThat(scene.row().outcome().errorClass()).isEqualTo("upstream_error");
        }
    }

    @Test
    void never_ends_a_stream_as_if_it_had_ended_well_that_did_not() throws Exception {
        try (Scene scene =
                new Scene(conversation -> conversation.stream(CLAUDE_STARTS + CLAUDE_SAYS)).withEveryProvider()) {
            String sent = sent((Reply.Live)
                    scene.serve(Dialect.OPENAI_CHAT, body(Dialect.OPENAI_CHAT, "claude-x", ",\"stream\":true")));
            assertThat(sent)
                    .contains("Hello.")
                    .contains("upstream_closed_early")
                    .doesNotContain("[DONE]");
            assertThat(scene.row().outcome().errorClass()).isEqualTo("upstream_closed_early");
            assertThat(scene.row().metered().cost())
                    .as("what was generated is not billed as nothing")
                    .isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error, 400, upstream_rejected",
        "413, request_too_large, 413, upstream_rejected",
        "429, rate_limit_error, 429, upstream_rate_limited",
        "500, api_error, 500, upstream_error",
        "529, overloaded_error, 529, upstream_error"
    })
    void tells_the_providers_error_in_the_clients_dialect(int status, String type, int told, String errorClass)
            throws Exception {
        String body = "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"words\"}}";
        try (Scene scene = new Scene(answers(status, body)).withEveryProvider()) {
            Reply.Whole reply =
                    (Reply.Whole) scene.serve(Dialect.OPENAI_CHAT, body(Dialect.OPENAI_CHAT, "claude-x", ""));
            assertThat(reply.status()).isEqualTo(told);
            assertThat(error(reply).path("message").asText()).isEqualTo("words");
            assertThat(error(reply).has("param")).isTrue();
            assertThat(scene.row().outcome().errorClass()).isEqualTo(errorClass);
        }
    }

    @Test
    void says_that_the_stored_credential_was_refused_also_where_that_is_a_bad_request() throws Exception {
        String body = "{\"error\":{\"code\":400,\"message\":\"API key not valid.\",\"status\":\"INVALID_ARGUMENT\","
                + "\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"API_KEY_INVALID\"}]}}";
        try (Scene scene = new Scene(answers(400, body)).withEveryProvider()) {
            Reply.Whole reply =
                    (Reply.Whole) scene.serve(Dialect.OPENAI_CHAT, body(Dialect.OPENAI_CHAT, "gemini-x", ""));
            assertThat(reply.status()).isEqualTo(502);
            assertThat(error(reply).path("code").asText()).isEqualTo("provider_credential_rejected");
        }
    }

    @Test
    void gives_anthropics_limits_in_the_words_of_the_gateway() throws Exception {
        try (Scene scene = new Scene(conversation -> conversation.answer(
                        200,
                        "application/json",
                        CLAUDE.getBytes(StandardCharsets.UTF_8),
                        "anthropic-ratelimit-requests-limit: 50",
                        "anthropic-ratelimit-requests-remaining: 49",
                        "anthropic-ratelimit-requests-reset: 2020-01-01T00:00:00Z"))
                .withEveryProvider()) {
            Reply reply = scene.serve(Dialect.OPENAI_CHAT, body(Dialect.OPENAI_CHAT, "claude-x", ""));
            assertThat(reply.headers())
                    .containsEntry("x-ratelimit-limit-requests", "50")
                    .containsEntry("x-ratelimit-remaining-requests", "49")
                    .containsEntry("x-ratelimit-reset-requests", "0ms");
        }
    }

    @Test
    void names_what_it_dropped_and_refuses_what_it_cannot_do() throws Exception {
        try (Scene scene = new Scene(answers(200, CLAUDE)).withEveryProvider()) {
            Reply reply = scene.serve(
                    Dialect.OPENAI_CHAT, body(Dialect.OPENAI_CHAT, "claude-x", ",\"seed\":1,\"store\":true"));
            assertThat(reply.headers().get("X-SmashCost-Dropped"))
                    .contains("seed")
                    .contains("store");
            assertThatExceptionOfType(Refusal.BadRequest.class)
                    .isThrownBy(
                            () -> scene.serve(Dialect.OPENAI_CHAT, body(Dialect.OPENAI_CHAT, "claude-x", ",\"n\":2")))
                    .satisfies(refusal -> assertThat(refusal.param()).isEqualTo("n"));
            assertThatExceptionOfType(Refusal.BadRequest.class)
                    .isThrownBy(() -> scene.serve(
                            Dialect.OPENAI_RESPONSES,
                            body(Dialect.OPENAI_RESPONSES, "claude-x", ",\"previous_response_id\":\"resp_1\"")))
                    .satisfies(refusal -> assertThat(refusal.explanation()).contains("stores nothing"));
            assertThat(scene.ledger.rows()).hasSize(1);
        }
    }

    @Test
    void keeps_a_client_awake_while_its_provider_is_silent() throws Exception {
        CountDownLatch awake = new CountDownLatch(1);
        try (Scene scene = Scene.talkative(
                        conversation -> {
                            conversation.beginStream();
                            conversation.chunk(CLAUDE_STARTS);
                            await(awake);
                            conversation.chunk(CLAUDE_SAYS + CLAUDE_ENDS);
                            conversation.endStream();
                        },
                        Duration.ofMillis(100))
                .withEveryProvider()) {
            ByteArrayOutputStream client = new ByteArrayOutputStream() {
                @Override
                public synchronized void write(byte[] bytes, int from, int count) {
                    super.write(bytes, from, count);
                    if (toString(StandardCharsets.UTF_8).contains(": keep-alive\n\n")) {
                        awake.countDown();
                    }
                }
            };
            ((Reply.Live) scene.serve(Dialect.OPENAI_CHAT, body(Dialect.OPENAI_CHAT, "claude-x", ",\"stream\":true")))
                    .flow()
                    .to(client);
            assertThat(client.toString(StandardCharsets.UTF_8))
                    .contains("Hello.")
                    .endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    void keeps_a_client_awake_also_while_its_provider_sends_what_is_not_for_it() throws Exception {
        CountDownLatch awake = new CountDownLatch(1);
        try (Scene scene = Scene.talkative(
                        conversation -> {
                            conversation.beginStream();
                            conversation.chunk(CLAUDE_STARTS);
                            for (int i = 0; i < 400 && awake.getCount() > 0; i++) {
                                conversation.chunk("event: ping\ndata: {\"type\": \"ping\"}\n\n");
                                conversation.pause(Duration.ofMillis(20));
                            }
                            conversation.chunk(CLAUDE_SAYS + CLAUDE_ENDS);
                            conversation.endStream();
                        },
                        Duration.ofMillis(200))
                .withEveryProvider()) {
            ByteArrayOutputStream client = new ByteArrayOutputStream() {
                @Override
                public synchronized void write(byte[] bytes, int from, int count) {
                    super.write(bytes, from, count);
                    if (toString(StandardCharsets.UTF_8).contains(": keep-alive\n\n")) {
                        awake.countDown();
                    }
                }
            };
            ((Reply.Live) scene.serve(Dialect.OPENAI_CHAT, body(Dialect.OPENAI_CHAT, "claude-x", ",\"stream\":true")))
                    .flow()
                    .to(client);
            assertThat(awake.getCount()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"sc1-unsigned", "sc1-gemini-thought-eA"})
    void sends_no_signature_to_anthropic_that_is_not_its_own(String signature) throws Exception {
        try (Scene scene = new Scene(answers(200, CLAUDE)).withEveryProvider()) {
            String body =
                    "{\"model\":\"claude-x\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"a\"},"
                            + "{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\""
                            + signature
                            + "\"},{\"type\":\"text\",\"text\":\"b\"}]},{\"role\":\"user\",\"content\":\"c\"}]}";
            Reply reply = scene.serve(Dialect.ANTHROPIC_MESSAGES, body, Map.of("anthropic-beta", "some-flag"));
            assertThat(reply.status()).isEqualTo(200);
            StubProvider.Request sent = scene.provider.requests().getFirst();
            assertThat(sent.text()).doesNotContain("sc1-").contains("\"b\"").contains("\"c\"");
            assertThat(sent.header("anthropic-beta"))
                    .hasValueSatisfying(flags -> assertThat(flags).contains("some-flag"));
        }
    }

    @Test
    void bills_an_answer_that_cannot_be_told() throws Exception {
        String malformed =
                GEMINI.replace("\"STOP\"", "\"MALFORMED_FUNCTION_CALL\"").replace("{\"text\":\"Hello.\"}", "");
        try (Scene scene = new Scene(answers(200, malformed)).withEveryProvider()) {
            Reply reply = scene.serve(Dialect.OPENAI_CHAT, body(Dialect.OPENAI_CHAT, "gemini-x", ""));
            assertThat(reply.status()).isEqualTo(502);
            LedgerEntry row = scene.row();
            assertThat(row.outcome().errorClass()).isEqualTo("upstream_invalid_response");
            assertThat(row.metered().cost()).isEqualByComparingTo("0.000225");
        }
    }

    @Test
    void tells_sdks_not_to_try_again_where_no_money_is_left() throws Exception {
        String body =
                "{\"error\":{\"message\":\"m\",\"type\":\"insufficient_quota\",\"param\":null,\"code\":\"insufficient_quota\"}}";
        try (Scene scene = new Scene(answers(429, body)).withEveryProvider()) {
            for (Dialect route : new Dialect[] {Dialect.OPENAI_CHAT, Dialect.ANTHROPIC_MESSAGES}) {
                assertThat(scene.serve(route, body(route, "gpt-4o", "")).headers())
                        .containsEntry("x-should-retry", "false");
            }
        }
    }

    @Test
    void repeats_no_word_of_a_client_in_a_header_that_is_no_plain_name() throws Exception {
        try (Scene scene = new Scene(answers(200, CLAUDE)).withEveryProvider()) {
            Reply reply = scene.serve(
                    Dialect.OPENAI_CHAT,
                    body(Dialect.OPENAI_CHAT, "claude-x", ",\"store\":true,\"a\\r\\nSet-Cookie: b\":1"));
            assertThat(reply.headers().get("X-SmashCost-Dropped")).isEqualTo("store, ?");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void embeds_at_the_provider_of_the_model() throws Exception {
        String vectors = "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.5]}],"
                + "\"model\":\"text-x\",\"usage\":{\"prompt_tokens\":4,\"total_tokens\":4}}";
        try (Scene scene = new Scene(answers(200, vectors)).withEveryProvider()) {
            String body = "{\"model\":\"text-x\",\"input\":\"hi\"}";
            Reply.Whole reply = (Reply.Whole) scene.gateway.embed(
                    scene.gateway.admit(Scene.KEY.reveal()),
                    new Exchange(Tags.NONE),
                    body.getBytes(StandardCharsets.UTF_8));
            assertThat(new String(reply.body(), StandardCharsets.UTF_8)).isEqualTo(vectors);
            assertThat(scene.provider.requests().getFirst().head()).contains("/embeddings HTTP/1.1");
            assertThat(scene.provider.requests().getFirst().text()).isEqualTo(body);
            assertThat(scene.row().metered().cost()).isEqualByComparingTo("0.00001");
        }
        String gemini = "{\"embeddings\":[{\"values\":[0.5,0.25]}]}";
        try (Scene scene = new Scene(answers(200, gemini)).withEveryProvider()) {
            Reply.Whole reply = (Reply.Whole) scene.gateway.embed(
                    scene.gateway.admit(Scene.KEY.reveal()),
                    new Exchange(Tags.NONE),
                    "{\"model\":\"gemini-text-x\",\"input\":[\"hi\"],\"user\":\"u\"}".getBytes(StandardCharsets.UTF_8));
            assertThat(json(reply)
                            .path("data")
                            .path(0)
                            .path("embedding")
                            .path(1)
                            .asDouble())
                    .isEqualTo(0.25);
            assertThat(scene.provider.requests().getFirst().head()).contains(":batchEmbedContents HTTP/1.1");
            assertThat(scene.row().metered().estimated()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"claude-x, 7", "gemini-x, 7", "gpt-4o, "})
    void counts_tokens_by_the_provider_or_by_an_estimate_and_keeps_no_row(String model, @Nullable Long counted)
            throws Exception {
        String answer = model.equals("claude-x") ? "{\"input_tokens\":7}" : "{\"totalTokens\":7}";
        try (Scene scene = new Scene(answers(200, answer)).withEveryProvider()) {
            Reply.Whole reply = (Reply.Whole) scene.gateway.countTokens(
                    scene.gateway.admit(Scene.KEY.reveal()),
                    new Exchange(Tags.NONE),
                    ("{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"one two three\"}]}")
                            .getBytes(StandardCharsets.UTF_8),
                    Map.of());
            long tokens = json(reply).path("input_tokens").asLong();
            assertThat(tokens).isGreaterThan(3);
            if (counted != null) {
                assertThat(tokens).isEqualTo(counted);
            }
            assertThat(scene.ledger.intents()).isEmpty();
        }
    }

    private static StubProvider.Script answers(int status, String body) {
        return conversation -> conversation.answer(status, "application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    private static String answerOf(String model) {
        return model.equals("claude-x") ? CLAUDE : model.equals("gemini-x") ? GEMINI : GPT.replace("llama-x", model);
    }

    private static String body(Dialect route, String model, String members) {
        return switch (route) {
            case OPENAI_RESPONSES -> "{\"model\":\"" + model + "\",\"input\":\"Say hello.\"" + members + "}";
            default ->
                "{\"model\":\"" + model
                        + "\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"Say hello.\"}]"
                        + members + "}";
        };
    }

    private static String text(Dialect route, Reply.Whole reply) {
        JsonNode json = json(reply);
        return switch (route) {
            case OPENAI_CHAT ->
                json.path("choices").path(0).path("message").path("content").asText();
            case OPENAI_RESPONSES ->
                json.path("output").path(0).path("content").path(0).path("text").asText();
            case ANTHROPIC_MESSAGES, GEMINI ->
                json.path("content").path(0).path("text").asText();
        };
    }

    private static JsonNode error(Reply.Whole reply) {
        return json(reply).path("error");
    }

    private static JsonNode json(Reply.Whole reply) {
        return Json.read(reply.body()).orElseThrow();
    }

    private static String sent(Reply.Live reply) throws IOException {
        ByteArrayOutputStream client = new ByteArrayOutputStream();
        reply.flow().to(client);
        return client.toString(StandardCharsets.UTF_8);
    }
}
