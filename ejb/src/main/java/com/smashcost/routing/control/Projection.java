package com.smashcost.routing.control;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.control.Catalogue.Price;
import com.smashcost.catalog.entity.PriceTier;
import com.smashcost.metering.control.Charge;
import com.smashcost.provider.entity.Usage;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * What a request will use and cost with a model that has not served it. It begins with rules of thumb and learns from what
 * providers report: how many tokens each counts for so many characters, and how much each model writes and
 * thinks for a task. Thread-safe.
 */
@ApplicationScoped
public class Projection {

    private static final double CHARACTERS_OF_A_TOKEN = 4;
    private static final int TOKENS_OF_A_TURN = 4;
    private static final int TOKENS_OF_A_FILE = 765;

    /** How much of a mean a new figure is. */
    private static final double WEIGHT = 0.05;

    /** From how many answers on a model's own length of answers is believed. */
    private static final int ENOUGH = 20;

    /** A rule of thumb: what thinks does so also where the answer is a word. */
    private static final int FEWEST_THOUGHTS = 200;

    private static final long MOST_LENGTHS = 100_000;

    private final ConcurrentMap<String, Mean> factors = new ConcurrentHashMap<>();

    /** Logarithms of tokens. */
    private final Cache<Answers, Mean> lengths =
            Caffeine.newBuilder().maximumSize(MOST_LENGTHS).build();

    private final Cache<Answers, Mean> thoughts =
            Caffeine.newBuilder().maximumSize(MOST_LENGTHS).build();

    /** By model alone, from all organisations: how long it thinks is mostly its own matter. */
    private final ConcurrentMap<Thinker, Mean> thinkers = new ConcurrentHashMap<>();

    private record Answers(long organizationId, Task task, Thinker thinker) {}

    private record Thinker(String model, boolean isTold) {

        static Thinker of(Offer offer, int needs) {
            return new Thinker(offer.model(), (needs & Needs.REASONING) != 0);
        }
    }

    private record Mean(double value, int count) {

        static Mean of(double value) {
            return new Mean(value, 1);
        }

        Mean with(double next) {
            double weight = Math.max(WEIGHT, 1.0 / (count + 1));
            return new Mean(value + weight * (next - value), Math.min(count + 1, 1_000_000));
        }
    }

    /** Tokens of the prompt by a rule of thumb, the same for all providers. */
    public static long promptTokens(Asked asked) {
        long files = (asked.images() ? TOKENS_OF_A_FILE : 0) + (asked.documents() ? TOKENS_OF_A_FILE : 0);
        return Math.round(asked.characters() / CHARACTERS_OF_A_TOKEN) + (long) TOKENS_OF_A_TURN * asked.turns() + files;
    }

    /**
     * Tokens that this model is expected to write, thoughts and all.
     *
     * @param needs of the request, as bits of {@link Needs}
     * @param atMost the request's own limit; null = none
     */
    public long outputTokens(long organizationId, Task task, Offer offer, int needs, @Nullable Long atMost) {
        Answers answers = new Answers(organizationId, task, Thinker.of(offer, needs));
        return limited(length(answers) + thoughts(answers, offer, needs), atMost);
    }

    private static long limited(double expected, @Nullable Long atMost) {
        long tokens = Math.max(1, Math.round(expected));
        return atMost == null ? tokens : Math.min(tokens, Math.max(1, atMost));
    }

    private double length(Answers answers) {
        Mean learnt = believed(lengths.getIfPresent(answers));
        return learnt == null ? usualLength(answers.task) : Math.exp(learnt.value);
    }

    /** Tokens of thoughts; before anything was learnt of them as many as of the answer, and not a few. */
    private double thoughts(Answers answers, Offer offer, int needs) {
        Mean learnt = believed(thoughts.getIfPresent(answers));
        if (learnt == null) {
            learnt = believed(thinkers.get(answers.thinker));
        }
        if (learnt != null) {
            return learnt.value;
        }
        return Needs.thinks(needs, offer) ? Math.max(FEWEST_THOUGHTS, usualLength(answers.task)) : 0;
    }

    private static @Nullable Mean believed(@Nullable Mean learnt) {
        return learnt == null || learnt.count < ENOUGH ? null : learnt;
    }

    /** What a provider's tokenizer counts for a token of the rule of thumb. */
    private double factor(String provider) {
        Mean learnt = factors.get(provider);
        return learnt == null || learnt.count < ENOUGH ? 1 : learnt.value;
    }

    /**
     * US dollars of a request with {@code other} in place of {@code asked}, expected before the call and by one measure for both;
     * empty where it is not priced.
     */
    public Optional<BigDecimal> expected(
            long organizationId,
            Task task,
            Offer asked,
            Offer other,
            int needs,
            long promptTokens,
            long cachedTokens,
            @Nullable Long atMost,
            Instant at) {
        Answers ofAsked = new Answers(organizationId, task, Thinker.of(asked, needs));
        Answers ofOther = new Answers(organizationId, task, Thinker.of(other, needs));
        double written = length(ofAsked) * verbosity(ofAsked, ofOther) + thoughts(ofOther, other, needs);
        return expected(other, promptTokens, cachedTokens, limited(written, atMost), at);
    }

    private Optional<BigDecimal> expected(Offer offer, long promptTokens, long cachedTokens, long output, Instant at) {
        long prompt = Math.round(promptTokens * factor(offer.provider()));
        long cached = Math.min(cachedTokens, prompt);
        Usage usage = new Usage(
                Math.min(prompt - cached, Usage.MOST),
                Math.min(cached, Usage.MOST),
                null,
                null,
                Math.min(output, Usage.MOST),
                null,
                null,
                null);
        return cost(offer, usage, at);
    }

    /**
     * US dollars of a request with {@code other}, which {@code served} has served; empty where the usage or a price is unknown.
     *
     * @param usage as reported
     * @param needs of the request, as bits of {@link Needs}
     */
    public Optional<BigDecimal> projected(
            long organizationId, Task task, Offer served, Usage usage, Offer other, int needs, Instant at) {
        return cost(other, used(organizationId, task, served, usage, other, needs), at);
    }

    /** What {@code other} would have used where {@code served} used this. */
    public Usage used(long organizationId, Task task, Offer served, Usage usage, Offer other, int needs) {
        if (served.model().equals(other.model()) || !usage.isKnown()) {
            return usage;
        }
        Answers ofServed = new Answers(organizationId, task, Thinker.of(served, needs));
        Answers ofOther = new Answers(organizationId, task, Thinker.of(other, needs));
        double prompt = factor(other.provider()) / factor(served.provider());
        double written = verbosity(ofServed, ofOther);
        return new Usage(
                scaled(usage.input(), prompt),
                scaled(usage.cached(), prompt),
                scaled(usage.cacheWrite5m(), prompt),
                scaled(usage.cacheWrite1h(), prompt),
                scaled(usage.output(), written),
                thoughts(usage, ofServed, ofOther, served, other, needs),
                scaled(usage.audioInput(), prompt),
                scaled(usage.audioOutput(), written),
                usage.webSearches());
    }

    /** Thoughts that {@code other} would have written: none, as many as the one that served, or as many as it usually does. */
    private @Nullable Long thoughts(
            Usage usage, Answers ofServed, Answers ofOther, Offer served, Offer other, int needs) {
        double usual = thoughts(ofOther, other, needs);
        Long reported = usage.reasoning();
        if (usual < 0.5) {
            return null;
        }
        if (reported == null || reported == 0) {
            // some providers count thoughts as output
            return Needs.thinks(needs, served) ? reported : Long.valueOf(Math.min(Math.round(usual), Usage.MOST));
        }
        return scaled(reported, usual / Math.max(1, thoughts(ofServed, served, needs)));
    }

    /** How much {@code other} writes where {@code served} writes one token, thoughts apart; 1 until both are known. */
    private double verbosity(Answers served, Answers other) {
        Mean one = believed(lengths.getIfPresent(served));
        Mean two = believed(lengths.getIfPresent(other));
        return one == null || two == null ? 1 : Math.exp(two.value - one.value);
    }

    private static Optional<BigDecimal> cost(Offer offer, Usage usage, Instant at) {
        return offer.priceAt(at)
                .flatMap((Price price) -> Charge.of(usage, price.unitPrices(PriceTier.STANDARD, usage.promptTokens())));
    }

    /** Learns from what a provider reported of one request. */
    public void learn(long organizationId, Task task, Offer served, int needs, long promptTokens, Usage reported) {
        if (promptTokens > 50 && reported.promptTokens() > 0) {
            double factor = Math.clamp((double) reported.promptTokens() / promptTokens, 0.25, 4);
            learn(factors, served.provider(), factor);
        }
        Long output = reported.output();
        if (output != null && output > 0) {
            Thinker thinker = Thinker.of(served, needs);
            Answers answers = new Answers(organizationId, task, thinker);
            learn(lengths.asMap(), answers, Math.log(output));
            double thought = reported.reasoning() == null ? 0.0 : reported.reasoning();
            learn(thoughts.asMap(), answers, thought);
            learn(thinkers, thinker, thought);
        }
    }

    private static <K> void learn(ConcurrentMap<K, Mean> means, K of, double next) {
        means.merge(of, Mean.of(next), (known, ignored) -> known.with(next));
    }

    private static @Nullable Long scaled(@Nullable Long tokens, double by) {
        return tokens == null ? null : Math.min(Math.round(tokens * by), Usage.MOST);
    }

    /** Tokens of a middling answer; a beginning that experience replaces. */
    private static int usualLength(Task task) {
        return switch (task) {
            case classification -> 20;
            case extraction_closed_qa -> 100;
            case exam_mcq, other -> 150;
            case summarization -> 200;
            case rewrite, translation -> 250;
            case open_qa -> 350;
            case math -> 400;
            case code, reasoning -> 500;
            case creative_writing -> 600;
        };
    }
}
