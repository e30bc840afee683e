package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The events of a streamed message: one block open at a time, a ping after the first was opened. */
final class AnthropicEvents {

    private static final int PIECE = 6;

    private final AnthropicReply reply;
    private final List<ObjectNode> events = new ArrayList<>();

    AnthropicEvents(AnthropicReply reply) {
        this.reply = reply;
    }

    List<ObjectNode> all() {
        add("message_start").set("message", reply.begun());
        for (int i = 0; i < reply.content().size(); i++) {
            block(i, reply.content().get(i));
        }
        ObjectNode end = add("message_delta");
        end.set("delta", reply.end());
        end.set("usage", reply.endUsage());
        add("message_stop");
        return events;
    }

    private void block(int index, ObjectNode block) {
        String type = block.path("type").asText();
        ObjectNode opened = block.deepCopy();
        switch (type) {
            case "thinking" -> opened.put("thinking", "").put("signature", "");
            case "tool_use" -> opened.putObject("input");
            default -> opened.put("text", "");
        }
        add("content_block_start").put("index", index).set("content_block", opened);
        if (index == 0) {
            add("ping");
        }
        switch (type) {
            case "thinking" -> {
                Tokens.split(block.path("thinking").asText())
                        .forEach(piece -> delta(index, "thinking_delta", "thinking", piece));
                delta(
                        index,
                        "signature_delta",
                        "signature",
                        block.path("signature").asText());
            }
            case "tool_use" -> input(index, Wire.text(block.path("input")));
            default ->
                Tokens.split(block.path("text").asText()).forEach(piece -> delta(index, "text_delta", "text", piece));
        }
        add("content_block_stop").put("index", index);
    }

    /** The first piece is empty, as in most recordings. */
    private void input(int index, String json) {
        delta(index, "input_json_delta", "partial_json", "");
        for (int from = 0; from < json.length(); from += PIECE) {
            delta(
                    index,
                    "input_json_delta",
                    "partial_json",
                    json.substring(from, Math.min(json.length(), from + PIECE)));
        }
    }

    private void delta(int index, String type, String member, String piece) {
        add("content_block_delta")
                .put("index", index)
                .putObject("delta")
                .put("type", type)
                .put(member, piece);
    }

    private ObjectNode add(String type) {
        ObjectNode event = Wire.object().put("type", type);
        events.add(event);
        return event;
    }
}
