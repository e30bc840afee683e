package com.smashcost.ledger.control;

import com.smashcost.catalog.entity.Tier;
import com.smashcost.ledger.entity.LedgerEntry;
import com.smashcost.ledger.entity.LedgerEntry.Weighed;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/** Writes what was weighed for entries as rows of {@code routing_receipt}. */
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
