package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The refusals of the OpenAI dialect. */
final class OpenAiErrors {

    private OpenAiErrors() {}

    /** Answers with the error that stands in the way of every call; false if there is none. */
    static boolean refuses(Call call, OpenAiFlavour flavour) throws IOException {
        if (call.bearer().isEmpty()) {
            send(
                    call,
                    flavour,
                    401,
                    "You didn't provide an API key. You need to provide your API key in an Authorization header using"
                            + " Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
                    "invalid_request_error",
                    null,
                    null);
            return true;
        }
        if (call.bearer().startsWith("sim-bad")) {
            send(
                    call,
                    flavour,
                    401,
                    "Incorrect API key provided: sim-bad*****. You can find your API key at"
                            + " https://platform.openai.com/account/api-keys.",
                    "invalid_request_error",
                    null,
                    "invalid_api_key");
            return true;
        }
        if (call.mustFail()) {
            send(
                    call,
                    flavour,
                    500,
                    "The server had an error while processing your request. Sorry about that!",
                    "server_error",
                    null,
                    null);
            return true;
        }
        return false;
    }

    static void malformed(Call call, OpenAiFlavour flavour) throws IOException {
        send(
                call,
                flavour,
                400,
                "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP"
                        + " library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)",
                "invalid_request_error",
                null,
                null);
    }

    static void missing(Call call, OpenAiFlavour flavour, String parameter) throws IOException {
        send(
                call,
                flavour,
                400,
                "Missing required parameter: '" + parameter + "'.",
                "invalid_request_error",
                parameter,
                "missing_required_parameter");
    }

    static void unknownModel(Call call, OpenAiFlavour flavour, String model) throws IOException {
        send(
                call,
                flavour,
                404,
                "The model `" + model + "` does not exist or you do not have access to it.",
                "invalid_request_error",
                null,
                "model_not_found");
    }

    private static void send(
            Call call,
            OpenAiFlavour flavour,
            int status,
            String message,
            String type,
            @Nullable String parameter,
            @Nullable String code)
            throws IOException {
        ObjectNode error = Wire.object();
        switch (flavour) {
            case OPENAI ->
                error.putObject("error")
                        .put("message", message)
                        .put("type", type)
                        .put("param", parameter)
                        .put("code", code);
            case GROQ -> {
                ObjectNode inner =
                        error.putObject("error").put("message", message).put("type", type);
                if (code != null) {
                    inner.put("code", code);
                }
            }
        }
        call.answer(status, error, Map.of("x-request-id", flavour.requestId()));
    }
}
