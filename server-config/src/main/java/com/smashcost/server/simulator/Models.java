package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;

/** {@code GET /models} and {@code GET /models/{id}} of the OpenAI dialect. */
record Models(OpenAiFlavour flavour) implements Dialect {

    @Override
    public boolean speaks(String method, String path) {
        return method.equals("GET") && (path.equals(list()) || path.startsWith(list() + "/"));
    }

    @Override
    public void answer(Call call) throws IOException {
        if (OpenAiErrors.refuses(call, flavour)) {
            return;
        }
        if (call.path().equals(list())) {
            ObjectNode answer = Wire.object().put("object", "list");
            ArrayNode data = answer.putArray("data");
            flavour.models().forEach(id -> data.add(flavour.model(id)));
            call.answer(200, answer, Map.of("x-request-id", flavour.requestId()));
            return;
        }
        String id = call.path().substring(list().length() + 1);
        if (flavour.models().contains(id)) {
            call.answer(200, flavour.model(id), Map.of("x-request-id", flavour.requestId()));
        } else {
            OpenAiErrors.send(call, flavour, OpenAiErrors.Problem.unknownModel(id));
        }
    }

    private String list() {
        return flavour.root() + "/models";
    }
}
