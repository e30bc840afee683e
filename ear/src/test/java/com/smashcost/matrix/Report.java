package com.smashcost.matrix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** What all cells came to, as a table: {@code target/matrix.md}. */
final class Report {

    private static final List<Line> LINES = new ArrayList<>();
    private static final Map<String, String> NOT_APPLICABLE = new TreeMap<>();

    private enum Result {
        PASSED,
        FAILED,
        KNOWN
    }

    private record Line(Cell cell, Result result, List<String> faults) {}

    private Report() {}

    static synchronized void add(Cell cell, List<String> faults, List<Known> known) {
        Result result = faults.isEmpty() ? Result.PASSED : known.isEmpty() ? Result.FAILED : Result.KNOWN;
        LINES.add(new Line(cell, result, faults));
    }

    static synchronized void notApplicable(String cells, String reason) {
        NOT_APPLICABLE.put(cells, reason);
    }

    static synchronized void write() {
        StringBuilder text = new StringBuilder("# Clients over providers\n\n");
        text.append("passed / known fault / failed, by client and provider; a dash is no cell.\n\n");
        table(
                text,
                "client",
                line -> line.cell.client(),
                line -> line.cell.exchange().provider()
                        + (line.cell.exchange().wire() == Wire.RESPONSES ? " responses" : "")
                        + (line.cell.stream() ? ", stream" : ""));
        text.append("\nThe same by feature and provider.\n\n");
        table(
                text,
                "feature",
                line -> feature(line.cell),
                line -> line.cell.exchange().provider() + (line.cell.stream() ? ", stream" : ""));
        text.append("\n## Not applicable\n\n");
        NOT_APPLICABLE.forEach((cells, reason) ->
                text.append("- ").append(cells).append(": ").append(reason).append('\n'));
        text.append("\n## Faults\n\n");
        for (Line line : LINES) {
            if (line.result != Result.PASSED) {
                text.append("- ")
                        .append(line.cell)
                        .append(" (")
                        .append(line.result)
                        .append(")\n");
                line.faults.forEach(fault -> text.append("  - ").append(fault).append('\n'));
            }
        }
        try {
            Files.writeString(Path.of(System.getProperty("smashcost.target"), "matrix.md"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void table(
            StringBuilder text, String head, Function<Line, String> row, Function<Line, String> column) {
        TreeSet<String> columns = new TreeSet<>(LINES.stream().map(column).toList());
        TreeSet<String> rows = new TreeSet<>(LINES.stream().map(row).toList());
        text.append("| ").append(head);
        columns.forEach(name -> text.append(" | ").append(name));
        text.append(" | all |\n|").append(" --- |".repeat(columns.size() + 2)).append('\n');
        for (String name : rows) {
            List<Line> lines =
                    LINES.stream().filter(line -> row.apply(line).equals(name)).toList();
            text.append("| ").append(name);
            for (String each : columns) {
                text.append(" | ")
                        .append(sum(lines.stream()
                                .filter(line -> column.apply(line).equals(each))
                                .toList()));
            }
            text.append(" | ").append(sum(lines)).append(" |\n");
        }
        text.append("| **all**");
        for (String each : columns) {
            text.append(" | ")
                    .append(sum(LINES.stream()
                            .filter(line -> column.apply(line).equals(each))
                            .toList()));
        }
        text.append(" | ").append(sum(LINES)).append(" |\n");
    }

    private static String sum(List<Line> lines) {
        if (lines.isEmpty()) {
            return "–";
        }
        return count(lines, Result.PASSED) + " / " + count(lines, Result.KNOWN) + " / " + count(lines, Result.FAILED);
    }

    private static long count(List<Line> lines, Result result) {
        return lines.stream().filter(line -> line.result == result).count();
    }

    /** The rarest feature of an exchange. */
    private static String feature(Cell cell) {
        Exchange exchange = cell.exchange();
        if (Judge.isError(exchange)) {
            return "error " + exchange.status();
        }
        switch (exchange.kind()) {
            case VECTORS -> {
                return "embeddings";
            }
            case COUNT -> {
                return "count of tokens";
            }
            case ANSWER -> {}
        }
        Map<String, String> names = new LinkedHashMap<>();
        names.put("refusal", "refusal, safety");
        names.put("stop-SAFETY", "refusal, safety");
        names.put("fin:SAFETY", "refusal, safety");
        names.put("fin:length", "end by length");
        names.put("fin:max_tokens", "end by length");
        names.put("fin:MAX_TOKENS", "end by length");
        names.put("stop-param", "stop sequence");
        names.put("citations", "citations");
        names.put("cache-write-tokens", "cache written");
        names.put("cached-tokens", "cache read");
        names.put("vision", "vision");
        names.put("audio", "audio");
        names.put("json_schema", "JSON schema");
        names.put("json_object", "JSON object");
        names.put("server-tool", "provider's tool");
        names.put("parallel-tools", "parallel tools");
        names.put("tool-result-turn", "tool result");
        names.put("tool-call", "tool call");
        names.put("redacted", "reasoning");
        names.put("reasoning-out", "reasoning");
        names.put("document", "document");
        names.put("system", "system");
        for (Map.Entry<String, String> name : names.entrySet()) {
            if (exchange.has(name.getKey())) {
                return name.getValue();
            }
        }
        return "text";
    }
}
