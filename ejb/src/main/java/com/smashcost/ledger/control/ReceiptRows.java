package com.smashcost.ledger.control;

import com.smashcost.catalog.entity.Tier;
import com.smashcost.ledger.entity.LedgerEntry;
import com.smashcost.ledger.entity.LedgerEntry.Weighed;
import com.smashcost.ledger.entity.RequestId;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes what was weighed for entries as rows of {@code routing_receipt}, and reads it back. */
final class ReceiptRows {

    private static final int TIERS = Tier.values().length;

    /** Rounded down, so that a share that missed its target does not reach it by being stored. */
    private static final int DECIMALS = 4;

    private static final String INSERT = """
            INSERT INTO routing_receipt (
              request_id, organization_id, classifier, policy, familiar, needs, prompt_tokens, output_tokens,
              right_small, right_medium, right_large, right_frontier,
              kept_small, kept_medium, kept_large, kept_frontier, retention, candidates)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    private ReceiptRows() {}

    /** Inserts the receipts of those entries for which anything was weighed, in one batch, in the caller's transaction. */
    static void insert(Connection connection, Collection<LedgerEntry> entries) throws SQLException {
        if (entries.stream().allMatch(entry -> entry.weighed() == null)) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (LedgerEntry entry : entries) {
                Weighed weighed = entry.weighed();
                if (weighed != null) {
                    bind(new BoundRow(insert), entry, weighed);
                    insert.addBatch();
                }
            }
            insert.executeBatch();
        }
    }

    /** What was weighed for this request of the organisation; null if nothing was. */
    static @Nullable Weighed find(Connection connection, long organizationId, RequestId id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT * FROM routing_receipt WHERE organization_id = ? AND request_id = ?")) {
            select.setLong(1, organizationId);
            select.setBytes(2, id.bytes());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? weighed(row) : null;
            }
        }
    }

    private static Weighed weighed(ResultSet row) throws SQLException {
        return new Weighed(
                row.getString("classifier"),
                row.getString("policy"),
                byTier(row, "right_"),
                byTier(row, "kept_"),
                row.getBigDecimal("retention"),
                row.getBoolean("familiar"),
                row.getInt("needs"),
                row.getLong("prompt_tokens"),
                row.getLong("output_tokens"),
                CandidateBytes.read(row.getBytes("candidates")));
    }

    /** The shares of all tiers; none where nothing was known. */
    static List<BigDecimal> byTier(ResultSet row, String prefix) throws SQLException {
        List<BigDecimal> shares = new ArrayList<>(TIERS);
        for (Tier tier : Tier.values()) {
            BigDecimal share = row.getBigDecimal(prefix + tier.name());
            if (share != null) {
                shares.add(share);
            }
        }
        return shares;
    }

    private static void bind(BoundRow row, LedgerEntry entry, Weighed weighed) throws SQLException {
        row.bytes(entry.id().bytes());
        row.number(entry.organizationId());
        row.text(weighed.classifier());
        row.text(weighed.policy());
        row.flag(weighed.familiar());
        row.number((long) weighed.needs());
        row.number(weighed.promptTokens());
        row.number(weighed.outputTokens());
        byTier(row, weighed.right());
        byTier(row, weighed.retained());
        row.decimal(share(weighed.retention()));
        row.bytes(CandidateBytes.write(weighed.candidates()));
    }

    private static void byTier(BoundRow row, List<BigDecimal> shares) throws SQLException {
        for (int tier = 0; tier < TIERS; tier++) {
            row.decimal(tier < shares.size() ? share(shares.get(tier)) : null);
        }
    }

    private static BigDecimal share(BigDecimal exact) {
        return exact.setScale(DECIMALS, RoundingMode.FLOOR);
    }
}
