package com.smashcost.ledger.control;

import com.smashcost.account.entity.BudgetRule;
import com.smashcost.account.entity.BudgetRule.Unit;
import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import javax.sql.DataSource;

/** What the ledger says that a budget's requests have used. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Consumption {

    private static final int TIMEOUT_SECONDS = 30;

    private static final String USD = "SELECT COALESCE(SUM(cost_usd), 0) FROM ledger_entry WHERE organization_id = ?";

    private static final String TOKENS = """
            SELECT COALESCE(SUM(COALESCE(input_tokens, 0) + COALESCE(cached_tokens, 0) + COALESCE(cache_write_5m_tokens, 0)
                     + COALESCE(cache_write_1h_tokens, 0) + COALESCE(output_tokens, 0) + COALESCE(reasoning_tokens, 0)
                     + COALESCE(audio_input_tokens, 0) + COALESCE(audio_output_tokens, 0)), 0)
            FROM ledger_entry WHERE organization_id = ?""";

    private static final String OF_KEY = " AND key_id = ?";

    private static final String OF_CUSTOMER =
            " AND tag_customer_id IN (SELECT id FROM tag WHERE organization_id = ? AND kind = 'customer' AND text = ?)";

    @Resource(lookup = "java:app/jdbc/smashcost-report")
    private DataSource database;

    /**
     * The use by requests that began from an instant to before another, in the budget's unit; unknown costs count nothing.
     *
     * @throws SQLException if the database does not say, or not in time
     */
    public BigDecimal of(BudgetRule rule, Instant from, Instant to) throws SQLException {
        String sum = rule.unit() == Unit.usd ? USD : TOKENS;
        String scope = switch (rule.scope()) {
            case organization -> "";
            case key -> OF_KEY;
            case customer_tag -> OF_CUSTOMER;
        };
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sum + scope + LedgerRange.condition(from, to))) {
            select.setQueryTimeout(TIMEOUT_SECONDS);
            int next = 1;
            select.setLong(next++, rule.organizationId());
            switch (rule.scope()) {
                case organization -> {}
                case key -> select.setObject(next++, rule.keyId());
                case customer_tag -> {
                    select.setLong(next++, rule.organizationId());
                    select.setString(next++, rule.customer());
                }
            }
            LedgerRange.bind(select, next, from, to);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBigDecimal(1);
            }
        }
    }
}
