package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.server.simulator.OpenAiErrors.Problem;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What a chat completion's request has to keep to. */
record ChatRules(OpenAiFlavour flavour, JsonNode request) {

    private static final Members REQUEST = Members.of(
            "audio",
            "frequency_penalty",
            "function_call",
            "functions",
            "logit_bias",
            "logprobs",
            "max_completion_tokens",
            "max_tokens",
            "messages",
            "metadata",
            "modalities",
            "model",
            "moderation",
            "n",
            "parallel_tool_calls",
            "prediction",
            "presence_penalty",
            "prompt_cache_key",
            "prompt_cache_options",
            "prompt_cache_retention",
            "reasoning_effort",
            "response_format",
            "safety_identifier",
            "seed",
            "service_tier",
            "stop",
            "store",
            "stream",
            "stream_options",
            "temperature",
            "tool_choice",
            "tools",
            "top_logprobs",
            "top_p",
            "user",
            "verbosity",
            "web_search_options");
    private static final Members GROQ_REQUEST = REQUEST.and(
            "reasoning_format",
            "include_reasoning",
            "citation_options",
            "compound_custom",
            "disable_tool_validation",
            "documents",
            "exclude_domains",
            "include_domains",
            "search_settings");
    private static final Members MESSAGE =
            Members.of("role", "content", "name", "tool_calls", "tool_call_id", "function_call");
    private static final Members OPENAI_MESSAGE = MESSAGE.and("refusal", "annotations", "audio");
    private static final Members GROQ_MESSAGE = MESSAGE.and("reasoning", "channel");

    /** The first that is broken. */
    Optional<Problem> broken() {
        List<Supplier<Optional<Problem>>> rules = List.of(
                this::isComplete,
                this::hasKnownMembersOnly,
                this::hasKnownMessageMembersOnly,
                this::answersEveryToolCall,
                this::givesNoInstructionsToO1Mini,
                this::asksNoReasonerForTheImpossible,
                this::hasStrictSchemas,
                this::staysWithinGroq);
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
        if (request.path("messages").isEmpty()) {
            return Optional.of(Problem.missing("messages"));
        }
        return flavour.knows(model) ? Optional.empty() : Optional.of(Problem.unknownModel(model));
    }

    private Optional<Problem> hasKnownMembersOnly() {
        return switch (flavour) {
            case OPENAI ->
                REQUEST.unknownIn(request)
                        .map(name -> Problem.invalid("Unrecognized request argument supplied: " + name, null, null));
            case GROQ ->
                GROQ_REQUEST
                        .unknownIn(request)
                        .map(name -> Problem.invalid("property '" + name + "' is unsupported", null, null));
        };
    }

    private Optional<Problem> hasKnownMessageMembersOnly() {
        for (int i = 0; i < request.path("messages").size(); i++) {
            JsonNode message = request.path("messages").path(i);
            int index = i;
            Optional<Problem> problem = switch (flavour) {
                case OPENAI ->
                    OPENAI_MESSAGE.unknownIn(message).map(name -> Problem.unknown("messages[" + index + "]." + name));
                case GROQ ->
                    GROQ_MESSAGE
                            .unknownIn(message)
                            .map(name -> groqMessage(index, message, "property '" + name + "' is unsupported"));
            };
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private static Problem groqMessage(int index, JsonNode message, String fault) {
        String name = "'messages." + index + "'";
        return Problem.invalid(
                name + " : for 'role:" + message.path("role").asText() + "' the following must be satisfied[(" + name
                        + " : " + fault + ")]",
                null,
                null);
    }

    /** The results follow the calls at once, and nothing else does. */
    private Optional<Problem> answersEveryToolCall() {
        Set<String> open = new LinkedHashSet<>();
        boolean inResults = false;
        for (int i = 0; i < request.path("messages").size(); i++) {
            JsonNode message = request.path("messages").path(i);
            if (message.path("role").asText().equals("tool")) {
                if (!inResults) {
                    return Optional.of(Problem.invalid(
                            "Invalid parameter: messages with role 'tool' must be a response to a preceeding message"
                                    + " with 'tool_calls'.",
                            "messages.[" + i + "].role",
                            null));
                }
                if (!open.remove(message.path("tool_call_id").asText())) {
                    return Optional.of(Problem.invalid(
                            "Invalid parameter: 'tool_call_id' of '"
                                    + message.path("tool_call_id").asText()
                                    + "' not found in 'tool_calls' of previous message.",
                            "messages.[" + i + "].tool_call_id",
                            null));
                }
                continue;
            }
            if (!open.isEmpty()) {
                return unanswered(open, i);
            }
            message.path("tool_calls").forEach(call -> open.add(call.path("id").asText()));
            inResults = !open.isEmpty();
        }
        return open.isEmpty()
                ? Optional.empty()
                : unanswered(open, request.path("messages").size());
    }

    private static Optional<Problem> unanswered(Set<String> calls, int index) {
        return Optional.of(Problem.invalid(
                "An assistant message with 'tool_calls' must be followed by tool messages responding to each"
                        + " 'tool_call_id'. The following tool_call_ids did not have response messages: "
                        + String.join(", ", calls),
                "messages.[" + index + "].role",
                null));
    }

    private Optional<Problem> givesNoInstructionsToO1Mini() {
        for (int i = 0; i < request.path("messages").size(); i++) {
            String role = request.path("messages").path(i).path("role").asText();
            String parameter = "messages[" + i + "].role";
            if (request.path("model").asText().startsWith("o1-mini") && role.matches("system|developer")) {
                return Optional.of(Problem.invalid(
                        "Unsupported value: '" + parameter + "' does not support '" + role + "' with this model.",
                        parameter,
                        "unsupported_value"));
            }
        }
        return Optional.empty();
    }

    private Optional<Problem> asksNoReasonerForTheImpossible() {
        String model = request.path("model").asText();
        if (flavour != OpenAiFlavour.OPENAI || !flavour.reasons(model)) {
            return Optional.empty();
        }
        if (request.hasNonNull("max_tokens")) {
            return Optional.of(Problem.invalid(
                    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens'"
                            + " instead.",
                    "max_tokens",
                    "unsupported_parameter"));
        }
        if (request.hasNonNull("stop")) {
            return Optional.of(Problem.invalid(
                    "Unsupported parameter: 'stop' is not supported with this model.",
                    "stop",
                    "unsupported_parameter"));
        }
        if (request.path("temperature").asDouble(1) != 1) {
            return Optional.of(Problem.invalid(
                    "Unsupported value: 'temperature' does not support "
                            + request.path("temperature").asText()
                            + " with this model. Only the default (1) value is supported.",
                    "temperature",
                    "unsupported_value"));
        }
        return Optional.empty();
    }

    private Optional<Problem> hasStrictSchemas() {
        JsonNode format = request.path("response_format").path("json_schema");
        if (format.path("strict").asBoolean()) {
            String owner = "response_format '" + format.path("name").asText() + "'";
            Optional<String> fault = new StrictSchema(owner, format.path("schema")).fault();
            if (fault.isPresent()) {
                return fault.map(text -> Problem.invalid(text, "response_format", null));
            }
        }
        for (int i = 0; i < request.path("tools").size(); i++) {
            JsonNode function = request.path("tools").path(i).path("function");
            if (function.path("strict").asBoolean()) {
                String owner = "function '" + function.path("name").asText() + "'";
                String parameter = "tools[" + i + "].function.parameters";
                Optional<String> fault = new StrictSchema(owner, function.path("parameters")).fault();
                if (fault.isPresent()) {
                    return fault.map(text -> Problem.invalid(text, parameter, "invalid_function_parameters"));
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Problem> staysWithinGroq() {
        if (flavour != OpenAiFlavour.GROQ) {
            return Optional.empty();
        }
        if (request.path("n").asInt(1) > 1) {
            return Optional.of(Problem.invalid("'n' : number must be at most 1", null, null));
        }
        if (request.path("logprobs").asBoolean() || request.has("top_logprobs")) {
            return Optional.of(Problem.invalid("`logprobs` is not supported with this model", null, null));
        }
        for (int i = 0; i < request.path("messages").size(); i++) {
            JsonNode message = request.path("messages").path(i);
            if (message.path("role").asText().equals("assistant")
                    && message.path("content").isArray()) {
                return Optional.of(groqMessage(i, message, "'messages." + i + ".content' : value must be a string"));
            }
        }
        if (request.path("response_format").path("type").asText().equals("json_object")
                && !Wire.text(request.path("messages")).toLowerCase(Locale.ROOT).contains("json")) {
            return Optional.of(Problem.invalid(
                    "'messages' must contain the word 'json' in some form, to use 'response_format' of type"
                            + " 'json_object'.",
                    null,
                    null));
        }
        return Optional.empty();
    }
}
