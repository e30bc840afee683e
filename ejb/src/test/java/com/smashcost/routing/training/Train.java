package com.smashcost.routing.training;

import com.smashcost.routing.control.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** {@code ./mvnw -Prouting-train}: fits the classifier and writes the artefact that the product ships with. */
final class Train {

    static final String ARTEFACT = "src/main/resources/routing/classifier.bin";

    private Train() {}

    /** @param arguments the directory of the ejb module */
    public static void main(String[] arguments) throws IOException {
        Path module = Path.of(arguments[0]);
        byte[] artefact = artefact(module);
        Path file = module.resolve(ARTEFACT);
        Files.createDirectories(file.getParent());
        Files.write(file, artefact);
        Files.writeString(file.resolveSibling("classifier.bin.sha256"), checksum(artefact) + "\n");
        System.out.printf("%s, %,d bytes, sha256 %s%n", module.relativize(file), artefact.length, checksum(artefact));
    }

    static byte[] artefact(Path module) throws IOException {
        Weights weights = new Trainer(Corpus.read(module.resolve("src/test/routing"))).train();
        return WeightsFile.bytes(weights);
    }

    static String checksum(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JDK has SHA-256", impossible);
        }
    }
}
