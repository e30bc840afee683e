package com.smashcost.provider.control.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.Provider;
import com.smashcost.provider.control.ProviderError;
import com.smashcost.provider.control.ProviderError.Kind;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How Gemini is called, and what its errors mean. */
public final class GeminiProvider {

    private static final Set<String> PASSED_ON = Set.of("retry-after", "server-timing", "x-gemini-service-tier");
    private static final Pattern SECONDS = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)s?");
    private static final Pattern RETRY_IN = Pattern.compile("retry in (\\d{1,9}(?:\\.\\d{1,9})?)s");
    private static final BigDecimal MILLIS = BigDecimal.valueOf(1000);

    private GeminiProvider() {}

    /** Where a model is asked for an answer. */
    public static URI uri(Provider provider, String model, boolean stream) {
        return at(provider, model, stream ? "streamGenerateContent?alt=sse" : "generateContent");
    }

    /** Where the tokens of a prompt are counted. */
    public static URI countTokens(Provider provider, String model) {
        return at(provider, model, "countTokens");
    }

    /** Where texts are embedded. */
    public static URI embeddings(Provider provider, String model) {
        return at(provider, model, "batchEmbedContents");
    }

    /**
     * The headers of a call. The key stands here only: URLs land in logs.
     *
     * @param apiKey the customer's key, visible ASCII
     * @param clientHeaders by their names in lower case; none is of use to this provider
     */
    public static Map<String, String> headers(byte[] apiKey, boolean stream, Map<String, String> clientHeaders) {
        return Map.of(
                "Accept",
                stream ? "text/event-stream" : "application/json",
                "User-Agent",
                "SmashCost",
                "x-goog-api-key",
                new String(apiKey, StandardCharsets.US_ASCII));
    }

    /** Whether the client may see this header of an answer; {@code name} is in lower case. */
    public static boolean passesOn(String name) {
        return PASSED_ON.contains(name);
    }

    /** What an answer with this status means, whatever its body is. */
    public static ProviderError error(int status, Function<String, @Nullable String> header, byte[] body) {
        JsonNode json = Json.read(body).orElseGet(Json::object);
        JsonNode error = (json.isArray() ? json.path(0) : json).path("error");
        String message = GeminiResponse.word(error.path("message"));
        String word = error.path("status").asText("");
        int real = status(status, error, word);
        String text = message == null ? "" : message.toLowerCase(Locale.ROOT);
        Duration wait = retryAfter(header, error, text);
        if (hasReason(error, "API_KEY_") || text.contains("api key not valid") || text.contains("api key expired")) {
            return new ProviderError(401, Kind.CREDENTIAL, "invalid_api_key", message, null, wait);
        }
        if (real == 400 && text.contains("token count") && text.contains("exceeds")) {
            return new ProviderError(400, Kind.CONTEXT_LENGTH, "context_length_exceeded", message, null, wait);
        }
        if (real == 400 && text.contains("payload size exceeds")) {
            return new ProviderError(413, Kind.TOO_LARGE, "request_too_large", message, null, wait);
        }
        if (real == 400 && text.contains("user location is not supported")) {
            return new ProviderError(403, Kind.CREDENTIAL, "unsupported_country_region_territory", message, null, wait);
        }
        if (real == 429 && isExhausted(error, text)) {
            return new ProviderError(429, Kind.QUOTA, "insufficient_quota", message, null, null);
        }
        String own = word.isEmpty() ? null : word;
        return switch (real) {
            case 401 -> new ProviderError(401, Kind.CREDENTIAL, "invalid_api_key", message, null, wait);
            case 402 -> new ProviderError(402, Kind.QUOTA, "insufficient_quota", message, null, wait);
            case 403 -> new ProviderError(403, Kind.CREDENTIAL, own, message, null, wait);
            case 404 -> new ProviderError(404, Kind.NOT_FOUND, "model_not_found", message, null, wait);
            case 408, 504 -> new ProviderError(real, Kind.TIMEOUT, own, message, null, wait);
            case 413 -> new ProviderError(413, Kind.TOO_LARGE, "request_too_large", message, null, wait);
            case 429 -> new ProviderError(429, Kind.RATE_LIMIT, "rate_limit_exceeded", message, null, wait);
            case 503, 529 -> new ProviderError(real, Kind.OVERLOADED, own, message, null, wait);
            default ->
                new ProviderError(real, real < 500 ? Kind.INVALID_REQUEST : Kind.SERVER, own, message, null, wait);
        };
    }

    /** The name of a model as bodies hold it. */
    static String resource(String model) {
        return model.startsWith("models/") || model.startsWith("tunedModels/") ? model : "models/" + model;
    }

    private static URI at(Provider provider, String model, String method) {
        String resource = resource(model);
        int slash = resource.indexOf('/');
        String name = URLEncoder.encode(resource.substring(slash + 1), StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException("not the name of a model");
        }
        return provider.at("/v1beta/" + resource.substring(0, slash + 1) + name + ":" + method);
    }

    /** The status of the error itself, if the answer's own speaks of success: errors come in streams, too. */
    private static int status(int status, JsonNode error, String word) {
        if (status >= 400 && status <= 599) {
            return status;
        }
        int code = error.path("code").asInt(0);
        if (code >= 400 && code <= 599) {
            return code;
        }
        return switch (word) {
            case "INVALID_ARGUMENT", "FAILED_PRECONDITION", "OUT_OF_RANGE" -> 400;
            case "UNAUTHENTICATED" -> 401;
            case "PERMISSION_DENIED" -> 403;
            case "NOT_FOUND" -> 404;
            case "ABORTED", "ALREADY_EXISTS" -> 409;
            case "RESOURCE_EXHAUSTED" -> 429;
            case "INTERNAL", "UNKNOWN" -> 500;
            case "UNAVAILABLE" -> 503;
            case "DEADLINE_EXCEEDED" -> 504;
            default -> 502;
        };
    }

    private static boolean hasReason(JsonNode error, String start) {
        for (JsonNode detail : error.path("details")) {
            if (detail.path("reason").asText("").startsWith(start)) {
                return true;
            }
        }
        return false;
    }

    /** Whether nothing is allowed at all, so that waiting does not help. */
    private static boolean isExhausted(JsonNode error, String text) {
        for (JsonNode detail : error.path("details")) {
            for (JsonNode violation : detail.path("violations")) {
                if (violation.path("quotaValue").asText("").equals("0")) {
                    return true;
                }
            }
        }
        return text.contains("credits are depleted") || text.contains("spending cap");
    }

    private static @Nullable Duration retryAfter(
            Function<String, @Nullable String> header, JsonNode error, String text) {
        for (JsonNode detail : error.path("details")) {
            Duration delay = seconds(detail.path("retryDelay").asText(""));
            if (delay != null) {
                return delay;
            }
        }
        String after = header.apply("retry-after");
        if (after != null && seconds(after) != null) {
            return seconds(after);
        }
        Matcher told = RETRY_IN.matcher(text);
        return told.find() ? seconds(told.group(1)) : null;
    }

    private static @Nullable Duration seconds(String text) {
        Matcher seconds = SECONDS.matcher(text.trim());
        return seconds.matches()
                ? Duration.ofMillis(
                        new BigDecimal(seconds.group(1)).multiply(MILLIS).longValue())
                : null;
    }
}
