package com.smashcost.routing.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.catalog.entity.Tier;
import com.smashcost.routing.control.Asked;
import com.smashcost.routing.control.Classification;
import com.smashcost.routing.control.Classifier;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code ./mvnw -q -Prouting-eval -Din=FILE.jsonl -Dout=FILE.jsonl}: classifies prompts as the product does. */
final class Evaluate {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Without this many classifications the compiler has not seen the code often enough for its time to be measured. */
    private static final int WARM_UP = 4000;

    private Evaluate() {}

    /** Why nothing could be classified, in words for who ran it. */
    static final class Unusable extends Exception {

        private static final long serialVersionUID = 1;

        Unusable(String message) {
            super(message);
        }
    }

    record Question(JsonNode id, String prompt) {}

    /** @param arguments {@code in=FILE} and {@code out=FILE} */
    public static void main(String[] arguments) {
        try {
            String in = value(arguments, "in");
            String out = value(arguments, "out");
            run(Path.of(in), Path.of(out));
        } catch (Unusable unusable) {
            System.err.println("routing-eval: " + unusable.getMessage());
            System.exit(1);
        }
    }

    private static String value(String[] arguments, String name) throws Unusable {
        for (String argument : arguments) {
            if (argument.startsWith(name + "=") && argument.length() > name.length() + 1) {
                return argument.substring(name.length() + 1);
            }
        }
        throw new Unusable("-D" + name
                + "=FILE is missing. Usage: ./mvnw -q -Prouting-eval -Din=PROMPTS.jsonl -Dout=CLASSIFIED.jsonl");
    }

    static void run(Path in, Path out) throws Unusable {
        List<Question> questions = read(in);
        Classifier classifier = Classifier.shipped();
        warmUp(classifier, questions);
        Path directory = out.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new Unusable("The directory of " + out + " does not exist");
        }
        try (Writer writer = Files.newBufferedWriter(out)) {
            for (Question question : questions) {
                long start = System.nanoTime();
                Classification found = classifier.classify(Asked.of(question.prompt()));
                double micros = (System.nanoTime() - start) / 1000.0;
                ObjectNode row = JSON.createObjectNode();
                row.set("id", question.id());
                row.put("task", found.task().name());
                row.put("score", found.score());
                row.put("p_weak", found.right(Tier.small));
                row.put("p_strong", found.right(Tier.large));
                row.put("micros", Double.parseDouble(String.format(Locale.ROOT, "%.1f", micros)));
                writer.write(JSON.writeValueAsString(row) + "\n");
            }
        } catch (IOException unwritable) {
            throw new Unusable(out + " cannot be written: " + unwritable);
        }
    }

    static List<Question> read(Path in) throws Unusable {
        List<Question> questions = new ArrayList<>();
        int number = 0;
        try (BufferedReader lines = Files.newBufferedReader(in)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    questions.add(question(line, in, number));
                }
            }
        } catch (NoSuchFileException missing) {
            throw new Unusable(in + " does not exist (looked in "
                    + in.toAbsolutePath().normalize().getParent() + ")");
        } catch (CharacterCodingException other) {
            throw new Unusable(in + ", after line " + number + ": this is not UTF-8");
        } catch (IOException unreadable) {
            throw new Unusable(in + " cannot be read: " + unreadable);
        }
        return questions;
    }

    private static Question question(String line, Path in, int number) throws Unusable {
        JsonNode row;
        try {
            row = JSON.readTree(line);
        } catch (JsonProcessingException malformed) {
            throw new Unusable(in + ", line " + number + ": this is not JSON: " + malformed.getOriginalMessage());
        }
        if (row == null || !row.isObject()) {
            throw new Unusable(in + ", line " + number + ": this is not a JSON object");
        }
        if (!row.hasNonNull("id") || !row.get("id").isValueNode()) {
            throw new Unusable(in + ", line " + number + ": id is missing");
        }
        if (!row.path("prompt").isTextual()) {
            throw new Unusable(in + ", line " + number + ": prompt is missing, or is no string");
        }
        return new Question(row.get("id"), row.get("prompt").textValue());
    }

    private static void warmUp(Classifier classifier, List<Question> questions) {
        double kept = 0;
        for (int at = 0; !questions.isEmpty() && at < WARM_UP; at++) {
            kept += classifier
                    .classify(Asked.of(questions.get(at % questions.size()).prompt()))
                    .score();
        }
        if (Double.isNaN(kept)) {
            throw new IllegalStateException("A score is not a number");
        }
    }
}
