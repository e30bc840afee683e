package com.smashcost.admission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.smashcost.installation.AdminApi;
import com.smashcost.installation.Chat;
import com.smashcost.installation.Customer;
import com.smashcost.installation.Installation;
import com.smashcost.installation.Promptly;
import com.smashcost.installation.RawClient;
import com.smashcost.upstream.Acts;
import com.smashcost.upstream.Scene;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that go no further, and how many may. */
class LimitsIT {

    private static final int LARGEST = 10 * 1024 * 1024;
    private static final Customer CUSTOMER = Installation.running().admin().newCustomer();

    private final Installation installation = Installation.running();
    private final AdminApi admin = installation.admin();
    private final Scene scene = installation.upstream().scene(Acts.smallTalk());

    @Test
    void takes_a_body_of_ten_megabytes() {
        Chat.Answer answer = Chat.as(CUSTOMER).send(bodyOf(LARGEST));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(scene.request().body()).hasSize(LARGEST);
    }

    @Test
    void refuses_a_larger_body_by_its_announced_length() throws IOException {
        try (RawClient client = RawClient.announce(CUSTOMER, LARGEST + 1)) {
            String answer = client.readUntil("request_too_large", Duration.ofSeconds(5));

            assertThat(answer).startsWith("HTTP/1.1 413 ").containsIgnoringCase("\r\nConnection: close\r\n");
        }
        assertThat(scene.requests()).isEmpty();
    }

    @Test
    void refuses_a_larger_body_that_was_not_announced() throws IOException {
        try (RawClient client = RawClient.sendInChunks(CUSTOMER, bodyOf(LARGEST + 1))) {
            assertThat(client.readUntil("request_too_large", Duration.ofSeconds(20)))
                    .startsWith("HTTP/1.1 413 ");
        }
        assertThat(scene.requests()).isEmpty();
    }

    static Stream<String> unacceptable() {
        return Stream.of(
                "",
                "[]",
                "\"text\"",
                "{",
                "{\"model\":\"gpt-4o\"} x",
                "{\"user\":\"no model\"}",
                "{\"model\":null}",
                "{\"model\":7}",
                "{\"model\":\"\"}",
                "{\"model\":\"spaces in it\"}",
                "{\"model\":\"" + "m".repeat(129) + "\"}",
                "{\"model\":\"gpt-4o\",\"stream\":\"yes\"}",
                "{\"model\":\"gpt-4o\",\"stream_options\":[]}",
                "{\"model\":\"gpt-4o\",\"model\":\"gpt-5\"}",
                "{\"model\":\"gpt-4o\",\"x\":{\"y\":1,\"y\":2}}",
                "{\"model\":\"gpt-4o\",\"x\":" + "[".repeat(64) + "]".repeat(64) + "}",
                "{\"model\":\"gpt-4o\",\"x\":" + "1".repeat(101) + "}",
                "{\"model\":\"gpt-4o\",\"x\":NaN}",
                "{\"model\":\"gpt-4o\",'x':1}",
                "{\"model\":\"gpt-4o\"} // comment");
    }

    @ParameterizedTest
    @MethodSource("unacceptable")
    void refuses_a_body_that_is_no_request(String body) {
        int before = installation.upstream().requests();

        Chat.Answer answer = Chat.as(CUSTOMER).send(body);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.json().at("/error/type").asText()).isEqualTo("invalid_request_error");
        assertThat(answer.json().at("/error/message").asText()).isNotEmpty();
        assertThat(installation.upstream().requests()).isEqualTo(before);
    }

    @Test
    void refuses_a_body_that_is_not_utf_8() {
        byte[] body = "{\"model\":\"gpt-4o\",\"user\":\"?\"}".getBytes(UTF_8);
        body[body.length - 3] = (byte) 0xFF;

        assertThat(Chat.as(CUSTOMER).send(body).status()).isEqualTo(400);
    }

    @Test
    void takes_a_body_that_is_nested_as_deep_as_is_allowed() {
        String body = "{\"model\":\"gpt-4o\",\"user\":\"" + scene.marker() + "\",\"x\":" + "[".repeat(63)
                + "]".repeat(63) + "}";

        assertThat(Chat.as(CUSTOMER).send(body).status()).isEqualTo(200);
    }

    @Test
    @Tag("G49")
    void keeps_tags_in_their_canonical_form() throws IOException {
        Customer customer = admin.newCustomer();
        String feature = "x".repeat(128);

        try (RawClient client = RawClient.send(
                customer,
                Chat.body("gpt-4o-mini", scene.marker()),
                "X-SmashCost-Tag-Customer: Cafe\u0301 \u65e5\u672c",
                "X-SmashCost-Tag-Feature: " + feature)) {
            assertThat(client.readUntil("chat.completion", Duration.ofSeconds(10)))
                    .startsWith("HTTP/1.1 200 ");
        }

        await().untilAsserted(() -> assertThat(installation.database().requestsOf(customer))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.text("tag_customer")).isEqualTo("Caf\u00e9 \u65e5\u672c");
                    assertThat(row.text("tag_feature")).isEqualTo(feature);
                }));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil\u202egnp.exe",
                "zero\u200bwidth",
                "tab\tinside",
                "bell\u0007",
                "private\ue000use",
                "line\u2028separator"
            })
    @Tag("G49")
    void refuses_tags_that_would_deceive_a_reader(String tag) throws IOException {
        try (RawClient client =
                RawClient.send(CUSTOMER, Chat.body("gpt-4o-mini", scene.marker()), "X-SmashCost-Tag-Feature: " + tag)) {
            assertThat(client.readUntil("invalid_tag", Duration.ofSeconds(10))).startsWith("HTTP/1.1 400 ");
        }
        assertThat(scene.requests()).isEmpty();
    }

    @Test
    @Tag("G49")
    void refuses_a_tag_that_is_too_long() {
        Chat.Answer answer = Chat.as(CUSTOMER, "X-SmashCost-Tag-Customer", "x".repeat(129))
                .send(Chat.body("gpt-4o-mini", scene.marker()));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errorCode()).isEqualTo("invalid_tag");
        assertThat(scene.requests()).isEmpty();
    }

    @Test
    @Tag("G21")
    @Tag("G22")
    void lets_an_organization_have_its_limit_whatever_the_number_of_its_keys() {
        Customer customer = admin.newCustomer();
        Customer.Key other = admin.newKey(customer.slug());
        admin.change(customer, "requests_per_minute", 5);
        String body = Chat.body("gpt-4o-mini", scene.marker());
        // the list of models is free
        assertThat(modelsStatus(customer)).isEqualTo(200);

        for (int i = 0; i < 5; i++) {
            Chat.Answer answer =
                    Chat.with(i % 2 == 0 ? customer.key().text() : other.text()).send(body);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("x-ratelimit-limit-requests")).hasValue("5");
            assertThat(answer.header("x-ratelimit-remaining-requests")).hasValue(Integer.toString(4 - i));
            assertThat(answer.header("x-ratelimit-reset-requests").orElse("")).matches("1m0s|[0-9.]+m?s");
        }
        for (String key : new String[] {customer.key().text(), other.text()}) {
            Chat.Answer refused = Chat.with(key).send(body);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.errorCode()).isEqualTo("rate_limit_exceeded");
            assertThat(refused.header("x-ratelimit-remaining-requests")).hasValue("0");
            assertThat(Integer.parseInt(refused.header("Retry-After").orElseThrow()))
                    .isBetween(1, 60);
            assertThat(Integer.parseInt(refused.header("retry-after-ms").orElseThrow()))
                    .isBetween(1, 60_000);
        }
        assertThat(modelsStatus(customer)).isEqualTo(200);

        assertThat(scene.requests()).hasSize(5);
        await().untilAsserted(() ->
                assertThat(installation.database().requestsOf(customer)).hasSize(5));
        // another organisation is none of its business
        assertThat(Chat.as(CUSTOMER).send(body).status()).isEqualTo(200);
    }

    @Test
    @Tag("G21")
    void lifts_a_limit_within_a_second() {
        Customer customer = admin.newCustomer();
        admin.change(customer, "requests_per_minute", 1);
        String body = Chat.body("gpt-4o-mini", scene.marker());
        assertThat(Chat.as(customer).send(body).status()).isEqualTo(200);
        assertThat(Chat.as(customer).send(body).status()).isEqualTo(429);

        admin.change(customer, "requests_per_minute", 0);

        Promptly.within(
                Duration.ofSeconds(1),
                () -> assertThat(Chat.as(customer).send(body).status()).isEqualTo(200));
    }

    private int modelsStatus(Customer customer) {
        return admin.send(
                        installation.origin().resolve("/v1/models"),
                        "GET",
                        null,
                        customer.key().text())
                .status();
    }

    private byte[] bodyOf(int length) {
        String head = "{\"model\":\"gpt-4o-mini\",\"user\":\"" + scene.marker() + "\",\"x\":\"";
        return (head + "y".repeat(length - head.length() - 2) + "\"}").getBytes(UTF_8);
    }
}
