package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a simulated model says to one prompt, before any wire format: the same prompt gets the same words.
 *
 * @param choices one for each asked for
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

    /** Why a choice ended. */
    enum Finish {
        STOP,
        STOP_SEQUENCE,
        LENGTH,
        TOOL_CALLS
    }

    /**
     * The words of one choice; calls and text exclude each other.
     *
     * @param stop the sequence that ended it
     */
    record Choice(List<String> pieces, List<ToolCall> toolCalls, Finish finish, Optional<String> stop, int tokens) {

        String text() {
            return String.join("", pieces);
        }
    }

    record ToolCall(String function, JsonNode arguments) {

        String argumentsText() {
            return Wire.text(arguments);
        }
    }

    static Completion of(Prompt prompt) {
        long seed = prompt.seed();
        int most = prompt.limits().most();
        // thinking counts against the limit, and may use all of it up
        int reasoningTokens = prompt.thinks() ? Math.min(most, (int) (64 * (1 + seed % 3))) : 0;
        int left = most == Prompt.Limits.NONE ? most : most - reasoningTokens;
        List<ToolCall> calls = toolCalls(prompt);
        List<Choice> choices = new ArrayList<>();
        for (int i = 0; i < prompt.choices(); i++) {
            choices.add(
                    calls.isEmpty()
                            ? written(
                                    text(prompt.format(), seed + i),
                                    prompt.limits().stops(),
                                    left)
                            : called(calls));
        }
        int cached = prompt.tokens() >= CACHE_FROM ? prompt.tokens() / 2 / CACHE_STEP * CACHE_STEP : 0;
        String reasoning = prompt.thinks() ? "The user asks something simple. Answer briefly and correctly." : "";
        return new Completion(choices, reasoning, prompt.tokens(), cached, reasoningTokens, seed);
    }

    int completionTokens() {
        return writtenTokens() + reasoningTokens;
    }

    /** Without the thinking. */
    int writtenTokens() {
        return choices.stream().mapToInt(Choice::tokens).sum();
    }

    /** The only choice, in the dialects that know just one. */
    Choice choice() {
        return choices.get(0);
    }

    private static Choice called(List<ToolCall> calls) {
        int tokens = calls.stream()
                .mapToInt(call -> 8 + Tokens.count(call.argumentsText()))
                .sum();
        return new Choice(List.of(), calls, Finish.TOOL_CALLS, Optional.empty(), tokens);
    }

    private static Choice written(String text, List<String> stops, int left) {
        String kept = text;
        Optional<String> stopped = Optional.empty();
        for (String stop : stops) {
            int at = kept.indexOf(stop);
            if (at >= 0) {
                kept = kept.substring(0, at);
                stopped = Optional.of(stop);
            }
        }
        List<String> pieces = Tokens.split(kept);
        if (pieces.size() > left) {
            return new Choice(List.copyOf(pieces.subList(0, left)), List.of(), Finish.LENGTH, Optional.empty(), left);
        }
        Finish finish = stopped.isPresent() ? Finish.STOP_SEQUENCE : Finish.STOP;
        return new Choice(pieces, List.of(), finish, stopped, pieces.size());
    }

    private static String text(Prompt.Format wanted, long seed) {
        String words = TEXTS.get((int) Long.remainderUnsigned(seed, TEXTS.size()));
        return switch (wanted) {
            case Prompt.Format.Words any -> words;
            case Prompt.Format.AnyJson any ->
                Wire.text(Wire.object().put("answer", words).put("confidence", 0.87));
            case Prompt.Format.Schema form -> Wire.text(new SchemaExample(form.schema(), 0).value());
        };
    }

    /** Calls happen when the last word is the user's and asks for one: by the tool choice, or by naming a tool. */
    private static List<ToolCall> toolCalls(Prompt prompt) {
        if (prompt.asked().isEmpty()) {
            return List.of();
        }
        String asked = prompt.asked().get().toLowerCase(Locale.ROOT);
        List<Prompt.Tool> declared = prompt.tools().declared();
        List<Prompt.Tool> wanted = switch (prompt.tools().choice()) {
            case Prompt.Choice.Never any -> List.of();
            case Prompt.Choice.Any any -> declared;
            case Prompt.Choice.One one ->
                declared.stream().filter(tool -> tool.name().equals(one.name())).toList();
            case Prompt.Choice.Auto any ->
                asked.contains("tool") || declared.stream().anyMatch(tool -> isNamed(tool, asked))
                        ? declared
                        : List.of();
        };
        if (wanted.isEmpty()) {
            return List.of();
        }
        List<ToolCall> calls = new ArrayList<>();
        calls.add(call(wanted.get(0), 0));
        if (prompt.tools().parallel() && TWO.matcher(asked).find()) {
            calls.add(wanted.size() > 1 ? call(wanted.get(1), 0) : call(wanted.get(0), 1));
        }
        return calls;
    }

    private static boolean isNamed(Prompt.Tool tool, String asked) {
        for (String word : tool.name().split("[_\\-\\s]|(?=[A-Z])", -1)) {
            if (word.length() > 3 && asked.contains(word.toLowerCase(Locale.ROOT))) {
                return true;
            }
        }
        return false;
    }

    private static ToolCall call(Prompt.Tool tool, int variant) {
        JsonNode arguments =
                tool.parameters().isObject() ? new SchemaExample(tool.parameters(), variant).value() : Wire.object();
        return new ToolCall(tool.name(), arguments.isObject() ? arguments : Wire.object());
    }
}
