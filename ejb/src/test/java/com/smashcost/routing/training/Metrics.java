package com.smashcost.routing.training;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** How well an order of prompts serves for routing, by the definitions of RouteLLM (arXiv 2406.18665). */
final class Metrics {

    private Metrics() {}

    /**
     * The figures of one order.
     *
     * @param apgr the area under the performance gap recovered, over the share of calls that the strong model gets
     * @param cpt50 the smallest such share that recovers half of the gap, interpolated between tenths
     * @param cpt80 that recovers four fifths
     */
    record Figures(double apgr, double cpt50, double cpt80) {}

    /** The figures where the prompts with the highest {@code score} go to the strong model first. */
    static Figures figures(double[] score, double[] weak, double[] strong) {
        int[] order = order(score);
        double weakMean = Arrays.stream(weak).average().orElse(0);
        double strongMean = Arrays.stream(strong).average().orElse(0);
        double gap = strongMean - weakMean;
        double[] recovered = new double[order.length + 1];
        double gained = 0;
        for (int at = 0; at < order.length; at++) {
            gained += strong[order[at]] - weak[order[at]];
            recovered[at + 1] = gained / order.length / gap;
        }
        double area = 0;
        for (int at = 0; at < order.length; at++) {
            area += (recovered[at] + recovered[at + 1]) / 2;
        }
        return new Figures(area / order.length, threshold(recovered, 0.5), threshold(recovered, 0.8));
    }

    /** The positions of the scores, highest first; equal ones in an order that is arbitrary and fixed. */
    static int[] order(double[] score) {
        return IntStream.range(0, score.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(at -> -score[at]).thenComparingInt(at -> at * 0x9e3779b9))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static double threshold(double[] recovered, double share) {
        int most = recovered.length - 1;
        double before = 0;
        for (int tenth = 1; tenth <= 10; tenth++) {
            double now = recovered[(int) Math.round(most * tenth / 10.0)];
            if (now >= share) {
                return (tenth - 1 + (share - before) / Math.max(1e-9, now - before)) / 10;
            }
            before = now;
        }
        return 1;
    }

    /** The expected calibration error over ten bins of equal width. */
    static double calibrationError(double[] predicted, double[] actual) {
        double[] sumPredicted = new double[10];
        double[] sumActual = new double[10];
        for (int at = 0; at < predicted.length; at++) {
            int bin = (int) Math.min(9, predicted[at] * 10);
            sumPredicted[bin] += predicted[at];
            sumActual[bin] += actual[at];
        }
        double error = 0;
        for (int bin = 0; bin < 10; bin++) {
            error += Math.abs(sumPredicted[bin] - sumActual[bin]);
        }
        return error / Math.max(1, predicted.length);
    }
}
