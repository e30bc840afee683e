package com.smashcost.routing.control;

import com.smashcost.catalog.entity.Tier;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * Tells of a request what task it is and which tiers of models are good enough for it: linear heads on hashed n-grams and dense
 * features, calibrated on measured outcomes ({@code docs/routing-classifier.md}). Immutable and thread-safe.
 */
public final class Classifier {

    private static final String ARTEFACT = "/routing/classifier.bin";

    /** Below this probability a task is not named. */
    private static final double NAMED = 0.2;

    /** How much the length of what is asked weighs; clipped as all signals are. */
    private static final double LENGTH = 0.25;

    private static final int TIERS = Tier.values().length;
    private static final int FRONTIER = Tier.frontier.ordinal();
    private static final int SMALL = Tier.small.ordinal();
    private static final int MEDIUM = Tier.medium.ordinal();
    private static final int LARGE = Tier.large.ordinal();

    private final Weights weights;
    private final Focus focus;

    public Classifier(Weights weights) {
        this.weights = weights;
        focus = weights.rows().focusing();
    }

    /** The classifier that the product ships with. */
    public static Classifier shipped() {
        return Shipped.CLASSIFIER;
    }

    /** Classifies one request; bounded in time for any input. */
    public Classification classify(Asked asked) {
        Features features = Features.of(asked, focus);
        Reading reading = Reading.of(weights.rows(), features);
        Task task = task(features);
        double[] right = right(features, reading);
        return new Classification(
                task,
                sigmoid(6 * (loss(right, features, LARGE, SMALL) - 0.3)),
                right,
                retained(right, features, task),
                familiar(reading),
                weights.version());
    }

    /** The probabilities that a model of each tier is right; never lower for a higher tier. */
    public double[] right(Features features, Reading reading) {
        double[] right = new double[TIERS];
        for (int tier = 0; tier < FRONTIER; tier++) {
            float[] head = weights.right()[tier];
            double sum = dot(head, features.signals());
            for (int at = 0; at < reading.vector().length; at++) {
                sum += head[Features.SIGNALS + at] * reading.vector()[at];
            }
            right[tier] = sigmoid(sum);
        }
        right[LARGE] = Math.max(right[SMALL], right[LARGE]);
        right[MEDIUM] = Math.clamp(right[MEDIUM], right[SMALL], right[LARGE]);
        right[FRONTIER] = right[LARGE] + weights.frontier() * (1 - right[LARGE]);
        return right;
    }

    /** The task that most speaks for; {@link Task#other} where nothing much does. */
    public Task task(Features features) {
        float[] odds = weights.task().odds(features);
        double total = 0;
        double best = 0;
        int found = Task.other.ordinal();
        for (int task = 0; task < Weights.TASKS; task++) {
            double probability = sigmoid(odds[task]);
            total += probability;
            if (probability > best) {
                best = probability;
                found = task;
            }
        }
        return best / Math.max(1e-9, total) < NAMED ? Task.other : Task.values()[found];
    }

    private static double dot(float[] head, float[] signals) {
        double sum = 0;
        for (int at = 0; at < signals.length; at++) {
            sum += head[at] * signals[at];
        }
        return sum;
    }

    /**
     * What is expected to be lost when a candidate's tier answers for the asked one, as a number that orders and is calibrated
     * afterwards: the difference of the probabilities, and a little of the length, which hints at what the heads do not see.
     */
    public static double loss(double[] right, Features features, int asked, int candidate) {
        return right[asked] - right[candidate] + LENGTH * features.signals()[Signal.instruction_length.ordinal()];
    }

    private static double sigmoid(double odds) {
        return 1 / (1 + Math.exp(-odds));
    }

    private double[][] retained(double[] right, Features features, Task task) {
        double[][] retained = new double[TIERS][TIERS];
        for (int asked = 0; asked < TIERS; asked++) {
            for (int candidate = TIERS - 1; candidate >= 0; candidate--) {
                if (candidate >= asked) {
                    retained[asked][candidate] = 1;
                    continue;
                }
                Weights.Curve curve = weights.curves()[pair(asked, candidate)][task.ordinal()];
                double kept = curve.at(loss(right, features, asked, candidate));
                double better = Math.min(retained[asked][candidate + 1], retained[asked - 1][candidate]);
                retained[asked][candidate] = Math.min(kept, better);
            }
        }
        return retained;
    }

    /** The number of a pair of tiers. */
    public static int pair(int asked, int candidate) {
        return asked * (asked - 1) / 2 + candidate;
    }

    private boolean familiar(Reading reading) {
        Weights.Neighbourhoods neighbourhoods = weights.neighbourhoods();
        return reading.known() >= neighbourhoods.leastKnown()
                && neighbourhoods.similarity(reading.vector()) >= neighbourhoods.leastSimilar();
    }

    private static final class Shipped {

        private static final Classifier CLASSIFIER = read();

        private static Classifier read() {
            try (InputStream bytes = Objects.requireNonNull(Classifier.class.getResourceAsStream(ARTEFACT), ARTEFACT)) {
                return new Classifier(Weights.read(new BufferedInputStream(bytes)));
            } catch (IOException unreadable) {
                throw new UncheckedIOException("The classifier's weights cannot be read", unreadable);
            }
        }
    }
}
