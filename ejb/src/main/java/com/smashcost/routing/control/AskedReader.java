package com.smashcost.routing.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.smashcost.routing.control.Conversation.Opening;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the router looks at from a client's body, of whatever dialect, in one pass and without a copy of its texts. The
 * dialects name different things differently, so one set of names serves them all.
 */
final class AskedReader {

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // they are the client's words, any number of them
            .build();

    /** Tools that the client runs; what has another type is run by the provider. */
    private static final Set<String> CLIENT_TOOLS = Set.of("function", "custom", "local_shell", "shell", "apply_patch");

    private static final Set<String> ANTHROPIC_CLIENT_TOOLS = Set.of("bash", "text_editor", "computer", "memory");

    /** The text of parts that are no part of what was said: files, signatures, arguments. */
    private static final Set<String> UNSAID = Set.of(
            "data",
            "url",
            "file_data",
            "image_url",
            "signature",
            "encrypted_content",
            "id",
            "call_id",
            "tool_call_id",
            "tool_use_id",
            "type");

    private final JsonParser json;
    private final Excerpt system = new Excerpt();
    private final Excerpt systemAtFirst = new Excerpt();
    private final Excerpt firstUser = new Excerpt();
    private Excerpt lastUser = new Excerpt();
    private Message message = new Message();
    private long characters;
    private int turns;
    private int tools;
    private boolean schema;
    private boolean images;
    private boolean audio;
    private boolean documents;
    private boolean hostedTools;
    private boolean inToolLoop;
    private boolean vendorThoughts;
    private boolean effort;
    private @Nullable Long maxOutputTokens;
    private boolean sampling;

    private AskedReader(JsonParser json) {
        this.json = json;
    }

    /**
     * What a body asks, and how its conversation began.
     *
     * @throws IllegalArgumentException if it is no JSON object; whoever calls has read it before
     */
    static Conversation read(byte[] body) {
        try (JsonParser json = JSON.createParser(body)) {
            return new AskedReader(json).conversation();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "the body cannot be read: " + e.getClass().getName());
        }
    }

    /** One message under way: its role may follow what it says. */
    private static final class Message {
        private Excerpt text = new Excerpt();
        private @Nullable String role;
        private boolean result;

        void clear() {
            text.clear();
            role = null;
            result = false;
        }
    }

    private Conversation conversation() throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new IllegalArgumentException("the body is no object");
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            member(name, json.nextToken());
        }
        Asked asked = new Asked(
                lastUser.text(),
                system.beginning(Asked.SYSTEM_EXCERPT),
                lastUser.length(),
                system.length(),
                characters,
                turns,
                tools,
                schema,
                images,
                audio,
                documents,
                hostedTools,
                inToolLoop,
                vendorThoughts,
                effort,
                maxOutputTokens,
                sampling);
        return new Conversation(
                asked, new Opening(systemAtFirst.length(), systemAtFirst.hash(), firstUser.length(), firstUser.hash()));
    }

    private void member(String name, JsonToken value) throws IOException {
        switch (name) {
            case "messages", "input" -> messages(value);
            case "system", "instructions" -> {
                Excerpt told = new Excerpt();
                text(value, told);
                system.append(told);
                systemAtFirst.append(told);
            }
            case "tools", "functions" -> tools(value);
            case "response_format", "output_format" -> schema |= isStructured(value);
            case "text", "output_config" -> structuredMember(value);
            case "temperature", "top_p", "presence_penalty", "frequency_penalty", "logit_bias", "logprobs", "stop" -> {
                sampling |= value != JsonToken.VALUE_NULL;
                json.skipChildren();
            }
            case "max_tokens", "max_completion_tokens", "max_output_tokens" -> {
                sampling |= name.equals("max_tokens") && value != JsonToken.VALUE_NULL;
                if (value == JsonToken.VALUE_NUMBER_INT && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
                    maxOutputTokens = json.getLongValue();
                } else {
                    json.skipChildren();
                }
            }
            case "reasoning_effort" -> effort |= isEffort(value);
            case "reasoning", "thinking" -> thinking(value);
            case "modalities" -> modalities(value);
            case "web_search_options", "previous_response_id", "conversation", "prompt", "mcp_servers", "container" -> {
                hostedTools |= value != JsonToken.VALUE_NULL;
                json.skipChildren();
            }
            default -> json.skipChildren();
        }
    }

    private void messages(JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_STRING) {
            message.clear();
            message.role = "user";
            take(message.text);
            endMessage();
            return;
        }
        if (value != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        for (JsonToken element = json.nextToken(); element != JsonToken.END_ARRAY; element = json.nextToken()) {
            message.clear();
            if (element == JsonToken.START_OBJECT) {
                part(message.text, true);
                endMessage();
            } else {
                json.skipChildren();
            }
        }
    }

    private void endMessage() {
        boolean isUser = "user".equals(message.role);
        if ("system".equals(message.role) || "developer".equals(message.role)) {
            system.append(message.text);
            if (firstUser.length() == 0) {
                systemAtFirst.append(message.text);
            }
            return;
        }
        inToolLoop = message.result || "tool".equals(message.role) || "function".equals(message.role);
        if (isUser || "assistant".equals(message.role)) {
            turns++;
        }
        if (isUser && message.text.length() > 0) {
            if (firstUser.length() == 0) {
                firstUser.append(message.text);
            }
            Excerpt free = lastUser;
            lastUser = message.text;
            message.text = free;
        }
    }

    /** An object that says something: a message, or a part of one. */
    private void part(Excerpt said, boolean isMessage) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "role" -> {
                    String role = word(value);
                    if (isMessage) {
                        message.role = role;
                    }
                }
                case "type" -> type(word(value));
                case "content", "text", "output" -> text(value, said);
                case "source" -> source(value);
                case "image_url", "input_audio", "file", "file_data" -> json.skipChildren();
                default -> {
                    if (UNSAID.contains(name)) {
                        json.skipChildren();
                    } else {
                        count(value);
                    }
                }
            }
        }
    }

    private void type(String type) {
        switch (type) {
            case "image_url", "image", "input_image", "computer_screenshot" -> images = true;
            case "input_audio", "audio" -> audio = true;
            case "file", "document", "input_file" -> documents = true;
            case "tool_result",
                    "function_call_output",
                    "custom_tool_call_output",
                    "local_shell_call_output",
                    "shell_call_output",
                    "apply_patch_call_output",
                    "computer_call_output" -> message.result = true;
            case "thinking", "redacted_thinking", "reasoning" -> vendorThoughts = true;
            case "server_tool_use",
                    "web_search_call",
                    "item_reference",
                    "file_search_call",
                    "code_interpreter_call",
                    "image_generation_call" -> hostedTools = true;
            default -> hostedTools |= type.startsWith("mcp_") || type.endsWith("_tool_result");
        }
    }

    /** A string; empty if it is anything else. */
    private String word(JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_STRING) {
            return json.getText();
        }
        json.skipChildren();
        return "";
    }

    /** Where a file is from; only what is text by its own word is counted, the rest is not even decoded. */
    private void source(JsonToken value) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        boolean isText = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken member = json.nextToken();
            if (name.equals("type")) {
                isText = word(member).equals("text");
            } else if (name.equals("content") || (isText && name.equals("data"))) {
                count(member);
            } else {
                json.skipChildren();
            }
        }
    }

    /** What the answer is to be made of: who is to speak is as particular to a provider as what it hears. */
    private void modalities(JsonToken value) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        for (JsonToken element = json.nextToken(); element != JsonToken.END_ARRAY; element = json.nextToken()) {
            if (word(element).equals("audio")) {
                audio = true;
                hostedTools = true;
            }
        }
    }

    /** Text, a part that holds some, or an array of both. */
    private void text(JsonToken value, Excerpt said) throws IOException {
        if (value == JsonToken.VALUE_STRING) {
            take(said);
        } else if (value == JsonToken.START_ARRAY) {
            for (JsonToken element = json.nextToken(); element != JsonToken.END_ARRAY; element = json.nextToken()) {
                text(element, said);
            }
        } else if (value == JsonToken.START_OBJECT) {
            partOrResult(said);
        }
    }

    /** A part of a message; what a tool answered is read and counted, and is not what the user said. */
    private void partOrResult(Excerpt said) throws IOException {
        boolean before = message.result;
        message.result = false;
        Excerpt part = new Excerpt();
        part(part, false);
        if (!message.result) {
            said.append(part);
        }
        message.result |= before;
    }

    private void take(Excerpt said) throws IOException {
        int length = json.getTextLength();
        characters += length;
        said.append(json.getTextCharacters(), json.getTextOffset(), length);
    }

    /** Counts the texts of what is sent along and not said. */
    private void count(JsonToken value) throws IOException {
        if (!value.isStructStart()) {
            if (value == JsonToken.VALUE_STRING) {
                characters += json.getTextLength();
            }
            return;
        }
        int depth = 1;
        while (depth > 0) {
            JsonToken token = json.nextToken();
            if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            } else if (token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME) {
                characters += json.getTextLength();
            }
        }
    }

    private void tools(JsonToken value) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        for (JsonToken element = json.nextToken(); element != JsonToken.END_ARRAY; element = json.nextToken()) {
            if (element != JsonToken.START_OBJECT) {
                json.skipChildren();
                continue;
            }
            tools++;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean isType = "type".equals(json.currentName());
                JsonToken member = json.nextToken();
                if (isType && member == JsonToken.VALUE_STRING) {
                    hostedTools |= isHosted(json.getText());
                } else {
                    count(member);
                }
            }
        }
    }

    private static boolean isHosted(String type) {
        int version = type.lastIndexOf('_');
        String family = version > 0 && version + 1 < type.length() && Character.isDigit(type.charAt(version + 1))
                ? type.substring(0, version)
                : type;
        return !CLIENT_TOOLS.contains(type) && !ANTHROPIC_CLIENT_TOOLS.contains(family);
    }

    private boolean isStructured(JsonToken value) throws IOException {
        boolean structured = false;
        if (value != JsonToken.START_OBJECT) {
            json.skipChildren();
            return false;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean isType = "type".equals(json.currentName());
            JsonToken member = json.nextToken();
            if (isType && member == JsonToken.VALUE_STRING) {
                structured = json.getText().startsWith("json");
            } else {
                count(member);
            }
        }
        return structured;
    }

    private void structuredMember(JsonToken value) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken member = json.nextToken();
            switch (name) {
                case "format" -> schema |= isStructured(member);
                case "effort" -> effort |= isEffort(member);
                default -> json.skipChildren();
            }
        }
    }

    private void thinking(JsonToken value) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken member = json.nextToken();
            if (name.equals("effort")) {
                effort |= isEffort(member);
            } else if (name.equals("type")) {
                String type = word(member);
                effort |= !type.isEmpty() && !type.equals("disabled");
            } else {
                json.skipChildren();
            }
        }
    }

    private boolean isEffort(JsonToken value) throws IOException {
        if (value != JsonToken.VALUE_STRING) {
            json.skipChildren();
            return false;
        }
        return switch (json.getText()) {
            case "none", "minimal" -> false;
            default -> true;
        };
    }
}
