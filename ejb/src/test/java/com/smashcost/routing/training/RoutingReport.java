package com.smashcost.routing.training;

import com.smashcost.catalog.entity.Tier;
import com.smashcost.routing.control.Classification;
import com.smashcost.routing.control.Classifier;
import com.smashcost.routing.control.RoutingMode;
import com.smashcost.routing.control.Task;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What the classifier is worth for routing, on prompts that it was not fitted on. */
final class RoutingReport {

    private static final int DRAWS = 200;
    private static final List<RoutingMode> MODES =
            List.of(RoutingMode.quality, RoutingMode.balanced, RoutingMode.savings);

    private final PrintStream out;
    private final List<Seen> seen;

    /** A prompt and what the classifier makes of it. */
    record Seen(Sample sample, Classification found) {}

    RoutingReport(Corpus corpus, Classifier classifier, PrintStream out) {
        this.out = out;
        seen = corpus.routing().stream()
                .filter(sample -> sample.val() && !sample.contaminated())
                .map(sample -> new Seen(sample, classifier.classify(sample.asked())))
                .toList();
    }

    List<Seen> of(Models.Pair pair) {
        return seen.stream()
                .filter(one -> one.sample().source().equals(pair.source()))
                .filter(one -> !Double.isNaN(one.sample().score(pair.strong())))
                .filter(one -> !Double.isNaN(one.sample().score(pair.weak())))
                .toList();
    }

    /** The order of each source and pair, beside the controls. */
    void pairs() {
        out.println("ORDER: APGR [90 % interval], CPT50, CPT80 (random = 0.50, 50 %, 80 %)");
        for (Models.Pair pair : Models.PAIRS) {
            order(pair.toString(), pair, of(pair));
            if (pair.source().equals("routellm-mmlu")) {
                Predicate<Seen> moral = one -> one.sample().category().equals("moral_scenarios");
                order(
                        pair + ", without moral_scenarios",
                        pair,
                        of(pair).stream().filter(moral.negate()).toList());
            }
        }
    }

    private void order(String title, Models.Pair pair, List<Seen> rows) {
        out.printf("%n%s, %d prompts%n", title, rows.size());
        double[] weak = values(rows, one -> one.sample().score(pair.weak()));
        double[] strong = values(rows, one -> one.sample().score(pair.strong()));
        double score = line("classifier", values(rows, one -> one.found().score()), weak, strong);
        double length = line("length", values(rows, one -> Report.length(one.sample())), weak, strong);
        line("untrained", values(rows, one -> Report.untrained(one.sample())), weak, strong);
        Random random = new Random(1);
        line("random", values(rows, one -> random.nextDouble()), weak, strong);
        if (score < length) {
            out.printf("  BELOW LENGTH by %.3f%n", length - score);
        }
    }

    private double line(String name, double[] score, double[] weak, double[] strong) {
        Metrics.Figures figures = Metrics.figures(score, weak, strong);
        double[] drawn = new double[DRAWS];
        Random random = new Random(5);
        for (int draw = 0; draw < DRAWS; draw++) {
            int[] rows = random.ints(score.length, 0, score.length).toArray();
            drawn[draw] = Metrics.figures(pick(score, rows), pick(weak, rows), pick(strong, rows))
                    .apgr();
        }
        Arrays.sort(drawn);
        out.printf(
                Locale.ROOT,
                "  %-11s %.3f [%.3f, %.3f]  %3.0f %%  %3.0f %%%n",
                name,
                figures.apgr(),
                drawn[DRAWS / 20],
                drawn[DRAWS - 1 - DRAWS / 20],
                100 * figures.cpt50(),
                100 * figures.cpt80());
        return figures.apgr();
    }

    static double[] values(List<Seen> rows, ToDoubleFunction<Seen> of) {
        return rows.stream().mapToDouble(of).toArray();
    }

    private static double[] pick(double[] values, int[] rows) {
        return Arrays.stream(rows).mapToDouble(row -> values[row]).toArray();
    }

    /** How far the probabilities are from what happened. */
    void calibration() {
        out.printf("%nCALIBRATION: expected error of P(right), ten bins; mean predicted and actual%n");
        for (Tier tier : Tier.values()) {
            List<String> sources = new ArrayList<>(
                    seen.stream().map(one -> one.sample().source()).distinct().toList());
            sources.add("all");
            for (String source : sources) {
                List<Seen> rows = seen.stream()
                        .filter(one ->
                                source.equals("all") || one.sample().source().equals(source))
                        .filter(one -> !Double.isNaN(one.sample().right(tier)))
                        .toList();
                if (!rows.isEmpty()) {
                    double[] predicted = values(rows, one -> one.found().right(tier));
                    double[] actual = values(rows, one -> one.sample().right(tier));
                    out.printf(
                            Locale.ROOT,
                            "  %-9s %-14s %.3f   %.3f %.3f%n",
                            tier,
                            source,
                            Metrics.calibrationError(predicted, actual),
                            mean(predicted),
                            mean(actual));
                }
            }
        }
    }

    /** What each mode keeps and saves on each source and pair. */
    void modes() {
        out.printf("%nMODES by pair: retention (of the controls at the same share), saving, share routed down%n");
        for (Models.Pair pair : Models.PAIRS) {
            List<Seen> rows = of(pair);
            Tier strong = Objects.requireNonNullElse(Models.tier(pair.strong()), Tier.medium);
            Tier weak = Objects.requireNonNullElse(Models.tier(pair.weak()), Tier.small);
            out.printf("%n%s (%s > %s)%n", pair, strong, weak);
            double[] ofStrong = values(rows, one -> one.sample().score(pair.strong()));
            double[] ofWeak = values(rows, one -> one.sample().score(pair.weak()));
            double[] kept = values(rows, one -> one.found().retained(strong, weak));
            modes(rows, kept, ofStrong, ofWeak, pair.cost());
        }
    }

    private void modes(List<Seen> rows, double[] kept, double[] ofStrong, double[] ofWeak, double cost) {
        for (RoutingMode mode : MODES) {
            boolean[] down = new boolean[kept.length];
            int count = 0;
            for (int at = 0; at < kept.length; at++) {
                down[at] = kept[at] >= mode.target();
                count += down[at] ? 1 : 0;
            }
            double[] length = values(rows, one -> Report.length(one.sample()));
            double[] untrained = values(rows, one -> Report.untrained(one.sample()));
            double share = (double) count / kept.length;
            out.printf(
                    Locale.ROOT,
                    "  %-9s %s  (length %s, untrained %s, random %s)  saves %s, moves %s%n",
                    mode,
                    Report.percent(retention(down, ofStrong, ofWeak)),
                    Report.percent(retention(easiest(length, count), ofStrong, ofWeak)),
                    Report.percent(retention(easiest(untrained, count), ofStrong, ofWeak)),
                    Report.percent(1 - share * (1 - mean(ofWeak) / mean(ofStrong))),
                    Report.percent(share * (1 - cost)),
                    Report.percent(share));
        }
    }

    /** What each mode keeps of each tier pair over all sources that measured both, and over the tasks. */
    void tiers() {
        out.printf("%nMODES by tiers, over all traffic: retention against the target%n");
        for (int asked = 1; asked < Tier.frontier.ordinal(); asked++) {
            for (int candidate = 0; candidate < asked; candidate++) {
                Tier strong = Tier.values()[asked];
                Tier weak = Tier.values()[candidate];
                List<Seen> rows = seen.stream()
                        .filter(one -> !Double.isNaN(one.sample().right(strong))
                                && !Double.isNaN(one.sample().right(weak)))
                        .toList();
                tier(strong + " > " + weak, rows, strong, weak);
                for (Task task : Task.values()) {
                    List<Seen> own = rows.stream()
                            .filter(one -> one.found().task() == task)
                            .toList();
                    if (own.size() >= 100) {
                        tier("    " + task, own, strong, weak);
                    }
                }
            }
        }
    }

    private void tier(String title, List<Seen> rows, Tier strong, Tier weak) {
        double[] ofStrong = values(rows, one -> one.sample().right(strong));
        double[] ofWeak = values(rows, one -> one.sample().right(weak));
        StringBuilder line = new StringBuilder();
        for (RoutingMode mode : MODES) {
            boolean[] down = new boolean[rows.size()];
            int count = 0;
            for (int at = 0; at < down.length; at++) {
                down[at] = rows.get(at).found().retained(strong, weak) >= mode.target();
                count += down[at] ? 1 : 0;
            }
            line.append(String.format(
                    Locale.ROOT,
                    "  %s %s, moves %s;",
                    mode,
                    Report.percent(retention(down, ofStrong, ofWeak)),
                    Report.percent((double) count / down.length)));
        }
        out.printf("  %-22s %5d %s%n", title, rows.size(), line);
    }

    void familiar() {
        out.printf("%nFAMILIAR%n");
        seen.stream().map(one -> one.sample().source()).distinct().forEach(source -> {
            List<Seen> rows = seen.stream()
                    .filter(one -> one.sample().source().equals(source))
                    .toList();
            long familiar = rows.stream().filter(one -> one.found().familiar()).count();
            out.printf("  %-14s %s%n", source, Report.percent((double) familiar / rows.size()));
        });
    }

    /** Which ones are moved where so many of those with the lowest score are. */
    static boolean[] easiest(double[] score, int count) {
        boolean[] down = new boolean[score.length];
        int[] order = Metrics.order(score);
        IntStream.range(0, count).forEach(at -> down[order[order.length - 1 - at]] = true);
        return down;
    }

    static double retention(boolean[] down, double[] strong, double[] weak) {
        double kept = 0;
        double all = 0;
        for (int at = 0; at < down.length; at++) {
            kept += down[at] ? weak[at] : strong[at];
            all += strong[at];
        }
        return kept / all;
    }

    static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(0);
    }
}
