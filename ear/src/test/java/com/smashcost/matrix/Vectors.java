package com.smashcost.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Embeddings, as much of them as two readers of the same can agree on. */
final class Vectors {

    private Vectors() {}

    /** Those of an answer of OpenAI or Google. */
    static List<List<Double>> of(JsonNode answer) {
        List<List<Double>> vectors = new ArrayList<>();
        for (JsonNode entry : answer.path("data")) {
            vectors.add(vector(entry.path("embedding")));
        }
        for (JsonNode entry : answer.path("embeddings")) {
            vectors.add(vector(entry.path("values")));
        }
        return vectors;
    }

    /** What they say, with how many tokens were read. */
    static Facts facts(List<List<Double>> vectors, @Nullable Long tokens) {
        String text = vectors.stream()
                .map(vector -> String.format(
                        Locale.ROOT, "%d of %.5f … %.5f", vector.size(), vector.getFirst(), vector.getLast()))
                .collect(Collectors.joining("; "));
        return new Facts(
                text,
                "",
                "",
                List.of(),
                null,
                tokens == null ? null : new Facts.Tokens(tokens, null, null, null, null, null, null),
                false);
    }

    /** A count of tokens, which is no answer. */
    static Facts count(long tokens) {
        return new Facts(Long.toString(tokens), "", "", List.of(), null, null, false);
    }

    private static List<Double> vector(JsonNode values) {
        List<Double> vector = new ArrayList<>();
        if (values.isTextual()) {
            ByteBuffer floats =
                    ByteBuffer.wrap(Base64.getDecoder().decode(values.asText())).order(ByteOrder.LITTLE_ENDIAN);
            while (floats.hasRemaining()) {
                vector.add((double) floats.getFloat());
            }
        }
        values.forEach(value -> vector.add(value.asDouble()));
        return vector;
    }
}
