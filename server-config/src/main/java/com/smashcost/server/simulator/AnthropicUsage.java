package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The input tokens of a message by where they come from; the buckets are disjoint. Nothing is really cached: what ends at
 * the first of several {@code cache_control} marks, or before the last message, counts as read, the rest up to the last
 * mark as written. There is no least size, so that small requests show both.
 *
 * @param written5m into the cache for five minutes
 * @param written1h for an hour
 */
record AnthropicUsage(int plain, int read, int written5m, int written1h) {

    private static final int MESSAGE_OVERHEAD = 4;
    private static final int LEFT_BY_AUTOMATIC_CACHING = 3;

    /** The end of a prefix that is to be cached. */
    private record Mark(int position, boolean hour) {}

    int total() {
        return plain + read + written5m + written1h;
    }

    ObjectNode json() {
        ObjectNode json = counts();
        json.putObject("cache_creation")
                .put("ephemeral_5m_input_tokens", written5m)
                .put("ephemeral_1h_input_tokens", written1h);
        return json;
    }

    /** As the last event of a stream repeats them. */
    ObjectNode counts() {
        return Wire.object()
                .put("input_tokens", plain)
                .put("cache_creation_input_tokens", written5m + written1h)
                .put("cache_read_input_tokens", read);
    }

    static AnthropicUsage of(JsonNode request) {
        List<Mark> marks = new ArrayList<>();
        int position = LEFT_BY_AUTOMATIC_CACHING;
        for (JsonNode tool : request.path("tools")) {
            position += Tokens.json(tool);
            mark(marks, tool, position);
        }
        position = blocks(marks, request.path("system"), position);
        int beforeLast = position;
        for (JsonNode message : request.path("messages")) {
            beforeLast = position;
            position = blocks(marks, message.path("content"), position + MESSAGE_OVERHEAD);
        }
        mark(marks, request, position - LEFT_BY_AUTOMATIC_CACHING);
        return split(marks, beforeLast, position, request.path("messages").size() == 1);
    }

    private static int blocks(List<Mark> marks, JsonNode content, int from) {
        if (content.isTextual()) {
            return from + Tokens.content(content);
        }
        int position = from;
        for (JsonNode block : content) {
            position += Tokens.content(Wire.array().add(block));
            mark(marks, block, position);
        }
        return position;
    }

    private static void mark(List<Mark> marks, JsonNode place, int position) {
        JsonNode control = place.path("cache_control");
        if (control.isObject()) {
            marks.add(new Mark(position, control.path("ttl").asText().equals("1h")));
        }
    }

    private static AnthropicUsage split(List<Mark> marks, int beforeLast, int total, boolean opening) {
        if (marks.isEmpty()) {
            return new AnthropicUsage(total, 0, 0, 0);
        }
        int read = marks.getFirst().position();
        if (marks.size() == 1) {
            read = opening ? 0 : Math.min(read, beforeLast);
        }
        int position = read;
        int[] written = new int[2];
        for (Mark mark : marks) {
            written[mark.hour() ? 1 : 0] += Math.max(0, mark.position() - position);
            position = Math.max(position, mark.position());
        }
        return new AnthropicUsage(total - position, read, written[0], written[1]);
    }
}
