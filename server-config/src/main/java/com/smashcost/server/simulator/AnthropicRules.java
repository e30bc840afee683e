package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What a request to Anthropic has to keep to; its turns have rules of their own. */
record AnthropicRules(JsonNode request, AnthropicModel model) {

    private static final Members COUNTED = Members.of(
            "model",
            "messages",
            "system",
            "tools",
            "tool_choice",
            "thinking",
            "output_config",
            "output_format",
            "cache_control",
            "context_management",
            "mcp_servers",
            "speed",
            "user_profile_id",
            "workspace_id");
    private static final Members REQUEST = COUNTED.and(
            "max_tokens",
            "stop_sequences",
            "stream",
            "temperature",
            "top_p",
            "top_k",
            "metadata",
            "service_tier",
            "container",
            "diagnostics",
            "inference_geo");
    private static final Members TOOL = Members.of(
            "type",
            "name",
            "description",
            "input_schema",
            "strict",
            "cache_control",
            "eager_input_streaming",
            "defer_loading",
            "allowed_callers",
            "input_examples");
    private static final Members OUTPUT = Members.of("effort", "format");
    private static final Members METADATA = Members.of("user_id");
    private static final int LEAST_BUDGET = 1024;
    private static final int MOST_CACHE_MARKS = 4;

    /** The first rule for messages that is broken. */
    Optional<String> ofMessages() {
        return first(List.of(
                this::isObject,
                () -> required("model", "max_tokens", "messages"),
                () -> unknown(REQUEST, request, ""),
                this::staysWithinMaxTokens,
                this::samples,
                this::stops,
                this::content,
                this::thinks));
    }

    /** The first rule for counting that is broken. */
    Optional<String> ofTokenCount() {
        return first(List.of(
                this::isObject,
                () -> required("model", "messages"),
                () -> unknown(COUNTED, request, ""),
                this::content));
    }

    static Optional<String> first(List<Supplier<Optional<String>>> rules) {
        return rules.stream().map(Supplier::get).flatMap(Optional::stream).findFirst();
    }

    static Optional<String> unknown(Members members, JsonNode object, String path) {
        return members.unknownIn(object).map(name -> path + name + ": Extra inputs are not permitted");
    }

    private Optional<String> content() {
        return first(List.of(
                () -> unknown(METADATA, request.path("metadata"), "metadata."),
                this::tools,
                this::choosesTools,
                this::output,
                this::marksTheCacheSparingly,
                new AnthropicTurns(request, model)::broken,
                this::fitsTheContext));
    }

    private Optional<String> isObject() {
        return request.isObject() ? Optional.empty() : Optional.of("Input should be a valid dictionary");
    }

    private Optional<String> required(String... members) {
        for (String member : members) {
            if (!request.hasNonNull(member)) {
                return Optional.of(member + ": Field required");
            }
        }
        return Optional.empty();
    }

    private Optional<String> staysWithinMaxTokens() {
        JsonNode most = request.path("max_tokens");
        if (!most.isInt() || most.asInt() < 1) {
            return Optional.of("max_tokens: Input should be greater than or equal to 1");
        }
        return model.exists() && most.asInt() > model.mostOutput()
                ? Optional.of("max_tokens: " + most.asInt() + " > " + model.mostOutput()
                        + ", which is the maximum allowed number of output tokens for " + model.id())
                : Optional.empty();
    }

    private Optional<String> samples() {
        double temperature = request.path("temperature").asDouble(1);
        if (temperature < 0 || temperature > 1) {
            return Optional.of("temperature: range: 0..1");
        }
        if (model.isAfterOpus46()) {
            if (temperature != 1) {
                return Optional.of("`temperature` may only be set to 1 for this model");
            }
            if (request.path("top_p").asDouble(1) < 0.99) {
                return Optional.of("`top_p` must be greater than or equal to 0.99 for this model");
            }
            if (request.hasNonNull("top_k")) {
                return Optional.of("`top_k` is not supported for this model");
            }
        }
        return model.takesOneSamplingParameter() && request.hasNonNull("temperature") && request.hasNonNull("top_p")
                ? Optional.of("`temperature` and `top_p` cannot both be specified for this model. Please use only one.")
                : Optional.empty();
    }

    private Optional<String> stops() {
        for (JsonNode stop : request.path("stop_sequences")) {
            if (stop.asText().isBlank()) {
                return Optional.of("stop_sequences: each stop sequence must contain non-whitespace");
            }
        }
        return Optional.empty();
    }

    private Optional<String> thinks() {
        JsonNode thinking = request.path("thinking");
        String type = thinking.path("type").asText();
        if (thinking.isMissingNode() || type.matches("disabled|between_tools")) {
            return Optional.empty();
        }
        int budget = thinking.path("budget_tokens").asInt();
        boolean enabled = type.equals("enabled");
        if (!type.matches("enabled|adaptive")) {
            return Optional.of(
                    "thinking: Input tag '" + type
                            + "' found using 'type' does not match any of the expected tags: 'adaptive', 'disabled', 'enabled'");
        }
        if (!enabled && !model.thinksAdaptively()) {
            return Optional.of("adaptive thinking is not supported on this model");
        }
        if (enabled && model.isAfterOpus46()) {
            return Optional.of("\"thinking.type.enabled\" is not supported for this model. Use"
                    + " \"thinking.type.adaptive\" and \"output_config.effort\" to control thinking behavior.");
        }
        if (!model.thinks()) {
            return Optional.of("'" + model.id() + "' does not support thinking.");
        }
        if (enabled && budget < LEAST_BUDGET) {
            return Optional.of("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024");
        }
        if (enabled && budget >= request.path("max_tokens").asInt()) {
            return Optional.of("`max_tokens` must be greater than `thinking.budget_tokens`.");
        }
        if (request.path("temperature").asDouble(1) != 1) {
            return Optional.of("`temperature` may only be set to 1 when thinking is enabled.");
        }
        return request.path("tool_choice").path("type").asText().matches("any|tool")
                ? Optional.of("Thinking may not be enabled when tool_choice forces tool use.")
                : Optional.empty();
    }

    private Optional<String> tools() {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < request.path("tools").size(); i++) {
            JsonNode tool = request.path("tools").path(i);
            if (!names.add(tool.path("name").asText())) {
                return Optional.of("tools: Tool names must be unique.");
            }
            if (!tool.path("type").asText("custom").equals("custom")) {
                continue;
            }
            String path = "tools." + i + ".custom.";
            Optional<String> unknown = unknown(TOOL, tool, path);
            if (unknown.isPresent()) {
                return unknown;
            }
            if (!tool.path("name").asText().matches("[a-zA-Z0-9_-]{1,128}")) {
                return Optional.of(path + "name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'");
            }
            if (!tool.path("input_schema").isObject()) {
                return Optional.of(path + "input_schema: Field required");
            }
            if (!tool.path("input_schema").path("type").asText().equals("object")) {
                return Optional.of(path + "input_schema.type: Input should be 'object'");
            }
        }
        return Optional.empty();
    }

    private Optional<String> choosesTools() {
        JsonNode choice = request.path("tool_choice");
        String type = choice.path("type").asText();
        if (choice.isMissingNode()) {
            return Optional.empty();
        }
        if (!choice.isObject()) {
            return Optional.of("tool_choice: Input should be an object");
        }
        if (!type.matches("auto|any|tool|none")) {
            return Optional.of("tool_choice: Input tag '" + type
                    + "' found using 'type' does not match any of the expected tags: 'auto', 'any', 'tool', 'none'");
        }
        if (request.path("tools").isEmpty()) {
            return Optional.of("tool_choice: tool_choice may only be specified while providing tools.");
        }
        if (type.matches("any|tool") && !model.takesForcedTools()) {
            return Optional.of("tool_choice: '" + type + "' is not supported for this model");
        }
        if (type.equals("tool")) {
            List<String> names = new ArrayList<>();
            request.path("tools").forEach(tool -> names.add(tool.path("name").asText()));
            String name = choice.path("name").asText();
            return names.contains(name)
                    ? Optional.empty()
                    : Optional.of("tool_choice.tool: Tool '" + name + "' not found in provided tools");
        }
        return Optional.empty();
    }

    private Optional<String> output() {
        JsonNode output = request.path("output_config");
        Optional<String> unknown = unknown(OUTPUT, output, "output_config.");
        if (unknown.isPresent()) {
            return unknown;
        }
        if (!output.path("effort").asText("low").matches("low|medium|high|xhigh|max")) {
            return Optional.of("output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'");
        }
        JsonNode format = output.path("format");
        if (format.isObject() && !format.path("type").asText().equals("json_schema")) {
            return Optional.of("output_config.format.type: Input should be 'json_schema'");
        }
        return format.isObject() && !format.path("schema").isObject()
                ? Optional.of("output_config.format.schema: Field required")
                : Optional.empty();
    }

    private Optional<String> marksTheCacheSparingly() {
        List<JsonNode> marks = request.findValues("cache_control").stream()
                .filter(JsonNode::isObject)
                .toList();
        for (JsonNode mark : marks) {
            if (!mark.path("type").asText().equals("ephemeral")
                    || !mark.path("ttl").asText("5m").matches("5m|1h")) {
                return Optional.of("cache_control: Input should be {'type': 'ephemeral'} with a ttl of '5m' or '1h'");
            }
        }
        return marks.size() > MOST_CACHE_MARKS
                ? Optional.of("A maximum of 4 blocks with cache_control may be provided. Found " + marks.size() + ".")
                : Optional.empty();
    }

    private Optional<String> fitsTheContext() {
        int tokens = AnthropicUsage.of(request).total();
        return tokens > model.contextWindow()
                ? Optional.of("prompt is too long: " + tokens + " tokens > " + model.contextWindow() + " maximum")
                : Optional.empty();
    }
}
