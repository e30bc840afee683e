package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One response of the Responses interface: the object, and the items that it says. */
final class ResponsesReply {

    private static final int ID = 48;

    private final JsonNode request;
    private final String model;
    private final Completion completion;
    private final String id = id("resp_");
    private final long created = Instant.now().getEpochSecond();
    private final List<ObjectNode> items;

    ResponsesReply(JsonNode request, String model, Completion completion) {
        this.request = request;
        this.model = model;
        this.completion = completion;
        this.items = items();
    }

    Completion completion() {
        return completion;
    }

    /** The finished output. */
    List<ObjectNode> output() {
        return items;
    }

    ObjectNode whole() {
        ObjectNode whole = head(isCut() ? "incomplete" : "completed");
        if (isCut()) {
            whole.putObject("incomplete_details").put("reason", "max_output_tokens");
        } else {
            whole.put("completed_at", Instant.now().getEpochSecond());
        }
        ArrayNode output = whole.putArray("output");
        items.forEach(output::add);
        whole.put("service_tier", OpenAiFlavour.OPENAI.serviceTier()).set("usage", usage());
        return whole;
    }

    /** As it looks before anything was said. */
    ObjectNode begun() {
        return head("in_progress").put("service_tier", "auto");
    }

    boolean isCut() {
        return completion.choice().finish() == Completion.Finish.LENGTH;
    }

    /** All members in the order of the recordings, none left out. */
    private ObjectNode head(String status) {
        ObjectNode head = Wire.object()
                .put("id", id)
                .put("object", "response")
                .put("created_at", created)
                .put("status", status)
                .put("background", request.path("background").asBoolean())
                .putNull("completed_at")
                .putNull("error")
                .put("frequency_penalty", 0.0)
                .putNull("incomplete_details");
        echo(head, "instructions", "max_output_tokens", "max_tool_calls");
        head.put("model", model).putNull("moderation").putArray("output");
        head.put("parallel_tool_calls", request.path("parallel_tool_calls").asBoolean(true))
                .put("presence_penalty", 0.0);
        echo(head, "previous_response_id", "prompt_cache_key");
        head.put(
                "prompt_cache_retention", request.path("prompt_cache_retention").asText("in_memory"));
        ObjectNode reasoning = head.putObject("reasoning");
        reasoning.set("effort", effort());
        reasoning.set("summary", Wire.orNull(request.path("reasoning").path("summary")));
        echo(head, "safety_identifier");
        head.put("service_tier", "auto")
                .put("store", request.path("store").asBoolean(true))
                .put("temperature", request.path("temperature").asDouble(1));
        ObjectNode text = head.putObject("text");
        if (request.path("text").has("format")) {
            text.set("format", request.path("text").path("format"));
        } else {
            text.putObject("format").put("type", "text");
        }
        text.put("verbosity", request.path("text").path("verbosity").asText("medium"));
        if (request.has("tool_choice")) {
            head.set("tool_choice", request.path("tool_choice"));
        } else {
            head.put("tool_choice", "auto");
        }
        ArrayNode tools = head.putArray("tools");
        request.path("tools").forEach(tools::add);
        head.put("top_logprobs", request.path("top_logprobs").asInt())
                .put("top_p", request.path("top_p").asDouble(1))
                .put("truncation", request.path("truncation").asText("disabled"))
                .putNull("usage");
        echo(head, "user");
        head.set("metadata", request.has("metadata") ? request.path("metadata") : Wire.object());
        return head;
    }

    private JsonNode effort() {
        JsonNode effort = request.path("reasoning").path("effort");
        boolean byDefault = effort.isMissingNode() && OpenAiFlavour.OPENAI.reasons(model);
        return byDefault ? Wire.object().put("effort", "medium").path("effort") : Wire.orNull(effort);
    }

    private void echo(ObjectNode head, String... members) {
        for (String member : members) {
            head.set(member, Wire.orNull(request.path(member)));
        }
    }

    private List<ObjectNode> items() {
        List<ObjectNode> all = new ArrayList<>();
        Completion.Choice choice = completion.choice();
        if (!completion.reasoning().isEmpty()) {
            all.add(reasoning());
        }
        for (Completion.ToolCall call : choice.toolCalls()) {
            all.add(Wire.object()
                    .put("id", id("fc_"))
                    .put("type", "function_call")
                    .put("status", "completed")
                    .put("arguments", call.argumentsText())
                    .put("call_id", OpenAiFlavour.OPENAI.toolCallId(call.function(), all.size()))
                    .put("name", call.function()));
        }
        if (!choice.pieces().isEmpty()) {
            all.add(message(choice));
        }
        return List.copyOf(all);
    }

    private ObjectNode reasoning() {
        ObjectNode item = Wire.object().put("id", id("rs_")).put("type", "reasoning");
        for (JsonNode wanted : request.path("include")) {
            if (wanted.asText().equals("reasoning.encrypted_content")) {
                item.put("encrypted_content", Seal.of(item.path("id").asText()));
            }
        }
        ArrayNode summary = item.putArray("summary");
        if (request.path("reasoning").path("summary").isTextual()) {
            summary.addObject().put("type", "summary_text").put("text", completion.reasoning());
        }
        return item;
    }

    private ObjectNode message(Completion.Choice choice) {
        ObjectNode item = Wire.object()
                .put("id", id("msg_"))
                .put("type", "message")
                .put("status", isCut() ? "incomplete" : "completed");
        item.putArray("content").add(textPart(choice.text()));
        return item.put("role", "assistant");
    }

    static ObjectNode textPart(String text) {
        ObjectNode part = Wire.object().put("type", "output_text");
        part.putArray("annotations");
        part.putArray("logprobs");
        return part.put("text", text);
    }

    private ObjectNode usage() {
        int input = completion.promptTokens();
        int output = completion.completionTokens();
        ObjectNode usage = Wire.object().put("input_tokens", input);
        usage.putObject("input_tokens_details")
                .put("cached_tokens", completion.cachedTokens())
                .put("cache_write_tokens", 0);
        usage.put("output_tokens", output)
                .putObject("output_tokens_details")
                .put("reasoning_tokens", completion.reasoningTokens());
        return usage.put("total_tokens", input + output);
    }

    private static String id(String prefix) {
        return prefix + "0" + Wire.random(ID).toLowerCase(Locale.ROOT);
    }
}
