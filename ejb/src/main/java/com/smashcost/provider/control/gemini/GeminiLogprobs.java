package com.smashcost.provider.control.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Log probabilities of Gemini in the OpenAI chat dialect's form. */
final class GeminiLogprobs {

    private GeminiLogprobs() {}

    /** Those of a candidate; null if it has none. */
    static @Nullable ObjectNode of(JsonNode candidate) {
        JsonNode result = candidate.path("logprobsResult");
        JsonNode chosen = result.path("chosenCandidates");
        if (!chosen.isArray() || chosen.isEmpty()) {
            return null;
        }
        ObjectNode logprobs = Json.object();
        ArrayNode content = logprobs.putArray("content");
        for (int i = 0; i < chosen.size(); i++) {
            ObjectNode position = token(chosen.path(i));
            ArrayNode top = position.putArray("top_logprobs");
            for (JsonNode other : result.path("topCandidates").path(i).path("candidates")) {
                top.add(token(other));
            }
            content.add(position);
        }
        logprobs.putNull("refusal");
        return logprobs;
    }

    private static ObjectNode token(JsonNode from) {
        String token = from.path("token").asText("");
        ObjectNode to = Json.object().put("token", token);
        JsonNode logprob = from.path("logProbability");
        if (logprob.isNumber()) {
            to.set("logprob", logprob);
        } else {
            to.put("logprob", 0); // a certain one: zero is left out
        }
        ArrayNode bytes = to.putArray("bytes");
        for (byte b : token.getBytes(StandardCharsets.UTF_8)) {
            bytes.add(b & 0xFF);
        }
        return to;
    }
}
