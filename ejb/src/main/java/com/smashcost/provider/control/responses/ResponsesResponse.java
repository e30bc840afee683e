package com.smashcost.provider.control.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.UpstreamFailure;
import com.smashcost.provider.control.conversation.AnswerFrame;
import com.smashcost.provider.control.conversation.Completion;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.control.conversation.Stop;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whole answers of the dialect: a response object with its output items. */
public final class ResponsesResponse {

    private ResponsesResponse() {}

    /**
     * Reads a provider's answer.
     *
     * @throws UpstreamFailure if it is none of the dialect, or one that the provider did not complete
     */
    public static Completion read(byte[] body) throws UpstreamFailure {
        ObjectNode response = Json.readObject(body).orElse(null);
        if (response == null || !response.path("output").isArray() || !isOver(response)) {
            throw new UpstreamFailure(UpstreamFailure.Kind.upstream_invalid_response);
        }
        List<Part> parts = parts(response.path("output"));
        return new Completion(
                ResponsesItems.text(response, "id"),
                ResponsesItems.text(response, "model"),
                List.of(new Completion.Candidate(
                        0, parts, stop(response, parts), null, logprobs(response.path("output")))),
                ResponsesReport.of(response));
    }

    /** What a provider says of its own work in an answer that passes unchanged; empty if this is no JSON object. */
    public static Optional<Report> report(byte[] text, int offset, int length) {
        return ResponsesReport.read(text, offset, length);
    }

    /** Writes an answer for a client. The dialect knows one answer only: the first. */
    public static byte[] write(Completion completion, AnswerFrame frame) {
        Completion.Candidate candidate = completion.candidates().getFirst();
        ResponsesEnvelope envelope = new ResponsesEnvelope(frame, completion.model(), completion.report());
        ArrayNode output = output(candidate, frame);
        return Json.bytes(envelope.over(
                output, incompleteReason(candidate.stop(), hasRefusal(candidate.parts())), frame.createdSeconds()));
    }

    /** Why an answer is incomplete, in the dialect's words; null if it is not. */
    static @Nullable String incompleteReason(Stop stop, boolean refused) {
        return switch (stop) {
            case LENGTH, CONTEXT_WINDOW -> "max_output_tokens";
            case CONTENT_FILTER -> "content_filter";
            case REFUSAL -> refused ? null : "content_filter";
            case END, STOP_SEQUENCE, TOOL_CALLS, PAUSE -> null;
        };
    }

    /** Why the provider ended this answer. */
    static Stop stop(JsonNode response, boolean refused, boolean callsTools) {
        JsonNode reason = response.path("incomplete_details").path("reason");
        if ("incomplete".equals(ResponsesItems.text(response, "status")) || reason.isTextual()) {
            return "content_filter".equals(reason.asText()) ? Stop.CONTENT_FILTER : Stop.LENGTH;
        }
        if (callsTools) {
            return Stop.TOOL_CALLS;
        }
        return refused ? Stop.REFUSAL : Stop.END;
    }

    private static Stop stop(JsonNode response, List<Part> parts) {
        return stop(response, hasRefusal(parts), parts.stream().anyMatch(Part.ToolCall.class::isInstance));
    }

    private static boolean hasRefusal(List<Part> parts) {
        return parts.stream().anyMatch(Part.Refusal.class::isInstance);
    }

    private static boolean isOver(ObjectNode response) {
        if (response.path("error").isObject()) {
            return false;
        }
        String status = ResponsesItems.text(response, "status");
        return status == null || status.equals("completed") || status.equals("incomplete");
    }

    /** What the items of an output hold. */
    static List<Part> parts(JsonNode output) {
        List<Part> parts = new ArrayList<>();
        for (JsonNode item : output) {
            switch (ResponsesItems.textOrEmpty(item, "type")) {
                case "message" -> {
                    for (JsonNode part : item.path("content")) {
                        switch (ResponsesItems.textOrEmpty(part, "type")) {
                            case "output_text", "text" -> parts.add(ResponsesItems.outputText(part));
                            case "refusal" -> parts.add(new Part.Refusal(ResponsesItems.textOrEmpty(part, "refusal")));
                            default -> {}
                        }
                    }
                }
                case "reasoning" -> {
                    Part.Reasoning reasoning = ResponsesItems.reasoning(item);
                    if (reasoning.seal() != null || !reasoning.text().isEmpty()) {
                        parts.add(reasoning);
                    }
                }
                case "function_call" ->
                    parts.add(new Part.ToolCall(
                            ResponsesItems.textOrEmpty(item, "call_id"),
                            ResponsesItems.textOrEmpty(item, "name"),
                            ResponsesItems.textOrEmpty(item, "arguments"),
                            null,
                            null));
                default -> parts.add(new Part.Opaque(Dialect.OPENAI_RESPONSES, item, null));
            }
        }
        return parts;
    }

    private static @Nullable JsonNode logprobs(JsonNode output) {
        ArrayNode all = Json.array();
        for (JsonNode item : output) {
            for (JsonNode part : item.path("content")) {
                part.path("logprobs").forEach(all::add);
            }
        }
        return ResponsesItems.chatLogprobs(all);
    }

    private static ArrayNode output(Completion.Candidate candidate, AnswerFrame frame) {
        ArrayNode output = Json.array();
        boolean cut = incompleteReason(candidate.stop(), hasRefusal(candidate.parts())) != null;
        ArrayNode content = Json.array();
        boolean speaks = false;
        ObjectNode text = null;
        ArrayNode logprobs = candidate.logprobs() == null ? null : ResponsesItems.logprobs(candidate.logprobs());
        for (Part part : candidate.parts()) {
            boolean isSaid = part instanceof Part.Text || part instanceof Part.Refusal;
            if (isSaid && !speaks) {
                ObjectNode message = ResponsesEnvelope.message(frame, output.size());
                output.add(message);
                content = message.withArray("/content");
                text = null;
            }
            speaks = isSaid;
            switch (part) {
                case Part.Text more -> {
                    if (text == null) {
                        text = ResponsesEnvelope.outputText("");
                        content.add(text);
                        if (logprobs != null) {
                            text.set("logprobs", logprobs); // the chat dialect does not say of which part they are
                            logprobs = null;
                        }
                    }
                    append(more, text);
                }
                case Part.Refusal refusal -> {
                    text = null;
                    content.addObject().put("type", "refusal").put("refusal", refusal.text());
                }
                case Part.Reasoning reasoning ->
                    ResponsesEnvelope.reasoning(frame, output.size(), reasoning).ifPresent(output::add);
                case Part.ToolCall call -> output.add(ResponsesEnvelope.call(frame, output.size(), call));
                case Part.Opaque opaque -> {
                    if (opaque.dialect() == Dialect.OPENAI_RESPONSES) {
                        output.add(opaque.json());
                    }
                }
                case Part.Image image -> {
                    if (image.source() instanceof Part.Source.Base64 base64) {
                        output.addObject()
                                .put("type", "image_generation_call")
                                .put("id", ResponsesEnvelope.id("ig_", frame, output.size() - 1))
                                .put("status", "completed")
                                .put("result", base64.data());
                    }
                }
                case Part.Document document -> {} // no model makes one
                case Part.Audio audio -> {} // the dialect has no sound
                case Part.ToolResult result -> {} // nor does a model answer its own calls
            }
        }
        if (cut && !candidate.parts().isEmpty() && !(candidate.parts().getLast() instanceof Part.Opaque)) {
            if (output.path(output.size() - 1) instanceof ObjectNode last && last.has("status")) {
                last.put("status", "incomplete");
            }
        }
        return output;
    }

    /** Text that comes in pieces with citations of their own becomes one text. */
    private static void append(Part.Text more, ObjectNode text) {
        String before = ResponsesItems.textOrEmpty(text, "text");
        text.put("text", before + more.text());
        for (Part.Citation citation : more.citations()) {
            ResponsesItems.annotation(
                            citation,
                            before.length(),
                            before.length(),
                            before.length() + more.text().length())
                    .ifPresent(text.withArray("/annotations")::add);
        }
    }
}
