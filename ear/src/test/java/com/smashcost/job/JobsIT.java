package com.smashcost.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.installation.AdminApi.Answer;
import com.smashcost.installation.Chat;
import com.smashcost.installation.Customer;
import com.smashcost.installation.Installation;
import com.smashcost.upstream.Acts;
import com.smashcost.upstream.Scene;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The jobs of the deployed product, as an operator sees them. */
class JobsIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final Installation installation = Installation.running();

    private List<JsonNode> jobs() {
        Answer answer = installation.admin().get("/jobs");
        assertThat(answer.status()).isEqualTo(200);
        return StreamSupport.stream(answer.json().path("jobs").spliterator(), false)
                .toList();
    }

    private JsonNode job(String name) {
        return jobs().stream()
                .filter(job -> job.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Answer post(String path, String body) {
        return installation.admin().post(path, body);
    }

    private long rolledUp(Customer customer) {
        return Objects.requireNonNull(installation
                .database()
                .query(
                        "SELECT COALESCE(SUM(requests), 0) AS n FROM rollup_status WHERE NOT whole_day AND organization_id = ?",
                        customer.id())
                .getFirst()
                .number("n"));
    }

    @Test
    void are_listed_and_have_run() {
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(jobs())
                    .extracting(job -> job.path("name").asText())
                    .contains("ledger-days", "reconciliation", "roll-ups");
            assertThat(jobs()).allSatisfy(job -> {
                assertThat(job.path("outcome").asText()).as(job.toString()).isEqualTo("done");
                assertThat(job.path("last_run").asText()).isNotEmpty();
                assertThat(job.path("next_run").asText()).isNotEmpty();
                assertThat(job.path("running").isBoolean()).isTrue();
            });
        });
    }

    @Test
    void run_at_once_when_an_operator_asks() {
        Answer asked = post("/jobs/reconciliation/run", "");
        assertThat(asked.status()).as(asked.toString()).isEqualTo(202);
        String before = asked.json().path("last_run").asText();

        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(job("reconciliation").path("last_run").asText())
                                .isNotEqualTo(before));
        assertThat(job("reconciliation").path("outcome").asText()).isEqualTo("done");
        assertThat(post("/jobs/nothing/run", "").status()).isEqualTo(404);
    }

    @Test
    void roll_up_what_customers_did_and_find_nothing_wrong() {
        Customer customer = installation.admin().newCustomer();
        Scene scene = installation.upstream().scene(Acts.smallTalk());
        for (int i = 0; i < 3; i++) {
            assertThat(Chat.as(customer)
                            .send(Chat.body("gpt-4o-mini", scene.marker()))
                            .status())
                    .isEqualTo(200);
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(rolledUp(customer)).isEqualTo(3));

        String today = LocalDate.now(ZoneOffset.UTC).toString();
        String tomorrow = LocalDate.now(ZoneOffset.UTC).plusDays(1).toString();
        Answer rebuilt = post("/rollups/rebuild", "{\"from\": \"%s\", \"to\": \"%s\"}".formatted(today, tomorrow));
        assertThat(rebuilt.status()).as(rebuilt.toString()).isEqualTo(202);
        await().atMost(SOON).untilAsserted(() -> assertThat(rolledUp(customer)).isEqualTo(3));
        assertThat(post("/rollups/rebuild", "{\"from\": \"2026-11-02\", \"to\": \"2026-11-01\"}")
                        .status())
                .isEqualTo(400);
        assertThat(post("/rollups/rebuild", "{}").status()).isEqualTo(400);

        assertThat(post("/rollups/proof", "").status()).isEqualTo(202);
        Answer alerts = installation.admin().get("/alerts");
        assertThat(alerts.status()).isEqualTo(200);
        assertThat(alerts.json().path("alerts").isArray()).isTrue();
        assertThat(alerts.json().path("alerts"))
                .noneMatch(alert -> alert.path("kind").asText().equals("rollup_mismatch"));
    }
}
