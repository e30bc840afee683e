package com.smashcost.catalog.control;

import com.smashcost.catalog.entity.Tier;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * How good the models of the shipped catalogue are, as this product judges them, and whether they think without being told to;
 * of models that it cannot judge it says nothing.
 */
final class ShippedTiers {

    private static final String RESOURCE = "/catalogue/tiers.csv";

    private ShippedTiers() {}

    /**
     * What is said of one model.
     *
     * @param thinks whether it thinks, and bills its thoughts, where a request says nothing about thinking
     */
    record Judgement(Tier tier, boolean thinks) {}

    /** By the models' names. */
    static Map<String, Judgement> read() {
        InputStream resource = ShippedTiers.class.getResourceAsStream(RESOURCE);
        if (resource == null) {
            throw new IllegalStateException(RESOURCE + " is missing from the application");
        }
        Map<String, Judgement> judgements = new HashMap<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
            lines.readLine(); // names of the columns
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] cells = line.split(",", 4);
                Judgement judgement = new Judgement(Tier.valueOf(cells[1]), cells[2].equals("yes"));
                if (judgements.put(cells[0], judgement) != null) {
                    throw new IllegalStateException(RESOURCE + " judges " + cells[0] + " twice");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return judgements;
    }
}
