package com.smashcost.gateway.control;

import com.smashcost.provider.control.ClientBody;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Piece;
import com.smashcost.provider.control.UpstreamFailure;
import com.smashcost.provider.control.anthropic.AnthropicProvider;
import com.smashcost.provider.control.anthropic.AnthropicRequest;
import com.smashcost.provider.control.anthropic.AnthropicResponse;
import com.smashcost.provider.control.conversation.Seal;
import com.smashcost.provider.control.conversation.Traits;
import com.smashcost.provider.control.conversation.Translated;
import com.smashcost.provider.control.gemini.GeminiProvider;
import com.smashcost.provider.control.gemini.GeminiRequest;
import com.smashcost.provider.control.gemini.GeminiResponse;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the tokens of a prompt are counted.
 *
 * @param outbound what to ask the provider; null where it does not count
 */
record TokenCount(URI uri, @Nullable Outbound outbound) {

    /** The way to count for this target. */
    static TokenCount of(ClientBody request, Target target) {
        Traits traits = target.traits();
        return switch (target.dialect()) {
            case ANTHROPIC_MESSAGES -> {
                URI uri = AnthropicProvider.countTokensUri(target.provider());
                yield Seal.isIn(request.body())
                        ? asked(
                                uri,
                                Dialect.ANTHROPIC_MESSAGES,
                                AnthropicRequest.writeCountTokens(
                                        AnthropicRequest.readCountTokens(Outbound.tree(request)), traits))
                        : new TokenCount(
                                uri,
                                new Outbound(
                                        Dialect.ANTHROPIC_MESSAGES,
                                        request.bodyFor(traits.model()),
                                        Map.of(),
                                        List.of(),
                                        null));
            }
            case GEMINI ->
                asked(
                        GeminiProvider.countTokens(target.provider(), traits.model()),
                        Dialect.GEMINI,
                        GeminiRequest.writeCountTokens(
                                AnthropicRequest.readCountTokens(Outbound.tree(request)), traits));
            case OPENAI_CHAT, OPENAI_RESPONSES ->
                new TokenCount(target.provider().baseUrl(), null);
        };
    }

    private static TokenCount asked(URI uri, Dialect spoken, Translated translated) {
        byte[] bytes = translated.body();
        return new TokenCount(
                uri,
                new Outbound(
                        spoken,
                        List.of(new Piece(bytes, 0, bytes.length)),
                        translated.headers(),
                        translated.dropped(),
                        null));
    }

    /**
     * The client's answer for the provider's.
     *
     * @throws UpstreamFailure if that is none
     */
    byte[] answer(byte[] counted) throws UpstreamFailure {
        return outbound != null && outbound.spoken() == Dialect.GEMINI
                ? AnthropicResponse.countTokensAnswer(GeminiResponse.readCountTokens(counted))
                : counted;
    }
}
