package com.smashcost.ledger.control;

import com.smashcost.ledger.entity.LedgerEntry;
import com.smashcost.ledger.entity.LedgerEntry.Choice;
import com.smashcost.ledger.entity.LedgerEntry.FrozenPrices;
import com.smashcost.ledger.entity.LedgerEntry.Metered;
import com.smashcost.ledger.entity.LedgerEntry.Outcome;
import com.smashcost.ledger.entity.RequestId;
import com.smashcost.money.entity.UnitPrices;
import com.smashcost.provider.entity.Usage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes entries as rows of {@code ledger_entry}, and what was weighed for them beside it. Used by one thread. */
final class LedgerRows {

    private static final int REMEMBERED = 20_000;

    private static final String INSERT = """
            INSERT INTO ledger_entry (
              request_id, organization_id, key_id, started_at, status, error_class, model_requested_id,
              model_used_id, model_projected_id, provider, routing, mode, task, score, attempts, fallback,
              streamed, estimated, tag_customer_id, tag_feature_id, latency_ms, first_token_ms, input_tokens,
              cached_tokens, cache_write_5m_tokens, cache_write_1h_tokens, output_tokens, reasoning_tokens,
              audio_input_tokens, audio_output_tokens, web_searches, service_tier, price_version_id, price_input,
              price_cached_input, price_cache_write_5m, price_cache_write_1h, price_output,
              price_reasoning_output, price_audio_input, price_audio_output, price_web_search,
              baseline_price_version_id, baseline_input, baseline_cached_input, baseline_cache_write_5m,
              baseline_cache_write_1h, baseline_output, baseline_reasoning_output, baseline_audio_input,
              baseline_audio_output, baseline_web_search, cost_usd, baseline_usd, projected_usd, lost_cache_tokens)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
              ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    /** Ids of model names and tags met lately; they never change. */
    private final Map<String, Long> ids = new LinkedHashMap<>(1024, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** Inserts the entries in one batch and their receipts in another, in the caller's transaction: both are there or neither. */
    void insert(Connection connection, Collection<LedgerEntry> entries) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (LedgerEntry entry : entries) {
                bind(insert, connection, entry);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        ReceiptRows.insert(connection, entries);
    }

    /** Which of the entries have a row already. */
    Set<RequestId> present(Connection connection, List<LedgerEntry> entries) throws SQLException {
        Set<RequestId> present = new HashSet<>();
        String places = "?, ".repeat(entries.size() - 1) + "?";
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT request_id FROM ledger_entry WHERE request_id IN (" + places + ")")) {
            for (int i = 0; i < entries.size(); i++) {
                select.setBytes(i + 1, entries.get(i).id().bytes());
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    present.add(RequestId.of(row.getBytes(1)));
                }
            }
        }
        return present;
    }

    /** Forgets ids learnt in a transaction that was rolled back. */
    void forgetIds() {
        ids.clear();
    }

    private void bind(PreparedStatement insert, Connection connection, LedgerEntry entry) throws SQLException {
        Choice choice = entry.choice();
        Outcome outcome = entry.outcome();
        Metered metered = entry.metered();
        BoundRow row = new BoundRow(insert);
        row.bytes(entry.id().bytes());
        row.number(entry.organizationId());
        row.number(entry.keyId());
        row.time(LocalDateTime.ofInstant(entry.startedAt(), ZoneOffset.UTC));
        Integer status = outcome.status();
        row.number(status == null ? null : status.longValue());
        row.text(outcome.errorClass());
        row.number(model(connection, choice.requested()));
        row.number(model(connection, choice.used()));
        row.number(model(connection, choice.projected()));
        row.text(choice.provider());
        row.text(choice.routing().name());
        row.text(choice.mode().name());
        row.text(choice.task());
        row.decimal(choice.score());
        row.number((long) outcome.attempts());
        row.flag(outcome.fallback());
        row.flag(entry.streamed());
        row.flag(metered.estimated());
        row.number(
                tag(connection, entry.organizationId(), "customer", entry.tags().customer()));
        row.number(
                tag(connection, entry.organizationId(), "feature", entry.tags().feature()));
        row.millis(outcome.latency());
        row.millis(outcome.firstToken());
        usage(row, metered.usage());
        row.text(metered.serviceTier());
        prices(row, metered.used());
        prices(row, metered.baseline());
        row.decimal(metered.cost());
        row.decimal(metered.baselineCost());
        row.decimal(metered.projectedCost());
        row.number(metered.lostCacheTokens());
    }

    private static void usage(BoundRow row, Usage usage) throws SQLException {
        row.number(usage.input());
        row.number(usage.cached());
        row.number(usage.cacheWrite5m());
        row.number(usage.cacheWrite1h());
        row.number(usage.output());
        row.number(usage.reasoning());
        row.number(usage.audioInput());
        row.number(usage.audioOutput());
        row.number(usage.webSearches());
    }

    private static void prices(BoundRow row, FrozenPrices frozen) throws SQLException {
        UnitPrices prices = frozen.prices();
        row.number(frozen.versionId());
        row.decimal(prices.input());
        row.decimal(prices.cachedInput());
        row.decimal(prices.cacheWrite5m());
        row.decimal(prices.cacheWrite1h());
        row.decimal(prices.output());
        row.decimal(prices.reasoningOutput());
        row.decimal(prices.audioInput());
        row.decimal(prices.audioOutput());
        row.decimal(prices.webSearch());
    }

    private @Nullable Long model(Connection connection, @Nullable String name) throws SQLException {
        if (name == null) {
            return null;
        }
        return id(
                connection,
                "model " + name,
                "SELECT id FROM model_name WHERE name = ?",
                "INSERT INTO model_name (name) VALUES (?)",
                name);
    }

    private @Nullable Long tag(Connection connection, long organization, String kind, @Nullable String text)
            throws SQLException {
        if (text == null) {
            return null;
        }
        return id(
                connection,
                "tag " + organization + " " + kind + " " + text,
                "SELECT id FROM tag WHERE organization_id = ? AND kind = ? AND text = ?",
                // the words of an organisation that was deleted meanwhile stay erased
                """
                INSERT INTO tag (organization_id, kind, text)
                SELECT asked.organization, asked.kind, asked.text
                FROM (SELECT ? AS organization, ? AS kind, ? AS text) asked
                  JOIN organization o ON o.id = asked.organization AND o.status <> 'DELETED'""",
                organization,
                kind,
                text);
    }

    /** The id under which these values stand, added if need be; null if they may not be. */
    private @Nullable Long id(Connection connection, String name, String find, String add, Object... values)
            throws SQLException {
        Long known = ids.get(name);
        if (known == null) {
            known = find(connection, find, values);
        }
        if (known == null) {
            try {
                known = add(connection, add, values);
            } catch (SQLIntegrityConstraintViolationException anotherNodeWasFirst) {
                known = find(connection, find, values);
            }
        }
        if (known != null) {
            ids.put(name, known);
        }
        return known;
    }

    private static @Nullable Long find(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                select.setObject(i + 1, values[i]);
            }
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : null;
            }
        }
    }

    private static @Nullable Long add(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)) {
            for (int i = 0; i < values.length; i++) {
                insert.setObject(i + 1, values[i]);
            }
            insert.executeUpdate();
            try (ResultSet row = insert.getGeneratedKeys()) {
                return row.next() ? row.getLong(1) : null;
            }
        }
    }
}
