package com.smashcost.ledger.control;

import com.smashcost.ledger.control.Statement.Pair;
import com.smashcost.ledger.control.Statement.PriceVersion;
import com.smashcost.ledger.control.Statement.Sum;
import com.smashcost.ledger.control.StatementJson.Seal;
import com.smashcost.ledger.entity.ChainRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Writes a statement for spreadsheets: the first cell of a line says which part it belongs to. */
final class StatementCsv {

    private StatementCsv() {}

    static void write(Statement statement, Statement.Rows rows, Seal seal, OutputStream out) throws IOException {
        try (CsvLines csv = new CsvLines(out)) {
            facts(statement, seal).forEach(fact -> csv.line("statement", fact.getKey(), fact.getValue()));
            csv.line("sum", "rows", "requests", "cost_usd", "baseline_usd", "lost_cache_usd", "saving_usd");
            for (String group : Statement.GROUPS) {
                Sum sum = statement.sums().group(group);
                csv.line(
                        "sum",
                        group,
                        Long.toString(sum.requests),
                        LedgerLine.plain(sum.cost),
                        LedgerLine.plain(sum.baseline),
                        LedgerLine.plain(sum.lostCache),
                        LedgerLine.plain(sum.saving));
            }
            csv.line(
                    "model",
                    "model_requested",
                    "model_used",
                    "requests",
                    "cost_usd",
                    "baseline_usd",
                    "lost_cache_usd",
                    "saving_usd");
            statement.sums().models().forEach((pair, sum) -> csv.line(model(pair, sum)));
            csv.line("price_version", "id", "model", "valid_from", "source");
            for (PriceVersion version : statement.priceVersions()) {
                csv.line(
                        "price_version",
                        Long.toString(version.id()),
                        version.model(),
                        version.validFrom().toString(),
                        version.source());
            }
            csv.line("chain", "sequence", "day", "supplement", "row_count", "rows_sha256", "head");
            for (ChainRecord record : statement.chain()) {
                csv.line(
                        "chain",
                        Integer.toString(record.sequence()),
                        record.day().toString(),
                        Integer.toString(record.supplement()),
                        Long.toString(record.rowCount()),
                        record.rowsSha256(),
                        record.head());
            }
            csv.line(Stream.concat(Stream.of("row"), StatementJson.FIELDS.stream())
                    .toList());
            rows.each(line -> {
                if (!line.text("reason").equals(Statement.OTHER_MONTH)) {
                    List<String> cells = new ArrayList<>(StatementJson.FIELDS.size() + 1);
                    cells.add("row");
                    StatementJson.FIELDS.forEach(field -> cells.add(line.text(field)));
                    csv.line(cells);
                }
            });
        }
    }

    private static List<String> model(Pair pair, Sum sum) {
        return List.of(
                "model",
                pair.requested(),
                pair.used(),
                Long.toString(sum.requests),
                LedgerLine.plain(sum.cost),
                LedgerLine.plain(sum.baseline),
                LedgerLine.plain(sum.lostCache),
                LedgerLine.plain(sum.saving));
    }

    /** What identifies the statement, and the signed file that it was made from. */
    static List<Map.Entry<String, String>> facts(Statement statement, Seal seal) {
        return List.of(
                Map.entry("organization", statement.slug()),
                Map.entry("organization_name", statement.name()),
                Map.entry("month", statement.month().toString()),
                Map.entry("time_zone", statement.zone().getId()),
                Map.entry("from", statement.from().toString()),
                Map.entry("to", statement.to().toString()),
                Map.entry("complete", statement.complete() ? "yes" : "no: provisional"),
                Map.entry("currency", "USD"),
                Map.entry("json_sha256", seal.sha256()),
                Map.entry("json_signature", seal.signature()));
    }
}
