package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** {@code embedContent} and {@code batchEmbedContents} of Google: vectors without any usage. */
record GeminiEmbeddings() implements GeminiMethod {

    private static final String BATCH = "batchEmbedContents";
    private static final int DIMENSIONS = 3072;

    @Override
    public List<String> names() {
        return List.of("embedContent", BATCH);
    }

    @Override
    public String message(String name) {
        return name.equals(BATCH) ? "BatchEmbedContentsRequest" : "EmbedContentRequest";
    }

    @Override
    public boolean has(GeminiModel model) {
        return model.embeds();
    }

    @Override
    public Optional<String> broken(JsonNode request, GeminiModel model) {
        JsonNode requests = request.path("requests");
        if (!request.has("content") && requests.isEmpty()) {
            return Optional.of("* BatchEmbedContentsRequest.requests: requests must not be empty");
        }
        for (int i = 0; i < requests.size(); i++) {
            JsonNode each = requests.path(i);
            String path = "* BatchEmbedContentsRequest.requests[" + i + "].";
            if (!each.path("model").asText().equals("models/" + model.id())) {
                return Optional.of(path + "model: model must match the one in the batch request, models/" + model.id());
            }
            if (Prompt.text(each.path("content").path("parts")).isBlank()) {
                return Optional.of(path + "content: content is empty");
            }
            int dimensions = each.path("outputDimensionality").asInt(DIMENSIONS);
            if (dimensions < 1 || dimensions > DIMENSIONS) {
                return Optional.of(path + "output_dimensionality: must be from 1 to " + DIMENSIONS);
            }
        }
        return Optional.empty();
    }

    @Override
    public void answer(Call call, String name, JsonNode request, GeminiModel model) throws IOException {
        ObjectNode answer = Wire.object();
        if (name.equals(BATCH)) {
            ArrayNode embeddings = answer.putArray("embeddings");
            request.path("requests").forEach(each -> embeddings.add(embedding(each, model)));
        } else {
            answer.set("embedding", embedding(request, model));
        }
        call.answer(200, answer, GeminiErrors.headers());
    }

    private static ObjectNode embedding(JsonNode request, GeminiModel model) {
        String text = Prompt.text(request.path("content").path("parts"));
        int dimensions = request.path("outputDimensionality").asInt(DIMENSIONS);
        float[] vector = model.normalises()
                ? Vectors.of(text, dimensions)
                : Arrays.copyOf(Vectors.of(text, DIMENSIONS), dimensions);
        ObjectNode embedding = Wire.object();
        ArrayNode values = embedding.putArray("values");
        for (float number : vector) {
            values.add(number);
        }
        return embedding;
    }
}
