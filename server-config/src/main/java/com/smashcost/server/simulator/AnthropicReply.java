package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** One message of Anthropic: its blocks, its end and its usage. */
final class AnthropicReply {

    private static final String BEFORE_CALLS = "I'll look that up for you.";

    private final JsonNode request;
    private final AnthropicModel model;
    private final Completion completion;
    private final AnthropicUsage input;
    private final String id = "msg_01" + Wire.random(22);
    private final List<ObjectNode> blocks;

    AnthropicReply(JsonNode request, AnthropicModel model, Completion completion) {
        this.request = request;
        this.model = model;
        this.completion = completion;
        this.input = AnthropicUsage.of(request);
        this.blocks = blocks();
    }

    List<ObjectNode> content() {
        return blocks;
    }

    ObjectNode whole() {
        ObjectNode whole = head();
        blocks.forEach(((ArrayNode) whole.path("content"))::add);
        whole.setAll(end());
        whole.set("usage", usage(outputTokens()));
        return whole;
    }

    /** The message as a stream opens it: empty, with the input counted. */
    ObjectNode begun() {
        ObjectNode begun =
                head().putNull("stop_reason").putNull("stop_sequence").putNull("stop_details");
        begun.set("usage", usage(1));
        return begun;
    }

    ObjectNode end() {
        Completion.Choice choice = completion.choice();
        String reason = switch (choice.finish()) {
            case STOP -> "end_turn";
            case STOP_SEQUENCE -> "stop_sequence";
            case LENGTH -> "max_tokens";
            case TOOL_CALLS -> "tool_use";
        };
        return Wire.object()
                .put("stop_reason", reason)
                .put("stop_sequence", choice.stop().orElse(null))
                .putNull("stop_details");
    }

    /** Cumulative, as the last event of a stream says it. */
    ObjectNode endUsage() {
        return withThinking(input.counts().put("output_tokens", outputTokens()));
    }

    private ObjectNode head() {
        ObjectNode head = Wire.object()
                .put("model", model.answering())
                .put("id", id)
                .put("type", "message")
                .put("role", "assistant");
        head.putArray("content");
        return head;
    }

    private ObjectNode usage(int output) {
        ObjectNode usage = withThinking(input.json().put("output_tokens", output));
        return usage.put("service_tier", "standard").put("inference_geo", "not_available");
    }

    private ObjectNode withThinking(ObjectNode usage) {
        if (model.isAfterOpus46()) {
            usage.putObject("output_tokens_details").put("thinking_tokens", completion.reasoningTokens());
        }
        return usage;
    }

    private int outputTokens() {
        int calls = completion.choice().toolCalls().isEmpty() ? 0 : Tokens.count(BEFORE_CALLS);
        return completion.completionTokens() + calls;
    }

    private List<ObjectNode> blocks() {
        List<ObjectNode> all = new ArrayList<>();
        Completion.Choice choice = completion.choice();
        if (!completion.reasoning().isEmpty()) {
            boolean omitted = request.path("thinking").path("display").asText().equals("omitted");
            String thinking = omitted ? "" : completion.reasoning();
            all.add(Wire.object()
                    .put("type", "thinking")
                    .put("thinking", thinking)
                    .put("signature", Seal.of(thinking)));
        }
        String text = choice.toolCalls().isEmpty() ? choice.text() : BEFORE_CALLS;
        if (!text.isEmpty()) {
            all.add(Wire.object().put("type", "text").put("text", text));
        }
        for (Completion.ToolCall call : choice.toolCalls()) {
            ObjectNode block = Wire.object()
                    .put("type", "tool_use")
                    .put("id", "toolu_01" + Wire.random(22))
                    .put("name", call.function());
            block.set("input", call.arguments());
            block.putObject("caller").put("type", "direct");
            all.add(block);
        }
        return List.copyOf(all);
    }
}
