package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** A Claude model and what it takes, told by its name. */
record AnthropicModel(String id) {

    static final List<AnthropicModel> ALL = List.of(
            new AnthropicModel("claude-opus-4-8"),
            new AnthropicModel("claude-sonnet-5"),
            new AnthropicModel("claude-opus-4-6"),
            new AnthropicModel("claude-sonnet-4-6"),
            new AnthropicModel("claude-opus-4-5-20251101"),
            new AnthropicModel("claude-haiku-4-5-20251001"),
            new AnthropicModel("claude-sonnet-4-5-20250929"),
            new AnthropicModel("claude-opus-4-1-20250805"),
            new AnthropicModel("claude-sonnet-4-20250514"),
            new AnthropicModel("claude-3-haiku-20240307"));

    private static final Map<String, String> SNAPSHOTS = Map.of(
            "claude-haiku-4-5", "claude-haiku-4-5-20251001",
            "claude-sonnet-4-5", "claude-sonnet-4-5-20250929",
            "claude-opus-4-5", "claude-opus-4-5-20251101",
            "claude-opus-4-1", "claude-opus-4-1-20250805",
            "claude-opus-4-0", "claude-opus-4-20250514",
            "claude-sonnet-4-0", "claude-sonnet-4-20250514",
            "claude-3-7-sonnet-latest", "claude-3-7-sonnet-20250219");

    boolean exists() {
        return id.startsWith("claude-");
    }

    /** The name that answers carry. */
    String answering() {
        return SNAPSHOTS.getOrDefault(id, id);
    }

    /** After Opus 4.6: adaptive thinking alone, no sampling parameters, system turns in between. */
    boolean isAfterOpus46() {
        return id.matches("claude-(opus-4-[789]|opus-[5-9]|sonnet-[5-9]|haiku-[5-9]|fable|mythos).*");
    }

    boolean thinksAdaptively() {
        return isAfterOpus46() || id.matches("claude-(opus|sonnet)-4-6.*");
    }

    boolean thinks() {
        return !id.startsWith("claude-3-") || id.startsWith("claude-3-7");
    }

    boolean takesPrefill() {
        return !isAfterOpus46() && !id.startsWith("claude-opus-4-6");
    }

    /** The Claude 4.x that refuse temperature and top_p together. */
    boolean takesOneSamplingParameter() {
        return id.matches("claude-(opus|sonnet|haiku)-4-[1-6].*");
    }

    boolean takesForcedTools() {
        return !id.startsWith("claude-fable-5-1");
    }

    int mostOutput() {
        if (thinksAdaptively()) {
            return 128_000;
        }
        if (!thinks()) {
            return id.startsWith("claude-3-5") ? 8192 : 4096;
        }
        return id.matches("claude-opus-4-(0|1|2025).*") ? 32_000 : 64_000;
    }

    int contextWindow() {
        return thinksAdaptively() ? 1_000_000 : 200_000;
    }

    ObjectNode json() {
        return Wire.object()
                .put("type", "model")
                .put("id", id)
                .put("display_name", "Simulated " + id)
                .put("created_at", "2026-01-15T00:00:00Z")
                .put("max_input_tokens", contextWindow())
                .put("max_tokens", mostOutput());
    }
}
