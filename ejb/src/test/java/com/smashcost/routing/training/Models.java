package com.smashcost.routing.training;

import com.smashcost.catalog.entity.Tier;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The models of the development data: their tiers, their pairs, and their prices. */
final class Models {

    private static final Map<String, Tier> TIERS = Map.ofEntries(
            Map.entry("mixtral-8x7b-instruct", Tier.small),
            Map.entry("llama-3.1-8b-instruct", Tier.small),
            Map.entry("claude-3-haiku-20240307", Tier.small),
            Map.entry("gpt-3.5-turbo-0125", Tier.small),
            Map.entry("gemma-2-9b-it", Tier.small),
            Map.entry("gpt-4o-mini-2024-07-18", Tier.medium),
            Map.entry("gemini-1.5-flash-002", Tier.medium),
            Map.entry("gemini-1.5-flash", Tier.medium),
            Map.entry("llama-3.1-70b-instruct", Tier.medium),
            Map.entry("qwen2.5-72b-instruct", Tier.medium),
            Map.entry("claude-3-5-haiku-20241022", Tier.medium),
            Map.entry("llama-3.1-nemotron-51b-instruct", Tier.medium),
            Map.entry("gpt-4-1106-preview", Tier.large),
            Map.entry("gpt-4o-2024-08-06", Tier.large),
            Map.entry("claude-3-5-sonnet-20241022", Tier.large),
            Map.entry("gemini-1.5-pro-002", Tier.large),
            Map.entry("gemini-1.5-pro", Tier.large),
            Map.entry("o1-mini-2024-09-12", Tier.frontier));

    /**
     * A stronger and a weaker model of a source.
     *
     * @param cost of a call of the weaker one, as a share of the stronger one's: blended list prices of their time
     */
    record Pair(String source, String strong, String weak, double cost) {

        @Override
        public String toString() {
            return source + ": " + strong + " > " + weak;
        }
    }

    static final List<Pair> PAIRS = List.of(
            new Pair("routellm-mmlu", "gpt-4-1106-preview", "mixtral-8x7b-instruct", 0.03),
            new Pair("gsm8k", "gpt-4-1106-preview", "mixtral-8x7b-instruct", 0.03),
            new Pair("gsm8k", "llama-3.1-70b-instruct", "llama-3.1-8b-instruct", 0.2),
            new Pair("gsm8k", "claude-3-5-sonnet-20241022", "claude-3-haiku-20240307", 0.083),
            new Pair("gsm8k", "gpt-4o-2024-08-06", "gpt-4o-mini-2024-07-18", 0.06),
            new Pair("mmlu-pro", "llama-3.1-70b-instruct", "llama-3.1-8b-instruct", 0.2),
            new Pair("mmlu-pro", "gemini-1.5-pro-002", "gemini-1.5-flash-002", 0.06),
            new Pair("mmlu-pro", "qwen1.5-72b-chat", "qwen1.5-7b-chat", 0.22),
            new Pair("zeroeval-crux", "llama-3.1-70b-instruct", "llama-3.1-8b-instruct", 0.2),
            new Pair("zeroeval-crux", "claude-3-5-sonnet-20241022", "claude-3-haiku-20240307", 0.083),
            new Pair("zeroeval-crux", "gpt-4o-2024-08-06", "gpt-4o-mini-2024-07-18", 0.06),
            new Pair("llmrouter", "llama-3.1-nemotron-51b-instruct", "llama-3.1-8b-instruct", 0.3));

    private Models() {}

    /** Null for models that are weaker than any tier, or unlike what is sold. */
    static @Nullable Tier tier(String model) {
        return TIERS.get(model);
    }
}
