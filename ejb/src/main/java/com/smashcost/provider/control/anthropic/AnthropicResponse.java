package com.smashcost.provider.control.anthropic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.UpstreamFailure;
import com.smashcost.provider.control.conversation.AnswerFrame;
import com.smashcost.provider.control.conversation.Completion;
import com.smashcost.provider.control.conversation.Completion.Candidate;
import com.smashcost.provider.control.conversation.Conversation;
import com.smashcost.provider.control.conversation.Conversation.Thinking;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.control.conversation.Seal;
import com.smashcost.provider.control.conversation.Stop;
import com.smashcost.provider.control.conversation.Traits;
import com.smashcost.refusal.control.Refusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whole answers, as the provider gives them and as clients of the dialect read them. */
public final class AnthropicResponse {

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private AnthropicResponse() {}

    /** Understands an answer to a request that demanded no format. */
    public static Completion read(byte[] body) throws UpstreamFailure {
        return read(body, null);
    }

    /**
     * Understands an answer to a request that {@link AnthropicRequest#write} worded for this model, and takes a structured
     * answer out of the tool call that it may have come in.
     */
    public static Completion read(byte[] body, Conversation request, Traits traits) throws UpstreamFailure {
        return read(body, AnthropicBody.envelope(request, traits).orElse(null));
    }

    /** An answer as clients of the dialect expect it. */
    public static byte[] write(Completion completion, AnswerFrame frame) {
        Candidate candidate = completion.candidates().get(0);
        ObjectNode json = opening(frame, completion.model());
        ArrayNode content = (ArrayNode) json.path("content");
        String refusal = null;
        for (Part part : candidate.parts()) {
            switch (part) {
                case Part.Text text -> {
                    if (!text.text().isEmpty()) {
                        content.add(text(text));
                    }
                }
                case Part.Refusal words -> {
                    refusal = refusal == null ? words.text() : refusal + words.text();
                    content.addObject().put("type", "text").put("text", words.text());
                }
                case Part.Reasoning reasoning -> {
                    if (showsThoughts(frame)) {
                        content.add(thoughts(reasoning));
                    }
                }
                case Part.ToolCall call ->
                    content.add(call(call.id(), call.name(), call.seal())
                            .set("input", AnthropicContent.input(call.arguments())));
                case Part.Opaque opaque -> {
                    if (opaque.dialect() == Dialect.ANTHROPIC_MESSAGES) {
                        content.add(opaque.json());
                    }
                }
                case Part.Image image -> {}
                case Part.Document document -> {}
                case Part.Audio audio -> {}
                case Part.ToolResult result -> {}
            }
        }
        Stop stop = refusal != null && candidate.stop() == Stop.END ? Stop.REFUSAL : candidate.stop();
        stop = candidate.callsTools() ? stop.withToolCalls() : stop;
        json.put("stop_reason", AnthropicContent.reason(stop));
        json.put("stop_sequence", stop == Stop.STOP_SEQUENCE ? candidate.stopSequence() : null);
        if (AnthropicContent.reason(stop).equals("refusal")) {
            json.set("stop_details", refusalDetails(refusal));
        }
        json.set("usage", AnthropicUsage.write(completion.report()));
        return Json.bytes(json);
    }

    /** What an answer reports of its own use; empty if the text is not one JSON object. */
    public static Optional<Report> report(byte[] text, int offset, int length) {
        try (JsonParser json = JSON.createParser(text, offset, length)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            AnthropicUsage usage = new AnthropicUsage();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if ("usage".equals(name) && value == JsonToken.START_OBJECT) {
                    usage.read(json);
                } else if ("model".equals(name) && value == JsonToken.VALUE_STRING) {
                    usage.model(json.getText());
                } else {
                    json.skipChildren();
                }
            }
            if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
                return Optional.empty();
            }
            return Optional.of(usage.report());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The answer to the question for the tokens of a prompt. */
    public static byte[] countTokensAnswer(long inputTokens) {
        return Json.bytes(Json.object().put("input_tokens", inputTokens));
    }

    /**
     * Whether the client expects thoughts. Without having asked for them it gets none from Anthropic, and may take the first block
     * for the answer.
     */
    static boolean showsThoughts(AnswerFrame frame) {
        Thinking thinking = frame.request().thinking();
        return thinking != null && thinking.isAskedFor();
    }

    /** A message that has no content yet. */
    static ObjectNode opening(AnswerFrame frame, @Nullable String model) {
        ObjectNode json = Json.object();
        json.put("id", "msg_" + frame.id().replace("-", ""));
        json.put("type", "message").put("role", "assistant");
        json.put("model", model == null || model.isEmpty() ? frame.model() : model);
        json.putArray("content");
        json.putNull("stop_reason").putNull("stop_sequence");
        return json;
    }

    /** A tool call without its input. */
    static ObjectNode call(String id, String name, @Nullable Seal seal) {
        boolean own = seal != null && seal.dialect() == Dialect.ANTHROPIC_MESSAGES;
        return Json.object()
                .put("type", "tool_use")
                .put("id", Seal.join(AnthropicContent.toolId(id), own ? null : seal))
                .put("name", name);
    }

    /** What a thinking block is signed with for the client to bring back. */
    static String signature(@Nullable Seal seal) {
        if (seal == null) {
            return Seal.UNSIGNED;
        }
        return isOwn(seal, AnthropicContent.SIGNATURE) ? seal.value() : seal.text();
    }

    static boolean isOwn(Seal seal, String kind) {
        return seal.dialect() == Dialect.ANTHROPIC_MESSAGES && seal.kind().equals(kind);
    }

    static ObjectNode refusalDetails(@Nullable String explanation) {
        return Json.object().put("type", "refusal").putNull("category").put("explanation", explanation);
    }

    private static ObjectNode text(Part.Text text) {
        ObjectNode block = Json.object().put("type", "text").put("text", text.text());
        ArrayNode citations = Json.array();
        text.citations().forEach(citation -> AnthropicContent.citation(citation).ifPresent(citations::add));
        if (!citations.isEmpty()) {
            block.set("citations", citations);
        }
        return block;
    }

    private static ObjectNode thoughts(Part.Reasoning reasoning) {
        Seal seal = reasoning.seal();
        if (seal != null && isOwn(seal, AnthropicContent.REDACTED)) {
            return Json.object().put("type", "redacted_thinking").put("data", seal.value());
        }
        return Json.object()
                .put("type", "thinking")
                .put("thinking", reasoning.text())
                .put("signature", signature(seal));
    }

    private static Completion read(byte[] body, @Nullable String envelope) throws UpstreamFailure {
        ObjectNode json = Json.readObject(body).orElseThrow(AnthropicResponse::invalid);
        if (!(json.path("content") instanceof ArrayNode content) || json.hasNonNull("error")) {
            throw invalid();
        }
        List<Part> parts = parts(content);
        boolean enveloped = envelope != null
                && parts.stream()
                        .anyMatch(part -> part instanceof Part.ToolCall call
                                && call.name().equals(envelope));
        if (enveloped) {
            parts = parts.stream()
                    .filter(part -> !(part instanceof Part.Text)) // what it says of how it will answer
                    .map(part ->
                            part instanceof Part.ToolCall call && call.name().equals(envelope)
                                    ? new Part.Text(call.arguments())
                                    : part)
                    .toList();
        }
        JsonNode explanation = json.path("stop_details").path("explanation");
        if (explanation.isTextual()) {
            parts = new ArrayList<>(parts);
            parts.add(new Part.Refusal(explanation.asText()));
        }
        Stop stop = AnthropicContent.stop(json.path("stop_reason").asText());
        boolean calls = parts.stream().anyMatch(Part.ToolCall.class::isInstance);
        stop = calls ? stop.withToolCalls() : stop == Stop.TOOL_CALLS ? Stop.END : stop;
        AnthropicUsage usage = new AnthropicUsage();
        usage.model(AnthropicContent.text(json.path("model")));
        usage.read(json.path("usage"));
        return new Completion(
                AnthropicContent.text(json.path("id")),
                AnthropicContent.text(json.path("model")),
                List.of(new Candidate(0, parts, stop, AnthropicContent.text(json.path("stop_sequence")), null)),
                usage.report());
    }

    private static List<Part> parts(ArrayNode content) throws UpstreamFailure {
        try {
            return AnthropicContent.read(content, "content");
        } catch (Refusal.BadRequest e) {
            throw invalid();
        }
    }

    private static UpstreamFailure invalid() {
        return new UpstreamFailure(UpstreamFailure.Kind.upstream_invalid_response);
    }
}
