package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** Who speaks the OpenAI dialect: the same requests, with the differences that the recordings show. */
enum OpenAiFlavour {
    OPENAI(
            "/v1",
            "openai",
            List.of(
                    "gpt-4o",
                    "gpt-4o-mini",
                    "gpt-4.1",
                    "gpt-4.1-mini",
                    "gpt-4.1-nano",
                    "gpt-5",
                    "gpt-5-mini",
                    "gpt-5-nano",
                    "gpt-5.5",
                    "o4-mini",
                    "text-embedding-3-small",
                    "text-embedding-3-large",
                    "text-embedding-ada-002")) {
        @Override
        String completionId() {
            return "chatcmpl-" + Wire.random(29);
        }

        @Override
        String toolCallId(String function, int index) {
            return "call_" + Wire.random(24);
        }

        @Override
        String serviceTier() {
            return "default";
        }

        @Override
        String requestId() {
            return "req_" + UUID.randomUUID().toString().replace("-", "");
        }

        @Override
        Map<String, String> headers(Call call, String requestId) {
            Map<String, String> headers = new LinkedHashMap<>();
            headers.put("x-request-id", requestId);
            headers.put("openai-processing-ms", Long.toString(call.elapsedMillis()));
            headers.put("openai-version", "2020-10-01");
            headers.put("openai-organization", "simulated");
            headers.put("x-ratelimit-limit-requests", "10000");
            headers.put("x-ratelimit-limit-tokens", "2000000");
            headers.put("x-ratelimit-remaining-requests", "9999");
            headers.put("x-ratelimit-remaining-tokens", "1999982");
            headers.put("x-ratelimit-reset-requests", "6ms");
            headers.put("x-ratelimit-reset-tokens", "0s");
            return headers;
        }
    },

    GROQ(
            "/openai/v1",
            "Groq",
            List.of(
                    "llama-3.1-8b-instant",
                    "llama-3.3-70b-versatile",
                    "openai/gpt-oss-20b",
                    "openai/gpt-oss-120b",
                    "moonshotai/kimi-k2-instruct-0905",
                    "qwen/qwen3-32b")) {
        @Override
        String completionId() {
            return "chatcmpl-" + UUID.randomUUID();
        }

        @Override
        String toolCallId(String function, int index) {
            return "functions." + function + ":" + index;
        }

        @Override
        String serviceTier() {
            return "on_demand";
        }

        @Override
        String requestId() {
            return "req_01" + Wire.random(24).toLowerCase(Locale.ROOT);
        }

        @Override
        Map<String, String> headers(Call call, String requestId) {
            Map<String, String> headers = new LinkedHashMap<>();
            headers.put("x-request-id", requestId);
            headers.put("x-ratelimit-limit-requests", "14400");
            headers.put("x-ratelimit-limit-tokens", "30000");
            headers.put("x-ratelimit-remaining-requests", "14399");
            headers.put("x-ratelimit-remaining-tokens", "29970");
            headers.put("x-ratelimit-reset-requests", "6s");
            headers.put("x-ratelimit-reset-tokens", "60ms");
            return headers;
        }
    };

    private static final Map<String, String> SNAPSHOTS = Map.of(
            "gpt-4o", "gpt-4o-2024-08-06",
            "gpt-4o-mini", "gpt-4o-mini-2024-07-18",
            "gpt-4.1", "gpt-4.1-2025-04-14",
            "gpt-4.1-mini", "gpt-4.1-mini-2025-04-14",
            "gpt-4.1-nano", "gpt-4.1-nano-2025-04-14",
            "gpt-5", "gpt-5-2025-08-07",
            "gpt-5-mini", "gpt-5-mini-2025-08-07",
            "gpt-5-nano", "gpt-5-nano-2025-08-07",
            "gpt-5.5", "gpt-5.5-2026-04-23",
            "o4-mini", "o4-mini-2025-04-16");

    private final String root;
    private final String owner;

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<String> models;

    OpenAiFlavour(String root, String owner, List<String> models) {
        this.root = root;
        this.owner = owner;
        this.models = models;
    }

    String root() {
        return root;
    }

    List<String> models() {
        return models;
    }

    abstract String completionId();

    abstract String toolCallId(String function, int index);

    abstract String serviceTier();

    abstract String requestId();

    abstract Map<String, String> headers(Call call, String requestId);

    /** The name that answers carry: an alias becomes the snapshot it stands for. */
    String answering(String model) {
        return this == OPENAI ? SNAPSHOTS.getOrDefault(model, model) : model;
    }

    /** Whether the model thinks before it writes. */
    boolean reasons(String model) {
        return model.matches("gpt-5(?!.*-chat).*|o[0-9].*|openai/gpt-oss-.*|qwen/.*|deepseek-r1.*");
    }

    /** Whether the model thinks about this request; GPT-5 thought unasked, and its successors do not. */
    boolean thinks(String model, JsonNode effort) {
        return reasons(model)
                && (effort.isTextual() ? !effort.asText().matches("none|minimal") : !model.matches("gpt-5\\.[0-9].*"));
    }

    /** Whether the model is here; those of other dialects are not, and one for tests. */
    boolean knows(String model) {
        return !model.matches("(no-such-model|claude|gemini).*");
    }

    ObjectNode model(String id) {
        ObjectNode model = Wire.object()
                .put("id", id)
                .put("object", "model")
                .put("created", 1_715_367_049)
                .put("owned_by", owner);
        return this == GROQ ? model.put("active", true).put("context_window", 131_072) : model;
    }
}
