package com.smashcost.provider.control.openai;

import com.smashcost.provider.control.Provider;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How providers of the OpenAI chat dialect are called, and which of their headers go on to the client. */
public final class OpenAiProvider {

    private static final Set<String> PASSED_ON = Set.of(
            "content-type",
            "openai-processing-ms",
            "openai-version",
            "retry-after",
            "retry-after-ms",
            "x-should-retry",
            "x-request-id");

    private OpenAiProvider() {}

    /** Where chat completions are posted. */
    public static URI chatCompletions(Provider provider) {
        return provider.at("/chat/completions");
    }

    /**
     * The headers of a call.
     *
     * @param apiKey the customer's key, visible ASCII
     * @param beta the client's {@code OpenAI-Beta} header; null if it sent none
     */
    public static Map<String, String> headers(byte[] apiKey, boolean stream, @Nullable String beta) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", stream ? "text/event-stream" : "application/json");
        headers.put("User-Agent", "SmashCost");
        if (beta != null) {
            headers.put("OpenAI-Beta", beta);
        }
        headers.put("Authorization", "Bearer " + new String(apiKey, StandardCharsets.US_ASCII));
        return headers;
    }

    /** Whether the client may see this header of an answer; {@code name} is in lower case. */
    public static boolean passesOn(String name) {
        return PASSED_ON.contains(name) || name.startsWith("x-ratelimit-");
    }
}
