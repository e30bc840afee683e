package com.smashcost.provider.control.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.UpstreamFailure;
import com.smashcost.provider.control.conversation.AnswerFrame;
import com.smashcost.provider.control.conversation.Completion;
import com.smashcost.provider.control.conversation.Completion.Candidate;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Part.CacheMark;
import com.smashcost.provider.control.conversation.Part.Citation;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.control.conversation.Seal;
import com.smashcost.provider.control.conversation.Stop;
import com.smashcost.provider.entity.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Whole answers of the OpenAI chat completions dialect. */
public final class OpenAiResponse {

    private OpenAiResponse() {}

    /** What an answer that passes unchanged says of its own use; empty if it is not one JSON object. */
    public static Optional<Report> report(byte[] text, int offset, int length) {
        return OpenAiUsage.read(text, offset, length).map(OpenAiUsage::report);
    }

    /**
     * Understands a provider's answer.
     *
     * @throws UpstreamFailure if it is none of the dialect
     */
    public static Completion read(byte[] body) throws UpstreamFailure {
        ObjectNode json = Json.readObject(body)
                .filter(answer -> answer.path("choices").isArray())
                .orElseThrow(() -> new UpstreamFailure(UpstreamFailure.Kind.upstream_invalid_response));
        List<Candidate> candidates = new ArrayList<>();
        for (JsonNode choice : json.path("choices")) {
            candidates.add(candidate(choice, candidates.size()));
        }
        if (candidates.isEmpty()) {
            throw new UpstreamFailure(UpstreamFailure.Kind.upstream_invalid_response);
        }
        return new Completion(
                text(json, "id"),
                text(json, "model"),
                candidates,
                report(body, 0, body.length).orElse(Report.NONE));
    }

    private static Candidate candidate(JsonNode choice, int place) {
        JsonNode message = choice.path("message"); // some answers that were filtered have none
        List<Part> parts = new ArrayList<>(reasoning(message));
        JsonNode content = message.path("content");
        List<Citation> citations = citations(message.path("annotations"));
        if (content.isTextual() && !content.asText().isEmpty()) {
            parts.add(new Part.Text(content.asText(), citations, null));
        }
        String refusal = text(message, "refusal");
        if (refusal != null && !refusal.isEmpty()) {
            parts.add(new Part.Refusal(refusal));
        }
        for (JsonNode call : message.path("tool_calls")) {
            parts.add(toolCall(call, null));
        }
        if (message.path("function_call").isObject()) { // the old form, which has no ids
            parts.add(toolCall(Json.object().set("function", message.get("function_call")), null));
        }
        Stop stop = stop(choice.path("finish_reason").asText());
        if (parts.stream().anyMatch(Part.ToolCall.class::isInstance)) {
            stop = stop.withToolCalls();
        } else if (stop == Stop.END && refusal != null && !refusal.isEmpty()) {
            stop = Stop.REFUSAL;
        }
        return new Candidate(
                choice.path("index").asInt(place),
                parts,
                stop,
                null,
                choice.path("logprobs").isObject() ? choice.get("logprobs") : null);
    }

    /** What a message tells of the model's thoughts, in the words of the several servers that speak this dialect. */
    static List<Part> reasoning(JsonNode message) {
        List<Part> parts = new ArrayList<>();
        for (JsonNode detail : message.path("reasoning_details")) {
            Seal seal = Seal.parse(textOr(detail, "signature", "data")).orElse(null);
            String text = textOr(detail, "text", "summary");
            if (seal != null || text != null) {
                parts.add(new Part.Reasoning(text == null ? "" : text, seal));
            }
        }
        String text = textOr(message, "reasoning_content", "reasoning");
        if (parts.isEmpty() && text != null && !text.isEmpty()) {
            parts.add(new Part.Reasoning(text, null));
        }
        return parts;
    }

    /** A tool call as it stands in a message. */
    static Part.ToolCall toolCall(JsonNode call, @Nullable CacheMark cache) {
        JsonNode function = call.has("custom") ? call.path("custom") : call.path("function");
        String id = text(call, "id");
        JsonNode arguments = call.has("custom") ? function.path("input") : function.path("arguments");
        Seal seal = id == null ? null : Seal.sealOf(id).orElse(null);
        String signature = text(call.path("extra_content").path("google"), "thought_signature");
        if (seal == null && signature != null) {
            seal = new Seal(Dialect.GEMINI, "thought", signature);
        }
        return new Part.ToolCall(
                id == null || id.isEmpty() ? newCallId() : Seal.idOf(id),
                function.path("name").asText(),
                arguments.isTextual() ? arguments.asText() : arguments.isObject() ? Json.text(arguments) : "",
                seal,
                cache);
    }

    static String newCallId() {
        return "call_" + UUID.randomUUID().toString().replace("-", "").substring(0, 24);
    }

    private static List<Citation> citations(JsonNode annotations) {
        List<Citation> citations = new ArrayList<>();
        for (JsonNode annotation : annotations) {
            JsonNode url = annotation.path("url_citation");
            if (url.isObject()) {
                citations.add(new Citation(
                        text(url, "url"),
                        text(url, "title"),
                        null,
                        url.path("start_index").isInt() ? url.get("start_index").asInt() : null,
                        url.path("end_index").isInt() ? url.get("end_index").asInt() : null,
                        null));
            }
        }
        return citations;
    }

    /** Why the model stopped, from the dialect's word for it. */
    static Stop stop(String reason) {
        return switch (reason) {
            case "length" -> Stop.LENGTH;
            case "tool_calls", "function_call" -> Stop.TOOL_CALLS;
            case "content_filter" -> Stop.CONTENT_FILTER;
            default -> Stop.END;
        };
    }

    /** The dialect's word for why the model stopped. */
    static String finishReason(Stop stop, boolean saysRefusal) {
        return switch (stop) {
            case END, STOP_SEQUENCE, PAUSE -> "stop";
            case LENGTH, CONTEXT_WINDOW -> "length";
            case TOOL_CALLS -> "tool_calls";
            case REFUSAL -> saysRefusal ? "stop" : "content_filter";
            case CONTENT_FILTER -> "content_filter";
        };
    }

    /** Tells a client of an answer. */
    public static byte[] write(Completion completion, AnswerFrame frame) {
        ObjectNode json = Json.object();
        json.put("id", "chatcmpl-" + frame.id());
        json.put("object", "chat.completion");
        json.put("created", frame.createdSeconds());
        json.put("model", completion.model() == null ? frame.model() : completion.model());
        ArrayNode choices = json.putArray("choices");
        for (Candidate candidate : completion.candidates()) {
            choice(candidate, choices.addObject());
        }
        if (completion.report().usage().isKnown()) {
            json.set("usage", usage(completion.report().usage()));
        }
        if (completion.report().serviceTier() != null) {
            json.put("service_tier", serviceTier(completion.report().serviceTier()));
        }
        return Json.bytes(json);
    }

    private static void choice(Candidate candidate, ObjectNode choice) {
        choice.put("index", candidate.index());
        ObjectNode message = choice.putObject("message");
        message.put("role", "assistant");
        message.putNull("content");
        message.putNull("refusal");
        StringBuilder text = new StringBuilder();
        StringBuilder refusal = new StringBuilder();
        StringBuilder thoughts = new StringBuilder();
        ArrayNode details = Json.array();
        ArrayNode annotations = Json.array();
        ArrayNode calls = Json.array();
        for (Part part : candidate.parts()) {
            switch (part) {
                case Part.Text said -> {
                    for (Citation citation : said.citations()) {
                        annotate(citation, text.length(), said.text().length(), annotations);
                    }
                    text.append(said.text());
                }
                case Part.Refusal refused -> refusal.append(refused.text());
                case Part.Reasoning reasoning -> {
                    thoughts.append(reasoning.text());
                    detail(reasoning.text(), reasoning.seal(), details);
                }
                case Part.ToolCall call -> {
                    ObjectNode json = calls.addObject();
                    call(call.id(), call.name(), call.seal(), json);
                    ((ObjectNode) json.get("function"))
                            .put("arguments", call.arguments().isEmpty() ? "{}" : call.arguments());
                }
                case Part.Image image -> {} // no place for it in this dialect, as for the rest
                case Part.Document document -> {}
                case Part.Audio audio -> {}
                case Part.ToolResult result -> {}
                case Part.Opaque opaque -> {}
            }
        }
        if (!text.isEmpty()) {
            message.put("content", text.toString());
        } else if (calls.isEmpty() && refusal.isEmpty()) {
            message.put("content", "");
        }
        if (!refusal.isEmpty()) {
            message.put("refusal", refusal.toString());
        }
        if (!thoughts.isEmpty()) {
            message.put("reasoning_content", thoughts.toString());
        }
        putIfAny(message, "reasoning_details", details);
        putIfAny(message, "annotations", annotations);
        putIfAny(message, "tool_calls", calls);
        choice.set("logprobs", candidate.logprobs());
        choice.put("finish_reason", finishReason(candidate.stop(), !refusal.isEmpty()));
    }

    private static void putIfAny(ObjectNode object, String name, ArrayNode elements) {
        if (!elements.isEmpty()) {
            object.set(name, elements);
        }
    }

    /** Thoughts that their provider wants back, for clients that return what they do not know. */
    static void detail(String text, @Nullable Seal seal, ArrayNode details) {
        if (seal == null) {
            return;
        }
        ObjectNode detail = details.addObject();
        if (text.isEmpty()) {
            detail.put("type", "reasoning.encrypted").put("data", seal.text());
        } else {
            detail.put("type", "reasoning.text").put("text", text).put("signature", seal.text());
        }
    }

    /** A tool call without its arguments. */
    static void call(String id, String name, @Nullable Seal seal, ObjectNode json) {
        json.put("id", Seal.join(id, seal));
        json.put("type", "function");
        json.putObject("function").put("name", name).put("arguments", "");
        if (seal != null && seal.dialect() == Dialect.GEMINI) {
            json.putObject("extra_content").putObject("google").put("thought_signature", seal.value());
        }
    }

    /** Adds a web page that a text cites; other sources have no form in this dialect. */
    static void annotate(Citation citation, int before, int length, ArrayNode annotations) {
        if (citation.url() == null) {
            return;
        }
        ObjectNode url = annotations.addObject().put("type", "url_citation").putObject("url_citation");
        url.put("start_index", before + (citation.start() == null ? 0 : citation.start()));
        url.put("end_index", before + (citation.end() == null ? length : citation.end()));
        url.put("title", citation.title() == null ? "" : citation.title());
        url.put("url", citation.url());
    }

    /** Usage as the dialect nests it. */
    static ObjectNode usage(Usage usage) {
        long prompt = usage.promptTokens();
        long completion = count(usage.output()) + count(usage.reasoning()) + count(usage.audioOutput());
        ObjectNode json = Json.object();
        json.put("prompt_tokens", prompt);
        json.put("completion_tokens", completion);
        json.put("total_tokens", prompt + completion);
        ObjectNode promptDetails = json.putObject("prompt_tokens_details");
        promptDetails.put("cached_tokens", count(usage.cached()));
        if (usage.cacheWrite5m() != null || usage.cacheWrite1h() != null) {
            promptDetails.put("cache_write_tokens", count(usage.cacheWrite5m()) + count(usage.cacheWrite1h()));
        }
        promptDetails.put("audio_tokens", count(usage.audioInput()));
        ObjectNode completionDetails = json.putObject("completion_tokens_details");
        completionDetails.put("reasoning_tokens", count(usage.reasoning()));
        completionDetails.put("audio_tokens", count(usage.audioOutput()));
        return json;
    }

    private static long count(@Nullable Long tokens) {
        return tokens == null ? 0 : tokens;
    }

    /** Our word for a tier in the dialect's, which has none for where the answer was made. */
    static String serviceTier(String tier) {
        return switch (tier) {
            case "standard", "us" -> "default";
            case "fast_us" -> "fast";
            default -> tier;
        };
    }

    static @Nullable String text(JsonNode node, String name) {
        return node.path(name).isTextual() ? node.get(name).asText() : null;
    }

    private static @Nullable String textOr(JsonNode node, String name, String otherwise) {
        String text = text(node, name);
        return text == null ? text(node, otherwise) : text;
    }
}
