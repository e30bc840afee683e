package com.smashcost.routing.training;

import com.smashcost.routing.control.Features;
import com.smashcost.routing.control.Focus;
import com.smashcost.routing.control.Weights;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The n-grams that are kept: those which most prompts have, without those that half of them have. */
@SuppressWarnings("ArrayRecordComponent")
record Vocabulary(int[] index, byte[] rarity) {

    /** So many are kept. */
    private static final int MOST = 48_000;

    static Vocabulary of(List<Sample> samples) {
        int[] weighted = new int[Features.BUCKETS];
        int[] prompts = new int[Features.BUCKETS];
        for (Sample sample : samples) {
            int weight = sample.source().startsWith("own-") ? 3 : 1;
            for (int gram : Features.of(sample.asked(), Focus.ALL).grams()) {
                weighted[gram] += weight;
                prompts[gram]++;
            }
        }
        int[] kept = IntStream.range(0, Features.BUCKETS)
                .filter(gram -> prompts[gram] < samples.size() / 2)
                .boxed()
                .sorted(Comparator.comparingInt((Integer gram) -> -weighted[gram])
                        .thenComparing(gram -> gram))
                .limit(MOST)
                .sorted()
                .mapToInt(Integer::intValue)
                .toArray();
        int[] index = new int[Features.BUCKETS];
        Arrays.fill(index, -1);
        byte[] rarity = new byte[kept.length];
        for (int row = 0; row < kept.length; row++) {
            index[kept[row]] = row;
            double idf = StrictMath.log(samples.size() / (double) Math.max(1, prompts[kept[row]]));
            rarity[row] = (byte) Math.clamp(Math.round(16 * idf), 1, 127);
        }
        return new Vocabulary(index, rarity);
    }

    int size() {
        return rarity.length;
    }

    /** The rows that these n-grams have, each weighted by its rarity, of unit length. */
    Projection.Row row(int[] grams) {
        int[] columns = Arrays.stream(grams)
                .map(gram -> index[gram])
                .filter(row -> row >= 0)
                .sorted()
                .toArray();
        float[] values = new float[columns.length];
        double squares = 1e-6;
        for (int at = 0; at < columns.length; at++) {
            values[at] = rarity[columns[at]] / 16f;
            squares += values[at] * values[at];
        }
        float norm = (float) (1 / Math.sqrt(squares));
        for (int at = 0; at < columns.length; at++) {
            values[at] *= norm;
        }
        return new Projection.Row(columns, values);
    }

    /** Rows without anything about tasks yet. */
    Weights.Rows quantised(float[][] directions, byte[] focus) {
        int dimensions = directions[0].length;
        float[] scale = scale(directions, dimensions);
        return new Weights.Rows(index, rarity, bytes(directions, scale), scale, focus);
    }

    /** Of each column, for {@link #bytes}. */
    static float[] scale(float[][] table, int columns) {
        float[] scale = new float[columns];
        for (int at = 0; at < columns; at++) {
            int column = at;
            // A few outliers are clipped, for the sake of the resolution of all others.
            double[] sizes = Arrays.stream(table)
                    .mapToDouble(row -> Math.abs(row[column]))
                    .sorted()
                    .toArray();
            scale[at] = (float) Math.max(1e-9, sizes[(int) (sizes.length * 0.9995)] / 127);
        }
        return scale;
    }

    static byte[] bytes(float[][] table, float[] scale) {
        byte[] bytes = new byte[table.length * scale.length];
        for (int row = 0; row < table.length; row++) {
            for (int at = 0; at < scale.length; at++) {
                bytes[row * scale.length + at] = (byte) Math.clamp(Math.round(table[row][at] / scale[at]), -127, 127);
            }
        }
        return bytes;
    }
}
