package com.smashcost.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an answer says, whoever tells it. It is read from a recording and from what a client understood; none of the code that
 * translates is used for it.
 *
 * @param refusal what a model says that declines in a field of its own; empty if it does not
 * @param reasoning what it shows of its thoughts
 * @param stop null if the answer has no end
 * @param tokens null if nothing was counted
 * @param failed whether it is no answer but an error, told after a good start
 */
record Facts(
        String text,
        String refusal,
        String reasoning,
        List<Call> calls,
        @Nullable Stop stop,
        @Nullable Tokens tokens,
        boolean failed) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A tool that is to be called. */
    record Call(String name, JsonNode arguments) {}

    /** Why an answer ends. */
    enum Stop {
        END,
        LENGTH,
        TOOLS,
        FILTER
    }

    /**
     * Counts, each of which includes its parts; null is not told.
     *
     * @param prompt all of it, cached and written ones too
     * @param written to a cache
     * @param completion all of it, reasoning too
     */
    record Tokens(
            @Nullable Long prompt,
            @Nullable Long cached,
            @Nullable Long written,
            @Nullable Long completion,
            @Nullable Long reasoning,
            @Nullable Long heard,
            @Nullable Long spoken) {}

    /** Of a whole answer. */
    static Facts of(Wire wire, JsonNode answer) {
        return switch (wire) {
            case CHAT -> ofChat(answer);
            case RESPONSES -> ofResponse(answer);
            case MESSAGES -> ofMessage(answer);
            case GEMINI -> ofGemini(List.of(answer));
        };
    }

    /** Of a stream's events, each the JSON of its data. */
    static Facts of(Wire wire, List<JsonNode> events) {
        return switch (wire) {
            case CHAT -> ofChunks(events);
            case RESPONSES -> ofResponseEvents(events);
            case MESSAGES -> ofMessageEvents(events);
            case GEMINI -> ofGemini(events);
        };
    }

    private static Facts ofChat(JsonNode answer) {
        JsonNode choice = answer.path("choices").path(0);
        JsonNode message = choice.path("message");
        List<Call> calls = new ArrayList<>();
        message.path("tool_calls").forEach(call -> calls.add(call(call.path("function"))));
        if (message.path("function_call").isObject()) {
            calls.add(call(message.path("function_call")));
        }
        return new Facts(
                text(message.path("content")),
                message.path("refusal").asText(""),
                reasoning(message),
                calls,
                chatStop(choice.path("finish_reason").asText("")),
                chatTokens(answer.path("usage")),
                answer.path("error").isObject());
    }

    private static Facts ofChunks(List<JsonNode> chunks) {
        StringBuilder text = new StringBuilder();
        StringBuilder refusal = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        Map<Integer, String> names = new LinkedHashMap<>();
        Map<Integer, String> arguments = new LinkedHashMap<>();
        String finish = "";
        JsonNode usage = JSON.missingNode();
        boolean failed = false;
        for (JsonNode chunk : chunks) {
            failed |= chunk.path("error").isObject();
            usage = chunk.path("usage").isObject() ? chunk.path("usage") : usage;
            usage = usage.isMissingNode() && chunk.at("/x_groq/usage").isObject() ? chunk.at("/x_groq/usage") : usage;
            for (JsonNode choice : chunk.path("choices")) {
                if (choice.path("index").asInt() != 0) {
                    continue;
                }
                JsonNode delta = choice.path("delta");
                text.append(text(delta.path("content")));
                refusal.append(delta.path("refusal").asText(""));
                reasoning.append(reasoning(delta));
                finish = choice.path("finish_reason").asText("").isEmpty()
                        ? finish
                        : choice.path("finish_reason").asText();
                for (JsonNode call : delta.path("tool_calls")) {
                    int index = call.path("index").asInt();
                    names.merge(index, call.at("/function/name").asText(""), (old, more) -> old.isEmpty() ? more : old);
                    arguments.merge(index, call.at("/function/arguments").asText(""), String::concat);
                }
            }
        }
        List<Call> calls = new ArrayList<>();
        names.forEach((index, name) -> calls.add(new Call(name, arguments(arguments.getOrDefault(index, "")))));
        return new Facts(
                text.toString(),
                refusal.toString(),
                reasoning.toString(),
                calls,
                chatStop(finish),
                chatTokens(usage),
                failed);
    }

    private static String reasoning(JsonNode message) {
        String content = message.path("reasoning_content").asText("");
        return content.isEmpty() ? message.path("reasoning").asText("") : content;
    }

    private static Call call(JsonNode function) {
        return new Call(
                function.path("name").asText(),
                arguments(function.path("arguments").asText("")));
    }

    private static @Nullable Stop chatStop(String reason) {
        return switch (reason) {
            case "" -> null;
            case "length" -> Stop.LENGTH;
            case "tool_calls", "function_call" -> Stop.TOOLS;
            case "content_filter" -> Stop.FILTER;
            default -> Stop.END;
        };
    }

    private static @Nullable Tokens chatTokens(JsonNode usage) {
        return usage.isObject()
                ? new Tokens(
                        count(usage.path("prompt_tokens")),
                        count(usage.at("/prompt_tokens_details/cached_tokens")),
                        count(usage.at("/prompt_tokens_details/cache_write_tokens")),
                        count(usage.path("completion_tokens")),
                        count(usage.at("/completion_tokens_details/reasoning_tokens")),
                        count(usage.at("/prompt_tokens_details/audio_tokens")),
                        count(usage.at("/completion_tokens_details/audio_tokens")))
                : null;
    }

    private static Facts ofResponse(JsonNode response) {
        StringBuilder text = new StringBuilder();
        StringBuilder refusal = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        List<Call> calls = new ArrayList<>();
        for (JsonNode item : response.path("output")) {
            switch (item.path("type").asText()) {
                case "message" -> {
                    for (JsonNode part : item.path("content")) {
                        text.append(part.path("text").asText(""));
                        refusal.append(part.path("refusal").asText(""));
                    }
                }
                case "reasoning" -> {
                    item.path("summary")
                            .forEach(part -> reasoning.append(part.path("text").asText("")));
                    item.path("content")
                            .forEach(part -> reasoning.append(part.path("text").asText("")));
                }
                case "function_call" -> calls.add(call(item));
                default -> {}
            }
        }
        String status = response.path("status").asText();
        Stop stop = switch (status) {
            case "completed" -> calls.isEmpty() ? Stop.END : Stop.TOOLS;
            case "incomplete" ->
                response.at("/incomplete_details/reason").asText().equals("content_filter") ? Stop.FILTER : Stop.LENGTH;
            default -> null;
        };
        JsonNode usage = response.path("usage");
        Tokens tokens = usage.isObject()
                ? new Tokens(
                        count(usage.path("input_tokens")),
                        count(usage.at("/input_tokens_details/cached_tokens")),
                        count(usage.at("/input_tokens_details/cache_write_tokens")),
                        count(usage.path("output_tokens")),
                        count(usage.at("/output_tokens_details/reasoning_tokens")),
                        null,
                        null)
                : null;
        return new Facts(
                text.toString(),
                refusal.toString(),
                reasoning.toString(),
                calls,
                stop,
                tokens,
                response.path("error").isObject());
    }

    private static Facts ofResponseEvents(List<JsonNode> events) {
        JsonNode last = JSON.missingNode();
        boolean failed = false;
        for (JsonNode event : events) {
            last = event.path("response").isObject() ? event.path("response") : last;
            failed |= event.path("type").asText().equals("error");
        }
        Facts whole = ofResponse(last);
        return new Facts(
                whole.text,
                whole.refusal,
                whole.reasoning,
                whole.calls,
                whole.stop,
                whole.tokens,
                whole.failed || failed);
    }

    private static Facts ofMessage(JsonNode message) {
        StringBuilder text = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        List<Call> calls = new ArrayList<>();
        for (JsonNode block : message.path("content")) {
            switch (block.path("type").asText()) {
                case "text" -> text.append(block.path("text").asText());
                case "thinking" -> reasoning.append(block.path("thinking").asText());
                case "tool_use" -> calls.add(new Call(block.path("name").asText(), input(block.path("input"))));
                default -> {}
            }
        }
        return new Facts(
                text.toString(),
                "",
                reasoning.toString(),
                calls,
                messageStop(message.path("stop_reason").asText("")),
                messageTokens(message.path("usage")),
                message.path("type").asText().equals("error"));
    }

    private static Facts ofMessageEvents(List<JsonNode> events) {
        ObjectNode message = JSON.createObjectNode();
        ObjectNode usage = JSON.createObjectNode();
        List<ObjectNode> blocks = new ArrayList<>();
        Map<Integer, StringBuilder> partial = new LinkedHashMap<>();
        boolean failed = false;
        for (JsonNode event : events) {
            switch (event.path("type").asText()) {
                case "message_start" -> {
                    if (event.at("/message/usage") instanceof ObjectNode counted) {
                        usage.setAll(counted);
                    }
                }
                case "content_block_start" ->
                    blocks.add(event.path("content_block").deepCopy());
                case "content_block_delta" -> {
                    ObjectNode block = blocks.getLast();
                    JsonNode delta = event.path("delta");
                    switch (delta.path("type").asText()) {
                        case "text_delta" -> append(block, "text", delta);
                        case "thinking_delta" -> append(block, "thinking", delta);
                        case "input_json_delta" ->
                            partial.computeIfAbsent(blocks.size() - 1, index -> new StringBuilder())
                                    .append(delta.path("partial_json").asText());
                        default -> {}
                    }
                }
                case "message_delta" -> {
                    if (!message.has("stop_reason")) {
                        message.set("stop_reason", event.at("/delta/stop_reason"));
                    }
                    event.path("usage").properties().forEach(count -> {
                        if (!count.getValue().isNull()) {
                            usage.set(count.getKey(), count.getValue());
                        }
                    });
                }
                case "error" -> failed = true;
                default -> {}
            }
        }
        partial.forEach((index, json) -> blocks.get(index).set("input", arguments(json.toString())));
        ArrayNode content = message.putArray("content");
        content.addAll(blocks);
        message.set("usage", usage);
        Facts whole = ofMessage(message);
        return new Facts(whole.text, whole.refusal, whole.reasoning, whole.calls, whole.stop, whole.tokens, failed);
    }

    private static void append(ObjectNode block, String member, JsonNode delta) {
        block.put(member, block.path(member).asText("") + delta.path(member).asText());
    }

    private static JsonNode input(JsonNode input) {
        return input.isMissingNode() || input.isNull() ? JSON.createObjectNode() : input;
    }

    private static @Nullable Stop messageStop(String reason) {
        return switch (reason) {
            case "" -> null;
            case "max_tokens", "model_context_window_exceeded" -> Stop.LENGTH;
            case "tool_use" -> Stop.TOOLS;
            case "refusal" -> Stop.FILTER;
            default -> Stop.END;
        };
    }

    private static @Nullable Tokens messageTokens(JsonNode usage) {
        if (!usage.isObject() || usage.isEmpty()) {
            return null;
        }
        long input = usage.path("input_tokens").asLong();
        long cached = usage.path("cache_read_input_tokens").asLong();
        long written = usage.path("cache_creation_input_tokens").asLong();
        long output = usage.path("output_tokens").asLong();
        if (usage.path("iterations").size() > 1) {
            // the counts at the top are those of the last one alone
            input = 0;
            cached = 0;
            written = 0;
            output = 0;
            for (JsonNode iteration : usage.path("iterations")) {
                input += iteration.path("input_tokens").asLong();
                cached += iteration.path("cache_read_input_tokens").asLong();
                written += iteration.path("cache_creation_input_tokens").asLong();
                output += iteration.path("output_tokens").asLong();
            }
        }
        return new Tokens(
                input + cached + written,
                cached,
                written,
                output,
                count(usage.at("/output_tokens_details/thinking_tokens")),
                null,
                null);
    }

    private static Facts ofGemini(List<JsonNode> answers) {
        StringBuilder text = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        List<Call> calls = new ArrayList<>();
        String finish = "";
        JsonNode usage = JSON.missingNode();
        boolean blocked = false;
        boolean failed = false;
        for (JsonNode answer : answers) {
            failed |= answer.path("error").isObject();
            blocked |= answer.at("/promptFeedback/blockReason").isTextual();
            usage = answer.path("usageMetadata").isObject() ? answer.path("usageMetadata") : usage;
            JsonNode candidate = answer.path("candidates").path(0);
            finish = candidate.path("finishReason").asText(finish);
            for (JsonNode part : candidate.at("/content/parts")) {
                (part.path("thought").asBoolean() ? reasoning : text)
                        .append(part.path("text").asText(""));
                if (part.path("functionCall").isObject()) {
                    JsonNode call = part.path("functionCall");
                    calls.add(new Call(call.path("name").asText(), input(call.path("args"))));
                }
            }
        }
        Stop stop = switch (finish) {
            case "" -> blocked ? Stop.FILTER : calls.isEmpty() ? null : Stop.TOOLS;
            // some recorders asked for numbers instead of names
            case "STOP", "OTHER", "CONTINUATION", "1" -> calls.isEmpty() ? Stop.END : Stop.TOOLS;
            case "MAX_TOKENS", "2" -> Stop.LENGTH;
            default -> Stop.FILTER;
        };
        Tokens tokens = usage.isObject()
                ? new Tokens(
                        usage.path("promptTokenCount").asLong()
                                + usage.path("toolUsePromptTokenCount").asLong(),
                        usage.path("cachedContentTokenCount").asLong(),
                        0L,
                        usage.path("candidatesTokenCount").asLong()
                                + usage.path("thoughtsTokenCount").asLong(),
                        usage.path("thoughtsTokenCount").asLong(),
                        // what is cached is no longer heard
                        geminiAudio(usage.path("promptTokensDetails")) - geminiAudio(usage.path("cacheTokensDetails")),
                        geminiAudio(usage.path("candidatesTokensDetails")))
                : null;
        return new Facts(text.toString(), "", reasoning.toString(), calls, stop, tokens, failed);
    }

    private static long geminiAudio(JsonNode details) {
        for (JsonNode detail : details) {
            if (detail.path("modality").asText().equals("AUDIO")) {
                return detail.path("tokenCount").asLong();
            }
        }
        return 0;
    }

    /** Arguments as JSON; what is none stays the text it is. */
    static JsonNode arguments(String text) {
        if (text.isBlank()) {
            return JSON.createObjectNode();
        }
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            return TextNode.valueOf(text);
        }
    }

    private static String text(JsonNode content) {
        if (!content.isArray()) {
            return content.asText("");
        }
        StringBuilder text = new StringBuilder();
        content.forEach(part -> text.append(part.path("text").asText("")));
        return text.toString();
    }

    private static @Nullable Long count(JsonNode count) {
        return count.isNumber() ? count.asLong() : null;
    }
}
