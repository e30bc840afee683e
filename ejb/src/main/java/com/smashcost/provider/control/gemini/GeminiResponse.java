package com.smashcost.provider.control.gemini;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.UpstreamFailure;
import com.smashcost.provider.control.conversation.Completion;
import com.smashcost.provider.control.conversation.Completion.Candidate;
import com.smashcost.provider.control.conversation.Conversation;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.control.conversation.Seal;
import com.smashcost.provider.control.conversation.Stop;
import com.smashcost.provider.control.conversation.Traits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A whole answer of {@code generateContent}. */
public final class GeminiResponse {

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private GeminiResponse() {}

    /**
     * Reads an answer. An answer that the model could not complete, such as a call that it garbled, is a failure and never an
     * empty success; {@link #report} tells what it cost all the same.
     *
     * @param conversation what is answered, whose functions may have had other names for the provider
     * @param traits of the model that was asked
     * @throws UpstreamFailure if this is no answer of the dialect
     */
    public static Completion read(byte[] body, Conversation conversation, Traits traits) throws UpstreamFailure {
        JsonNode answer = Json.read(body).orElseThrow(GeminiResponse::invalid);
        if (answer.isArray() && answer.size() == 1) {
            answer = answer.get(0);
        }
        if (!answer.isObject() || answer.hasNonNull("error")) {
            throw invalid();
        }
        GeminiNames names = GeminiNames.of(conversation);
        List<Candidate> candidates = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (JsonNode candidate : answer.path("candidates")) {
            if (GeminiFinish.isFailure(GeminiFinish.of(candidate))) {
                throw invalid();
            }
            candidates.add(candidate(candidate, names, ids));
        }
        if (candidates.isEmpty() && isBlocked(answer)) {
            candidates.add(new Candidate(0, List.of(), Stop.CONTENT_FILTER, null, null));
        }
        if (candidates.isEmpty()) {
            throw invalid();
        }
        GeminiSearches searches = new GeminiSearches(traits);
        searches.read(answer);
        return new Completion(
                word(answer.path("responseId")),
                word(answer.path("modelVersion")),
                candidates,
                searches.addTo(report(answer)));
    }

    /** What an answer or chunk reports of tokens; empty if the text is not one JSON object. */
    public static Optional<Report> report(byte[] text, int offset, int length) {
        try (JsonParser json = JSON.createParser(text, offset, length)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            Report report = GeminiUsage.report(json);
            return json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null
                    ? Optional.of(report)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Reads the answer of {@code countTokens}: the tokens of the prompt.
     *
     * @throws UpstreamFailure if this is no such answer
     */
    public static long readCountTokens(byte[] body) throws UpstreamFailure {
        JsonNode total = Json.read(body).orElseThrow(GeminiResponse::invalid).path("totalTokens");
        if (!total.canConvertToLong() || !total.isIntegralNumber() || total.asLong() < 0) {
            throw invalid();
        }
        return total.asLong();
    }

    /** What an answer or chunk reports of tokens. */
    static Report report(JsonNode answer) {
        try (JsonParser json = answer.traverse()) {
            return json.nextToken() == JsonToken.START_OBJECT ? GeminiUsage.report(json) : Report.NONE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the prompt was refused as a whole. */
    static boolean isBlocked(JsonNode answer) {
        JsonNode reason = answer.path("promptFeedback").path("blockReason");
        return !reason.isMissingNode() && !reason.isNull();
    }

    /** The id of a call: the provider's own, or a new one if it gave none or gave one twice. */
    static String callId(JsonNode call, Set<String> taken) {
        String id = call.path("id").asText("");
        if (id.isEmpty() || !taken.add(id)) {
            id = "call_" + UUID.randomUUID().toString().replace("-", "").substring(0, 24);
            taken.add(id);
        }
        return id;
    }

    /** The signature of a part, as its conversation will have to bring it back; null if it has none. */
    static @Nullable Seal seal(JsonNode part, String kind) {
        String signature = part.path("thoughtSignature").asText("");
        return signature.isEmpty() ? null : new Seal(Dialect.GEMINI, kind, signature);
    }

    private static Candidate candidate(JsonNode json, GeminiNames names, Set<String> ids) {
        JsonNode from = json.path("content").path("parts");
        List<GeminiCitations.Placed> citations =
                GeminiCitations.of(json, index -> from.path(index).path("text").asText(""));
        List<Part> parts = new ArrayList<>();
        boolean calls = false;
        for (int i = 0; i < from.size(); i++) {
            JsonNode part = from.path(i);
            String text = part.path("text").asText("");
            if (part.path("thought").asBoolean()) {
                Seal seal = seal(part, GeminiRequest.ON_THOUGHT);
                if (seal != null || !text.isEmpty()) {
                    parts.add(new Part.Reasoning(text, seal));
                }
            } else if (part.has("functionCall")) {
                JsonNode call = part.path("functionCall");
                calls = true;
                parts.add(new Part.ToolCall(
                        callId(call, ids),
                        names.original(call.path("name").asText("")),
                        call.path("args").isObject() ? Json.text(call.path("args")) : "{}",
                        seal(part, GeminiRequest.ON_THOUGHT),
                        null));
            } else if (part.has("text")) {
                sealed(parts, seal(part, GeminiRequest.ON_TEXT));
                if (!text.isEmpty()) {
                    int index = i;
                    List<Part.Citation> cited = citations.stream()
                            .filter(citation -> citation.part() == index)
                            .map(GeminiCitations.Placed::citation)
                            .toList();
                    parts.add(new Part.Text(text, cited, null));
                }
            } else if (part.isObject() && !part.isEmpty()) {
                parts.add(new Part.Opaque(Dialect.GEMINI, part, null));
            }
        }
        return new Candidate(
                json.path("index").asInt(0),
                parts,
                GeminiFinish.stop(GeminiFinish.of(json), calls),
                null,
                GeminiLogprobs.of(json));
    }

    /** Keeps a text's signature with the thoughts that led to it, or alone if none are shown. */
    private static void sealed(List<Part> parts, @Nullable Seal seal) {
        if (seal == null) {
            return;
        }
        if (!parts.isEmpty() && parts.getLast() instanceof Part.Reasoning shown && shown.seal() == null) {
            parts.set(parts.size() - 1, new Part.Reasoning(shown.text(), seal));
        } else {
            parts.add(new Part.Reasoning("", seal));
        }
    }

    static @Nullable String word(JsonNode node) {
        String word = node.asText("");
        return word.isEmpty() ? null : word;
    }

    static UpstreamFailure invalid() {
        return new UpstreamFailure(UpstreamFailure.Kind.upstream_invalid_response);
    }
}
