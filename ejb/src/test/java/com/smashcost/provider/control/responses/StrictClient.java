package com.smashcost.provider.control.responses;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A client that checks every event of a stream against all that went before it, as the strictest SDKs do. */
final class StrictClient {

    private final List<JsonObject> items = new ArrayList<>();
    private final List<JsonObject> parts = new ArrayList<>();
    private final StringBuilder streamed = new StringBuilder();
    private @Nullable JsonObject item;
    private @Nullable JsonObject part;
    private @Nullable JsonObject last;
    private int events;

    private StrictClient() {}

    /** Takes a whole stream, and returns the response of its last event. */
    static JsonObject take(byte[] stream, boolean bySchema) {
        StrictClient client = new StrictClient();
        String text = new String(stream, StandardCharsets.UTF_8);
        assertThat(text).endsWith("\n\n").doesNotContain("\r", "[DONE]");
        for (String event : text.split("\n\n", -1)) {
            if (event.isEmpty() || event.startsWith(":")) {
                continue;
            }
            List<String> lines = event.lines().toList();
            assertThat(lines).hasSize(2);
            assertThat(lines.get(1)).startsWith("data: ");
            byte[] data = lines.get(1).substring("data: ".length()).getBytes(StandardCharsets.UTF_8);
            JsonObject json = ResponsesWire.json(data);
            assertThat(lines.get(0)).isEqualTo("event: " + json.getString("type"));
            if (bySchema) {
                String type = json.getString("type");
                assertThat(Schemas.OPENAI.errors(Schemas.OPENAI.ofEvent(type), data))
                        .as(lines.get(1))
                        .isEmpty();
                assertThat(Schemas.OPEN.errors(Schemas.OPEN.ofEvent(type), data))
                        .as(lines.get(1))
                        .isEmpty();
            }
            client.take(json);
        }
        return Objects.requireNonNull(client.last, "the stream has an end");
    }

    private void take(JsonObject event) {
        assertThat(last).as("nothing follows the end").isNull();
        assertThat(event.getInt("sequence_number")).isEqualTo(events);
        String type = event.getString("type");
        if (events < 2) {
            assertThat(type).isEqualTo(events == 0 ? "response.created" : "response.in_progress");
            assertThat(event.getJsonObject("response").getString("status")).isEqualTo("in_progress");
            assertThat(event.getJsonObject("response").getJsonArray("output")).isEmpty();
        }
        events++;
        switch (type) {
            case "response.created", "response.in_progress" ->
                assertThat(events).isLessThanOrEqualTo(2);
            case "response.output_item.added" -> {
                assertThat(item).as("one item at a time").isNull();
                assertThat(event.getInt("output_index")).isEqualTo(items.size());
                item = event.getJsonObject("item");
                streamed.setLength(0);
                parts.clear();
            }
            case "response.output_item.done" -> itemDone(event);
            case "response.content_part.added", "response.reasoning_summary_part.added" -> {
                assertPlace(event);
                assertThat(part).as("one part at a time").isNull();
                assertThat(index(event)).isEqualTo(parts.size());
                part = event.getJsonObject("part");
                streamed.setLength(0);
            }
            case "response.content_part.done", "response.reasoning_summary_part.done" -> {
                assertPart(event);
                part = null;
                JsonObject done = event.getJsonObject("part");
                assertThat(done.getString("text", done.getString("refusal", null)))
                        .isEqualTo(streamed.toString());
                parts.add(done);
            }
            case "response.output_text.delta", "response.refusal.delta", "response.reasoning_summary_text.delta" -> {
                assertPart(event);
                streamed.append(event.getString("delta"));
            }
            case "response.output_text.done", "response.refusal.done", "response.reasoning_summary_text.done" -> {
                assertPart(event);
                assertThat(event.getString("text", event.getString("refusal", null)))
                        .isEqualTo(streamed.toString());
            }
            case "response.output_text.annotation.added" -> assertPart(event);
            case "response.function_call_arguments.delta" -> {
                assertPlace(event);
                streamed.append(event.getString("delta"));
            }
            case "response.function_call_arguments.done" -> {
                assertPlace(event);
                assertThat(event.getString("arguments")).isEqualTo(streamed.toString());
            }
            case "response.completed", "response.incomplete" -> {
                assertThat(item).as("all items are closed").isNull();
                last = event.getJsonObject("response");
                assertThat(last.getString("status")).isEqualTo(type.substring("response.".length()));
                assertThat(last.getJsonArray("output").getValuesAs(JsonObject.class))
                        .isEqualTo(items);
            }
            case "response.failed" -> last = event.getJsonObject("response");
            case "error" ->
                assertThat(event.getJsonObject("error").getString("message")).isNotNull();
            default -> throw new AssertionError("unknown event " + type);
        }
    }

    private void itemDone(JsonObject event) {
        JsonObject item = Objects.requireNonNull(this.item, "an item is open");
        assertThat(part).as("all parts are closed").isNull();
        assertThat(event.getInt("output_index")).isEqualTo(items.size());
        JsonObject done = event.getJsonObject("item");
        assertThat(done.getString("type")).isEqualTo(item.getString("type"));
        assertThat(done.getString("id")).isEqualTo(item.getString("id"));
        switch (done.getString("type")) {
            case "message" -> assertThat(Meaning.objects(done, "content")).isEqualTo(parts);
            case "reasoning" -> assertThat(Meaning.objects(done, "summary")).isEqualTo(parts);
            case "function_call" -> {
                assertThat(done.getString("arguments")).isEqualTo(streamed.toString());
                assertThat(done.getString("call_id")).isEqualTo(item.getString("call_id"));
            }
            default -> assertThat(done).isEqualTo(item);
        }
        items.add(done);
        this.item = null;
    }

    private void assertPlace(JsonObject event) {
        JsonObject item = Objects.requireNonNull(this.item, "an item is open");
        assertThat(event.getString("item_id")).isEqualTo(item.getString("id"));
        assertThat(event.getInt("output_index")).isEqualTo(items.size());
    }

    private void assertPart(JsonObject event) {
        assertPlace(event);
        assertThat(part).isNotNull();
        assertThat(index(event)).isEqualTo(parts.size());
    }

    private static int index(JsonObject event) {
        return event.containsKey("summary_index") ? event.getInt("summary_index") : event.getInt("content_index");
    }
}
