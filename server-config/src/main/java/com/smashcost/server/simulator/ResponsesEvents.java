package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** The events of a streamed response: numbered from 0, each item opened, told and closed, the whole at the end. */
final class ResponsesEvents {

    private static final int PIECE = 6;

    private final ResponsesReply reply;
    private final boolean obfuscation;
    private final List<ObjectNode> events = new ArrayList<>();

    ResponsesEvents(ResponsesReply reply, boolean obfuscation) {
        this.reply = reply;
        this.obfuscation = obfuscation;
    }

    List<ObjectNode> all() {
        add("response.created").set("response", reply.begun());
        add("response.in_progress").set("response", reply.begun());
        for (int i = 0; i < reply.output().size(); i++) {
            ObjectNode item = reply.output().get(i);
            item(i, item);
        }
        add(reply.isCut() ? "response.incomplete" : "response.completed").set("response", reply.whole());
        for (int i = 0; i < events.size(); i++) {
            events.get(i).put("sequence_number", i);
        }
        return events;
    }

    private void item(int index, ObjectNode item) {
        ObjectNode opened = item.deepCopy();
        switch (item.path("type").asText()) {
            case "reasoning" -> opened.putArray("summary");
            case "function_call" -> opened.put("status", "in_progress").put("arguments", "");
            default -> opened.put("status", "in_progress").putArray("content");
        }
        add("response.output_item.added", index).set("item", opened);
        switch (item.path("type").asText()) {
            case "reasoning" -> summary(index, item);
            case "function_call" -> arguments(index, item);
            default -> text(index, item);
        }
        add("response.output_item.done", index).set("item", item);
    }

    private void summary(int index, ObjectNode item) {
        for (JsonNode part : item.path("summary")) {
            JsonNode empty = ((ObjectNode) part).deepCopy().put("text", "");
            summaryEvent("response.reasoning_summary_part.added", index, item).set("part", empty);
            for (String piece : Tokens.split(part.path("text").asText())) {
                delta(summaryEvent("response.reasoning_summary_text.delta", index, item), piece);
            }
            summaryEvent("response.reasoning_summary_text.done", index, item).set("text", part.path("text"));
            summaryEvent("response.reasoning_summary_part.done", index, item).set("part", part);
        }
    }

    private ObjectNode summaryEvent(String type, int index, ObjectNode item) {
        return of(type, index, item).put("summary_index", 0);
    }

    private void arguments(int index, ObjectNode item) {
        String arguments = item.path("arguments").asText();
        for (int from = 0; from < arguments.length(); from += PIECE) {
            delta(
                    of("response.function_call_arguments.delta", index, item),
                    arguments.substring(from, Math.min(arguments.length(), from + PIECE)));
        }
        of("response.function_call_arguments.done", index, item).put("arguments", arguments);
    }

    private void text(int index, ObjectNode item) {
        textEvent("response.content_part.added", index, item).set("part", ResponsesReply.textPart(""));
        for (String piece : reply.completion().choice().pieces()) {
            delta(textEvent("response.output_text.delta", index, item), piece).putArray("logprobs");
        }
        JsonNode part = item.path("content").path(0);
        ObjectNode done = textEvent("response.output_text.done", index, item);
        done.set("text", part.path("text"));
        done.putArray("logprobs");
        textEvent("response.content_part.done", index, item).set("part", part);
    }

    private ObjectNode textEvent(String type, int index, ObjectNode item) {
        return of(type, index, item).put("content_index", 0);
    }

    private ObjectNode delta(ObjectNode event, String piece) {
        event.put("delta", piece);
        if (obfuscation) {
            long seed = reply.completion().seed() + events.size();
            event.put("obfuscation", Wire.padding(seed, (int) (seed % 16)));
        }
        return event;
    }

    private ObjectNode of(String type, int index, ObjectNode item) {
        return add(type, index).put("item_id", item.path("id").asText());
    }

    private ObjectNode add(String type, int index) {
        return add(type).put("output_index", index);
    }

    private ObjectNode add(String type) {
        ObjectNode event = Wire.object().put("type", type);
        events.add(event);
        return event;
    }
}
