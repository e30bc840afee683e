package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One answer of {@code generateContent} in its wire form, whole or in chunks that each are a whole answer. */
final class GeminiReply {

    private static final int PIECES_IN_CHUNK = 3;

    private final GeminiModel model;
    private final Completion completion;
    private final boolean showsThoughts;
    private final String id = Wire.random(22);

    GeminiReply(JsonNode request, GeminiModel model, Completion completion) {
        this.model = model;
        this.completion = completion;
        this.showsThoughts = request.path("generationConfig")
                .path("thinkingConfig")
                .path("includeThoughts")
                .asBoolean();
    }

    ObjectNode whole() {
        ArrayNode candidates = Wire.array();
        for (Completion.Choice choice : completion.choices()) {
            List<ObjectNode> parts = new ArrayList<>(thoughts());
            parts.addAll(calls(choice));
            if (!choice.pieces().isEmpty()) {
                ObjectNode text = Wire.object().put("text", choice.text());
                parts.add(model.isThree() ? signed(text, "text") : text);
            }
            ObjectNode candidate = candidate(parts);
            candidate.put("finishReason", reason(choice)).put("index", candidates.size());
            if (!choice.toolCalls().isEmpty() && model.thinks()) {
                candidate.put("finishMessage", "Model generated function call(s).");
            }
            candidates.add(candidate);
        }
        return answer(candidates, completion.writtenTokens());
    }

    /** The candidates one after the other; usage is cumulative. */
    List<ObjectNode> chunks() {
        List<ObjectNode> chunks = new ArrayList<>();
        int written = 0;
        for (int index = 0; index < completion.choices().size(); index++) {
            Completion.Choice choice = completion.choices().get(index);
            List<List<ObjectNode>> told = told(choice);
            for (int i = 0; i < told.size(); i++) {
                ObjectNode candidate = candidate(told.get(i)).put("index", index);
                boolean last = i == told.size() - 1;
                if (last) {
                    candidate.put("finishReason", reason(choice));
                }
                int soFar = written + (last ? choice.tokens() : choice.tokens() * i / told.size());
                chunks.add(answer(Wire.array().add(candidate), soFar));
            }
            written += choice.tokens();
        }
        return chunks;
    }

    /** The parts of each chunk. From Gemini 3 on an empty text brings the end, and the signature of a text. */
    private List<List<ObjectNode>> told(Completion.Choice choice) {
        List<List<ObjectNode>> told = new ArrayList<>();
        thoughts().forEach(thought -> told.add(List.of(thought)));
        if (model.isThree()) {
            calls(choice).forEach(call -> told.add(List.of(call)));
        } else if (!choice.toolCalls().isEmpty()) {
            told.add(calls(choice));
        }
        for (int from = 0; from < choice.pieces().size(); from += PIECES_IN_CHUNK) {
            int to = Math.min(choice.pieces().size(), from + PIECES_IN_CHUNK);
            String text = String.join("", choice.pieces().subList(from, to));
            told.add(List.of(Wire.object().put("text", text)));
        }
        if (model.isThree() && choice.finish() != Completion.Finish.LENGTH) {
            ObjectNode end = Wire.object().put("text", "");
            told.add(List.of(choice.toolCalls().isEmpty() ? signed(end, "text") : end));
        } else if (told.isEmpty()) {
            told.add(List.of());
        }
        return told;
    }

    private List<ObjectNode> thoughts() {
        return showsThoughts && !completion.reasoning().isEmpty()
                ? List.of(Wire.object().put("text", completion.reasoning()).put("thought", true))
                : List.of();
    }

    /** Ids from Gemini 3 on; a thinking model signs the first of the calls. */
    private List<ObjectNode> calls(Completion.Choice choice) {
        List<ObjectNode> parts = new ArrayList<>();
        for (Completion.ToolCall call : choice.toolCalls()) {
            ObjectNode part = Wire.object();
            ObjectNode function = part.putObject("functionCall").put("name", call.function());
            function.set("args", call.arguments());
            if (model.isThree()) {
                function.put("id", Wire.random(8).toLowerCase(Locale.ROOT));
            }
            boolean signs = parts.isEmpty() && completion.reasoningTokens() > 0;
            parts.add(signs || (parts.isEmpty() && model.isThree()) ? signed(part, call.function()) : part);
        }
        return parts;
    }

    private static ObjectNode signed(ObjectNode part, String about) {
        return part.put("thoughtSignature", Seal.of(about));
    }

    /** Without any parts there is no list of them either. */
    private static ObjectNode candidate(List<ObjectNode> parts) {
        ObjectNode candidate = Wire.object();
        ObjectNode content = candidate.putObject("content");
        if (!parts.isEmpty()) {
            parts.forEach(content.putArray("parts")::add);
        }
        content.put("role", "model");
        return candidate;
    }

    /** Google has no reason for calls. */
    private static String reason(Completion.Choice choice) {
        return switch (choice.finish()) {
            case STOP, STOP_SEQUENCE, TOOL_CALLS -> "STOP";
            case LENGTH -> "MAX_TOKENS";
        };
    }

    private ObjectNode answer(ArrayNode candidates, int written) {
        ObjectNode answer = Wire.object();
        answer.set("candidates", candidates);
        answer.set("usageMetadata", usage(written));
        return answer.put("modelVersion", model.answering()).put("responseId", id);
    }

    /** Counts that are 0 are not there. */
    private ObjectNode usage(int written) {
        int prompt = completion.promptTokens();
        ObjectNode usage = Wire.object().put("promptTokenCount", prompt);
        if (written > 0) {
            usage.put("candidatesTokenCount", written);
        }
        usage.put("totalTokenCount", prompt + written + completion.reasoningTokens());
        if (completion.cachedTokens() > 0) {
            usage.put("cachedContentTokenCount", completion.cachedTokens());
            usage.set("cacheTokensDetails", text(completion.cachedTokens()));
        }
        usage.set("promptTokensDetails", text(prompt));
        if (completion.reasoningTokens() > 0) {
            usage.put("thoughtsTokenCount", completion.reasoningTokens());
        }
        return usage.put("serviceTier", "standard");
    }

    static ArrayNode text(int tokens) {
        ArrayNode details = Wire.array();
        details.addObject().put("modality", "TEXT").put("tokenCount", tokens);
        return details;
    }
}
