package com.smashcost.server.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A {@code POST} to a model of Google, {@code models/{id}:{method}}: what comes before the answer is the same for all. */
interface GeminiMethod extends Dialect {

    /** The methods that are spoken. */
    List<String> names();

    /** The message that the body is. */
    String message(String name);

    boolean has(GeminiModel model);

    /** The first rule that is broken. */
    Optional<String> broken(JsonNode request, GeminiModel model);

    void answer(Call call, String name, JsonNode request, GeminiModel model) throws IOException, InterruptedException;

    @Override
    default boolean speaks(String method, String path) {
        return method.equals("POST")
                && GeminiErrors.belowModels(path).isPresent()
                && names().contains(path.substring(path.lastIndexOf(':') + 1));
    }

    @Override
    default void answer(Call call) throws IOException, InterruptedException {
        byte[] body = call.body();
        if (GeminiErrors.refuses(call)) {
            return;
        }
        String path = GeminiErrors.belowModels(call.path()).orElseThrow();
        int colon = path.lastIndexOf(':');
        String name = path.substring(colon + 1);
        GeminiModel model = new GeminiModel(path.substring(0, Math.max(0, colon)));
        GeminiFields.Read read;
        try {
            read = GeminiFields.read(Wire.parse(body), message(name));
        } catch (JsonProcessingException e) {
            GeminiErrors.malformed(call);
            return;
        }
        if (!read.tree().isObject()) {
            GeminiErrors.malformed(call);
        } else if (!read.violations().isEmpty()) {
            GeminiErrors.unknownFields(call, read.violations());
        } else if (!has(model)) {
            GeminiErrors.unknownModel(call, model.id(), name);
        } else {
            Optional<String> problem = broken(read.tree(), model);
            if (problem.isPresent()) {
                GeminiErrors.invalid(call, problem.get());
            } else {
                call.think();
                answer(call, name, read.tree(), model);
            }
        }
    }
}
