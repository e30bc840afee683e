package com.smashcost.ledger.control;

import com.smashcost.ledger.control.Statement.Sum;
import com.smashcost.ledger.control.StatementJson.Seal;
import com.smashcost.ledger.entity.ChainRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.Map;
import org.openpdf.text.Document;
import org.openpdf.text.Element;
import org.openpdf.text.Font;
import org.openpdf.text.PageSize;
import org.openpdf.text.Paragraph;
import org.openpdf.text.Phrase;
import org.openpdf.text.pdf.PdfPCell;
import org.openpdf.text.pdf.PdfPTable;
import org.openpdf.text.pdf.PdfWriter;

/** Writes a statement for people: all its sums, and the rows that cost more than they would have. */
final class StatementPdf {

    /** Rows that are printed; the files hold all of them. */
    private static final int MOST_ROWS = 200;

    private static final float MARGIN = 48;
    private static final Font TITLE = new Font(Font.HELVETICA, 16, Font.BOLD);
    private static final Font HEADING = new Font(Font.HELVETICA, 11, Font.BOLD);
    private static final Font BODY = new Font(Font.HELVETICA, 8);
    private static final Font BOLD = new Font(Font.HELVETICA, 8, Font.BOLD);
    private static final Font HASH = new Font(Font.COURIER, 7);

    private static final Map<String, String> EXPLAINED = Map.of(
            "all", "were made",
            "counted", "are counted",
            "negative", "of these cost more",
            "observed", "were made while routing was not active",
            "passed_through", "were passed through",
            "overridden", "insisted on their model",
            "failed", "failed",
            "fell_back", "a fallback served",
            "unpriced", "have no known cost");

    private StatementPdf() {}

    static void write(Statement statement, Statement.Rows rows, Seal seal, OutputStream out) throws IOException {
        Document document = new Document(PageSize.A4, MARGIN, MARGIN, MARGIN, MARGIN);
        PdfWriter.getInstance(document, out).setCloseStream(false);
        document.addTitle("Savings statement " + statement.slug() + " " + statement.month());
        document.open();
        document.add(new Paragraph("Savings statement " + statement.month(), TITLE));
        document.add(new Paragraph(
                statement.complete()
                        ? "What routing saved, computed from the prices frozen in every row of the ledger. Not an invoice."
                        : "Provisional: the ledger's chain does not cover the whole month yet. Not an invoice.",
                BODY));
        facts(document, statement, seal);
        sums(document, statement);
        models(document, statement);
        negative(document, statement, rows);
        prices(document, statement);
        chain(document, statement);
        document.close();
        out.flush();
    }

    private static void facts(Document document, Statement statement, Seal seal) {
        PdfPTable table = table(1, 4);
        for (Map.Entry<String, String> fact : StatementCsv.facts(statement, seal)) {
            table.addCell(cell(fact.getKey(), BOLD, Element.ALIGN_LEFT));
            table.addCell(cell(fact.getValue(), fact.getKey().startsWith("json_") ? HASH : BODY, Element.ALIGN_LEFT));
        }
        document.add(table);
    }

    private static void sums(Document document, Statement statement) {
        Sum counted = statement.sums().group(Statement.COUNTED);
        document.add(new Paragraph("Saved: " + LedgerLine.plain(counted.saving) + " US dollars", HEADING));
        document.add(new Paragraph(
                "The saving is baseline less cost less lost prompt cache of the counted requests. All others are left out of it.",
                BODY));
        PdfPTable table = table(3, 2, 3, 3, 3, 3);
        head(table, "requests that", "number", "baseline", "cost", "lost cache", "saving");
        for (String group : Statement.GROUPS) {
            table.addCell(cell(EXPLAINED.getOrDefault(group, group), BODY, Element.ALIGN_LEFT));
            figures(table, statement.sums().group(group));
        }
        document.add(table);
    }

    private static void figures(PdfPTable table, Sum sum) {
        table.addCell(cell(Long.toString(sum.requests), BODY, Element.ALIGN_RIGHT));
        decimal(table, sum.baseline);
        decimal(table, sum.cost);
        decimal(table, sum.lostCache);
        decimal(table, sum.saving);
    }

    private static void models(Document document, Statement statement) {
        document.add(new Paragraph("By models", HEADING));
        PdfPTable table = table(3, 3, 2, 3, 3, 3, 3);
        head(table, "asked for", "used", "requests", "baseline", "cost", "lost cache", "saving");
        statement.sums().models().forEach((pair, sum) -> {
            table.addCell(cell(pair.requested(), BODY, Element.ALIGN_LEFT));
            table.addCell(cell(pair.used(), BODY, Element.ALIGN_LEFT));
            figures(table, sum);
        });
        document.add(table);
    }

    private static void negative(Document document, Statement statement, Statement.Rows rows) {
        long all = statement.sums().group(Statement.NEGATIVE).requests;
        document.add(new Paragraph("Requests that cost more than they would have: " + all, HEADING));
        if (all == 0) {
            return;
        }
        PdfPTable table = table(4, 3, 3, 3);
        head(table, "request", "asked for", "used", "saving");
        int[] printed = {0};
        rows.each(line -> {
            BigDecimal saving = line.decimal("saving_usd");
            if (saving != null
                    && saving.signum() < 0
                    && !line.text("reason").equals(Statement.OTHER_MONTH)
                    && printed[0]++ < MOST_ROWS) {
                table.addCell(cell(line.text("request_id"), HASH, Element.ALIGN_LEFT));
                table.addCell(cell(line.text("model_requested"), BODY, Element.ALIGN_LEFT));
                table.addCell(cell(line.text("model_used"), BODY, Element.ALIGN_LEFT));
                decimal(table, saving);
            }
        });
        document.add(table);
        if (all > MOST_ROWS) {
            document.add(new Paragraph(
                    "The first " + MOST_ROWS + " are printed; the JSON and the CSV hold all of them.", BODY));
        }
    }

    private static void prices(Document document, Statement statement) {
        document.add(new Paragraph("Price versions used", HEADING));
        PdfPTable table = table(1, 3, 3, 4);
        head(table, "version", "model", "valid from", "source");
        statement.priceVersions().forEach(version -> {
            table.addCell(cell(Long.toString(version.id()), BODY, Element.ALIGN_LEFT));
            table.addCell(cell(version.model(), BODY, Element.ALIGN_LEFT));
            table.addCell(cell(version.validFrom().toString(), BODY, Element.ALIGN_LEFT));
            table.addCell(cell(version.source(), BODY, Element.ALIGN_LEFT));
        });
        document.add(table);
    }

    private static void chain(Document document, Statement statement) {
        ChainRecord last = statement.chain().getLast();
        document.add(new Paragraph("The ledger's chain", HEADING));
        document.add(new Paragraph(
                "Record " + last.sequence() + " of " + last.day() + " has the head " + last.head()
                        + ". How every figure is recomputed from the JSON, offline: docs/statement.md.",
                BODY));
    }

    private static PdfPTable table(float... widths) {
        PdfPTable table = new PdfPTable(widths);
        table.setWidthPercentage(100);
        table.setSpacingBefore(4);
        table.setSpacingAfter(8);
        return table;
    }

    private static void head(PdfPTable table, String... titles) {
        for (String title : titles) {
            table.addCell(cell(title, BOLD, Element.ALIGN_LEFT));
        }
        table.setHeaderRows(1);
    }

    private static void decimal(PdfPTable table, BigDecimal decimal) {
        table.addCell(cell(LedgerLine.plain(decimal), BODY, Element.ALIGN_RIGHT));
    }

    private static PdfPCell cell(String text, Font font, int alignment) {
        PdfPCell cell = new PdfPCell(new Phrase(text, font));
        cell.setHorizontalAlignment(alignment);
        return cell;
    }
}
