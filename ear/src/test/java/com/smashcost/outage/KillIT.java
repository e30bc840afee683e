package com.smashcost.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.smashcost.installation.Chat;
import com.smashcost.installation.Customer;
import com.smashcost.installation.Database.Row;
import com.smashcost.installation.Installation;
import com.smashcost.upstream.Acts;
import com.smashcost.upstream.Received;
import com.smashcost.upstream.Scene;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The clients' memory of what they were answered, compared with the ledger of a server that was killed meanwhile. */
@Tag("outage")
class KillIT {

    private static final int REQUESTS = 100;
    private static final int WORDS = 12;

    private final Installation installation = Installation.running();

    /** What the client of one request remembers. */
    private static final class Memory {
        private final int number;
        private final boolean streamed;
        private volatile @Nullable String requestId;
        private volatile boolean complete;

        Memory(int number) {
            this.number = number;
            this.streamed = number % 2 == 0;
        }
    }

    @Test
    @Tag("G28")
    @Tag("G40")
    void loses_and_doubles_no_row_when_the_server_is_killed() throws Exception {
        Customer customer = installation.admin().newCustomer();
        Scene scene = installation.upstream().scene(Acts.smallTalk(WORDS, Duration.ofMillis(40)));
        List<Memory> memories = new ArrayList<>();
        CountDownLatch half = new CountDownLatch(REQUESTS / 2);

        try (ExecutorService clients = Executors.newFixedThreadPool(20)) {
            for (int i = 0; i < REQUESTS; i++) {
                Memory memory = new Memory(i);
                memories.add(memory);
                clients.execute(() -> {
                    send(customer, scene, memory);
                    half.countDown();
                });
            }
            assertThat(half.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(installation.process("Payara").destroyForcibly()).isTrue();
        }
        installation.awaitEnd();
        Set<Integer> reached =
                scene.requests().stream().map(KillIT::number).collect(Collectors.toCollection(HashSet::new));
        List<Memory> complete =
                memories.stream().filter(memory -> memory.complete).toList();
        assertThat(complete).as("it was killed in the middle").hasSizeBetween(REQUESTS / 2, REQUESTS - 1);
        assertThat(reached).as("some were under way").hasSizeGreaterThan(complete.size());

        installation.start();

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(numbers(customer)).containsAll(reached));
        assertThat(numbers(customer)).as("no row twice").doesNotHaveDuplicates();
        List<Row> rows = installation.database().requestsOf(customer);
        for (Memory memory : memories) {
            List<Row> own =
                    rows.stream().filter(row -> number(row) == memory.number).toList();
            if (memory.complete) {
                assertThat(own).singleElement().satisfies(row -> {
                    assertThat(row.requestId()).isEqualTo(memory.requestId);
                    assertThat(row.number("status")).isEqualTo(200);
                    assertThat(row.text("error_class")).isNull();
                    assertThat(row.number("output_tokens")).isEqualTo(WORDS);
                    assertThat(row.flag("streamed")).isEqualTo(memory.streamed);
                    assertThat(row.decimal("cost_usd")).isNotNull();
                });
            } else if (memory.requestId != null) {
                assertThat(own)
                        .singleElement()
                        .satisfies(row -> assertThat(row.requestId()).isEqualTo(memory.requestId));
            } else if (reached.contains(memory.number)) {
                assertThat(own).hasSize(1);
            } else {
                // killed between its intent and its call, or never there
                assertThat(own).hasSizeLessThanOrEqualTo(1);
            }
        }
        assertThat(Chat.as(customer).send(Chat.body("gpt-4o-mini", "hello")).status())
                .isEqualTo(200);
    }

    private static void send(Customer customer, Scene scene, Memory memory) {
        String message = scene.marker() + " #" + memory.number + "#";
        Chat chat = Chat.as(customer, "X-SmashCost-Tag-Feature", "number-" + memory.number);
        try {
            HttpResponse<InputStream> response = chat.open(
                    memory.streamed ? Chat.stream("gpt-4o-mini", message) : Chat.body("gpt-4o-mini", message));
            memory.requestId =
                    response.headers().firstValue("X-SmashCost-Request-Id").orElse(null);
            try (InputStream in = response.body()) {
                String body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                memory.complete =
                        response.statusCode() == 200 && (!memory.streamed || body.endsWith("data: [DONE]\n\n"));
            }
        } catch (IOException | UncheckedIOException e) {
            // the server is dead
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Integer> numbers(Customer customer) {
        return installation.database().requestsOf(customer).stream()
                .map(KillIT::number)
                .toList();
    }

    private static int number(Row row) {
        String tag = row.text("tag_feature");
        return tag == null ? -1 : Integer.parseInt(tag.substring("number-".length()));
    }

    private static int number(Received request) {
        return Integer.parseInt(request.text().split("#", 3)[1]);
    }
}
