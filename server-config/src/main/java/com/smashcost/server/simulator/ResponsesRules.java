package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.server.simulator.OpenAiErrors.Problem;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What a request for a response has to keep to. */
record ResponsesRules(OpenAiFlavour flavour, JsonNode request) {

    private static final Members REQUEST = Members.of(
            "background",
            "client_metadata",
            "context_management",
            "conversation",
            "include",
            "input",
            "instructions",
            "max_output_tokens",
            "max_tool_calls",
            "metadata",
            "model",
            "moderation",
            "parallel_tool_calls",
            "previous_response_id",
            "prompt",
            "prompt_cache_key",
            "prompt_cache_options",
            "prompt_cache_retention",
            "reasoning",
            "safety_identifier",
            "service_tier",
            "store",
            "stream",
            "stream_options",
            "temperature",
            "text",
            "tool_choice",
            "tools",
            "top_logprobs",
            "top_p",
            "truncation",
            "user");
    private static final Set<String> SAID_BY_USERS = Set.of("input_text", "input_image", "input_file", "input_audio");
    private static final Set<String> SAID_BY_MODELS = Set.of("output_text", "refusal");
    private static final int LEAST_TOKENS = 16;

    /** The first that is broken. */
    Optional<Problem> broken() {
        List<Supplier<Optional<Problem>>> rules = List.of(
                this::isComplete,
                this::hasKnownMembersOnly,
                this::hasKnownParts,
                this::answersEveryCall,
                this::returnsReasoningWhole,
                this::hasFlatTools,
                this::hasAWholeFormat,
                this::staysInRange,
                this::asksNoReasonerForTheImpossible,
                this::knowsThePreviousResponse);
        return rules.stream().map(Supplier::get).flatMap(Optional::stream).findFirst();
    }

    private Optional<Problem> isComplete() {
        String model = request.path("model").asText();
        if (!request.isObject()) {
            return Optional.of(Problem.malformed());
        }
        if (model.isEmpty()) {
            return Optional.of(Problem.missing("model"));
        }
        if (!flavour.knows(model)) {
            return Optional.of(
                    Problem.invalid("The requested model '" + model + "' does not exist.", "model", "model_not_found"));
        }
        JsonNode input = request.path("input");
        boolean said = input.isTextual() ? !input.asText().isEmpty() : input.size() > 0;
        return said || request.has("previous_response_id")
                ? Optional.empty()
                : Optional.of(Problem.invalid(
                        "One of \"input\" or \"previous_response_id\" or 'prompt' or 'conversation_id' must be provided.",
                        "input",
                        "missing_required_parameter"));
    }

    private Optional<Problem> hasKnownMembersOnly() {
        return REQUEST.unknownIn(request).map(Problem::unknown);
    }

    /** Parts have the names of this interface, not those of chat; items of an unknown type are let through. */
    private Optional<Problem> hasKnownParts() {
        for (int i = 0; i < request.path("input").size(); i++) {
            JsonNode item = request.path("input").path(i);
            Set<String> parts = item.path("role").asText().equals("assistant") ? SAID_BY_MODELS : SAID_BY_USERS;
            if (!item.has("role") || !item.path("content").isArray()) {
                continue;
            }
            for (int j = 0; j < item.path("content").size(); j++) {
                String type = item.path("content").path(j).path("type").asText();
                if (!parts.contains(type)) {
                    return Optional.of(Problem.invalid(
                            "Invalid value: '" + type + "'. Supported values are: "
                                    + parts.stream().sorted().toList() + ".",
                            "input[" + i + "].content[" + j + "]",
                            "invalid_value"));
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Problem> answersEveryCall() {
        Set<String> calls = ids("function_call");
        Set<String> outputs = ids("function_call_output");
        if (!request.hasNonNull("previous_response_id")) {
            for (String output : outputs) {
                if (!calls.contains(output)) {
                    return Optional.of(Problem.invalid(
                            "No tool call found for function call output with call_id " + output + ".", "input", null));
                }
            }
        }
        for (String call : calls) {
            if (!outputs.contains(call)) {
                return Optional.of(
                        Problem.invalid("No tool output found for function call " + call + ".", "input", null));
            }
        }
        return Optional.empty();
    }

    private Set<String> ids(String type) {
        Set<String> ids = new HashSet<>();
        for (JsonNode item : request.path("input")) {
            if (item.path("type").asText().equals(type)) {
                ids.add(item.path("call_id").asText());
            }
        }
        return ids;
    }

    private Optional<Problem> returnsReasoningWhole() {
        JsonNode input = request.path("input");
        for (int i = 0; i < input.size(); i++) {
            JsonNode item = input.path(i);
            if (!item.path("type").asText().equals("reasoning")) {
                continue;
            }
            JsonNode sealed = item.path("encrypted_content");
            if (sealed.isTextual() && !Seal.isIntact(sealed.asText())) {
                return Optional.of(Problem.invalid(
                        "The encrypted content for item " + item.path("id").asText()
                                + " could not be verified. Reason: Encrypted content could not be decrypted or"
                                + " parsed.",
                        null,
                        "invalid_encrypted_content"));
            }
            JsonNode next = input.path(i + 1);
            if (!next.path("role").asText().equals("assistant")
                    && !next.path("type").asText().matches("reasoning|.*_call")) {
                return Optional.of(Problem.invalid(
                        "Item '" + item.path("id").asText()
                                + "' of type 'reasoning' was provided without its required following item.",
                        "input",
                        null));
            }
        }
        return Optional.empty();
    }

    private Optional<Problem> hasFlatTools() {
        for (int i = 0; i < request.path("tools").size(); i++) {
            JsonNode tool = request.path("tools").path(i);
            String path = "tools[" + i + "]";
            if (!tool.path("type").asText().equals("function")) {
                continue;
            }
            if (!tool.path("name").isTextual()) {
                return Optional.of(Problem.missing(path + ".name"));
            }
            if (!tool.path("name").asText().matches("[a-zA-Z0-9_-]{1,64}")) {
                return Optional.of(Problem.invalid(
                        "Invalid '" + path + ".name': string does not match pattern. Expected a string that matches"
                                + " the pattern '^[a-zA-Z0-9_-]+$'.",
                        path + ".name",
                        "invalid_value"));
            }
            if (tool.path("strict").asBoolean()) {
                String owner = "function '" + tool.path("name").asText() + "'";
                Optional<String> fault = new StrictSchema(owner, tool.path("parameters")).fault();
                if (fault.isPresent()) {
                    return fault.map(
                            text -> Problem.invalid(text, path + ".parameters", "invalid_function_parameters"));
                }
            }
        }
        JsonNode choice = request.path("tool_choice");
        return choice.path("type").asText().equals("function") && !choice.has("name")
                ? Optional.of(Problem.missing("tool_choice.name"))
                : Optional.empty();
    }

    private Optional<Problem> hasAWholeFormat() {
        JsonNode format = request.path("text").path("format");
        if (!format.path("type").asText().equals("json_schema")) {
            return Optional.empty();
        }
        for (String member : List.of("name", "schema")) {
            if (!format.has(member)) {
                return Optional.of(Problem.missing("text.format." + member));
            }
        }
        if (!format.path("strict").asBoolean()) {
            return Optional.empty();
        }
        String owner = "response_format '" + format.path("name").asText() + "'";
        return new StrictSchema(owner, format.path("schema"))
                .fault()
                .map(text -> Problem.invalid(text, "text.format.schema", "invalid_json_schema"));
    }

    private Optional<Problem> staysInRange() {
        double temperature = request.path("temperature").asDouble(1);
        if (temperature < 0 || temperature > 2) {
            return Optional.of(Problem.invalid(
                    "Invalid 'temperature': decimal " + (temperature < 0 ? "below minimum" : "above maximum")
                            + " value. Expected a value " + (temperature < 0 ? ">= 0" : "<= 2") + ", but got "
                            + request.path("temperature").asText() + " instead.",
                    "temperature",
                    temperature < 0 ? "decimal_below_min_value" : "decimal_above_max_value"));
        }
        JsonNode most = request.path("max_output_tokens");
        return most.isNumber() && most.asInt() < LEAST_TOKENS
                ? Optional.of(Problem.invalid(
                        "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= " + LEAST_TOKENS
                                + ", but got " + most.asText() + " instead.",
                        "max_output_tokens",
                        "integer_below_min_value"))
                : Optional.empty();
    }

    private Optional<Problem> asksNoReasonerForTheImpossible() {
        boolean reasons = flavour.reasons(request.path("model").asText());
        if (reasons && request.path("temperature").asDouble(1) != 1) {
            return unsupported("temperature");
        }
        if (!reasons && request.path("reasoning").path("effort").isTextual()) {
            return unsupported("reasoning.effort");
        }
        return Optional.empty();
    }

    private static Optional<Problem> unsupported(String parameter) {
        return Optional.of(Problem.invalid(
                "Unsupported parameter: '" + parameter + "' is not supported with this model.",
                parameter,
                "unsupported_parameter"));
    }

    private Optional<Problem> knowsThePreviousResponse() {
        String previous = request.path("previous_response_id").asText("");
        return previous.isEmpty() || previous.matches("resp_0[a-z0-9]{48}")
                ? Optional.empty()
                : Optional.of(Problem.invalid(
                        "Previous response with id '" + previous + "' not found.",
                        "previous_response_id",
                        "previous_response_not_found"));
    }
}
