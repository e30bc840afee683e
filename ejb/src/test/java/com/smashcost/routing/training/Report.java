package com.smashcost.routing.training;

import com.smashcost.routing.control.Classifier;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code ./mvnw -Prouting-report}: measures the shipped classifier on its validation data, beside controls. */
final class Report {

    private Report() {}

    /** @param arguments the directory of the ejb module */
    public static void main(String[] arguments) throws IOException {
        Path module = Path.of(arguments[0]);
        Path directory = module.resolve("target/routing-report");
        Files.createDirectories(directory);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Corpus corpus = Corpus.read(module.resolve("src/test/routing"));
        Classifier classifier = Classifier.shipped();
        RoutingReport routing = new RoutingReport(corpus, classifier, out);
        routing.pairs();
        routing.calibration();
        routing.modes();
        routing.tiers();
        routing.familiar();
        Plot.write(routing, directory);
        new RobustnessReport(corpus, classifier, out).print();
        new TaskReport(corpus, new Trainer(corpus), out).print();
        out.println();
        out.println("The plots are in " + directory);
    }

    /** A difficulty that nobody trained: long, with numbers, a proof or a negation asked for, or code. */
    static double untrained(Sample sample) {
        String text = sample.asked().instruction();
        String lower = text.toLowerCase(java.util.Locale.ROOT);
        double score = StrictMath.log(20.0 + text.length());
        score += text.chars().filter(Character::isDigit).count() >= 4 ? 0.5 : 0;
        for (String hard :
                new String[] {"prove", "derive", "why", " not ", "except", "statement", "$", "def ", "which of"}) {
            score += lower.contains(hard) ? 0.3 : 0;
        }
        return score;
    }

    /** How long what is asked is. */
    static double length(Sample sample) {
        return sample.asked().characters();
    }

    static String percent(double share) {
        return String.format(java.util.Locale.ROOT, "%.1f %%", 100 * share);
    }
}
