package com.smashcost.matrix;

import com.smashcost.matrix.Exchange.Kind;
import com.smashcost.upstream.Scene;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One question of one client, which a provider answers as it was recorded.
 *
 * @param route what the client speaks
 * @param model that it asks for
 * @param tag that its ledger row bears
 */
record Cell(
        String client,
        Wire route,
        Exchange exchange,
        Asked asked,
        String model,
        boolean stream,
        String tag,
        Scene scene) {

    /** What a client understood: an answer or an error. */
    record Told(@Nullable Facts facts, @Nullable Failure failure) {

        static Told of(Facts facts) {
            return new Told(facts, null);
        }

        static Told failed(int status, @Nullable String type, @Nullable String code, @Nullable String message) {
            return new Told(null, new Failure(status, type, code, message));
        }
    }

    /**
     * An error as the client raised it.
     *
     * @param status 0 where it does not say
     */
    record Failure(
            int status,
            @Nullable String type,
            @Nullable String code,
            @Nullable String message) {}

    /** Whether the provider speaks as the client does, so that bytes pass. */
    boolean passes() {
        return route == exchange.wire() || exchange.kind() != Kind.ANSWER;
    }

    /** The texts to embed. */
    List<String> texts() {
        int count = Math.max(1, Vectors.of(exchange.json()).size());
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add("Some text " + i + " goes here " + scene.marker());
        }
        return texts;
    }

    /** How long the vectors shall be; 0 if it was not said. */
    int dimensions() {
        int openai = exchange.request().path("dimensions").asInt();
        return Math.max(
                0,
                openai != 0
                        ? openai
                        : exchange.request()
                                .at("/requests/0/outputDimensionality")
                                .asInt());
    }

    @Override
    public String toString() {
        return client + " <- " + exchange + (stream && !exchange.stream() ? " (asked to stream)" : "");
    }
}
