package com.smashcost.provider.entity;

import org.jspecify.annotations.Nullable;

/**
 * Tokens of one request in disjoint buckets: their sum is what the provider processed. A bucket that the provider did not
 * report is null; a reported zero is zero.
 *
 * @param input text that was read anew
 * @param cached read from the prompt cache
 * @param cacheWrite5m written to a cache that lives for five minutes
 * @param cacheWrite1h written to a cache that lives for an hour
 * @param output visible text
 * @param reasoning thought, not shown
 * @param audioInput heard
 * @param audioOutput spoken
 */
public record Usage(
        @Nullable Long input,
        @Nullable Long cached,
        @Nullable Long cacheWrite5m,
        @Nullable Long cacheWrite1h,
        @Nullable Long output,
        @Nullable Long reasoning,
        @Nullable Long audioInput,
        @Nullable Long audioOutput) {

    /** The most tokens that a bucket may hold; a larger figure is not believed. */
    public static final long MOST = 1_000_000_000L;

    /** Nothing was reported. */
    public static final Usage UNKNOWN = new Usage(null, null, null, null, null, null, null, null);

    public Usage {
        check(input);
        check(cached);
        check(cacheWrite5m);
        check(cacheWrite1h);
        check(output);
        check(reasoning);
        check(audioInput);
        check(audioOutput);
    }

    /** Whether the provider reported anything. */
    public boolean isKnown() {
        return input != null || output != null;
    }

    /** All tokens of the prompt, cached and heard ones included; the size that price tiers look at. */
    public long promptTokens() {
        return count(input) + count(cached) + count(cacheWrite5m) + count(cacheWrite1h) + count(audioInput);
    }

    private static long count(@Nullable Long tokens) {
        return tokens == null ? 0 : tokens;
    }

    private static void check(@Nullable Long tokens) {
        if (tokens != null && (tokens < 0 || tokens > MOST)) {
            throw new IllegalArgumentException("a bucket holds 0 to " + MOST + " tokens, not " + tokens);
        }
    }
}
