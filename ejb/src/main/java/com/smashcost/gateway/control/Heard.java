package com.smashcost.gateway.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.metering.control.Estimate;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.SseEvent;
import com.smashcost.provider.control.SseFrames;
import com.smashcost.provider.entity.Usage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Set;

/**
 * What was heard of an answer, kept in memory while the answer lasts: from it the usage is estimated that a provider did not get
 * to report. Keeps a part of what is long.
 */
final class Heard {

    private static final int MOST_KEPT = 256 * 1024;

    /** Members whose text the model wrote, in all dialects. */
    private static final Set<String> WRITTEN = Set.of(
            "content",
            "text",
            "delta",
            "arguments",
            "partial_json",
            "thinking",
            "reasoning",
            "reasoning_content",
            "refusal",
            "args",
            "input");

    private final byte[] request;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(0);
    private long length;

    /**
     * @param request the client's body
     */
    Heard(byte[] request) {
        this.request = request;
    }

    void add(byte[] bytes, int count) {
        length += count;
        int room = MOST_KEPT - kept.size();
        if (room > 0) {
            kept.write(bytes, 0, Math.min(room, count));
        }
    }

    /** The estimated usage of prompt and answer; unknown if nothing was heard, because then it may have cost nothing. */
    Usage estimate() {
        if (length == 0) {
            return Usage.UNKNOWN;
        }
        long prompt = prompt(request);
        long written = written();
        if (length > kept.size()) {
            written = written * length / Math.max(1, kept.size());
        }
        return new Usage(prompt, null, null, null, Math.min(written, Usage.MOST), null, null, null);
    }

    /** The estimated usage of an answer that came whole. */
    static Usage whole(byte[] request, byte[] answer) {
        Heard heard = new Heard(request);
        heard.add(answer, answer.length);
        return heard.estimate();
    }

    /** The estimated tokens of a request's prompt. */
    static long prompt(byte[] request) {
        long tokens = Json.read(request).map(Estimate::ofPrompt).orElseGet(() -> Estimate.ofBytes(request.length));
        return Math.min(tokens, Usage.MOST);
    }

    private long written() {
        StringBuilder text = new StringBuilder();
        byte[] bytes = kept.toByteArray();
        JsonNode whole = Json.read(bytes).orElse(null);
        if (whole != null) {
            gather(whole, false, text);
        } else {
            eachEvent(bytes, text);
        }
        return Estimate.ofText(text.toString());
    }

    private static void eachEvent(byte[] bytes, StringBuilder text) {
        try {
            SseFrames.Sink sink = new SseFrames.Sink() {
                @Override
                public boolean event(byte[] buffer, int from, int to) {
                    SseEvent.in(buffer, from, to)
                            .flatMap(event -> Json.read(event.data()))
                            .filter(Heard::isPiece)
                            .ifPresent(json -> gather(json, false, text));
                    return true;
                }

                @Override
                public void oversized(byte[] buffer, int from, int to) {}
            };
            SseFrames frames = new SseFrames();
            frames.accept(bytes, 0, bytes.length, sink);
            frames.close(sink);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Whether this event brings something new: some dialects repeat at the end what they said in pieces. */
    private static boolean isPiece(JsonNode event) {
        String type = event.path("type").asText();
        return type.isEmpty() || type.endsWith(".delta") || type.endsWith("_delta");
    }

    private static void gather(JsonNode node, boolean written, StringBuilder text) {
        if (node.isTextual()) {
            if (written) {
                text.append(node.asText());
            }
        } else if (node.isObject()) {
            node.properties().forEach(member -> gather(member.getValue(), WRITTEN.contains(member.getKey()), text));
        } else {
            node.forEach(element -> gather(element, written, text));
        }
    }
}
