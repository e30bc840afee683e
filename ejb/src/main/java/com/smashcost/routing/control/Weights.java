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
 * @param task what tells the task
 * @param right by tier below frontier, by signal and after them by dimension
 * @param frontier the share of what a large model gets wrong that a frontier model gets right
 * @param curves how much quality is retained
 * @param neighbourhoods where the training's prompts lie
 */
@SuppressWarnings("ArrayRecordComponent")
public record Weights(
        String version,
        Rows rows,
        TaskHead task,
        float[][] right,
        float frontier,
        Curve[][] curves,
        Neighbourhoods neighbourhoods) {

    /** The first bytes of the artefact. */
    public static final int MAGIC = 0x53435232;

    static final int TASKS = Task.values().length;

    /**
     * What the known n-grams say, a byte for each number.
     *
     * @param index the row of a bucket; -1 = not known
     * @param rarity of each row, in 1/16
     * @param directions by row and dimension
     * @param directionScale of each dimension's bytes
     * @param focus of each row that is a single word, in sixteenths of log-odds
     */
    public record Rows(int[] index, byte[] rarity, byte[] directions, float[] directionScale, byte[] focus) {

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
     * A linear head for each task, on how a request is worded and on its signals.
     *
     * @param index the row of a bucket of {@link Wording}; -1 = not known
     * @param rarity of each row, in 1/16
     * @param tasks by row and task, a byte for each number
     * @param scale of each task's bytes
     * @param signals by task and signal
     */
    public record TaskHead(int[] index, byte[] rarity, byte[] tasks, float[] scale, float[][] signals) {

        /** How much speaks for each task, as log-odds. */
        float[] odds(Features features) {
            float[] odds = new float[TASKS];
            for (int[] block : features.wording().blocks()) {
                add(odds, block);
            }
            for (int task = 0; task < TASKS; task++) {
                for (int at = 0; at < features.signals().length; at++) {
                    odds[task] += signals[task][at] * features.signals()[at];
                }
            }
            return odds;
        }

        private void add(float[] odds, int[] block) {
            float[] sums = new float[TASKS];
            float squares = 0;
            for (int gram : block) {
                int row = index[gram];
                if (row >= 0) {
                    float weight = rarity[row] / 16f;
                    squares += weight * weight;
                    int from = row * TASKS;
                    for (int task = 0; task < TASKS; task++) {
                        sums[task] += weight * tasks[from + task];
                    }
                }
            }
            float norm = (float) (1 / Math.sqrt(Math.max(1e-6, squares)));
            for (int task = 0; task < TASKS; task++) {
                odds[task] += sums[task] * norm * scale[task];
            }
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
        int[] index = index(in, Features.BUCKETS);
        int rows = count(index);
        float[] directionScale = floats(in);
        Rows read = new Rows(
                index,
                in.readNBytes(rows),
                in.readNBytes(rows * directionScale.length),
                directionScale,
                in.readNBytes(rows));
        int[] wordings = index(in, Wording.BUCKETS);
        int known = count(wordings);
        float[] taskScale = floats(in);
        TaskHead task = new TaskHead(
                wordings, in.readNBytes(known), in.readNBytes(known * taskScale.length), taskScale, table(in));
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

    private static int[] index(DataInputStream in, int buckets) throws IOException {
        int[] index = new int[buckets];
        int rows = 0;
        byte[] known = in.readNBytes(buckets / 8);
        for (int bucket = 0; bucket < buckets; bucket++) {
            index[bucket] = (known[bucket >> 3] & 1 << (bucket & 7)) == 0 ? -1 : rows++;
        }
        return index;
    }

    private static int count(int[] index) {
        return (int) Arrays.stream(index).filter(row -> row >= 0).count();
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
