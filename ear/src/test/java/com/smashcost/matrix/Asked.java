package com.smashcost.matrix;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a model is asked, whoever asks. It is read from recorded requests and from what reached the provider, and none of the
 * code that translates is used for it. What only one provider has (its own tools, files, thoughts) is left out.
 *
 * @param choice {@code auto}, {@code none}, {@code required} or the name of a tool; null if nothing was said
 * @param schema that the answer must follow
 */
record Asked(
        String system,
        List<Turn> turns,
        List<Tool> tools,
        @Nullable String choice,
        @Nullable JsonNode schema,
        @Nullable Integer maxTokens) {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A part of a conversation. */
    sealed interface Turn {}

    /** What the user says and shows. */
    record User(String text, List<Image> images) implements Turn {}

    /** What the model said and called. */
    record Model(String text, List<Made> calls) implements Turn {}

    /** What a tool returned. */
    record Result(String id, String name, String text) implements Turn {}

    /**
     * A picture.
     *
     * @param type empty for one that is at an address
     */
    record Image(String type, String data) {}

    /** A call that the model made. */
    record Made(String id, String name, JsonNode arguments) {}

    /** A tool that it may call. */
    record Tool(String name, String description, JsonNode schema) {}

    static Asked of(Wire wire, JsonNode body) {
        return switch (wire) {
            case CHAT -> ofChat(body);
            case RESPONSES -> ofResponses(body);
            case MESSAGES -> ofMessages(body);
            case GEMINI -> ofGemini(body);
        };
    }

    // reading

    private static Asked ofChat(JsonNode body) {
        List<String> system = new ArrayList<>();
        List<Turn> turns = new ArrayList<>();
        Map<String, String> names = new HashMap<>();
        for (JsonNode message : body.path("messages")) {
            JsonNode content = message.path("content");
            switch (message.path("role").asText()) {
                case "system", "developer" -> system.add(text(content));
                case "assistant" -> {
                    List<Made> calls = new ArrayList<>();
                    for (JsonNode call : message.path("tool_calls")) {
                        Made made = new Made(
                                call.path("id").asText(),
                                call.at("/function/name").asText(),
                                Facts.arguments(call.at("/function/arguments").asText("")));
                        names.put(made.id, made.name);
                        calls.add(made);
                    }
                    turns.add(new Model(text(content), calls));
                }
                case "tool" -> {
                    String id = message.path("tool_call_id").asText();
                    turns.add(new Result(id, names.getOrDefault(id, ""), text(content)));
                }
                default -> {
                    List<Image> images = new ArrayList<>();
                    for (JsonNode part : content) {
                        if (part.path("type").asText().equals("image_url")) {
                            JsonNode url = part.path("image_url");
                            images.add(image((url.isTextual() ? url : url.path("url")).asText()));
                        }
                    }
                    turns.add(new User(text(content), images));
                }
            }
        }
        List<Tool> tools = new ArrayList<>();
        for (JsonNode tool : body.path("tools")) {
            JsonNode function = tool.path("function");
            if (function.isObject()) {
                tools.add(new Tool(
                        function.path("name").asText(),
                        function.path("description").asText(""),
                        function.path("parameters")));
            }
        }
        JsonNode choice = body.path("tool_choice");
        return new Asked(
                String.join("\n", system),
                turns,
                tools,
                choice.isTextual()
                        ? choice.asText()
                        : choice.at("/function/name").asText(null),
                schema(body.at("/response_format/json_schema/schema")),
                number(
                        body.has("max_completion_tokens")
                                ? body.path("max_completion_tokens")
                                : body.path("max_tokens")));
    }

    private static Asked ofResponses(JsonNode body) {
        List<String> system = new ArrayList<>();
        List<Turn> turns = new ArrayList<>();
        Map<String, String> names = new HashMap<>();
        if (body.path("instructions").isTextual()) {
            system.add(body.path("instructions").asText());
        }
        JsonNode input = body.path("input");
        if (input.isTextual()) {
            turns.add(new User(input.asText(), List.of()));
        }
        for (JsonNode item : input) {
            JsonNode content = item.path("content");
            switch (item.path("type").asText("message")) {
                case "message" -> {
                    switch (item.path("role").asText()) {
                        case "system", "developer" -> system.add(text(content));
                        case "assistant" -> turns.add(new Model(text(content), List.of()));
                        default -> {
                            List<Image> images = new ArrayList<>();
                            for (JsonNode part : content) {
                                if (part.path("image_url").isTextual()) {
                                    images.add(image(part.path("image_url").asText()));
                                }
                            }
                            turns.add(new User(text(content), images));
                        }
                    }
                }
                case "function_call" -> {
                    Made made = new Made(
                            item.path("call_id").asText(),
                            item.path("name").asText(),
                            Facts.arguments(item.path("arguments").asText("")));
                    names.put(made.id, made.name);
                    if (!turns.isEmpty() && turns.getLast() instanceof Model model) {
                        List<Made> calls = new ArrayList<>(model.calls);
                        calls.add(made);
                        turns.set(turns.size() - 1, new Model(model.text, calls));
                    } else {
                        turns.add(new Model("", List.of(made)));
                    }
                }
                case "function_call_output" -> {
                    String id = item.path("call_id").asText();
                    turns.add(new Result(id, names.getOrDefault(id, ""), text(item.path("output"))));
                }
                default -> {}
            }
        }
        List<Tool> tools = new ArrayList<>();
        for (JsonNode tool : body.path("tools")) {
            if (tool.path("type").asText().equals("function")) {
                tools.add(new Tool(
                        tool.path("name").asText(), tool.path("description").asText(""), tool.path("parameters")));
            }
        }
        JsonNode choice = body.path("tool_choice");
        return new Asked(
                String.join("\n", system),
                turns,
                tools,
                choice.isTextual() ? choice.asText() : choice.path("name").asText(null),
                schema(body.at("/text/format/schema")),
                number(body.path("max_output_tokens")));
    }

    private static Asked ofMessages(JsonNode body) {
        List<String> system = new ArrayList<>();
        if (!text(body.path("system")).isEmpty()) {
            system.add(text(body.path("system")));
        }
        List<Turn> turns = new ArrayList<>();
        Map<String, String> names = new HashMap<>();
        for (JsonNode message : body.path("messages")) {
            JsonNode content = message.path("content");
            switch (message.path("role").asText()) {
                case "system" -> system.add(text(content));
                case "assistant" -> {
                    List<Made> calls = new ArrayList<>();
                    for (JsonNode block : content) {
                        if (block.path("type").asText().equals("tool_use")) {
                            Made made = new Made(
                                    block.path("id").asText(),
                                    block.path("name").asText(),
                                    block.path("input"));
                            names.put(made.id, made.name);
                            calls.add(made);
                        }
                    }
                    turns.add(new Model(text(content), calls));
                }
                default -> {
                    List<Image> images = new ArrayList<>();
                    boolean only = true;
                    for (JsonNode block : content) {
                        JsonNode source = block.path("source");
                        switch (block.path("type").asText()) {
                            case "image" -> {
                                only = false;
                                if (source.path("type").asText().equals("url")) {
                                    images.add(new Image("", source.path("url").asText()));
                                } else if (source.path("type").asText().equals("base64")) {
                                    images.add(new Image(
                                            source.path("media_type").asText(),
                                            source.path("data").asText()));
                                }
                            }
                            case "tool_result" -> {
                                String id = block.path("tool_use_id").asText();
                                turns.add(new Result(id, names.getOrDefault(id, ""), text(block.path("content"))));
                            }
                            default -> only = false;
                        }
                    }
                    if (!only || content.isTextual()) {
                        turns.add(new User(text(content), images));
                    }
                }
            }
        }
        List<Tool> tools = new ArrayList<>();
        for (JsonNode tool : body.path("tools")) {
            if (tool.has("input_schema")) {
                tools.add(new Tool(
                        tool.path("name").asText(), tool.path("description").asText(""), tool.path("input_schema")));
            }
        }
        JsonNode choice = body.path("tool_choice");
        return new Asked(
                String.join("\n", system),
                turns,
                tools,
                switch (choice.path("type").asText("")) {
                    case "" -> null;
                    case "any" -> "required";
                    case "tool" -> choice.path("name").asText();
                    default -> choice.path("type").asText();
                },
                schema(body.at("/output_config/format/schema")),
                number(body.path("max_tokens")));
    }

    private static Asked ofGemini(JsonNode body) {
        List<Turn> turns = new ArrayList<>();
        int made = 0;
        int answered = 0;
        Map<Integer, String> ids = new HashMap<>();
        for (JsonNode content : body.path("contents")) {
            StringBuilder text = new StringBuilder();
            List<Made> calls = new ArrayList<>();
            List<Image> images = new ArrayList<>();
            boolean results = false;
            for (JsonNode part : content.path("parts")) {
                if (!part.path("thought").asBoolean()) {
                    text.append(part.path("text").asText(""));
                }
                JsonNode data = part.path(part.has("inline_data") ? "inline_data" : "inlineData");
                String type = data.path(data.has("mime_type") ? "mime_type" : "mimeType")
                        .asText("");
                if (type.startsWith("image/")) {
                    images.add(new Image(type, data.path("data").asText()));
                }
                if (part.path("functionCall").isObject()) {
                    JsonNode call = part.path("functionCall");
                    String id = "call_" + made;
                    ids.put(made++, id);
                    calls.add(new Made(
                            id,
                            call.path("name").asText(),
                            call.path("args").isObject() ? call.path("args") : NODES.objectNode()));
                }
                if (part.path("functionResponse").isObject()) {
                    JsonNode response = part.path("functionResponse");
                    results = true;
                    turns.add(new Result(
                            ids.getOrDefault(answered++, "call_none"),
                            response.path("name").asText(),
                            response.path("response").toString()));
                }
            }
            if (content.path("role").asText().equals("model")) {
                turns.add(new Model(text.toString(), calls));
            } else if (!results || !text.isEmpty() || !images.isEmpty()) {
                turns.add(new User(text.toString(), images));
            }
        }
        List<Tool> tools = new ArrayList<>();
        for (JsonNode group : body.path("tools")) {
            for (String member : List.of("functionDeclarations", "function_declarations")) {
                for (JsonNode function : group.path(member)) {
                    tools.add(new Tool(
                            function.path("name").asText(),
                            function.path("description").asText(""),
                            function.path(
                                    function.has("parametersJsonSchema") ? "parametersJsonSchema" : "parameters")));
                }
            }
        }
        JsonNode calling = body.at("/toolConfig/functionCallingConfig");
        JsonNode allowed = calling.path("allowedFunctionNames");
        JsonNode config = body.path(body.has("generationConfig") ? "generationConfig" : "generation_config");
        return new Asked(
                text(body.at("/systemInstruction/parts")),
                turns,
                tools,
                switch (calling.path("mode").asText("")) {
                    case "ANY" -> allowed.size() == 1 ? allowed.path(0).asText() : "required";
                    case "NONE" -> "none";
                    case "AUTO", "VALIDATED" -> "auto";
                    default -> null;
                },
                schema(config.path(config.has("responseJsonSchema") ? "responseJsonSchema" : "responseSchema")),
                number(config.path("maxOutputTokens")));
    }

    private static Image image(String url) {
        if (url.startsWith("data:")) {
            int comma = url.indexOf(',');
            return new Image(url.substring("data:".length(), url.indexOf(';')), url.substring(comma + 1));
        }
        return new Image("", url);
    }

    private static @Nullable JsonNode schema(JsonNode schema) {
        return schema.isObject() ? schema : null;
    }

    private static @Nullable Integer number(JsonNode number) {
        return number.isNumber() ? number.asInt() : null;
    }

    private static String text(JsonNode content) {
        if (content.isTextual()) {
            return content.asText();
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode part : content) {
            if (part.path("text").isTextual() && !part.path("thought").asBoolean()) {
                texts.add(part.path("text").asText());
            }
        }
        return String.join("\n", texts);
    }

    // tidying

    /** The same as any client may ask it: it begins and ends with the user or a result, and no result is without its call. */
    Asked tidy(String marker) {
        List<Turn> tidy = new ArrayList<>();
        List<String> open = new ArrayList<>();
        for (Turn turn : turns) {
            switch (turn) {
                case Result result -> {
                    boolean called = open.remove(result.id);
                    tidy.add(called ? result : new User(result.text, List.of()));
                }
                case Model model -> {
                    answer(open, tidy);
                    if (model.calls.isEmpty() && model.text.isBlank()) {
                        continue;
                    }
                    if (tidy.isEmpty()) {
                        tidy.add(new User("Hello.", List.of()));
                    }
                    tidy.add(new Model(model.text.strip(), model.calls));
                    model.calls.forEach(call -> open.add(call.id));
                }
                case User user -> {
                    answer(open, tidy);
                    tidy.add(user.text.isBlank() ? new User("Look.", user.images) : user);
                }
            }
        }
        answer(open, tidy);
        if (tidy.isEmpty() || tidy.getLast() instanceof Model) {
            tidy.add(new User("Go on.", List.of()));
        }
        if (tidy.getFirst() instanceof User first) {
            tidy.set(0, new User(first.text.strip() + " " + marker, first.images));
        } else {
            tidy.addFirst(new User(marker, List.of()));
        }
        List<Tool> distinct = tools.stream()
                .map(tool ->
                        new Tool(tool.name, tool.description.isEmpty() ? "A tool." : tool.description, tool.schema))
                .toList();
        return new Asked(system.strip(), tidy, distinct, tools.isEmpty() ? null : choice, schema, maxTokens);
    }

    /** The same by a client that can demand a tool but not name it. */
    Asked withoutNamedChoice() {
        return choice != null && isTool(choice) ? new Asked(system, turns, tools, null, schema, maxTokens) : this;
    }

    private static void answer(List<String> open, List<Turn> tidy) {
        for (String id : open) {
            tidy.add(new Result(id, name(id, tidy), "done"));
        }
        open.clear();
    }

    private static String name(String id, List<Turn> turns) {
        for (Turn turn : turns) {
            if (turn instanceof Model model) {
                for (Made call : model.calls) {
                    if (call.id.equals(id)) {
                        return call.name;
                    }
                }
            }
        }
        return "";
    }

    // writing

    ObjectNode toChat(String model, boolean stream) {
        ObjectNode body = NODES.objectNode().put("model", model);
        ArrayNode messages = body.putArray("messages");
        if (!system.isEmpty()) {
            messages.addObject().put("role", "system").put("content", system);
        }
        for (Turn turn : turns) {
            switch (turn) {
                case User user -> {
                    ObjectNode message = messages.addObject().put("role", "user");
                    if (user.images.isEmpty()) {
                        message.put("content", user.text);
                    } else {
                        ArrayNode parts = message.putArray("content");
                        parts.addObject().put("type", "text").put("text", user.text);
                        for (Image image : user.images) {
                            parts.addObject()
                                    .put("type", "image_url")
                                    .putObject("image_url")
                                    .put("url", url(image));
                        }
                    }
                }
                case Model said -> {
                    ObjectNode message = messages.addObject().put("role", "assistant");
                    message.put("content", said.text.isEmpty() ? null : said.text);
                    if (!said.calls.isEmpty()) {
                        ArrayNode calls = message.putArray("tool_calls");
                        for (Made call : said.calls) {
                            calls.addObject()
                                    .put("id", call.id)
                                    .put("type", "function")
                                    .putObject("function")
                                    .put("name", call.name)
                                    .put("arguments", call.arguments.toString());
                        }
                    }
                }
                case Result result ->
                    messages.addObject()
                            .put("role", "tool")
                            .put("tool_call_id", result.id)
                            .put("content", result.text);
            }
        }
        if (!tools.isEmpty()) {
            ArrayNode array = body.putArray("tools");
            for (Tool tool : tools) {
                ObjectNode function = array.addObject().put("type", "function").putObject("function");
                function.put("name", tool.name).put("description", tool.description);
                function.set("parameters", parameters(tool));
            }
        }
        if (choice != null && isTool(choice)) {
            body.putObject("tool_choice")
                    .put("type", "function")
                    .putObject("function")
                    .put("name", choice);
        } else if (choice != null) {
            body.put("tool_choice", choice);
        }
        if (schema != null) {
            ObjectNode format = body.putObject("response_format").put("type", "json_schema");
            format.putObject("json_schema").put("name", "answer").set("schema", schema);
        }
        if (maxTokens != null) {
            body.put("max_completion_tokens", maxTokens);
        }
        if (stream) {
            body.put("stream", true).putObject("stream_options").put("include_usage", true);
        }
        return body;
    }

    ObjectNode toResponses(String model, boolean stream) {
        ObjectNode body = NODES.objectNode().put("model", model);
        if (!system.isEmpty()) {
            body.put("instructions", system);
        }
        ArrayNode input = body.putArray("input");
        for (Turn turn : turns) {
            switch (turn) {
                case User user -> {
                    ObjectNode message =
                            input.addObject().put("type", "message").put("role", "user");
                    ArrayNode parts = message.putArray("content");
                    parts.addObject().put("type", "input_text").put("text", user.text);
                    for (Image image : user.images) {
                        parts.addObject()
                                .put("type", "input_image")
                                .put("detail", "auto")
                                .put("image_url", url(image));
                    }
                }
                case Model said -> {
                    if (!said.text.isEmpty()) {
                        input.addObject().put("role", "assistant").put("content", said.text);
                    }
                    for (Made call : said.calls) {
                        input.addObject()
                                .put("type", "function_call")
                                .put("call_id", call.id)
                                .put("name", call.name)
                                .put("arguments", call.arguments.toString());
                    }
                }
                case Result result ->
                    input.addObject()
                            .put("type", "function_call_output")
                            .put("call_id", result.id)
                            .put("output", result.text);
            }
        }
        if (!tools.isEmpty()) {
            ArrayNode array = body.putArray("tools");
            for (Tool tool : tools) {
                ObjectNode function = array.addObject()
                        .put("type", "function")
                        .put("name", tool.name)
                        .put("description", tool.description)
                        .put("strict", false);
                function.set("parameters", parameters(tool));
            }
        }
        if (choice != null && isTool(choice)) {
            body.putObject("tool_choice").put("type", "function").put("name", choice);
        } else if (choice != null) {
            body.put("tool_choice", choice);
        }
        if (schema != null) {
            body.putObject("text")
                    .putObject("format")
                    .put("type", "json_schema")
                    .put("name", "answer")
                    .set("schema", schema);
        }
        if (maxTokens != null) {
            body.put("max_output_tokens", maxTokens);
        }
        if (stream) {
            body.put("stream", true);
        }
        return body;
    }

    ObjectNode toMessages(String model, boolean stream) {
        ObjectNode body =
                NODES.objectNode().put("model", model).put("max_tokens", maxTokens == null ? 1000 : maxTokens);
        if (!system.isEmpty()) {
            body.put("system", system);
        }
        ArrayNode messages = body.putArray("messages");
        for (Turn turn : turns) {
            switch (turn) {
                case User user -> {
                    ArrayNode blocks = blocks(messages, "user");
                    blocks.addObject().put("type", "text").put("text", user.text);
                    for (Image image : user.images) {
                        ObjectNode source =
                                blocks.addObject().put("type", "image").putObject("source");
                        if (image.type.isEmpty()) {
                            source.put("type", "url").put("url", image.data);
                        } else {
                            source.put("type", "base64")
                                    .put("media_type", image.type)
                                    .put("data", image.data);
                        }
                    }
                }
                case Model said -> {
                    ArrayNode blocks = blocks(messages, "assistant");
                    if (!said.text.isEmpty()) {
                        blocks.addObject().put("type", "text").put("text", said.text);
                    }
                    for (Made call : said.calls) {
                        blocks.addObject()
                                .put("type", "tool_use")
                                .put("id", call.id)
                                .put("name", call.name)
                                .set("input", call.arguments.isObject() ? call.arguments : NODES.objectNode());
                    }
                }
                case Result result ->
                    blocks(messages, "user")
                            .addObject()
                            .put("type", "tool_result")
                            .put("tool_use_id", result.id)
                            .put("content", result.text);
            }
        }
        if (!tools.isEmpty()) {
            ArrayNode array = body.putArray("tools");
            for (Tool tool : tools) {
                array.addObject()
                        .put("name", tool.name)
                        .put("description", tool.description)
                        .set("input_schema", parameters(tool));
            }
        }
        if (choice != null) {
            ObjectNode object = body.putObject("tool_choice");
            if (isTool(choice)) {
                object.put("type", "tool").put("name", choice);
            } else {
                object.put("type", choice.equals("required") ? "any" : choice);
            }
        }
        if (schema != null) {
            body.putObject("output_config")
                    .putObject("format")
                    .put("type", "json_schema")
                    .set("schema", schema);
        }
        if (stream) {
            body.put("stream", true);
        }
        return body;
    }

    static boolean isTool(String choice) {
        return !List.of("auto", "none", "required").contains(choice);
    }

    private static ArrayNode blocks(ArrayNode messages, String role) {
        JsonNode last = messages.path(messages.size() - 1);
        if (last.path("role").asText().equals(role)) {
            return (ArrayNode) last.path("content");
        }
        return messages.addObject().put("role", role).putArray("content");
    }

    /** The tool's schema in today's spelling; old recordings of Gemini have types in capitals. */
    static ObjectNode parameters(Tool tool) {
        ObjectNode schema = tool.schema.isObject() ? (ObjectNode) lowerCase(tool.schema) : NODES.objectNode();
        schema.put("type", "object");
        if (!schema.path("properties").isObject()) {
            schema.putObject("properties");
        }
        return schema;
    }

    static JsonNode lowerCase(JsonNode schema) {
        JsonNode copy = schema.deepCopy();
        for (JsonNode each : copy.findParents("type")) {
            JsonNode type = each.path("type");
            if (type.isTextual() && type.asText().matches("[A-Z]+")) {
                ((ObjectNode) each).put("type", type.asText().toLowerCase(Locale.ROOT));
            } else if (type.isNumber()) {
                ((ObjectNode) each).put("type", "string");
            }
        }
        return copy;
    }

    private static String url(Image image) {
        return image.type.isEmpty() ? image.data : "data:" + image.type + ";base64," + image.data;
    }

    // comparing

    /** What of this did not reach the provider as it was meant. */
    List<String> lostIn(Asked received) {
        List<String> lost = new ArrayList<>();
        if (!squeezed(received.system).contains(squeezed(system))) {
            lost.add("system: sent <" + cut(system) + ">, received <" + cut(received.system) + ">");
        }
        String said = flat(turns);
        String heard = flat(received.turns);
        if (!said.equals(heard)) {
            int at = 0;
            while (at < Math.min(said.length(), heard.length()) && said.charAt(at) == heard.charAt(at)) {
                at++;
            }
            int from = Math.max(0, at - 40);
            lost.add(
                    "turns: sent <…" + cut(said.substring(from)) + ">, received <…" + cut(heard.substring(from)) + ">");
        }
        if (!links(received)) {
            lost.add("results: an id in " + cut(received.turns.toString()) + " has no call before it");
        }
        if (!names(tools).equals(names(received.tools))) {
            lost.add("tools: sent " + cut(names(tools)) + ", received " + cut(names(received.tools)));
        }
        if (choice != null && !choice.equals(received.choice) && !(choice.equals("auto") && received.choice == null)) {
            lost.add("tool choice: sent " + choice + ", received " + received.choice);
        }
        if (schema != null && (received.schema == null || !properties(schema).equals(properties(received.schema)))) {
            lost.add("schema: sent " + cut(schema.toString()) + ", received " + cut(received.schema + ""));
        }
        if (maxTokens != null && !maxTokens.equals(received.maxTokens)) {
            lost.add("max tokens: sent " + maxTokens + ", received " + received.maxTokens);
        }
        return lost;
    }

    private static boolean links(Asked asked) {
        List<String> open = new ArrayList<>();
        for (Turn turn : asked.turns) {
            if (turn instanceof Model model) {
                model.calls.forEach(call -> open.add(call.id));
            } else if (turn instanceof Result result && !open.remove(result.id)) {
                return false;
            }
        }
        return true;
    }

    private static String flat(List<Turn> turns) {
        StringBuilder flat = new StringBuilder();
        String speaker = "";
        for (Turn turn : turns) {
            String next = turn instanceof Model ? "model" : "user";
            if (!next.equals(speaker)) {
                flat.append("\n").append(next).append(": ");
                speaker = next;
            }
            switch (turn) {
                case User user -> {
                    flat.append(squeezed(user.text));
                    user.images.forEach(image -> flat.append("<image ")
                            .append(realType(image))
                            .append(' ')
                            .append(image.data.length())
                            .append(' ')
                            .append(image.data.hashCode())
                            .append('>'));
                }
                case Model said -> {
                    flat.append(squeezed(said.text));
                    said.calls.forEach(call -> flat.append("<call ")
                            .append(call.name)
                            .append(' ')
                            .append(sorted(call.arguments))
                            .append('>'));
                }
                case Result result ->
                    flat.append("<result of ")
                            .append(result.name)
                            .append(": ")
                            .append(unwrapped(result.text))
                            .append('>');
            }
        }
        return flat.toString();
    }

    /** What the bytes are, whatever they are called: providers refuse a picture under a wrong name. */
    private static String realType(Image image) {
        String data = image.data;
        return data.startsWith("/9j/")
                ? "image/jpeg"
                : data.startsWith("iVBOR") ? "image/png" : data.startsWith("R0lG") ? "image/gif" : image.type;
    }

    /** A result as Gemini gets it is an object; one that was none has a single member around it. */
    private static String unwrapped(String result) {
        JsonNode json = Facts.arguments(result);
        if (json.isObject() && json.size() == 1 && !json.elements().next().isContainerNode()) {
            String inner = json.elements().next().asText();
            return inner.equals(result) ? squeezed(inner) : unwrapped(inner);
        }
        if (json.isObject() && json.size() == 1 && json.has("result")) {
            return sorted(json.path("result"));
        }
        return json.isContainerNode() ? sorted(json) : squeezed(json.asText());
    }

    private static String sorted(JsonNode json) {
        try {
            return squeezed(JSON.writer(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .writeValueAsString(JSON.treeToValue(json, Object.class)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String names(List<Tool> tools) {
        return tools.stream()
                .map(tool -> tool.name + " (" + squeezed(tool.description) + ") " + properties(tool.schema))
                .sorted()
                .collect(Collectors.joining("; "));
    }

    private static TreeSet<String> properties(JsonNode schema) {
        TreeSet<String> names = new TreeSet<>();
        schema.path("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String squeezed(String text) {
        return text.replaceAll("\\s+", "");
    }

    private static String cut(String text) {
        return text.length() > 160 ? text.substring(0, 160) + "…" : text;
    }
}
