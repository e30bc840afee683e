package com.smashcost.server.simulator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.zip.CRC32;

/** Embeddings: the sum of a direction for each word, so that texts with words in common lie near each other. */
final class Vectors {

    private Vectors() {}

    /** Of length 1. */
    static float[] of(String text, int dimensions) {
        double[] sum = new double[dimensions];
        for (String word : text.toLowerCase(Locale.ROOT).split("\\W+", -1)) {
            CRC32 hash = new CRC32();
            hash.update(word.getBytes(StandardCharsets.UTF_8));
            long state = hash.getValue();
            for (int i = 0; i < dimensions; i++) {
                state = state * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
                sum[i] += (double) (state >> 32) / Integer.MAX_VALUE;
            }
        }
        double length = 0;
        for (double each : sum) {
            length += each * each;
        }
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) (sum[i] / Math.sqrt(length));
        }
        return vector;
    }

    /** Little-endian, as OpenAI sends it. */
    static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
