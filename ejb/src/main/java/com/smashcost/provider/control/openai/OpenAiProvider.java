package com.smashcost.provider.control.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.Provider;
import com.smashcost.provider.control.ProviderError;
import com.smashcost.provider.control.ProviderError.Kind;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How providers of the OpenAI chat dialect are called, which of their headers go on to the client, and what their errors mean. */
public final class OpenAiProvider {

    private static final Set<String> PASSED_ON = Set.of(
            "content-type",
            "openai-processing-ms",
            "openai-version",
            "retry-after",
            "retry-after-ms",
            "x-should-retry",
            "x-request-id");

    private static final Duration LONGEST_WAIT = Duration.ofDays(30);

    private OpenAiProvider() {}

    /** Where chat completions are posted. */
    public static URI uri(Provider provider) {
        return provider.at("/chat/completions");
    }

    /** Where texts are posted to be embedded. */
    public static URI embeddings(Provider provider) {
        return provider.at("/embeddings");
    }

    /**
     * The headers of a call.
     *
     * @param apiKey the customer's key, visible ASCII
     * @param clientHeaders what the client sent, by lower-case name
     */
    public static Map<String, String> headers(byte[] apiKey, boolean stream, Map<String, String> clientHeaders) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", stream ? "text/event-stream" : "application/json");
        headers.put("User-Agent", "SmashCost");
        String beta = clientHeaders.get("openai-beta");
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

    /**
     * What an error answer means; any body will do.
     *
     * @param header the answer's header of a lower-case name; null if it has none
     */
    public static ProviderError error(int status, Function<String, @Nullable String> header, byte[] body) {
        ObjectNode json = Json.readObject(body).orElseGet(Json::object);
        return error(status, json.path("error"), wait(header));
    }

    /** What an error amid a stream means. */
    static ProviderError streamError(ObjectNode chunk) {
        JsonNode error = chunk.path("error");
        return error(error.path("status_code").asInt(error.path("code").asInt(502)), error, null);
    }

    private static ProviderError error(int status, JsonNode error, @Nullable Duration wait) {
        String code = OpenAiResponse.text(error, "code");
        String type = OpenAiResponse.text(error, "type");
        String message = OpenAiResponse.text(error, "message");
        Kind kind = kind(status, code == null ? "" : code, type == null ? "" : type, message == null ? "" : message);
        return new ProviderError(
                status < 400 || status > 599 ? 502 : status,
                kind,
                switch (kind) {
                    case CONTEXT_LENGTH -> "context_length_exceeded";
                    case QUOTA -> "insufficient_quota";
                    case RATE_LIMIT -> "rate_limit_exceeded";
                    default -> code == null ? type : code;
                },
                message,
                OpenAiResponse.text(error, "param"),
                wait);
    }

    private static Kind kind(int status, String code, String type, String message) {
        if (code.equals("insufficient_quota") || type.equals("insufficient_quota") || status == 402) {
            return Kind.QUOTA;
        }
        if (code.equals("context_length_exceeded") || message.contains("exceeds the context window")) {
            return Kind.CONTEXT_LENGTH;
        }
        if (code.equals("rate_limit_exceeded")) {
            return status == 413 ? Kind.TOO_LARGE : Kind.RATE_LIMIT;
        }
        return switch (status) {
            case 401, 403 -> Kind.CREDENTIAL;
            case 404 -> Kind.NOT_FOUND;
            case 408, 504 -> Kind.TIMEOUT;
            case 413 -> Kind.TOO_LARGE;
            case 429 -> Kind.RATE_LIMIT;
            case 498, 503, 529 -> Kind.OVERLOADED;
            default -> status < 400 || status >= 500 ? Kind.SERVER : Kind.INVALID_REQUEST;
        };
    }

    /** How long the answer asks to wait: {@code retry-after-ms}, else {@code retry-after} in seconds; null for neither. */
    private static @Nullable Duration wait(Function<String, @Nullable String> header) {
        Duration wait = wait(header.apply("retry-after-ms"), 1);
        return wait == null ? wait(header.apply("retry-after"), 1000) : wait;
    }

    private static @Nullable Duration wait(@Nullable String number, long millisEach) {
        if (number == null || !number.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
            return null;
        }
        Duration wait = Duration.ofMillis(
                new BigDecimal(number).multiply(BigDecimal.valueOf(millisEach)).longValue());
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    /** The body of an error in this dialect. */
    public static byte[] errorBody(int status, String code, String message, @Nullable String param) {
        return OpenAiError.body(status, code, message, param);
    }
}
