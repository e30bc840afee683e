package com.smashcost.provider.control.openai;

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
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of a request in the OpenAI chat dialect, as it is being written for one model. */
final class OpenAiBody {

    private static final String OPENAI = "openai";
    private static final int LONGEST_CALL_ID = 40;
    private static final int MOST_STOPS = 4;

    private final Conversation conversation;
    private final Traits traits;
    private final boolean forOpenAi;
    private final ObjectNode body = Json.object();
    private final List<String> dropped = new ArrayList<>();

    OpenAiBody(Conversation conversation, Traits traits) {
        this.conversation = conversation;
        this.traits = traits;
        this.forOpenAi = traits.provider().equals(OPENAI);
    }

    Translated written() {
        body.put("model", traits.model());
        messages();
        tools();
        format();
        sampling();
        thinking();
        others();
        for (Extra extra : conversation.extras()) {
            if (extra.essential()) {
                throw refuse(extra.name(), "Leave it out, or name a model of the provider that it is made for.");
            }
            dropped.add(extra.name());
        }
        return new Translated(
                Json.bytes(body), Map.of(), dropped.stream().distinct().toList());
    }

    private RuntimeException refuse(String field, String instead) {
        return Unsupported.refuse(field, traits.model(), instead);
    }

    private void messages() {
        ArrayNode messages = body.putArray("messages");
        for (Turn turn : conversation.turns()) {
            switch (turn) {
                case Turn.Instruction instruction -> {
                    String text = texts(instruction.parts());
                    if (!text.isEmpty()) {
                        messages.addObject()
                                .put("role", instruction.developer() && forOpenAi ? "developer" : "system")
                                .put("content", text);
                    }
                }
                case Turn.User user -> user(user, messages);
                case Turn.Assistant assistant -> assistant(assistant, messages);
            }
        }
    }

    /** Texts as one; this dialect joins what others keep apart. */
    private String texts(List<Part> parts) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            if (!(part instanceof Part.Text written)) {
                throw refuse(memberOf("messages", "input"), "Instructions and tool results may hold text only.");
            }
            if (!written.text().isEmpty()) {
                text.append(text.isEmpty() ? "" : "\n\n").append(written.text());
            }
        }
        return text.toString();
    }

    private void user(Turn.User user, ArrayNode messages) {
        List<Part> said = new ArrayList<>();
        List<Part> shown = new ArrayList<>(); // images of tool results, which this dialect has no place for
        for (Part part : user.parts()) {
            if (part instanceof Part.ToolResult result) {
                List<Part> texts = new ArrayList<>();
                for (Part content : result.content()) {
                    (content instanceof Part.Text ? texts : shown).add(content);
                }
                String text = texts(texts);
                messages.addObject()
                        .put("role", "tool")
                        .put("tool_call_id", callId(result.callId()))
                        .put("content", result.isError() ? "Error: " + text : text);
            } else {
                said.add(part);
            }
        }
        List<Part> content = new ArrayList<>(shown);
        content.addAll(said);
        ArrayNode parts = Json.array();
        for (Part part : content) {
            ObjectNode written = part(part);
            if (written != null) {
                parts.add(written);
            }
        }
        if (parts.isEmpty()) {
            return;
        }
        ObjectNode message = messages.addObject().put("role", "user");
        if (parts.size() == 1 && parts.get(0).path("type").asText().equals("text")) {
            message.set("content", parts.get(0).get("text"));
        } else {
            message.set("content", parts);
        }
        if (user.name() != null) {
            message.put("name", user.name());
        }
    }

    private @Nullable ObjectNode part(Part part) {
        ObjectNode json = Json.object();
        switch (part) {
            case Part.Text text -> {
                if (text.text().isEmpty()) {
                    return null;
                }
                return json.put("type", "text").put("text", text.text());
            }
            case Part.Refusal refusal -> {
                return json.put("type", "text").put("text", refusal.text());
            }
            case Part.Image image -> {
                if (traits.cannot("vision")) {
                    throw refuse(memberOf("messages", "input"), "It reads no images: choose a model with vision.");
                }
                json.put("type", "image_url");
                ObjectNode url = json.putObject("image_url").put("url", url(image.source()));
                if (image.detail() != null) {
                    url.put("detail", image.detail());
                }
                return json;
            }
            case Part.Document document -> {
                return document(document, json);
            }
            case Part.Audio audio -> {
                if (!traits.can("audio_input")) {
                    throw refuse(memberOf("messages", "input"), "It does not listen: choose a model with audio input.");
                }
                json.put("type", "input_audio");
                json.putObject("input_audio").put("data", audio.data()).put("format", audio.format());
                return json;
            }
            case Part.Opaque opaque ->
                throw refuse(
                        memberOf("messages", "input"), "A part of it is of a kind that only another provider knows.");
            case Part.Reasoning reasoning -> {
                return null;
            }
            case Part.ToolCall call -> {
                return null;
            }
            case Part.ToolResult result -> {
                return null;
            }
        }
    }

    private ObjectNode document(Part.Document document, ObjectNode json) {
        return switch (document.source()) {
            case Part.Source.Plain plain -> json.put("type", "text").put("text", plain.text());
            case Part.Source.Base64 base64 -> {
                if (!forOpenAi || traits.cannot("pdf_input")) {
                    throw refuse(memberOf("messages", "input"), "It reads no documents: send their text.");
                }
                json.put("type", "file");
                json.putObject("file")
                        .put("filename", document.title() == null ? "document.pdf" : document.title())
                        .put("file_data", "data:" + base64.mediaType() + ";base64," + base64.data());
                yield json;
            }
            case Part.Source.Uploaded uploaded -> {
                if (uploaded.dialect() != Dialect.OPENAI_CHAT && uploaded.dialect() != Dialect.OPENAI_RESPONSES) {
                    throw refuse("messages.content", "The file was uploaded to another provider: send it in base64.");
                }
                json.put("type", "file");
                json.putObject("file").put("file_id", uploaded.id());
                yield json;
            }
            case Part.Source.Url url ->
                throw refuse(
                        memberOf("messages", "input"), "It takes no documents by URL: send the document in base64.");
        };
    }

    private String url(Part.Source source) {
        return switch (source) {
            case Part.Source.Url url -> url.url();
            case Part.Source.Base64 base64 -> "data:" + base64.mediaType() + ";base64," + base64.data();
            case Part.Source.Plain plain ->
                throw refuse(memberOf("messages", "input"), "An image must be in base64 or at a URL.");
            case Part.Source.Uploaded uploaded ->
                throw refuse(memberOf("messages", "input"), "The image was uploaded to a provider: send it in base64.");
        };
    }

    private void assistant(Turn.Assistant turn, ArrayNode messages) {
        StringBuilder text = new StringBuilder();
        StringBuilder refusal = new StringBuilder();
        ArrayNode calls = Json.array();
        for (Part part : turn.parts()) {
            switch (part) {
                case Part.Text said -> text.append(said.text());
                case Part.Refusal refused -> refusal.append(refused.text());
                case Part.ToolCall call -> {
                    ObjectNode json =
                            calls.addObject().put("id", callId(call.id())).put("type", "function");
                    json.putObject("function")
                            .put("name", call.name())
                            .put("arguments", call.arguments().isEmpty() ? "{}" : call.arguments());
                }
                case Part.Image image ->
                    throw refuse("messages.content", "The assistant's own turns may hold text and tool calls only.");
                case Part.Document document ->
                    throw refuse("messages.content", "The assistant's own turns may hold text and tool calls only.");
                case Part.Reasoning reasoning -> {} // no place for it, and never as visible text
                case Part.Opaque opaque -> {} // what another provider's own tool did
                case Part.Audio audio -> {}
                case Part.ToolResult result -> {}
            }
        }
        if (text.isEmpty() && refusal.isEmpty() && calls.isEmpty()) {
            return;
        }
        ObjectNode message = messages.addObject().put("role", "assistant");
        if (text.isEmpty() && !forOpenAi && !refusal.isEmpty()) {
            text = refusal;
        }
        if (text.isEmpty()) {
            message.putNull("content");
        } else {
            message.put("content", text.toString());
        }
        if (forOpenAi && !refusal.isEmpty()) {
            message.put("refusal", refusal.toString());
        }
        if (!calls.isEmpty()) {
            message.set("tool_calls", calls);
        }
        if (turn.name() != null && forOpenAi) {
            message.put("name", turn.name());
        }
    }

    /** An id that the provider takes, always the same for the same id. */
    private static String callId(String id) {
        return id.length() <= LONGEST_CALL_ID ? id : id.substring(0, 24) + "_" + Integer.toHexString(id.hashCode());
    }

    private void tools() {
        if (conversation.tools().isEmpty()) {
            return;
        }
        if (traits.cannot("function_calling")) {
            throw refuse("tools", "It calls no tools: choose a model with function calling.");
        }
        ArrayNode tools = body.putArray("tools");
        for (Tool tool : conversation.tools()) {
            switch (tool) {
                case Tool.Function function -> {
                    ObjectNode json = tools.addObject().put("type", "function").putObject("function");
                    json.put("name", function.name());
                    if (function.description() != null) {
                        json.put("description", function.description());
                    }
                    if (function.parameters() != null) {
                        json.set("parameters", function.parameters());
                    }
                    if (function.strict() != null) {
                        json.put("strict", function.strict());
                    }
                }
                case Tool.Hosted hosted -> {
                    if (hosted.dialect() != Dialect.OPENAI_CHAT) {
                        throw refuse("tools", "The tool " + hostedName(hosted) + " is one of another provider's own.");
                    }
                    tools.add(hosted.json());
                }
            }
        }
        if (conversation.toolChoice() != null) {
            toolChoice(conversation.toolChoice());
        }
        if (conversation.parallelToolCalls() != null) {
            body.put("parallel_tool_calls", conversation.parallelToolCalls());
        }
    }

    /** The type of a tool if it is a plain word, which it is in all dialects. */
    private static String hostedName(Tool.Hosted hosted) {
        return hosted.type().matches("[a-z0-9_]{1,64}") ? hosted.type() : "";
    }

    private void toolChoice(ToolChoice choice) {
        switch (choice) {
            case ToolChoice.Auto auto -> body.put("tool_choice", "auto");
            case ToolChoice.None none -> body.put("tool_choice", "none");
            case ToolChoice.Required required -> body.put("tool_choice", "required");
            case ToolChoice.Named named -> {
                ObjectNode json = body.putObject("tool_choice").put("type", "function");
                json.putObject("function").put("name", named.name());
            }
            case ToolChoice.Allowed allowed -> {
                if (!forOpenAi) {
                    keepOnly(allowed.names());
                    body.put("tool_choice", allowed.required() ? "required" : "auto");
                    return;
                }
                ObjectNode json = body.putObject("tool_choice").put("type", "allowed_tools");
                ObjectNode tools = json.putObject("allowed_tools");
                tools.put("mode", allowed.required() ? "required" : "auto");
                ArrayNode names = tools.putArray("tools");
                for (String name : allowed.names()) {
                    names.addObject()
                            .put("type", "function")
                            .putObject("function")
                            .put("name", name);
                }
            }
        }
    }

    private void keepOnly(List<String> names) {
        Iterator<JsonNode> tools = body.path("tools").iterator();
        while (tools.hasNext()) {
            if (!names.contains(tools.next().path("function").path("name").asText())) {
                tools.remove();
            }
        }
    }

    private void format() {
        OutputFormat format = conversation.format();
        if (format == null) {
            return;
        }
        ObjectNode json = body.putObject("response_format");
        switch (format) {
            case OutputFormat.JsonObject any -> json.put("type", "json_object");
            case OutputFormat.JsonSchema schema -> {
                if (traits.cannot("response_schema")) {
                    throw refuse(
                            memberOf("response_format", "text", "output_config"),
                            "It keeps to no JSON schema: ask for json_object and describe the schema in the prompt.");
                }
                json.put("type", "json_schema");
                ObjectNode inner = json.putObject("json_schema");
                inner.put("name", schema.name() == null ? "answer" : schema.name());
                if (schema.description() != null) {
                    inner.put("description", schema.description());
                }
                inner.set("schema", schema.schema());
                if (schema.strict() != null) {
                    inner.put("strict", schema.strict());
                }
            }
        }
    }

    private void sampling() {
        Sampling sampling = conversation.sampling();
        if (sampling.maxTokens() != null) {
            Long most = traits.maxOutputTokens();
            long wanted = sampling.maxTokens();
            body.put("max_completion_tokens", most == null ? wanted : Math.min(wanted, most));
        }
        boolean fixed = traits.cannot("sampling_params");
        decimal("temperature", sampling.temperature(), fixed);
        decimal("top_p", sampling.topP(), fixed);
        if (sampling.topK() != null) {
            dropped.add("top_k");
        }
        decimal("presence_penalty", sampling.presencePenalty(), fixed);
        decimal("frequency_penalty", sampling.frequencyPenalty(), fixed);
        if (sampling.seed() != null) {
            body.put("seed", sampling.seed());
        }
        stop(sampling.stop());
        if (sampling.candidates() != null && sampling.candidates() != 1) {
            if (!forOpenAi) {
                throw refuse("n", "Send the request several times.");
            }
            body.put("n", sampling.candidates());
        }
        if (sampling.logitBias() != null) {
            body.set("logit_bias", sampling.logitBias());
        }
        if (Boolean.TRUE.equals(sampling.logprobs())) {
            if (fixed || !forOpenAi) {
                throw refuse("logprobs", "Choose a model that reports log probabilities, such as gpt-4.1-mini.");
            }
            body.put("logprobs", true);
            if (sampling.topLogprobs() != null) {
                body.put("top_logprobs", sampling.topLogprobs());
            }
        }
    }

    private void decimal(String name, @Nullable BigDecimal value, boolean fixed) {
        if (value == null) {
            return;
        }
        if (fixed) {
            dropped.add(name);
        } else {
            body.put(name, value);
        }
    }

    private void stop(List<String> stop) {
        if (stop.isEmpty()) {
            return;
        }
        if (stop.size() > MOST_STOPS) {
            throw refuse(memberOf("stop", "stop_sequences"), "It takes at most " + MOST_STOPS + " stop sequences.");
        }
        if (traits.cannot("stop_sequences")) {
            throw refuse(
                    memberOf("stop", "stop_sequences"),
                    "It takes no stop sequences: choose a model without reasoning.");
        }
        ArrayNode sequences = body.putArray("stop");
        stop.forEach(sequences::add);
    }

    private void thinking() {
        Thinking thinking = conversation.thinking();
        if (thinking == null) {
            return;
        }
        if (!traits.can("reasoning")) {
            dropped.add(memberOf("thinking", "reasoning", "reasoning_effort", "output_config"));
            return;
        }
        String effort = effort(thinking);
        if (effort != null) {
            body.put("reasoning_effort", effort);
        }
    }

    /** The model's word for what is wanted; null for its default. */
    private @Nullable String effort(Thinking thinking) {
        if (thinking.isOff()) {
            return traits.can("none_reasoning_effort")
                    ? "none"
                    : traits.can("minimal_reasoning_effort") ? "minimal" : "low";
        }
        if (thinking.effort() != null) {
            return switch (thinking.effort()) {
                case "minimal" -> traits.can("minimal_reasoning_effort") ? "minimal" : "low";
                case "xhigh" -> traits.can("xhigh_reasoning_effort") ? "xhigh" : "high";
                case "max" ->
                    traits.can("max_reasoning_effort")
                            ? "max"
                            : traits.can("xhigh_reasoning_effort") ? "xhigh" : "high";
                default -> thinking.effort();
            };
        }
        if (thinking.budgetTokens() == null) {
            return null;
        }
        return thinking.budgetTokens() <= 2048 ? "low" : thinking.budgetTokens() <= 8192 ? "medium" : "high";
    }

    /** What the client called it: the first of these members that it sent. */
    private String memberOf(String... names) {
        for (String name : names) {
            if (conversation.source().has(name)) {
                return name;
            }
        }
        return names[0];
    }

    private void others() {
        if (conversation.serviceTier() != null) {
            String tier = switch (conversation.serviceTier()) {
                case "standard" -> forOpenAi ? "default" : "on_demand";
                case "priority" -> forOpenAi ? "priority" : "performance";
                default -> conversation.serviceTier();
            };
            body.put("service_tier", tier);
        }
        String endUser = conversation.endUser();
        if (endUser != null && endUser.indexOf('@') < 0) {
            body.put(forOpenAi ? "safety_identifier" : "user", endUser);
        }
        if (conversation.promptCacheKey() != null && forOpenAi) {
            body.put("prompt_cache_key", conversation.promptCacheKey());
        }
        if (conversation.stream()) {
            body.put("stream", true);
            body.putObject("stream_options").put("include_usage", true);
        }
    }
}
