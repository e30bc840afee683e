package com.smashcost.ledger.control;

import java.util.ArrayList;
import java.util.List;

/**
 * A column of an export.
 *
 * @param name as in the admin API's request log
 * @param field of the ledger's line
 */
record ExportColumn(String name, String field, Kind kind) {

    /** What the cells hold. */
    enum Kind {
        text,
        number,
        time,
        flag
    }

    static final List<ExportColumn> ALL = List.of(
            text("request_id"),
            new ExportColumn("started_at", "started_at", Kind.time),
            number("status"),
            text("error_class"),
            text("model_requested"),
            text("model_used"),
            text("model_projected"),
            text("provider"),
            text("routing"),
            text("mode"),
            text("task"),
            number("score"),
            number("retention"),
            number("attempts"),
            flag("fallback"),
            flag("streamed"),
            flag("estimated"),
            text("tag_customer"),
            text("tag_feature"),
            new ExportColumn("key_id", "key_public_id", Kind.text),
            text("key_name"),
            number("input_tokens"),
            number("cached_tokens"),
            number("cache_write_5m_tokens"),
            number("cache_write_1h_tokens"),
            number("output_tokens"),
            number("reasoning_tokens"),
            number("audio_input_tokens"),
            number("audio_output_tokens"),
            number("web_searches"),
            text("service_tier"),
            number("cost_usd"),
            number("baseline_usd"),
            number("projected_usd"),
            number("lost_cache_usd"),
            number("saving_usd"),
            number("latency_ms"),
            number("first_token_ms"));

    private static ExportColumn text(String name) {
        return new ExportColumn(name, name, Kind.text);
    }

    private static ExportColumn number(String name) {
        return new ExportColumn(name, name, Kind.number);
    }

    private static ExportColumn flag(String name) {
        return new ExportColumn(name, name, Kind.flag);
    }

    static List<String> names() {
        return ALL.stream().map(ExportColumn::name).toList();
    }

    /** The cells of a row as text. */
    static List<String> texts(LedgerLine line) {
        List<String> texts = new ArrayList<>(ALL.size());
        for (ExportColumn column : ALL) {
            String text = line.text(column.field());
            texts.add(
                    column.kind() == Kind.flag
                            ? Boolean.toString(text.equals("1"))
                            // also a text that looks like a negative number is a text
                            : column.kind() == Kind.text ? CsvLines.text(text) : text);
        }
        return texts;
    }
}
