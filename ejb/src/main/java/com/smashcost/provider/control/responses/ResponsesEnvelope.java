package com.smashcost.provider.control.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.conversation.AnswerFrame;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.control.conversation.Seal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The response object around an output: it repeats what was asked for, and every member that strict clients look for is there.
 *
 * @param model the provider's name of the model that answers; null if it gave none
 */
record ResponsesEnvelope(AnswerFrame frame, @Nullable String model, Report report) {

    /** An answer that has just begun. */
    ObjectNode begun() {
        return response("in_progress", Json.array(), null, null, null);
    }

    /**
     * An answer that is over.
     *
     * @param incomplete why it is not complete; null if it is
     */
    ObjectNode over(ArrayNode output, @Nullable String incomplete, long seconds) {
        return response(
                incomplete == null ? "completed" : "incomplete",
                output,
                incomplete,
                null,
                incomplete == null ? (Long) seconds : null);
    }

    /** An answer that failed. */
    ObjectNode failed(ArrayNode output, ObjectNode error) {
        return response("failed", output, null, error, null);
    }

    private ObjectNode response(
            String status,
            ArrayNode output,
            @Nullable String incomplete,
            @Nullable ObjectNode error,
            @Nullable Long completedSeconds) {
        ObjectNode asked = frame.request().source();
        ObjectNode json = Json.object();
        json.put("id", "resp_" + bare(frame));
        json.put("object", "response");
        json.put("created_at", frame.createdSeconds());
        json.put("status", status);
        json.put("background", false);
        json.put("completed_at", completedSeconds);
        json.set("error", error == null ? json.nullNode() : error);
        json.set("frequency_penalty", number(asked, "frequency_penalty", 0));
        if (incomplete == null) {
            json.putNull("incomplete_details");
        } else {
            json.putObject("incomplete_details").put("reason", incomplete);
        }
        json.set("instructions", textual(asked, "instructions"));
        json.set("max_output_tokens", numberOrNull(asked, "max_output_tokens"));
        json.set("max_tool_calls", numberOrNull(asked, "max_tool_calls"));
        json.put("model", model == null ? frame.model() : model);
        json.set("output", output);
        json.put("parallel_tool_calls", asked.path("parallel_tool_calls").asBoolean(true));
        json.set("presence_penalty", number(asked, "presence_penalty", 0));
        json.putNull("previous_response_id");
        json.set("prompt_cache_key", textual(asked, "prompt_cache_key"));
        ObjectNode reasoning = json.putObject("reasoning");
        reasoning.set("effort", textual(asked.path("reasoning"), "effort"));
        reasoning.set("summary", textual(asked.path("reasoning"), "summary"));
        json.set("safety_identifier", textual(asked, "safety_identifier"));
        json.put("service_tier", tier(report.serviceTier()));
        json.put("store", false);
        json.set("temperature", number(asked, "temperature", 1));
        json.set("text", text(asked.path("text")));
        json.set("tool_choice", asked.hasNonNull("tool_choice") ? asked.get("tool_choice") : json.textNode("auto"));
        json.set("tools", tools(asked.path("tools")));
        json.set("top_logprobs", number(asked, "top_logprobs", 0));
        json.set("top_p", number(asked, "top_p", 1));
        json.put("truncation", asked.path("truncation").asText("disabled").equals("auto") ? "auto" : "disabled");
        ObjectNode usage = ResponsesReport.usage(report.usage());
        json.set("usage", usage == null ? json.nullNode() : usage);
        if (asked.path("user").isTextual()) {
            json.set("user", asked.get("user"));
        }
        json.set("metadata", asked.path("metadata").isObject() ? asked.get("metadata") : Json.object());
        return json;
    }

    /** The id of the item at this place of the output. */
    static String id(String prefix, AnswerFrame frame, int place) {
        return prefix + bare(frame) + "_" + place;
    }

    private static String bare(AnswerFrame frame) {
        return frame.id().replace("-", "");
    }

    /** A message without content. */
    static ObjectNode message(AnswerFrame frame, int place) {
        ObjectNode item = Json.object();
        item.put("id", id("msg_", frame, place));
        item.put("type", "message");
        item.put("status", "completed");
        item.putArray("content");
        item.put("role", "assistant");
        return item;
    }

    /** A part of a message with this text, without annotations. */
    static ObjectNode outputText(String text) {
        ObjectNode part = Json.object();
        part.put("type", "output_text");
        part.putArray("annotations");
        part.putArray("logprobs");
        part.put("text", text);
        return part;
    }

    /** A call of a function, whose id carries what its provider wants back. */
    static ObjectNode call(AnswerFrame frame, int place, Part.ToolCall call) {
        ObjectNode item = Json.object();
        item.put("id", id("fc_", frame, place));
        item.put("type", "function_call");
        item.put("status", "completed");
        item.put("arguments", call.arguments().isEmpty() ? "{}" : call.arguments());
        item.put("call_id", Seal.join(call.id(), call.seal()));
        item.put("name", call.name());
        return item;
    }

    /** The item of a thought: the provider's own if it is of this dialect; empty if there is nothing to tell. */
    static Optional<ObjectNode> reasoning(AnswerFrame frame, int place, Part.Reasoning reasoning) {
        Optional<ObjectNode> own = ResponsesItems.sealedItem(reasoning);
        if (own.isPresent() && own.get().has("id")) {
            return own;
        }
        if (reasoning.seal() == null && reasoning.text().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(thought(frame, place, reasoning.text(), reasoning.seal()));
    }

    /** A reasoning item of ours. */
    static ObjectNode thought(AnswerFrame frame, int place, String text, @Nullable Seal seal) {
        ObjectNode item = Json.object();
        item.put("id", id("rs_", frame, place));
        item.put("type", "reasoning");
        item.set("summary", ResponsesItems.summary(text));
        if (seal != null) {
            item.put("encrypted_content", seal.text());
        }
        return item;
    }

    private static ObjectNode text(JsonNode asked) {
        ObjectNode text = Json.object();
        ObjectNode format = text.putObject("format");
        JsonNode wanted = asked.path("format");
        if (wanted.path("type").asText().equals("json_schema")) {
            format.put("type", "json_schema");
            format.set("description", textual(wanted, "description"));
            format.put("name", wanted.path("name").asText("response"));
            format.set("schema", wanted.path("schema"));
            format.put("strict", wanted.path("strict").asBoolean());
        } else {
            format.put("type", wanted.path("type").asText("text"));
        }
        text.put("verbosity", asked.path("verbosity").asText("medium"));
        return text;
    }

    private static ArrayNode tools(JsonNode asked) {
        ArrayNode tools = Json.array();
        for (JsonNode tool : asked) {
            if (!tool.path("type").asText().equals("function") || !(tool instanceof ObjectNode function)) {
                tools.add(tool);
                continue;
            }
            ObjectNode full = tools.addObject();
            full.put("type", "function");
            full.set("description", textual(function, "description"));
            full.set("name", textual(function, "name"));
            full.set(
                    "parameters",
                    function.path("parameters").isObject() ? function.get("parameters") : full.nullNode());
            full.set("strict", function.path("strict").isBoolean() ? function.get("strict") : full.nullNode());
            function.properties().forEach(member -> full.putIfAbsent(member.getKey(), member.getValue()));
        }
        return tools;
    }

    private static String tier(@Nullable String tier) {
        if (tier == null) {
            return "default";
        }
        return switch (tier) {
            case "standard", "batch", "us" -> "default";
            case "fast_us" -> "fast";
            default -> tier;
        };
    }

    private static JsonNode textual(JsonNode asked, String name) {
        JsonNode value = asked.path(name);
        return value.isTextual() ? value : Json.object().nullNode();
    }

    private static JsonNode number(JsonNode asked, String name, int otherwise) {
        JsonNode value = asked.path(name);
        return value.isNumber() ? value : Json.object().numberNode(otherwise);
    }

    private static JsonNode numberOrNull(JsonNode asked, String name) {
        JsonNode value = asked.path(name);
        return value.isNumber() ? value : Json.object().nullNode();
    }
}
