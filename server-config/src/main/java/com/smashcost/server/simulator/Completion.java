package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * What a simulated model says to one request, before any wire format: the same request gets the same words.
 *
 * @param choices one for each asked for by {@code n}
 * @param reasoning thinking aloud, empty for a model that does not
 */
record Completion(
        List<Choice> choices, String reasoning, int promptTokens, int cachedTokens, int reasoningTokens, long seed) {

    private static final int CACHE_FROM = 1024;
    private static final int CACHE_STEP = 128;
    private static final Pattern TWO = Pattern.compile("\\b(both|two|twice|parallel)\\b", Pattern.CASE_INSENSITIVE);
    private static final List<String> TEXTS = List.of(
            "Hello! This is the provider simulator speaking. It answers every question the same way each time, so that"
                    + " what you measure is the gateway and not the model.",
            "Here is a short plan. First, write down what you want to know. Second, ask the smallest model that can"
                    + " answer it. Third, keep the receipt, because a saving nobody can check is only a claim.",
            "The capital of France is Paris. It lies on the Seine, has about two million inhabitants within the city"
                    + " limits, and has been the seat of government for most of the last thousand years.",
            "A cache keeps what was expensive to find so that the next caller finds it cheaply. It is right as long as"
                    + " the thing it remembers is still true; that condition is the hard part.",
            "Yes. In one sentence: measure first, change one thing, measure again, and write down both numbers.",
            "There are three ways to look at it. The simple one counts requests. The useful one counts tokens. The"
                    + " honest one counts what the bill says at the end of the month — ¾ of the work is agreeing on which.",
            "Certainly — voilà: “naïve café, 12 €, schön”, 日本語のテキスト, and an emoji 🚀 to check that nothing"
                    + " breaks on its way through.");

    /** The words of one choice; calls and text exclude each other. */
    record Choice(List<String> pieces, List<ToolCall> toolCalls, String finishReason, int tokens) {

        String text() {
            return String.join("", pieces);
        }
    }

    record ToolCall(String function, JsonNode arguments) {}

    static Completion of(JsonNode request, boolean reasons) {
        long seed = seed(request);
        boolean thinks = reasons && !request.path("reasoning_effort").asText().matches("none|minimal");
        int reasoningTokens = thinks ? (int) (64 * (1 + seed % 3)) : 0;
        List<ToolCall> calls = toolCalls(request);
        List<Choice> choices = new ArrayList<>();
        for (int i = 0; i < Math.clamp(request.path("n").asInt(1), 1, 128); i++) {
            choices.add(calls.isEmpty() ? written(request, text(request, seed + i), reasoningTokens) : called(calls));
        }
        int prompt = Tokens.prompt(request);
        int cached = prompt >= CACHE_FROM ? prompt / 2 / CACHE_STEP * CACHE_STEP : 0;
        String reasoning = thinks ? "The user asks something simple. Answer briefly and correctly." : "";
        return new Completion(choices, reasoning, prompt, cached, reasoningTokens, seed);
    }

    int completionTokens() {
        return choices.stream().mapToInt(Choice::tokens).sum() + reasoningTokens;
    }

    private static Choice called(List<ToolCall> calls) {
        int tokens = calls.stream()
                .mapToInt(call -> 8 + Tokens.count(Wire.text(call.arguments())))
                .sum();
        return new Choice(List.of(), calls, "tool_calls", tokens);
    }

    private static Choice written(JsonNode request, String text, int reasoningTokens) {
        List<String> pieces = Tokens.split(beforeStop(text, request.path("stop")));
        int most = request.path("max_completion_tokens")
                .asInt(request.path("max_tokens").asInt(Integer.MAX_VALUE));
        // thinking counts against the limit, and may use all of it up
        int left = most == Integer.MAX_VALUE ? most : Math.max(0, most - reasoningTokens);
        return pieces.size() > left
                ? new Choice(List.copyOf(pieces.subList(0, left)), List.of(), "length", left)
                : new Choice(pieces, List.of(), "stop", pieces.size());
    }

    private static String beforeStop(String text, JsonNode stop) {
        String kept = text;
        for (JsonNode each : stop.isTextual() ? Wire.array().add(stop) : stop) {
            int at = each.asText().isEmpty() ? -1 : kept.indexOf(each.asText());
            kept = at < 0 ? kept : kept.substring(0, at);
        }
        return kept;
    }

    private static String text(JsonNode request, long seed) {
        String words = TEXTS.get((int) Long.remainderUnsigned(seed, TEXTS.size()));
        JsonNode format = request.path("response_format");
        return switch (format.path("type").asText()) {
            case "json_object" -> Wire.text(Wire.object().put("answer", words).put("confidence", 0.87));
            case "json_schema" ->
                Wire.text(new SchemaExample(format.path("json_schema").path("schema"), 0).value());
            default -> words;
        };
    }

    /** Calls happen when the last word is the user's and asks for one: by {@code tool_choice}, or by naming a tool. */
    private static List<ToolCall> toolCalls(JsonNode request) {
        JsonNode tools = request.path("tools");
        JsonNode last = request.path("messages").path(request.path("messages").size() - 1);
        JsonNode choice = request.path("tool_choice");
        if (tools.isEmpty()
                || !last.path("role").asText().equals("user")
                || choice.asText().equals("none")) {
            return List.of();
        }
        String asked = textOf(last.path("content")).toLowerCase(Locale.ROOT);
        List<JsonNode> wanted = new ArrayList<>();
        if (choice.path("function").has("name")) {
            tools.forEach(tool -> {
                if (tool.path("function")
                        .path("name")
                        .equals(choice.path("function").path("name"))) {
                    wanted.add(tool);
                }
            });
        } else if (choice.asText().equals("required") || asked.contains("tool") || namesOne(tools, asked)) {
            tools.forEach(wanted::add);
        }
        if (wanted.isEmpty()) {
            return List.of();
        }
        boolean two =
                TWO.matcher(asked).find() && request.path("parallel_tool_calls").asBoolean(true);
        List<ToolCall> calls = new ArrayList<>();
        calls.add(call(wanted.get(0), 0));
        if (two) {
            calls.add(wanted.size() > 1 ? call(wanted.get(1), 0) : call(wanted.get(0), 1));
        }
        return calls;
    }

    private static boolean namesOne(JsonNode tools, String asked) {
        for (JsonNode tool : tools) {
            for (String word : tool.path("function").path("name").asText().split("[_\\-\\s]|(?=[A-Z])", -1)) {
                if (word.length() > 3 && asked.contains(word.toLowerCase(Locale.ROOT))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static ToolCall call(JsonNode tool, int variant) {
        JsonNode function = tool.path("function");
        JsonNode parameters = function.path("parameters");
        JsonNode arguments = parameters.isObject() ? new SchemaExample(parameters, variant).value() : Wire.object();
        return new ToolCall(function.path("name").asText(), arguments.isObject() ? arguments : Wire.object());
    }

    private static String textOf(JsonNode content) {
        if (content.isTextual()) {
            return content.asText();
        }
        StringBuilder text = new StringBuilder();
        content.forEach(part -> text.append(part.path("text").asText()).append(' '));
        return text.toString();
    }

    /** Of everything but how the answer is delivered. */
    private static long seed(JsonNode request) {
        CRC32 hash = new CRC32();
        if (request instanceof ObjectNode object) {
            ObjectNode content = object.deepCopy();
            content.remove(List.of("stream", "stream_options"));
            hash.update(Wire.text(content).getBytes(StandardCharsets.UTF_8));
        }
        return hash.getValue();
    }
}
