package com.smashcost.ledger.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvLinesTest {

    private static String line(String... cells) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (CsvLines csv = new CsvLines(out)) {
            csv.line(cells);
        }
        return out.toString(UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+cmd", "-cmd", "@SUM(A1)", "\t=1", "\r=1", "-1+1", "+1"})
    void leaves_no_cell_that_a_spreadsheet_would_calculate(String cell) throws IOException {
        assertThat(line(cell)).contains("'" + cell);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-0.000000000001", "-12", "0.5", "12", "plain", "gpt-4o"})
    void leaves_numbers_and_usual_texts_as_they_are(String cell) throws IOException {
        assertThat(line(cell)).isEqualTo(cell + "\r\n");
    }

    @Test
    void quotes_what_would_end_a_cell() throws IOException {
        assertThat(line("a,b", "say \"hi\"", "two\nlines")).isEqualTo("\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\r\n");
    }

    @Test
    void takes_no_text_column_for_a_number() {
        assertThat(CsvLines.text("-1")).isEqualTo("'-1");
    }
}
