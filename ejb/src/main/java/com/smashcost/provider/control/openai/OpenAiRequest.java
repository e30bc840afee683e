package com.smashcost.provider.control.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.conversation.Conversation;
import com.smashcost.provider.control.conversation.Conversation.Extra;
import com.smashcost.provider.control.conversation.Conversation.Sampling;
import com.smashcost.provider.control.conversation.Conversation.Thinking;
import com.smashcost.provider.control.conversation.OutputFormat;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Part.CacheMark;
import com.smashcost.provider.control.conversation.Seal;
import com.smashcost.provider.control.conversation.Tool;
import com.smashcost.provider.control.conversation.ToolChoice;
import com.smashcost.provider.control.conversation.Traits;
import com.smashcost.provider.control.conversation.Translated;
import com.smashcost.provider.control.conversation.Turn;
import com.smashcost.provider.control.conversation.Unsupported;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Requests of the OpenAI chat completions dialect (OpenAI API reference, "Create chat completion"). */
public final class OpenAiRequest {

    /** Members that have a place in a conversation. */
    private static final Set<String> KNOWN = Set.of(
            "model",
            "messages",
            "tools",
            "tool_choice",
            "functions",
            "function_call",
            "parallel_tool_calls",
            "response_format",
            "max_tokens",
            "max_completion_tokens",
            "temperature",
            "top_p",
            "top_k",
            "seed",
            "stop",
            "n",
            "presence_penalty",
            "frequency_penalty",
            "logit_bias",
            "logprobs",
            "top_logprobs",
            "reasoning_effort",
            "thinking",
            "stream",
            "stream_options",
            "user",
            "safety_identifier",
            "service_tier",
            "prompt_cache_key");

    /** Members without which an answer would be another one. */
    private static final Set<String> ESSENTIAL = Set.of("audio", "web_search_options");

    private OpenAiRequest() {}

    /**
     * Understands a client's body.
     *
     * @throws com.smashcost.refusal.control.Refusal.BadRequest if a member is not what the dialect says
     */
    public static Conversation read(ObjectNode body) {
        return new Conversation(
                body,
                body.path("model").asText(),
                turns(body.path("messages")),
                tools(body),
                toolChoice(body),
                bool(body, "parallel_tool_calls"),
                format(body.path("response_format")),
                sampling(body),
                thinking(body),
                serviceTier(body),
                text(body, body.hasNonNull("safety_identifier") ? "safety_identifier" : "user"),
                text(body, "prompt_cache_key"),
                Boolean.TRUE.equals(bool(body, "stream")),
                body.path("stream_options").path("include_usage").asBoolean(),
                extras(body));
    }

    private static List<Extra> extras(ObjectNode body) {
        List<Extra> extras = new ArrayList<>();
        body.properties().forEach(member -> {
            String name = member.getKey();
            if (!KNOWN.contains(name) && !member.getValue().isNull()) {
                boolean speaks = name.equals("modalities")
                        && !Json.text(member.getValue()).equals("[\"text\"]");
                extras.add(new Extra(name, member.getValue(), speaks || ESSENTIAL.contains(name)));
            }
        });
        return extras;
    }

    private static Sampling sampling(ObjectNode body) {
        return new Sampling(
                integer(body, body.hasNonNull("max_completion_tokens") ? "max_completion_tokens" : "max_tokens"),
                decimal(body, "temperature"),
                decimal(body, "top_p"),
                integer(body, "top_k"),
                integer(body, "seed"),
                stop(body.path("stop")),
                small(body, "n"),
                decimal(body, "presence_penalty"),
                decimal(body, "frequency_penalty"),
                body.hasNonNull("logit_bias") && !body.path("logit_bias").isEmpty() ? body.get("logit_bias") : null,
                bool(body, "logprobs"),
                small(body, "top_logprobs"));
    }

    private static List<String> stop(JsonNode stop) {
        if (stop.isMissingNode() || stop.isNull()) {
            return List.of();
        }
        if (stop.isTextual()) {
            return List.of(stop.asText());
        }
        if (!stop.isArray()) {
            throw Unsupported.malformed("stop", "must be a string or a list of strings");
        }
        List<String> sequences = new ArrayList<>();
        for (JsonNode sequence : stop) {
            if (!sequence.isTextual()) {
                throw Unsupported.malformed("stop", "must be a string or a list of strings");
            }
            sequences.add(sequence.asText());
        }
        return sequences;
    }

    private static @Nullable Thinking thinking(ObjectNode body) {
        String effort = text(body, "reasoning_effort");
        JsonNode thinking = body.path("thinking"); // as Anthropic's own chat surface and many clients send it
        if (thinking.isObject()) {
            return switch (thinking.path("type").asText()) {
                case "disabled" -> new Thinking(Thinking.Mode.OFF, effort, null, null);
                case "adaptive" -> new Thinking(Thinking.Mode.ADAPTIVE, effort, null, true);
                case "enabled" ->
                    new Thinking(Thinking.Mode.BUDGET, effort, integer((ObjectNode) thinking, "budget_tokens"), true);
                default -> throw Unsupported.malformed("thinking.type", "must be enabled, disabled or adaptive");
            };
        }
        return effort == null ? null : new Thinking(null, effort, null, null);
    }

    private static @Nullable String serviceTier(ObjectNode body) {
        String tier = text(body, "service_tier");
        return tier == null
                ? null
                : switch (tier) {
                    case "default", "on_demand" -> "standard";
                    case "flex", "priority", "auto" -> tier;
                    case "fast", "performance" -> "priority";
                    default -> "auto";
                };
    }

    private static @Nullable OutputFormat format(JsonNode format) {
        return switch (format.path("type").asText("text")) {
            case "text" -> null;
            case "json_object" -> new OutputFormat.JsonObject();
            case "json_schema" -> {
                JsonNode schema = format.path("json_schema");
                if (!schema.path("schema").isObject()) {
                    throw Unsupported.malformed("response_format.json_schema.schema", "must be a JSON schema");
                }
                yield new OutputFormat.JsonSchema(
                        textOf(schema, "name"),
                        textOf(schema, "description"),
                        schema.get("schema"),
                        schema.hasNonNull("strict") ? schema.get("strict").asBoolean() : null);
            }
            default -> throw Unsupported.malformed("response_format.type", "must be text, json_object or json_schema");
        };
    }

    private static List<Tool> tools(ObjectNode body) {
        List<Tool> tools = new ArrayList<>();
        for (JsonNode tool : list(body, "tools")) {
            String type = tool.path("type").asText("function");
            if (type.equals("function")) {
                tools.add(function(tool.path("function"), "tools.function", cache(tool)));
            } else {
                tools.add(new Tool.Hosted(Dialect.OPENAI_CHAT, type, tool));
            }
        }
        for (JsonNode function : list(body, "functions")) {
            tools.add(function(function, "functions", null));
        }
        return tools;
    }

    private static Tool.Function function(JsonNode function, String member, @Nullable CacheMark cache) {
        String name = textOf(function, "name");
        if (name == null || name.isEmpty()) {
            throw Unsupported.malformed(member + ".name", "must be the function's name");
        }
        JsonNode parameters = function.path("parameters");
        return new Tool.Function(
                name,
                textOf(function, "description"),
                parameters.isObject() ? parameters : null,
                function.hasNonNull("strict") ? function.get("strict").asBoolean() : null,
                cache);
    }

    private static @Nullable ToolChoice toolChoice(ObjectNode body) {
        JsonNode choice = body.hasNonNull("tool_choice") ? body.get("tool_choice") : body.path("function_call");
        if (choice.isMissingNode() || choice.isNull()) {
            return null;
        }
        if (choice.isTextual()) {
            return switch (choice.asText()) {
                case "auto" -> new ToolChoice.Auto();
                case "none" -> new ToolChoice.None();
                case "required", "any" -> new ToolChoice.Required();
                default -> throw Unsupported.malformed("tool_choice", "must be none, auto, required or an object");
            };
        }
        if (choice.path("type").asText().equals("allowed_tools")) {
            JsonNode allowed = choice.path("allowed_tools");
            List<String> names = new ArrayList<>();
            allowed.path("tools")
                    .forEach(
                            tool -> names.add(tool.path("function").path("name").asText()));
            return new ToolChoice.Allowed(names, allowed.path("mode").asText().equals("required"));
        }
        String name = choice.has("function")
                ? choice.path("function").path("name").asText()
                : choice.has("custom")
                        ? choice.path("custom").path("name").asText()
                        : choice.path("name").asText();
        if (name.isEmpty()) {
            throw Unsupported.malformed("tool_choice", "must be none, auto, required or name a function");
        }
        return new ToolChoice.Named(name);
    }

    private static List<Turn> turns(JsonNode messages) {
        if (!messages.isArray() || messages.isEmpty()) {
            throw Unsupported.malformed("messages", "must be a list of at least one message");
        }
        List<Turn> turns = new ArrayList<>();
        List<Part> results = new ArrayList<>(); // of tools, which belong to the user's next turn
        for (int i = 0; i < messages.size(); i++) {
            JsonNode message = messages.get(i);
            String member = "messages[" + i + "]";
            String role = message.path("role").asText();
            if (role.equals("tool") || role.equals("function")) {
                results.add(toolResult(message, member, role));
                continue;
            }
            List<Part> parts = new ArrayList<>();
            if (role.equals("user")) {
                parts.addAll(results);
                results.clear();
            } else if (!results.isEmpty()) {
                turns.add(new Turn.User(results, null));
                results.clear();
            }
            turns.add(
                    switch (role) {
                        case "system", "developer" ->
                            new Turn.Instruction(
                                    content(message.path("content"), member + ".content"), role.equals("developer"));
                        case "user" -> {
                            parts.addAll(content(message.path("content"), member + ".content"));
                            yield new Turn.User(parts, textOf(message, "name"));
                        }
                        case "assistant" -> new Turn.Assistant(assistant(message, member), textOf(message, "name"));
                        default ->
                            throw Unsupported.malformed(
                                    member + ".role", "must be system, developer, user, assistant or tool");
                    });
        }
        if (!results.isEmpty()) {
            turns.add(new Turn.User(results, null));
        }
        return turns;
    }

    private static Part.ToolResult toolResult(JsonNode message, String member, String role) {
        String id = textOf(message, role.equals("tool") ? "tool_call_id" : "name");
        if (id == null) {
            throw Unsupported.malformed(member + ".tool_call_id", "must name the tool call that this answers");
        }
        return new Part.ToolResult(
                Seal.idOf(id), content(message.path("content"), member + ".content"), false, cache(message));
    }

    private static List<Part> assistant(JsonNode message, String member) {
        List<Part> parts = new ArrayList<>(OpenAiResponse.reasoning(message));
        parts.addAll(content(message.path("content"), member + ".content"));
        if (message.path("refusal").isTextual()) {
            parts.add(new Part.Refusal(message.get("refusal").asText()));
        }
        for (JsonNode call : message.path("tool_calls")) {
            parts.add(OpenAiResponse.toolCall(call, cache(call)));
        }
        JsonNode function = message.path("function_call");
        if (function.isObject()) {
            String name = function.path("name").asText();
            parts.add(new Part.ToolCall(
                    name, name, function.path("arguments").asText(), null, null)); // the old form has no ids
        }
        return parts;
    }

    private static List<Part> content(JsonNode content, String member) {
        if (content.isMissingNode() || content.isNull()) {
            return List.of();
        }
        if (content.isTextual()) {
            return List.of(new Part.Text(content.asText()));
        }
        if (!content.isArray()) {
            throw Unsupported.malformed(member, "must be a string or a list of parts");
        }
        List<Part> parts = new ArrayList<>();
        for (JsonNode part : content) {
            parts.add(part(part, member));
        }
        return parts;
    }

    private static Part part(JsonNode part, String member) {
        CacheMark cache = cache(part);
        return switch (part.path("type").asText()) {
            case "text" -> new Part.Text(required(part, "text", member), List.of(), cache);
            case "refusal" -> new Part.Refusal(required(part, "refusal", member));
            case "image_url" -> {
                JsonNode image = part.path("image_url");
                String url = image.isTextual() ? image.asText() : required(image, "url", member + ".image_url");
                yield new Part.Image(source(url, member + ".image_url.url"), textOf(image, "detail"), cache);
            }
            case "input_audio" ->
                new Part.Audio(
                        required(part.path("input_audio"), "format", member + ".input_audio"),
                        required(part.path("input_audio"), "data", member + ".input_audio"));
            case "file" -> {
                JsonNode file = part.path("file");
                Part.Source source = file.hasNonNull("file_id")
                        ? new Part.Source.Uploaded(
                                Dialect.OPENAI_CHAT, file.get("file_id").asText())
                        : source(required(file, "file_data", member + ".file"), member + ".file.file_data");
                yield new Part.Document(source, textOf(file, "filename"), cache);
            }
            default ->
                throw Unsupported.malformed(member + ".type", "must be text, image_url, input_audio, file or refusal");
        };
    }

    /** What stands behind a URL: data of its own, or a place. */
    private static Part.Source source(String url, String member) {
        if (!url.regionMatches(true, 0, "data:", 0, 5)) {
            return new Part.Source.Url(url);
        }
        int comma = url.indexOf(',');
        int semicolon = url.indexOf(';');
        if (comma < 0 || !url.substring(0, comma).toLowerCase(Locale.ROOT).endsWith(";base64")) {
            throw Unsupported.malformed(member, "must be a data URL in base64, such as data:image/png;base64,…");
        }
        return new Part.Source.Base64(url.substring(5, semicolon).toLowerCase(Locale.ROOT), url.substring(comma + 1));
    }

    private static @Nullable CacheMark cache(JsonNode node) {
        JsonNode mark = node.path("cache_control");
        return mark.isObject() ? new CacheMark(mark.path("ttl").asText("5m")) : null;
    }

    private static String required(JsonNode node, String name, String member) {
        if (!node.path(name).isTextual()) {
            throw Unsupported.malformed(member + "." + name, "must be a string");
        }
        return node.get(name).asText();
    }

    private static @Nullable String textOf(JsonNode node, String name) {
        return node.path(name).isTextual() ? node.get(name).asText() : null;
    }

    private static @Nullable String text(ObjectNode body, String name) {
        if (!body.hasNonNull(name)) {
            return null;
        }
        if (!body.get(name).isTextual()) {
            throw Unsupported.malformed(name, "must be a string");
        }
        return body.get(name).asText();
    }

    private static @Nullable Boolean bool(ObjectNode body, String name) {
        if (!body.hasNonNull(name)) {
            return null;
        }
        if (!body.get(name).isBoolean()) {
            throw Unsupported.malformed(name, "must be true or false");
        }
        return body.get(name).asBoolean();
    }

    private static @Nullable Long integer(ObjectNode body, String name) {
        if (!body.hasNonNull(name)) {
            return null;
        }
        if (!body.get(name).isIntegralNumber() || !body.get(name).canConvertToLong()) {
            throw Unsupported.malformed(name, "must be an integer");
        }
        return body.get(name).asLong();
    }

    private static @Nullable Integer small(ObjectNode body, String name) {
        Long value = integer(body, name);
        if (value != null && (value < 0 || value > 1000)) {
            throw Unsupported.malformed(name, "is out of range");
        }
        return value == null ? null : value.intValue();
    }

    private static @Nullable BigDecimal decimal(ObjectNode body, String name) {
        if (!body.hasNonNull(name)) {
            return null;
        }
        if (!body.get(name).isNumber()) {
            throw Unsupported.malformed(name, "must be a number");
        }
        return body.get(name).decimalValue();
    }

    private static Iterable<JsonNode> list(ObjectNode body, String name) {
        JsonNode list = body.path(name);
        if (list.isMissingNode() || list.isNull()) {
            return List.of();
        }
        if (!list.isArray()) {
            throw Unsupported.malformed(name, "must be a list");
        }
        return list;
    }

    /**
     * Writes a conversation for a provider of this dialect.
     *
     * @throws com.smashcost.refusal.control.Refusal.BadRequest if the model cannot do what the answer depends on
     */
    public static Translated write(Conversation conversation, Traits traits) {
        return new OpenAiBody(conversation, traits).written();
    }
}
