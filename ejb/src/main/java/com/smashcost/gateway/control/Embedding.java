package com.smashcost.gateway.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.ClientBody;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Dialects;
import com.smashcost.provider.control.Piece;
import com.smashcost.provider.control.UpstreamFailure;
import com.smashcost.provider.control.UpstreamFailure.Kind;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.control.conversation.Translated;
import com.smashcost.provider.control.gemini.GeminiEmbeddings;
import com.smashcost.provider.control.gemini.GeminiProvider;
import com.smashcost.provider.control.openai.OpenAiProvider;
import com.smashcost.provider.entity.Usage;
import com.smashcost.refusal.control.Refusal;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How texts are embedded at a provider.
 *
 * @param wanted what the client asked for, for a provider of another dialect than the client's; null for one of the same
 */
record Embedding(Target target, URI uri, Outbound outbound, byte[] request, GeminiEmbeddings.@Nullable Wanted wanted) {

    /**
     * Vectors for the client, and what their provider reports.
     *
     * @param promptTokens as reported, else our estimate
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Vectors(byte[] body, Report report, long promptTokens) {}

    /**
     * @throws Refusal.BadRequest if the provider embeds nothing, or not so
     */
    static Embedding of(ClientBody request, Target target) {
        String model = target.traits().model();
        return switch (target.dialect()) {
            case OPENAI_CHAT ->
                new Embedding(
                        target,
                        OpenAiProvider.embeddings(target.provider()),
                        new Outbound(Dialect.OPENAI_CHAT, request.bodyFor(model), Map.of(), List.of(), null),
                        request.body(),
                        null);
            case GEMINI -> {
                ObjectNode body = Outbound.tree(request);
                GeminiEmbeddings.Wanted wanted = GeminiEmbeddings.wanted(body, target.traits());
                Translated translated = GeminiEmbeddings.write(body, wanted, target.traits());
                byte[] bytes = translated.body();
                yield new Embedding(
                        target,
                        GeminiProvider.embeddings(target.provider(), model),
                        new Outbound(
                                Dialect.GEMINI,
                                List.of(new Piece(bytes, 0, bytes.length)),
                                translated.headers(),
                                translated.dropped(),
                                null),
                        request.body(),
                        wanted);
            }
            case OPENAI_RESPONSES, ANTHROPIC_MESSAGES ->
                throw new Refusal.BadRequest(
                        "model_not_supported",
                        "The provider " + target.provider().id() + " has no embeddings.",
                        "model");
        };
    }

    /**
     * Understands the provider's answer.
     *
     * @throws UpstreamFailure if it is none
     */
    Vectors read(byte[] body) throws UpstreamFailure {
        if (wanted == null) {
            Report report = Dialects.report(target.dialect(), body)
                    .orElseThrow(() -> new UpstreamFailure(Kind.upstream_invalid_response));
            return new Vectors(body, report, tokens(report));
        }
        GeminiEmbeddings.Vectors vectors =
                GeminiEmbeddings.read(body, wanted.texts().size());
        Report report = vectors.report();
        long tokens = tokens(report);
        return new Vectors(
                GeminiEmbeddings.write(vectors, wanted.base64(), target.traits().model(), tokens), report, tokens);
    }

    private long tokens(Report report) {
        return report.usage().isKnown() ? report.usage().promptTokens() : Heard.prompt(request);
    }

    /** A usage that is all prompt. */
    static Usage prompt(long tokens) {
        return new Usage(tokens, null, null, null, null, null, null, null);
    }

    @Override
    public String toString() {
        return "Embedding[" + target.traits().model() + "]";
    }
}
