package com.smashcost.routing.training;

import com.smashcost.catalog.entity.Tier;
import com.smashcost.routing.control.Asked;
import com.smashcost.routing.control.Classifier;
import com.smashcost.routing.control.Features;
import com.smashcost.routing.control.Focus;
import com.smashcost.routing.control.Reading;
import com.smashcost.routing.control.Weights;
import de.bwaldvogel.liblinear.Feature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Fits the classifier's weights; the same data give the same weights. */
final class Trainer {

    static final String VERSION = "2026.2";

    private static final int DIMENSIONS = 96;
    private static final long SEED = 20260101;
    private static final double RIGHT_COST = 0.5;

    /** One own prompt of so many is part of what the quality is told from. */
    private static final int OWN_SHARE = 5;

    private final Corpus corpus;
    private final Vocabulary vocabulary;
    private final Weights.Rows rows;
    private final Focus focus;
    private final Map<Sample, Features> features;

    Trainer(Corpus corpus) {
        this.corpus = corpus;
        // own prompts are many and measure no quality: some of them make known how people talk
        List<Sample> known = known(corpus).stream()
                .filter(sample -> !sample.source().startsWith("own-") || sample.fold(OWN_SHARE) == 0)
                .toList();
        vocabulary = Vocabulary.of(known);
        byte[] words = FocusTraining.weights(known, vocabulary);
        focus = new Weights.Rows(vocabulary.index(), new byte[0], new byte[0], new float[0], words).focusing();
        features = new java.util.IdentityHashMap<>();
        Stream.concat(corpus.routing().stream(), corpus.tasks().stream())
                .forEach(sample -> features.put(sample, Features.of(sample.asked(), focus)));
        List<Projection.Row> matrix = known.stream()
                .map(sample -> vocabulary.row(features(sample).grams()))
                .toList();
        rows = vocabulary.quantised(Projection.fit(matrix, vocabulary.size(), DIMENSIONS, SEED), words);
    }

    /** What may be looked at for fitting. */
    static List<Sample> known(Corpus corpus) {
        return Stream.concat(
                        corpus.routing().stream().filter(sample -> !sample.val() && !sample.contaminated()),
                        corpus.tasks().stream())
                .toList();
    }

    Features features(Sample sample) {
        return features.computeIfAbsent(sample, one -> Features.of(one.asked(), focus));
    }

    /** All weights. */
    Weights train() {
        Weights.TaskHead task = task(sample -> true);
        List<Sample> fitted = known(corpus).stream()
                .filter(sample -> !sample.scores().isEmpty())
                .toList();
        float frontier = Calibration.frontier(fitted);
        Weights.Curve[][] flat = Calibration.flat();
        Weights uncalibrated =
                new Weights(VERSION, rows, task, right(sample -> true), frontier, flat, Neighbours.ANYWHERE);
        int folds = 5;
        List<Calibration.Outcome> outcomes = new ArrayList<>();
        for (int fold = 0; fold < folds; fold++) {
            int held = fold;
            Weights without = new Weights(
                    VERSION,
                    rows,
                    task,
                    right(sample -> sample.fold(folds) != held),
                    frontier,
                    flat,
                    Neighbours.ANYWHERE);
            Classifier classifier = new Classifier(without);
            fitted.stream()
                    .filter(sample -> sample.fold(folds) == held)
                    .map(sample -> Calibration.outcome(sample, classifier, rows, features(sample)))
                    .forEach(outcomes::add);
        }
        return new Weights(
                VERSION,
                uncalibrated.rows(),
                uncalibrated.task(),
                uncalibrated.right(),
                frontier,
                Calibration.curves(outcomes, frontier),
                Neighbours.of(
                        known(corpus).stream().map(sample -> reading(sample)).toList(),
                        corpus.routing().stream()
                                .filter(Sample::val)
                                .map(sample -> reading(sample))
                                .toList()));
    }

    /** Weights that know the task alone. */
    Weights weights(Weights.TaskHead task) {
        return new Weights("", rows, task, new float[0][], 0, new Weights.Curve[0][], Neighbours.ANYWHERE);
    }

    Reading reading(Sample sample) {
        return Reading.of(rows, features(sample));
    }

    /** Fits the task's head on some of the labelled prompts. */
    Weights.TaskHead task(Predicate<Sample> some) {
        return TaskTraining.head(corpus.tasks().stream().filter(some).toList(), sample -> features(sample));
    }

    /** Fits the heads of the tiers below frontier. */
    private float[][] right(Predicate<Sample> some) {
        List<Sample> known = known(corpus).stream().filter(some).toList();
        float[][] heads = new float[Tier.frontier.ordinal()][];
        for (int tier = 0; tier < heads.length; tier++) {
            Regression regression = new Regression(Features.SIGNALS + DIMENSIONS);
            for (Sample sample : known) {
                int of = tier;
                double[] labels = sample.scores().entrySet().stream()
                        .filter(score -> Models.tier(score.getKey()) == Tier.values()[of])
                        .mapToDouble(score -> score.getValue() >= 0.5 ? 1 : 0)
                        .sorted()
                        .toArray();
                if (labels.length > 0) {
                    Feature[] row = Regression.row(dense(features(sample), reading(sample)));
                    Arrays.stream(labels).forEach(label -> regression.add(row, label));
                }
            }
            heads[tier] = regression.binary(RIGHT_COST);
        }
        return heads;
    }

    static float[] dense(Features features, Reading reading) {
        float[] dense = Arrays.copyOf(features.signals(), Features.SIGNALS + reading.vector().length);
        System.arraycopy(reading.vector(), 0, dense, Features.SIGNALS, reading.vector().length);
        return dense;
    }

    /** The prompt of the sample with filler around it. */
    static Asked padded(String prompt, Filler.Kind kind, long seed) {
        return Asked.of(Filler.pad(prompt, kind, 2000, seed));
    }
}
