package com.smashcost.routing.control;

import com.smashcost.account.entity.SubscriptionStatus;
import com.smashcost.catalog.control.Catalogue;
import com.smashcost.catalog.control.Catalogues;
import com.smashcost.routing.control.Router.Wish;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a decision costs, by the words of its prompt: reading the body, classifying it, and all of it with the whole catalogue. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 3)
@Fork(1)
public class DecisionBenchmark {

    private static final String WORDS =
            "please look at the quarterly numbers of our northern stores and tell me why margins fell ";

    @Param({"20", "100", "500", "20000"})
    private int words;

    @SuppressWarnings("NullAway.Init")
    private byte[] body;

    @SuppressWarnings("NullAway.Init")
    private Asked asked;

    @SuppressWarnings("NullAway.Init")
    private Classifier classifier;

    @SuppressWarnings("NullAway.Init")
    private Router router;

    @SuppressWarnings("NullAway.Init")
    private Terms terms;

    private long session;

    @Setup
    public void prepare() {
        String prompt = WORDS.repeat(words / 16 + 1);
        body = ("{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]}")
                .getBytes(StandardCharsets.UTF_8);
        asked = Conversation.read(body).asked();
        classifier = Classifier.shipped();
        router = Routers.wired(Routers.experience());
        Catalogue catalogue = Catalogues.shipped();
        terms = new Terms(
                1,
                SubscriptionStatus.ACTIVE,
                RoutingMode.balanced,
                null,
                catalogue,
                Set.of("openai", "anthropic", "google", "groq"),
                List.of(),
                List.of(),
                Instant.parse("2026-11-01T00:00:00Z"));
    }

    @Benchmark
    public Conversation read() {
        return Conversation.read(body);
    }

    @Benchmark
    public Classification classify() {
        return classifier.classify(asked);
    }

    @Benchmark
    public RoutingDecision decide() {
        Wish wish = new Wish(false, Long.toString(session++ & 0xFFF));
        return router.decide(terms, "gpt-4o", wish, () -> Conversation.read(body));
    }
}
