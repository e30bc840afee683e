package com.smashcost.ledger.control;

import com.smashcost.account.control.ModelNames;
import com.smashcost.catalog.control.StoredCatalogue;
import com.smashcost.ledger.control.ReplaySums.Numbers;
import com.smashcost.ledger.control.ReplaySums.Row;
import com.smashcost.ledger.control.ReplaySums.World;
import com.smashcost.ledger.entity.RequestId;
import com.smashcost.provider.entity.Usage;
import com.smashcost.routing.control.RoutingMode;
import com.smashcost.routing.control.Task;
import jakarta.annotation.Resource;
import jakarta.ejb.EJBException;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Answers from the numbers that were kept what another mode would have cost: every request is decided again by the router's own
 * rule, at the prices that were in force when it began and by what it really used. Read as the user who may only read.
 */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class PolicyReplay {

    private static final int PAGE = 2000;
    private static final int TIMEOUT_SECONDS = 5;
    private static final Duration ENOUGH = Duration.ofSeconds(10);

    /** The rows first and what belongs to them after, so that the database reads no more than a page of either. */
    private static final String ROWS = """
            SELECT e.request_id, e.started_at, asked.name AS requested, used.name AS used, e.status, e.error_class,
                   e.task, e.score, e.input_tokens, e.cached_tokens, e.cache_write_5m_tokens, e.cache_write_1h_tokens,
                   e.output_tokens, e.reasoning_tokens, e.audio_input_tokens, e.audio_output_tokens, e.web_searches,
                   e.service_tier, e.baseline_price_version_id, e.cost_usd, e.baseline_usd,
                   r.needs, r.familiar, r.prompt_tokens, r.output_tokens AS expected_tokens,
                   r.kept_small, r.kept_medium, r.kept_large, r.kept_frontier
            FROM (SELECT * FROM ledger_entry WHERE organization_id = ? AND request_id > ?""";

    private static final String BESIDE_THEM = """
             ORDER BY request_id LIMIT ?) e
              JOIN model_name asked ON asked.id = e.model_requested_id
              LEFT JOIN model_name used ON used.id = e.model_used_id
              LEFT JOIN routing_receipt r ON r.request_id = e.request_id
            ORDER BY e.request_id""";

    @Resource(lookup = "java:app/jdbc/smashcost-report")
    private DataSource database;

    /**
     * Replays an organisation's requests from an instant to before another, as far as it gets in some seconds.
     *
     * @param after only requests after this one, which is where an earlier replay stopped; null = from the first
     */
    public Replay over(long organizationId, RoutingMode mode, Instant from, Instant to, @Nullable RequestId after) {
        long end = System.nanoTime() + ENOUGH.toNanos();
        try (Connection connection = database.getConnection()) {
            ReplaySums sums = new ReplaySums(mode, world(connection, organizationId));
            RequestId last = after;
            while (true) {
                List<Row> page = page(connection, organizationId, from, to, last);
                page.forEach(sums::add);
                if (page.size() < PAGE) {
                    return sums.sums(null);
                }
                last = page.getLast().id();
                if (System.nanoTime() - end > 0) {
                    return sums.sums(last);
                }
            }
        } catch (SQLException e) {
            throw new EJBException(e);
        }
    }

    private static World world(Connection connection, long organizationId) throws SQLException {
        Set<String> providers = new HashSet<>();
        try (PreparedStatement select =
                connection.prepareStatement("SELECT provider FROM provider_credential WHERE organization_id = ?")) {
            select.setLong(1, organizationId);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    providers.add(row.getString(1));
                }
            }
        }
        List<String> allowed = List.of();
        List<String> denied = List.of();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT allowed_models, denied_models FROM organization_settings WHERE organization_id = ?")) {
            select.setLong(1, organizationId);
            try (ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    allowed = ModelNames.parse(row.getString(1));
                    denied = ModelNames.parse(row.getString(2));
                }
            }
        }
        return new World(
                organizationId,
                StoredCatalogue.read(connection),
                providers,
                allowed,
                denied,
                CellStore.load(connection, organizationId));
    }

    private static List<Row> page(
            Connection connection, long organizationId, Instant from, Instant to, @Nullable RequestId after)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(ROWS + LedgerRange.condition(from, to) + BESIDE_THEM)) {
            select.setQueryTimeout(TIMEOUT_SECONDS);
            select.setLong(1, organizationId);
            select.setBytes(2, after == null ? new byte[16] : after.bytes());
            select.setInt(LedgerRange.bind(select, 3, from, to), PAGE);
            List<Row> page = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    page.add(read(row));
                }
            }
            return page;
        }
    }

    private static Row read(ResultSet row) throws SQLException {
        Integer status = row.getObject("status", Integer.class);
        return new Row(
                RequestId.of(row.getBytes("request_id")),
                row.getObject("started_at", LocalDateTime.class).toInstant(ZoneOffset.UTC),
                row.getString("requested"),
                row.getString("used"),
                status != null && status >= 200 && status < 300 && row.getString("error_class") == null,
                new Usage(
                        row.getObject("input_tokens", Long.class),
                        row.getObject("cached_tokens", Long.class),
                        row.getObject("cache_write_5m_tokens", Long.class),
                        row.getObject("cache_write_1h_tokens", Long.class),
                        row.getObject("output_tokens", Long.class),
                        row.getObject("reasoning_tokens", Long.class),
                        row.getObject("audio_input_tokens", Long.class),
                        row.getObject("audio_output_tokens", Long.class),
                        row.getObject("web_searches", Long.class)),
                row.getString("service_tier"),
                row.getObject("baseline_price_version_id", Long.class),
                row.getBigDecimal("cost_usd"),
                row.getBigDecimal("baseline_usd"),
                numbers(row));
    }

    private static @Nullable Numbers numbers(ResultSet row) throws SQLException {
        Integer needs = row.getObject("needs", Integer.class);
        if (needs == null) {
            return null;
        }
        String task = row.getString("task");
        return new Numbers(
                Stream.of(Task.values())
                        .filter(known -> known.name().equals(task))
                        .findFirst()
                        .orElse(null),
                row.getDouble("score"),
                needs,
                row.getLong("prompt_tokens"),
                row.getLong("expected_tokens"),
                row.getBoolean("familiar"),
                ReceiptRows.byTier(row, "kept_"));
    }
}
