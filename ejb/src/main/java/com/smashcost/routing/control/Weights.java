package com.smashcost.routing.control;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * What training has left behind, as numbers alone: no prompt and no n-gram can be read from it.
 *
 * @param version of the data and of the training
 * @param rows what each hashed n-gram says
 * @param task by {@link Task} and signal
 * @param right by tier below frontier, by signal and after them by dimension
 * @param frontier the share of what a large model gets wrong that a frontier model gets right
 * @param curves how much quality is retained
 * @param neighbourhoods where the training's prompts lie
 */
@SuppressWarnings("ArrayRecordComponent")
public record Weights(
        String version,
        Rows rows,
        float[][] task,
        float[][] right,
        float frontier,
        Curve[][] curves,
        Neighbourhoods neighbourhoods) {

    /** The first bytes of the artefact. */
    public static final int MAGIC = 0x53435231;

    static final int TASKS = Task.values().length;

    /**
     * What the known n-grams say, a byte for each number.
     *
     * @param index the row of a bucket; -1 = not known
     * @param rarity of each row, in 1/16
     * @param directions by row and dimension
     * @param directionScale of each dimension's bytes
     * @param tasks by row and task
     * @param taskScale of each task's bytes
     * @param focus of each row that is a single word, in sixteenths of log-odds
     */
    public record Rows(
            int[] index,
            byte[] rarity,
            byte[] directions,
            float[] directionScale,
            byte[] tasks,
            float[] taskScale,
            byte[] focus) {

        public int dimensions() {
            return directionScale.length;
        }

        /** How likely each word is to be part of what is asked. */
        public Focus focusing() {
            byte[] byBucket = new byte[Features.BUCKETS];
            for (int bucket = 0; bucket < index.length; bucket++) {
                byBucket[bucket] = index[bucket] < 0 ? 0 : focus[index[bucket]];
            }
            return new Focus(byBucket);
        }
    }

    /**
     * The retention of all traffic that is routed up to an expected loss, as the lower 90 % bound.
     *
     * @param loss ascending
     * @param retained descending
     */
    public record Curve(float[] loss, float[] retained) {

        double at(double expected) {
            int found = Arrays.binarySearch(loss, (float) expected);
            int after = found >= 0 ? found : -found - 1;
            if (after == 0) {
                return retained[0];
            }
            if (after == loss.length) {
                return retained[loss.length - 1];
            }
            double width = loss[after] - loss[after - 1];
            double share = width <= 0 ? 1 : (expected - loss[after - 1]) / width;
            return retained[after - 1] + share * (retained[after] - retained[after - 1]);
        }
    }

    /**
     * Where the training's prompts lie.
     *
     * @param centres of unit length, one after the other
     * @param leastSimilar the least cosine to the nearest of them
     * @param leastKnown the least share of n-grams that are known
     */
    public record Neighbourhoods(float[] centres, float leastSimilar, float leastKnown) {

        /** The cosine to the nearest centre. */
        public double similarity(float[] vector) {
            double norm = 1e-9;
            for (float value : vector) {
                norm += value * value;
            }
            double best = -1;
            for (int from = 0; from < centres.length; from += vector.length) {
                float dot = 0;
                for (int at = 0; at < vector.length; at++) {
                    dot += centres[from + at] * vector[at];
                }
                best = Math.max(best, dot);
            }
            return best / Math.sqrt(norm);
        }
    }

    /** Reads what training has written. */
    public static Weights read(InputStream bytes) throws IOException {
        DataInputStream in = new DataInputStream(bytes);
        if (in.readInt() != MAGIC) {
            throw new IOException("The classifier's weights begin with other bytes than expected");
        }
        String version = in.readUTF();
        int[] index = new int[Features.BUCKETS];
        int rows = 0;
        byte[] known = in.readNBytes(Features.BUCKETS / 8);
        for (int bucket = 0; bucket < index.length; bucket++) {
            index[bucket] = (known[bucket >> 3] & 1 << (bucket & 7)) == 0 ? -1 : rows++;
        }
        float[] directionScale = floats(in);
        float[] taskScale = floats(in);
        Rows read = new Rows(
                index,
                in.readNBytes(rows),
                in.readNBytes(rows * directionScale.length),
                directionScale,
                in.readNBytes(rows * taskScale.length),
                taskScale,
                in.readNBytes(rows));
        float[][] task = table(in);
        float[][] right = table(in);
        float frontier = in.readFloat();
        Curve[][] curves = new Curve[in.readInt()][];
        for (int pair = 0; pair < curves.length; pair++) {
            curves[pair] = new Curve[in.readInt()];
            for (int of = 0; of < curves[pair].length; of++) {
                curves[pair][of] = new Curve(floats(in), floats(in));
            }
        }
        return new Weights(
                version,
                read,
                task,
                right,
                frontier,
                curves,
                new Neighbourhoods(floats(in), in.readFloat(), in.readFloat()));
    }

    private static float[][] table(DataInputStream in) throws IOException {
        float[][] table = new float[in.readInt()][];
        for (int row = 0; row < table.length; row++) {
            table[row] = floats(in);
        }
        return table;
    }

    private static float[] floats(DataInputStream in) throws IOException {
        float[] values = new float[in.readInt()];
        for (int at = 0; at < values.length; at++) {
            values[at] = in.readFloat();
        }
        return values;
    }
}
