package com.smashcost.server.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.server.simulator.OpenAiErrors.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code POST /embeddings} of OpenAI. */
record Embeddings() implements Dialect {

    private static final OpenAiFlavour FLAVOUR = OpenAiFlavour.OPENAI;
    private static final Members REQUEST = Members.of("model", "input", "encoding_format", "dimensions", "user");
    private static final Map<String, Integer> DIMENSIONS = Map.of(
            "text-embedding-3-small", 1536,
            "text-embedding-3-large", 3072,
            "text-embedding-ada-002", 1536);
    private static final int MOST_INPUTS = 2048;

    /**
     * One thing to embed.
     *
     * @param text for an array of tokens, their numbers
     */
    private record Input(String text, int tokens) {

        static Input of(JsonNode input) {
            return input.isTextual()
                    ? new Input(input.asText(), Tokens.count(input.asText()))
                    : new Input(Wire.text(input), input.size());
        }
    }

    @Override
    public boolean speaks(String method, String path) {
        return method.equals("POST") && path.equals(FLAVOUR.root() + "/embeddings");
    }

    @Override
    public void answer(Call call) throws IOException, InterruptedException {
        byte[] body = call.body();
        if (OpenAiErrors.refuses(call, FLAVOUR)) {
            return;
        }
        JsonNode request;
        try {
            request = Wire.parse(body);
        } catch (JsonProcessingException e) {
            OpenAiErrors.send(call, FLAVOUR, Problem.malformed());
            return;
        }
        List<Input> inputs = inputs(request.path("input"));
        Optional<Problem> problem = problem(request, inputs);
        if (problem.isPresent()) {
            OpenAiErrors.send(call, FLAVOUR, problem.get());
            return;
        }
        call.think();
        String model = request.path("model").asText();
        Map<String, String> headers = FLAVOUR.headers(call, FLAVOUR.requestId());
        headers.put("openai-model", model);
        call.answer(200, list(request, inputs), headers);
    }

    private static ObjectNode list(JsonNode request, List<Input> inputs) {
        String model = request.path("model").asText();
        int dimensions = request.path("dimensions").asInt(DIMENSIONS.getOrDefault(model, 0));
        ObjectNode list = Wire.object().put("object", "list");
        ArrayNode data = list.putArray("data");
        for (Input input : inputs) {
            ObjectNode each = data.addObject().put("object", "embedding").put("index", data.size() - 1);
            float[] vector = Vectors.of(input.text(), dimensions);
            if (request.path("encoding_format").asText().equals("base64")) {
                each.put("embedding", Vectors.base64(vector));
            } else {
                ArrayNode numbers = each.putArray("embedding");
                for (float number : vector) {
                    numbers.add(number);
                }
            }
        }
        int tokens = inputs.stream().mapToInt(Input::tokens).sum();
        list.put("model", model).putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
        return list;
    }

    /** A string, an array of strings, an array of tokens, or an array of those. */
    private static List<Input> inputs(JsonNode input) {
        List<Input> inputs = new ArrayList<>();
        if (input.isTextual() || input.path(0).isNumber()) {
            inputs.add(Input.of(input));
        } else {
            input.forEach(each -> inputs.add(Input.of(each)));
        }
        return inputs;
    }

    private static Optional<Problem> problem(JsonNode request, List<Input> inputs) {
        String model = request.path("model").asText();
        JsonNode dimensions = request.path("dimensions");
        if (!request.isObject()) {
            return Optional.of(Problem.malformed());
        }
        if (model.isEmpty()) {
            return Optional.of(Problem.missing("model"));
        }
        if (!DIMENSIONS.containsKey(model)) {
            return Optional.of(Problem.unknownModel(model));
        }
        if (inputs.isEmpty() || inputs.stream().anyMatch(input -> input.tokens() == 0)) {
            return Optional.of(Problem.invalid("'$.input' is invalid. Please check the API reference.", null, null));
        }
        if (inputs.size() > MOST_INPUTS) {
            return Optional.of(Problem.invalid(
                    "'$.input' is invalid. An array has at most " + MOST_INPUTS + " items.", null, null));
        }
        if (!request.path("encoding_format").asText("float").matches("float|base64")) {
            return Optional.of(Problem.invalid(
                    "'" + request.path("encoding_format").asText()
                            + "' is not one of ['float', 'base64'] - 'encoding_format'",
                    null,
                    null));
        }
        if (dimensions.isNumber() && model.endsWith("ada-002")) {
            return Optional.of(Problem.invalid("This model does not support specifying dimensions.", null, null));
        }
        if (dimensions.isNumber() && dimensions.asInt() < 1) {
            return Optional.of(
                    Problem.invalid(dimensions.asText() + " is less than the minimum of 1 - 'dimensions'", null, null));
        }
        if (dimensions.asInt() > DIMENSIONS.getOrDefault(model, 0)) {
            return Optional.of(Problem.invalid(
                    "Invalid value for 'dimensions' = " + dimensions.asText() + ". Must be less than or equal to "
                            + DIMENSIONS.get(model) + ".",
                    null,
                    null));
        }
        return REQUEST.unknownIn(request)
                .map(name -> Problem.invalid("Unrecognized request argument supplied: " + name, null, null));
    }
}
