package com.smashcost.server.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Optional;

/** {@code POST /v1/messages/count_tokens} of Anthropic: what a message with the same content would cost. */
record AnthropicTokenCount() implements Dialect {

    @Override
    public boolean speaks(String method, String path) {
        return method.equals("POST") && path.equals(AnthropicErrors.ROOT + "/v1/messages/count_tokens");
    }

    @Override
    public void answer(Call call) throws IOException, InterruptedException {
        byte[] body = call.body();
        if (AnthropicErrors.refuses(call)) {
            return;
        }
        JsonNode request;
        try {
            request = Wire.parse(body);
        } catch (JsonProcessingException e) {
            AnthropicErrors.invalid(call, "The request body is not valid JSON: " + e.getOriginalMessage());
            return;
        }
        AnthropicModel model = new AnthropicModel(request.path("model").asText());
        Optional<String> problem = new AnthropicRules(request, model).ofTokenCount();
        if (problem.isPresent()) {
            AnthropicErrors.invalid(call, problem.get());
        } else if (!model.exists()) {
            AnthropicErrors.unknownModel(call, model.id());
        } else {
            call.think();
            int tokens = AnthropicUsage.of(request).total();
            call.answer(200, Wire.object().put("input_tokens", tokens), AnthropicErrors.headers());
        }
    }
}
