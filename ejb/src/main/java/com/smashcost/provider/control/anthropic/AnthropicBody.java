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
import com.smashcost.provider.control.conversation.Seal;
import com.smashcost.provider.control.conversation.Tool;
import com.smashcost.provider.control.conversation.ToolChoice;
import com.smashcost.provider.control.conversation.Traits;
import com.smashcost.provider.control.conversation.Translated;
import com.smashcost.provider.control.conversation.Turn;
import com.smashcost.provider.control.conversation.Unsupported;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A request body for the provider while it is being written; used once. */
final class AnthropicBody {

    private static final long FEWEST_THOUGHTS = 1024;
    private static final long USUAL_MAX_TOKENS = 4096;
    private static final int MOST_STRICT_TOOLS = 20;
    private static final BigDecimal LEAST_TOP_P = new BigDecimal("0.99");
    private static final BigDecimal LEAST_TOP_P_OF_THINKERS = new BigDecimal("0.95");
    private static final Pattern TOOL_NAME = Pattern.compile("[a-zA-Z0-9_-]{1,128}");
    private static final Set<String> IMAGES = Set.of("image/jpeg", "image/png", "image/gif", "image/webp");

    /** Members that other clients do not know, and that go on as they came. */
    private static final Set<String> KNOWN_EXTRAS = Set.of(
            "context_management",
            "container",
            "mcp_servers",
            "cache_control",
            "inference_geo",
            "diagnostics",
            "fallbacks",
            "fallback_credit_token",
            "compaction",
            "user_profile_id");

    private static final Set<String> COUNTED = Set.of(
            "model",
            "messages",
            "system",
            "tools",
            "tool_choice",
            "thinking",
            "output_config",
            "cache_control",
            "context_management",
            "mcp_servers");

    private final Conversation conversation;
    private final Traits traits;
    private final ObjectNode body = Json.object();
    private final ArrayNode system = Json.array();
    private final ArrayNode messages = Json.array();
    private final Set<String> dropped = new LinkedHashSet<>();

    AnthropicBody(Conversation conversation, Traits traits) {
        this.conversation = conversation;
        this.traits = traits;
    }

    Translated write() {
        build();
        return new Translated(Json.bytes(body), Map.of(), List.copyOf(dropped));
    }

    Translated writeCountTokens() {
        build();
        body.retain(COUNTED);
        return new Translated(Json.bytes(body), Map.of(), List.copyOf(dropped));
    }

    /**
     * The name of the tool through which the model gives an answer of a schema, where it has no better way; empty if there is
     * one, or nothing to give.
     */
    static Optional<String> envelope(Conversation conversation, Traits traits) {
        if (!(conversation.format() instanceof OutputFormat.JsonSchema)
                || traits.can("native_structured_output")
                || forcesTool(conversation)) {
            return Optional.empty();
        }
        StringBuilder name = new StringBuilder("json_answer");
        while (conversation.tools().stream()
                .anyMatch(tool -> tool instanceof Tool.Function function
                        && function.name().contentEquals(name))) {
            name.append('_');
        }
        return Optional.of(name.toString());
    }

    private void build() {
        Long maxTokens = maxTokens();
        body.put("model", traits.model());
        body.put("max_tokens", maxTokens);
        turns();
        ObjectNode thinking = thinking(maxTokens);
        boolean thinks =
                thinking != null && !"disabled".equals(thinking.path("type").asText());
        String envelope = envelope(conversation, traits).orElse(null);
        if (envelope != null && thinks) {
            throw refuse(
                    formatName(),
                    "It gives such answers only without thinking: leave out the reasoning effort, or use a model with"
                            + " structured outputs of its own.");
        }
        if (conversation.format() instanceof OutputFormat.JsonObject) {
            system.addObject()
                    .put("type", "text")
                    .put("text", "Answer with one JSON object and nothing else: no words and no code fence around it.");
        }
        if (!system.isEmpty()) {
            body.set("system", isPlain(system) ? system.get(0).path("text") : system);
        }
        body.set("messages", messages);
        tools(envelope);
        if (thinking != null) {
            body.set("thinking", thinking);
        }
        outputConfig();
        sampling(thinks);
        endUser();
        serviceTier();
        extras();
        if (conversation.promptCacheKey() != null) {
            dropped.add("prompt_cache_key");
        }
        if (conversation.stream()) {
            body.put("stream", true);
        }
    }

    private Long maxTokens() {
        Long most = traits.maxOutputTokens();
        Long wanted = conversation.sampling().maxTokens();
        if (wanted == null) {
            return most == null ? Long.valueOf(USUAL_MAX_TOKENS) : most;
        }
        return most == null ? wanted : Long.valueOf(Math.min(wanted, most));
    }

    // --- messages

    private void turns() {
        List<Turn.Instruction> waiting = new ArrayList<>();
        for (Turn turn : conversation.turns()) {
            switch (turn) {
                case Turn.Instruction instruction -> {
                    if (awaitsResults()) {
                        waiting.add(instruction); // results follow their calls at once
                    } else {
                        instruct(instruction);
                    }
                }
                case Turn.User user -> {
                    if (user.name() != null) {
                        dropped.add("messages.name");
                    }
                    append("user", blocks(user.parts()));
                    if (!awaitsResults()) {
                        waiting.forEach(this::instruct);
                        waiting.clear();
                    }
                }
                case Turn.Assistant assistant -> {
                    if (assistant.name() != null) {
                        dropped.add("messages.name");
                    }
                    append("assistant", blocksOfAssistant(assistant.parts()));
                }
            }
        }
        waiting.forEach(this::instruct);
        if (messages.isEmpty() && !system.isEmpty()) { // the provider wants a message to answer to
            ObjectNode last = (ObjectNode) system.remove(system.size() - 1);
            append("user", List.of(last));
        }
        if (messages.isEmpty()) {
            throw Unsupported.malformed(said("messages", "input"), "must hold a text, an image or a document");
        }
        if (isFrom(messages.get(0), "assistant")) {
            ObjectNode opening = Json.object().put("role", "user");
            opening.putArray("content").addObject().put("type", "text").put("text", "(The assistant begins.)");
            messages.insert(0, opening);
        }
        trimLast();
    }

    private void instruct(Turn.Instruction instruction) {
        List<ObjectNode> blocks = blocks(instruction.parts());
        if (messages.isEmpty()) {
            for (ObjectNode block : blocks) {
                if (!"text".equals(block.path("type").asText())) {
                    throw refuse(
                            said("messages", "input", "system"),
                            "Its instructions hold text only: use a user message.");
                }
                system.add(block);
            }
        } else {
            append(traits.can("mid_conversation_system") ? "system" : "user", blocks);
        }
    }

    /** Adds blocks to the last message if it is of the same role, results of tools before all else, or else as a new one. */
    private void append(String role, List<ObjectNode> blocks) {
        if (blocks.isEmpty()) {
            return;
        }
        JsonNode last = messages.isEmpty() ? null : messages.get(messages.size() - 1);
        ArrayNode content;
        if (last != null && isFrom(last, role)) {
            content = (ArrayNode) last.path("content");
        } else {
            content = messages.addObject().put("role", role).putArray("content");
        }
        int results = 0;
        while (results < content.size() && isResult(content.get(results))) {
            results++;
        }
        for (ObjectNode block : blocks) {
            if (isResult(block)) {
                content.insert(results++, block);
            } else {
                content.add(block);
            }
        }
    }

    /** The provider refuses a last turn of the assistant's that ends in white space, or any where it does not write on. */
    private void trimLast() {
        JsonNode last = messages.get(messages.size() - 1);
        if (!isFrom(last, "assistant")) {
            return;
        }
        if (traits.cannot("assistant_prefill")) {
            throw refuse(
                    said("messages", "input"),
                    "It does not write on from a last message of the assistant: end with a message of the user.");
        }
        ArrayNode content = (ArrayNode) last.path("content");
        if (content.get(content.size() - 1) instanceof ObjectNode block
                && "text".equals(block.path("type").asText())) {
            block.put("text", block.path("text").asText().stripTrailing());
        }
    }

    private boolean awaitsResults() {
        if (messages.isEmpty() || !isFrom(messages.get(messages.size() - 1), "assistant")) {
            return false;
        }
        for (JsonNode block : messages.get(messages.size() - 1).path("content")) {
            if ("tool_use".equals(block.path("type").asText())) {
                return true;
            }
        }
        return false;
    }

    private List<ObjectNode> blocks(List<Part> parts) {
        List<ObjectNode> blocks = new ArrayList<>(parts.size());
        for (Part part : parts) {
            switch (part) {
                case Part.Text text -> text(text, blocks);
                case Part.Refusal refusal -> text(new Part.Text(refusal.text()), blocks);
                case Part.Image image -> blocks.add(image(image));
                case Part.Document document -> blocks.add(document(document));
                case Part.Audio audio ->
                    throw refuse(said("messages", "input"), "It does not hear: send the words of the audio as text.");
                case Part.ToolResult result -> blocks.add(result(result));
                case Part.ToolCall call -> blocks.add(call(call));
                case Part.Reasoning reasoning -> reasoning(reasoning, blocks);
                case Part.Opaque opaque -> {
                    if (opaque.dialect() != Dialect.ANTHROPIC_MESSAGES
                            || !(opaque.json() instanceof ObjectNode block)) {
                        throw refuse(
                                said("messages", "input"),
                                "It does not know one of the content parts: send text, images or documents.");
                    }
                    blocks.add(block.deepCopy());
                }
            }
        }
        return blocks;
    }

    private List<ObjectNode> blocksOfAssistant(List<Part> parts) {
        return blocks(parts.stream()
                .filter(part -> !(part instanceof Part.Opaque opaque) || opaque.dialect() == Dialect.ANTHROPIC_MESSAGES)
                .toList());
    }

    private static void text(Part.Text text, List<ObjectNode> blocks) {
        if (text.text().isBlank()) {
            return; // a 400 at the provider
        }
        ObjectNode block = Json.object().put("type", "text").put("text", text.text());
        ArrayNode citations = Json.array();
        for (Part.Citation citation : text.citations()) {
            Part.Opaque source = citation.source();
            if (source != null && source.dialect() == Dialect.ANTHROPIC_MESSAGES) {
                citations.add(source.json());
            }
        }
        if (!citations.isEmpty()) {
            block.set("citations", citations);
        }
        AnthropicContent.mark(block, text.cache());
        blocks.add(block);
    }

    private static void reasoning(Part.Reasoning reasoning, List<ObjectNode> blocks) {
        Seal seal = reasoning.seal();
        if (seal == null || seal.dialect() != Dialect.ANTHROPIC_MESSAGES) {
            return; // thoughts do not go from one vendor to another
        }
        if (AnthropicContent.REDACTED.equals(seal.kind())) {
            blocks.add(Json.object().put("type", "redacted_thinking").put("data", seal.value()));
        } else {
            blocks.add(Json.object()
                    .put("type", "thinking")
                    .put("thinking", reasoning.text())
                    .put("signature", seal.value()));
        }
    }

    private static ObjectNode call(Part.ToolCall call) {
        ObjectNode block = Json.object().put("type", "tool_use");
        block.put("id", AnthropicContent.toolId(call.id()));
        block.put("name", call.name());
        block.set("input", AnthropicContent.input(call.arguments()));
        AnthropicContent.mark(block, call.cache());
        return block;
    }

    private ObjectNode result(Part.ToolResult result) {
        ObjectNode block = Json.object().put("type", "tool_result");
        block.put("tool_use_id", AnthropicContent.toolId(result.callId()));
        ArrayNode content = Json.array();
        blocks(result.content()).forEach(content::add);
        if (!content.isEmpty()) {
            block.set("content", isPlain(content) ? content.get(0).path("text") : content);
        }
        if (result.isError()) {
            block.put("is_error", true);
        }
        AnthropicContent.mark(block, result.cache());
        return block;
    }

    private ObjectNode image(Part.Image image) {
        if (traits.cannot("vision")) {
            throw refuse(said("messages", "input"), "It does not see images: use a model with vision.");
        }
        ObjectNode block = Json.object().put("type", "image");
        switch (image.source()) {
            case Part.Source.Base64 bytes -> {
                String type = imageType(bytes);
                if (!IMAGES.contains(type)) {
                    throw refuse(
                            said("messages", "input"),
                            "Its images are image/jpeg, image/png, image/gif or image/webp: convert the image.");
                }
                block.putObject("source")
                        .put("type", "base64")
                        .put("media_type", type)
                        .put("data", bytes.data());
            }
            case Part.Source.Plain plain ->
                throw Unsupported.malformed(said("messages", "input"), "must not hold a text as an image");
            case Part.Source.Url url -> block.set("source", url(url));
            case Part.Source.Uploaded file -> block.set("source", uploaded(file));
        }
        AnthropicContent.mark(block, image.cache());
        return block;
    }

    private ObjectNode document(Part.Document document) {
        ObjectNode block = Json.object().put("type", "document");
        switch (document.source()) {
            case Part.Source.Base64 bytes -> {
                if (bytes.mediaType().startsWith("text/")) {
                    block.set("source", plain(decoded(bytes)));
                } else if (!"application/pdf".equals(bytes.mediaType())) {
                    throw refuse(
                            said("messages", "input"),
                            "Its documents are application/pdf or text: convert the document.");
                } else {
                    requirePdf();
                    block.putObject("source")
                            .put("type", "base64")
                            .put("media_type", "application/pdf")
                            .put("data", bytes.data());
                }
            }
            case Part.Source.Plain text -> block.set("source", plain(text.text()));
            case Part.Source.Url url -> {
                requirePdf();
                block.set("source", url(url));
            }
            case Part.Source.Uploaded file -> block.set("source", uploaded(file));
        }
        if (document.title() != null && !document.title().isEmpty()) {
            block.put("title", document.title());
        }
        conversation.extra("messages.citations").ifPresent(citations -> block.set("citations", citations));
        AnthropicContent.mark(block, document.cache());
        return block;
    }

    private void requirePdf() {
        if (traits.cannot("pdf_input")) {
            throw refuse(said("messages", "input"), "It does not read PDF: send the text of the document.");
        }
    }

    private static ObjectNode plain(String text) {
        return Json.object().put("type", "text").put("media_type", "text/plain").put("data", text);
    }

    private ObjectNode url(Part.Source.Url url) {
        if (!url.url().startsWith("https://") && !url.url().startsWith("http://")) {
            throw Unsupported.malformed(
                    said("messages", "input"), "must name images and documents by http URLs or hold them in base64");
        }
        return Json.object().put("type", "url").put("url", url.url());
    }

    private ObjectNode uploaded(Part.Source.Uploaded file) {
        if (file.dialect() != Dialect.ANTHROPIC_MESSAGES) {
            throw refuse(
                    said("messages", "input"),
                    "It cannot read files that were uploaded to another provider: send the file in base64.");
        }
        return Json.object().put("type", "file").put("file_id", file.id());
    }

    private String decoded(Part.Source.Base64 bytes) {
        try {
            return new String(Base64.getMimeDecoder().decode(bytes.data()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Unsupported.malformed(said("messages", "input"), "must hold documents in base64");
        }
    }

    /** What an image really is, as far as its first bytes tell; the provider refuses one that is called something else. */
    private static String imageType(Part.Source.Base64 image) {
        String data = image.data();
        if (data.startsWith("iVBORw0KGgo")) {
            return "image/png";
        }
        if (data.startsWith("/9j/")) {
            return "image/jpeg";
        }
        if (data.startsWith("R0lGOD")) {
            return "image/gif";
        }
        if (data.startsWith("UklGR")) {
            return "image/webp";
        }
        return "image/jpg".equals(image.mediaType()) ? "image/jpeg" : image.mediaType();
    }

    // --- tools

    private void tools(@Nullable String envelope) {
        List<Tool> offered = offered();
        if (offered.isEmpty() && envelope == null) {
            return;
        }
        ArrayNode tools = Json.array();
        for (Tool tool : offered) {
            switch (tool) {
                case Tool.Function function -> tools.add(function(function));
                case Tool.Hosted hosted -> {
                    if (hosted.dialect() != Dialect.ANTHROPIC_MESSAGES) {
                        throw refuse(
                                "tools",
                                "It does not know the tool " + plainWord(hosted.type())
                                        + ": describe it as a function that your application runs.");
                    }
                    tools.add(hosted.json());
                }
            }
        }
        ObjectNode choice = choice();
        if (envelope != null && conversation.format() instanceof OutputFormat.JsonSchema format) {
            boolean alone = offered.isEmpty() || conversation.toolChoice() instanceof ToolChoice.None;
            choice = Json.object().put("type", alone ? "tool" : "any");
            if (alone) {
                choice.put("name", envelope);
            }
            tools.add(envelopeTool(envelope, format));
        }
        body.set("tools", tools);
        if (Boolean.FALSE.equals(conversation.parallelToolCalls()) && !"none".equals(type(choice))) {
            choice = choice == null ? Json.object().put("type", "auto") : choice;
            choice.put("disable_parallel_tool_use", true);
        }
        if (("any".equals(type(choice)) || "tool".equals(type(choice))) && traits.cannot("forced_tool_choice")) {
            throw refuse(
                    envelope != null ? formatName() : "tool_choice",
                    "It cannot be made to call a tool: use auto and ask for the call in the prompt.");
        }
        if (choice != null) {
            body.set("tool_choice", choice);
        }
    }

    private List<Tool> offered() {
        if (!(conversation.toolChoice() instanceof ToolChoice.Allowed allowed)) {
            return conversation.tools();
        }
        return conversation.tools().stream()
                .filter(tool -> !(tool instanceof Tool.Function function)
                        || allowed.names().contains(function.name()))
                .toList();
    }

    private ObjectNode function(Tool.Function function) {
        if (!TOOL_NAME.matcher(function.name()).matches()) {
            throw Unsupported.malformed("tools.name", "must be 1 to 128 characters of A-Z a-z 0-9 _ -");
        }
        ObjectNode json = Json.object().put("name", function.name());
        if (function.description() != null) {
            json.put("description", function.description());
        }
        ObjectNode schema = AnthropicSchema.ofInput(function.parameters());
        if (schema == null) {
            throw Unsupported.malformed("tools.parameters", "must be the JSON schema of an object");
        }
        boolean strict = Boolean.TRUE.equals(function.strict());
        if (strict && canBeStrict()) {
            json.set("input_schema", AnthropicSchema.strict(schema));
            json.put("strict", true);
        } else {
            json.set("input_schema", schema);
            if (strict) {
                dropped.add("tools.strict");
            }
        }
        for (Extra extra : conversation.extras()) {
            if (extra.name().startsWith("tools.") && extra.value().has(function.name())) {
                json.set(
                        extra.name().substring("tools.".length()), extra.value().path(function.name()));
            }
        }
        AnthropicContent.mark(json, function.cache());
        return json;
    }

    private boolean canBeStrict() {
        return traits.can("native_structured_output")
                && conversation.tools().stream()
                                .filter(tool -> tool instanceof Tool.Function function
                                        && Boolean.TRUE.equals(function.strict()))
                                .count()
                        <= MOST_STRICT_TOOLS;
    }

    private ObjectNode envelopeTool(String name, OutputFormat.JsonSchema format) {
        ObjectNode schema = AnthropicSchema.ofInput(format.schema());
        if (schema == null) {
            throw refuse(
                    formatName(), "Its structured answers are objects: put the schema into a member of an object.");
        }
        ObjectNode tool = Json.object().put("name", name);
        tool.put(
                "description",
                "Gives the final answer. Call it once, with the whole answer as its input."
                        + (format.description() == null ? "" : " " + format.description()));
        tool.set("input_schema", schema);
        return tool;
    }

    private @Nullable ObjectNode choice() {
        return switch (conversation.toolChoice()) {
            case null -> null;
            case ToolChoice.Auto auto -> Json.object().put("type", "auto");
            case ToolChoice.None none -> Json.object().put("type", "none");
            case ToolChoice.Required required -> Json.object().put("type", "any");
            case ToolChoice.Named named -> Json.object().put("type", "tool").put("name", named.name());
            case ToolChoice.Allowed allowed -> Json.object().put("type", allowed.required() ? "any" : "auto");
        };
    }

    private static boolean forcesTool(Conversation conversation) {
        if (conversation.tools().isEmpty()) {
            return false;
        }
        return switch (conversation.toolChoice()) {
            case null -> false;
            case ToolChoice.Auto auto -> false;
            case ToolChoice.None none -> false;
            case ToolChoice.Required required -> true;
            case ToolChoice.Named named -> true;
            case ToolChoice.Allowed allowed -> allowed.required();
        };
    }

    // --- thinking and format

    private @Nullable ObjectNode thinking(long maxTokens) {
        Thinking wanted = conversation.thinking();
        if (wanted == null) {
            return null;
        }
        boolean adaptive = traits.can("adaptive_thinking");
        if (wanted.isOff()) {
            return adaptive || traits.can("reasoning") ? Json.object().put("type", "disabled") : null;
        }
        boolean possible = adaptive || (traits.can("reasoning") && maxTokens > FEWEST_THOUGHTS);
        if (!possible
                || forcesTool(conversation)
                || isFrom(messages.get(messages.size() - 1), "assistant")
                || (!adaptive && lacksThoughts())) {
            if (wanted.mode() != null || !traits.can("output_config")) {
                dropped.add(thinkingName());
            }
            return null;
        }
        ObjectNode thinking = Json.object().put("type", adaptive ? "adaptive" : "enabled");
        if (!adaptive) {
            thinking.put("budget_tokens", budget(wanted, maxTokens));
        }
        if (wanted.shown() != null) {
            thinking.put("display", wanted.shown() ? "summarized" : "omitted");
        }
        return thinking;
    }

    /** How much may be thought; leaves at least half of the answer to words where the client named no number. */
    private static long budget(Thinking wanted, long maxTokens) {
        Long said = wanted.budgetTokens();
        long budget = said != null
                ? said
                : Math.min(
                        maxTokens / 2,
                        switch (wanted.effort() == null ? "high" : wanted.effort()) {
                            case "minimal", "low" -> FEWEST_THOUGHTS;
                            case "medium" -> 4096L;
                            case "xhigh" -> 16384L;
                            case "max" -> 32768L;
                            default -> 8192L;
                        });
        return Math.max(FEWEST_THOUGHTS, Math.min(budget, maxTokens - 1));
    }

    /** Whether the model is amid calling tools and what it thought before that is not at hand, without which it thinks no more. */
    private boolean lacksThoughts() {
        int last = messages.size() - 1;
        if (last < 1
                || !isResult(messages.get(last).path("content").path(0))
                || !isFrom(messages.get(last - 1), "assistant")) {
            return false;
        }
        String first =
                messages.get(last - 1).path("content").path(0).path("type").asText();
        return !"thinking".equals(first) && !"redacted_thinking".equals(first);
    }

    private void outputConfig() {
        ObjectNode config = Json.object();
        Thinking thinking = conversation.thinking();
        if (thinking != null && thinking.effort() != null && !"none".equals(thinking.effort())) {
            if (traits.can("output_config")) {
                config.put("effort", effort(thinking.effort()));
            } else if (thinking.mode() == Thinking.Mode.BUDGET) {
                dropped.add("output_config.effort");
            }
        }
        if (conversation.format() instanceof OutputFormat.JsonSchema format && traits.can("native_structured_output")) {
            ObjectNode json = config.putObject("format").put("type", "json_schema");
            json.set("schema", AnthropicSchema.strict(format.schema()));
        }
        conversation.extra("output_config.task_budget").ifPresent(budget -> {
            if (traits.can("output_config")) {
                config.set("task_budget", budget);
            } else {
                dropped.add("output_config.task_budget");
            }
        });
        if (!config.isEmpty()) {
            body.set("output_config", config);
        }
    }

    private String effort(String wanted) {
        return switch (wanted) {
            case "minimal" -> "low";
            case "xhigh" -> traits.can("xhigh_reasoning_effort") ? wanted : "high";
            case "max" -> traits.can("max_reasoning_effort") ? wanted : "high";
            default -> wanted;
        };
    }

    // --- the rest

    private void sampling(boolean thinks) {
        Sampling sampling = conversation.sampling();
        boolean fixed = traits.cannot("sampling_params");
        BigDecimal temperature = sampling.temperature();
        BigDecimal topP = sampling.topP();
        boolean cooled = temperature != null && temperature.compareTo(BigDecimal.ONE) != 0;
        if (temperature != null && cooled && (fixed || thinks)) {
            dropped.add("temperature");
        } else if (temperature != null && !fixed) {
            if (temperature.compareTo(BigDecimal.ONE) > 0) {
                dropped.add("temperature"); // 1 is the most there is
            }
            body.put("temperature", temperature.min(BigDecimal.ONE));
        }
        if (topP != null) {
            BigDecimal least = fixed ? LEAST_TOP_P : thinks ? LEAST_TOP_P_OF_THINKERS : BigDecimal.ZERO;
            if (topP.compareTo(least) < 0 || (temperature != null && topP.compareTo(BigDecimal.ONE) < 0)) {
                dropped.add("top_p"); // together with a temperature it is refused
            } else if (!fixed && temperature == null) {
                body.put("top_p", topP);
            }
        }
        if (sampling.topK() != null) {
            if (fixed || thinks) {
                dropped.add("top_k");
            } else {
                body.put("top_k", sampling.topK());
            }
        }
        stops(sampling);
        unknownSampling(sampling);
    }

    private void stops(Sampling sampling) {
        ArrayNode stops = Json.array();
        for (String stop : sampling.stop()) {
            if (stop.isEmpty()) {
                continue;
            }
            if (stop.isBlank()) {
                throw refuse(
                        said("stop", "stop_sequences"),
                        "It does not stop at white space: use a sequence with a letter.");
            }
            stops.add(stop);
        }
        if (!stops.isEmpty()) {
            body.set("stop_sequences", stops);
        }
    }

    private void unknownSampling(Sampling sampling) {
        if (sampling.candidates() != null && sampling.candidates() != 1) {
            throw refuse("n", "It gives one answer: send the request as often as you need answers.");
        }
        if (Boolean.TRUE.equals(sampling.logprobs()) || sampling.topLogprobs() != null) {
            throw refuse(
                    Boolean.TRUE.equals(sampling.logprobs()) ? "logprobs" : "top_logprobs",
                    "It tells no probabilities: use an OpenAI or Google model for them.");
        }
        if (sampling.logitBias() != null && !sampling.logitBias().isEmpty()) {
            throw refuse("logit_bias", "It has no bias: ask for the words in the prompt.");
        }
        if (sampling.seed() != null) {
            dropped.add("seed");
        }
        if (sampling.presencePenalty() != null && sampling.presencePenalty().signum() != 0) {
            dropped.add("presence_penalty");
        }
        if (sampling.frequencyPenalty() != null && sampling.frequencyPenalty().signum() != 0) {
            dropped.add("frequency_penalty");
        }
    }

    private void endUser() {
        String user = conversation.endUser();
        if (user == null || user.isEmpty()) {
            return;
        }
        if (user.indexOf('@') >= 0 || user.length() > 256) {
            dropped.add(said("user", "safety_identifier", "metadata"));
        } else {
            body.putObject("metadata").put("user_id", user);
        }
    }

    private void serviceTier() {
        switch (conversation.serviceTier()) {
            case null -> {}
            case "auto", "priority" -> body.put("service_tier", "auto");
            case "standard" -> body.put("service_tier", "standard_only");
            default -> dropped.add("service_tier");
        }
    }

    private void extras() {
        for (Extra extra : conversation.extras()) {
            if (isKnown(extra)) {
                body.set(extra.name(), extra.value());
            } else if (extra.essential()) {
                throw refuse(extra.name(), "Leave it out, or use a model of the provider that knows it.");
            } else if (!isPlaced(extra)) {
                dropped.add(extra.name());
            }
        }
    }

    private boolean isKnown(Extra extra) {
        if (extra.name().equals("speed")) {
            return traits.can("speed");
        }
        if (extra.name().equals("context_management") || extra.name().equals("cache_control")) {
            return extra.value().isObject(); // other dialects have such a name for other things
        }
        return KNOWN_EXTRAS.contains(extra.name());
    }

    /** Whether the member went to its place within another one. */
    private static boolean isPlaced(Extra extra) {
        return extra.name().equals("messages.citations")
                || extra.name().equals("output_config.task_budget")
                || (extra.name().startsWith("tools.") && extra.value().isObject());
    }

    // --- words

    private RuntimeException refuse(String field, String instead) {
        return Unsupported.refuse(field, traits.model(), instead);
    }

    /** The name that the client used, of several for the same thing. */
    private String said(String... names) {
        for (String name : names) {
            if (conversation.source().has(name)) {
                return name;
            }
        }
        return names[0];
    }

    private String formatName() {
        String name = said("response_format", "text", "output_config", "output_format");
        return switch (name) {
            case "text" -> "text.format";
            case "output_config" -> "output_config.format";
            default -> name;
        };
    }

    private String thinkingName() {
        return said("reasoning_effort", "reasoning", "thinking", "output_config");
    }

    private static String plainWord(String word) {
        return word.matches("[A-Za-z0-9_-]{1,64}") ? word : "named there";
    }

    private static @Nullable String type(@Nullable ObjectNode choice) {
        return choice == null ? null : choice.path("type").asText();
    }

    /** Whether the content is one text with nothing to it, for which its string is enough. */
    private static boolean isPlain(ArrayNode content) {
        return content.size() == 1
                && content.get(0).size() == 2
                && "text".equals(content.get(0).path("type").asText());
    }

    private static boolean isFrom(JsonNode message, String role) {
        return role.equals(message.path("role").asText());
    }

    private static boolean isResult(JsonNode block) {
        return "tool_result".equals(block.path("type").asText());
    }
}
