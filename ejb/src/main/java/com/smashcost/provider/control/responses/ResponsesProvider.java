package com.smashcost.provider.control.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.provider.control.Provider;
import com.smashcost.provider.control.ProviderError;
import com.smashcost.provider.control.ProviderError.Kind;
import com.smashcost.provider.control.openai.OpenAiError;
import com.smashcost.provider.control.openai.OpenAiProvider;
import java.net.URI;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How providers of the dialect are called, and what their errors mean. */
public final class ResponsesProvider {

    private static final String CONTEXT_LENGTH = "context_length_exceeded";

    private ResponsesProvider() {}

    /** Where requests are posted; the model and the wish for a stream stand in the body. */
    public static URI uri(Provider provider, String model, boolean stream) {
        return provider.at("/responses");
    }

    /**
     * The headers of a call.
     *
     * @param apiKey the customer's key, visible ASCII
     * @param clientHeaders by their names in lower case
     */
    public static Map<String, String> headers(byte[] apiKey, boolean stream, Map<String, String> clientHeaders) {
        return OpenAiProvider.headers(apiKey, stream, clientHeaders);
    }

    /** Whether the client may see this header of an answer; {@code lowerCaseName} is in lower case. */
    public static boolean passesOn(String lowerCaseName) {
        return OpenAiProvider.passesOn(lowerCaseName);
    }

    /** What an error answer means, whatever its body is. */
    public static ProviderError error(int status, Function<String, @Nullable String> header, byte[] body) {
        return OpenAiProvider.error(status, header, body);
    }

    /** The body of an error of ours. */
    public static byte[] errorBody(int status, String code, String message, @Nullable String param, String requestId) {
        return OpenAiError.body(status, code, message, param);
    }

    /** What an error in the middle of a stream means. */
    static ProviderError streamed(JsonNode error) {
        return OpenAiProvider.streamError(error);
    }

    /** What an event that is none of the dialect means. */
    static ProviderError unreadable() {
        return new ProviderError(502, Kind.SERVER, "upstream_invalid_response", null, null, null);
    }

    /** The type of an error event of ours. */
    static String errorType(int status, String code) {
        return switch (status) {
            case 429 -> code.equals("insufficient_quota") ? code : "rate_limit_error";
            case 503, 529 -> "service_unavailable_error";
            default -> status >= 500 || status < 400 ? "server_error" : "invalid_request_error";
        };
    }

    /** Why a response failed: a code that clients of the dialect act on. */
    static String failureCode(int status, String code) {
        return switch (code) {
            case "rate_limit_exceeded",
                    "insufficient_quota",
                    "server_error",
                    "server_is_overloaded",
                    "invalid_prompt",
                    CONTEXT_LENGTH -> code;
            default ->
                status == 429
                        ? "rate_limit_exceeded"
                        : status >= 400 && status < 500 ? "invalid_prompt" : "server_error";
        };
    }
}
