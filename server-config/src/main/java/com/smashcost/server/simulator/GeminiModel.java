package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** A Gemini model and what it takes, told by its name. */
record GeminiModel(String id) {

    static final List<GeminiModel> ALL = List.of(
            new GeminiModel("gemini-3.6-flash"),
            new GeminiModel("gemini-3.1-pro-preview"),
            new GeminiModel("gemini-3-flash-preview"),
            new GeminiModel("gemini-2.5-pro"),
            new GeminiModel("gemini-2.5-flash"),
            new GeminiModel("gemini-2.5-flash-lite"),
            new GeminiModel("gemini-2.0-flash"),
            new GeminiModel("gemini-embedding-001"),
            new GeminiModel("gemini-embedding-2"));

    private static final Map<String, String> ANSWERING = Map.of(
            "gemini-3-pro-preview", "gemini-3.1-pro-preview",
            "gemini-flash-latest", "gemini-3.6-flash",
            "gemini-pro-latest", "gemini-3.1-pro-preview");

    boolean embeds() {
        return id.startsWith("gemini-embedding-");
    }

    boolean generates() {
        return id.matches("(gemini|gemma|learnlm)-.*") && !embeds();
    }

    /** The name that answers carry. */
    String answering() {
        return ANSWERING.getOrDefault(id, id);
    }

    /** Calls have ids and signatures that must come back; thinking is set by level. */
    boolean isThree() {
        return answering().startsWith("gemini-3");
    }

    boolean thinks() {
        return isThree() || id.startsWith("gemini-2.5");
    }

    /** Whether it thinks where a request says nothing of it. */
    boolean thinksUnasked() {
        return thinks() && !id.contains("lite");
    }

    /** Thinking cannot be switched off. */
    boolean alwaysThinks() {
        return id.startsWith("gemini-2.5-pro");
    }

    /** Whether vectors that were cut short are of length 1 again. */
    boolean normalises() {
        return !id.equals("gemini-embedding-001");
    }

    ObjectNode json() {
        ObjectNode model = Wire.object()
                .put("name", "models/" + id)
                .put("version", "001")
                .put("displayName", "Simulated " + id)
                .put("inputTokenLimit", embeds() ? 2048 : 1_048_576)
                .put("outputTokenLimit", embeds() ? 1 : 65_536);
        List<String> methods =
                embeds() ? List.of("embedContent", "batchEmbedContents") : List.of("generateContent", "countTokens");
        methods.forEach(model.putArray("supportedGenerationMethods")::add);
        if (embeds()) {
            return model;
        }
        model.put("temperature", 1).put("topP", 0.95).put("topK", 64).put("maxTemperature", 2);
        return thinks() ? model.put("thinking", true) : model;
    }
}
