package com.smashcost.ledger.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.smashcost.ledger.control.Statement.PriceVersion;
import com.smashcost.ledger.control.Statement.Sums;
import com.smashcost.ledger.entity.ChainRecord;
import com.smashcost.ledger.entity.Trail;
import com.smashcost.secret.control.InstallationKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openpdf.text.pdf.PdfReader;
import org.openpdf.text.pdf.parser.PdfTextExtractor;

/** A statement, and what the program that shares no code with the product finds in it. */
@Tag("G34")
class StatementJsonTest {

    private static final YearMonth MONTH = YearMonth.of(2026, 10);
    private static final Instant NOON = Instant.parse("2026-10-15T12:00:00Z");
    private static final Verifier VERIFIER = Verifier.compiled();

    private final InstallationKey key = new InstallationKey(InstallationKey.generate());

    private static List<LedgerLine> rows() {
        List<LedgerLine> rows =
                new ArrayList<>(List.of(LedgerLines.moved(NOON), LedgerLines.dearer(NOON.plusMillis(1))));
        for (String reason : Statement.EXCLUDED) {
            rows.add(LedgerLines.excluded(NOON.plusMillis(rows.size()), reason));
        }
        return rows;
    }

    /** A chain over these rows from one day to another, one record for each. */
    private List<ChainRecord> chain(List<LedgerLine> rows, LocalDate from, LocalDate to) {
        List<ChainRecord> chain = new ArrayList<>();
        for (LocalDate day = from; !day.isAfter(to); day = day.plusDays(1)) {
            MessageDigest sha = ChainRecord.sha256();
            long count = 0;
            for (LedgerLine row : rows) {
                if (row.text("started_at").startsWith(day.toString())) {
                    sha.update(row.canonical());
                    count++;
                }
            }
            ChainRecord headed = new ChainRecord(
                            Trail.ledger,
                            LedgerLines.ORGANIZATION,
                            chain.size() + 5,
                            day,
                            0,
                            count,
                            LedgerSlice.start(day.plusDays(1)).plusSeconds(3600),
                            HexFormat.of().formatHex(sha.digest()),
                            chain.isEmpty() ? "ab".repeat(32) : chain.getLast().head(),
                            "",
                            "")
                    .headed();
            chain.add(headed.signed(key.sign(headed.signedText())));
        }
        return chain;
    }

    private Statement statement(String zone, List<LedgerLine> rows, List<ChainRecord> chain, boolean complete) {
        Sums sums = new Sums();
        ZoneId in = ZoneId.of(zone);
        Statement statement = new Statement(
                LedgerLines.ORGANIZATION,
                "acme",
                "Acme \"Ltd\" \\ Söhne",
                MONTH,
                in,
                MONTH.atDay(1).atStartOfDay(in).toInstant(),
                MONTH.plusMonths(1).atDay(1).atStartOfDay(in).toInstant(),
                complete,
                sums,
                List.of(new PriceVersion(1, "gpt-4o", NOON, "a test")),
                chain);
        rows.forEach(row -> sums.add(statement.classify(row)));
        return statement;
    }

    private byte[] file(Statement statement, List<LedgerLine> rows) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StatementJson.write(statement, reader -> rows.forEach(row -> reader.accept(statement.classify(row))), key, out);
        return out.toByteArray();
    }

    private byte[] file(List<LedgerLine> rows) throws IOException {
        return file(statement("UTC", rows, chain(rows, MONTH.atDay(1), MONTH.atEndOfMonth()), true), rows);
    }

    @Test
    void is_recomputed_to_the_cent_by_a_program_that_has_nothing_but_the_file_and_the_key() throws IOException {
        byte[] file = file(rows());

        assertThat(VERIFIER.verdict(file, key.publicPem())).isEqualTo("OK");
        JsonNode json = new ObjectMapper().readTree(file);
        assertThat(json.at("/sums/counted/saving_usd").asText()).isEqualTo("0.0084");
        assertThat(json.at("/sums/counted/lost_cache_usd").asText()).isEqualTo("0.015");
        assertThat(json.at("/sums/negative/saving_usd").asText()).isEqualTo("-0.0033");
        assertThat(json.at("/sums/all/requests").asInt()).isEqualTo(8);
        for (String reason : Statement.EXCLUDED) {
            assertThat(json.at("/sums/" + reason + "/requests").asInt()).isEqualTo(1);
        }
        assertThat(json.path("models").size()).isEqualTo(1);
        assertThat(json.path("rows").size()).isEqualTo(8);
    }

    @Test
    void is_the_same_file_every_time() throws IOException {
        assertThat(file(rows())).isEqualTo(file(rows()));
    }

    @Test
    void is_refused_whichever_byte_of_it_is_changed() throws IOException {
        List<LedgerLine> rows = List.of(LedgerLines.moved(NOON));
        LocalDate last = MONTH.atEndOfMonth();
        byte[] file = file(statement("UTC", List.of(), chain(List.of(), last, last), true), List.of());
        byte[] withRow = file(
                statement("UTC", rows, chain(rows, LocalDate.of(2026, 10, 15), LocalDate.of(2026, 10, 16)), false),
                rows);
        String pem = key.publicPem();
        assertThat(VERIFIER.verdict(file, pem)).isEqualTo("OK");
        assertThat(VERIFIER.verdict(withRow, pem)).startsWith("OK, provisional");

        for (byte[] whole : List.of(file, withRow)) {
            for (int place = 0; place < whole.length; place++) {
                byte[] changed = whole.clone();
                changed[place] ^= (byte) (1 << place % 8);
                assertThat(VERIFIER.verdict(changed, pem))
                        .as("byte %d of %d", place, whole.length)
                        .startsWith("NOT OK");
            }
        }
    }

    @Test
    void is_refused_when_cut_off_or_under_another_key() throws IOException {
        byte[] file = file(rows());

        assertThat(VERIFIER.verdict(new byte[0], key.publicPem())).startsWith("NOT OK");
        assertThat(VERIFIER.verdict(Arrays.copyOf(file, file.length - 1), key.publicPem()))
                .startsWith("NOT OK");
        assertThat(VERIFIER.verdict(file, new InstallationKey(InstallationKey.generate()).publicPem()))
                .contains("signature");
    }

    @ParameterizedTest
    @CsvSource({
        "cost_usd, 0.0012, cost_usd of row",
        "baseline_usd, 0.014, baseline_usd of row",
        "lost_cache_usd, 0.000001, lost_cache_usd of row",
        "saving_usd, 0.0118, saving_usd of row",
        "reason, observed, reason of row",
        "price_input, 0.000002, cost_usd of row",
        "output_tokens, 101, cost_usd of row"
    })
    void finds_a_wrong_figure_even_in_a_file_that_is_signed(String field, String wrong, String found)
            throws IOException {
        List<LedgerLine> rows = List.of(LedgerLines.moved(NOON).with(field, wrong));

        assertThat(VERIFIER.verdict(file(rows), key.publicPem())).startsWith("NOT OK: " + found);
    }

    @Test
    void finds_a_row_that_the_chain_does_not_know_and_one_that_is_missing() throws IOException {
        List<LedgerLine> rows = rows();
        List<ChainRecord> chain = chain(rows, MONTH.atDay(1), MONTH.atEndOfMonth());
        List<LedgerLine> fewer = rows.subList(1, rows.size());
        List<LedgerLine> other = new ArrayList<>(rows);
        other.set(0, rows.getFirst().with("latency_ms", "1"));

        assertThat(VERIFIER.verdict(file(statement("UTC", fewer, chain, true), fewer), key.publicPem()))
                .startsWith("NOT OK: rows of record");
        assertThat(VERIFIER.verdict(file(statement("UTC", other, chain, true), other), key.publicPem()))
                .startsWith("NOT OK: digest of record");
    }

    @Test
    void finds_a_chain_that_was_put_together_anew() throws IOException {
        List<LedgerLine> rows = rows();
        List<ChainRecord> chain = new ArrayList<>(chain(rows, MONTH.atDay(1), MONTH.atEndOfMonth()));
        chain.remove(3);

        assertThat(VERIFIER.verdict(file(statement("UTC", rows, chain, true), rows), key.publicPem()))
                .startsWith("NOT OK: previous head");
    }

    @ParameterizedTest
    @CsvSource({"Europe/Berlin, 2026-09-30", "America/New_York, 2026-10-01", "Asia/Kolkata, 2026-09-30"})
    void counts_the_month_of_the_organisations_zone(String zone, LocalDate firstDay) throws IOException {
        Instant start = MONTH.atDay(1).atStartOfDay(ZoneId.of(zone)).toInstant();
        Instant end = MONTH.plusMonths(1).atDay(1).atStartOfDay(ZoneId.of(zone)).toInstant();
        List<LedgerLine> rows = List.of(
                LedgerLines.moved(start.minusMillis(1)),
                LedgerLines.moved(start),
                LedgerLines.moved(end.minusMillis(1)),
                LedgerLines.moved(end));
        List<ChainRecord> chain = chain(rows, firstDay, LocalDate.of(2026, 11, 1));

        byte[] file = file(statement(zone, rows, chain, true), rows);

        assertThat(VERIFIER.verdict(file, key.publicPem())).isEqualTo("OK");
        assertThat(new ObjectMapper().readTree(file).at("/sums/all/requests").asInt())
                .isEqualTo(2);
    }

    @Test
    void prints_the_same_sums_as_csv_and_as_pdf() throws IOException {
        List<LedgerLine> rows = rows();
        Statement statement = statement("UTC", rows, chain(rows, MONTH.atDay(1), MONTH.atEndOfMonth()), true);
        StatementJson.Seal seal = new StatementJson.Seal("ab".repeat(32), "cd".repeat(64));
        ByteArrayOutputStream csv = new ByteArrayOutputStream();
        ByteArrayOutputStream pdf = new ByteArrayOutputStream();

        StatementCsv.write(statement, rows::forEach, seal, csv);
        StatementPdf.write(statement, rows::forEach, seal, pdf);

        assertThat(csv.toString(UTF_8))
                .contains("sum,counted,2,0.0026,0.026,0.015,0.0084\r\n")
                .contains("sum,negative,1,0.0013,0.013,0.015,-0.0033\r\n")
                .contains("statement,json_sha256," + "ab".repeat(32));
        assertThat(csv.toString(UTF_8).lines().filter(line -> line.startsWith("row,0")))
                .hasSize(8);
        try (PdfReader reader = new PdfReader(pdf.toByteArray())) {
            String text = new PdfTextExtractor(reader).getTextFromPage(1);
            assertThat(text)
                    .contains("Savings statement 2026-10")
                    .contains("0.0084")
                    .contains("-0.0033");
        }
    }
}
