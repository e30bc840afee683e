package com.smashcost.ledger.control;

import com.smashcost.ledger.entity.Savings;
import jakarta.annotation.Resource;
import jakarta.ejb.EJBException;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import javax.sql.DataSource;

/** What routing saved, summed from the rows of the ledger, whose view holds the only formula of a saving. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class SavingsReport {

    private static final int TIMEOUT_SECONDS = 5;

    /**
     * Why a row {@code v} of the request log is counted, or left out. The first reason that fits is the one that counts, so that
     * the counts add up to all requests.
     */
    static final String REASON = """
            CASE WHEN v.saving_usd IS NOT NULL THEN 'counted'
                 WHEN v.mode <> 'active' THEN 'observed'
                 WHEN v.routing = 'passthrough' THEN 'passed_through'
                 WHEN v.routing = 'override' THEN 'overridden'
                 WHEN v.status BETWEEN 200 AND 299 AND v.error_class IS NULL
                   THEN IF(v.fallback, 'fell_back', 'unpriced')
                 ELSE 'failed' END
            """;

    private static final String SUMS = """
            SELECT COUNT(*) AS requests,
                   COALESCE(SUM(cost_usd), 0) AS cost_usd,
                   COALESCE(SUM(reason = 'counted'), 0) AS counted,
                   COALESCE(SUM(CASE WHEN reason = 'counted' THEN cost_usd END), 0) AS counted_cost_usd,
                   COALESCE(SUM(CASE WHEN reason = 'counted' THEN baseline_usd END), 0) AS counted_baseline_usd,
                   COALESCE(SUM(CASE WHEN reason = 'counted' THEN lost_cache_usd END), 0) AS lost_cache_usd,
                   COALESCE(SUM(saving_usd), 0) AS saving_usd,
                   COALESCE(SUM(reason = 'observed'), 0) AS observed,
                   COALESCE(SUM(reason = 'passed_through'), 0) AS passed_through,
                   COALESCE(SUM(reason = 'overridden'), 0) AS overridden,
                   COALESCE(SUM(reason = 'failed'), 0) AS failed,
                   COALESCE(SUM(reason = 'fell_back'), 0) AS fell_back,
                   COALESCE(SUM(reason = 'unpriced'), 0) AS unpriced
            FROM (
              SELECT cost_usd, baseline_usd, lost_cache_usd, saving_usd,
                     """ + REASON + """
                     AS reason
              FROM request_log v
              WHERE organization_id = ?""";

    @Resource(lookup = "java:app/jdbc/smashcost-report")
    private DataSource database;

    /** The savings of one organisation from an instant to before another. */
    public Savings over(long organizationId, Instant from, Instant to) {
        try (Connection connection = database.getConnection();
                PreparedStatement select =
                        connection.prepareStatement(SUMS + LedgerRange.condition(from, to) + ") AS classified")) {
            select.setQueryTimeout(TIMEOUT_SECONDS);
            select.setLong(1, organizationId);
            LedgerRange.bind(select, 2, from, to);
            try (ResultSet sums = select.executeQuery()) {
                sums.next();
                return new Savings(
                        sums.getLong("requests"),
                        sums.getBigDecimal("cost_usd"),
                        sums.getLong("counted"),
                        sums.getBigDecimal("counted_cost_usd"),
                        sums.getBigDecimal("counted_baseline_usd"),
                        sums.getBigDecimal("lost_cache_usd"),
                        sums.getBigDecimal("saving_usd"),
                        sums.getLong("observed"),
                        sums.getLong("passed_through"),
                        sums.getLong("overridden"),
                        sums.getLong("failed"),
                        sums.getLong("fell_back"),
                        sums.getLong("unpriced"));
            }
        } catch (SQLException e) {
            throw new EJBException(e);
        }
    }
}
