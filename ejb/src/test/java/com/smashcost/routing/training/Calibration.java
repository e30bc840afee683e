package com.smashcost.routing.training;

import com.smashcost.catalog.entity.Tier;
import com.smashcost.routing.control.Classifier;
import com.smashcost.routing.control.Features;
import com.smashcost.routing.control.Reading;
import com.smashcost.routing.control.Task;
import com.smashcost.routing.control.Weights;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Measures how much quality is kept when all traffic up to an expected loss goes to a lower tier. */
final class Calibration {

    private static final int TIERS = Tier.values().length;
    private static final int KNOTS = 65;
    private static final int DRAWS = 200;
    /** With fewer outcomes of its own a task takes the curve of all traffic. */
    private static final int ENOUGH = 300;

    private Calibration() {}

    /**
     * What was predicted for a prompt by weights that had not seen it, and what then happened.
     *
     * @param features whose length is part of the expected loss
     * @param predicted by tier
     * @param actual by tier; not a number where no model of it was asked
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Outcome(Task task, Features features, double[] predicted, double[] actual) {}

    static Outcome outcome(Sample sample, Classifier classifier, Weights.Rows rows, Features features) {
        Reading reading = Reading.of(rows, features);
        double[] actual = new double[TIERS];
        for (Tier tier : Tier.values()) {
            actual[tier.ordinal()] = sample.right(tier);
        }
        return new Outcome(classifier.task(features), features, classifier.right(features, reading), actual);
    }

    /** The share of what large models got wrong that frontier ones got right, where both were asked. */
    static float frontier(List<Sample> samples) {
        double wrong = 0;
        double mended = 0;
        for (Sample sample : samples) {
            double large = sample.right(Tier.large);
            double frontier = sample.right(Tier.frontier);
            if (!Double.isNaN(large) && !Double.isNaN(frontier)) {
                wrong += 1 - large;
                mended += Math.max(0, frontier - large);
            }
        }
        return (float) (wrong == 0 ? 0 : mended / wrong);
    }

    /** Curves that retain everything, for weights that are not calibrated yet. */
    static Weights.Curve[][] flat() {
        Weights.Curve[][] curves = new Weights.Curve[TIERS * (TIERS - 1) / 2][Task.values().length];
        for (Weights.Curve[] pair : curves) {
            Arrays.fill(pair, new Weights.Curve(new float[] {0}, new float[] {1}));
        }
        return curves;
    }

    /** The curves by pair of tiers and task. */
    static Weights.Curve[][] curves(List<Outcome> outcomes, float frontier) {
        Weights.Curve[][] curves = flat();
        for (int asked = 1; asked < TIERS; asked++) {
            for (int candidate = 0; candidate < asked; candidate++) {
                List<double[]> all = points(outcomes, null, asked, candidate, frontier);
                Weights.Curve general = curve(all);
                Weights.Curve[] pair = curves[Classifier.pair(asked, candidate)];
                for (Task task : Task.values()) {
                    List<double[]> own = points(outcomes, task, asked, candidate, frontier);
                    pair[task.ordinal()] = own.size() < ENOUGH ? general : curve(own);
                }
            }
        }
        return curves;
    }

    /** Expected loss, quality of the asked tier and quality of the candidate, for each prompt that has all three. */
    private static List<double[]> points(
            List<Outcome> outcomes, @Nullable Task task, int asked, int candidate, float frontier) {
        return outcomes.stream()
                .filter(outcome -> task == null || outcome.task() == task)
                .map(outcome -> new double[] {
                    Classifier.loss(outcome.predicted(), outcome.features(), asked, candidate),
                    actual(outcome, asked, frontier),
                    outcome.actual()[candidate]
                })
                .filter(point -> !Double.isNaN(point[1]) && !Double.isNaN(point[2]))
                .sorted(Comparator.comparingDouble(point -> point[0]))
                .toList();
    }

    /** Where no frontier model was asked, the share that is mended elsewhere is taken to be mended here. */
    private static double actual(Outcome outcome, int tier, float frontier) {
        double measured = outcome.actual()[tier];
        double large = outcome.actual()[Tier.large.ordinal()];
        return tier == Tier.frontier.ordinal() && Double.isNaN(measured) ? large + frontier * (1 - large) : measured;
    }

    private static Weights.Curve curve(List<double[]> points) {
        int size = points.size();
        float[] loss = new float[KNOTS];
        float[] retained = new float[KNOTS];
        double[][] drawn = new double[KNOTS][DRAWS];
        Random random = new Random(7);
        for (int draw = 0; draw < DRAWS; draw++) {
            int[] times = new int[size];
            for (int at = 0; at < size; at++) {
                times[random.nextInt(size)]++;
            }
            double asked = 1e-9;
            for (int at = 0; at < size; at++) {
                asked += times[at] * points.get(at)[1];
            }
            double lost = 0;
            int knot = 0;
            for (int at = 0; at < size; at++) {
                lost += times[at] * (points.get(at)[1] - points.get(at)[2]);
                while (knot < KNOTS && at >= position(knot, size)) {
                    drawn[knot++][draw] = 1 - lost / asked;
                }
            }
        }
        double least = 1;
        for (int knot = 0; knot < KNOTS; knot++) {
            loss[knot] = (float) points.get(position(knot, size))[0];
            Arrays.sort(drawn[knot]);
            least = Math.min(least, drawn[knot][DRAWS / 10]);
            retained[knot] = (float) least;
        }
        return new Weights.Curve(loss, retained);
    }

    private static int position(int knot, int size) {
        return (int) ((long) knot * (size - 1) / (KNOTS - 1));
    }
}
