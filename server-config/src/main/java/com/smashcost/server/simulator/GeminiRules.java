package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What a request to generate content has to keep to, once its names are known. */
record GeminiRules(JsonNode request, GeminiModel model) {

    private static final String REQUEST = "* GenerateContentRequest.";
    private static final int MOST_STOPS = 5;
    private static final int MOST_CANDIDATES = 8;

    /** What Google lets through for calls that another model made. */
    private static final Set<String> FILLERS =
            Set.of("skip_thought_signature_validator", "context_engineering_is_the_way_to_go");

    /** The first that is broken. */
    Optional<String> broken() {
        List<Supplier<Optional<String>>> rules = List.of(
                () -> hasContents(request, "GenerateContentRequest"),
                this::parts,
                this::functionTurns,
                this::signatures,
                this::functions,
                this::config,
                this::thinking);
        return rules.stream().map(Supplier::get).flatMap(Optional::stream).findFirst();
    }

    /** Turns of known roles, the user's first. */
    static Optional<String> hasContents(JsonNode request, String message) {
        JsonNode contents = request.path("contents");
        if (contents.isEmpty()) {
            return Optional.of("* " + message + ".contents: contents is not specified\n");
        }
        for (int i = 0; i < contents.size(); i++) {
            if (!contents.path(i).path("role").asText("user").matches("user|model|function")) {
                return Optional.of("Please use a valid role: user, model.");
            }
            if (contents.path(i).path("parts").isEmpty()) {
                return Optional.of("* " + message + ".contents[" + i + "].parts: contents.parts must not be empty.\n");
            }
        }
        return contents.path(0).path("role").asText("user").equals("user")
                ? Optional.empty()
                : Optional.of("Please ensure that multiturn requests start with a user turn.");
    }

    private Optional<String> parts() {
        JsonNode contents = request.path("contents");
        for (int i = 0; i < contents.size(); i++) {
            JsonNode parts = contents.path(i).path("parts");
            for (int j = 0; j < parts.size(); j++) {
                Optional<String> problem = part(parts.path(j), "contents[" + i + "].parts[" + j + "]");
                if (problem.isPresent()) {
                    return problem;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> part(JsonNode part, String path) {
        Set<String> data = new HashSet<>(Wire.names(part));
        data.removeAll(Set.of("thought", "thoughtSignature", "videoMetadata", "mediaResolution", "partMetadata"));
        boolean signature = data.isEmpty() && part.has("thoughtSignature");
        if (data.size() != 1 && !signature) {
            return Optional.of(REQUEST + path + ".data: required oneof field 'data' must have one initialized field\n");
        }
        JsonNode arguments = part.path("functionCall").path("args");
        if (!arguments.isMissingNode() && !arguments.isObject()) {
            return Optional.of("Invalid value at '" + path
                    + ".function_call.args' (type.googleapis.com/google.protobuf.Struct), " + arguments);
        }
        JsonNode response = part.path("functionResponse").path("response");
        if (!response.isMissingNode() && !response.isObject()) {
            return Optional.of("Invalid value at '" + path
                    + ".function_response.response' (type.googleapis.com/google.protobuf.Struct), " + response);
        }
        JsonNode blob = part.path("inlineData");
        if (blob.isObject() && blob.path("mimeType").asText().isEmpty()) {
            return Optional.of(REQUEST + path + ".inline_data.mime_type: must not be empty\n");
        }
        // both alphabets, as protocol buffers read them
        if (!blob.path("data").asText().matches("[A-Za-z0-9+/_-]*={0,2}")) {
            return Optional.of("Invalid value at '" + path + ".inline_data.data' (TYPE_BYTES), Base64 decoding failed");
        }
        return Optional.empty();
    }

    /** The turn after calls holds one response for each of them, by name. */
    private Optional<String> functionTurns() {
        JsonNode contents = request.path("contents");
        for (int i = 0; i < contents.size(); i++) {
            List<String> calls = names(contents.path(i), "functionCall");
            List<String> before = names(contents.path(i - 1), "functionCall");
            List<String> responses = names(contents.path(i), "functionResponse");
            if (!responses.isEmpty() && before.isEmpty()) {
                return Optional.of(
                        "Please ensure that function response turn comes immediately after a function call turn.");
            }
            if (responses.size() != before.size()) {
                return Optional.of("Please ensure that the number of function response parts is equal to the number of"
                        + " function call parts of the function call turn.");
            }
            if (!before.containsAll(responses)) {
                return Optional.of("Please ensure that the names of the function response parts are those of the"
                        + " function call turn.");
            }
            if (!calls.isEmpty() && i == contents.size() - 1) {
                return Optional.of("Please ensure that function call turn is followed by a function response turn.");
            }
        }
        return Optional.empty();
    }

    private static List<String> names(JsonNode content, String kind) {
        List<String> names = new ArrayList<>();
        for (JsonNode part : content.path("parts")) {
            if (part.has(kind)) {
                names.add(part.path(kind).path("name").asText());
            }
        }
        return names;
    }

    /** What the model signed comes back as it was; from Gemini 3 on it must, within the current turn. */
    private Optional<String> signatures() {
        JsonNode contents = request.path("contents");
        int current = 0;
        for (int i = 0; i < contents.size(); i++) {
            boolean users = contents.path(i).path("role").asText("user").equals("user");
            if (users && names(contents.path(i), "functionResponse").isEmpty()) {
                current = i;
            }
        }
        for (int i = 0; i < contents.size(); i++) {
            boolean first = true;
            for (JsonNode part : contents.path(i).path("parts")) {
                String signature = part.path("thoughtSignature").asText();
                if (!signature.isEmpty() && !FILLERS.contains(signature) && !Seal.isIntact(signature)) {
                    return Optional.of("Corrupted thought signature.");
                }
                if (part.has("functionCall")) {
                    if (model.isThree() && first && i > current && signature.isEmpty()) {
                        return Optional.of("Function call is missing a thought_signature in functionCall parts. This is"
                                + " required for tools to work correctly, and missing thought_signature may lead to"
                                + " degraded model performance. Additional data, function call `default_api:"
                                + part.path("functionCall").path("name").asText() + "` , position " + (i + 1)
                                + ". Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more"
                                + " details.");
                    }
                    first = false;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> functions() {
        for (int i = 0; i < request.path("tools").size(); i++) {
            JsonNode functions = request.path("tools").path(i).path("functionDeclarations");
            for (int j = 0; j < functions.size(); j++) {
                JsonNode function = functions.path(j);
                String path = REQUEST + "tools[" + i + "].function_declarations[" + j + "].";
                if (!function.path("name").asText().matches("[A-Za-z_][A-Za-z0-9_.:-]{0,63}")) {
                    return Optional.of(path + "name: Invalid function name. Must start with a letter or an underscore."
                            + " Must be alphameric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes"
                            + " (-), with a maximum length of 64.\n");
                }
                if (function.has("parameters") && function.has("parametersJsonSchema")) {
                    return Optional.of(
                            path + "parameters: only one of parameters and parameters_json_schema may be" + " set\n");
                }
                Optional<String> fault = schema(function.path("parameters"), path + "parameters");
                if (fault.isPresent()) {
                    return fault;
                }
            }
        }
        JsonNode calling = request.path("toolConfig").path("functionCallingConfig");
        return calling.has("allowedFunctionNames")
                        && !calling.path("mode").asText().matches("ANY|VALIDATED")
                ? Optional.of("Allowed function names should be set only when function calling mode is ANY or"
                        + " VALIDATED.")
                : Optional.empty();
    }

    /** In the old form of schemas, arrays say what they hold and objects with properties are objects. */
    private static Optional<String> schema(JsonNode schema, String path) {
        String type = schema.path("type").asText();
        if (type.equalsIgnoreCase("array") && !schema.has("items")) {
            return Optional.of(path + ".items: missing field.\n");
        }
        for (String name : Wire.names(schema.path("properties"))) {
            Optional<String> fault = schema(schema.path("properties").path(name), path + ".properties[" + name + "]");
            if (fault.isPresent()) {
                return fault;
            }
        }
        return schema.has("items") ? schema(schema.path("items"), path + ".items") : Optional.empty();
    }

    private Optional<String> config() {
        JsonNode config = request.path("generationConfig");
        String path = REQUEST + "generation_config.";
        double temperature = config.path("temperature").asDouble(1);
        int candidates = config.path("candidateCount").asInt(1);
        if (temperature < 0 || temperature > 2) {
            return Optional.of(path + "temperature: temperature must be in the range [0.0, 2.0].\n");
        }
        if (candidates < 1 || candidates > MOST_CANDIDATES) {
            return Optional.of(path + "candidate_count: candidate_count must be in the range [1, 8].\n");
        }
        if (config.has("maxOutputTokens") && config.path("maxOutputTokens").asInt() < 1) {
            return Optional.of(path + "max_output_tokens: max_output_tokens must be positive.\n");
        }
        if (config.path("stopSequences").size() > MOST_STOPS) {
            return Optional.of(path + "stop_sequences: the maximum number of stop sequences is 5.\n");
        }
        boolean old = config.has("responseSchema");
        boolean full = config.has("responseJsonSchema");
        if (old && full) {
            return Optional.of(
                    path + "response_schema: only one of response_schema and response_json_schema may be" + " set.\n");
        }
        if ((old || full) && !config.path("responseMimeType").asText().matches("application/json|text/x.enum")) {
            return Optional.of(path + "response_schema: only allowed when response_mime_type is application/json or"
                    + " text/x.enum.\n");
        }
        return schema(config.path("responseSchema"), path + "response_schema");
    }

    private Optional<String> thinking() {
        JsonNode thinking = request.path("generationConfig").path("thinkingConfig");
        boolean budget = thinking.has("thinkingBudget");
        boolean level = thinking.has("thinkingLevel");
        if (thinking.isEmpty()) {
            return Optional.empty();
        }
        if (!model.thinks()) {
            return Optional.of("Thinking is not enabled for models/" + model.id() + ".");
        }
        if (budget && level) {
            return Optional.of("You can only set only one of thinking budget and thinking level.");
        }
        if (level && !model.isThree()) {
            return Optional.of("Thinking level is not supported for this model.");
        }
        if (level && !thinking.path("thinkingLevel").asText().matches("(?i)minimal|low|medium|high")) {
            return Optional.of("Invalid value at 'generation_config.thinking_config.thinking_level'");
        }
        return budget && thinking.path("thinkingBudget").asInt() == 0 && model.alwaysThinks()
                ? Optional.of("Budget 0 is invalid. This model only works in thinking mode.")
                : Optional.empty();
    }
}
