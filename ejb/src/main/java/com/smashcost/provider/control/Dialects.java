package com.smashcost.provider.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.anthropic.AnthropicProvider;
import com.smashcost.provider.control.anthropic.AnthropicRequest;
import com.smashcost.provider.control.anthropic.AnthropicResponse;
import com.smashcost.provider.control.anthropic.AnthropicStream;
import com.smashcost.provider.control.conversation.AnswerFrame;
import com.smashcost.provider.control.conversation.Completion;
import com.smashcost.provider.control.conversation.Conversation;
import com.smashcost.provider.control.conversation.EventReader;
import com.smashcost.provider.control.conversation.EventWriter;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.control.conversation.Traits;
import com.smashcost.provider.control.conversation.Translated;
import com.smashcost.provider.control.gemini.GeminiProvider;
import com.smashcost.provider.control.gemini.GeminiRequest;
import com.smashcost.provider.control.gemini.GeminiResponse;
import com.smashcost.provider.control.gemini.GeminiStream;
import com.smashcost.provider.control.openai.OpenAiError;
import com.smashcost.provider.control.openai.OpenAiProvider;
import com.smashcost.provider.control.openai.OpenAiRequest;
import com.smashcost.provider.control.openai.OpenAiResponse;
import com.smashcost.provider.control.openai.OpenAiStream;
import com.smashcost.provider.control.responses.ResponsesProvider;
import com.smashcost.provider.control.responses.ResponsesRequest;
import com.smashcost.provider.control.responses.ResponsesResponse;
import com.smashcost.provider.control.responses.ResponsesStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The one place that knows all dialects: what a new one has to be able to do. Clients speak all but Gemini's. */
public final class Dialects {

    private Dialects() {}

    /**
     * Understands what a client asks for.
     *
     * @throws com.smashcost.refusal.control.Refusal.BadRequest if the body is none of the dialect
     */
    public static Conversation read(Dialect client, ObjectNode body) {
        return switch (client) {
            case OPENAI_CHAT -> OpenAiRequest.read(body);
            case OPENAI_RESPONSES -> {
                ResponsesRequest.refuseState(body);
                yield ResponsesRequest.read(body);
            }
            case ANTHROPIC_MESSAGES -> AnthropicRequest.read(body);
            case GEMINI -> throw noClient();
        };
    }

    /**
     * Asks a provider for the same.
     *
     * @throws com.smashcost.refusal.control.Refusal.BadRequest if the model cannot do what the answer depends on
     */
    public static Translated write(Dialect provider, Conversation conversation, Traits traits) {
        return switch (provider) {
            case OPENAI_CHAT -> OpenAiRequest.write(conversation, traits);
            case OPENAI_RESPONSES -> ResponsesRequest.write(conversation, traits);
            case ANTHROPIC_MESSAGES -> AnthropicRequest.write(conversation, traits);
            case GEMINI -> GeminiRequest.write(conversation, traits);
        };
    }

    /**
     * Understands a provider's whole answer.
     *
     * @throws UpstreamFailure if it is none of the dialect
     */
    public static Completion read(Dialect provider, byte[] body, Conversation conversation, Traits traits)
            throws UpstreamFailure {
        return switch (provider) {
            case OPENAI_CHAT -> OpenAiResponse.read(body);
            case OPENAI_RESPONSES -> ResponsesResponse.read(body);
            case ANTHROPIC_MESSAGES -> AnthropicResponse.read(body, conversation, traits);
            case GEMINI -> GeminiResponse.read(body, conversation, traits);
        };
    }

    /** Tells a client of a whole answer. */
    public static byte[] write(Dialect client, Completion completion, AnswerFrame frame) {
        return switch (client) {
            case OPENAI_CHAT -> OpenAiResponse.write(completion, frame);
            case OPENAI_RESPONSES -> ResponsesResponse.write(completion, frame);
            case ANTHROPIC_MESSAGES -> AnthropicResponse.write(completion, frame);
            case GEMINI -> throw noClient();
        };
    }

    /** What a whole answer that passes unchanged reports; empty if it is none of the dialect. */
    public static Optional<Report> report(Dialect dialect, byte[] body) {
        return switch (dialect) {
            case OPENAI_CHAT -> OpenAiResponse.report(body, 0, body.length);
            case OPENAI_RESPONSES -> ResponsesResponse.report(body, 0, body.length);
            case ANTHROPIC_MESSAGES -> AnthropicResponse.report(body, 0, body.length);
            case GEMINI -> GeminiResponse.report(body, 0, body.length);
        };
    }

    /** Understands a provider's stream. */
    public static EventReader reader(Dialect provider, Conversation conversation, Traits traits) {
        return switch (provider) {
            case OPENAI_CHAT -> new OpenAiStream.Reader();
            case OPENAI_RESPONSES -> new ResponsesStream.Reader();
            case ANTHROPIC_MESSAGES -> new AnthropicStream.Reader(conversation, traits);
            case GEMINI -> new GeminiStream.Reader(conversation, traits);
        };
    }

    /**
     * Tells a client of a streamed answer.
     *
     * @param promptTokens an estimate, for dialects that begin with it
     */
    public static EventWriter writer(Dialect client, AnswerFrame frame, long promptTokens) {
        return switch (client) {
            case OPENAI_CHAT -> new OpenAiStream.Writer(frame);
            case OPENAI_RESPONSES -> new ResponsesStream.Writer(frame);
            case ANTHROPIC_MESSAGES -> new AnthropicStream.Writer(frame, promptTokens);
            case GEMINI -> throw noClient();
        };
    }

    /**
     * Watches a stream that passes unchanged.
     *
     * @param withholdUsage whether chunks that hold nothing but usage stay here
     */
    public static EventWatch watch(Dialect dialect, boolean withholdUsage) {
        return switch (dialect) {
            case OPENAI_CHAT -> new OpenAiStream.Watch(withholdUsage);
            case OPENAI_RESPONSES -> new ResponsesStream.Watch();
            case ANTHROPIC_MESSAGES -> new AnthropicStream.Watch();
            case GEMINI -> throw noClient();
        };
    }

    /** Where a request is posted. */
    public static URI uri(Dialect dialect, Provider provider, String model, boolean stream) {
        return switch (dialect) {
            case OPENAI_CHAT -> OpenAiProvider.uri(provider);
            case OPENAI_RESPONSES -> ResponsesProvider.uri(provider, model, stream);
            case ANTHROPIC_MESSAGES -> AnthropicProvider.uri(provider, model, stream);
            case GEMINI -> GeminiProvider.uri(provider, model, stream);
        };
    }

    /**
     * The headers of a call.
     *
     * @param apiKey the customer's key, visible ASCII
     * @param clientHeaders what the client sent, by lower-case name
     */
    public static Map<String, String> headers(
            Dialect dialect, byte[] apiKey, boolean stream, Map<String, String> clientHeaders) {
        return switch (dialect) {
            case OPENAI_CHAT -> OpenAiProvider.headers(apiKey, stream, clientHeaders);
            case OPENAI_RESPONSES -> ResponsesProvider.headers(apiKey, stream, clientHeaders);
            case ANTHROPIC_MESSAGES -> AnthropicProvider.headers(apiKey, stream, clientHeaders);
            case GEMINI -> GeminiProvider.headers(apiKey, stream, clientHeaders);
        };
    }

    /** Whether the client may see this header of an answer; {@code name} is in lower case. */
    public static boolean passesOn(Dialect dialect, String name) {
        return switch (dialect) {
            case OPENAI_CHAT -> OpenAiProvider.passesOn(name);
            case OPENAI_RESPONSES -> ResponsesProvider.passesOn(name);
            case ANTHROPIC_MESSAGES -> AnthropicProvider.passesOn(name);
            case GEMINI -> GeminiProvider.passesOn(name);
        };
    }

    /** What a provider's error answer means; any body will do. */
    public static ProviderError error(
            Dialect dialect, int status, Function<String, @Nullable String> header, byte[] body) {
        return switch (dialect) {
            case OPENAI_CHAT -> OpenAiProvider.error(status, header, body);
            case OPENAI_RESPONSES -> ResponsesProvider.error(status, header, body);
            case ANTHROPIC_MESSAGES -> AnthropicProvider.error(status, header, body);
            case GEMINI -> GeminiProvider.error(status, header, body);
        };
    }

    /** Whether this is an error that SDKs recognise: an object with an object {@code error}, in all dialects of clients. */
    public static boolean isError(byte[] body) {
        return OpenAiError.isOne(body);
    }

    /** The body of an error for a client. */
    public static byte[] errorBody(
            Dialect client, int status, String code, String message, @Nullable String param, String requestId) {
        return switch (client) {
            case OPENAI_CHAT, OPENAI_RESPONSES -> OpenAiProvider.errorBody(status, code, message, param);
            case ANTHROPIC_MESSAGES -> AnthropicProvider.errorBody(status, code, message, param, requestId);
            case GEMINI -> throw noClient();
        };
    }

    /** The event with which a passing stream ends that cannot end well; SDKs raise it. */
    public static byte[] errorEvent(Dialect client, int status, String code, String message, String requestId) {
        byte[] body = errorBody(client, status, code, message, null, requestId);
        String text = new String(body, StandardCharsets.UTF_8);
        String event = client == Dialect.OPENAI_CHAT ? "" : "event: error\n";
        return (event + "data: " + text + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Events that keep a connection alive and mean nothing. */
    public static byte[] keepAlive(Dialect client) {
        String event = client == Dialect.ANTHROPIC_MESSAGES
                ? "event: ping\ndata: {\"type\": \"ping\"}\n\n"
                : ": keep-alive\n\n";
        return event.getBytes(StandardCharsets.US_ASCII);
    }

    private static IllegalArgumentException noClient() {
        return new IllegalArgumentException("clients do not speak this dialect");
    }
}
