package com.smashcost.provider.control.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.Provider;
import com.smashcost.provider.control.ProviderError;
import com.smashcost.provider.control.ProviderError.Kind;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Locale;
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

    /** Groq's own status for its flex tier being full; elsewhere it means nothing. */
    private static final int GROQ_HAS_NO_ROOM = 498;

    private static final String CONTEXT_LENGTH = "context_length_exceeded";
    private static final Duration LONGEST_WAIT = Duration.ofDays(366);

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
        JsonNode error = Json.read(body).map(OpenAiProvider::errorOf).orElseGet(Json::object);
        return error(status, error, retryAfter(header));
    }

    /** What an error amid a stream means: the object that tells it, without what is around. */
    public static ProviderError streamError(JsonNode error) {
        return error(0, error, null);
    }

    /** The object with the error's message, wherever a server or a proxy put it. */
    private static JsonNode errorOf(JsonNode body) {
        JsonNode outer = body instanceof ArrayNode list ? list.path(0) : body;
        JsonNode error = outer.path("error");
        if (error.isObject()) {
            return error;
        }
        if (outer.path("response").path("error").isObject()) {
            return outer.path("response").path("error");
        }
        ObjectNode found = Json.object();
        for (JsonNode text : new JsonNode[] {error, outer.path("message"), outer.path("detail")}) {
            if (text.isTextual()) {
                return found.put("message", text.textValue());
            }
        }
        return found;
    }

    private static ProviderError error(int httpStatus, JsonNode error, @Nullable Duration retryAfter) {
        String message = OpenAiResponse.text(error, "message");
        String type = OpenAiResponse.text(error, "type");
        String code = OpenAiResponse.text(error, "code");
        if (code == null) {
            code = OpenAiResponse.text(error, "status"); // as Google has it
        }
        String word = code == null ? type == null ? "" : type : code;
        int status = httpStatus >= 400 ? httpStatus : statusOf(word, error);
        if (isAboutLength(word, message)) {
            return new ProviderError(400, Kind.CONTEXT_LENGTH, CONTEXT_LENGTH, message, param(error), null);
        }
        if (word.equals("insufficient_quota") || "insufficient_quota".equals(type) || status == 402) {
            return new ProviderError(
                    status == 402 ? 402 : 429, Kind.QUOTA, "insufficient_quota", message, param(error), retryAfter);
        }
        if (word.equals("model_not_found")) {
            return new ProviderError(404, Kind.NOT_FOUND, word, message, param(error), null);
        }
        if (status == GROQ_HAS_NO_ROOM) {
            return new ProviderError(503, Kind.OVERLOADED, code == null ? type : code, message, null, retryAfter);
        }
        Kind kind = word.equals("rate_limit_exceeded") ? Kind.RATE_LIMIT : kind(status, word);
        String known = kind == Kind.RATE_LIMIT && code == null ? "rate_limit_exceeded" : code == null ? type : code;
        return new ProviderError(status, kind, known, message, param(error), retryAfter);
    }

    private static Kind kind(int status, String word) {
        return switch (status) {
            case 401, 403 -> Kind.CREDENTIAL;
            case 404 -> Kind.NOT_FOUND;
            case 408, 504 -> Kind.TIMEOUT;
            case 413 -> Kind.TOO_LARGE;
            case 429 -> Kind.RATE_LIMIT;
            case 503, 529 -> Kind.OVERLOADED;
            default -> {
                if (word.equals("server_is_overloaded") || word.equals("overloaded_error")) {
                    yield Kind.OVERLOADED;
                }
                yield status < 500 ? Kind.INVALID_REQUEST : Kind.SERVER;
            }
        };
    }

    /** The status that an error has which came with none: amid a stream, or in an answer that says all is well. */
    private static int statusOf(String word, JsonNode error) {
        for (String name : new String[] {"status", "status_code", "code"}) {
            JsonNode status = error.path(name);
            if (status.isInt() && status.intValue() >= 400 && status.intValue() < 600) {
                return status.intValue();
            }
        }
        return switch (word) {
            case "insufficient_quota", "rate_limit_exceeded", "rate_limit_error", "tokens", "requests" -> 429;
            case "server_is_overloaded", "service_unavailable_error", "overloaded_error", "slow_down" -> 503;
            case "invalid_api_key", "authentication_error" -> 401;
            case "permission_error" -> 403;
            case "timeout", "timeout_error" -> 504;
            case "server_error", "api_error" -> 500;
            case "" -> 502;
            default ->
                word.startsWith("invalid_") || word.startsWith("unsupported_") || word.contains("image") ? 400 : 502;
        };
    }

    private static boolean isAboutLength(String word, @Nullable String message) {
        if (word.equals(CONTEXT_LENGTH)) {
            return true;
        }
        if (message == null) {
            return false;
        }
        String text = message.toLowerCase(Locale.ROOT);
        return text.contains("exceeds the context window")
                || text.contains("maximum context length")
                || text.contains("prompt is too long")
                || text.contains("input token count exceeds");
    }

    private static @Nullable String param(JsonNode error) {
        return OpenAiResponse.text(error, "param");
    }

    /** How long the provider asks to wait; null for no header, or one that makes no sense. */
    private static @Nullable Duration retryAfter(Function<String, @Nullable String> header) {
        String millis = header.apply("retry-after-ms");
        String seconds = header.apply("retry-after");
        try {
            if (millis != null) {
                return sane(Duration.ofMillis((long) Double.parseDouble(millis.strip())));
            }
            if (seconds != null) {
                return sane(Duration.ofMillis((long) (Double.parseDouble(seconds.strip()) * 1000)));
            }
        } catch (NumberFormatException e) {
            return seconds == null ? null : until(seconds.strip());
        }
        return null;
    }

    private static @Nullable Duration until(String date) {
        try {
            Instant then = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return sane(Duration.between(Instant.now(), then));
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static @Nullable Duration sane(Duration wait) {
        return wait.isNegative() || wait.compareTo(LONGEST_WAIT) > 0 ? null : wait;
    }

    /** The body of an error in this dialect. */
    public static byte[] errorBody(int status, String code, String message, @Nullable String param) {
        return OpenAiError.body(status, code, message, param);
    }
}
