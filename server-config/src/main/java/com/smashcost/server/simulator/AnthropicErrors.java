package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The refusals of Anthropic, and the headers that every answer has. */
final class AnthropicErrors {

    /** Where the simulated Anthropic begins. */
    static final String ROOT = "/anthropic";

    /** The long-lived version, and the one that the official SDKs send since October 2026. */
    private static final Set<String> VERSIONS = Set.of("2023-06-01", "2026-10-21");

    private AnthropicErrors() {}

    /** Answers with the error that stands in the way of every call; false if there is none. */
    static boolean refuses(Call call) throws IOException {
        // the official SDKs send a key either way
        String header = call.header("x-api-key");
        String key = header.isEmpty() ? call.bearer() : header;
        String version = call.header("anthropic-version");
        if (key.isEmpty()) {
            send(call, 401, "authentication_error", "x-api-key header is required", Map.of());
        } else if (key.startsWith(Call.BAD_KEY)) {
            send(
                    call,
                    401,
                    "authentication_error",
                    header.isEmpty() ? "Invalid bearer token" : "invalid x-api-key",
                    Map.of());
        } else if (version.isEmpty()) {
            invalid(call, "anthropic-version: header is required");
        } else if (!VERSIONS.contains(version)) {
            invalid(call, "anthropic-version: \"" + version + "\" is not a valid version");
        } else if (key.startsWith(Call.LIMITED_KEY)) {
            Map<String, String> headers = new LinkedHashMap<>(headers());
            headers.put("anthropic-ratelimit-input-tokens-limit", "20000");
            headers.put("anthropic-ratelimit-input-tokens-remaining", "0");
            headers.put("retry-after", "31");
            send(
                    call,
                    429,
                    "rate_limit_error",
                    "This request would exceed the rate limit for your organization of 20,000 input tokens per minute.",
                    headers);
        } else if (call.mustFail()) {
            send(call, 529, "overloaded_error", "Overloaded", Map.of());
        } else {
            return false;
        }
        return true;
    }

    static void invalid(Call call, String message) throws IOException {
        send(call, 400, "invalid_request_error", message, Map.of());
    }

    static void unknownModel(Call call, String model) throws IOException {
        send(call, 404, "not_found_error", "model: " + model, Map.of());
    }

    private static void send(Call call, int status, String type, String message, Map<String, String> more)
            throws IOException {
        String requestId = requestId();
        ObjectNode error = Wire.object().put("type", "error");
        error.putObject("error").put("type", type).put("message", message);
        error.put("request_id", requestId);
        Map<String, String> headers = new LinkedHashMap<>(more);
        headers.put("request-id", requestId);
        headers.put("x-should-retry", Boolean.toString(status == 429 || status >= 500));
        call.answer(status, error, headers);
    }

    /** Of an answer: limits with the time at which they are full again. */
    static Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("request-id", requestId());
        headers.put("anthropic-organization-id", "00000000-0000-0000-0000-000000000000");
        String reset = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        for (String limit : List.of(
                "requests:20000:19999",
                "tokens:4800000:4799000",
                "input-tokens:4000000:3999000",
                "output-tokens:800000:800000")) {
            String[] parts = limit.split(":", 3);
            String name = "anthropic-ratelimit-" + parts[0];
            headers.put(name + "-limit", parts[1]);
            headers.put(name + "-remaining", parts[2]);
            headers.put(name + "-reset", reset);
        }
        return headers;
    }

    private static String requestId() {
        return "req_011C" + Wire.random(20);
    }
}
