package com.smashcost.matrix;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A fault that is known: a line of {@code matrix-known.tsv}. Its cells are green as long as they have it, and red when they no
 * longer do.
 *
 * @param fault that is found in the description of a cell's faults
 */
record Known(Pattern client, Pattern exchange, Pattern fault, String words) {

    static final List<Known> ALL = read();

    private static List<Known> read() {
        try (InputStream file = Known.class.getResourceAsStream("/matrix-known.tsv")) {
            if (file == null) {
                throw new IllegalStateException("matrix-known.tsv is not on the test class path");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split("\t", 4))
                    .map(parts -> new Known(
                            Pattern.compile(parts[0]), Pattern.compile(parts[1]), Pattern.compile(parts[2]), parts[3]))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isIn(Cell cell, String fault) {
        return client.matcher(cell.client()).matches()
                && exchange.matcher(cell.toString().substring(cell.client().length() + 4))
                        .find()
                && this.fault.matcher(fault).find();
    }
}
