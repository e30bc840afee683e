package com.smashcost.provider.control.responses;

import static com.smashcost.provider.control.conversation.Unsupported.refuse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.conversation.Conversation;
import com.smashcost.provider.control.conversation.Conversation.Extra;
import com.smashcost.provider.control.conversation.OutputFormat;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Tool;
import com.smashcost.provider.control.conversation.ToolChoice;
import com.smashcost.provider.control.conversation.Traits;
import com.smashcost.provider.control.conversation.Translated;
import com.smashcost.provider.control.conversation.Turn;
import com.smashcost.refusal.control.Refusal;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One request as it is written for a provider of the dialect. */
final class ResponsesBody {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final int LONGEST_ID = 64;
    private static final int FEWEST_TOKENS = 16;

    /** Members of chat requests that OpenAI means the same in both dialects. */
    private static final Set<String> SHARED =
            Set.of("metadata", "moderation", "prompt_cache_options", "prompt_cache_retention");

    private final Conversation conversation;
    private final Traits traits;
    private final boolean ours;
    private final Set<String> dropped = new LinkedHashSet<>();
    private final ArrayNode input = Json.array();
    private boolean replaysThoughts;
    private int messages;

    ResponsesBody(Conversation conversation, Traits traits) {
        this.conversation = conversation;
        this.traits = traits;
        this.ours = conversation.source().has("input") || conversation.source().has("prompt");
    }

    Translated translated() {
        ObjectNode body = Json.object();
        body.put("model", traits.model());
        List<Turn> turns = conversation.turns();
        if (!turns.isEmpty()
                && turns.getFirst() instanceof Turn.Instruction first
                && !first.developer()
                && first.parts().stream().allMatch(part -> part instanceof Part.Text && part.cache() == null)) {
            body.put("instructions", joined(first.parts(), ResponsesItems.PARAGRAPH));
            turns = turns.subList(1, turns.size());
        }
        turns.forEach(this::turn);
        body.set("input", input);
        tools(body);
        sampling(body);
        text(body);
        reasoning(body);
        include(body);
        if (conversation.serviceTier() != null) {
            body.put(
                    "service_tier",
                    conversation.serviceTier().equals("standard") ? "default" : conversation.serviceTier());
        }
        String endUser = conversation.endUser();
        if (endUser != null) {
            if (endUser.indexOf('@') >= 0 || endUser.length() > 64) {
                dropped.add(clientName("safety_identifier", "user", "metadata.user_id"));
            } else {
                body.put("safety_identifier", endUser);
            }
        }
        if (conversation.promptCacheKey() != null) {
            body.put("prompt_cache_key", conversation.promptCacheKey());
        }
        extras(body);
        body.put("store", false);
        if (conversation.stream()) {
            body.put("stream", true);
        }
        return new Translated(Json.bytes(body), Map.of(), new ArrayList<>(dropped));
    }

    private void turn(Turn turn) {
        switch (turn) {
            case Turn.Instruction instruction -> {
                boolean developer = instruction.developer() || traits.cannot("system_messages");
                message(developer ? "developer" : "system", instruction.parts(), null);
            }
            case Turn.User user -> user(user);
            case Turn.Assistant assistant -> assistant(assistant);
        }
    }

    private void user(Turn.User user) {
        List<Part> said = new ArrayList<>();
        for (Part part : user.parts()) {
            switch (part) {
                case Part.ToolResult result -> {
                    ObjectNode item = input.addObject();
                    item.put("type", "function_call_output");
                    item.put("call_id", callId(result.callId()));
                    item.set("output", output(result));
                }
                case Part.Opaque opaque -> {
                    if (opaque.dialect() != Dialect.OPENAI_RESPONSES) {
                        throw content("a part that only its own provider understands");
                    }
                    input.add(opaque.json());
                }
                default -> said.add(part);
            }
        }
        if (!said.isEmpty()) {
            message("user", said, user.name());
        }
    }

    private void message(String role, List<Part> parts, @Nullable String name) {
        if (name != null) {
            dropped.add("messages.name");
        }
        if (parts.isEmpty()) {
            return;
        }
        ObjectNode item = input.addObject();
        item.put("type", "message");
        item.put("role", role);
        if (parts.size() == 1 && parts.getFirst() instanceof Part.Text text && breakpoint(text) == null) {
            item.put("content", text.text());
        } else {
            item.set("content", content(parts));
        }
    }

    private ArrayNode content(List<Part> parts) {
        ArrayNode content = Json.array();
        for (Part part : parts) {
            ObjectNode to = content.addObject();
            switch (part) {
                case Part.Text text -> to.put("type", "input_text").put("text", text.text());
                case Part.Refusal refusal -> to.put("type", "input_text").put("text", refusal.text());
                case Part.Image image -> image(image, to);
                case Part.Document document -> document(document, to);
                case Part.Audio audio ->
                    throw refuse(
                            "input_audio",
                            traits.model(),
                            "Send the sound to a model that hears, with chat completions.");
                case Part.Reasoning reasoning -> throw content("thoughts of the model");
                case Part.ToolCall call -> throw content("a call of a tool");
                case Part.ToolResult result -> throw content("a result within a result");
                case Part.Opaque opaque -> throw content("a part that only its own provider understands");
            }
            ObjectNode breakpoint = breakpoint(part);
            if (breakpoint != null) {
                to.set("prompt_cache_breakpoint", breakpoint);
            }
        }
        return content;
    }

    private Refusal.BadRequest content(String what) {
        return refuse(
                clientName("messages", "input"),
                traits.model(),
                "It holds " + what + " where this model takes text, images and files.");
    }

    private @Nullable ObjectNode breakpoint(Part part) {
        if (part.cache() == null) {
            return null;
        }
        if (!traits.can("prompt_cache_breakpoint")) {
            dropped.add(ours ? "prompt_cache_breakpoint" : "cache_control");
            return null;
        }
        return Json.object().put("mode", "explicit");
    }

    private void image(Part.Image image, ObjectNode to) {
        if (traits.cannot("vision")) {
            throw refuse(ours ? "input_image" : "image", traits.model(), "Use a model that sees images.");
        }
        to.put("type", "input_image");
        to.put("detail", image.detail() == null ? "auto" : image.detail());
        switch (image.source()) {
            case Part.Source.Base64 base64 -> to.put("image_url", dataUrl(base64));
            case Part.Source.Url url -> to.put("image_url", url.url());
            case Part.Source.Uploaded uploaded -> to.put("file_id", fileId(uploaded));
            case Part.Source.Plain plain -> throw content("an image that is a text");
        }
    }

    private void document(Part.Document document, ObjectNode to) {
        if (document.source() instanceof Part.Source.Plain plain) {
            to.put("type", "input_text");
            to.put(
                    "text",
                    document.title() == null
                            ? plain.text()
                            : document.title() + ResponsesItems.PARAGRAPH + plain.text());
            return;
        }
        if (traits.cannot("pdf_input")) {
            throw refuse(ours ? "input_file" : "file", traits.model(), "Send the text of the document.");
        }
        to.put("type", "input_file");
        switch (document.source()) {
            case Part.Source.Base64 base64 -> {
                String kind = base64.mediaType().equals("application/pdf") ? "document.pdf" : "document.txt";
                to.put("filename", document.title() == null ? kind : document.title());
                to.put("file_data", dataUrl(base64));
            }
            case Part.Source.Url url -> to.put("file_url", url.url());
            case Part.Source.Uploaded uploaded -> to.put("file_id", fileId(uploaded));
            case Part.Source.Plain plain -> throw content("a document of two kinds");
        }
    }

    private static String dataUrl(Part.Source.Base64 base64) {
        return "data:" + base64.mediaType() + ";base64," + base64.data();
    }

    private String fileId(Part.Source.Uploaded uploaded) {
        if (uploaded.dialect() != Dialect.OPENAI_RESPONSES && uploaded.dialect() != Dialect.OPENAI_CHAT) {
            throw refuse("file_id", traits.model(), "The file is with another provider: send its content in base64.");
        }
        return uploaded.id();
    }

    private JsonNode output(Part.ToolResult result) {
        List<Part> parts = new ArrayList<>(result.content());
        if (result.isError()) {
            parts.addFirst(new Part.Text("Error: ")); // the dialect has no other way to say so
        }
        if (parts.stream().allMatch(Part.Text.class::isInstance) && (result.isError() || parts.size() < 2)) {
            return Json.object().textNode(joined(parts, ""));
        }
        return content(parts);
    }

    private void assistant(Turn.Assistant assistant) {
        if (assistant.name() != null) {
            dropped.add("messages.name");
        }
        List<Part> said = new ArrayList<>();
        for (Part part : assistant.parts()) {
            if (part instanceof Part.Text || part instanceof Part.Refusal) {
                said.add(part);
                continue;
            }
            said(said);
            switch (part) {
                case Part.Reasoning reasoning ->
                    ResponsesItems.sealedItem(reasoning).ifPresent(item -> {
                        input.add(item);
                        replaysThoughts = true;
                    });
                case Part.ToolCall call -> {
                    ObjectNode item = input.addObject();
                    item.put("type", "function_call");
                    item.put("call_id", callId(call.id()));
                    item.put("name", toolName(call.name()));
                    item.put("arguments", call.arguments().isEmpty() ? "{}" : call.arguments());
                }
                case Part.Opaque opaque -> {
                    if (opaque.dialect() == Dialect.OPENAI_RESPONSES) {
                        input.add(opaque.json());
                    }
                }
                case Part.Image image -> dropped.add("messages.image"); // what the model itself made
                case Part.Document document -> dropped.add("messages.document");
                case Part.Audio audio -> dropped.add("messages.audio");
                case Part.ToolResult result -> throw content("a result in the model's own turn");
                case Part.Text text -> throw new IllegalStateException("was said");
                case Part.Refusal refusal -> throw new IllegalStateException("was said");
            }
        }
        said(said);
    }

    /** Writes what the model said in a row as one message. */
    private void said(List<Part> said) {
        if (said.isEmpty()) {
            return;
        }
        ObjectNode item = input.addObject();
        item.put("type", "message");
        if (said.size() == 1
                && said.getFirst() instanceof Part.Text text
                && text.citations().isEmpty()) {
            item.put("role", "assistant");
            item.put("content", text.text());
        } else {
            item.put("id", "msg_" + ++messages);
            item.put("role", "assistant");
            ArrayNode content = item.putArray("content");
            for (Part part : said) {
                ObjectNode to = content.addObject();
                switch (part) {
                    case Part.Text text -> {
                        to.put("type", "output_text").put("text", text.text());
                        ArrayNode annotations = to.putArray("annotations");
                        for (Part.Citation citation : text.citations()) {
                            ResponsesItems.annotation(
                                            citation, 0, 0, text.text().length())
                                    .ifPresent(annotations::add);
                        }
                        to.putArray("logprobs");
                    }
                    case Part.Refusal refusal -> to.put("type", "refusal").put("refusal", refusal.text());
                    default -> throw new IllegalStateException("was not said");
                }
            }
            item.put("status", "completed");
        }
        said.clear();
    }

    private static String joined(List<Part> parts, String between) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            text.append(i == 0 ? "" : between).append(((Part.Text) parts.get(i)).text());
        }
        return text.toString();
    }

    /** The id itself, or what always stands for it where it is longer than the dialect allows. */
    private static String callId(String id) {
        if (!id.isEmpty() && id.length() <= LONGEST_ID) {
            return id;
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return "call_" + HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private String toolName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw refuse("tools.name", traits.model(), "A tool's name has 1 to 64 characters of A-Z a-z 0-9 _ -");
        }
        return name;
    }

    private void tools(ObjectNode body) {
        if (conversation.tools().isEmpty()) {
            return;
        }
        ArrayNode tools = body.putArray("tools");
        for (Tool tool : conversation.tools()) {
            switch (tool) {
                case Tool.Function function -> {
                    if (traits.cannot("function_calling")) {
                        throw refuse("tools", traits.model(), "Use a model that calls functions.");
                    }
                    if (function.cache() != null) {
                        dropped.add("cache_control"); // tools are cached with what follows them
                    }
                    ObjectNode to = tools.addObject();
                    to.put("type", "function");
                    to.put("name", toolName(function.name()));
                    if (function.description() != null) {
                        to.put("description", function.description());
                    }
                    to.set("parameters", parameters(function.parameters()));
                    // what is left out means true in this dialect and false in all others
                    to.put("strict", Boolean.TRUE.equals(function.strict()));
                }
                case Tool.Hosted hosted -> tools.add(hosted(hosted));
            }
        }
        choice(body);
        if (conversation.parallelToolCalls() != null && !traits.cannot("parallel_function_calling")) {
            body.put("parallel_tool_calls", conversation.parallelToolCalls());
        }
    }

    private static JsonNode parameters(@Nullable JsonNode parameters) {
        if (parameters != null) {
            return parameters;
        }
        ObjectNode none = Json.object().put("type", "object");
        none.putObject("properties");
        return none;
    }

    private JsonNode hosted(Tool.Hosted hosted) {
        if (hosted.dialect() == Dialect.OPENAI_RESPONSES) {
            return hosted.json();
        }
        if (hosted.dialect() == Dialect.OPENAI_CHAT && hosted.json().path("custom") instanceof ObjectNode custom) {
            ObjectNode to = Json.object().put("type", "custom");
            custom.properties().forEach(member -> to.set(member.getKey(), flat(member.getValue())));
            return to;
        }
        throw refuse(
                "tools",
                traits.model(),
                "A tool that a provider runs itself works with that provider only: use a function.");
    }

    /** A custom tool's format, whose grammar the chat dialect wraps once more. */
    private static JsonNode flat(JsonNode value) {
        if (value.path("grammar") instanceof ObjectNode grammar) {
            ObjectNode format = Json.object();
            format.set("type", value.path("type"));
            format.setAll(grammar);
            return format;
        }
        return value;
    }

    private void choice(ObjectNode body) {
        switch (conversation.toolChoice()) {
            case null -> {}
            case ToolChoice.Auto auto -> body.put("tool_choice", "auto");
            case ToolChoice.None none -> body.put("tool_choice", "none");
            case ToolChoice.Required required -> body.put("tool_choice", "required");
            case ToolChoice.Named named ->
                body.putObject("tool_choice").put("type", "function").put("name", named.name());
            case ToolChoice.Allowed allowed -> {
                ObjectNode choice = body.putObject("tool_choice");
                choice.put("type", "allowed_tools");
                choice.put("mode", allowed.required() ? "required" : "auto");
                ArrayNode tools = choice.putArray("tools");
                allowed.names()
                        .forEach(name ->
                                tools.addObject().put("type", "function").put("name", name));
            }
        }
    }

    private void sampling(ObjectNode body) {
        Conversation.Sampling sampling = conversation.sampling();
        if (sampling.candidates() != null && sampling.candidates() > 1) {
            throw refuse("n", traits.model(), "Ask several times.");
        }
        if (!sampling.stop().isEmpty()) {
            throw refuse(
                    clientName("stop", "stop_sequences"),
                    traits.model(),
                    "Leave it out and cut the answer yourself, or use a model that is served by chat completions.");
        }
        JsonNode bias = sampling.logitBias();
        if (bias != null && !bias.isEmpty()) {
            throw refuse(
                    "logit_bias", traits.model(), "Leave it out, or use a model that is served by chat completions.");
        }
        dropIf(sampling.topK() != null, "top_k");
        dropIf(sampling.seed() != null, "seed");
        dropIf(isNotZero(sampling.presencePenalty()), "presence_penalty");
        dropIf(isNotZero(sampling.frequencyPenalty()), "frequency_penalty");
        Long most = sampling.maxTokens();
        if (most != null) {
            long cap = traits.maxOutputTokens() == null ? Long.MAX_VALUE : traits.maxOutputTokens();
            body.put("max_output_tokens", Math.min(Math.max(most, FEWEST_TOKENS), cap));
        }
        // while they think, models take no other than their own
        boolean fixed = traits.can("reasoning") && !traits.can("temperature") && !isWithoutThought();
        decimal(body, "temperature", sampling.temperature(), fixed);
        decimal(body, "top_p", sampling.topP(), fixed);
        if (sampling.topLogprobs() != null) {
            body.put("top_logprobs", sampling.topLogprobs());
        }
    }

    private static boolean isNotZero(@Nullable BigDecimal number) {
        return number != null && number.signum() != 0;
    }

    private void decimal(ObjectNode body, String name, @Nullable BigDecimal value, boolean fixed) {
        if (value == null) {
            return;
        }
        if (fixed || traits.cannot(name)) {
            dropIf(value.compareTo(BigDecimal.ONE) != 0, name);
        } else {
            body.put(name, value);
        }
    }

    private void dropIf(boolean asked, String name) {
        if (asked) {
            dropped.add(name);
        }
    }

    private void text(ObjectNode body) {
        ObjectNode text = Json.object();
        switch (conversation.format()) {
            case null -> {}
            case OutputFormat.JsonObject any -> text.putObject("format").put("type", "json_object");
            case OutputFormat.JsonSchema schema -> {
                if (traits.cannot("response_schema")) {
                    throw refuse(
                            clientName("text.format", "response_format", "output_config", "output_format"),
                            traits.model(),
                            "Use a model that keeps to a schema, or a tool with this schema.");
                }
                ObjectNode format = text.putObject("format");
                format.put("type", "json_schema");
                format.put("name", schema.name() == null ? "response" : schema.name());
                if (schema.description() != null) {
                    format.put("description", schema.description());
                }
                format.set("schema", schema.schema());
                if (schema.strict() != null) {
                    format.put("strict", schema.strict());
                }
            }
        }
        conversation
                .extra("text.verbosity")
                .or(() -> conversation.extra("verbosity"))
                .ifPresent(verbosity -> text.set("verbosity", verbosity));
        if (!text.isEmpty()) {
            body.set("text", text);
        }
    }

    private void reasoning(ObjectNode body) {
        Conversation.Thinking thinking = conversation.thinking();
        ObjectNode reasoning = Json.object();
        if (thinking != null && traits.cannot("reasoning")) {
            dropIf(!thinking.isOff(), clientName("reasoning", "reasoning_effort", "thinking"));
        } else if (thinking != null) {
            String effort = effort(thinking);
            if (effort != null) {
                reasoning.put("effort", effort);
            }
            if (Boolean.TRUE.equals(thinking.shown())) {
                String summary = ResponsesItems.text(conversation.source().path("reasoning"), "summary");
                reasoning.put("summary", summary == null ? "auto" : summary);
            }
        }
        if (ours) {
            conversation.extra("reasoning.mode").ifPresent(mode -> reasoning.set("mode", mode));
            conversation.extra("reasoning.context").ifPresent(context -> reasoning.set("context", context));
        }
        if (!reasoning.isEmpty()) {
            body.set("reasoning", reasoning);
        }
    }

    private boolean isWithoutThought() {
        Conversation.Thinking thinking = conversation.thinking();
        return thinking != null && "none".equals(effort(thinking));
    }

    /** The effort to ask for: what the client says, or the next that the model knows; null for the model's own. */
    private @Nullable String effort(Conversation.Thinking thinking) {
        String wanted = thinking.isOff() ? "none" : thinking.effort();
        Long budget = thinking.budgetTokens();
        if (wanted == null && budget != null) {
            wanted = budget <= 2048 ? "low" : budget <= 8192 ? "medium" : "high";
        }
        if (wanted == null) {
            return null;
        }
        return switch (wanted) {
            case "none" -> lowest("none");
            case "minimal" -> lowest("minimal");
            case "low" -> lowest("low");
            case "xhigh" -> traits.cannot("xhigh_reasoning_effort") ? "high" : "xhigh";
            case "max" ->
                traits.can("max_reasoning_effort") ? "max" : traits.can("xhigh_reasoning_effort") ? "xhigh" : "high";
            default -> wanted;
        };
    }

    private String lowest(String wanted) {
        List<String> rising = List.of("none", "minimal", "low");
        for (String effort : rising.subList(rising.indexOf(wanted), rising.size())) {
            String capability = effort + "_reasoning_effort";
            if (traits.can(capability) || (effort.equals("low") && !traits.cannot(capability))) {
                return effort;
            }
        }
        return "medium";
    }

    private void include(ObjectNode body) {
        Set<String> include = new LinkedHashSet<>();
        if (traits.can("reasoning") || replaysThoughts) {
            include.add(ResponsesRequest.INCLUDE_ENCRYPTED);
        }
        if (Boolean.TRUE.equals(conversation.sampling().logprobs())) {
            include.add(ResponsesRequest.INCLUDE_LOGPROBS);
        }
        if (ours) {
            conversation.extra("include").ifPresent(more -> more.forEach(one -> include.add(one.asText())));
        }
        if (!include.isEmpty()) {
            ArrayNode list = body.putArray("include");
            include.forEach(list::add);
        }
    }

    private void extras(ObjectNode body) {
        for (Extra extra : conversation.extras()) {
            String name = extra.name();
            switch (name) {
                case "text.verbosity", "verbosity" -> {}
                case "include", "reasoning.mode", "reasoning.context" -> dropIf(!ours, name);
                case "store", "stream_options" -> {}
                default -> {
                    if (ours || isShared(extra)) {
                        if (name.indexOf('.') < 0) {
                            body.set(name, extra.value());
                        } else {
                            dropped.add(name);
                        }
                    } else if (name.equals("tool_choice")
                            && extra.value().path("custom").path("name").isTextual()) {
                        body.putObject("tool_choice")
                                .put("type", "custom")
                                .set("name", extra.value().path("custom").get("name"));
                    } else if (extra.essential()) {
                        throw refuse(
                                name, traits.model(), "Leave it out, or use a model of the provider that knows it.");
                    } else {
                        dropped.add(name);
                    }
                }
            }
        }
    }

    private boolean isShared(Extra extra) {
        if (!SHARED.contains(extra.name())) {
            return false;
        }
        if (!extra.name().equals("metadata")) {
            return true;
        }
        for (JsonNode value : extra.value()) {
            if (!value.isTextual() || value.textValue().indexOf('@') >= 0) {
                return false;
            }
        }
        return extra.value().isObject();
    }

    /** The client's name of what has several: the first that is in its body, or else the first. */
    private String clientName(String... names) {
        for (String name : names) {
            if (!conversation.source().at("/" + name.replace('.', '/')).isMissingNode()) {
                return name;
            }
        }
        return names[0];
    }
}
