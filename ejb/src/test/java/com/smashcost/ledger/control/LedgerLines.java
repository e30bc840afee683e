package com.smashcost.ledger.control;

import com.smashcost.ledger.entity.ChainRecord;
import com.smashcost.ledger.entity.RequestId;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** Rows of the ledger as the database shows them, made up for tests: 1,000 tokens in and 100 out at the prices of two models. */
final class LedgerLines {

    static final long ORGANIZATION = 7;

    private LedgerLines() {}

    /** A request that was moved from a model for 0.01 and 0.03 dollars per 1,000 tokens to one for a tenth. */
    static LedgerLine moved(Instant at) {
        Map<String, String> row = new HashMap<>(Map.of(
                "status", "200",
                "model_requested", "gpt-4o",
                "model_used", "gpt-4o-mini",
                "provider", "openai",
                "routing", "classifier",
                "mode", "active",
                "task", "other",
                "score", "0.25",
                "attempts", "1",
                "reason", "counted"));
        row.putAll(Map.of(
                "fallback", "0",
                "streamed", "0",
                "estimated", "0",
                "input_tokens", "1000",
                "output_tokens", "100",
                "price_version_id", "2",
                "price_input", "0.000001",
                "price_output", "0.000003",
                "baseline_price_version_id", "1"));
        row.putAll(Map.of(
                "baseline_input", "0.00001",
                "baseline_cached_input", "0.000005",
                "baseline_output", "0.00003",
                "cost_usd", "0.0013",
                "baseline_usd", "0.013",
                "lost_cache_usd", "0",
                "saving_usd", "0.0117"));
        return row(at, row);
    }

    /** The same with these fields changed, in pairs of name and text; what is computed from them is not computed anew. */
    static LedgerLine with(LedgerLine line, String... fields) {
        LedgerLine changed = line;
        for (int i = 0; i < fields.length; i += 2) {
            changed = changed.with(fields[i], fields[i + 1]);
        }
        return changed;
    }

    /** A request that cost more than it would have. */
    static LedgerLine dearer(Instant at) {
        return with(
                moved(at),
                "lost_cache_tokens",
                "3000",
                "lost_cache_usd",
                "0.015",
                "saving_usd",
                "-0.0033",
                "routing",
                "session_cache");
    }

    /** A request that is left out of the saving for this reason. */
    static LedgerLine excluded(Instant at, String reason) {
        LedgerLine line = with(moved(at), "saving_usd", "", "reason", reason);
        return switch (reason) {
            case "observed" -> with(line, "mode", "observation", "routing", "passthrough");
            case "passed_through" -> with(line, "routing", "passthrough");
            case "overridden" -> with(line, "routing", "override");
            case "failed" -> with(line, "status", "502", "error_class", "upstream");
            case "fell_back" -> with(line, "fallback", "1");
            case "unpriced" -> with(line, "price_input", "", "cost_usd", "");
            default -> throw new IllegalArgumentException(reason);
        };
    }

    private static LedgerLine row(Instant at, Map<String, String> row) {
        row.put("request_id", id(at).toString());
        row.put("organization_id", Long.toString(ORGANIZATION));
        row.put("key_id", "3");
        row.put("started_at", ChainRecord.time(at));
        row.put("recorded_at", ChainRecord.time(at.plusSeconds(1)));
        List<String> cells = new ArrayList<>();
        for (String field : LedgerLine.FIELDS) {
            cells.add(Objects.requireNonNullElse(row.get(field), ""));
        }
        return new LedgerLine(cells);
    }

    private static RequestId id(Instant at) {
        long high = ByteBuffer.wrap(RequestId.lowerBound(at)).getLong() | 0x7000;
        return new RequestId(new UUID(high, 0x8000_0000_0000_0000L));
    }

    static BigDecimal sum(List<LedgerLine> lines, String field) {
        return lines.stream()
                .map(line -> Objects.requireNonNullElse(line.decimal(field), BigDecimal.ZERO))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
