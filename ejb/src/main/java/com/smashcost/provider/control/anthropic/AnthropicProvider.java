package com.smashcost.provider.control.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.Provider;
import com.smashcost.provider.control.ProviderError;
import com.smashcost.provider.control.ProviderError.Kind;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How providers of the Anthropic dialect are called, which of their headers go on to the client, and their errors. */
public final class AnthropicProvider {

    private static final String VERSION = "2023-06-01";
    private static final Pattern A_VERSION = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final Pattern A_BETA = Pattern.compile("[A-Za-z0-9._,; -]{1,4096}");
    private static final Pattern FAULTY_MEMBER = Pattern.compile("([a-z_]+(?:\\.[A-Za-z0-9_]+)*): .*", Pattern.DOTALL);

    private static final Set<String> PASSED_ON =
            Set.of("content-type", "request-id", "retry-after", "retry-after-ms", "x-should-retry");

    private AnthropicProvider() {}

    /** Where messages are posted, streamed or not. */
    public static URI uri(Provider provider, String model, boolean stream) {
        return provider.at("/v1/messages");
    }

    /** Where the tokens of a prompt are counted. */
    public static URI countTokensUri(Provider provider) {
        return provider.at("/v1/messages/count_tokens");
    }

    /**
     * The headers of a call.
     *
     * @param apiKey the customer's key, visible ASCII
     * @param clientHeaders by their names in lower case
     */
    public static Map<String, String> headers(byte[] apiKey, boolean stream, Map<String, String> clientHeaders) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", stream ? "text/event-stream" : "application/json");
        headers.put("User-Agent", "SmashCost");
        String version = clientHeaders.get("anthropic-version");
        headers.put(
                "anthropic-version",
                version != null && A_VERSION.matcher(version).matches() ? version : VERSION);
        String beta = clientHeaders.get("anthropic-beta");
        if (beta != null && A_BETA.matcher(beta).matches()) {
            headers.put("anthropic-beta", beta);
        }
        headers.put("x-api-key", new String(apiKey, StandardCharsets.US_ASCII));
        return headers;
    }

    /** Whether the client may see this header of an answer; {@code name} is in lower case. */
    public static boolean passesOn(String name) {
        return PASSED_ON.contains(name) || name.startsWith("anthropic-ratelimit-");
    }

    /**
     * What an error answer means, whatever its body is.
     *
     * @param status of the answer; below 400 for an error amid a stream
     * @param header the answer's headers by their names in lower case
     */
    public static ProviderError error(int status, Function<String, @Nullable String> header, byte[] body) {
        JsonNode error = errorIn(body);
        String type = error.path("type").asText("");
        String message = AnthropicContent.text(error.path("message"));
        int meant = status >= 400 ? status : status(type);
        Kind kind = kind(meant, type, message == null ? "" : message.toLowerCase(Locale.ROOT));
        return new ProviderError(
                kind == Kind.QUOTA && meant == 400 ? 429 : meant,
                kind,
                code(kind, type, message),
                message,
                kind == Kind.INVALID_REQUEST ? param(message) : null,
                retryAfter(header));
    }

    /**
     * The body of an error of ours.
     *
     * @param requestId that of the gateway
     */
    public static byte[] errorBody(int status, String code, String message, @Nullable String param, String requestId) {
        return Json.bytes(error(status, code, message, param).put("request_id", requestId));
    }

    /** An error as clients of the dialect expect it, in a body as in an event. */
    static ObjectNode error(int status, String code, String message, @Nullable String param) {
        ObjectNode body = Json.object().put("type", "error");
        ObjectNode error = body.putObject("error").put("type", type(status, code));
        // clients shorten the conversation when they read these words
        boolean tooLong = "context_length_exceeded".equals(code)
                && !message.toLowerCase(Locale.ROOT).contains("prompt is too long");
        error.put("message", tooLong ? "prompt is too long: " + message : message);
        ObjectNode details = error.putObject("details").put("code", code);
        if (param != null) {
            details.put("param", param);
        }
        return body;
    }

    private static String type(int status, String code) {
        if ("insufficient_quota".equals(code) || "budget_exceeded".equals(code)) {
            return "billing_error";
        }
        return switch (status) {
            case 401 -> "authentication_error";
            case 402 -> "billing_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 408, 504 -> "timeout_error";
            case 409 -> "conflict_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 503, 529 -> "overloaded_error";
            default -> status < 500 ? "invalid_request_error" : "api_error";
        };
    }

    /** The status that an error amid a stream would have had. */
    private static int status(String type) {
        return switch (type) {
            case "invalid_request_error" -> 400;
            case "authentication_error" -> 401;
            case "billing_error" -> 402;
            case "permission_error", "forbidden" -> 403;
            case "not_found_error" -> 404;
            case "conflict_error" -> 409;
            case "request_too_large" -> 413;
            case "rate_limit_error" -> 429;
            case "timeout_error" -> 504;
            case "overloaded_error" -> 529;
            case "api_error" -> 500;
            default -> 502;
        };
    }

    private static Kind kind(int status, String type, String message) {
        if (type.equals("billing_error")
                || (status < 500
                        && (message.contains("reached your specified api usage limits")
                                || message.contains("credit balance is too low")
                                || message.contains("spend limit")))) {
            return Kind.QUOTA;
        }
        if ((status == 400 || status == 413)
                && (message.contains("prompt is too long")
                        || message.contains("exceed context limit")
                        || message.contains("exceeds the context window")
                        || message.contains("context window exceeded"))) {
            return Kind.CONTEXT_LENGTH;
        }
        return switch (status) {
            case 401, 403 -> Kind.CREDENTIAL;
            case 402 -> Kind.QUOTA;
            case 404 -> Kind.NOT_FOUND;
            case 408, 504 -> Kind.TIMEOUT;
            case 413 -> Kind.TOO_LARGE;
            case 429 -> Kind.RATE_LIMIT;
            case 503, 529 -> Kind.OVERLOADED;
            default -> {
                if (status < 500) {
                    yield Kind.INVALID_REQUEST;
                }
                yield type.equals("overloaded_error")
                        ? Kind.OVERLOADED
                        : type.equals("timeout_error") ? Kind.TIMEOUT : Kind.SERVER;
            }
        };
    }

    private static @Nullable String code(Kind kind, String type, @Nullable String message) {
        return switch (kind) {
            case CONTEXT_LENGTH -> "context_length_exceeded";
            case QUOTA -> "insufficient_quota";
            case RATE_LIMIT -> "rate_limit_exceeded";
            case NOT_FOUND -> message != null && message.startsWith("model:") ? "model_not_found" : own(type);
            case OVERLOADED -> "server_is_overloaded";
            case CREDENTIAL -> type.equals("authentication_error") ? "invalid_api_key" : own(type);
            case INVALID_REQUEST -> type.equals("invalid_request_error") ? null : own(type);
            case TOO_LARGE, TIMEOUT, SERVER -> own(type);
        };
    }

    /** The provider's own word, if it is one. */
    private static @Nullable String own(String type) {
        return type.matches("[a-z0-9_]{1,64}") ? type : null;
    }

    private static @Nullable String param(@Nullable String message) {
        Matcher member = message == null ? null : FAULTY_MEMBER.matcher(message);
        return member != null && member.matches() ? member.group(1) : null;
    }

    /** The object that describes an error: of this dialect or another, alone or in a list; a missing node if there is none. */
    private static JsonNode errorIn(byte[] body) {
        JsonNode read = Json.read(body).orElseGet(Json::object);
        JsonNode whole = read.isArray() ? read.path(0) : read;
        JsonNode error = whole.path("error");
        if (error.isTextual()) {
            return Json.object().put("message", error.asText());
        }
        return error.isObject() ? error : whole;
    }

    private static @Nullable Duration retryAfter(Function<String, @Nullable String> header) {
        try {
            String millis = header.apply("retry-after-ms");
            if (millis != null) {
                return positive(Duration.ofMillis((long) Double.parseDouble(millis.strip())));
            }
            String after = header.apply("retry-after");
            if (after == null) {
                return null;
            }
            if (Character.isDigit(after.strip().isEmpty() ? ' ' : after.strip().charAt(0))) {
                return positive(Duration.ofMillis((long) (Double.parseDouble(after.strip()) * 1000)));
            }
            String now = header.apply("date");
            return positive(Duration.between(now == null ? Instant.now() : instant(now), instant(after)));
        } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
            return null;
        }
    }

    private static Instant instant(String date) {
        return ZonedDateTime.parse(date.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant();
    }

    private static @Nullable Duration positive(Duration wait) {
        return wait.isPositive() ? wait : null;
    }
}
