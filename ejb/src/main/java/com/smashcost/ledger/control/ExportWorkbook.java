package com.smashcost.ledger.control;

import com.smashcost.ledger.control.ExportColumn.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/** Requests in an Excel workbook: numbers are numbers, times are times in UTC, and texts are never formulas. */
final class ExportWorkbook implements Closeable {

    private static final int ROWS_OF_A_SHEET = 1_000_000;
    private static final int FLUSHED = 500;

    private final Workbook workbook;
    private Worksheet sheet;
    private int sheets;
    private int row;

    /** Writes to this stream, which stays open. */
    ExportWorkbook(OutputStream out) {
        this.workbook = new Workbook(out, "SmashCost", "1.0");
        this.sheet = next();
    }

    private Worksheet next() {
        sheets++;
        Worksheet started = workbook.newWorksheet("requests " + sheets);
        started.freezePane(0, 1);
        row = 0;
        int column = 0;
        for (String name : ExportColumn.names()) {
            started.inlineString(row, column++, name);
        }
        return started;
    }

    void row(LedgerLine line) {
        try {
            if (row == ROWS_OF_A_SHEET) {
                sheet.finish();
                sheet = next();
            }
            row++;
            for (int column = 0; column < ExportColumn.ALL.size(); column++) {
                cell(
                        column,
                        ExportColumn.ALL.get(column).kind(),
                        line.text(ExportColumn.ALL.get(column).field()));
            }
            if (row % FLUSHED == 0) {
                sheet.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void cell(int column, Kind kind, String text) {
        if (text.isEmpty()) {
            return;
        }
        switch (kind) {
            case text -> sheet.inlineString(row, column, text);
            case number -> sheet.value(row, column, new BigDecimal(text));
            case flag -> sheet.value(row, column, text.equals("1"));
            case time -> {
                sheet.value(row, column, LocalDateTime.ofInstant(Instant.parse(text), ZoneOffset.UTC));
                sheet.style(row, column).format("yyyy-mm-dd hh:mm:ss.000").set();
            }
        }
    }

    @Override
    public void close() throws IOException {
        sheet.finish();
        workbook.finish();
    }
}
