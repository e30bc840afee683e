package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code GET /v1/models} and {@code GET /v1/models/{id}} of Anthropic. */
record AnthropicModels() implements Dialect {

    private static final String LIST = AnthropicErrors.ROOT + "/v1/models";

    @Override
    public boolean speaks(String method, String path) {
        return method.equals("GET") && (path.equals(LIST) || path.startsWith(LIST + "/"));
    }

    @Override
    public void answer(Call call) throws IOException {
        if (AnthropicErrors.refuses(call)) {
            return;
        }
        if (call.path().equals(LIST)) {
            call.answer(200, list(call.query("limit")), AnthropicErrors.headers());
            return;
        }
        String id = call.path().substring(LIST.length() + 1);
        Optional<AnthropicModel> model = AnthropicModel.ALL.stream()
                .filter(each -> each.id().equals(new AnthropicModel(id).answering()))
                .findFirst();
        if (model.isPresent()) {
            call.answer(200, model.get().json(), AnthropicErrors.headers());
        } else {
            AnthropicErrors.unknownModel(call, id);
        }
    }

    private static ObjectNode list(String limit) {
        int most = limit.matches("[0-9]{1,4}") ? Integer.parseInt(limit) : 20;
        List<AnthropicModel> page = AnthropicModel.ALL.stream().limit(most).toList();
        ObjectNode list = Wire.object();
        ArrayNode data = list.putArray("data");
        page.forEach(model -> data.add(model.json()));
        return list.put("has_more", page.size() < AnthropicModel.ALL.size())
                .put("first_id", page.isEmpty() ? null : page.getFirst().id())
                .put("last_id", page.isEmpty() ? null : page.getLast().id());
    }
}
