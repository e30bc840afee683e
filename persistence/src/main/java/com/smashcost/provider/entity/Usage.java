package com.smashcost.provider.entity;

import org.jspecify.annotations.Nullable;

/**
 * What one request used: tokens in disjoint buckets, whose sum is what the provider processed, and calls of the provider's own
 * tools. What the provider did not report is null; a reported zero is zero.
 *
 * @param input text that was read anew
 * @param cached read from the prompt cache
 * @param cacheWrite5m written to a cache that lives for five minutes
 * @param cacheWrite1h written to a cache that lives for an hour
 * @param output visible text
 * @param reasoning thought, not shown
 * @param audioInput heard
 * @param audioOutput spoken
 * @param webSearches searches that a tool of the provider's own made: calls, not tokens
 */
public record Usage(
        @Nullable Long input,
        @Nullable Long cached,
        @Nullable Long cacheWrite5m,
        @Nullable Long cacheWrite1h,
        @Nullable Long output,
        @Nullable Long reasoning,
        @Nullable Long audioInput,
        @Nullable Long audioOutput,
        @Nullable Long webSearches) {

    /** The most that a bucket may hold; a larger figure is not believed. */
    public static final long MOST = 1_000_000_000L;

    /** Nothing was reported. */
    public static final Usage UNKNOWN = new Usage(null, null, null, null, null, null, null, null, null);

    public Usage {
        check(input);
        check(cached);
        check(cacheWrite5m);
        check(cacheWrite1h);
        check(output);
        check(reasoning);
        check(audioInput);
        check(audioOutput);
        check(webSearches);
    }

    /** Tokens alone. */
    public Usage(
            @Nullable Long input,
            @Nullable Long cached,
            @Nullable Long cacheWrite5m,
            @Nullable Long cacheWrite1h,
            @Nullable Long output,
            @Nullable Long reasoning,
            @Nullable Long audioInput,
            @Nullable Long audioOutput) {
        this(input, cached, cacheWrite5m, cacheWrite1h, output, reasoning, audioInput, audioOutput, null);
    }

    /** The same tokens with so many web searches; null = none was reported. */
    public Usage withWebSearches(@Nullable Long calls) {
        return new Usage(input, cached, cacheWrite5m, cacheWrite1h, output, reasoning, audioInput, audioOutput, calls);
    }

    /** Whether the provider reported its tokens. */
    public boolean isKnown() {
        return input != null || output != null;
    }

    /** All tokens of the prompt, cached and heard ones included; the size that price tiers look at. */
    public long promptTokens() {
        return count(input) + count(cached) + count(cacheWrite5m) + count(cacheWrite1h) + count(audioInput);
    }

    /** All tokens of prompt and answer; null where nothing was reported. */
    public @Nullable Long tokens() {
        return isKnown() ? promptTokens() + count(output) + count(reasoning) + count(audioOutput) : null;
    }

    private static long count(@Nullable Long tokens) {
        return tokens == null ? 0 : tokens;
    }

    private static void check(@Nullable Long count) {
        if (count != null && (count < 0 || count > MOST)) {
            throw new IllegalArgumentException("a bucket holds 0 to " + MOST + ", not " + count);
        }
    }
}
