package com.smashcost.ledger.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.smashcost.ledger.entity.LedgerEntry;
import com.smashcost.ledger.entity.LedgerEntry.Metered;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntryTextTest {

    @Test
    void is_silent_on_what_is_unknown() {
        String text = text(Entries.intent());
        assertThat(text).doesNotContain("null").doesNotContain("cost").doesNotContain("score");
    }

    @Test
    void writes_decimals_as_people_do() {
        assertThat(text(Entries.completed(Entries.intent())))
                .contains("\"price_input\":\"0.00000015\"")
                .contains("\"cost\":\"0.00000450\"");
    }

    @Test
    void reads_what_was_written_before_searches_were_counted() {
        LedgerEntry entry = Entries.completed(Entries.intent());
        Metered metered = entry.metered();
        String before = text(entry).replaceAll(",\"(web_searches|price_web_search|baseline_web_search)\":[^,}]+", "");
        assertThat(before).doesNotContain("search");
        Metered read = EntryText.read(before.getBytes(StandardCharsets.UTF_8)).metered();
        assertThat(read.usage()).isEqualTo(metered.usage().withWebSearches(null));
        assertThat(read.used().prices()).isEqualTo(metered.used().prices().withWebSearch(null));
        assertThat(read.cost()).isEqualTo(metered.cost());
    }

    @Test
    void reads_what_was_written_before_anything_was_weighed() {
        LedgerEntry entry = Entries.completed(Entries.intent());
        assertThat(text(entry)).doesNotContain("classifier");
        assertThat(EntryText.read(EntryText.write(entry)).weighed()).isNull();
    }

    @Test
    void writes_what_was_weighed_in_numbers_and_few_bytes() {
        LedgerEntry entry = Entries.weighed(Entries.intent());
        assertThat(text(entry))
                .contains("\"classifier\":\"2026-11\"")
                .contains("\"right\":\"0.5 0.6 0.7 0.8\"")
                .contains("\"kept\":\"0.93 0.98 1 1\"")
                .contains("\"candidates\":\"AgCsAgM=\"");
        assertThat(EntryText.read(EntryText.write(entry))).isEqualTo(entry);
    }

    @ParameterizedTest
    @CsvSource({
        "'AgCsAgM=', 'AgCsAg=='",
        "'AgCsAgM=', 'AgC!AgM='",
        "'0.93 0.98 1 1', '0.93 much'",
        "'\"needs\":1', '\"needs\":true'",
        "'\"retention\":\"0.98\",', ''",
    })
    void refuses_numbers_that_were_changed(String written, String changed) {
        String text = text(Entries.weighed(Entries.intent()));
        assertThat(text).contains(written);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EntryText.read(text.replace(written, changed).getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @CsvSource({
        "'\"started_at\":\"2026-11-21T12:00:00.123456Z\"', '\"started_at\":\"yesterday\"'",
        "'\"organization\":7', '\"organization\":\"seven\"'",
        "'\"organization\":7,', ''",
        "'\"attempts\":1', '\"attempts\":1.5'",
        "'\"routing\":\"passthrough\"', '\"routing\":\"by a later release\"'",
        "'\"mode\":\"observation\"', '\"mode\":\"shadow\"'",
        "'\"input\":10', '\"input\":-1'",
        "'\"cost\":\"0.00000450\"', '\"cost\":\"free\"'",
        "'\"id\":\"', '\"id\":\"x'",
    })
    void refuses_what_it_cannot_have_written(String written, String changed) {
        String text = text(Entries.completed(Entries.intent()));
        assertThat(text).contains(written);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EntryText.read(text.replace(written, changed).getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void refuses_a_text_that_was_cut_anywhere() {
        byte[] text = EntryText.write(Entries.weighed(Entries.intent()));
        for (int length = 0; length < text.length; length++) {
            byte[] cut = Arrays.copyOf(text, length);
            assertThatIllegalArgumentException()
                    .as("the first " + length + " bytes")
                    .isThrownBy(() -> EntryText.read(cut));
        }
    }

    private static String text(LedgerEntry entry) {
        return new String(EntryText.write(entry), StandardCharsets.UTF_8);
    }
}
