package com.smashcost.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.account.entity.SubscriptionStatus;
import com.smashcost.ledger.entity.LedgerEntry.Choice;
import com.smashcost.provider.control.ClientBody;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** What a provider gets of an organisation that only observes, while the router finds something cheaper for all of it. */
@Tag("G31")
class ObservationLawsTest {

    private static final String[] MEMBERS = {
        ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]",
        ",\"messages\":[{\"content\":\"Gr\\u00fc\\u00dfe 🙂\", \"role\":\"user\"},{\"role\":\"tool\",\"content\":[]}]",
        ",\"messages\":[]",
        ", \"tools\" : [ {\"type\":\"function\"} ]",
        ",\"temperature\":0.70",
        ",\"max_tokens\":1E2",
        ",\"response_format\":{\"type\":\"json_object\"}",
        ",\"reasoning_effort\":\"high\"",
        ",\"auto\":\"auto\"",
        ",\"x\":{\"model\":\"cheap\",\"stream\":true}"
    };

    @SuppressWarnings("NullAway.Init")
    private static Scene scene;

    @BeforeContainer
    static void open() {
        scene = Scene.of(
                RoutingParts.wired(asked -> ShadowRoutingTest.easy()),
                conversation -> conversation.answer(200, "application/json", ShadowRoutingTest.ANSWER));
        scene.routes(SubscriptionStatus.OBSERVING, "savings", ShadowRoutingTest.OFFERS);
    }

    @AfterContainer
    static void close() throws IOException {
        scene.close();
    }

    @Property(tries = 10_000)
    void sends_the_client_s_bytes_and_no_others(@ForAll("bodies") String body) {
        assertThat(scene.chat(body).status()).isEqualTo(200);
        assertThat(scene.provider.requests().getLast().body()).isEqualTo(body.getBytes(StandardCharsets.UTF_8));
        scene.provider.requests().clear();
        Choice choice = scene.ledger.rows().getLast().choice();
        assertThat(choice.used()).isEqualTo(choice.requested()).isNotEqualTo("cheap");
        scene.ledger.forget();
    }

    /** Such as are passed on without the two splices that there are: no free choice, no stream whose usage nobody wanted. */
    @Provide
    Arbitrary<String> bodies() {
        return Arbitraries.randomValue(random -> {
            while (true) {
                String body = random.nextBoolean() ? new JsonText(random).chatCompletion() : chat(random);
                ClientBody request = ClientBody.read(body.getBytes(StandardCharsets.UTF_8), Dialect.OPENAI_CHAT);
                if (!request.isAuto() && !request.stream()) {
                    return body;
                }
            }
        });
    }

    private static String chat(Random random) {
        StringBuilder body = new StringBuilder("{\"model\":\"gpt-4o\"");
        int first = random.nextInt(3);
        body.append(MEMBERS[first]);
        for (int i = 3; i < MEMBERS.length; i++) {
            if (random.nextInt(3) == 0) {
                body.append(" ".repeat(random.nextInt(3))).append(MEMBERS[i]);
            }
        }
        return body.append("}").append(random.nextBoolean() ? "\n" : "").toString();
    }
}
