package com.smashcost.ledger.control;

import com.smashcost.ledger.entity.LedgerEntry;
import com.smashcost.ledger.entity.LedgerEntry.Choice;
import com.smashcost.ledger.entity.LedgerEntry.FrozenPrices;
import com.smashcost.ledger.entity.LedgerEntry.Metered;
import com.smashcost.ledger.entity.LedgerEntry.Outcome;
import com.smashcost.ledger.entity.LedgerEntry.Tags;
import com.smashcost.ledger.entity.RequestId;
import com.smashcost.money.entity.UnitPrices;
import com.smashcost.provider.entity.Usage;
import com.smashcost.routing.entity.Mode;
import com.smashcost.routing.entity.Routing;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Requests as organisations make them: some customers and models ask far more than others, prompts and times spread over orders of
 * magnitude, some fail, and of some nothing is known but that they were. The same seed makes the same requests.
 */
final class Scenery {

    /** Prices are US dollars per million tokens. */
    private record Model(String name, String provider, FrozenPrices prices) {

        static Model of(String name, String provider, long version, String input, String cached, String output) {
            return new Model(
                    name,
                    provider,
                    new FrozenPrices(
                            version,
                            new UnitPrices(
                                    price(input),
                                    price(cached),
                                    price(input),
                                    price(input),
                                    price(output),
                                    price(output),
                                    null,
                                    null)));
        }

        private static BigDecimal price(String perMillion) {
            return new BigDecimal(perMillion).movePointLeft(6);
        }
    }

    private static final List<Model> MODELS = List.of(
            Model.of("gpt-4o", "openai", 1, "2.5", "1.25", "10"),
            Model.of("claude-sonnet-4-5", "anthropic", 2, "3", "0.3", "15"),
            Model.of("gpt-5", "openai", 3, "1.25", "0.125", "10"),
            Model.of("claude-opus-4-5", "anthropic", 4, "5", "0.5", "25"),
            Model.of("gemini-2.5-pro", "google", 5, "1.25", "0.125", "10"));

    private static final List<Model> CHEAP = List.of(
            Model.of("gpt-4o-mini", "openai", 6, "0.15", "0.075", "0.6"),
            Model.of("claude-haiku-4-5", "anthropic", 7, "1", "0.1", "5"),
            Model.of("gemini-2.5-flash", "google", 8, "0.3", "0.03", "2.5"),
            Model.of("llama-3.3-70b-versatile", "groq", 9, "0.59", "0.59", "0.79"));

    private static final List<String> TASKS =
            List.of("code", "summarization", "classification", "open_qa", "reasoning", "translation");

    private static final List<String> FEATURES =
            List.of("chat", "search", "tickets", "reports", "autocomplete", "onboarding", "mail", "export");

    /**
     * Who asks.
     *
     * @param customers how many customers of its own it has
     */
    record Asker(long organizationId, List<Long> keys, int customers, Mode mode) {

        Asker {
            keys = List.copyOf(keys);
        }
    }

    private final Random random;

    Scenery(long seed) {
        this.random = new Random(seed);
    }

    /** A request that began then. */
    LedgerEntry at(Asker asker, Instant instant) {
        Model asked = skewed(MODELS);
        boolean routes = asker.mode() == Mode.active && random.nextInt(10) < 8;
        boolean moved = routes && random.nextInt(10) < 6;
        Model cheap = skewed(CHEAP);
        Model used = moved ? cheap : asked;
        boolean failed = random.nextInt(100) < 3;
        boolean unknown = random.nextInt(100) < 2;
        Usage usage = failed || unknown ? Usage.UNKNOWN : usage();
        BigDecimal cost = cost(usage, used);
        return new LedgerEntry(
                id(instant),
                asker.organizationId(),
                skewed(asker.keys()),
                instant,
                random.nextBoolean(),
                new Tags(
                        random.nextInt(20) == 0 ? null : "customer-" + skewed(asker.customers()),
                        random.nextInt(10) == 0 ? null : skewed(FEATURES)),
                new Choice(
                        asked.name(),
                        failed && random.nextBoolean() ? null : used.name(),
                        asker.mode() == Mode.observation ? cheap.name() : null,
                        used.provider(),
                        routes
                                ? random.nextInt(5) == 0 ? Routing.session_cache : Routing.classifier
                                : random.nextInt(20) == 0 ? Routing.override : Routing.passthrough,
                        asker.mode(),
                        random.nextInt(20) == 0 ? null : skewed(TASKS),
                        BigDecimal.valueOf(random.nextInt(100_000), 5)),
                null,
                outcome(failed),
                new Metered(
                        usage,
                        !unknown && random.nextInt(50) == 0,
                        "standard",
                        used.prices(),
                        asked.prices(),
                        cost,
                        cost(usage, asked),
                        asker.mode() == Mode.observation ? cost(usage, cheap) : null,
                        moved && random.nextInt(30) == 0 && usage.cached() != null ? usage.cached() : null));
    }

    private Outcome outcome(boolean failed) {
        if (!failed) {
            long first = millis(350);
            return new Outcome(
                    200,
                    null,
                    1,
                    random.nextInt(200) == 0,
                    Duration.ofMillis(first + millis(1500)),
                    random.nextInt(3) == 0 ? null : Duration.ofMillis(first));
        }
        return switch (random.nextInt(5)) {
            case 0 -> new Outcome(null, LedgerEntry.INTERRUPTED, 1, false, null, null);
            case 1 -> new Outcome(429, "rate_limited", 2, false, Duration.ofMillis(millis(60)), null);
            case 2 -> new Outcome(200, "stream_cut", 1, false, Duration.ofMillis(millis(4000)), null);
            case 3 -> new Outcome(499, "client_left", 1, false, Duration.ofMillis(millis(900)), null);
            default -> new Outcome(502, "upstream_error", 3, true, Duration.ofMillis(millis(2500)), null);
        };
    }

    private Usage usage() {
        long input = tokens(700);
        return new Usage(
                input,
                random.nextInt(3) == 0 ? tokens(2000) : 0L,
                random.nextInt(10) == 0 ? tokens(1000) : null,
                null,
                tokens(180),
                random.nextInt(6) == 0 ? tokens(400) : null,
                null,
                null,
                null);
    }

    private static @Nullable BigDecimal cost(Usage usage, Model model) {
        if (usage.input() == null || usage.output() == null) {
            return null;
        }
        UnitPrices prices = model.prices().prices();
        return times(usage.input(), prices.input())
                .add(times(usage.cached(), prices.cachedInput()))
                .add(times(usage.cacheWrite5m(), prices.cacheWrite5m()))
                .add(times(usage.output(), prices.output()))
                .add(times(usage.reasoning(), prices.reasoningOutput()));
    }

    private static BigDecimal times(@Nullable Long tokens, @Nullable BigDecimal price) {
        return tokens == null || price == null ? BigDecimal.ZERO : price.multiply(BigDecimal.valueOf(tokens));
    }

    private long tokens(int middle) {
        return Math.min(200_000, 1 + (long) (middle * Math.exp(random.nextGaussian())));
    }

    private long millis(int middle) {
        return Math.min(600_000, (long) (middle * Math.exp(random.nextGaussian() * 0.8)));
    }

    /** One of so many, the first far more often than the last. */
    private int skewed(int count) {
        return (int) (Math.pow(random.nextDouble(), 2.5) * count);
    }

    private <T> T skewed(List<T> all) {
        return all.get(skewed(all.size()));
    }

    private RequestId id(Instant instant) {
        return RequestId.of(ByteBuffer.allocate(16)
                .putLong(instant.toEpochMilli() << 16 | 0x7000 | random.nextInt(1 << 12))
                .putLong(random.nextLong() >>> 2 | Long.MIN_VALUE)
                .array());
    }

    /** Any instant from one to before the other. */
    Instant between(Instant from, Instant to) {
        return from.plusMillis(random.nextLong(Duration.between(from, to).toMillis()));
    }
}
