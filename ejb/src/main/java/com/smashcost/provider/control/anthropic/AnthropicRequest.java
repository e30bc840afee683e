package com.smashcost.provider.control.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.conversation.Conversation;
import com.smashcost.provider.control.conversation.Conversation.Extra;
import com.smashcost.provider.control.conversation.Conversation.Sampling;
import com.smashcost.provider.control.conversation.Conversation.Thinking;
import com.smashcost.provider.control.conversation.OutputFormat;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Tool;
import com.smashcost.provider.control.conversation.ToolChoice;
import com.smashcost.provider.control.conversation.Traits;
import com.smashcost.provider.control.conversation.Translated;
import com.smashcost.provider.control.conversation.Turn;
import com.smashcost.provider.control.conversation.Unsupported;
import com.smashcost.refusal.control.Refusal;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Requests for a message, as clients of the dialect write them and as its provider reads them. */
public final class AnthropicRequest {

    private static final Set<String> UNDERSTOOD = Set.of(
            "model",
            "messages",
            "max_tokens",
            "system",
            "stream",
            "temperature",
            "top_p",
            "top_k",
            "stop_sequences",
            "tools",
            "tool_choice",
            "thinking",
            "output_config",
            "output_format",
            "metadata",
            "service_tier");

    private static final Set<String> UNDERSTOOD_OF_TOOLS =
            Set.of("type", "name", "description", "input_schema", "strict", "cache_control");

    private AnthropicRequest() {}

    /**
     * Understands a client's request.
     *
     * @throws Refusal.BadRequest if it is not as the dialect wants it
     */
    public static Conversation read(ObjectNode body) {
        if (!body.path("max_tokens").isIntegralNumber()) {
            throw Unsupported.malformed("max_tokens", "must be a whole number");
        }
        return conversation(body);
    }

    /**
     * Understands a client's question for the tokens of a prompt.
     *
     * @throws Refusal.BadRequest if it is not as the dialect wants it
     */
    public static Conversation readCountTokens(ObjectNode body) {
        return conversation(body);
    }

    /**
     * Words a conversation for this model.
     *
     * @throws Refusal.BadRequest if the model cannot do what was asked for
     */
    public static Translated write(Conversation conversation, Traits traits) {
        return new AnthropicBody(conversation, traits).write();
    }

    /** Words the question for the tokens of a conversation's prompt. */
    public static Translated writeCountTokens(Conversation conversation, Traits traits) {
        return new AnthropicBody(conversation, traits).writeCountTokens();
    }

    private static Conversation conversation(ObjectNode body) {
        List<Extra> extras = new ArrayList<>();
        List<Tool> tools = tools(body.path("tools"), extras);
        List<Turn> turns = turns(body, extras);
        for (Map.Entry<String, JsonNode> member : body.properties()) {
            if (!UNDERSTOOD.contains(member.getKey()) && !member.getValue().isNull()) {
                extras.add(
                        new Extra(member.getKey(), member.getValue(), isEssential(member.getKey(), member.getValue())));
            }
        }
        JsonNode outputConfig = object(body, "output_config");
        if (outputConfig.hasNonNull("task_budget")) {
            extras.add(new Extra("output_config.task_budget", outputConfig.path("task_budget"), false));
        }
        JsonNode choice = object(body, "tool_choice");
        JsonNode serial = choice.path("disable_parallel_tool_use");
        return new Conversation(
                body,
                AnthropicContent.string(body, "model", "body"),
                turns,
                tools,
                toolChoice(choice),
                serial.isBoolean() ? Boolean.valueOf(!serial.asBoolean()) : null,
                format(body, outputConfig),
                sampling(body),
                thinking(object(body, "thinking"), AnthropicContent.text(outputConfig.path("effort"))),
                serviceTier(body.path("service_tier")),
                AnthropicContent.text(object(body, "metadata").path("user_id")),
                null,
                bool(body, "stream"),
                true,
                extras);
    }

    private static List<Turn> turns(ObjectNode body, List<Extra> extras) {
        if (!(body.path("messages") instanceof ArrayNode messages) || messages.isEmpty()) {
            throw Unsupported.malformed("messages", "must be an array of at least one message");
        }
        List<Turn> turns = new ArrayList<>(messages.size() + 1);
        if (body.hasNonNull("system")) {
            List<Part> system = AnthropicContent.read(body.path("system"), "system");
            if (!system.isEmpty()) {
                turns.add(new Turn.Instruction(system, false));
            }
        }
        for (int i = 0; i < messages.size(); i++) {
            String field = "messages." + i;
            JsonNode message = messages.get(i);
            List<Part> parts = AnthropicContent.read(message.path("content"), field + ".content");
            turns.add(
                    switch (message.path("role").asText()) {
                        case "user" -> new Turn.User(resultsFirst(parts), null);
                        case "assistant" -> new Turn.Assistant(parts, null);
                        case "system" -> new Turn.Instruction(parts, false);
                        default -> throw Unsupported.malformed(field + ".role", "must be user, assistant or system");
                    });
        }
        JsonNode cited = citedDocuments(messages);
        if (!cited.isMissingNode()) {
            extras.add(new Extra("messages.citations", cited, false));
        }
        return turns;
    }

    private static List<Part> resultsFirst(List<Part> parts) {
        List<Part> sorted = new ArrayList<>(parts);
        sorted.sort(
                (a, b) -> Boolean.compare(!(a instanceof Part.ToolResult), !(b instanceof Part.ToolResult))); // stable
        return sorted;
    }

    /** How documents are to be cited: all of a request or none. */
    private static JsonNode citedDocuments(ArrayNode messages) {
        for (JsonNode message : messages) {
            for (JsonNode block : message.path("content")) {
                JsonNode citations = block.path("citations");
                if ("document".equals(block.path("type").asText())
                        && citations.path("enabled").asBoolean()) {
                    return citations;
                }
            }
        }
        return Json.object().path("none");
    }

    private static List<Tool> tools(JsonNode json, List<Extra> extras) {
        if (json.isMissingNode() || json.isNull()) {
            return List.of();
        }
        if (!json.isArray()) {
            throw Unsupported.malformed("tools", "must be an array");
        }
        List<Tool> tools = new ArrayList<>(json.size());
        Map<String, ObjectNode> unknown = new LinkedHashMap<>();
        for (int i = 0; i < json.size(); i++) {
            String field = "tools." + i;
            if (!(json.get(i) instanceof ObjectNode tool)) {
                throw Unsupported.malformed(field, "must be an object");
            }
            if (tool.hasNonNull("type") && !"custom".equals(tool.path("type").asText())) {
                tools.add(new Tool.Hosted(
                        Dialect.ANTHROPIC_MESSAGES, tool.path("type").asText(), tool));
                continue;
            }
            String name = AnthropicContent.string(tool, "name", field);
            if (!tool.path("input_schema").isObject()) {
                throw Unsupported.malformed(field + ".input_schema", "must be a JSON schema");
            }
            tools.add(new Tool.Function(
                    name,
                    AnthropicContent.text(tool.path("description")),
                    tool.path("input_schema"),
                    tool.path("strict").isBoolean()
                            ? Boolean.valueOf(tool.path("strict").asBoolean())
                            : null,
                    AnthropicContent.cacheMark(tool.path("cache_control"), field)));
            for (Map.Entry<String, JsonNode> member : tool.properties()) {
                if (!UNDERSTOOD_OF_TOOLS.contains(member.getKey())
                        && !member.getValue().isNull()) {
                    unknown.computeIfAbsent("tools." + member.getKey(), key -> Json.object())
                            .set(name, member.getValue());
                }
            }
        }
        unknown.forEach((name, values) -> extras.add(new Extra(name, values, false)));
        return tools;
    }

    private static @Nullable ToolChoice toolChoice(JsonNode json) {
        if (json.isEmpty()) {
            return null;
        }
        return switch (json.path("type").asText()) {
            case "auto" -> new ToolChoice.Auto();
            case "any" -> new ToolChoice.Required();
            case "none" -> new ToolChoice.None();
            case "tool" -> new ToolChoice.Named(AnthropicContent.string((ObjectNode) json, "name", "tool_choice"));
            default -> throw Unsupported.malformed("tool_choice.type", "must be auto, any, tool or none");
        };
    }

    private static @Nullable OutputFormat format(ObjectNode body, JsonNode outputConfig) {
        boolean former = !outputConfig.hasNonNull("format");
        JsonNode format = former ? object(body, "output_format") : outputConfig.path("format");
        if (format.isEmpty()) {
            return null;
        }
        String field = former ? "output_format" : "output_config.format";
        if (!"json_schema".equals(format.path("type").asText())) {
            throw Unsupported.malformed(field + ".type", "must be json_schema");
        }
        if (!format.path("schema").isObject()) {
            throw Unsupported.malformed(field + ".schema", "must be a JSON schema");
        }
        return new OutputFormat.JsonSchema(
                AnthropicContent.text(format.path("name")), null, format.path("schema"), true);
    }

    private static Sampling sampling(ObjectNode body) {
        return new Sampling(
                whole(body, "max_tokens"),
                number(body, "temperature"),
                number(body, "top_p"),
                whole(body, "top_k"),
                null,
                stops(body.path("stop_sequences")),
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static @Nullable Thinking thinking(JsonNode json, @Nullable String effort) {
        Boolean shown = switch (json.path("display").asText()) {
            case "summarized", "full" -> true;
            case "omitted" -> false;
            default -> null;
        };
        if (json.isEmpty()) {
            return effort == null ? null : new Thinking(null, effort, null, null);
        }
        return switch (json.path("type").asText()) {
            case "enabled" -> {
                Long budget = whole((ObjectNode) json, "budget_tokens");
                if (budget == null) {
                    throw Unsupported.malformed("thinking.budget_tokens", "must be a whole number");
                }
                yield new Thinking(Thinking.Mode.BUDGET, effort, budget, shown);
            }
            case "disabled" -> new Thinking(Thinking.Mode.OFF, effort, null, shown);
            default -> new Thinking(Thinking.Mode.ADAPTIVE, effort, null, shown);
        };
    }

    private static @Nullable String serviceTier(JsonNode json) {
        return switch (json.asText("")) {
            case "auto" -> "auto";
            case "standard_only" -> "standard";
            default -> null;
        };
    }

    /** Whether an answer that ignores this member would be a wrong one. */
    private static boolean isEssential(String name, JsonNode value) {
        return switch (name) {
            case "container", "compaction" -> true;
            case "mcp_servers" -> !value.isEmpty();
            case "inference_geo" -> !"global".equals(value.asText());
            default -> false;
        };
    }

    private static List<String> stops(JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return List.of();
        }
        List<String> stops = new ArrayList<>(json.size());
        for (JsonNode stop : json) {
            if (!stop.isTextual()) {
                throw Unsupported.malformed("stop_sequences", "must be an array of strings");
            }
            stops.add(stop.asText());
        }
        if (!json.isArray()) {
            throw Unsupported.malformed("stop_sequences", "must be an array of strings");
        }
        return stops;
    }

    /** The object of this name; an empty one if there is none. */
    private static JsonNode object(ObjectNode body, String name) {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Json.object();
        }
        if (!value.isObject()) {
            throw Unsupported.malformed(name, "must be an object");
        }
        return value;
    }

    private static @Nullable Long whole(ObjectNode body, String name) {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < 0) {
            throw Unsupported.malformed(name, "must be a whole number that is not negative");
        }
        return value.asLong();
    }

    private static @Nullable BigDecimal number(ObjectNode body, String name) {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isNumber()) {
            throw Unsupported.malformed(name, "must be a number");
        }
        return value.decimalValue();
    }

    private static boolean bool(ObjectNode body, String name) {
        JsonNode value = body.path(name);
        if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
            throw Unsupported.malformed(name, "must be true or false");
        }
        return value.asBoolean();
    }
}
