package com.smashcost.routing.training;

import com.smashcost.routing.control.Features;
import com.smashcost.routing.control.Task;
import com.smashcost.routing.control.Weights;
import com.smashcost.routing.control.Wording;
import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** Fits the head that tells the task. */
final class TaskTraining {

    private static final double COST = 10;

    /** How much a signal counts beside a block of n-grams, which is of unit length. */
    private static final float SIGNALS = 0.4f;

    /** In so many prompts an n-gram must occur to be kept, by block. */
    private static final int[] LEAST = {2, 5, 2, 2};

    private TaskTraining() {}

    /** A head that was fitted on these samples. */
    static Weights.TaskHead head(List<Sample> samples, Function<Sample, Features> features) {
        int[] prompts = new int[Wording.BUCKETS];
        int[] index = index(samples, features, prompts);
        int size = (int) Arrays.stream(index).filter(row -> row >= 0).count();
        byte[] rarity = new byte[size];
        for (int gram = 0; gram < index.length; gram++) {
            if (index[gram] >= 0) {
                double idf = 1 + StrictMath.log(samples.size() / (double) prompts[gram]);
                rarity[index[gram]] = (byte) Math.clamp(Math.round(16 * idf), 1, 127);
            }
        }
        Regression regression = new Regression(size + Features.SIGNALS);
        for (Sample sample : samples) {
            Task task = Objects.requireNonNull(sample.task());
            Feature[] row = row(features.apply(sample), index, rarity);
            regression.add(row, task.ordinal());
        }
        float[][] fitted = regression.multiple(Task.values().length, COST);
        float[][] grams = new float[size][fitted.length];
        float[][] signals = new float[fitted.length][Features.SIGNALS];
        for (int task = 0; task < fitted.length; task++) {
            for (int at = 0; at < size; at++) {
                grams[at][task] = fitted[task][at];
            }
            for (int at = 0; at < Features.SIGNALS; at++) {
                signals[task][at] = SIGNALS * fitted[task][size + at];
            }
        }
        float[] scale = Vocabulary.scale(grams, fitted.length);
        return new Weights.TaskHead(index, rarity, Vocabulary.bytes(grams, scale), scale, signals);
    }

    /** The rows of the n-grams that are kept, and -1 for all others; counts in how many prompts each is. */
    private static int[] index(List<Sample> samples, Function<Sample, Features> features, int[] prompts) {
        int[] index = new int[Wording.BUCKETS];
        Arrays.fill(index, -1);
        for (Sample sample : samples) {
            int[][] blocks = features.apply(sample).wording().blocks();
            for (int block = 0; block < blocks.length; block++) {
                for (int gram : blocks[block]) {
                    if (++prompts[gram] == LEAST[block]) {
                        index[gram] = 0;
                    }
                }
            }
        }
        int size = 0;
        for (int gram = 0; gram < index.length; gram++) {
            index[gram] = index[gram] == 0 ? size++ : -1;
        }
        return index;
    }

    private static Feature[] row(Features of, int[] index, byte[] rarity) {
        List<Feature> row = new ArrayList<>();
        for (int[] block : of.wording().blocks()) {
            int[] rows = Arrays.stream(block)
                    .map(gram -> index[gram])
                    .filter(at -> at >= 0)
                    .toArray();
            double squares = 1e-6;
            for (int at : rows) {
                squares += rarity[at] / 16.0 * rarity[at] / 16.0;
            }
            for (int at : rows) {
                row.add(new FeatureNode(at + 1, rarity[at] / 16.0 / Math.sqrt(squares)));
            }
        }
        row.sort((one, other) -> Integer.compare(one.getIndex(), other.getIndex()));
        List<Feature> merged = new ArrayList<>();
        for (Feature next : row) {
            if (!merged.isEmpty() && merged.getLast().getIndex() == next.getIndex()) {
                merged.getLast().setValue(merged.getLast().getValue() + next.getValue());
            } else {
                merged.add(next);
            }
        }
        for (int at = 0; at < Features.SIGNALS; at++) {
            if (of.signals()[at] != 0) {
                merged.add(new FeatureNode(rarity.length + at + 1, SIGNALS * of.signals()[at]));
            }
        }
        return merged.toArray(Feature[]::new);
    }
}
