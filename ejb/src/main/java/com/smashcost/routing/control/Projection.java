package com.smashcost.routing.control;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.control.Catalogue.Price;
import com.smashcost.catalog.entity.PriceTier;
import com.smashcost.catalog.entity.Tier;
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
 * providers report: how many tokens each counts for so many characters, and how much each model writes for a task. Thread-safe.
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

    /** Before anything was learnt, what thinks writes this much more: hidden thoughts are billed as output. */
    private static final double THINKING = 2;

    private static final long MOST_LENGTHS = 100_000;

    private final ConcurrentMap<String, Mean> factors = new ConcurrentHashMap<>();
    private final Cache<Answers, Mean> lengths =
            Caffeine.newBuilder().maximumSize(MOST_LENGTHS).build();

    private record Answers(long organizationId, Task task, String model) {}

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

    /** Tokens that this model is expected to write. */
    public long outputTokens(long organizationId, Task task, Offer offer, @Nullable Long atMost) {
        Mean learnt = lengths.getIfPresent(new Answers(organizationId, task, offer.model()));
        double expected = learnt != null && learnt.count >= ENOUGH
                ? Math.exp(learnt.value)
                : usualLength(task) * (thinks(offer) ? THINKING : 1);
        long tokens = Math.max(1, Math.round(expected));
        return atMost == null ? tokens : Math.min(tokens, Math.max(1, atMost));
    }

    /** What a provider's tokenizer counts for a token of the rule of thumb. */
    private double factor(String provider) {
        Mean learnt = factors.get(provider);
        return learnt == null || learnt.count < ENOUGH ? 1 : learnt.value;
    }

    /**
     * Tokens that {@code other} is expected to write where {@code asked} was asked for: as many, unless both are known or one of
     * them thinks.
     */
    private long outputTokens(long organizationId, Task task, Offer asked, Offer other, @Nullable Long atMost) {
        double expected = outputTokens(organizationId, task, asked, null)
                * (knows(organizationId, task, asked) && knows(organizationId, task, other)
                        ? verbosity(organizationId, task, asked, other)
                        : (thinks(other) ? THINKING : 1) / (thinks(asked) ? THINKING : 1));
        long tokens = Math.max(1, Math.round(expected));
        return atMost == null ? tokens : Math.min(tokens, Math.max(1, atMost));
    }

    private boolean knows(long organizationId, Task task, Offer offer) {
        Mean learnt = lengths.getIfPresent(new Answers(organizationId, task, offer.model()));
        return learnt != null && learnt.count >= ENOUGH;
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
            long promptTokens,
            long cachedTokens,
            @Nullable Long atMost,
            Instant at) {
        return expected(
                other, promptTokens, cachedTokens, outputTokens(organizationId, task, asked, other, atMost), at);
    }

    /** US dollars of a request with this model, expected before the call; empty where it is not priced. */
    public Optional<BigDecimal> expected(
            long organizationId,
            Task task,
            Offer offer,
            long promptTokens,
            long cachedTokens,
            @Nullable Long atMost,
            Instant at) {
        return expected(offer, promptTokens, cachedTokens, outputTokens(organizationId, task, offer, atMost), at);
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
     */
    public Optional<BigDecimal> projected(
            long organizationId, Task task, Offer served, Usage usage, Offer other, Instant at) {
        if (served.model().equals(other.model())) {
            return cost(other, usage, at);
        }
        double prompt = factor(other.provider()) / factor(served.provider());
        double written = verbosity(organizationId, task, served, other);
        return cost(
                other,
                new Usage(
                        scaled(usage.input(), prompt),
                        scaled(usage.cached(), prompt),
                        scaled(usage.cacheWrite5m(), prompt),
                        scaled(usage.cacheWrite1h(), prompt),
                        scaled(usage.output(), written),
                        scaled(usage.reasoning(), written),
                        scaled(usage.audioInput(), prompt),
                        scaled(usage.audioOutput(), written),
                        usage.webSearches()),
                at);
    }

    /** How much {@code other} writes where {@code served} writes one token; 1 until both are known. */
    private double verbosity(long organizationId, Task task, Offer served, Offer other) {
        Mean one = lengths.getIfPresent(new Answers(organizationId, task, served.model()));
        Mean two = lengths.getIfPresent(new Answers(organizationId, task, other.model()));
        return one == null || two == null || one.count < ENOUGH || two.count < ENOUGH
                ? 1
                : Math.exp(two.value - one.value);
    }

    private static Optional<BigDecimal> cost(Offer offer, Usage usage, Instant at) {
        return offer.priceAt(at)
                .flatMap((Price price) -> Charge.of(usage, price.unitPrices(PriceTier.STANDARD, usage.promptTokens())));
    }

    /** Learns from what a provider reported of one request. */
    public void learn(long organizationId, Task task, Offer served, long promptTokens, Usage reported) {
        if (promptTokens > 50 && reported.promptTokens() > 0) {
            double factor = Math.clamp((double) reported.promptTokens() / promptTokens, 0.25, 4);
            factors.merge(served.provider(), Mean.of(factor), (known, next) -> known.with(factor));
        }
        Long output = reported.output();
        if (output != null && output > 0) {
            Long reasoning = reported.reasoning();
            double length = Math.log(output + (reasoning == null ? 0.0 : reasoning));
            lengths.asMap()
                    .merge(
                            new Answers(organizationId, task, served.model()),
                            Mean.of(length),
                            (known, next) -> known.with(length));
        }
    }

    private static @Nullable Long scaled(@Nullable Long tokens, double by) {
        return tokens == null ? null : Math.min(Math.round(tokens * by), Usage.MOST);
    }

    private static boolean thinks(Offer offer) {
        return offer.tier() == Tier.frontier && offer.capabilities().getOrDefault("reasoning", false);
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
