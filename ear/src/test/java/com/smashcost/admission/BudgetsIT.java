package com.smashcost.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.MessageCreateParams;
import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.smashcost.installation.AdminApi;
import com.smashcost.installation.AdminApi.Answer;
import com.smashcost.installation.Chat;
import com.smashcost.installation.Customer;
import com.smashcost.installation.Installation;
import com.smashcost.installation.RawClient;
import com.smashcost.upstream.Acts;
import com.smashcost.upstream.Scene;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Budgets of the deployed product, over HTTP and with its real ledger. */
class BudgetsIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final Installation installation = Installation.running();
    private final AdminApi admin = installation.admin();
    private final Customer customer = admin.newCustomerOfAllProviders();
    private final String path = "/organizations/" + customer.slug() + "/budgets";

    @Test
    void refuses_in_the_dialect_of_openai_and_its_sdk_understands() {
        Scene scene = installation.upstream().scene(Acts.smallTalk());
        JsonNode budget = put("tiny", "organization", "tokens", "10", "month", "refuse");
        String reset = budget.at("/consumption/resets_at").asText();

        Chat.Answer refused = Chat.as(customer).send(Chat.body("gpt-4o-mini", scene.marker()));

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.json().at("/error/type").asText()).isEqualTo("insufficient_quota");
        assertThat(refused.errorCode()).isEqualTo("budget_exceeded");
        assertThat(refused.json().at("/error/param").isNull()).isTrue();
        assertThat(refused.json().at("/error/message").asText()).contains("tiny", reset);
        assertThat(refused.header("X-SmashCost-Budget")).hasValue("tiny");
        assertThat(refused.header("X-SmashCost-Budget-Reset")).hasValue(reset);
        assertThat(refused.header("x-should-retry")).hasValue("false");
        long untilReset = ChronoUnit.SECONDS.between(Instant.now(), Instant.parse(reset));
        assertThat(Long.parseLong(refused.header("Retry-After").orElseThrow()))
                .isBetween(untilReset - 60, untilReset + 60);

        OpenAIClient client = OpenAIOkHttpClient.builder()
                .baseUrl(installation.origin() + "/v1")
                .apiKey(customer.key().text())
                .maxRetries(2)
                .timeout(Duration.ofSeconds(10))
                .build();
        com.openai.errors.RateLimitException told = catchThrowableOfType(
                com.openai.errors.RateLimitException.class,
                () -> client.chat()
                        .completions()
                        .create(ChatCompletionCreateParams.builder()
                                .model("gpt-4o-mini")
                                .addUserMessage(scene.marker())
                                .build()));
        assertThat(told.code()).hasValue("budget_exceeded");
        assertThat(told.type()).hasValue("insufficient_quota");
        client.close();

        assertThat(scene.requests()).as("no provider was called").isEmpty();
        assertThat(installation.database().requestsOf(customer)).isEmpty();
    }

    @Test
    void refuses_in_the_dialect_of_anthropic_and_its_sdk_understands() {
        Scene scene = installation.upstream().scene(Acts.smallTalk());
        put("tiny", "organization", "usd", "0.000001", "day", "refuse");
        String body =
                "{\"model\":\"claude-haiku-4-5\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\""
                        + scene.marker() + "\"}]}";

        Chat.Answer refused = Chat.as(customer).to("/v1/messages").send(body);

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.json().path("type").asText()).isEqualTo("error");
        assertThat(refused.json().at("/error/type").asText()).isEqualTo("billing_error");
        assertThat(refused.json().at("/error/details/code").asText()).isEqualTo("budget_exceeded");
        assertThat(refused.header("Retry-After")).isPresent();
        AnthropicClient client = AnthropicOkHttpClient.builder()
                .baseUrl(installation.origin().toString())
                .apiKey(customer.key().text())
                .maxRetries(2)
                .timeout(Duration.ofSeconds(10))
                .build();
        com.anthropic.errors.RateLimitException told = catchThrowableOfType(
                com.anthropic.errors.RateLimitException.class,
                () -> client.messages()
                        .create(MessageCreateParams.builder()
                                .model("claude-haiku-4-5")
                                .maxTokens(100)
                                .addUserMessage(scene.marker())
                                .build()));
        assertThat(told.getMessage()).contains("tiny");
        client.close();
        assertThat(scene.requests()).isEmpty();
    }

    @Test
    void counts_what_requests_cost_and_what_was_used_before_there_was_a_budget() {
        Scene scene = installation.upstream().scene(Acts.smallTalk());
        String body = Chat.body("gpt-4o-mini", scene.marker());
        assertThat(Chat.as(customer, "X-SmashCost-Tag-Customer", "Acme")
                        .send(body)
                        .status())
                .isEqualTo(200);
        await().untilAsserted(() ->
                assertThat(installation.database().requestsOf(customer)).hasSize(1));
        admin.put(path + "/tag", """
                {"scope":"customer_tag","customer_tag":"Acme","unit":"tokens","limit":1000000,"window":"month","action":"warn"}""");
        admin.put(
                path + "/key",
                AdminApi.json(Map.of(
                        "scope",
                        "key",
                        "key",
                        customer.key().id(),
                        "unit",
                        "usd",
                        "limit",
                        "5",
                        "window",
                        "month",
                        "action",
                        "warn")));
        put("all", "organization", "usd", "5", "month", "refuse");
        assertThat(Chat.as(customer).send(body).status()).isEqualTo(200);

        BigDecimal cost = cost();
        assertThat(cost).isPositive();
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(consumption("all").path("complete").asBoolean()).isTrue();
            assertThat(new BigDecimal(consumption("all").path("used").asText())).isEqualByComparingTo(cost());
            assertThat(new BigDecimal(consumption("key").path("used").asText())).isEqualByComparingTo(cost());
            assertThat(consumption("tag").path("used").asText()).isEqualTo("12");
        });
        assertThat(consumption("all").path("reserved").asText()).isEqualTo("0");
        ZonedDateTime month =
                Instant.parse(consumption("all").path("window_start").asText()).atZone(ZoneOffset.UTC);
        assertThat(month.getDayOfMonth()).isEqualTo(1);
    }

    private BigDecimal cost() {
        return installation.database().requestsOf(customer).stream()
                .map(row -> row.decimal("cost_usd"))
                .reduce(BigDecimal.ZERO, (sum, each) -> each == null ? sum : sum.add(each));
    }

    @Test
    void warns_in_a_header_and_leaves_an_alert() {
        Scene scene = installation.upstream().scene(Acts.smallTalk());
        put("soft", "organization", "tokens", "10", "hour", "warn");

        Chat.Answer served = Chat.as(customer).send(Chat.body("gpt-4o-mini", scene.marker()));

        assertThat(served.status()).isEqualTo(200);
        assertThat(served.header("X-SmashCost-Budget-Warning")).hasValue("soft");
        await().atMost(SOON).untilAsserted(() -> {
            JsonNode alerts = admin.get("/organizations/" + customer.slug() + "/alerts")
                    .json()
                    .path("alerts");
            assertThat(alerts).hasSize(1);
            assertThat(alerts.at("/0/kind").asText()).isEqualTo("budget_exceeded");
            assertThat(alerts.at("/0/subject").asText()).isEqualTo("soft");
        });
    }

    @Test
    void writes_down_what_a_long_request_holds_and_gives_it_back() throws Exception {
        Scene scene = installation.upstream().scene(Acts.endless(Duration.ofMillis(50)));
        put("held", "organization", "tokens", "100000", "month", "refuse");
        try (RawClient client = RawClient.send(customer, Chat.stream("gpt-4o", scene.marker()))) {
            client.readUntil("word", SOON);
            assertThat(new BigDecimal(consumption("held").path("reserved").asText()))
                    .isGreaterThan(BigDecimal.TEN);
            await().atMost(SOON).untilAsserted(() -> assertThat(held()).isEqualTo(1));
        }
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(held()).isZero();
            assertThat(consumption("held").path("reserved").asText()).isEqualTo("0");
            assertThat(new BigDecimal(consumption("held").path("used").asText()))
                    .isPositive();
        });
    }

    private int held() {
        return installation
                .database()
                .query(
                        "SELECT r.* FROM budget_reservation r JOIN budget b ON b.id = r.budget_id WHERE b.organization_id = ?",
                        customer.id())
                .size();
    }

    @Test
    void stands_before_neither_the_admin_api_nor_the_list_of_models() {
        put("tiny", "organization", "tokens", "1", "month", "refuse");

        assertThat(admin.get("/organizations/" + customer.slug()).status()).isEqualTo(200);
        assertThat(admin.get("/organizations/" + customer.slug() + "/requests").status())
                .isEqualTo(200);
        assertThat(admin.send(
                                installation.origin().resolve("/v1/models"),
                                "GET",
                                null,
                                customer.key().text())
                        .status())
                .isEqualTo(200);
        assertThat(admin.send(installation.origin().resolve("/portal/sign-in"), "GET", null, "")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void acts_at_once_when_it_is_raised_and_when_it_ends() {
        Scene scene = installation.upstream().scene(Acts.smallTalk());
        String body = Chat.body("gpt-4o-mini", scene.marker());
        put("b", "organization", "tokens", "1", "month", "refuse");
        assertThat(Chat.as(customer).send(body).status()).isEqualTo(429);

        put("b", "organization", "tokens", "1000000", "month", "refuse");
        assertThat(Chat.as(customer).send(body).status()).isEqualTo(200);
        put("b", "organization", "tokens", "13", "month", "refuse");
        assertThat(Chat.as(customer).send(body).status()).isEqualTo(429);
        assertThat(consumption("b").path("used").asText()).isEqualTo("12");

        assertThat(admin.delete(path + "/b").status()).isEqualTo(204);
        assertThat(Chat.as(customer).send(body).status()).isEqualTo(200);
        assertThat(admin.get(path + "/b").status()).isEqualTo(404);
        assertThat(admin.get(path).json().path("budgets")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ok | {\"scope\":\"team\",\"unit\":\"usd\",\"limit\":\"5\",\"window\":\"day\",\"action\":\"warn\"} | scope",
                "ok | {\"unit\":\"usd\",\"limit\":\"5\",\"window\":\"day\",\"action\":\"warn\"} | scope",
                "ok | {\"scope\":\"organization\",\"unit\":\"eur\",\"limit\":\"5\",\"window\":\"day\",\"action\":\"warn\"} | unit",
                "ok | {\"scope\":\"organization\",\"unit\":\"usd\",\"limit\":\"0\",\"window\":\"day\",\"action\":\"warn\"} | limit",
                "ok | {\"scope\":\"organization\",\"unit\":\"usd\",\"limit\":\"-1\",\"window\":\"day\",\"action\":\"warn\"} | limit",
                "ok | {\"scope\":\"organization\",\"unit\":\"usd\",\"limit\":\"5000000\",\"window\":\"day\",\"action\":\"warn\"} | limit",
                "ok | {\"scope\":\"organization\",\"unit\":\"usd\",\"limit\":\"0.0000001\",\"window\":\"day\",\"action\":\"warn\"} | limit",
                "ok | {\"scope\":\"organization\",\"unit\":\"tokens\",\"limit\":\"1.5\",\"window\":\"day\",\"action\":\"warn\"} | limit",
                "ok | {\"scope\":\"organization\",\"unit\":\"usd\",\"window\":\"day\",\"action\":\"warn\"} | limit",
                "ok | {\"scope\":\"organization\",\"unit\":\"usd\",\"limit\":\"5\",\"window\":\"year\",\"action\":\"warn\"} | window",
                "ok | {\"scope\":\"organization\",\"unit\":\"usd\",\"limit\":\"5\",\"window\":\"day\",\"action\":\"block\"} | action",
                "ok | {\"scope\":\"key\",\"unit\":\"usd\",\"limit\":\"5\",\"window\":\"day\",\"action\":\"warn\"} | key",
                "ok | {\"scope\":\"organization\",\"key\":\"x\",\"unit\":\"usd\",\"limit\":\"5\",\"window\":\"day\",\"action\":\"warn\"} | key",
                "ok | {\"scope\":\"customer_tag\",\"unit\":\"usd\",\"limit\":\"5\",\"window\":\"day\",\"action\":\"warn\"} | customer_tag",
                "ok | {\"scope\":\"customer_tag\",\"customer_tag\":\" \",\"unit\":\"usd\",\"limit\":\"5\",\"window\":\"day\",\"action\":\"warn\"} | customer_tag",
                "Not-OK | {\"scope\":\"organization\",\"unit\":\"usd\",\"limit\":\"5\",\"window\":\"day\",\"action\":\"warn\"} | name",
                "ok | {\"scope\":\"organization\",\"unit\":\"usd\",\"limit\":\"5\",\"window\":\"day\",\"action\":\"warn\",\"x\":1} | x"
            })
    void refuses_what_is_no_budget_by_the_name_of_the_field(String name, String body, String field) {
        Answer answer = admin.put(path + "/" + name, body);

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.json().path("param").asText()).isEqualTo(field);
        assertThat(admin.get(path).json().path("budgets")).isEmpty();
    }

    @Test
    void forgets_the_names_of_customers_with_the_organization() {
        admin.put(path + "/tag", """
                {"scope":"customer_tag","customer_tag":"Acme","unit":"tokens","limit":10,"window":"month","action":"warn"}""");

        assertThat(admin.delete("/organizations/" + customer.slug()).status()).isEqualTo(204);

        assertThat(installation.database().query("SELECT * FROM budget WHERE organization_id = ?", customer.id()))
                .isEmpty();
    }

    private JsonNode consumption(String name) {
        return admin.get(path + "/" + name).json().path("consumption");
    }

    private JsonNode put(String name, String scope, String unit, String limit, String window, String action) {
        Answer answer = admin.put(
                path + "/" + name,
                AdminApi.json(
                        Map.of("scope", scope, "unit", unit, "limit", limit, "window", window, "action", action)));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }
}
