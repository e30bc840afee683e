package com.smashcost.ledger.control;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Writes lines of RFC 4180. A text that a spreadsheet would take for a formula gets a quote before it; numbers stay numbers, also
 * negative ones.
 */
final class CsvLines implements Closeable {

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");
    private static final String FORMULA = "=+-@\t\r";

    private final Writer out;

    /** Writes to this stream, which stays open. */
    CsvLines(OutputStream out) {
        this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    }

    void line(List<String> cells) {
        try {
            String separator = "";
            for (String cell : cells) {
                out.write(separator);
                out.write(quoted(safe(cell)));
                separator = ",";
            }
            out.write("\r\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void line(String... cells) {
        line(List.of(cells));
    }

    private static String safe(String cell) {
        return NUMBER.matcher(cell).matches() ? cell : text(cell);
    }

    /** A text that no spreadsheet takes for a formula. */
    static String text(String cell) {
        return !cell.isEmpty() && FORMULA.indexOf(cell.charAt(0)) >= 0 ? "'" + cell : cell;
    }

    private static String quoted(String cell) {
        boolean plain = cell.chars().noneMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r');
        return plain ? cell : "\"" + cell.replace("\"", "\"\"") + "\"";
    }

    @Override
    public void close() throws IOException {
        out.flush();
    }
}
