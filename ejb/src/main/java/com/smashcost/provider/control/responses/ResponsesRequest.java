package com.smashcost.provider.control.responses;

import static com.smashcost.provider.control.conversation.Unsupported.malformed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.conversation.Conversation;
import com.smashcost.provider.control.conversation.Conversation.Extra;
import com.smashcost.provider.control.conversation.OutputFormat;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Seal;
import com.smashcost.provider.control.conversation.Tool;
import com.smashcost.provider.control.conversation.ToolChoice;
import com.smashcost.provider.control.conversation.Traits;
import com.smashcost.provider.control.conversation.Translated;
import com.smashcost.provider.control.conversation.Turn;
import com.smashcost.refusal.control.Refusal;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Requests of the dialect: the body of {@code POST /v1/responses}. */
public final class ResponsesRequest {

    /** The two demands of {@code include} that have a meaning in every dialect. */
    static final String INCLUDE_ENCRYPTED = "reasoning.encrypted_content";

    static final String INCLUDE_LOGPROBS = "message.output_text.logprobs";

    /** Members that are read into something else than an extra, or that ask for nothing. */
    private static final Set<String> KNOWN = Set.of(
            "model",
            "input",
            "instructions",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "text",
            "reasoning",
            "include",
            "max_output_tokens",
            "temperature",
            "top_p",
            "top_logprobs",
            "presence_penalty",
            "frequency_penalty",
            "service_tier",
            "safety_identifier",
            "user",
            "prompt_cache_key",
            "stream",
            "stream_options",
            "store");

    private static final Set<String> TIERS = Set.of("auto", "default", "flex", "priority", "fast");

    private static final Set<String> EFFORTS = Set.of("none", "minimal", "low", "medium", "high", "xhigh", "max");

    private final ObjectNode body;
    private final List<Turn> turns = new ArrayList<>();
    private final List<Tool> tools = new ArrayList<>();
    private final List<Extra> extras = new ArrayList<>();

    private ResponsesRequest(ObjectNode body) {
        this.body = body;
    }

    /**
     * Reads what a client asks for. Input items of a kind that nobody here knows stay as they are, for providers of this
     * dialect. What refers to something that the provider stores becomes an essential extra.
     *
     * @throws Refusal.BadRequest if the body is not what the dialect wants
     */
    public static Conversation read(ObjectNode body) {
        return new ResponsesRequest(body).conversation();
    }

    /**
     * Writes a request for a provider of this dialect that keeps nothing.
     *
     * @throws Refusal.BadRequest if the model or the dialect cannot do what is asked for
     */
    public static Translated write(Conversation conversation, Traits traits) {
        return new ResponsesBody(conversation, traits).translated();
    }

    /**
     * Refuses what only the provider's own memory can answer.
     *
     * @throws Refusal.BadRequest if the request refers to anything that would have to be stored
     */
    public static void refuseState(ObjectNode body) {
        for (String name : List.of("previous_response_id", "conversation", "prompt")) {
            if (body.hasNonNull(name)) {
                throw stateless(name, "Leave it out and send the full conversation in 'input'.");
            }
        }
        if (body.path("background").asBoolean()) {
            throw stateless("background", "Leave it out and wait for the answer, or stream it.");
        }
        for (JsonNode item : body.path("input")) {
            if (isReference(item)) {
                throw stateless(
                        "input", "Instead of an item_reference, send the item itself and the full conversation.");
            }
        }
    }

    private static Refusal.BadRequest stateless(String name, String instead) {
        return new Refusal.BadRequest(
                "unsupported_parameter",
                "'" + name + "' cannot be used: this gateway stores nothing. " + instead,
                name);
    }

    private static boolean isReference(JsonNode item) {
        // the type may be left out of a reference, which then is an id and nothing else
        return "item_reference".equals(ResponsesItems.text(item, "type"))
                || (item.isObject() && item.size() == 1 && item.path("id").isTextual());
    }

    private Conversation conversation() {
        String model = string("model");
        if (model == null || model.isEmpty()) {
            throw malformed("model", "must be the name of a model");
        }
        String instructions = string("instructions");
        if (instructions != null && !instructions.isEmpty()) {
            turns.add(new Turn.Instruction(List.of(new Part.Text(instructions)), false));
        }
        input();
        tools(body.path("tools"), "tools");
        ToolChoice choice = toolChoice();
        String tier = string("service_tier");
        if (tier != null && !TIERS.contains(tier)) {
            extras.add(new Extra("service_tier", body.get("service_tier"), false));
            tier = null;
        }
        Conversation.Thinking thinking = thinking();
        OutputFormat format = format();
        Conversation.Sampling sampling = sampling();
        String endUser = string("safety_identifier");
        others();
        return new Conversation(
                body,
                model,
                turns,
                tools,
                choice,
                bool("parallel_tool_calls"),
                format,
                sampling,
                thinking,
                tier == null
                        ? null
                        : switch (tier) {
                            case "default" -> "standard";
                            case "fast" -> "priority";
                            default -> tier;
                        },
                endUser == null ? string("user") : endUser,
                string("prompt_cache_key"),
                Boolean.TRUE.equals(bool("stream")),
                true,
                extras);
    }

    private Conversation.Sampling sampling() {
        boolean logprobs = false;
        var otherIncludes = Json.array();
        for (JsonNode include : list("include")) {
            switch (include.asText()) {
                case INCLUDE_LOGPROBS -> logprobs = true;
                case INCLUDE_ENCRYPTED -> {}
                default -> otherIncludes.add(include);
            }
        }
        if (!otherIncludes.isEmpty()) {
            extras.add(new Extra("include", otherIncludes, false));
        }
        Long top = integer("top_logprobs");
        if (top != null && (top < 0 || top > 20)) {
            throw malformed("top_logprobs", "must be a number from 0 to 20");
        }
        Long most = integer("max_output_tokens");
        if (most != null && most < 1) {
            throw malformed("max_output_tokens", "must be at least 1");
        }
        boolean wanted = logprobs || (top != null && top > 0);
        return new Conversation.Sampling(
                most,
                decimal("temperature"),
                decimal("top_p"),
                null,
                null,
                List.of(),
                null,
                decimal("presence_penalty"),
                decimal("frequency_penalty"),
                null,
                wanted ? Boolean.TRUE : null,
                top == null || top == 0 ? null : (Integer) top.intValue());
    }

    private Conversation.@Nullable Thinking thinking() {
        JsonNode reasoning = object("reasoning");
        String effort = null;
        Boolean shown = null;
        for (Map.Entry<String, JsonNode> member : reasoning.properties()) {
            JsonNode value = member.getValue();
            switch (member.getKey()) {
                case "effort" -> {
                    if (!value.isNull()) {
                        effort = value.asText();
                        if (!EFFORTS.contains(effort)) {
                            throw malformed(
                                    "reasoning.effort", "must be one of none, minimal, low, medium, high, xhigh, max");
                        }
                    }
                }
                case "summary", "generate_summary" -> shown = value.isNull() ? shown : Boolean.TRUE;
                default -> extra("reasoning." + member.getKey(), value);
            }
        }
        return effort == null && shown == null ? null : new Conversation.Thinking(null, effort, null, shown);
    }

    private @Nullable OutputFormat format() {
        JsonNode text = object("text");
        for (Map.Entry<String, JsonNode> member : text.properties()) {
            if (!member.getKey().equals("format")) {
                extra("text." + member.getKey(), member.getValue());
            }
        }
        JsonNode format = text.path("format");
        if (format.isMissingNode() || format.isNull()) {
            return null;
        }
        return switch (format.path("type").asText()) {
            case "text" -> null;
            case "json_object" -> new OutputFormat.JsonObject();
            case "json_schema" -> {
                if (!format.path("schema").isObject()) {
                    throw malformed("text.format.schema", "must be a JSON schema");
                }
                JsonNode strict = format.path("strict");
                yield new OutputFormat.JsonSchema(
                        ResponsesItems.text(format, "name"),
                        ResponsesItems.text(format, "description"),
                        format.get("schema"),
                        strict.isBoolean() ? strict.booleanValue() : null);
            }
            default -> throw malformed("text.format.type", "must be text, json_object or json_schema");
        };
    }

    private void tools(JsonNode list, String field) {
        if (list.isMissingNode() || list.isNull()) {
            return;
        }
        if (!list.isArray()) {
            throw malformed(field, "must be a list");
        }
        for (JsonNode tool : list) {
            String type = ResponsesItems.text(tool, "type");
            if (type == null) {
                throw malformed(field, "must hold objects with a type");
            }
            if (!type.equals("function")) {
                tools.add(new Tool.Hosted(Dialect.OPENAI_RESPONSES, type, tool));
                continue;
            }
            String name = ResponsesItems.text(tool, "name");
            if (name == null || name.isEmpty()) {
                throw malformed(field + ".name", "must be the name of a function, directly within its tool");
            }
            JsonNode parameters = tool.path("parameters");
            JsonNode strict = tool.path("strict");
            tools.add(new Tool.Function(
                    name,
                    ResponsesItems.text(tool, "description"),
                    parameters.isObject() ? parameters : null,
                    strict.isBoolean() ? strict.booleanValue() : null,
                    null));
        }
    }

    private @Nullable ToolChoice toolChoice() {
        JsonNode choice = body.path("tool_choice");
        if (choice.isMissingNode() || choice.isNull()) {
            return null;
        }
        if (choice.isTextual()) {
            return switch (choice.textValue()) {
                case "auto" -> new ToolChoice.Auto();
                case "none" -> new ToolChoice.None();
                case "required" -> new ToolChoice.Required();
                default -> throw malformed("tool_choice", "must be auto, none, required or an object");
            };
        }
        String name = ResponsesItems.text(choice, "name");
        switch (choice.path("type").asText()) {
            case "function" -> {
                if (name == null) {
                    throw malformed("tool_choice.name", "must be the name of a function");
                }
                return new ToolChoice.Named(name);
            }
            case "allowed_tools" -> {
                List<String> names = new ArrayList<>();
                for (JsonNode tool : choice.path("tools")) {
                    String allowed = ResponsesItems.text(tool, "name");
                    if (allowed != null && "function".equals(ResponsesItems.text(tool, "type"))) {
                        names.add(allowed);
                    }
                }
                if (names.size() == choice.path("tools").size()) {
                    return new ToolChoice.Allowed(
                            names, "required".equals(choice.path("mode").asText()));
                }
            }
            case "" -> throw malformed("tool_choice", "must be auto, none, required or an object with a type");
            default -> {}
        }
        extras.add(new Extra("tool_choice", choice, true)); // a provider's own tool
        return null;
    }

    private void others() {
        for (Map.Entry<String, JsonNode> member : body.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            if (KNOWN.contains(name)) {
                continue;
            }
            switch (name) {
                case "background" -> {
                    if (value.asBoolean()) {
                        extras.add(new Extra(name, value, true));
                    }
                }
                case "previous_response_id", "conversation", "prompt" -> {
                    if (!value.isNull()) {
                        extras.add(new Extra(name, value, true));
                    }
                }
                case "truncation" -> {
                    if (!value.asText().equals("disabled")) {
                        extra(name, value);
                    }
                }
                default -> extra(name, value);
            }
        }
    }

    private void extra(String name, JsonNode value) {
        if (!value.isNull()) {
            extras.add(new Extra(name, value, false));
        }
    }

    private void input() {
        JsonNode input = body.path("input");
        if (input.isTextual()) {
            turns.add(new Turn.User(List.of(new Part.Text(input.textValue())), null));
            return;
        }
        if (input.isMissingNode() || input.isNull()) {
            if (!body.hasNonNull("prompt") && !body.hasNonNull("previous_response_id")) {
                throw malformed("input", "is missing: it must be a text or a list of items");
            }
            return;
        }
        if (!input.isArray()) {
            throw malformed("input", "must be a text or a list of items");
        }
        int index = 0;
        for (JsonNode item : input) {
            item(item, "input[" + index++ + "]");
        }
    }

    private void item(JsonNode item, String at) {
        if (!item.isObject()) {
            throw malformed(at, "must be an object");
        }
        if (isReference(item)) {
            turns.add(new Turn.User(List.of(new Part.Opaque(Dialect.OPENAI_RESPONSES, item, null)), null));
            return;
        }
        String type = ResponsesItems.text(item, "type");
        if (type == null && item.path("role").isTextual()) {
            type = "message";
        }
        if (type == null) {
            throw malformed(at, "must have a type or a role");
        }
        switch (type) {
            case "message" -> message(item, at);
            case "reasoning" -> {
                Part.Reasoning reasoning = ResponsesItems.reasoning(item);
                if (reasoning.seal() != null || !reasoning.text().isEmpty()) {
                    assistant(reasoning);
                }
            }
            case "function_call" -> {
                String id = required(item, "call_id", at);
                assistant(new Part.ToolCall(
                        Seal.idOf(id),
                        required(item, "name", at),
                        ResponsesItems.textOrEmpty(item, "arguments"),
                        Seal.sealOf(id).orElse(null),
                        null));
            }
            case "function_call_output" ->
                result(new Part.ToolResult(
                        Seal.idOf(required(item, "call_id", at)), output(item.path("output"), at), false, null));
            case "additional_tools" -> tools(item.path("tools"), at + ".tools");
            default -> assistant(new Part.Opaque(Dialect.OPENAI_RESPONSES, item, null));
        }
    }

    private void message(JsonNode item, String at) {
        List<Part> parts = parts(item.path("content"), at + ".content");
        switch (ResponsesItems.textOrEmpty(item, "role")) {
            case "user" -> user(parts);
            case "assistant" -> parts.forEach(this::assistant);
            case "system" -> turns.add(new Turn.Instruction(parts, false));
            case "developer" -> turns.add(new Turn.Instruction(parts, true));
            default -> throw malformed(at + ".role", "must be user, assistant, system or developer");
        }
    }

    /** What the model did in a row is one turn. */
    private void assistant(Part part) {
        List<Part> parts = new ArrayList<>();
        if (!turns.isEmpty() && turns.getLast() instanceof Turn.Assistant last) {
            parts.addAll(last.parts());
            turns.removeLast();
        }
        parts.add(part);
        turns.add(new Turn.Assistant(parts, null));
    }

    /** What the user says after the results of tools belongs to the same turn. */
    private void user(List<Part> parts) {
        if (!turns.isEmpty()
                && turns.getLast() instanceof Turn.User last
                && last.parts().stream().allMatch(Part.ToolResult.class::isInstance)) {
            turns.removeLast();
            List<Part> all = new ArrayList<>(last.parts());
            all.addAll(parts);
            turns.add(new Turn.User(all, null));
        } else {
            turns.add(new Turn.User(parts, null));
        }
    }

    /** The results of a turn's calls stand in the user's turn right after it, before all else, wherever the client put them. */
    private void result(Part.ToolResult result) {
        int caller = turns.size() - 1;
        while (caller >= 0 && !calls(turns.get(caller), result.callId())) {
            caller--;
        }
        int at = caller < 0 ? turns.size() : caller + 1;
        List<Part> parts = new ArrayList<>();
        if (at < turns.size() && turns.get(at) instanceof Turn.User next) {
            turns.remove(at);
            parts.addAll(next.parts());
        }
        int results = 0;
        while (results < parts.size() && parts.get(results) instanceof Part.ToolResult) {
            results++;
        }
        parts.add(results, result);
        turns.add(at, new Turn.User(parts, null));
    }

    private static boolean calls(Turn turn, String id) {
        return turn instanceof Turn.Assistant
                && turn.parts().stream()
                        .anyMatch(part ->
                                part instanceof Part.ToolCall call && call.id().equals(id));
    }

    private List<Part> output(JsonNode output, String at) {
        if (output.isTextual() || output.isArray()) {
            return parts(output, at + ".output");
        }
        throw malformed(at + ".output", "must be a text or a list of parts");
    }

    private static List<Part> parts(JsonNode content, String at) {
        if (content.isTextual()) {
            return List.of(new Part.Text(content.textValue()));
        }
        if (!content.isArray()) {
            throw malformed(at, "must be a text or a list of parts");
        }
        List<Part> parts = new ArrayList<>();
        int index = 0;
        for (JsonNode part : content) {
            parts.add(part(part, at + "[" + index++ + "]"));
        }
        return parts;
    }

    private static Part part(JsonNode part, String at) {
        Part.CacheMark cache = part.hasNonNull("prompt_cache_breakpoint") ? new Part.CacheMark("5m") : null;
        return switch (ResponsesItems.textOrEmpty(part, "type")) {
            case "input_text", "text", "summary_text", "reasoning_text" ->
                new Part.Text(required(part, "text", at), List.of(), cache);
            case "output_text" -> {
                required(part, "text", at);
                yield ResponsesItems.outputText(part);
            }
            case "refusal" -> new Part.Refusal(required(part, "refusal", at));
            case "input_image" -> image(part, at, cache);
            case "input_file" -> file(part, at, cache);
            case "input_audio" -> {
                JsonNode audio = part.path("input_audio");
                yield new Part.Audio(
                        required(audio, "format", at + ".input_audio"), required(audio, "data", at + ".input_audio"));
            }
            default ->
                throw malformed(at + ".type", "must be input_text, input_image, input_file, output_text or refusal");
        };
    }

    private static Part.Image image(JsonNode part, String at, Part.@Nullable CacheMark cache) {
        String detail = ResponsesItems.text(part, "detail");
        String url = ResponsesItems.text(part, "image_url");
        if (url != null) {
            Part.Source source =
                    url.regionMatches(true, 0, "data:", 0, 5) ? data(url, at + ".image_url") : new Part.Source.Url(url);
            return new Part.Image(source, detail, cache);
        }
        return new Part.Image(
                new Part.Source.Uploaded(Dialect.OPENAI_RESPONSES, required(part, "file_id", at)), detail, cache);
    }

    private static Part.Document file(JsonNode part, String at, Part.@Nullable CacheMark cache) {
        String name = ResponsesItems.text(part, "filename");
        String data = ResponsesItems.text(part, "file_data");
        String url = ResponsesItems.text(part, "file_url");
        if (data != null) {
            Part.Source source = data.regionMatches(true, 0, "data:", 0, 5)
                    ? data(data, at + ".file_data")
                    : new Part.Source.Base64("application/pdf", data);
            return new Part.Document(source, name, cache);
        }
        if (url != null) {
            return new Part.Document(new Part.Source.Url(url), name, cache);
        }
        return new Part.Document(
                new Part.Source.Uploaded(Dialect.OPENAI_RESPONSES, required(part, "file_id", at)), name, cache);
    }

    private static Part.Source.Base64 data(String url, String at) {
        int comma = url.indexOf(',');
        String head = comma < 0 ? "" : url.substring("data:".length(), comma).toLowerCase(Locale.ROOT);
        if (!head.endsWith(";base64")) {
            throw malformed(at, "must be a data URL in base64: data:<media type>;base64,<data>");
        }
        int end = head.indexOf(';');
        return new Part.Source.Base64(
                end == 0 ? "application/octet-stream" : head.substring(0, end), url.substring(comma + 1));
    }

    private static String required(JsonNode node, String member, String at) {
        String text = ResponsesItems.text(node, member);
        if (text == null) {
            throw malformed(at + "." + member, "must be a text");
        }
        return text;
    }

    private @Nullable String string(String name) {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw malformed(name, "must be a text");
        }
        return value.textValue();
    }

    private @Nullable Boolean bool(String name) {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isBoolean()) {
            throw malformed(name, "must be true or false");
        }
        return value.booleanValue();
    }

    private @Nullable Long integer(String name) {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw malformed(name, "must be a whole number");
        }
        return value.longValue();
    }

    private @Nullable BigDecimal decimal(String name) {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isNumber()) {
            throw malformed(name, "must be a number");
        }
        return value.decimalValue();
    }

    private JsonNode list(String name) {
        JsonNode value = body.path(name);
        if (!value.isMissingNode() && !value.isNull() && !value.isArray()) {
            throw malformed(name, "must be a list");
        }
        return value;
    }

    private JsonNode object(String name) {
        JsonNode value = body.path(name);
        if (!value.isMissingNode() && !value.isNull() && !value.isObject()) {
            throw malformed(name, "must be an object");
        }
        return value;
    }
}
