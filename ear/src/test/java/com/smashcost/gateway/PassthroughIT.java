package com.smashcost.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.installation.Chat;
import com.smashcost.installation.Customer;
import com.smashcost.installation.Installation;
import com.smashcost.upstream.Act;
import com.smashcost.upstream.Acts;
import com.smashcost.upstream.Received;
import com.smashcost.upstream.Recording;
import com.smashcost.upstream.Scene;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes out is what came in: bytes, and nothing of ours but the organisation's credential. */
@Tag("G31")
class PassthroughIT {

    private static final Customer CUSTOMER = Installation.running().admin().newCustomer();
    private static final String STREAM = "openai/chat-completions/tool-call-usage-only-chunk-system.gpt-4o.stream";

    private final Installation installation = Installation.running();

    static Stream<String> bodies() {
        return Stream.of(
                """
                {"model":"gpt-4o-mini","messages":[{"role":"user","content":"%s"}]}""",
                "  {\r\n\t\"messages\" : [ ] ,\n\n \"model\"\t:\"gpt-4o-mini\" , \"user\" : \"%s\"  }\r\n ",
                "{\"user\":\"%s\",\"model\":\"gpt-4o-mini\",\"é\":\"naïve – 日本語 \uD83D\uDE00\",\"escaped\":\"\\u00e9\\ud83d\\ude00\\/\"}",
                "{\"user\":\"%s\",\"model\":\"gpt-4o-mini\",\"temperature\":1.0e-0,\"seed\":-0,\"big\":123456789012345678901234567890}",
                "{\"user\":\"%s\",\"model\":\"gpt-4o-mini\",\"stream\":false,\"stream_options\":null,\"x\":{\"model\":\"other\",\"stream\":true}}",
                "{\"mod\\u0065l\":\"gpt-4o-mini\",\"user\":\"%s\",\"unknown_field\":{\"deep\":[[[{}]]]}}",
                "{\"user\":\"%s\",\"model\":\"gpt-4o-mini\",\"stream\":true,\"stream_options\":{\"include_usage\":true},\"n\":1}",
                "{\"user\":\"%s\",\"model\":\"openai\\/gpt-oss-120b\",\"messages\":[]}");
    }

    @ParameterizedTest
    @MethodSource("bodies")
    @Tag("G5")
    void sends_the_very_bytes_of_the_client(String body) {
        Scene scene = installation.upstream().scene(Acts.smallTalk());
        byte[] sent = body.replace("%s", scene.marker()).getBytes(UTF_8);

        Chat.Answer answer = Chat.as(CUSTOMER).send(sent);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(scene.request().body()).isEqualTo(sent);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"gpt-4o\",\"stream\":true,\"user\":\"%s\"}",
                " { \"stream\" : true , \"model\" : \"gpt-4o\",\"user\":\"%s\" }",
                "{\"model\":\"gpt-4o\",\"stream_options\":{},\"stream\":true,\"user\":\"%s\"}",
                "{\"model\":\"gpt-4o\",\"stream_options\":{\"include_obfuscation\":false},\"stream\":true,\"user\":\"%s\"}",
                "{\"model\":\"gpt-4o\",\"stream_options\":{ \"include_usage\" : false },\"stream\":true,\"user\":\"%s\"}",
                "{\"model\":\"gpt-4o\",\"stream_options\": null ,\"stream\":true,\"user\":\"%s\"}"
            })
    void asks_for_the_usage_of_a_stream_by_one_splice_and_keeps_it_from_the_client(String body) {
        Recording recording = Recording.of(STREAM);
        Scene scene = installation.upstream().scene(Acts.replay(recording));
        String sent = body.replace("%s", scene.marker());

        Chat.Answer answer = Chat.as(CUSTOMER).send(sent);

        Received received = scene.request();
        assertThat(received.json().at("/stream_options/include_usage").asBoolean())
                .isTrue();
        ObjectNode restored = received.json().deepCopy();
        ObjectNode expected =
                new Received("", "", List.of(), sent.getBytes(UTF_8)).json().deepCopy();
        restored.remove("stream_options");
        expected.remove("stream_options");
        assertThat(restored).isEqualTo(expected);
        assertThat(isOneSplice(sent, received.text()))
                .as("%s is %s with one splice", received.text(), sent)
                .isTrue();

        List<byte[]> events = recording.events().stream()
                .filter(event -> !isUsageChunk(event))
                .toList();
        assertThat(events).hasSize(recording.events().size() - 1);
        assertThat(answer.body()).isEqualTo(joined(events));
    }

    @Test
    void shows_the_usage_chunk_to_the_client_that_asked_for_it() {
        Recording recording = Recording.of(STREAM);
        Scene scene = installation.upstream().scene(Acts.replay(recording));

        Chat.Answer answer = Chat.as(CUSTOMER).send("""
                {"model":"gpt-4o","stream":true,"stream_options":{"include_usage":true},"user":"%s"}""".formatted(scene.marker()));

        assertThat(answer.body()).isEqualTo(recording.body());
    }

    static Stream<String> recordings() throws URISyntaxException {
        Path root = Path.of(Objects.requireNonNull(PassthroughIT.class.getResource("/wire/recorded"))
                .toURI());
        try (Stream<Path> files = Files.walk(root)) {
            return files
                    .map(file -> root.relativize(file).toString())
                    .filter(name -> name.matches("(openai|groq)/chat-completions/.*\\.json"))
                    .map(name -> name.substring(0, name.length() - ".json".length()))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void brings_every_recorded_exchange_through_unchanged(String name) {
        Recording recording = Recording.of(name);
        Scene scene = installation.upstream().scene(Acts.replay(recording));
        ObjectNode request = recording.request().deepCopy();
        request.put("user", scene.marker());
        boolean stream = request.path("stream").asBoolean();
        boolean asksForUsage = request.at("/stream_options/include_usage").asBoolean();

        Chat.Answer answer = Chat.as(CUSTOMER).send(request.toString());

        byte[] expected = stream && recording.status() == 200 && !asksForUsage
                ? joined(recording.events().stream()
                        .filter(event -> !isUsageChunk(event))
                        .toList())
                : recording.body();
        assertThat(answer.status()).isEqualTo(recording.status());
        assertThat(answer.text()).isEqualTo(new String(expected, UTF_8));
        assertThat(Objects.requireNonNull(recording.headers().get("content-type")))
                .startsWith(answer.mediaType());
        assertThat(answer.header("x-request-id").orElse(null))
                .isEqualTo(recording.headers().get("x-request-id"));
        if (!stream || asksForUsage) {
            assertThat(scene.request().text()).isEqualTo(request.toString());
        }
    }

    @Test
    @Tag("G5")
    void sends_the_organizations_credential_and_nothing_of_ours() {
        Scene scene = installation.upstream().scene(Acts.smallTalk());

        Chat.Answer answer = Chat.as(
                        CUSTOMER,
                        "X-SmashCost-Tag-Customer",
                        "tag-of-a-customer",
                        "X-SmashCost-Tag-Feature",
                        "tag-of-a-feature",
                        "X-SmashCost-Session",
                        "session-of-a-user",
                        "X-SmashCost-Override",
                        "true",
                        "Cookie",
                        "cookie-of-a-client=1",
                        "X-Forwarded-For",
                        "203.0.113.7",
                        "OpenAI-Organization",
                        "org-of-a-client",
                        "User-Agent",
                        "agent-of-a-client")
                .send(Chat.body("gpt-4o-mini", scene.marker()));

        assertThat(answer.status()).isEqualTo(200);
        Received received = scene.request();
        assertThat(received.header("authorization")).hasValue("Bearer " + CUSTOMER.openaiCredential());
        assertThat(received.headerLines().stream()
                        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("authorization")))
                .hasSize(1);
        assertThat(received.everything())
                .doesNotContain(
                        CUSTOMER.key().text(),
                        CUSTOMER.key().id(),
                        CUSTOMER.groqCredential(),
                        "tag-of-a",
                        "session-of-a",
                        "cookie-of-a",
                        "203.0.113.7",
                        "org-of-a",
                        "agent-of-a")
                .doesNotContainIgnoringCase("x-smashcost");
        assertThat(received.header("content-type")).hasValue("application/json");
    }

    @Test
    void sends_to_each_provider_its_own_credential() {
        Scene scene = installation.upstream().scene(Acts.smallTalk());

        Chat.Answer answer = Chat.as(CUSTOMER).send(Chat.body("openai/gpt-oss-120b", scene.marker()));

        assertThat(answer.header("X-SmashCost-Provider")).hasValue("groq");
        assertThat(scene.request().header("authorization")).hasValue("Bearer " + CUSTOMER.groqCredential());
        assertThat(scene.request().path()).isEqualTo("/openai/v1/chat/completions");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void says_that_the_stored_credential_was_refused(int status) {
        Scene scene = installation.upstream().scene(Acts.answer(status, """
                {"error":{"message":"Incorrect API key provided: %s","type":"invalid_request_error","param":null,\
                "code":"invalid_api_key"}}""".formatted(CUSTOMER.openaiCredential())));

        Chat.Answer answer = Chat.as(CUSTOMER).send(Chat.body("gpt-4o-mini", scene.marker()));

        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.errorCode()).isEqualTo("provider_credential_rejected");
        assertThat(answer.text()).doesNotContain(CUSTOMER.openaiCredential());
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai/500-server-error", "openai/503-overloaded", "openai/429-insufficient-quota"})
    void passes_an_error_of_the_provider_on(String name) {
        Recording error = Recording.ofError(name);
        Scene scene = installation.upstream().scene(Acts.replay(error));

        Chat.Answer answer = Chat.as(CUSTOMER).send(Chat.body("gpt-4o-mini", scene.marker()));

        assertThat(answer.status()).isEqualTo(error.status());
        assertThat(answer.body()).isEqualTo(error.body());
        assertThat(scene.requests()).as("it is not sent again").hasSize(1);
    }

    static Stream<Act> nonsense() {
        return Stream.of(
                Acts.answer(
                        502, "text/html", "<html><body>Bad Gateway, secret-of-the-edge</body></html>".getBytes(UTF_8)),
                Acts.answer(200, "text/html", "<html>secret-of-the-edge</html>".getBytes(UTF_8)),
                Acts.answer(200, "application/json", "{\"id\":\"secret-of-the-edge".getBytes(UTF_8)),
                Acts.answer(500, "application/json", "[\"secret-of-the-edge\"]".getBytes(UTF_8)),
                Acts.answer(200, "application/json", new byte[0]),
                Acts.answer(200, "application/json", "{} {}".getBytes(UTF_8)),
                line -> line.answer(
                        302, Map.of("location", "http://127.0.0.1:1/elsewhere"), "secret-of-the-edge".getBytes(UTF_8)),
                Acts.noise(),
                Acts.cutShort(),
                Acts.hangUp(),
                Acts.reset());
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void turns_what_is_no_answer_into_an_error_that_clients_understand(Act act) {
        Scene scene = installation.upstream().scene(act);

        // a model of its own: so many failures in a row open the breaker
        Chat.Answer answer = Chat.as(CUSTOMER).send(Chat.body(scene.marker(), scene.marker()));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(502);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.errorCode())
                .isIn("upstream_invalid_response", "upstream_closed_early", "upstream_unreachable");
        assertThat(answer.text()).doesNotContain("secret-of-the-edge");
        assertThat(answer.header("X-SmashCost-Request-Id")).isPresent();
    }

    @Test
    void keeps_its_connections_to_the_provider_for_the_next_request() {
        Scene scene = installation.upstream().scene(Acts.smallTalk());
        Chat chat = Chat.as(CUSTOMER);
        chat.send(Chat.stream("gpt-4o-mini", scene.marker()));
        int before = installation.upstream().accepted();

        for (int i = 0; i < 20; i++) {
            String body =
                    i % 2 == 0 ? Chat.body("gpt-4o-mini", scene.marker()) : Chat.stream("gpt-4o-mini", scene.marker());
            assertThat(chat.send(body).status()).isEqualTo(200);
        }

        // one may have been closed for its age meanwhile
        assertThat(installation.upstream().accepted() - before).isLessThanOrEqualTo(2);
    }

    @Test
    @Tag("G40")
    void ends_a_stream_that_the_provider_broke_off_with_an_error_and_without_an_end_mark() {
        Recording recording = Recording.of(STREAM);
        Scene scene = installation.upstream().scene(Acts.breakOffAfter(4, recording));

        Chat.Answer answer = Chat.as(CUSTOMER).send(Chat.stream("gpt-4o", scene.marker()));

        assertThat(answer.status()).isEqualTo(200);
        String sent = new String(joined(recording.events().subList(0, 4)), UTF_8);
        assertThat(answer.text()).startsWith(sent).doesNotContain("[DONE]");
        String rest = answer.text().substring(sent.length());
        assertThat(rest).startsWith("data: {\"error\":{").endsWith("\n\n").contains("upstream_closed_early");
    }

    @Test
    void passes_an_error_event_of_the_provider_on_and_adds_no_end_mark() {
        String events = """
                data: {"id":"1","choices":[{"index":0,"delta":{"content":"a"}}]}

                data: {"error":{"message":"overloaded","type":"server_error","code":null}}

                """;
        Scene scene = installation.upstream().scene(Acts.answer(200, "text/event-stream", events.getBytes(UTF_8)));

        Chat.Answer answer = Chat.as(CUSTOMER).send(Chat.stream("gpt-4o", scene.marker()));

        assertThat(answer.text()).isEqualTo(events);
    }

    @Test
    @Tag("long")
    void gives_up_on_a_provider_that_does_not_answer() {
        Scene scene = installation.upstream().scene(Acts.silence());

        Chat.Answer answer = Chat.as(CUSTOMER).send(Chat.body("gpt-4o-mini", scene.marker()));

        assertThat(answer.status()).isEqualTo(504);
        assertThat(answer.errorCode()).isEqualTo("upstream_timeout");
        assertThat(scene.hangUps()).isEqualTo(1);
    }

    @Test
    @Tag("long")
    void gives_up_on_a_stream_that_stands_still() {
        Scene scene = installation.upstream().scene(Acts.headOnly());

        Chat.Answer answer = Chat.as(CUSTOMER).send(Chat.stream("gpt-4o-mini", scene.marker()));

        assertThat(answer.text()).contains("upstream_timeout").doesNotContain("[DONE]");
    }

    private static boolean isUsageChunk(byte[] event) {
        String text = new String(event, UTF_8);
        return text.contains("\"choices\":[]") && text.contains("\"usage\":{");
    }

    private static byte[] joined(List<byte[]> events) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        events.forEach(joined::writeBytes);
        return joined.toByteArray();
    }

    /** Whether {@code to} is {@code from} with one stretch of it replaced, as short as the demand for usage needs. */
    private static boolean isOneSplice(String from, String to) {
        int head = 0;
        while (head < Math.min(from.length(), to.length()) && from.charAt(head) == to.charAt(head)) {
            head++;
        }
        int tail = 0;
        while (tail < Math.min(from.length(), to.length()) - head
                && from.charAt(from.length() - 1 - tail) == to.charAt(to.length() - 1 - tail)) {
            tail++;
        }
        String taken = from.substring(head, from.length() - tail);
        String put = to.substring(head, to.length() - tail);
        return taken.length() <= "false".length()
                && put.length() <= "\"stream_options\":{\"include_usage\":true},".length();
    }
}
