package com.smashcost.provider.control.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.provider.control.ProviderError;
import com.smashcost.provider.control.conversation.Stop;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gemini's reasons for the end of an answer. It has none for tool calls. */
final class GeminiFinish {

    /** The first reasons by number, as they stand in answers that were asked for with numbers for words. */
    private static final List<String> NUMBERED = List.of(
            "FINISH_REASON_UNSPECIFIED",
            "STOP",
            "MAX_TOKENS",
            "SAFETY",
            "RECITATION",
            "OTHER",
            "LANGUAGE",
            "BLOCKLIST",
            "PROHIBITED_CONTENT",
            "SPII",
            "MALFORMED_FUNCTION_CALL");

    private static final Set<String> WITHHELD = Set.of(
            "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MODEL_ARMOR", "NO_IMAGE");

    private static final Set<String> FAILURES = Set.of(
            "MALFORMED_FUNCTION_CALL",
            "UNEXPECTED_TOOL_CALL",
            "TOO_MANY_TOOL_CALLS",
            "MISSING_THOUGHT_SIGNATURE",
            "MALFORMED_RESPONSE");

    private GeminiFinish() {}

    /** Why a candidate ended; null if it has not, or does not say. */
    static @Nullable String of(JsonNode candidate) {
        JsonNode reason = candidate.path("finishReason");
        String word = reason.isInt() && reason.asInt() >= 0 && reason.asInt() < NUMBERED.size()
                ? NUMBERED.get(reason.asInt())
                : reason.asText("");
        return word.isEmpty() || word.equals(NUMBERED.getFirst()) ? null : word;
    }

    /** Whether the model failed: what came is no answer, and asking again may bring one. */
    static boolean isFailure(@Nullable String reason) {
        return reason != null && FAILURES.contains(reason);
    }

    /** The failure as an error of the provider. */
    static ProviderError failure(String reason) {
        return new ProviderError(
                502,
                ProviderError.Kind.SERVER,
                reason.toLowerCase(Locale.ROOT),
                "The model ended its answer with " + reason + ": it made no tool call that can be used.",
                null,
                null);
    }

    /** The reason in nobody's words. */
    static Stop stop(@Nullable String reason, boolean callsTools) {
        Stop stop;
        if (reason == null) {
            stop = Stop.END;
        } else if (reason.equals("MAX_TOKENS")) {
            stop = Stop.LENGTH;
        } else if (WITHHELD.contains(reason) || reason.startsWith("IMAGE_")) {
            stop = Stop.CONTENT_FILTER;
        } else {
            stop = Stop.END; // STOP, OTHER, CONTINUATION, and what is yet to come
        }
        return callsTools ? stop.withToolCalls() : stop;
    }
}
