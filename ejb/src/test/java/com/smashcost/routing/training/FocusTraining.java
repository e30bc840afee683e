package com.smashcost.routing.training;

import com.smashcost.routing.control.Asked;
import com.smashcost.routing.control.Features;
import com.smashcost.routing.control.Focus;
import java.util.List;

/** Learns which words belong to what people ask and which to what they paste, as smoothed log-odds of each word. */
final class FocusTraining {

    private static final double SMOOTHING = 4;

    private FocusTraining() {}

    /** By row of the vocabulary; zero for what is no single word. */
    static byte[] weights(List<Sample> samples, Vocabulary vocabulary) {
        double[] asked = new double[vocabulary.size()];
        double[] pasted = new double[vocabulary.size()];
        double askedTotal = 0;
        double pastedTotal = 0;
        for (Sample sample : samples) {
            boolean passage = sample.source().equals("p3");
            if (passage) {
                pastedTotal += count(sample.asked(), vocabulary, pasted, 0.3);
            } else if (sample.asked().instruction().length() < 700) {
                askedTotal += count(sample.asked(), vocabulary, asked, 1);
            }
        }
        for (Filler.Kind kind : Filler.Kind.values()) {
            for (int seed = 0; seed < 40; seed++) {
                pastedTotal += count(Asked.of(Filler.of(kind, 600, seed)), vocabulary, pasted, 1);
            }
        }
        byte[] weights = new byte[vocabulary.size()];
        for (int row = 0; row < weights.length; row++) {
            if (asked[row] + pasted[row] > 0) {
                double odds =
                        StrictMath.log((asked[row] + SMOOTHING * askedTotal / (askedTotal + pastedTotal)) / askedTotal)
                                - StrictMath.log((pasted[row] + SMOOTHING * pastedTotal / (askedTotal + pastedTotal))
                                        / pastedTotal);
                weights[row] = (byte) Math.round(16 * Math.clamp(odds, -1.5, 1.5));
            }
        }
        return weights;
    }

    private static double count(Asked asked, Vocabulary vocabulary, double[] counts, double weight) {
        Features features = Features.of(asked, Focus.ALL);
        double total = 0;
        for (int at = 0; at < features.words(); at++) {
            int row = vocabulary.index()[features.grams()[at]];
            if (row >= 0) {
                counts[row] += weight;
                total += weight;
            }
        }
        return total;
    }
}
