package com.smashcost.routing.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.smashcost.routing.control.Asked;
import com.smashcost.routing.control.Task;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The development data, as {@code ejb/src/test/routing/README.md} describes it. */
record Corpus(List<Sample> routing, List<Sample> tasks) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> ALIASES = Set.of("closed_qa_extraction");

    /** Reads the data from the directory that holds it. */
    static Corpus read(Path directory) throws IOException {
        List<Sample> routing = new ArrayList<>();
        for (JsonNode row : rows(directory.resolve("routing-dev.jsonl.gz"))) {
            routing.add(routed(row));
        }
        List<Sample> tasks = new ArrayList<>();
        for (JsonNode row : rows(directory.resolve("task-dev.jsonl.gz"))) {
            tasks.add(labelled(row));
        }
        for (JsonNode row : rows(directory.resolve("own-prompts.jsonl.gz"))) {
            tasks.add(own(row));
        }
        return new Corpus(List.copyOf(routing), List.copyOf(tasks));
    }

    private static Sample routed(JsonNode row) {
        Map<String, Double> scores = new HashMap<>();
        row.path("scores").properties().forEach(score -> {
            if (score.getValue().isNumber()) {
                scores.put(score.getKey(), score.getValue().asDouble());
            }
        });
        return new Sample(
                row.path("id").asText(),
                row.path("source").asText(),
                row.path("cluster").asText(),
                row.path("category").asText(),
                task(row.path("task").asText()),
                Asked.of(row.path("prompt").asText()),
                0,
                row.path("split").asText().equals("val"),
                row.path("contaminated").asBoolean(),
                Map.copyOf(scores));
    }

    private static Sample labelled(JsonNode row) {
        return new Sample(
                row.path("id").asText(),
                row.path("source").asText(),
                row.path("group").asText(),
                row.path("group").asText(),
                task(row.path("task").asText()),
                Asked.of(row.path("prompt").asText()),
                0,
                false,
                false,
                Map.of());
    }

    private static Sample own(JsonNode row) {
        String instruction = "";
        StringBuilder system = new StringBuilder();
        long characters = 0;
        int turns = 0;
        String lastRole = "";
        for (JsonNode message : row.path("messages")) {
            String role = message.path("role").asText();
            String content = message.path("content").asText();
            characters += content.length();
            if (role.equals("system")) {
                system.append(content);
            } else if (role.equals("user")) {
                instruction = content;
            }
            turns += role.equals("user") || role.equals("assistant") ? 1 : 0;
            lastRole = role;
        }
        return new Sample(
                row.path("id").asText(),
                row.path("source").asText(),
                row.path("group").asText(),
                row.path("language").asText(),
                task(row.path("task").asText()),
                new Asked(
                        Asked.excerpt(instruction),
                        system.substring(0, Math.min(system.length(), Asked.SYSTEM_EXCERPT)),
                        instruction.length(),
                        system.length(),
                        characters,
                        turns,
                        row.path("tools").asInt(),
                        false,
                        false,
                        false,
                        false,
                        false,
                        lastRole.equals("tool"),
                        false,
                        false,
                        null,
                        false),
                row.path("difficulty").asInt(),
                false,
                false,
                Map.of());
    }

    private static @Nullable Task task(String name) {
        return ALIASES.contains(name) ? Task.extraction_closed_qa : Task.valueOf(name);
    }

    private static List<JsonNode> rows(Path file) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        try (InputStream bytes = new GZIPInputStream(Files.newInputStream(file));
                BufferedReader lines = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                rows.add(JSON.readTree(line));
            }
        }
        return rows;
    }
}
