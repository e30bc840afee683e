package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code countTokens} of Google, for contents alone or for a whole request to generate. */
record GeminiTokenCount() implements GeminiMethod {

    @Override
    public List<String> names() {
        return List.of("countTokens");
    }

    @Override
    public String message(String name) {
        return "CountTokensRequest";
    }

    @Override
    public boolean has(GeminiModel model) {
        return model.generates();
    }

    @Override
    public Optional<String> broken(JsonNode request, GeminiModel model) {
        JsonNode generation = request.path("generateContentRequest");
        if (!generation.isObject()) {
            return GeminiRules.hasContents(request, "CountTokensRequest");
        }
        if (request.has("contents")) {
            return Optional.of("Only one of contents and generate_content_request may be set.");
        }
        return generation.path("model").asText().equals("models/" + model.id())
                ? GeminiRules.hasContents(generation, "GenerateContentRequest")
                : Optional.of("* CountTokensRequest.generate_content_request.model: must be models/" + model.id());
    }

    @Override
    public void answer(Call call, String name, JsonNode request, GeminiModel model) throws IOException {
        JsonNode generation = request.path("generateContentRequest");
        int tokens = GeminiContents.tokens(generation.isObject() ? generation : request);
        ObjectNode count = Wire.object().put("totalTokens", tokens);
        count.set("promptTokensDetails", GeminiReply.text(tokens));
        call.answer(200, count, GeminiErrors.headers());
    }
}
