package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The refusals of Google's Gemini API. */
final class GeminiErrors {

    /** Where the simulated models of Google begin, in the version of the recordings and in that of the current SDK. */
    private static final Pattern MODELS = Pattern.compile("/google/v1(?:beta)?/models(?:/(.+))?");

    private static final String TYPES = "type.googleapis.com/google.rpc.";
    private static final Pattern PLACE = Pattern.compile(" at '([^']+)'");

    private GeminiErrors() {}

    /** What a path names below the models: empty for the list of them, nothing if it leads elsewhere. */
    static Optional<String> belowModels(String path) {
        Matcher matcher = MODELS.matcher(path);
        return matcher.matches() ? Optional.of(Objects.requireNonNullElse(matcher.group(1), "")) : Optional.empty();
    }

    /** Answers with the error that stands in the way of every call; false if there is none. */
    static boolean refuses(Call call) throws IOException {
        String header = call.header("x-goog-api-key");
        String key = header.isEmpty() ? call.query("key") : header;
        if (key.isEmpty() && !call.bearer().isEmpty()) {
            send(
                    call,
                    401,
                    "UNAUTHENTICATED",
                    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or"
                            + " other valid authentication credential.",
                    Wire.array());
        } else if (key.isEmpty()) {
            send(
                    call,
                    403,
                    "PERMISSION_DENIED",
                    "Method doesn't allow unregistered callers (callers without established identity). Please use API"
                            + " Key or other form of API consumer identity to call this API.",
                    Wire.array());
        } else if (key.startsWith(Call.BAD_KEY)) {
            badKey(call);
        } else if (key.startsWith(Call.LIMITED_KEY)) {
            limited(call);
        } else if (call.mustFail()) {
            send(call, 503, "UNAVAILABLE", "The model is overloaded. Please try again later.", Wire.array());
        } else {
            return false;
        }
        return true;
    }

    private static void badKey(Call call) throws IOException {
        String message = "API key not valid. Please pass a valid API key.";
        ArrayNode details = Wire.array();
        details.addObject()
                .put("@type", TYPES + "ErrorInfo")
                .put("reason", "API_KEY_INVALID")
                .put("domain", "googleapis.com")
                .putObject("metadata")
                .put("service", "generativelanguage.googleapis.com");
        details.addObject()
                .put("@type", TYPES + "LocalizedMessage")
                .put("locale", "en-US")
                .put("message", message);
        send(call, 400, "INVALID_ARGUMENT", message, details);
    }

    private static void limited(Call call) throws IOException {
        ArrayNode details = Wire.array();
        details.addObject()
                .put("@type", TYPES + "QuotaFailure")
                .putArray("violations")
                .addObject()
                .put("quotaId", "GenerateContentPaidTierInputTokensPerModelPerMinute");
        details.addObject().put("@type", TYPES + "RetryInfo").put("retryDelay", "34.4s");
        send(
                call,
                429,
                "RESOURCE_EXHAUSTED",
                "You exceeded your current quota, please check your plan and billing details.\nPlease retry in 34.4s.",
                details);
    }

    static void malformed(Call call) throws IOException {
        send(call, 400, "INVALID_ARGUMENT", "Invalid JSON payload received. Unexpected end of string.", Wire.array());
    }

    static void invalid(Call call, String message) throws IOException {
        send(call, 400, "INVALID_ARGUMENT", message, Wire.array());
    }

    /** Names that are not known, all of them at once. */
    static void unknownFields(Call call, List<String> violations) throws IOException {
        ArrayNode details = Wire.array();
        ArrayNode fields =
                details.addObject().put("@type", TYPES + "BadRequest").putArray("fieldViolations");
        for (String violation : violations) {
            ObjectNode field = fields.addObject();
            Matcher place = PLACE.matcher(violation);
            if (place.find()) {
                field.put("field", place.group(1));
            }
            field.put("description", violation);
        }
        send(call, 400, "INVALID_ARGUMENT", String.join("\n", violations), details);
    }

    static void unknownModel(Call call, String model, String method) throws IOException {
        send(
                call,
                404,
                "NOT_FOUND",
                "models/" + model + " is not found for API version v1beta, or is not supported for " + method
                        + ". Call ModelService.ListModels to see the list of available models and their supported"
                        + " methods.",
                Wire.array());
    }

    private static void send(Call call, int status, String name, String message, ArrayNode details) throws IOException {
        ObjectNode body = Wire.object();
        ObjectNode error = body.putObject("error")
                .put("code", status)
                .put("message", message)
                .put("status", name);
        if (!details.isEmpty()) {
            error.set("details", details);
        }
        call.answer(status, body, headers());
    }

    static Map<String, String> headers() {
        return Map.of("Content-Type", "application/json; charset=UTF-8", "x-gemini-service-tier", "standard");
    }
}
