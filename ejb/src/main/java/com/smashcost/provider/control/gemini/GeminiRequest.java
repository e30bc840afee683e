package com.smashcost.provider.control.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.conversation.Conversation;
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
import com.smashcost.refusal.control.Refusal;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A conversation as the body of Gemini's {@code generateContent}; the model stands in the URL.
 *
 * <p>Besides the usual names, the catalogue's capabilities that matter here are
 *
 * <ul>
 *   <li>{@code full_json_schema}: false for models that take the OpenAPI subset only;
 *   <li>{@code response_schema_with_tools}: false for models that cannot have a format and tools in one request;
 *   <li>{@code strict_tool_calls}: whether the mode {@code VALIDATED} is known;
 *   <li>{@code thinking_level}: whether thinking is set by a level and not by a number of tokens;
 *   <li>{@code thinking_minimal}, {@code thinking_medium}: whether these levels exist; medium does unless it says false;
 *   <li>{@code thinking_off}: false for models that always think;
 *   <li>{@code thought_signatures}: whether a history with an unsigned call is refused.
 * </ul>
 */
public final class GeminiRequest {

    /** The kind of seal whose signature stands on a call or a thought. */
    static final String ON_THOUGHT = "thought";

    /** The kind of seal whose signature stands on text. */
    static final String ON_TEXT = "text";

    /** What Google documents for calls that none of its models made. */
    private static final String NO_SIGNATURE = "skip_thought_signature_validator";

    private static final Pattern FETCHED = Pattern.compile(
            "gs://.+|https://generativelanguage\\.googleapis\\.com/.+|https://((www|m)\\.)?(youtube\\.com/watch|youtu\\.be/).+");
    private static final Map<String, String> AUDIO =
            Map.of("mp3", "audio/mp3", "m4a", "audio/mp4", "pcm16", "audio/pcm", "opus", "audio/ogg");
    private static final int MOST_STOPS = 5;
    private static final int MOST_CANDIDATES = 8;
    private static final int MOST_LOGPROBS = 20;
    private static final long LEAST_BUDGET = 128;
    private static final long MOST_BUDGET = 24_576;

    private final Conversation conversation;
    private final Traits traits;
    private final GeminiNames names;
    private final Set<String> dropped = new LinkedHashSet<>();
    private final Map<String, String> callNames = new HashMap<>();
    private final ArrayNode instructions = Json.array();
    private final ArrayNode contents = Json.array();

    private GeminiRequest(Conversation conversation, Traits traits) {
        this.conversation = conversation;
        this.traits = traits;
        names = GeminiNames.of(conversation);
    }

    /** The body for {@code generateContent} and {@code streamGenerateContent}. */
    public static Translated write(Conversation conversation, Traits traits) {
        GeminiRequest request = new GeminiRequest(conversation, traits);
        ObjectNode body = request.prompt();
        request.settings(body);
        return new Translated(Json.bytes(body), Map.of(), List.copyOf(request.dropped));
    }

    /** The body for {@code countTokens}: what is read by the model, without what is said of its answer. */
    public static Translated writeCountTokens(Conversation conversation, Traits traits) {
        GeminiRequest request = new GeminiRequest(conversation, traits);
        ObjectNode body = Json.object();
        body.putObject("generateContentRequest")
                .put("model", GeminiProvider.resource(traits.model()))
                .setAll(request.prompt());
        return new Translated(Json.bytes(body), Map.of(), List.copyOf(request.dropped));
    }

    private ObjectNode prompt() {
        turns();
        ObjectNode body = Json.object();
        body.set("contents", contents);
        if (!instructions.isEmpty()) {
            body.putObject("systemInstruction").set("parts", instructions);
        }
        tools(body);
        return body;
    }

    // --- turns ---

    private void turns() {
        boolean leading = !traits.cannot("system_messages");
        for (Turn turn : conversation.turns()) {
            switch (turn) {
                case Turn.Instruction instruction -> {
                    List<ObjectNode> parts = instruction(instruction);
                    if (leading) {
                        instructions.addAll(parts);
                    } else {
                        add("user", parts);
                    }
                }
                case Turn.User user -> {
                    leading = false;
                    drop("messages.name", user.name() != null);
                    user(user);
                }
                case Turn.Assistant assistant -> {
                    leading = false;
                    drop("messages.name", assistant.name() != null);
                    assistant(assistant);
                }
            }
        }
        if (contents.isEmpty()) {
            List<ObjectNode> parts = new ArrayList<>();
            instructions.forEach(part -> parts.add((ObjectNode) part));
            instructions.removeAll();
            add("user", parts);
        }
        if (contents.isEmpty()) {
            throw Unsupported.malformed("messages", "must hold something to answer");
        }
        if (contents.get(0).path("role").asText().equals("model")) {
            ObjectNode opening = Json.object().put("role", "user");
            opening.putArray("parts").addObject().put("text", " ");
            contents.insert(0, opening);
        }
        if (traits.can("thought_signatures")) {
            sign();
        }
    }

    private List<ObjectNode> instruction(Turn.Instruction instruction) {
        List<ObjectNode> parts = new ArrayList<>();
        for (Part part : instruction.parts()) {
            drop("cache_control", part.cache() != null);
            if (!(part instanceof Part.Text text)) {
                throw refuse("system", "Instructions can hold text only: move all else into a user message.");
            }
            text(text.text(), parts);
        }
        return parts;
    }

    private void user(Turn.User user) {
        List<ObjectNode> parts = new ArrayList<>();
        List<ObjectNode> media = new ArrayList<>();
        for (Part part : user.parts()) {
            if (part instanceof Part.ToolResult result) {
                drop("cache_control", result.cache() != null);
                addResult(result, media);
            }
        }
        parts.addAll(media);
        for (Part part : user.parts()) {
            if (!(part instanceof Part.ToolResult)) {
                said(part, parts);
            }
        }
        add("user", parts);
    }

    private void assistant(Turn.Assistant assistant) {
        List<ObjectNode> parts = new ArrayList<>();
        String onText = null;
        for (Part part : assistant.parts()) {
            switch (part) {
                case Part.ToolCall call -> {
                    drop("cache_control", call.cache() != null);
                    parts.add(call(call));
                }
                case Part.Reasoning reasoning -> {
                    Seal seal = reasoning.seal();
                    if (seal != null && seal.dialect() == Dialect.GEMINI) {
                        if (seal.kind().equals(ON_TEXT)) {
                            onText = seal.value();
                        } else {
                            ObjectNode thought = Json.object();
                            if (!reasoning.text().isEmpty()) {
                                thought.put("text", reasoning.text());
                            }
                            parts.add(thought.put("thought", true).put("thoughtSignature", seal.value()));
                        }
                    }
                }
                case Part.Opaque opaque -> {
                    if (opaque.dialect() == Dialect.GEMINI && opaque.json() instanceof ObjectNode json) {
                        parts.add(json.deepCopy());
                    }
                }
                case Part.ToolResult result ->
                    throw Unsupported.malformed("messages", "must not hold a tool's result in an assistant message");
                case Part.Text text -> said(text, parts);
                case Part.Refusal refusal -> said(refusal, parts);
                case Part.Image image -> said(image, parts);
                case Part.Document document -> said(document, parts);
                case Part.Audio audio -> said(audio, parts);
            }
        }
        if (onText != null) {
            signText(parts, onText);
        }
        add("model", parts);
    }

    /** Puts a signature onto the last text, or after all parts if there is no text. */
    private static void signText(List<ObjectNode> parts, String signature) {
        for (ObjectNode part : parts.reversed()) {
            if (part.has("text") && !part.has("thought")) {
                part.put("thoughtSignature", signature);
                return;
            }
        }
        parts.add(Json.object().put("text", "").put("thoughtSignature", signature));
    }

    /** Gives each step's first call a signature if it has none: other models' calls, or a client that dropped it. */
    private void sign() {
        for (JsonNode content : contents) {
            if (content.path("role").asText().equals("model")) {
                for (JsonNode part : content.path("parts")) {
                    if (part.has("functionCall")) {
                        if (!part.has("thoughtSignature")) {
                            ((ObjectNode) part).put("thoughtSignature", NO_SIGNATURE);
                        }
                        break;
                    }
                }
            }
        }
    }

    private void said(Part part, List<ObjectNode> parts) {
        drop("cache_control", part.cache() != null);
        switch (part) {
            case Part.Text text -> text(text.text(), parts);
            case Part.Refusal refusal -> text(refusal.text(), parts);
            case Part.Image image -> {
                if (traits.cannot("vision")) {
                    throw refuse("messages.content", "It reads no images: use a model that does.");
                }
                parts.add(media(image.source()));
            }
            case Part.Document document -> {
                drop("messages.content.title", document.title() != null);
                if (document.source() instanceof Part.Source.Plain plain) {
                    text(plain.text(), parts);
                } else if (traits.cannot("pdf_input")) {
                    throw refuse("messages.content", "It reads no documents: use a model that does, or send text.");
                } else {
                    parts.add(media(document.source()));
                }
            }
            case Part.Audio audio -> {
                if (traits.cannot("audio_input")) {
                    throw refuse("messages.content", "It hears no audio: use a model that does.");
                }
                String type = AUDIO.getOrDefault(audio.format(), "audio/" + audio.format());
                parts.add(inline(type, audio.data()));
            }
            case Part.Opaque opaque -> {
                if (opaque.dialect() != Dialect.GEMINI || !(opaque.json() instanceof ObjectNode json)) {
                    throw refuse("messages.content", "A part of it is known to another provider only: leave it out.");
                }
                parts.add(json.deepCopy());
            }
            case Part.Reasoning reasoning -> {} // a user's message holds no thoughts
            case Part.ToolCall call ->
                throw Unsupported.malformed("messages", "must call tools in assistant messages only");
            case Part.ToolResult result ->
                throw Unsupported.malformed("messages", "must not hold results within results");
        }
    }

    private static void text(String text, List<ObjectNode> parts) {
        if (!text.isEmpty()) {
            parts.add(Json.object().put("text", text));
        }
    }

    private ObjectNode media(Part.Source source) {
        return switch (source) {
            case Part.Source.Base64 bytes -> inline(bytes.mediaType(), bytes.data());
            case Part.Source.Plain plain -> Json.object().put("text", plain.text());
            case Part.Source.Url url -> {
                if (!FETCHED.matcher(url.url()).matches()) {
                    throw refuse(
                            "messages.content", "It takes no URLs of images or files: send their content in base64.");
                }
                yield file(url.url());
            }
            case Part.Source.Uploaded uploaded -> {
                if (uploaded.dialect() != Dialect.GEMINI) {
                    throw refuse(
                            "messages.content",
                            "The file was uploaded to another provider: send its content in base64.");
                }
                yield file(uploaded.id());
            }
        };
    }

    private static ObjectNode inline(String mediaType, String data) {
        ObjectNode part = Json.object();
        part.putObject("inlineData").put("mimeType", mediaType).put("data", data);
        return part;
    }

    private static ObjectNode file(String uri) {
        ObjectNode part = Json.object();
        part.putObject("fileData").put("fileUri", uri);
        return part;
    }

    private ObjectNode call(Part.ToolCall call) {
        callNames.put(call.id(), call.name());
        ObjectNode part = Json.object();
        part.putObject("functionCall")
                .put("name", names.sent(call.name()))
                .<ObjectNode>set("args", arguments(call.arguments()))
                .put("id", call.id());
        Seal seal = call.seal();
        if (seal != null && seal.dialect() == Dialect.GEMINI) {
            part.put("thoughtSignature", seal.value());
        }
        return part;
    }

    /** Arguments must be an object; what a model wrote instead is told as it stands. */
    private static ObjectNode arguments(String text) {
        if (text.isBlank()) {
            return Json.object();
        }
        return Json.readObject(text).orElseGet(() -> Json.object().put("arguments", text));
    }

    /** Answers the calls first: a function's response must follow its call before anything else does. */
    private void addResult(Part.ToolResult result, List<ObjectNode> media) {
        String name = callNames.get(result.callId());
        if (name == null) {
            throw Unsupported.malformed(
                    "messages.tool_call_id", "must be the id of a tool call in an assistant message before it");
        }
        List<ObjectNode> parts = new ArrayList<>();
        result.content().forEach(part -> said(part, parts));
        StringBuilder text = new StringBuilder();
        for (ObjectNode part : parts) {
            if (part.has("text")) {
                text.append(text.isEmpty() ? "" : "\n").append(part.path("text").asText());
            } else {
                media.add(part);
            }
        }
        if (text.isEmpty() && parts.stream().anyMatch(part -> !part.has("text"))) {
            text.append("The content follows.");
        }
        ObjectNode response = result.isError()
                ? Json.object().put("error", text.toString())
                : Json.readObject(text.toString()).orElseGet(() -> Json.object().put("result", text.toString()));
        ObjectNode part = Json.object();
        part.putObject("functionResponse")
                .put("id", result.callId())
                .put("name", names.sent(name))
                .set("response", response);
        ArrayNode there = parts("user");
        int at = 0;
        while (there.path(at).has("functionResponse")) {
            at++;
        }
        there.insert(at, part);
    }

    private void add(String role, List<ObjectNode> parts) {
        if (!parts.isEmpty()) {
            parts(role).addAll(parts);
        }
    }

    /** The parts of the last content if it is this role's, else of a new one. */
    private ArrayNode parts(String role) {
        JsonNode last = contents.path(contents.size() - 1);
        if (last.path("role").asText().equals(role) && last.path("parts") instanceof ArrayNode parts) {
            return parts;
        }
        ObjectNode content = contents.addObject().put("role", role);
        return content.putArray("parts");
    }

    // --- tools ---

    private void tools(ObjectNode body) {
        List<Tool.Function> functions = new ArrayList<>();
        ArrayNode tools = Json.array();
        for (Tool tool : conversation.tools()) {
            switch (tool) {
                case Tool.Function function -> functions.add(function);
                case Tool.Hosted hosted -> {
                    if (hosted.dialect() != Dialect.GEMINI) {
                        throw refuse("tools", "A tool is known to another provider only: declare it as a function.");
                    }
                    tools.add(hosted.json());
                }
            }
        }
        ToolChoice choice = conversation.toolChoice();
        if (choice instanceof ToolChoice.Allowed allowed && !allowed.required() && !traits.can("strict_tool_calls")) {
            functions.removeIf(function -> !allowed.names().contains(function.name()));
        }
        if (!functions.isEmpty()) {
            if (traits.cannot("function_calling")) {
                throw refuse("tools", "It calls no tools: use a model that does.");
            }
            ArrayNode declarations = Json.array();
            functions.forEach(function -> declarations.add(declaration(function)));
            ObjectNode declared = Json.object();
            declared.set("functionDeclarations", declarations);
            tools.insert(0, declared);
        }
        if (!tools.isEmpty()) {
            body.set("tools", tools);
        }
        if (!functions.isEmpty()) {
            calling(body, choice, functions);
        }
        drop("parallel_tool_calls", Boolean.FALSE.equals(conversation.parallelToolCalls()) && !functions.isEmpty());
    }

    private ObjectNode declaration(Tool.Function function) {
        drop("cache_control", function.cache() != null);
        ObjectNode declaration = Json.object().put("name", names.sent(function.name()));
        if (function.description() != null) {
            declaration.put("description", function.description());
        }
        JsonNode parameters = function.parameters();
        if (parameters instanceof ObjectNode && !parameters.isEmpty()) {
            if (!traits.cannot("full_json_schema")) {
                declaration.set("parametersJsonSchema", parameters);
            } else {
                ObjectNode subset = GeminiSchema.subset(parameters, false);
                if (!subset.path("properties").isEmpty()) {
                    declaration.set("parameters", subset);
                }
            }
        }
        return declaration;
    }

    private void calling(ObjectNode body, @Nullable ToolChoice choice, List<Tool.Function> functions) {
        boolean strict = functions.stream().anyMatch(function -> Boolean.TRUE.equals(function.strict()));
        boolean validated = strict && traits.can("strict_tool_calls");
        String mode = null;
        List<String> allowed = List.of();
        switch (choice == null ? new ToolChoice.Auto() : choice) {
            case ToolChoice.Auto auto -> mode = validated ? "VALIDATED" : choice == null ? null : "AUTO";
            case ToolChoice.None none -> mode = "NONE";
            case ToolChoice.Required required -> mode = "ANY";
            case ToolChoice.Named named -> {
                mode = "ANY";
                allowed = List.of(named.name());
            }
            case ToolChoice.Allowed some -> {
                boolean named = some.required() || traits.can("strict_tool_calls");
                mode = some.required() ? "ANY" : named ? "VALIDATED" : "AUTO";
                allowed = named ? some.names() : List.of();
            }
        }
        drop("tools.strict", strict && !"ANY".equals(mode) && !"VALIDATED".equals(mode) && !"NONE".equals(mode));
        if (mode == null) {
            return;
        }
        ObjectNode config =
                body.putObject("toolConfig").putObject("functionCallingConfig").put("mode", mode);
        if (!allowed.isEmpty()) {
            ArrayNode these = config.putArray("allowedFunctionNames");
            allowed.forEach(name -> these.add(names.sent(name)));
        }
    }

    // --- how to answer ---

    private void settings(ObjectNode body) {
        ObjectNode config = Json.object();
        sampling(config);
        format(config);
        resolution(config);
        thinking(config);
        extras(body, config);
        if (!config.isEmpty()) {
            body.set("generationConfig", config);
        }
        String tier = conversation.serviceTier();
        if (tier != null && !tier.equals("auto")) {
            body.put("serviceTier", tier);
        }
        drop("user", conversation.endUser() != null);
        drop("prompt_cache_key", conversation.promptCacheKey() != null);
    }

    private void sampling(ObjectNode config) {
        Sampling sampling = conversation.sampling();
        Long most = sampling.maxTokens();
        if (most != null) {
            Long bound = traits.maxOutputTokens();
            config.put("maxOutputTokens", bound == null ? most : Math.min(most, bound));
        }
        put(config, "temperature", sampling.temperature());
        put(config, "topP", sampling.topP());
        if (sampling.topK() != null) {
            config.put("topK", sampling.topK());
        }
        Long seed = sampling.seed();
        if (seed != null) { // it is a 32-bit number there; the same seed always becomes the same number
            config.put("seed", seed == seed.intValue() ? seed.intValue() : Long.hashCode(seed));
        }
        if (sampling.stop().size() > MOST_STOPS) {
            throw refuse("stop", "Give at most " + MOST_STOPS + " stop sequences.");
        }
        if (!sampling.stop().isEmpty()) {
            sampling.stop().forEach(config.putArray("stopSequences")::add);
        }
        Integer candidates = sampling.candidates();
        if (candidates != null && candidates > MOST_CANDIDATES) {
            throw refuse("n", "Ask for at most " + MOST_CANDIDATES + " answers at once.");
        }
        if (candidates != null && candidates != 1) {
            config.put("candidateCount", candidates);
        }
        putUnlessZero(config, "presencePenalty", sampling.presencePenalty());
        putUnlessZero(config, "frequencyPenalty", sampling.frequencyPenalty());
        JsonNode bias = sampling.logitBias();
        if (bias != null && !bias.isEmpty()) {
            throw refuse("logit_bias", "Its tokens are not those of other models: leave the bias out.");
        }
        if (Boolean.TRUE.equals(sampling.logprobs())) {
            if (traits.cannot("logprobs")) {
                throw refuse("logprobs", "Leave it out, or use a model that reports log probabilities.");
            }
            Integer top = sampling.topLogprobs();
            if (top != null && top > MOST_LOGPROBS) {
                throw refuse("top_logprobs", "Ask for at most " + MOST_LOGPROBS + ".");
            }
            config.put("responseLogprobs", true);
            if (top != null && top > 0) {
                config.put("logprobs", top);
            }
        }
    }

    private static void put(ObjectNode config, String name, @Nullable BigDecimal value) {
        if (value != null) {
            config.put(name, value);
        }
    }

    /** No penalty is the default, and some models refuse to hear of penalties at all. */
    private static void putUnlessZero(ObjectNode config, String name, @Nullable BigDecimal value) {
        if (value != null && value.signum() != 0) {
            config.put(name, value);
        }
    }

    private void format(ObjectNode config) {
        OutputFormat format = conversation.format();
        if (format == null) {
            return;
        }
        if (traits.cannot("response_schema")) {
            throw refuse("response_format", "Ask for JSON in the prompt, or use a model with structured output.");
        }
        boolean tools = !conversation.tools().isEmpty() && !(conversation.toolChoice() instanceof ToolChoice.None);
        if (tools && traits.cannot("response_schema_with_tools")) {
            throw refuse(
                    "response_format",
                    "It cannot go together with tools: leave one of them out, or use a newer model.");
        }
        config.put("responseMimeType", "application/json");
        if (format instanceof OutputFormat.JsonSchema schema) {
            drop("response_format.json_schema.description", schema.description() != null);
            if (traits.cannot("full_json_schema")) {
                config.set("responseSchema", GeminiSchema.subset(schema.schema(), true));
            } else {
                config.set("responseJsonSchema", schema.schema());
            }
        }
    }

    /** The resolution is one for all images; without a word on it they are seen in full. */
    private void resolution(ObjectNode config) {
        int images = 0;
        int coarse = 0;
        for (Turn turn : conversation.turns()) {
            for (Part part : turn.parts()) {
                if (part instanceof Part.Image image) {
                    images++;
                    coarse += "low".equals(image.detail()) ? 1 : 0;
                }
            }
        }
        if (images > 0 && coarse == images) {
            config.put("mediaResolution", "MEDIA_RESOLUTION_LOW");
        } else {
            drop("messages.content.image_url.detail", coarse > 0);
        }
    }

    private void thinking(ObjectNode config) {
        Thinking thinking = conversation.thinking();
        if (thinking == null) {
            return;
        }
        String name = thinking.effort() == null ? "thinking" : "reasoning_effort";
        if (!traits.can("reasoning")) {
            drop(name, !thinking.isOff());
            return;
        }
        ObjectNode how = Json.object();
        if (traits.can("thinking_level")) {
            String level = level(thinking);
            if (level != null) {
                how.put("thinkingLevel", level);
            }
            drop(name, thinking.isOff() && !"MINIMAL".equals(level));
        } else {
            Long budget = budget(thinking);
            if (budget != null) {
                how.put("thinkingBudget", budget);
            }
            drop(name, thinking.isOff() && traits.cannot("thinking_off"));
        }
        if (Boolean.TRUE.equals(thinking.shown()) && !thinking.isOff()) {
            how.put("includeThoughts", true);
        }
        if (!how.isEmpty()) {
            config.set("thinkingConfig", how);
        }
    }

    private @Nullable String level(Thinking thinking) {
        String least = traits.can("thinking_minimal") ? "MINIMAL" : "LOW";
        String middle = traits.cannot("thinking_medium") ? "HIGH" : "MEDIUM";
        if (thinking.isOff()) {
            return least;
        }
        Long budget = thinking.budgetTokens();
        return switch (String.valueOf(thinking.effort())) {
            case "none", "minimal" -> least;
            case "low" -> "LOW";
            case "medium" -> middle;
            case "high", "xhigh", "max" -> "HIGH";
            default -> {
                if (budget == null) {
                    yield null;
                }
                yield budget <= 2_048 ? "LOW" : budget <= 12_288 ? middle : "HIGH";
            }
        };
    }

    private @Nullable Long budget(Thinking thinking) {
        if (thinking.isOff()) {
            return traits.cannot("thinking_off") ? LEAST_BUDGET : 0;
        }
        Long budget = thinking.budgetTokens();
        return switch (String.valueOf(thinking.effort())) {
            case "none", "minimal" -> 512L;
            case "low" -> 1_024L;
            case "medium" -> 8_192L;
            case "high", "xhigh", "max" -> MOST_BUDGET;
            default -> {
                if (budget != null) {
                    yield Math.clamp(budget, LEAST_BUDGET, MOST_BUDGET);
                }
                yield thinking.mode() == Thinking.Mode.ADAPTIVE ? -1L : null;
            }
        };
    }

    /**
     * What only Google's models know. In the OpenAI dialect Google itself takes it in {@code extra_body.google}: safety settings,
     * the name of cached content, and a thinking configuration, which overrides what else was said of thinking.
     */
    private void extras(ObjectNode body, ObjectNode config) {
        for (Conversation.Extra extra : conversation.extras()) {
            switch (extra.name()) {
                case "safety_settings", "safetySettings" -> body.set("safetySettings", extra.value());
                case "extra_body" -> {
                    for (Map.Entry<String, JsonNode> vendor : extra.value().properties()) {
                        if (!vendor.getKey().equals("google")) {
                            throw refuse("extra_body", "Leave out what is for other providers.");
                        }
                        google(vendor.getValue(), body, config);
                    }
                }
                default -> {
                    if (extra.essential()) {
                        throw refuse(extra.name(), "Leave it out, or use a model of a provider that knows it.");
                    }
                    drop(extra.name(), true);
                }
            }
        }
    }

    private void google(JsonNode google, ObjectNode body, ObjectNode config) {
        for (Map.Entry<String, JsonNode> member : google.properties()) {
            switch (member.getKey()) {
                case "safety_settings" -> body.set("safetySettings", member.getValue());
                case "cached_content" -> body.set("cachedContent", member.getValue());
                case "thinking_config" -> {
                    ObjectNode how = Json.object();
                    for (Map.Entry<String, JsonNode> setting : member.getValue().properties()) {
                        switch (setting.getKey()) {
                            case "thinking_level" ->
                                how.put(
                                        "thinkingLevel",
                                        setting.getValue().asText().toUpperCase(Locale.ROOT));
                            case "thinking_budget" -> how.set("thinkingBudget", setting.getValue());
                            case "include_thoughts" -> how.set("includeThoughts", setting.getValue());
                            default ->
                                throw refuse("extra_body.google.thinking_config", "It holds a member that is unknown.");
                        }
                    }
                    if (how.has("thinkingLevel") && how.has("thinkingBudget")) {
                        throw refuse("extra_body.google.thinking_config", "Give a level or a budget, and never both.");
                    }
                    config.set("thinkingConfig", how);
                }
                default -> throw refuse("extra_body.google", "It holds a member that is unknown.");
            }
        }
    }

    private void drop(String field, boolean present) {
        if (present) {
            dropped.add(field);
        }
    }

    private Refusal.BadRequest refuse(String field, String instead) {
        return Unsupported.refuse(field, traits.model(), instead);
    }
}
