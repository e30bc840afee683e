package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;

/** {@code GET /v1beta/models} and {@code GET /v1beta/models/{id}} of Google. */
record GeminiModels() implements Dialect {

    @Override
    public boolean speaks(String method, String path) {
        return method.equals("GET") && GeminiErrors.belowModels(path).isPresent();
    }

    @Override
    public void answer(Call call) throws IOException {
        if (GeminiErrors.refuses(call)) {
            return;
        }
        String id = GeminiErrors.belowModels(call.path()).orElseThrow();
        if (id.isEmpty()) {
            ObjectNode list = Wire.object();
            ArrayNode models = list.putArray("models");
            GeminiModel.ALL.forEach(model -> models.add(model.json()));
            call.answer(200, list, GeminiErrors.headers());
            return;
        }
        Optional<GeminiModel> model =
                GeminiModel.ALL.stream().filter(each -> each.id().equals(id)).findFirst();
        if (model.isPresent()) {
            call.answer(200, model.get().json(), GeminiErrors.headers());
        } else {
            GeminiErrors.unknownModel(call, id, "getModel");
        }
    }
}
