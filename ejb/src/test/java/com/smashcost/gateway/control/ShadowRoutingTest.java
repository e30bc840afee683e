package com.smashcost.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.account.entity.SubscriptionStatus;
import com.smashcost.catalog.control.Catalogue;
import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.control.Catalogue.Price;
import com.smashcost.catalog.entity.PriceTier;
import com.smashcost.catalog.entity.Tier;
import com.smashcost.ledger.entity.LedgerEntry;
import com.smashcost.ledger.entity.LedgerEntry.Tags;
import com.smashcost.ledger.entity.LedgerEntry.Weighed;
import com.smashcost.money.entity.UnitPrices;
import com.smashcost.provider.control.StubProvider.Script;
import com.smashcost.routing.control.Classification;
import com.smashcost.routing.control.Conversation;
import com.smashcost.routing.control.Router.Wish;
import com.smashcost.routing.control.RoutingMode;
import com.smashcost.routing.control.Task;
import com.smashcost.routing.control.Terms;
import com.smashcost.routing.control.Verdict;
import com.smashcost.routing.entity.Mode;
import com.smashcost.routing.entity.Routing;
import java.io.BufferedInputStream;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("G32")
class ShadowRoutingTest {

    static final String BODY = "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    static final byte[] ANSWER = ("{\"id\":\"x\",\"choices\":[],\"usage\":{\"prompt_tokens\":10,"
                    + "\"completion_tokens\":20,\"total_tokens\":30}}")
            .getBytes(StandardCharsets.UTF_8);
    static final List<Offer> OFFERS =
            List.of(offer(1, "gpt-4o", Tier.large, "0.00001"), offer(2, "cheap", Tier.medium, "0.000001"));

    private static final Duration LONG = Duration.ofSeconds(30);

    private final CountDownLatch begun = new CountDownLatch(1);

    @Test
    void decides_only_when_the_last_byte_of_the_request_was_handed_over() throws Exception {
        String large = BODY.replace( // by more than the buffers of both sockets hold
                "\"Hello\"",
                "[{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + "a".repeat(9 * 1024 * 1024) + "\"}}]");
        try (ServerSocket server = new ServerSocket()) {
            server.setReceiveBufferSize(64 * 1024);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            RoutingParts routing = RoutingParts.wired(asked -> {
                if (asked.images()) {
                    begun.countDown();
                }
                return easy();
            });
            try (Scene scene = Scene.of(routing, URI.create("http://127.0.0.1:" + server.getLocalPort() + "/v1"))) {
                scene.routes(SubscriptionStatus.OBSERVING, "savings", OFFERS);
                CompletableFuture<Reply> reply = CompletableFuture.supplyAsync(() -> scene.chat(large));
                try (Socket connection = server.accept()) {
                    InputStream in = new BufferedInputStream(connection.getInputStream(), 1024);
                    assertThat(in.read()).as("the request is on its way").isPositive();
                    awaitAll(routing);
                    assertThat(begun.getCount())
                            .as("not decided before the request had left")
                            .isEqualTo(1);
                    readToTheEndOf(in, large.length());
                    assertThat(begun.await(LONG.toSeconds(), TimeUnit.SECONDS))
                            .as("decided while the provider had not answered yet")
                            .isTrue();
                    connection
                            .getOutputStream()
                            .write(("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + "Content-Length: "
                                            + ANSWER.length + "\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
                    connection.getOutputStream().write(ANSWER);
                    assertThat(reply.get(LONG.toSeconds(), TimeUnit.SECONDS).status())
                            .isEqualTo(200);
                }
            }
        }
    }

    @Test
    void decides_nothing_for_a_request_that_never_left() throws Exception {
        AtomicInteger decisions = new AtomicInteger();
        RoutingParts routing = RoutingParts.wired(asked -> {
            decisions.incrementAndGet();
            return easy();
        });
        try (Scene scene = Scene.of(routing, conversation -> conversation.answer(200, "application/json", ANSWER))) {
            scene.routes(SubscriptionStatus.OBSERVING, "savings", OFFERS);
            Exchange exchange = new Exchange(Tags.NONE);
            exchange.hangUp();
            scene.chat(BODY, exchange);
            awaitAll(routing);
            assertThat(decisions).as("but for the one that was waited for").hasValue(1);
            assertThat(scene.row().outcome().errorClass()).isEqualTo("client_closed");
            assertThat(scene.row().weighed()).isNull();
            assertThat(scene.row().choice().projected()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SubscriptionStatus.class,
            names = {"OBSERVING", "AWAITING_DECISION", "PAST_DUE", "CANCELED"})
    @Tag("G31")
    void records_beside_what_served_what_would_have(SubscriptionStatus status) throws Exception {
        RoutingParts routing = parts();
        try (Scene scene = Scene.of(routing, answeringAfterTheDecision(routing))) {
            scene.routes(status, "savings", OFFERS);
            Reply reply = scene.chat(BODY);
            assertThat(scene.provider.requests().getFirst().text()).isEqualTo(BODY);
            assertThat(reply.headers())
                    .containsEntry("X-SmashCost-Model-Used", "gpt-4o")
                    .containsEntry("X-SmashCost-Mode", "observation")
                    .containsEntry("X-SmashCost-Routing", "passthrough");
            LedgerEntry row = scene.row();
            assertThat(row.choice().requested()).isEqualTo("gpt-4o");
            assertThat(row.choice().used()).isEqualTo("gpt-4o");
            assertThat(row.choice().projected()).isEqualTo("cheap");
            assertThat(row.choice().routing()).isEqualTo(Routing.passthrough);
            assertThat(row.choice().mode()).isEqualTo(Mode.observation);
            assertThat(row.choice().task()).isEqualTo("open_qa");
            assertThat(row.choice().score()).isEqualByComparingTo("0.3");
            assertThat(row.metered().cost()).isEqualByComparingTo("0.0003");
            assertThat(row.metered().baselineCost()).isEqualByComparingTo("0.0003");
            assertThat(row.metered().projectedCost()).isEqualByComparingTo("0.00003");
            Weighed weighed = Objects.requireNonNull(row.weighed());
            assertThat(weighed.classifier()).isEqualTo("test");
            assertThat(weighed.policy()).isEqualTo("savings");
            assertThat(weighed.right()).hasSize(4);
            assertThat(weighed.retained()).hasSize(4);
            assertThat(weighed.retention()).isEqualByComparingTo("0.95");
            assertThat(weighed.familiar()).isTrue();
            assertThat(weighed.needs()).isZero();
            assertThat(weighed.promptTokens()).isEqualTo(5);
            assertThat(weighed.outputTokens()).isEqualTo(350);
            assertThat(weighed.candidates())
                    .containsExactly(
                            new Weighed.Candidate(1, Verdict.asked.ordinal()),
                            new Weighed.Candidate(2, Verdict.chosen.ordinal()));
        }
    }

    @Test
    void notes_no_projection_with_the_intent() throws Exception {
        RoutingParts routing = parts();
        try (Scene scene = Scene.of(routing, answeringAfterTheDecision(routing))) {
            scene.routes(SubscriptionStatus.OBSERVING, "savings", OFFERS);
            scene.chat(BODY);
            LedgerEntry intent = scene.ledger.intents().getFirst();
            assertThat(intent.weighed()).isNull();
            assertThat(intent.choice().projected()).isNull();
            assertThat(intent.choice().task()).isNull();
        }
    }

    @Test
    void drops_a_decision_and_keeps_the_request_when_too_many_wait() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        RoutingParts routing = RoutingParts.wired(asked -> {
            begun.countDown();
            await(gate);
            return easy();
        });
        try (Scene scene = Scene.of(routing, conversation -> conversation.answer(200, "application/json", ANSWER))) {
            scene.routes(SubscriptionStatus.OBSERVING, "savings", OFFERS);
            shadow(routing).run();
            await(begun); // the one that works is not one that waits
            for (int i = 0; i < 256; i++) {
                shadow(routing).run();
            }
            assertThat(routing.shadow().dropped()).isZero();
            assertThat(scene.chat(BODY).status()).isEqualTo(200);
            assertThat(routing.shadow().dropped()).isEqualTo(1);
            assertThat(scene.row().weighed()).isNull();
            assertThat(scene.row().choice().projected()).isNull();
            assertThat(scene.row().metered().projectedCost()).isNull();
            assertThat(scene.row().metered().cost()).isEqualByComparingTo("0.0003");
        } finally {
            gate.countDown();
        }
    }

    @Test
    void does_not_wait_for_a_decision_that_takes_too_long() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        RoutingParts routing = RoutingParts.wired(asked -> {
            await(gate);
            return easy();
        });
        try (Scene scene = Scene.of(routing, conversation -> conversation.answer(200, "application/json", ANSWER))) {
            scene.routes(SubscriptionStatus.OBSERVING, "savings", OFFERS);
            assertThat(scene.chat(BODY).status()).isEqualTo(200);
            assertThat(scene.row().weighed()).isNull();
            assertThat(scene.row().outcome().errorClass()).isNull();
            assertThat(routing.shadow().dropped()).isEqualTo(1);
        } finally {
            gate.countDown();
        }
    }

    @Test
    void keeps_the_row_of_a_request_whose_decision_failed_and_goes_on_deciding() throws Exception {
        for (double score : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -1, 2}) {
            boolean[] odd = {true};
            RoutingParts routing = RoutingParts.wired(asked -> {
                begun.countDown();
                return odd[0] ? classified(score) : easy();
            });
            assertRowWithoutDecision(routing);
            odd[0] = false;
            awaitAll(routing);
        }
        RoutingParts failing = RoutingParts.wired(asked -> {
            begun.countDown();
            throw new IllegalStateException("no");
        });
        assertRowWithoutDecision(failing);
    }

    private void assertRowWithoutDecision(RoutingParts routing) throws Exception {
        try (Scene scene = Scene.of(routing, conversation -> {
            await(begun);
            conversation.answer(200, "application/json", ANSWER);
        })) {
            scene.routes(SubscriptionStatus.OBSERVING, "savings", OFFERS);
            assertThat(scene.chat(BODY).status()).isEqualTo(200);
            assertThat(scene.row().weighed()).isNull();
            assertThat(scene.row().choice().projected()).isNull();
            assertThat(scene.row().outcome().errorClass()).isNull();
            assertThat(scene.row().metered().cost()).isEqualByComparingTo("0.0003");
        }
    }

    @Test
    @Tag("G28")
    void acts_where_the_organisation_is_active() throws Exception {
        try (Scene scene = Scene.of(parts(), conversation -> conversation.answer(200, "application/json", ANSWER))) {
            scene.routes(SubscriptionStatus.ACTIVE, "savings", OFFERS);
            Reply reply = scene.chat(BODY);
            assertThat(scene.provider.requests().getFirst().text()).isEqualTo(BODY.replace("gpt-4o", "cheap"));
            assertThat(reply.headers())
                    .containsEntry("X-SmashCost-Model-Requested", "gpt-4o")
                    .containsEntry("X-SmashCost-Model-Used", "cheap")
                    .containsEntry("X-SmashCost-Mode", "active")
                    .containsEntry("X-SmashCost-Routing", "classifier")
                    .containsEntry("X-SmashCost-Task", "open_qa")
                    .containsEntry("X-SmashCost-Score", "0.30000");
            LedgerEntry row = scene.row();
            assertThat(row.choice().projected()).isNull();
            assertThat(row.choice().routing()).isEqualTo(Routing.classifier);
            assertThat(row.metered().cost()).isEqualByComparingTo("0.00003");
            assertThat(row.metered().baselineCost()).isEqualByComparingTo("0.0003");
            assertThat(row.metered().projectedCost()).isNull();
            assertThat(row.weighed()).isNotNull();
        }
    }

    /** Parts that find every request easy. */
    private RoutingParts parts() {
        return RoutingParts.wired(asked -> {
            begun.countDown();
            return easy();
        });
    }

    /** A provider that answers when the decision is made, so that the row need not be patient. */
    private Script answeringAfterTheDecision(RoutingParts routing) {
        return conversation -> {
            await(begun);
            awaitAll(routing);
            conversation.answer(200, "application/json", ANSWER);
        };
    }

    /** Waits until everything that waits now is decided: one at a time, in order. */
    private static void awaitAll(RoutingParts routing) {
        ShadowRouting.Shadow last = shadow(routing);
        last.run();
        long end = System.nanoTime() + LONG.toNanos();
        while (last.weighing().isEmpty()) {
            assertThat(System.nanoTime()).as("it takes too long").isLessThan(end);
        }
    }

    private static ShadowRouting.Shadow shadow(RoutingParts routing) {
        Terms terms = new Terms(
                8,
                SubscriptionStatus.OBSERVING,
                RoutingMode.savings,
                null,
                new Catalogue(OFFERS),
                Set.of("openai"),
                List.of(),
                List.of(),
                Instant.now());
        return routing.shadow()
                .of(terms, "gpt-4o", Wish.NONE, () -> Conversation.read(BODY.getBytes(StandardCharsets.UTF_8)));
    }

    private static void readToTheEndOf(InputStream in, int body) throws Exception {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
        }
        assertThat(in.readNBytes(body)).hasSize(body);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static Classification easy() {
        return classified(0.3);
    }

    private static Classification classified(double score) {
        double[][] retained = {{1, 1, 1, 1}, {0.9, 1, 1, 1}, {0.8, 0.95, 1, 1}, {0.7, 0.9, 0.95, 1}};
        return new Classification(Task.open_qa, score, new double[] {0.6, 0.7, 0.8, 0.9}, retained, true, "test");
    }

    private static Offer offer(long id, String name, Tier tier, String price) {
        BigDecimal each = new BigDecimal(price);
        return new Offer(
                id,
                name,
                "openai",
                "chat",
                true,
                128_000L,
                16_000L,
                Map.of(),
                tier,
                null,
                List.of(new Price(
                        id,
                        Instant.EPOCH,
                        List.of(new PriceTier(
                                PriceTier.STANDARD,
                                0,
                                new UnitPrices(each, null, null, null, each, null, null, null))))));
    }
}
