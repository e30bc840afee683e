package com.smashcost.provider.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.smashcost.provider.control.StubProvider.Script;
import com.smashcost.provider.control.Upstream.Patience;
import com.smashcost.provider.control.UpstreamFailure.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("G5")
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UpstreamTest {

    private static final byte[] JSON = "{\"ok\":true}".getBytes(StandardCharsets.US_ASCII);
    private static final Script ANSWER = conversation -> conversation.answer(200, "application/json", JSON);

    private final Upstream upstream = ProviderParts.upstream(Duration.ofSeconds(20), Duration.ofSeconds(20));
    private final Upstream impatient = ProviderParts.upstream(Duration.ofMillis(700), Duration.ofMillis(700));
    private final Call call = new Call();

    @AfterEach
    void close() {
        ProviderParts.close(upstream);
        ProviderParts.close(impatient);
    }

    @Test
    void posts_the_pieces_as_one_body_with_the_headers_it_was_given_and_hardly_any_other() throws Exception {
        try (StubProvider provider = new StubProvider(ANSWER)) {
            byte[] bytes = "xx{\"model\":\"m\"}yy".getBytes(StandardCharsets.US_ASCII);
            try (Answer answer = upstream.post(
                    provider.baseUrl().resolve("/v1/chat/completions?a=b"),
                    Map.of("Authorization", "Bearer k", "Accept", "application/json"),
                    List.of(new Piece(bytes, 2, 1), new Piece(bytes, 3, 12)),
                    call)) {
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.header("Content-Type")).hasValue("application/json");
                assertThat(body(answer)).isEqualTo("{\"ok\":true}");
            }
            StubProvider.Request request = provider.requests().getFirst();
            assertThat(request.text()).isEqualTo("{\"model\":\"m\"}");
            assertThat(request.head().lines().map(line -> line.split(":", 2)[0]))
                    .containsExactlyInAnyOrder(
                            "POST /v1/chat/completions?a=b HTTP/1.1",
                            "Authorization",
                            "Accept",
                            "Content-Length",
                            "Content-Type",
                            "Host",
                            "Connection",
                            "");
        }
    }

    @Test
    void keeps_a_connection_for_the_next_call_when_the_body_was_read_to_its_end() throws Exception {
        try (StubProvider provider = new StubProvider(ANSWER)) {
            for (int i = 0; i < 3; i++) {
                try (Answer answer = post(provider, new Call())) {
                    body(answer);
                }
            }
            assertThat(provider.connections()).isEqualTo(1);
        }
    }

    @Test
    void follows_no_redirect_and_remembers_no_cookie() throws Exception {
        try (StubProvider elsewhere = new StubProvider(ANSWER);
                StubProvider provider = new StubProvider(conversation -> conversation.answer(
                        307,
                        "text/plain",
                        new byte[0],
                        "Location: " + elsewhere.baseUrl(),
                        "Set-Cookie: a=b; Path=/"))) {
            for (int i = 0; i < 2; i++) {
                try (Answer answer = post(provider, new Call())) {
                    assertThat(answer.status()).isEqualTo(307);
                    body(answer);
                }
            }
            assertThat(elsewhere.requests()).isEmpty();
            assertThat(provider.requests().getLast().header("cookie")).isEmpty();
        }
    }

    @Test
    void sends_a_post_once_even_if_its_provider_closes_without_a_word() throws Exception {
        try (StubProvider provider = new StubProvider(StubProvider.Conversation::close)) {
            assertFails(provider.baseUrl(), Kind.upstream_closed_early);
            assertThat(provider.requests())
                    .as("it may have been served and billed")
                    .hasSize(1);
        }
    }

    @Test
    void sends_a_post_again_that_met_a_kept_connection_which_had_just_been_closed() throws Exception {
        try (StubProvider provider = new StubProvider(conversation -> {
            conversation.answer(200, "application/json", JSON);
            conversation.close();
        })) {
            for (int i = 0; i < 3; i++) {
                try (Answer answer = post(provider, new Call())) {
                    assertThat(body(answer)).isEqualTo("{\"ok\":true}");
                }
                Thread.sleep(100);
            }
            assertThat(provider.requests()).hasSize(3);
            assertThat(provider.connections()).isEqualTo(3);
        }
    }

    @Test
    void fails_as_unreachable_where_nobody_listens() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertFails(URI.create("http://127.0.0.1:" + port), Kind.upstream_unreachable);
        assertFails(URI.create("http://no-such-host.invalid"), Kind.upstream_unreachable);
    }

    @Test
    void fails_as_unreachable_where_the_connection_cannot_be_trusted() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket connection = plain.accept()) {
                    connection
                            .getOutputStream()
                            .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    // the test is over
                }
            });
            assertFails(URI.create("https://127.0.0.1:" + plain.getLocalPort()), Kind.upstream_unreachable);
        }
    }

    @Test
    void fails_as_too_late_if_the_head_does_not_come() throws Exception {
        try (StubProvider provider = new StubProvider(StubProvider.Conversation::hang)) {
            long before = System.nanoTime();
            assertFails(impatient, provider.baseUrl(), Kind.upstream_timeout);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
            assertThat(provider.awaitHangUp(Duration.ofSeconds(2))).isTrue();
            assertThat(provider.requests()).hasSize(1);
        }
    }

    @Test
    void fails_as_broken_off_if_the_connection_is_reset() throws Exception {
        try (StubProvider provider = new StubProvider(StubProvider.Conversation::reset)) {
            assertFails(provider.baseUrl(), Kind.upstream_closed_early);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH\r\nSSH\r\nSSH\r\nSSH\r\nSSH\r\nSSH\r\nSSH\r\nSSH\r\nSSH\r\nSSH\r\nSSH\r\nSSH\r\n",
                "HTTP/9.9 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: foo\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n"
            })
    void fails_as_no_answer_if_it_is_not_http(String garbage) throws Exception {
        try (StubProvider provider = new StubProvider(conversation -> {
            conversation.raw(garbage);
            conversation.close();
        })) {
            assertFails(provider.baseUrl(), Kind.upstream_invalid_response);
        }
    }

    @Test
    void tells_apart_how_a_body_ends_too_early() throws Exception {
        Map<Script, Kind> scripts = Map.of(
                conversation -> {
                    conversation.beginStream();
                    conversation.chunk("a");
                    conversation.hang();
                },
                Kind.upstream_timeout,
                conversation -> {
                    conversation.beginStream();
                    conversation.chunk("a");
                    conversation.close();
                },
                Kind.upstream_closed_early,
                conversation -> {
                    conversation.beginStream();
                    conversation.raw("zz\r\nno chunk");
                    conversation.close();
                },
                Kind.upstream_closed_early,
                conversation -> {
                    conversation.raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
                    conversation.close();
                },
                Kind.upstream_closed_early);
        for (Map.Entry<Script, Kind> script : scripts.entrySet()) {
            try (StubProvider provider = new StubProvider(script.getKey())) {
                Call failing = new Call();
                try (Answer answer = post(impatient, provider, failing)) {
                    assertThatExceptionOfType(IOException.class)
                            .isThrownBy(() -> body(answer))
                            .satisfies(
                                    e -> assertThat(Upstream.failure(failing, e).kind())
                                            .isEqualTo(script.getValue()));
                }
            }
        }
    }

    @Test
    void does_not_blame_the_provider_for_a_pause_of_its_reader() throws Exception {
        try (StubProvider provider = new StubProvider(conversation -> {
            conversation.beginStream();
            conversation.chunk("a");
            conversation.chunk("b".repeat(20_000_000));
            conversation.endStream();
        })) {
            try (Answer answer = post(impatient, provider, call)) {
                byte[] one = new byte[1];
                assertThat(answer.read(one)).isEqualTo(1);
                Thread.sleep(1_500);
                assertThat(body(answer)).hasSize(20_000_000);
            }
        }
    }

    @Test
    void ends_a_call_that_nobody_waits_for_before_its_answer() throws Exception {
        try (StubProvider provider = new StubProvider(StubProvider.Conversation::hang)) {
            cancelSoon();
            assertFails(provider.baseUrl(), Kind.client_closed);
            assertThat(provider.awaitHangUp(Duration.ofSeconds(3))).isTrue();
        }
    }

    @Test
    void ends_a_call_that_nobody_waits_for_in_the_middle_of_its_answer() throws Exception {
        try (StubProvider provider = new StubProvider(conversation -> {
            conversation.beginStream();
            conversation.chunk("a");
            conversation.hang();
        })) {
            try (Answer answer = post(provider, call)) {
                cancelSoon();
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> body(answer))
                        .satisfies(e ->
                                assertThat(Upstream.failure(call, e).kind()).isEqualTo(Kind.client_closed));
            }
            assertThat(provider.awaitHangUp(Duration.ofSeconds(3))).isTrue();
        }
    }

    @Test
    void never_starts_a_call_that_was_ended_before() throws Exception {
        try (StubProvider provider = new StubProvider(ANSWER)) {
            call.cancel(Call.End.CLIENT_GONE);
            call.cancel(Call.End.TIMED_OUT);
            assertThat(call.end()).as("the first reason stands").isEqualTo(Call.End.CLIENT_GONE);
            assertFails(provider.baseUrl(), Kind.client_closed);
            assertThat(provider.requests()).isEmpty();
        }
    }

    @Test
    void makes_a_call_again_after_a_provider_took_too_long() throws Exception {
        try (StubProvider silent = new StubProvider(conversation -> conversation.hang());
                StubProvider provider = new StubProvider(ANSWER)) {
            assertFails(impatient, silent.baseUrl(), Kind.upstream_timeout);
            assertThat(call.renew()).isTrue();
            try (Answer answer = post(impatient, provider, call)) {
                assertThat(body(answer)).isEqualTo("{\"ok\":true}");
            }
        }
    }

    @Test
    void makes_no_call_again_for_a_client_that_left_meanwhile() throws Exception {
        try (StubProvider silent = new StubProvider(conversation -> conversation.hang())) {
            assertFails(impatient, silent.baseUrl(), Kind.upstream_timeout);
            call.cancel(Call.End.CLIENT_GONE);

            assertThat(call.isAbandoned()).isTrue();
            assertThat(call.rest(Duration.ofSeconds(20)))
                    .as("and does not wait before")
                    .isFalse();
            assertThat(call.renew()).isFalse();
        }
    }

    @Test
    void gives_all_attempts_together_one_time() throws Exception {
        Upstream hurried = new Upstream(new Patience(
                Duration.ofSeconds(2), Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(1)));
        hurried.open();
        try (StubProvider provider = new StubProvider(each(ANSWER, conversation -> conversation.hang()))) {
            post(hurried, provider, call).close();
            assertThat(call.renew()).isTrue();
            assertThat(call.rest(Duration.ofMillis(600))).isTrue();
            long before = System.nanoTime();
            assertFails(hurried, provider.baseUrl(), Kind.upstream_timeout);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(950));
            assertThat(call.renew()).isFalse();
        } finally {
            ProviderParts.close(hurried);
        }
    }

    @Test
    void lets_go_at_once_of_an_answer_that_is_not_read_to_its_end() throws Exception {
        try (StubProvider provider = new StubProvider(conversation -> {
            conversation.beginStream();
            while (true) {
                conversation.chunk("x".repeat(10_000));
            }
        })) {
            Answer answer = post(provider, call);
            assertThat(answer.read(new byte[10])).isPositive();
            long before = System.nanoTime();
            answer.close();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
            assertThat(provider.awaitHangUp(Duration.ofSeconds(3))).isTrue();
        }
    }

    private void assertFails(URI baseUrl, Kind kind) {
        assertFails(upstream, baseUrl, kind);
    }

    private void assertFails(Upstream upstream, URI baseUrl, Kind kind) {
        assertThatExceptionOfType(UpstreamFailure.class)
                .isThrownBy(() -> upstream.post(baseUrl, Map.of(), body(), call))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(kind))
                .withNoCause();
    }

    private Answer post(StubProvider provider, Call call) throws UpstreamFailure {
        return post(upstream, provider, call);
    }

    private static Answer post(Upstream upstream, StubProvider provider, Call call) throws UpstreamFailure {
        return upstream.post(provider.baseUrl(), Map.of("Accept", "*/*"), body(), call);
    }

    private static Script each(Script first, Script then) {
        AtomicBoolean played = new AtomicBoolean();
        return conversation -> (played.getAndSet(true) ? then : first).play(conversation);
    }

    private void cancelSoon() {
        CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS).execute(() -> call.cancel(Call.End.CLIENT_GONE));
    }

    private static List<Piece> body() {
        return List.of(new Piece(JSON, 0, JSON.length));
    }

    private static String body(Answer answer) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        byte[] buffer = new byte[10_000];
        for (int count = answer.read(buffer); count >= 0; count = answer.read(buffer)) {
            whole.write(buffer, 0, count);
        }
        return whole.toString(StandardCharsets.US_ASCII);
    }
}
