package com.smashcost.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.installation.AdminApi;
import com.smashcost.installation.AdminApi.Answer;
import com.smashcost.installation.Chat;
import com.smashcost.installation.Customer;
import com.smashcost.installation.Database;
import com.smashcost.installation.Database.Row;
import com.smashcost.installation.Installation;
import com.smashcost.upstream.Acts;
import com.smashcost.upstream.Recording;
import com.smashcost.upstream.Scene;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every decision has a receipt, and what another mode would have cost can be told from the receipts. */
@Tag("G28")
class DecisionsIT {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final Installation installation = Installation.running();
    private final AdminApi admin = installation.admin();
    private final Database database = installation.database();
    private final Customer customer = admin.newCustomer();

    @Test
    @Tag("G29")
    void tells_the_organisation_why_its_request_was_served_as_it_was() {
        String id = ask();

        JsonNode decision = decision(customer, id);

        Row row = database.requestsOf(customer).getFirst();
        assertThat(decision.path("request_id").asText()).isEqualTo(id);
        assertThat(decision.path("mode").asText()).isEqualTo("observation");
        assertThat(decision.path("routing").asText()).isEqualTo("passthrough");
        assertThat(decision.path("explanation").asText()).contains("not active");
        assertThat(decision.path("model_requested").asText()).isEqualTo("gpt-3.5-turbo");
        assertThat(decision.path("baseline").asText()).isEqualTo("gpt-3.5-turbo");
        assertThat(decision.path("usage").path("input").asLong()).isEqualTo(62);
        assertThat(decision.path("price_version_id").asLong()).isEqualTo(row.number("price_version_id"));
        assertThat(decision.path("cost_usd").isTextual()).isTrue();
        assertThat(new BigDecimal(decision.path("cost_usd").asText())).isEqualByComparingTo(row.decimal("cost_usd"));
    }

    @Test
    void shows_every_model_that_was_looked_at_with_the_price_that_was_in_force() {
        String id = weighed();

        JsonNode decision = decision(customer, id);

        assertThat(decision.path("policy").path("mode").asText()).isEqualTo("balanced");
        assertThat(decision.path("policy").path("target").asText()).isEqualTo("0.97");
        assertThat(decision.path("tiers").path("small").path("retained").asText())
                .isEqualTo("0.98");
        assertThat(decision.path("needs").toString()).isEqualTo("[]");
        JsonNode first = decision.path("candidates").path(0);
        assertThat(first.path("model").asText()).isEqualTo("gemma-7b-it");
        assertThat(first.path("verdict").asText()).isEqualTo("chosen");
        assertThat(first.path("tier").asText()).isEqualTo("small");
        assertThat(first.path("projected_usd").asText()).isEqualTo("0.000058");
        JsonNode second = decision.path("candidates").path(1);
        assertThat(second.path("model").asText()).isEqualTo("gpt-4o-mini");
        assertThat(second.path("verdict").asText()).isEqualTo("asked");
        assertThat(second.path("projected_usd").asText()).isEqualTo("0.00021");
        assertThat(admin.get("/organizations/" + customer.slug() + "/requests/" + id + "/decision")
                        .json())
                .as("the operator sees the same")
                .isEqualTo(decision);
    }

    @Test
    @Tag("G8")
    void shows_a_decision_to_nobody_else() {
        String id = ask();
        decision(customer, id);

        Answer stranger = get(admin.newCustomer().key().text(), id);

        assertThat(stranger.status()).isEqualTo(404);
        assertThat(stranger.json().path("error").path("code").asText()).isEqualTo("decision_not_found");
        assertThat(get("", id).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "019aa8f5-5400-4000-8000-000000000001", "019aa8f5-5400-7000-8000-00000000000"})
    void refuses_what_is_no_request_id(String id) {
        Answer refused = get(customer.key().text(), id);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("error").path("code").asText()).isEqualTo("invalid_request_id");
    }

    @Test
    void does_not_count_against_the_limit() {
        String id = ask();
        decision(customer, id);
        admin.put("/organizations/" + customer.slug() + "/settings", "{\"requests_per_minute\": 1}");
        for (int i = 0; i < 5; i++) {
            assertThat(get(customer.key().text(), id).status()).isEqualTo(200);
        }
    }

    @Test
    @Tag("G29")
    void tells_what_another_mode_would_have_cost() {
        weighed();
        admin.put("/organizations/" + customer.slug() + "/settings", "{\"allowed_models\": [\"gemma-*\"]}");

        for (String mode : List.of("off", "quality")) {
            JsonNode strict = replay(mode);
            assertThat(strict.path("replayed").asLong()).as(mode).isEqualTo(1);
            assertThat(strict.path("moved").asLong()).as(mode).isZero();
            assertThat(strict.path("replayed_usd").asText()).as(mode).isEqualTo("0.00021");
            assertThat(strict.path("saving_usd").asText()).as(mode).isEqualTo("0");
        }
        JsonNode balanced = replay("balanced");
        assertThat(balanced.path("moved").asLong()).isEqualTo(1);
        assertThat(balanced.path("actual_usd").asText()).isEqualTo("0.00021");
        assertThat(balanced.path("replayed_usd").asText()).isEqualTo("0.000058");
        assertThat(balanced.path("saving_usd").asText()).isEqualTo("0.000152");
        assertThat(balanced.path("next").isNull()).isTrue();
        admin.put("/organizations/" + customer.slug() + "/settings", "{\"denied_models\": [\"gemma-7b-it\"]}");
        assertThat(replay("balanced").path("moved").asLong()).isZero();
        assertThat(admin.get("/organizations/" + customer.slug() + "/replay?mode=fast")
                        .status())
                .isEqualTo(400);
    }

    @Test
    @Tag("G47")
    void erases_the_counters_of_an_organisation_that_is_deleted() {
        insert(
                "INSERT INTO routing_cell SELECT ?, 'code', 2, id, 5, 4, UTC_TIMESTAMP(6) FROM model WHERE name = 'gpt-4o'",
                customer.id());

        admin.send("DELETE", "/organizations/" + customer.slug(), null, admin.token());

        assertThat(database.query("SELECT * FROM routing_cell WHERE organization_id = ?", customer.id()))
                .isEmpty();
    }

    /** Makes a request; its row may still be under way. */
    private String ask() {
        Recording recording = Recording.of("openai/chat-completions/plain.gpt-3.5-turbo");
        Scene scene = installation.upstream().scene(Acts.replay(recording));
        return Chat.as(customer)
                .send(Chat.body("gpt-3.5-turbo", scene.marker()))
                .requestId();
    }

    /** A row, and a receipt by which a small model would have done for what a medium one was asked for. */
    private String weighed() {
        long now = Instant.now().toEpochMilli();
        UUID id = new UUID(now << 16 | 0x7000, ThreadLocalRandom.current().nextLong() >>> 2 | 0x8000_0000_0000_0000L);
        byte[] bytes = ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        ByteArrayOutputStream candidates = new ByteArrayOutputStream();
        candidate(candidates, "gpt-4o-mini", 1);
        candidate(candidates, "gemma-7b-it", 0);
        insert("INSERT IGNORE INTO model_name (name) VALUES ('gpt-4o-mini')");
        insert("""
                INSERT INTO ledger_entry (request_id, organization_id, key_id, started_at, status, model_requested_id,
                  model_used_id, provider, routing, mode, task, score, attempts, fallback, streamed, estimated,
                  input_tokens, output_tokens, price_version_id, baseline_price_version_id, cost_usd, baseline_usd)
                SELECT ?, ?, 0, UTC_TIMESTAMP(6), 200, n.id, n.id, 'openai', 'passthrough', 'observation', 'code', 0.5,
                  1, FALSE, FALSE, FALSE, 1000, 100, p.id, p.id, 0.00021, 0.00021
                FROM model_name n JOIN model m ON m.name = n.name JOIN price_version p ON p.model_id = m.id
                WHERE n.name = 'gpt-4o-mini' ORDER BY p.id LIMIT 1""", bytes, customer.id());
        insert("""
                INSERT INTO routing_receipt (request_id, organization_id, classifier, policy, familiar, needs,
                  prompt_tokens, output_tokens, right_small, right_medium, right_large, right_frontier,
                  kept_small, kept_medium, kept_large, kept_frontier, retention, candidates)
                VALUES (?, ?, '1', 'balanced', TRUE, 0, 1000, 100, 0.5, 0.6, 0.7, 0.8, 0.98, 1, 1, 1, 0.98, ?)""", bytes, customer.id(), candidates.toByteArray());
        return id.toString();
    }

    private void candidate(ByteArrayOutputStream bytes, String model, int verdict) {
        long id = Objects.requireNonNull(database.query("SELECT id FROM model WHERE name = ?", model)
                .getFirst()
                .number("id"));
        while (id > 127) {
            bytes.write((int) (id & 127) | 128);
            id >>>= 7;
        }
        bytes.write((int) id);
        bytes.write(verdict);
    }

    private void insert(String sql, Object... values) {
        try (Connection connection = database.connect();
                PreparedStatement insert = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                insert.setObject(i + 1, values[i]);
            }
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private JsonNode replay(String mode) {
        Instant now = Instant.now();
        return admin.get("/organizations/" + customer.slug() + "/replay?mode=" + mode + "&from="
                        + now.minusSeconds(3600) + "&to=" + now.plusSeconds(60))
                .json();
    }

    private JsonNode decision(Customer of, String id) {
        await().atMost(SOON).until(() -> get(of.key().text(), id).status() == 200);
        return get(of.key().text(), id).json();
    }

    private Answer get(String key, String id) {
        return admin.send(installation.origin().resolve("/v1/decisions/" + id), "GET", null, key);
    }
}
