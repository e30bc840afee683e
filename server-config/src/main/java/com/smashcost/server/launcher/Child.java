package com.smashcost.server.launcher;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One process that the launcher started.
 *
 * @param log where to look when it ends by itself
 * @param logStart how long that file was before this process wrote to it
 * @param grace how long it may take to end after it was asked to
 */
record Child(String name, Process process, Path log, long logStart, Duration grace) {

    private static final int TAIL = 20;
    private static final int TAIL_LINES = 2000;
    private static final int MOST_BYTES = 4_000_000;
    private static final Pattern CAUSE =
            Pattern.compile("SEVERE|\\bERROR\\b|FATAL|FAILURE|[Ee]xception|Caused by|Aborting|[Cc]an't |[Cc]annot ");

    StartFailure ended() {
        return new StartFailure(name + " ended with exit code " + process.exitValue() + causes(), log, null);
    }

    /** The last lines of the log that look like a cause, or simply the last lines, each on its own line. */
    String causes() {
        List<String> lines = tail();
        List<String> causes =
                lines.stream().filter(line -> CAUSE.matcher(line).find()).toList();
        List<String> shown = causes.isEmpty() ? lines : causes;
        StringBuilder text = new StringBuilder();
        for (String line : shown.subList(Math.max(0, shown.size() - TAIL), shown.size())) {
            text.append(System.lineSeparator()).append("    ").append(line);
        }
        return text.toString();
    }

    private List<String> tail() {
        List<String> lines = written().lines().filter(line -> !line.isBlank()).toList();
        return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
    }

    /** What this process has logged so far, as far as the file has not been rotated away. */
    String written() {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long from = file.length() < logStart ? 0 : logStart;
            byte[] bytes = new byte[(int) Math.min(file.length() - from, MOST_BYTES)];
            file.seek(from);
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
