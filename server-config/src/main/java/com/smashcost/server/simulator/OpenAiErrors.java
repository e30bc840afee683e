package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The refusals of the OpenAI dialect. */
final class OpenAiErrors {

    private static final String REQUEST = "invalid_request_error";

    private OpenAiErrors() {}

    /**
     * Why a request is refused.
     *
     * @param parameter the member that is at fault
     */
    record Problem(
            int status,
            String message,
            String type,
            @Nullable String parameter,
            @Nullable String code) {

        static Problem invalid(String message, @Nullable String parameter, @Nullable String code) {
            return new Problem(400, message, REQUEST, parameter, code);
        }

        static Problem missing(String parameter) {
            return invalid("Missing required parameter: '" + parameter + "'.", parameter, "missing_required_parameter");
        }

        static Problem unknown(String parameter) {
            return invalid("Unknown parameter: '" + parameter + "'.", parameter, "unknown_parameter");
        }

        static Problem unknownModel(String model) {
            return new Problem(
                    404,
                    "The model `" + model + "` does not exist or you do not have access to it.",
                    REQUEST,
                    null,
                    "model_not_found");
        }

        static Problem malformed() {
            return invalid(
                    "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your"
                            + " HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not"
                            + " valid JSON.)",
                    null,
                    null);
        }
    }

    /** Answers with the error that stands in the way of every call; false if there is none. */
    static boolean refuses(Call call, OpenAiFlavour flavour) throws IOException {
        Problem problem = standing(call);
        if (problem != null) {
            send(call, flavour, problem);
        }
        return problem != null;
    }

    private static @Nullable Problem standing(Call call) {
        if (call.bearer().isEmpty()) {
            return new Problem(
                    401,
                    "You didn't provide an API key. You need to provide your API key in an Authorization header using"
                            + " Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
                    REQUEST,
                    null,
                    null);
        }
        if (call.bearer().startsWith(Call.BAD_KEY)) {
            return new Problem(
                    401,
                    "Incorrect API key provided: sim-bad*****. You can find your API key at"
                            + " https://platform.openai.com/account/api-keys.",
                    REQUEST,
                    null,
                    "invalid_api_key");
        }
        if (call.bearer().startsWith(Call.LIMITED_KEY)) {
            return new Problem(
                    429,
                    "Rate limit reached in organization org-simulated on tokens per min (TPM): Limit 200000, Used"
                            + " 162960, Requested 42288. Please try again in 1.574s.",
                    "tokens",
                    null,
                    "rate_limit_exceeded");
        }
        if (call.mustFail()) {
            return new Problem(
                    500,
                    "The server had an error while processing your request. Sorry about that!",
                    "server_error",
                    null,
                    null);
        }
        return null;
    }

    static void send(Call call, OpenAiFlavour flavour, Problem problem) throws IOException {
        ObjectNode error = Wire.object();
        ObjectNode inner =
                error.putObject("error").put("message", problem.message()).put("type", problem.type());
        switch (flavour) {
            case OPENAI -> inner.put("param", problem.parameter()).put("code", problem.code());
            case GROQ -> {
                if (problem.code() != null) {
                    inner.put("code", problem.code());
                }
            }
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("x-request-id", flavour.requestId());
        if (problem.status() == 429) {
            headers.put("retry-after", "2");
            headers.put("x-ratelimit-limit-tokens", "200000");
            headers.put("x-ratelimit-remaining-tokens", "0");
            headers.put("x-ratelimit-reset-tokens", "1.574s");
        }
        call.answer(problem.status(), error, headers);
    }
}
