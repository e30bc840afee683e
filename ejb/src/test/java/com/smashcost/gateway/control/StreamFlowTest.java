package com.smashcost.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.smashcost.ledger.entity.LedgerEntry;
import com.smashcost.ledger.entity.LedgerEntry.Tags;
import com.smashcost.provider.control.Recordings;
import com.smashcost.provider.control.StubProvider.Script;
import com.smashcost.provider.entity.Usage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("G40")
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StreamFlowTest {

    private static final String BODY = "{\"model\":\"gpt-4o\",\"stream\":true,\"messages\":[]}";
    private static final String TEXT = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n";
    private static final String FINISH =
            "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    private static final String USAGE =
            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":20}}\n\n";
    private static final String DONE = "data: [DONE]\n\n";
    private static final Usage USED = new Usage(10L, null, null, null, 20L, null, null, null);

    private final ByteArrayOutputStream client = new ByteArrayOutputStream();

    @Test
    void passes_the_stream_on_without_the_usage_that_only_the_gateway_asked_for() throws Exception {
        try (Scene scene = new Scene(conversation -> conversation.stream(TEXT + FINISH + USAGE + DONE))) {
            flow(scene, BODY).to(client);
            assertThat(sent()).isEqualTo(TEXT + FINISH + DONE);
            assertThat(scene.provider.requests().getFirst().text())
                    .isEqualTo(
                            "{\"stream_options\":{\"include_usage\":true},\"model\":\"gpt-4o\",\"stream\":true,\"messages\":[]}");
            assertThat(scene.provider.requests().getFirst().header("accept")).hasValue("text/event-stream");
            LedgerEntry row = assertRow(scene, null, USED);
            assertThat(row.streamed()).isTrue();
            assertThat(row.metered().cost()).isEqualByComparingTo("0.000225");
            assertThat(row.outcome().firstToken()).isPositive();
        }
    }

    @Test
    void leaves_the_usage_in_that_the_client_asked_for() throws Exception {
        String body = "{\"model\":\"gpt-4o\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}";
        try (Scene scene = new Scene(conversation -> conversation.stream(TEXT + FINISH + USAGE + DONE))) {
            flow(scene, body).to(client);
            assertThat(sent()).isEqualTo(TEXT + FINISH + USAGE + DONE);
            assertThat(scene.provider.requests().getFirst().text()).isEqualTo(body);
            assertRow(scene, null, USED);
        }
    }

    @Test
    void says_in_its_head_that_it_is_not_to_be_held_back() throws Exception {
        try (Scene scene = new Scene(conversation -> conversation.stream(TEXT + FINISH + USAGE + DONE))) {
            Reply reply = scene.chat(BODY);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.headers())
                    .containsEntry("content-type", "text/event-stream")
                    .containsEntry("Cache-Control", "no-cache")
                    .containsEntry("X-Accel-Buffering", "no")
                    .doesNotContainKey("X-SmashCost-Cost-USD")
                    .doesNotContainKey("content-length");
            ((Reply.Live) reply).flow().abandon();
        }
    }

    @Test
    void serves_every_recorded_stream() throws Exception {
        for (Recordings.Streamed recorded : Recordings.streams()) {
            try (Scene scene = new Scene(conversation -> {
                conversation.beginStream();
                byte[] bytes = recorded.bytes();
                for (int from = 0; from < bytes.length; from += 1_337) {
                    conversation.chunk(Arrays.copyOfRange(bytes, from, Math.min(from + 1_337, bytes.length)));
                }
                conversation.endStream();
            })) {
                client.reset();
                flow(scene, BODY).to(client);
                boolean failed = new String(recorded.bytes(), StandardCharsets.UTF_8).contains("event: error");
                assertThat(scene.row().outcome().errorClass())
                        .as(recorded.name())
                        .isEqualTo(failed ? "upstream_error" : null);
                assertThat(sent().endsWith(DONE)).as(recorded.name()).isEqualTo(!failed);
            }
        }
    }

    @Test
    void passes_each_event_on_before_the_next_one_comes() throws Exception {
        CompletableFuture<Void> received = new CompletableFuture<>();
        try (Scene scene = new Scene(conversation -> {
            conversation.beginStream();
            conversation.chunk(TEXT);
            received.orTimeout(5, TimeUnit.SECONDS).join();
            conversation.chunk(FINISH + USAGE + DONE);
            conversation.endStream();
        })) {
            flow(scene, BODY).to(new OutputStream() {
                @Override
                public void write(int b) {
                    client.write(b);
                }

                @Override
                public void flush() {
                    if (sent().equals(TEXT)) {
                        received.complete(null);
                    }
                }
            });
            assertThat(sent()).isEqualTo(TEXT + FINISH + DONE);
        }
    }

    @Test
    void has_its_row_written_before_the_client_sees_the_end_mark() throws Exception {
        try (Scene scene = new Scene(conversation -> conversation.stream(TEXT + FINISH + USAGE + DONE))) {
            int[] rowsAtTheEnd = {-1};
            flow(scene, BODY).to(new OutputStream() {
                @Override
                public void write(int b) {
                    client.write(b);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) {
                    if (new String(bytes, offset, length, StandardCharsets.US_ASCII).contains("[DONE]")) {
                        rowsAtTheEnd[0] = scene.ledger.rows().size();
                    }
                    client.write(bytes, offset, length);
                }
            });
            assertThat(rowsAtTheEnd[0]).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                TEXT,
                TEXT + "data: {\"choices\":[{\"index\":0,\"de",
                TEXT + "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"b\"}}]}",
                TEXT + "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"b\"}}]}\n",
                TEXT + "event: err",
                TEXT + ": keep-al"
            })
    void ends_in_an_error_when_the_provider_ends_too_early(String beginning) throws Exception {
        try (Scene scene = new Scene(conversation -> conversation.stream(beginning))) {
            flow(scene, BODY).to(client);
            assertEndsInError("upstream_closed_early");
            assertEstimated(scene, "upstream_closed_early");
        }
    }

    @Test
    void ends_in_an_error_when_the_connection_breaks() throws Exception {
        for (Script script : new Script[] {
            conversation -> {
                conversation.beginStream();
                conversation.chunk(TEXT + "data: {\"cho");
                conversation.close();
            },
            conversation -> {
                conversation.beginStream();
                conversation.chunk(TEXT);
                conversation.raw("zz\r\n");
                conversation.close();
            },
            conversation -> {
                conversation.beginStream();
                conversation.chunk(TEXT);
                conversation.pause(Duration.ofMillis(100));
                conversation.reset();
            }
        }) {
            try (Scene scene = new Scene(script)) {
                client.reset();
                flow(scene, BODY).to(client);
                assertEndsInError("upstream_closed_early");
                assertEstimated(scene, "upstream_closed_early");
            }
        }
    }

    @Test
    void ends_in_an_error_when_the_provider_pauses_too_long() throws Exception {
        try (Scene scene = Scene.impatient(conversation -> {
            conversation.beginStream();
            conversation.chunk(TEXT + USAGE);
            conversation.hang();
        })) {
            flow(scene, BODY).to(client);
            assertEndsInError("upstream_timeout");
            assertRow(scene, "upstream_timeout", USED);
            assertThat(scene.provider.awaitHangUp(Duration.ofSeconds(3))).isTrue();
        }
    }

    @Test
    void passes_on_an_error_of_the_provider_and_never_ends_as_if_it_had_ended_well() throws Exception {
        String error = "event: error\ndata: {\"error\":{\"message\":\"No.\",\"code\":\"tool_use_failed\"}}\n\n";
        try (Scene scene = new Scene(conversation -> conversation.stream(TEXT + error))) {
            flow(scene, BODY).to(client);
            assertThat(sent()).isEqualTo(TEXT + error);
            assertEstimated(scene, "upstream_error");
        }
    }

    @Test
    void lets_the_client_see_an_error_that_was_the_last_the_provider_said() throws Exception {
        String error = "data: {\"error\":{\"message\":\"No.\"}}";
        try (Scene scene = new Scene(conversation -> conversation.stream(TEXT + error))) {
            flow(scene, BODY).to(client);
            assertThat(sent()).isEqualTo(TEXT + error + "\n\n");
        }
    }

    @Test
    void ends_well_with_an_end_mark_that_was_cut_short() throws Exception {
        try (Scene scene = new Scene(conversation -> conversation.stream(TEXT + FINISH + USAGE + "data: [DONE]"))) {
            flow(scene, BODY).to(client);
            assertThat(sent()).isEqualTo(TEXT + FINISH + "data: [DONE]");
            assertRow(scene, null, USED);
        }
    }

    @Test
    void ends_with_the_client_s_connection_and_not_with_the_provider_s() throws Exception {
        try (Scene scene = new Scene(conversation -> {
            conversation.beginStream();
            conversation.chunk(TEXT + FINISH + USAGE + DONE);
            conversation.hang();
        })) {
            long before = System.nanoTime();
            flow(scene, BODY).to(client);
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .as("the client waits for the end of the body")
                    .isLessThan(Duration.ofSeconds(8));
            assertRow(scene, null, USED);
        }
    }

    @Test
    void leaves_the_connection_to_the_next_request() throws Exception {
        try (Scene scene = new Scene(conversation -> conversation.stream(TEXT + FINISH + USAGE + DONE))) {
            for (int i = 0; i < 3; i++) {
                flow(scene, BODY).to(client);
                Thread.sleep(50);
            }
            assertThat(scene.provider.connections()).isEqualTo(1);
        }
    }

    @Test
    void ends_the_call_and_keeps_one_row_when_writing_to_the_client_fails() throws Exception {
        try (Scene scene = new Scene(endless())) {
            Reply.Flow flow = flow(scene, BODY);
            int[] writes = {0};
            OutputStream gone = new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    throw new IOException("broken pipe");
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    if (++writes[0] > 3) {
                        throw new IOException("broken pipe");
                    }
                }
            };
            assertThatCode(() -> flow.to(gone)).isInstanceOf(IOException.class);
            flow.abandon();
            assertEstimated(scene, "client_closed");
            assertThat(scene.provider.awaitHangUp(Duration.ofSeconds(3))).isTrue();
        }
    }

    @Test
    void keeps_the_usage_that_came_before_the_client_left() throws Exception {
        try (Scene scene = new Scene(conversation -> {
            conversation.beginStream();
            conversation.chunk(USAGE);
            conversation.chunk(TEXT);
            conversation.hang();
        })) {
            Reply.Flow flow = flow(scene, BODY);
            OutputStream gone = new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    throw new IOException("broken pipe");
                }
            };
            assertThatCode(() -> flow.to(gone)).isInstanceOf(IOException.class);
            assertRow(scene, "client_closed", USED);
        }
    }

    @Test
    void ends_the_call_and_keeps_one_row_when_the_client_leaves_in_a_pause() throws Exception {
        try (Scene scene = new Scene(conversation -> {
            conversation.beginStream();
            conversation.chunk(TEXT);
            conversation.hang();
        })) {
            Exchange exchange = new Exchange(Tags.NONE);
            Reply.Flow flow = ((Reply.Live) scene.chat(BODY, exchange)).flow();
            CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS).execute(exchange::hangUp);
            flow.to(client);
            flow.abandon();
            assertThat(sent()).isEqualTo(TEXT);
            assertEstimated(scene, "client_closed");
            assertThat(scene.provider.awaitHangUp(Duration.ofSeconds(3))).isTrue();
        }
    }

    @Test
    void keeps_a_row_of_a_stream_that_was_never_asked_for() throws Exception {
        try (Scene scene = new Scene(endless())) {
            Reply.Flow flow = flow(scene, BODY);
            flow.abandon();
            flow.abandon();
            assertEstimated(scene, "client_closed");
            assertThat(scene.provider.awaitHangUp(Duration.ofSeconds(3))).isTrue();
        }
    }

    @Test
    void does_not_blame_the_provider_when_the_client_reads_slowly() throws Exception {
        String more = TEXT.replace("\"a\"", "\"" + "a".repeat(100_000) + "\"");
        try (Scene scene = Scene.impatient(conversation -> {
            conversation.beginStream();
            for (int i = 0; i < 200; i++) {
                conversation.chunk(more);
            }
            conversation.chunk(FINISH + USAGE + DONE);
            conversation.endStream();
        })) {
            boolean[] slept = {false};
            flow(scene, BODY).to(new OutputStream() {
                @Override
                public void write(int b) {
                    client.write(b);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) {
                    if (!slept[0]) {
                        slept[0] = true;
                        pause(1_500);
                    }
                    client.write(bytes, offset, length);
                }
            });
            assertThat(sent()).endsWith(FINISH + DONE);
            assertRow(scene, null, USED);
        }
    }

    @Test
    void answers_whole_when_the_provider_does_not_stream() throws Exception {
        String answer = "{\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":20}}";
        try (Scene scene = new Scene(conversation ->
                conversation.answer(200, "application/json", answer.getBytes(StandardCharsets.UTF_8)))) {
            Reply reply = scene.chat(BODY);
            assertThat(reply)
                    .isInstanceOfSatisfying(
                            Reply.Whole.class,
                            whole -> assertThat(new String(whole.body(), StandardCharsets.UTF_8))
                                    .isEqualTo(answer));
            assertRow(scene, null, USED);
        }
    }

    @Test
    void serves_many_streams_at_once_with_one_row_each() throws Exception {
        Script script = conversation -> conversation.stream(TEXT + FINISH + USAGE + DONE);
        try (Scene scene = new Scene(script)) {
            CompletableFuture<?>[] clients = new CompletableFuture<?>[100];
            for (int i = 0; i < clients.length; i++) {
                clients[i] = new CompletableFuture<>();
                CompletableFuture<?> done = clients[i];
                Thread.ofVirtual().start(() -> {
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    try {
                        flow(scene, BODY).to(out);
                        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(TEXT + FINISH + DONE);
                        done.complete(null);
                    } catch (IOException | RuntimeException | AssertionError e) {
                        done.completeExceptionally(e);
                    }
                });
            }
            CompletableFuture.allOf(clients).join();
            assertThat(scene.ledger.rows().stream().map(LedgerEntry::id).distinct())
                    .hasSize(100);
            assertThat(scene.ledger.rows())
                    .hasSize(100)
                    .allMatch(row -> row.outcome().errorClass() == null);
        }
    }

    private static Script endless() {
        return conversation -> {
            conversation.beginStream();
            while (true) {
                conversation.chunk(TEXT);
            }
        };
    }

    private static Reply.Flow flow(Scene scene, String body) {
        return ((Reply.Live) scene.chat(body)).flow();
    }

    private static LedgerEntry assertRow(Scene scene, @Nullable String errorClass, Usage usage) {
        LedgerEntry row = scene.row();
        assertThat(row.outcome().errorClass()).isEqualTo(errorClass);
        assertThat(row.outcome().status()).isEqualTo(200);
        assertThat(row.metered().usage()).isEqualTo(usage);
        return row;
    }

    /** Nothing was reported, so the row holds our estimate of what was asked and heard, and says so; NULL if nothing was heard. */
    private static LedgerEntry assertEstimated(Scene scene, String errorClass) {
        LedgerEntry row = scene.row();
        assertThat(row.outcome().errorClass()).isEqualTo(errorClass);
        assertThat(row.outcome().status()).isEqualTo(200);
        if (row.outcome().firstToken() == null) {
            assertThat(row.metered().usage()).isEqualTo(Usage.UNKNOWN);
            assertThat(row.metered().cost()).isNull();
        } else {
            assertThat(row.metered().estimated()).isTrue();
            assertThat(row.metered().usage().input()).isNotNull();
            assertThat(row.metered().usage().output()).isPositive();
            assertThat(row.metered().cost()).isPositive();
        }
        return row;
    }

    /** The client sees whole events, the last of them our error, and no end mark. */
    private void assertEndsInError(String code) {
        assertThat(sent()).doesNotContain("[DONE]").endsWith("\n\n");
        List<String> events = Pattern.compile("\n{2,}").splitAsStream(sent()).toList();
        for (String event : events) {
            if (event.startsWith("data: ")) {
                assertThatCode(() -> Recordings.json(event.substring(6).getBytes(StandardCharsets.UTF_8)))
                        .as(event)
                        .doesNotThrowAnyException();
            }
        }
        assertThat(events.getLast()).startsWith("data: {\"error\":{").contains("\"code\":\"" + code + "\"");
    }

    private String sent() {
        return client.toString(StandardCharsets.UTF_8);
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
