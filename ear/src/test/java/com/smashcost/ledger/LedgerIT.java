package com.smashcost.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.installation.AdminApi;
import com.smashcost.installation.Chat;
import com.smashcost.installation.Customer;
import com.smashcost.installation.Database;
import com.smashcost.installation.Database.Row;
import com.smashcost.installation.Installation;
import com.smashcost.installation.RawClient;
import com.smashcost.upstream.Acts;
import com.smashcost.upstream.Recording;
import com.smashcost.upstream.Scene;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One row for each accepted request, whatever became of it, and every figure in it right. */
@Tag("G28")
class LedgerIT {

    private static final String STREAM = "openai/chat-completions/tool-call-usage-only-chunk-system.gpt-4o.stream";
    private static final Duration SOON = Duration.ofSeconds(10);

    private final Installation installation = Installation.running();
    private final AdminApi admin = installation.admin();
    private final Database database = installation.database();
    private final Customer customer = admin.newCustomer();

    @Test
    void writes_down_who_asked_for_what_and_how_it_went() {
        Recording recording = Recording.of("openai/chat-completions/plain.gpt-3.5-turbo");
        Scene scene = installation.upstream().scene(Acts.replay(recording));
        Instant before = Instant.now().minusMillis(1);

        Chat.Answer answer = Chat.as(customer, "X-SmashCost-Tag-Customer", "Acme", "X-SmashCost-Tag-Feature", "search")
                .send(Chat.body("gpt-3.5-turbo", scene.marker()));

        Row row = onlyRow();
        assertThat(row.requestId()).isEqualTo(answer.requestId());
        assertThat(row.number("status")).isEqualTo(200);
        assertThat(row.text("error_class")).isNull();
        assertThat(row.text("model_requested")).isEqualTo("gpt-3.5-turbo");
        assertThat(row.text("model_used")).isEqualTo("gpt-3.5-turbo");
        assertThat(row.text("provider")).isEqualTo("openai");
        assertThat(row.text("routing")).isEqualTo("passthrough");
        assertThat(row.text("mode")).isEqualTo("observation");
        assertThat(row.number("attempts")).isEqualTo(1);
        assertThat(row.flag("fallback")).isFalse();
        assertThat(row.flag("streamed")).isFalse();
        assertThat(row.flag("estimated")).isFalse();
        assertThat(row.text("tag_customer")).isEqualTo("Acme");
        assertThat(row.text("tag_feature")).isEqualTo("search");
        assertThat(row.text("key_id")).isEqualTo(customer.key().id());
        assertThat(row.number("input_tokens")).isEqualTo(62);
        assertThat(row.number("output_tokens")).isEqualTo(14);
        assertThat(row.number("latency_ms")).isNotNull().isBetween(0L, 30_000L);
        assertThat(row.text("saving_usd")).isNull();
        assertThat(row.instant("started_at")).isBetween(before, Instant.now());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "openai/chat-completions/cached-tokens-system.gpt-4o-mini",
                "openai/chat-completions/developer-role-system.gpt-5-nano",
                "openai/chat-completions/vision-base64-vision.gpt-4o-mini",
                "openai/chat-completions/audio-tokens.gpt-4o-mini-audio-preview",
                "openai/chat-completions/json-schema.gpt-5",
                "groq/chat-completions/tool-result-turn-reasoning-out-cached-tokens.gpt-oss-120b",
                "groq/chat-completions/reasoning-out-reasoning-param.qwen3-32b",
                "openai/chat-completions/json-schema-usage-only-chunk.gpt-5.stream",
                "openai/chat-completions/tool-result-turn-usage-only-chunk-system.gpt-4o.stream",
                "groq/chat-completions/usage-only-chunk-system.kimi-k2-instruct-0905.stream"
            })
    @Tag("G29")
    @Tag("G40")
    void counts_and_prices_what_the_provider_reported(String name) {
        Recording recording = Recording.of(name);
        Scene scene = installation.upstream().scene(Acts.replay(recording));
        ObjectNode request = recording.request().deepCopy();
        request.put("user", scene.marker());

        Chat.Answer answer = Chat.as(customer).send(request.toString());

        assertThat(answer.status()).isEqualTo(200);
        Row row = onlyRow();
        JsonNode usage = recording.usage();
        assertThat(sum(row, "input_tokens", "cached_tokens", "audio_input_tokens"))
                .isEqualTo(usage.path("prompt_tokens").asLong());
        assertThat(sum(row, "output_tokens", "reasoning_tokens", "audio_output_tokens"))
                .isEqualTo(usage.path("completion_tokens").asLong());
        assertThat(row.flag("streamed")).isEqualTo(name.endsWith(".stream"));
        assertThat(row.number("first_token_ms") != null).isEqualTo(name.endsWith(".stream"));
        assertThat(row.decimal("cost_usd"))
                .isEqualByComparingTo(Objects.requireNonNull(ListPrice.of(recording.model(), usage, "standard")));
        assertThat(row.decimal("baseline_usd")).isEqualByComparingTo(row.decimal("cost_usd"));
        if (answer.header("X-SmashCost-Cost-USD").isPresent()) {
            assertThat(new BigDecimal(answer.header("X-SmashCost-Cost-USD").get()))
                    .isEqualByComparingTo(row.decimal("cost_usd"));
        }
    }

    @Test
    @Tag("G29")
    void prices_a_request_by_the_tier_it_was_served_at() {
        Scene scene = installation.upstream().scene(Acts.answer(200, """
                {"id":"1","object":"chat.completion","model":"gpt-5","service_tier":"flex","choices":[],\
                "usage":{"prompt_tokens":1000,"completion_tokens":10,"total_tokens":1010}}"""));

        Chat.as(customer).send(Chat.body("gpt-5", scene.marker()));

        // half of the standard price: 1000 × $0.625 and 10 × $5 per million
        assertThat(onlyRow().decimal("cost_usd")).isEqualByComparingTo("0.000675");
        assertThat(onlyRow().text("service_tier")).isEqualTo("flex");
    }

    @Test
    @Tag("G29")
    void does_not_make_up_a_price() {
        Scene scene = installation.upstream().scene(Acts.smallTalk());

        Chat.Answer answer = Chat.as(customer).send(Chat.body("a-model-of-our-own", scene.marker()));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("X-SmashCost-Cost-USD")).isEmpty();
        Row row = onlyRow();
        assertThat(row.number("input_tokens")).isEqualTo(11);
        assertThat(row.number("output_tokens")).isEqualTo(1);
        assertThat(row.text("cost_usd")).isNull();
        assertThat(row.text("baseline_usd")).isNull();
    }

    @Test
    @Tag("G29")
    void estimates_a_usage_that_was_not_reported_and_says_so() {
        Scene scene = installation.upstream().scene(Acts.answer(200, """
                {"id":"1","object":"chat.completion","model":"gpt-4o","choices":[{"index":0,"message":{"role":"assistant",\
                "content":"one two three"},"finish_reason":"stop"}]}"""));

        Chat.as(customer).send(Chat.body("gpt-4o", scene.marker()));

        Row row = onlyRow();
        assertThat(row.number("status")).isEqualTo(200);
        assertThat(row.flag("estimated")).isTrue();
        assertThat(row.number("input_tokens")).isPositive();
        assertThat(row.number("output_tokens")).isEqualTo(3);
        assertThat(row.text("cost_usd")).isNotNull();
    }

    @Test
    @Tag("G29")
    void keeps_the_prices_of_a_request_when_they_change() {
        String model = "priced-" + customer.slug();
        expect(201, admin.put("/models/" + model, AdminApi.json(Map.of("provider", "openai"))));
        addPrices(model, "0.001", "0.01");
        Scene scene = installation.upstream().scene(Acts.smallTalk());
        Chat.as(customer).send(Chat.body(model, scene.marker()));
        addPrices(model, "0.002", "0.02");
        Chat.as(customer).send(Chat.body(model, scene.marker()));

        List<Row> rows = rows(2);
        assertThat(rows.get(0).decimal("cost_usd")).isEqualByComparingTo("0.021");
        assertThat(rows.get(1).decimal("cost_usd")).isEqualByComparingTo("0.042");
        List<Row> frozen = database.query(
                "SELECT price_input, price_output, price_version_id FROM ledger_entry WHERE organization_id = ? ORDER BY request_id",
                customer.id());
        assertThat(frozen.get(0).decimal("price_input")).isEqualByComparingTo("0.001");
        assertThat(frozen.get(1).decimal("price_input")).isEqualByComparingTo("0.002");
        assertThat(frozen.get(0).number("price_version_id"))
                .isNotEqualTo(frozen.get(1).number("price_version_id"));
    }

    @ParameterizedTest
    @CsvSource({
        "404, upstream_rejected, 404",
        "400, upstream_rejected, 400",
        "429, upstream_rate_limited, 429",
        "500, upstream_error, 500",
        "503, upstream_error, 503",
        "401, provider_credential_rejected, 502",
        "403, provider_credential_rejected, 502"
    })
    void writes_down_what_the_provider_refused(int upstream, String errorClass, int status) {
        Scene scene = installation
                .upstream()
                .scene(Acts.answer(
                        upstream, "{\"error\":{\"message\":\"no\",\"type\":\"x\",\"param\":null,\"code\":null}}"));

        // a model of its own: so many failures in a row open the breaker
        Chat.Answer answer = Chat.as(customer).send(Chat.body(scene.marker(), scene.marker()));

        assertThat(answer.status()).isEqualTo(status);
        Row row = onlyRow();
        assertThat(row.requestId()).isEqualTo(answer.requestId());
        assertThat(row.number("status")).isEqualTo(status);
        assertThat(row.text("error_class")).isEqualTo(errorClass);
        assertThat(row.text("cost_usd")).isNull();
        assertThat(row.text("input_tokens")).isNull();
    }

    @Test
    void writes_down_an_answer_that_was_none() {
        Scene html = installation.upstream().scene(Acts.answer(502, "text/html", "<html>".getBytes(UTF_8)));
        Scene reset = installation.upstream().scene(Acts.reset());
        Scene cut = installation.upstream().scene(Acts.cutShort());

        for (Scene scene : List.of(html, reset, cut)) {
            assertThat(Chat.as(customer)
                            .send(Chat.body(scene.marker(), scene.marker()))
                            .status())
                    .isEqualTo(502);
        }

        List<Row> rows = rows(3);
        assertThat(rows).extracting(row -> row.number("status")).containsOnly(502L);
        assertThat(rows)
                .extracting(row -> row.text("error_class"))
                .containsExactly("upstream_invalid_response", "upstream_closed_early", "upstream_closed_early");
    }

    @Test
    @Tag("G40")
    void writes_down_a_stream_that_the_provider_broke_off() {
        Recording recording = Recording.of(STREAM);
        Scene scene = installation.upstream().scene(Acts.breakOffAfter(5, recording));

        Chat.Answer answer = Chat.as(customer).send(Chat.stream("gpt-4o", scene.marker()));

        Row row = onlyRow();
        assertThat(row.requestId()).isEqualTo(answer.requestId());
        assertThat(row.text("error_class")).isEqualTo("upstream_closed_early");
        assertThat(row.flag("streamed")).isTrue();
        assertThat(row.number("first_token_ms")).isNotNull();
    }

    /** How a client leaves. */
    enum Exit {
        CLOSE {
            @Override
            void leave(RawClient client) throws IOException {
                client.close();
            }
        },
        RESET {
            @Override
            void leave(RawClient client) throws IOException {
                client.reset();
            }
        };

        abstract void leave(RawClient client) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    @Tag("G40")
    void ends_the_call_of_a_client_that_left_in_the_middle_of_a_stream(Exit exit) throws Exception {
        Scene scene = installation.upstream().scene(Acts.endless(Duration.ofMillis(50)));
        try (RawClient client = RawClient.send(customer, Chat.stream("gpt-4o", scene.marker()))) {
            client.readUntil("word", SOON);
            exit.leave(client);

            assertThat(scene.isHungUpWithin(Duration.ofSeconds(1)))
                    .as("the provider is told within a second")
                    .isTrue();
        }

        Row row = onlyRow();
        assertThat(row.text("error_class")).isEqualTo("client_closed");
        assertThat(row.flag("streamed")).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("G40")
    void ends_the_call_of_a_client_that_left_while_the_provider_was_silent(Exit exit) throws Exception {
        Scene scene = installation.upstream().scene(Acts.silence());
        try (RawClient client = RawClient.send(customer, Chat.body("gpt-4o", scene.marker()))) {
            scene.awaitRequest();
            exit.leave(client);

            assertThat(scene.isHungUpWithin(Duration.ofSeconds(1)))
                    .as("the provider is told within a second")
                    .isTrue();
        }

        Row row = onlyRow();
        assertThat(row.text("error_class")).isEqualTo("client_closed");
        assertThat(row.text("cost_usd")).isNull();
    }

    @Test
    @Tag("G40")
    void ends_the_call_of_a_client_that_left_while_a_stream_stood_still() throws Exception {
        Scene scene = installation.upstream().scene(Acts.headOnly());
        try (RawClient client = RawClient.send(customer, Chat.stream("gpt-4o", scene.marker()))) {
            scene.awaitRequest();
            Exit.CLOSE.leave(client);

            assertThat(scene.isHungUpWithin(Duration.ofSeconds(1))).isTrue();
        }

        assertThat(onlyRow().text("error_class")).isEqualTo("client_closed");
    }

    @Test
    void writes_no_row_for_what_was_not_accepted() {
        Scene scene = installation.upstream().scene(Acts.smallTalk());
        admin.change(customer, "requests_per_minute", 2);

        assertThat(Chat.as(customer).send("{").status()).isEqualTo(400);
        assertThat(Chat.as(customer).send(Chat.body("gpt-4o", scene.marker())).status())
                .isEqualTo(200);
        assertThat(Chat.as(customer).send(Chat.body("gpt-4o", scene.marker())).status())
                .isEqualTo(429);

        assertThat(onlyRow().number("status")).isEqualTo(200);
    }

    @Test
    void writes_one_row_each_when_many_come_at_once() throws Exception {
        Scene scene = installation.upstream().scene(Acts.smallTalk(3, Duration.ofMillis(10)));
        List<String> ids = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            List<Future<Chat.Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                String body = i % 2 == 0 ? Chat.body("gpt-4o", scene.marker()) : Chat.stream("gpt-4o", scene.marker());
                answers.add(threads.submit(() -> Chat.as(customer).send(body)));
            }
            for (Future<Chat.Answer> answer : answers) {
                assertThat(answer.get().status()).isEqualTo(200);
                ids.add(answer.get().requestId());
            }
        }

        List<Row> rows = rows(60);
        assertThat(rows).extracting(Row::requestId).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(rows).extracting(row -> row.number("output_tokens")).containsOnly(3L);
    }

    @Test
    void tells_the_operator_what_the_database_holds() {
        Scene scene = installation.upstream().scene(Acts.smallTalk());
        for (int i = 0; i < 7; i++) {
            Chat.as(customer, "X-SmashCost-Tag-Feature", "f" + i).send(Chat.body("gpt-4o-mini", scene.marker()));
        }
        Chat.as(customer).send(Chat.body("an-unpriced-model", scene.marker()));
        List<Row> rows = rows(8).reversed();

        List<JsonNode> listed = new ArrayList<>();
        String path = "/organizations/" + customer.slug() + "/requests?limit=3";
        String next = "";
        int pages = 0;
        do {
            JsonNode page = expect(200, admin.get(path + (next.isEmpty() ? "" : "&after=" + next)));
            page.path("requests").forEach(listed::add);
            next = page.path("next").asText("");
            pages++;
        } while (!next.isEmpty() && !next.equals("null"));

        assertThat(pages).isEqualTo(3);
        assertThat(listed).hasSize(8);
        for (int i = 0; i < listed.size(); i++) {
            JsonNode json = listed.get(i);
            Row row = rows.get(i);
            assertThat(json.path("request_id").asText()).isEqualTo(row.requestId());
            assertThat(json.path("status").asLong()).isEqualTo(row.number("status"));
            assertThat(text(json, "model_requested")).isEqualTo(row.text("model_requested"));
            assertThat(text(json, "model_used")).isEqualTo(row.text("model_used"));
            assertThat(text(json, "provider")).isEqualTo(row.text("provider"));
            assertThat(text(json, "routing")).isEqualTo(row.text("routing"));
            assertThat(text(json, "mode")).isEqualTo(row.text("mode"));
            assertThat(text(json, "tag_feature")).isEqualTo(row.text("tag_feature"));
            assertThat(text(json, "key_id")).isEqualTo(row.text("key_id"));
            assertThat(json.path("latency_ms").asLong()).isEqualTo(row.number("latency_ms"));
            assertThat(json.at("/usage/input").asLong()).isEqualTo(row.number("input_tokens"));
            assertThat(json.at("/usage/output").asLong()).isEqualTo(row.number("output_tokens"));
            BigDecimal cost = row.decimal("cost_usd");
            if (cost == null) {
                assertThat(text(json, "cost_usd")).isNull();
            } else {
                assertThat(json.path("cost_usd").isTextual())
                        .as("decimals are strings")
                        .isTrue();
                assertThat(new BigDecimal(json.path("cost_usd").asText())).isEqualByComparingTo(cost);
            }
        }
    }

    @Test
    void lists_a_half_open_range_of_time() {
        Scene scene = installation.upstream().scene(Acts.smallTalk());
        for (int i = 0; i < 3; i++) {
            Chat.as(customer).send(Chat.body("gpt-4o-mini", scene.marker()));
        }
        rows(3);
        String path = "/organizations/" + customer.slug() + "/requests";
        JsonNode all = expect(200, admin.get(path)).path("requests");
        String middle = all.path(1).path("started_at").asText();

        assertThat(ids(expect(200, admin.get(path + "?from=" + middle))))
                .containsExactly(
                        all.path(0).path("request_id").asText(),
                        all.path(1).path("request_id").asText());
        assertThat(ids(expect(200, admin.get(path + "?to=" + middle))))
                .containsExactly(all.path(2).path("request_id").asText());
    }

    @Test
    @Tag("G29")
    void holds_in_every_row_what_its_cost_is_made_of() {
        writes_one_of_each_kind();
        List<Row> rows = database.query("SELECT * FROM ledger_entry");

        assertThat(rows).isNotEmpty().allSatisfy(row -> {
            BigDecimal cost = row.decimal("cost_usd");
            if (cost != null) {
                assertThat(cost).isEqualByComparingTo(cost(row, "price_"));
            }
            BigDecimal baseline = row.decimal("baseline_usd");
            if (baseline != null) {
                assertThat(baseline).isEqualByComparingTo(cost(row, "baseline_"));
            }
        });
    }

    private void writes_one_of_each_kind() {
        for (String name : List.of(
                "openai/chat-completions/cached-tokens-system.gpt-4o-mini",
                "openai/chat-completions/audio-in-audio-tokens.gpt-4o-audio-preview",
                "openai/chat-completions/reasoning-param.gpt-5-nano")) {
            Recording recording = Recording.of(name);
            Scene scene = installation.upstream().scene(Acts.replay(recording));
            Chat.as(customer).send(Chat.body(recording.model(), scene.marker()));
        }
        rows(3);
    }

    private static BigDecimal cost(Row row, String prices) {
        BigDecimal cost = BigDecimal.ZERO;
        for (String[] bucket : new String[][] {
            {"input_tokens", "input"},
            {"cached_tokens", "cached_input"},
            {"cache_write_5m_tokens", "cache_write_5m"},
            {"cache_write_1h_tokens", "cache_write_1h"},
            {"output_tokens", "output"},
            {"reasoning_tokens", "reasoning_output"},
            {"audio_input_tokens", "audio_input"},
            {"audio_output_tokens", "audio_output"},
            {"web_searches", "web_search"}
        }) {
            Long tokens = row.number(bucket[0]);
            if (tokens != null && tokens != 0) {
                BigDecimal price = row.decimal(prices + bucket[1]);
                assertThat(price).as(bucket[1] + " of " + row.requestId()).isNotNull();
                cost = cost.add(Objects.requireNonNull(price).multiply(BigDecimal.valueOf(tokens)));
            }
        }
        return cost;
    }

    private void addPrices(String model, String input, String output) {
        expect(
                201,
                admin.post(
                        "/models/" + model + "/prices",
                        AdminApi.json(Map.of("source", "a test", "input", input, "output", output))));
    }

    private Row onlyRow() {
        return rows(1).getFirst();
    }

    /** The organisation's rows once so many are there; more would be too many. */
    private List<Row> rows(int count) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(database.requestsOf(customer)).hasSizeGreaterThanOrEqualTo(count));
        List<Row> rows = database.requestsOf(customer);
        assertThat(rows).hasSize(count);
        return rows;
    }

    private static long sum(Row row, String... columns) {
        long sum = 0;
        for (String column : columns) {
            Long value = row.number(column);
            sum += value == null ? 0 : value;
        }
        return sum;
    }

    private static List<String> ids(JsonNode page) {
        List<String> ids = new ArrayList<>();
        page.path("requests")
                .forEach(request -> ids.add(request.path("request_id").asText()));
        return ids;
    }

    private static @Nullable String text(JsonNode json, String name) {
        return json.hasNonNull(name) ? json.path(name).asText() : null;
    }

    private static JsonNode expect(int status, AdminApi.Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        return answer.json();
    }
}
