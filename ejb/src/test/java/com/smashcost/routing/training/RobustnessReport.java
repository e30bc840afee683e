package com.smashcost.routing.training;

import com.smashcost.catalog.entity.Tier;
import com.smashcost.routing.control.Asked;
import com.smashcost.routing.control.Classification;
import com.smashcost.routing.control.Classifier;
import com.smashcost.routing.control.RoutingMode;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** How much pasted text changes, and how long a classification takes. */
final class RobustnessReport {

    private final Classifier classifier;
    private final PrintStream out;
    private final List<Sample> samples;

    RobustnessReport(Corpus corpus, Classifier classifier, PrintStream out) {
        this.classifier = classifier;
        this.out = out;
        // Every fifth, and only such that nothing of the prompt itself is cut away by the excerpt.
        List<Sample> val = corpus.routing().stream()
                .filter(sample -> sample.val() && sample.asked().characters() < 1200)
                .toList();
        samples = IntStream.range(0, val.size())
                .filter(at -> at % 5 == 0)
                .mapToObj(val::get)
                .toList();
    }

    void print() {
        filler();
        latency();
    }

    private void filler() {
        out.printf(
                "%nFILLER: share of prompts whose tier 2,000 pasted characters change (large asked); mean shift of the score%n");
        int kinds = Filler.Kind.values().length;
        int[] all = new int[3];
        for (Filler.Kind kind : Filler.Kind.values()) {
            int[] changed = new int[3];
            double shift = 0;
            for (int at = 0; at < samples.size(); at++) {
                Asked asked = samples.get(at).asked();
                Classification plain = classifier.classify(asked);
                Classification padded = classifier.classify(Trainer.padded(asked.instruction(), kind, at));
                shift += Math.abs(plain.score() - padded.score());
                for (int mode = 0; mode < 3; mode++) {
                    double target = RoutingMode.values()[mode + 1].target();
                    if (tier(plain, target) != tier(padded, target)) {
                        changed[mode]++;
                        all[mode]++;
                    }
                }
            }
            out.printf(
                    Locale.ROOT, "  %-14s %s   %.3f%n", kind, shares(changed, samples.size()), shift / samples.size());
        }
        out.printf("  %-14s %s%n", "all", shares(all, samples.size() * kinds));
    }

    private static String shares(int[] counts, int of) {
        return "quality " + Report.percent((double) counts[0] / of) + ", balanced "
                + Report.percent((double) counts[1] / of) + ", savings " + Report.percent((double) counts[2] / of);
    }

    /** The lowest tier that is good enough where a large model was asked for. */
    private static Tier tier(Classification found, double target) {
        for (Tier tier : Tier.values()) {
            if (found.retained(Tier.large, tier) >= target) {
                return tier;
            }
        }
        return Tier.large;
    }

    private void latency() {
        out.printf("%nLATENCY of one classification, after warm-up: p50 and p99 in microseconds%n");
        String text = String.join(
                "\n",
                samples.stream().map(sample -> sample.asked().instruction()).toList());
        String[] words = text.split("\\s+");
        for (int count : new int[] {100, 500, 20_000}) {
            long[] times = new long[4000];
            for (int round = 0; round < times.length; round++) {
                int from = round * 37 % (words.length - Math.min(count, words.length / 2));
                Asked asked = Asked.of(String.join(
                        " ", Arrays.asList(words).subList(from, Math.min(words.length, from + count))));
                long start = System.nanoTime();
                classifier.classify(asked);
                times[round] = System.nanoTime() - start;
            }
            long[] warm = Arrays.copyOfRange(times, 2000, times.length);
            Arrays.sort(warm);
            out.printf(
                    Locale.ROOT,
                    "  %6d words: %d, %d%n",
                    count,
                    warm[warm.length / 2] / 1000,
                    warm[warm.length * 99 / 100] / 1000);
        }
    }
}
