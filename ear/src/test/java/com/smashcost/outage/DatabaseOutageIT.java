package com.smashcost.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.smashcost.access.control.KeyText;
import com.smashcost.installation.Chat;
import com.smashcost.installation.Customer;
import com.smashcost.installation.Database.Row;
import com.smashcost.installation.Installation;
import com.smashcost.installation.Promptly;
import com.smashcost.upstream.Acts;
import com.smashcost.upstream.Scene;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The database stands still for some seconds, and the gateway does not. */
@Tag("outage")
class DatabaseOutageIT {

    private static final Duration OUTAGE = Duration.ofSeconds(9);

    private final Installation installation = Installation.running();

    @Test
    @Tag("G28")
    void serves_known_keys_and_brings_every_row_after_the_return() throws Exception {
        Customer customer = installation.admin().newCustomer();
        Scene scene = installation.upstream().scene(Acts.smallTalk());
        String body = Chat.body("gpt-4o-mini", scene.marker());
        String strange = KeyText.mint().reveal();
        Promptly.within(
                Duration.ofSeconds(2),
                () -> assertThat(Chat.as(customer).send(body).status()).isEqualTo(200));
        assertThat(Chat.with(strange).send(body).status()).isEqualTo(401);
        int before = scene.requests().size();

        List<String> ids = new ArrayList<>();
        signal("STOP");
        try {
            long end = System.nanoTime() + OUTAGE.toNanos();
            while (System.nanoTime() < end) {
                long asked = System.nanoTime();
                Chat.Answer answer = Chat.as(customer).send(body);
                assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
                assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(3));
                ids.add(answer.requestId());
                await().pollDelay(Duration.ofMillis(50)).until(() -> true);
            }
            Chat.Answer unknown = Chat.with(strange).send(body);
            assertThat(unknown.status()).as(unknown.toString()).isEqualTo(503);
            assertThat(unknown.header("Retry-After")).isPresent();
            assertThat(Chat.with("sc_malformed").send(body).status()).isEqualTo(401);
            for (String health : List.of("/health/live", "/health/ready")) {
                assertThat(installation
                                .admin()
                                .send(installation.adminOrigin().resolve(health), "GET", null, "")
                                .status())
                        .as(health)
                        .isEqualTo(200);
            }
        } finally {
            signal("CONT");
        }

        assertThat(scene.requests()).hasSize(before + ids.size());
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(installation.database().requestsOf(customer))
                        .extracting(Row::requestId)
                        .containsAll(ids)
                        .hasSize(before + ids.size())
                        .doesNotHaveDuplicates());
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(Chat.with(strange).send(body).status()).isEqualTo(401));
        // changes act again
        Customer later = installation.admin().newCustomer();
        Promptly.within(
                Duration.ofSeconds(2),
                () -> assertThat(Chat.as(later).send(body).status()).isEqualTo(200));
    }

    private void signal(String name) throws IOException, InterruptedException {
        long pid = installation.process("MariaDB").pid();
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }
}
