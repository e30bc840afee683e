package com.smashcost.ledger.control;

import com.smashcost.ledger.entity.ChainRecord;
import com.smashcost.ledger.entity.RequestId;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A row of the ledger as text: first the stored fields, in the order in which they are hashed, then what its view and the texts
 * behind its ids add. {@code docs/statement.md} defines the canonical form.
 *
 * @param cells one for each of {@link #FIELDS}; what is NULL is empty
 */
record LedgerLine(List<String> cells) {

    /** What is hashed and signed, in this order. */
    static final List<String> STORED = List.of(
            "request_id",
            "organization_id",
            "key_id",
            "started_at",
            "status",
            "error_class",
            "model_requested",
            "model_used",
            "model_projected",
            "provider",
            "routing",
            "mode",
            "task",
            "score",
            "attempts",
            "fallback",
            "streamed",
            "estimated",
            "tag_customer_id",
            "tag_feature_id",
            "latency_ms",
            "first_token_ms",
            "input_tokens",
            "cached_tokens",
            "cache_write_5m_tokens",
            "cache_write_1h_tokens",
            "output_tokens",
            "reasoning_tokens",
            "audio_input_tokens",
            "audio_output_tokens",
            "web_searches",
            "service_tier",
            "price_version_id",
            "price_input",
            "price_cached_input",
            "price_cache_write_5m",
            "price_cache_write_1h",
            "price_output",
            "price_reasoning_output",
            "price_audio_input",
            "price_audio_output",
            "price_web_search",
            "baseline_price_version_id",
            "baseline_input",
            "baseline_cached_input",
            "baseline_cache_write_5m",
            "baseline_cache_write_1h",
            "baseline_output",
            "baseline_reasoning_output",
            "baseline_audio_input",
            "baseline_audio_output",
            "baseline_web_search",
            "cost_usd",
            "baseline_usd",
            "projected_usd",
            "lost_cache_tokens",
            "recorded_at");

    /** What is computed from them, or may be erased. */
    private static final List<String> BESIDE = List.of(
            "lost_cache_usd",
            "saving_usd",
            "reason",
            "key_public_id",
            "key_name",
            "tag_customer",
            "tag_feature",
            "retention");

    static final List<String> FIELDS =
            Stream.concat(STORED.stream(), BESIDE.stream()).toList();

    private static final Set<String> FLAGS = Set.of("fallback", "streamed", "estimated");
    private static final Set<String> SHARES = Set.of("score", "retention");
    private static final Map<String, Integer> PLACES = places();

    LedgerLine {
        cells = List.copyOf(cells);
    }

    private static Map<String, Integer> places() {
        Map<String, Integer> places = new HashMap<>();
        FIELDS.forEach(field -> places.put(field, places.size()));
        return Map.copyOf(places);
    }

    static LedgerLine read(ResultSet row) throws SQLException {
        List<String> cells = new ArrayList<>(FIELDS.size());
        for (String field : FIELDS) {
            cells.add(cell(row, field));
        }
        return new LedgerLine(cells);
    }

    private static String cell(ResultSet row, String field) throws SQLException {
        if (field.equals("request_id")) {
            return RequestId.of(row.getBytes(field)).toString();
        }
        if (field.endsWith("_at")) {
            return time(row, field);
        }
        if (FLAGS.contains(field)) {
            return Integer.toString(row.getInt(field));
        }
        if (isDecimal(field)) {
            BigDecimal decimal = row.getBigDecimal(field);
            return decimal == null ? "" : plain(decimal);
        }
        String text = row.getString(field);
        return text == null ? "" : text;
    }

    /** A time of the database, which is in UTC. */
    static String time(ResultSet row, String field) throws SQLException {
        LocalDateTime time = row.getObject(field, LocalDateTime.class);
        return time == null ? "" : ChainRecord.time(time.toInstant(ZoneOffset.UTC));
    }

    /** Whether the field is an exact decimal; all others are whole numbers, texts, times or flags. */
    static boolean isDecimal(String field) {
        boolean price = (field.startsWith("price_") || field.startsWith("baseline_")) && !field.endsWith("_id");
        return price || field.endsWith("_usd") || SHARES.contains(field);
    }

    /** A decimal without an exponent and without zeros that say nothing. */
    static String plain(BigDecimal decimal) {
        return decimal.signum() == 0 ? "0" : decimal.stripTrailingZeros().toPlainString();
    }

    /** These cells as one line: between them tabs, which like line ends and backslashes are escaped inside. */
    static String line(List<String> cells) {
        return cells.stream()
                        .map(cell -> cell.replace("\\", "\\\\")
                                .replace("\t", "\\t")
                                .replace("\n", "\\n")
                                .replace("\r", "\\r"))
                        .collect(Collectors.joining("\t"))
                + "\n";
    }

    /** The bytes of this row that are hashed. */
    byte[] canonical() {
        return line(cells.subList(0, STORED.size())).getBytes(StandardCharsets.UTF_8);
    }

    /** The text of a field; empty where it is NULL. */
    String text(String field) {
        Integer place = PLACES.get(field);
        if (place == null) {
            throw new IllegalArgumentException("no field " + field);
        }
        return cells.get(place);
    }

    @Nullable
    BigDecimal decimal(String field) {
        String text = text(field);
        return text.isEmpty() ? null : new BigDecimal(text);
    }

    /** The same row with another text in this field. */
    LedgerLine with(String field, String text) {
        List<String> changed = new ArrayList<>(cells);
        changed.set(FIELDS.indexOf(field), text);
        return new LedgerLine(changed);
    }

    RequestId id() {
        return RequestId.parse(text("request_id"));
    }

    Instant startedAt() {
        return Instant.parse(text("started_at"));
    }
}
