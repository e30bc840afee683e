package com.smashcost.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.matrix.Exchange.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/** The shipped catalogue: for what a model is, and whether it has a price. */
final class Models {

    private static final Map<String, JsonNode> CATALOGUE = read();

    /** Served on the Responses API alone, so that every client's question arrives there. */
    private static final String FOR_RESPONSES = "gpt-5.1-codex";

    private static final Map<String, String> USUAL = Map.of(
            "openai", "gpt-4o-mini",
            "groq", "meta-llama/llama-4-scout-17b-16e-instruct",
            "anthropic", "claude-sonnet-4-5",
            "google", "gemini-2.5-flash");

    private Models() {}

    /** How the gateway talks to a provider about a model for a client of this route. */
    static Wire spoken(Wire route, String provider, String model) {
        return switch (provider) {
            case "openai" ->
                mode(model).equals("responses") || (route == Wire.MESSAGES && reasons(model))
                        ? Wire.RESPONSES
                        : route == Wire.RESPONSES ? route : Wire.CHAT;
            case "groq" -> Wire.CHAT;
            case "anthropic" -> Wire.MESSAGES;
            default -> Wire.GEMINI;
        };
    }

    /** The model to ask for: the recorded one where the catalogue has it for this use, else one of the same provider. */
    static String of(Wire route, Exchange exchange) {
        String recorded = exchange.model();
        String mode = mode(recorded);
        if (exchange.kind() == Kind.VECTORS) {
            return mode.equals("embedding") ? recorded : "text-embedding-3-small";
        }
        if (exchange.wire() == Wire.RESPONSES && route != Wire.RESPONSES) {
            boolean arrives = mode.equals("responses") || (route == Wire.MESSAGES && reasons(recorded));
            return arrives ? recorded : FOR_RESPONSES;
        }
        if (exchange.wire() == Wire.CHAT
                && route == Wire.MESSAGES
                && exchange.provider().equals("openai")
                && reasons(recorded)) {
            return usual(exchange.provider());
        }
        boolean fits = mode.equals("chat") || (mode.equals("responses") && exchange.wire() == Wire.RESPONSES);
        return fits ? recorded : usual(exchange.provider());
    }

    static boolean isPriced(String model) {
        JsonNode offer = CATALOGUE.get(model);
        return offer != null && !offer.path("prices").isEmpty();
    }

    private static String usual(String provider) {
        String model = USUAL.get(provider);
        if (model == null || !CATALOGUE.containsKey(model)) {
            throw new IllegalStateException("the catalogue has no " + model + " of " + provider);
        }
        return model;
    }

    /** Whether thoughts are asked for where they can be returned with the next turn. */
    private static boolean reasons(String model) {
        JsonNode offer = CATALOGUE.get(model);
        return offer != null && offer.path("supports").path("reasoning").asBoolean();
    }

    private static String mode(String model) {
        JsonNode offer = CATALOGUE.get(model);
        return offer == null ? "" : offer.path("mode").asText();
    }

    private static Map<String, JsonNode> read() {
        try (InputStream file = Models.class.getResourceAsStream("/catalogue/models.json")) {
            Map<String, JsonNode> models = new HashMap<>();
            Exchange.JSON
                    .readTree(file)
                    .forEach(offer -> models.put(offer.path("id").asText(), offer));
            return models;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
