package com.smashcost.ledger;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.smashcost.installation.Chat;
import com.smashcost.installation.Customer;
import com.smashcost.installation.Installation;
import com.smashcost.installation.RawClient;
import com.smashcost.upstream.Act;
import com.smashcost.upstream.Acts;
import com.smashcost.upstream.Scene;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Not a word that was said, and no key, is in any file of the installation: logs, database, spool, whatever there is. */
@Tag("G6")
@Tag("G7")
class PrivacyIT {

    private static final int WINDOW = 12;

    private final Installation installation = Installation.running();
    private final Customer customer = installation.admin().newCustomer();

    @Test
    void keeps_nothing_of_what_was_said_and_no_key() throws Exception {
        String asked = canary();
        String answered = canary();
        String tagged = canary();
        List<Act> acts = List.of(
                Acts.answer(200, """
                        {"id":"%s","object":"chat.completion","model":"%s","choices":[{"index":0,"message":{"role":"assistant",\
                        "content":"%s"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""".formatted(answered, answered, answered)),
                Acts.answer(400, error(answered)),
                Acts.answer(401, error(answered)),
                Acts.answer(429, error(answered)),
                Acts.answer(500, error(answered)),
                Acts.answer(502, "text/html", answered.getBytes(UTF_8)),
                Acts.answer(200, "application/json", ("{\"a\":\"" + answered).getBytes(UTF_8)),
                Acts.answer(
                        200,
                        "text/event-stream",
                        ("data: {\"choices\":[{\"delta\":{\"content\":\"" + answered + "\"}}]}\n\ndata: " + answered)
                                .getBytes(UTF_8)),
                line -> line.raw(("HTTP/1.1 " + answered + "\r\n" + answered + "\r\n\r\n").getBytes(UTF_8)),
                line -> line.answer(307, Map.of("location", "http://127.0.0.1:1/" + answered), new byte[0]),
                Acts.cutShort(),
                Acts.reset());
        Chat chat = Chat.as(customer, "X-SmashCost-Tag-Customer", tagged);
        int accepted = 0;
        for (Act act : acts) {
            Scene scene = installation.upstream().scene(act);
            // a model of its own: so many failures in a row open the breaker
            chat.send(Chat.body(scene.marker(), asked + " " + scene.marker()));
            chat.send(Chat.stream(scene.marker(), asked + " " + scene.marker()));
            accepted += 2;
        }
        Scene silent = installation.upstream().scene(Acts.silence());
        try (RawClient client = RawClient.send(customer, Chat.body("gpt-4o-mini", asked + " " + silent.marker()))) {
            silent.awaitRequest();
            client.reset();
            accepted++;
        }
        refuse(chat, asked);
        int rows = accepted;
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(installation.database().requestsOf(customer)).hasSize(rows));

        assertThat(filesWith(Set.of(tagged)))
                .as("the search finds what is there")
                .isNotEmpty();
        assertThat(filesWith(traces(asked))).as("what was asked").isEmpty();
        assertThat(filesWith(traces(answered))).as("what was answered").isEmpty();
        assertThat(filesWith(traces(customer.openaiCredential())))
                .as("the provider's key")
                .isEmpty();
        assertThat(filesWith(Set.of(customer.key().text().substring("sc_".length() + 8))))
                .as("the gateway key's secret part")
                .isEmpty();
    }

    /** Requests that are not accepted, each with the canary in another place. */
    private void refuse(Chat chat, String canary) {
        for (String body : List.of(
                "{\"model\":\"" + canary + " with a blank\"}",
                "{\"model\":\"gpt-4o-mini\",\"" + canary + "\":1,\"" + canary + "\":2}",
                "{\"model\":\"gpt-4o-mini\",\"x\":" + canary + "}",
                canary)) {
            assertThat(chat.send(body).status()).isEqualTo(400);
        }
        Chat.with("sc_" + canary).send(canary);
        installation.admin().send(installation.origin().resolve("/v1/models?x=" + canary), "GET", null, canary);
        installation.admin().post("/organizations/" + customer.slug() + "/keys", "{\"" + canary + " \":1}");
        installation.admin().signIn(canary, canary);
    }

    private static String canary() {
        return "canary" + UUID.randomUUID().toString().replace("-", "");
    }

    private static String error(String canary) {
        return "{\"error\":{\"message\":\"%s\",\"type\":\"%s\",\"param\":\"%s\",\"code\":\"%s\"}}"
                .formatted(canary, canary, canary, canary);
    }

    /** What any part of the text looks like, plain, in base64 at each offset and in hexadecimal. */
    private static Set<String> traces(String text) {
        Set<String> traces = new LinkedHashSet<>();
        // a part that is common to all canaries or credentials says nothing
        for (int i = WINDOW; i + WINDOW <= text.length(); i++) {
            traces.add(text.substring(i, i + WINDOW));
        }
        for (int offset = 0; offset < 3; offset++) {
            String base64 = Base64.getEncoder().encodeToString(("x".repeat(offset) + text).getBytes(UTF_8));
            traces.add(base64.substring(base64.length() / 2, base64.length() / 2 + 16));
        }
        traces.add(HexFormat.of().formatHex(text.substring(WINDOW).getBytes(UTF_8)));
        return traces;
    }

    private Set<Path> filesWith(Set<String> texts) throws IOException {
        Path home = installation.home();
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(home)) {
            all.filter(file -> Files.isRegularFile(file))
                    .filter(file -> !home.relativize(file).startsWith("payara")
                            && !home.relativize(file).toString().startsWith("db/server-"))
                    .forEach(files::add);
        }
        Set<Path> found = new LinkedHashSet<>();
        for (Path file : files) {
            if (holdsOne(file, texts)) {
                found.add(file);
            }
        }
        return found.stream().map(home::relativize).collect(Collectors.toSet());
    }

    private static boolean holdsOne(Path file, Set<String> texts) throws IOException {
        String tail = "";
        try (InputStream in = Files.newInputStream(file)) {
            for (byte[] block = in.readNBytes(1 << 20); block.length > 0; block = in.readNBytes(1 << 20)) {
                String text = tail + new String(block, ISO_8859_1);
                if (texts.stream().anyMatch(text::contains)) {
                    return true;
                }
                tail = text.substring(Math.max(0, text.length() - 200));
            }
        } catch (NoSuchFileException e) {
            return false; // a temporary file that is gone
        }
        return false;
    }
}
