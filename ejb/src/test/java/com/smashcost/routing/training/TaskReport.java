package com.smashcost.routing.training;

import com.smashcost.routing.control.Classifier;
import com.smashcost.routing.control.Task;
import com.smashcost.routing.control.Weights;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;

/** How often the task is right for sources that the task's head has not seen. */
final class TaskReport {

    private static final List<List<String>> OTHERS =
            List.of(List.of("arena-hard-v2"), List.of("bbh", "p3"), List.of("llmrouter"));

    /** In so many folds the sources of own prompts are put. */
    private static final int FOLDS = 3;

    private final Corpus corpus;
    private final Trainer trainer;
    private final PrintStream out;

    TaskReport(Corpus corpus, Trainer trainer, PrintStream out) {
        this.corpus = corpus;
        this.trainer = trainer;
        this.out = out;
    }

    void print() {
        List<String> own = corpus.tasks().stream()
                .map(Sample::source)
                .filter(source -> source.startsWith("own-"))
                .distinct()
                .toList();
        List<List<String>> folds = new ArrayList<>(OTHERS);
        for (int fold = 0; fold < FOLDS; fold++) {
            int first = fold;
            folds.add(IntStream.range(0, own.size())
                    .filter(at -> at % FOLDS == first)
                    .mapToObj(own::get)
                    .toList());
        }
        print(folds);
    }

    /** Holds out the sources of each fold together. */
    void print(List<List<String>> folds) {
        out.printf("%nTASKS, each source held out of the fitting, together with those of its fold%n");
        int tasks = Task.values().length;
        int[][] own = new int[tasks][tasks];
        for (List<String> fold : folds) {
            Weights.TaskHead head = trainer.task(sample -> !fold.contains(sample.source()));
            Classifier classifier = new Classifier(trainer.weights(head));
            for (String source : fold) {
                int[][] confusion = confusion(classifier, source);
                out.printf(
                        Locale.ROOT,
                        "  %-14s %d prompts, %s%n",
                        source,
                        count(confusion),
                        Report.percent(right(confusion)));
                labels(confusion);
                if (source.startsWith("own-")) {
                    for (int row = 0; row < tasks; row++) {
                        for (int at = 0; at < tasks; at++) {
                            own[row][at] += confusion[row][at];
                        }
                    }
                }
            }
        }
        out.printf(Locale.ROOT, "  own prompts together, %s%n", Report.percent(right(own)));
        labels(own);
        for (Task task : Task.values()) {
            out.printf("    %-21s %s%n", task, Arrays.toString(own[task.ordinal()]));
        }
    }

    private int[][] confusion(Classifier classifier, String held) {
        int[][] confusion = new int[Task.values().length][Task.values().length];
        for (Sample sample : corpus.tasks()) {
            if (sample.source().equals(held)) {
                Task found = classifier.task(trainer.features(sample));
                confusion[Objects.requireNonNull(sample.task()).ordinal()][found.ordinal()]++;
                if (Boolean.getBoolean("routing.misses") && found != sample.task()) {
                    String text = sample.asked().instruction().replace('\n', ' ');
                    out.println("MISS " + sample.id() + " " + sample.task() + " -> " + found + ": "
                            + text.substring(0, Math.min(160, text.length())) + " ... "
                            + text.substring(Math.max(0, text.length() - 80)));
                }
            }
        }
        return confusion;
    }

    private void labels(int[][] confusion) {
        StringBuilder line = new StringBuilder("    ");
        for (Task task : Task.values()) {
            int[] row = confusion[task.ordinal()];
            int all = Arrays.stream(row).sum();
            if (all > 0) {
                int worst = -1;
                for (int at = 0; at < row.length; at++) {
                    worst = at != task.ordinal() && row[at] > 0 && (worst < 0 || row[at] > row[worst]) ? at : worst;
                }
                line.append(String.format(
                        Locale.ROOT,
                        "%s %d/%d%s; ",
                        task,
                        row[task.ordinal()],
                        all,
                        worst < 0 ? "" : " (" + Task.values()[worst] + " " + row[worst] + ")"));
            }
        }
        out.println(line);
    }

    private static int count(int[][] confusion) {
        return Arrays.stream(confusion).flatMapToInt(Arrays::stream).sum();
    }

    private static double right(int[][] confusion) {
        int right = 0;
        for (int at = 0; at < confusion.length; at++) {
            right += confusion[at][at];
        }
        return right / (double) Math.max(1, count(confusion));
    }
}
