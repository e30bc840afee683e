package com.smashcost.ledger.control;

import com.smashcost.ledger.entity.LoggedRequest;
import com.smashcost.ledger.entity.RequestId;
import com.smashcost.provider.entity.Usage;
import com.smashcost.routing.entity.Mode;
import com.smashcost.routing.entity.Routing;
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
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The request log, read page by page as the user who may only read. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class RequestLog {

    private static final int TIMEOUT_SECONDS = 5;

    @Resource(lookup = "java:app/jdbc/smashcost-report")
    private DataSource database;

    /**
     * Which rows of an organisation to read, newest first.
     *
     * @param before only rows strictly older than this; null = from the newest
     * @param from the first instant of the range; null = no bound
     * @param to the first instant after the range; null = no bound
     */
    public record Query(
            long organizationId,
            int limit,
            @Nullable RequestId before,
            @Nullable Instant from,
            @Nullable Instant to) {

        public Query {
            if (limit < 1) {
                throw new IllegalArgumentException("a page has at least one row");
            }
        }
    }

    /** The rows that were asked for. */
    public List<LoggedRequest> page(Query query) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql(query))) {
            select.setQueryTimeout(TIMEOUT_SECONDS);
            int next = 1;
            select.setLong(next++, query.organizationId());
            if (query.before() != null) {
                select.setBytes(next++, query.before().bytes());
            }
            next = LedgerRange.bind(select, next, query.from(), query.to());
            select.setInt(next, query.limit());
            List<LoggedRequest> page = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    page.add(read(row));
                }
            }
            return page;
        } catch (SQLException e) {
            throw new EJBException(e);
        }
    }

    static String sql(Query query) {
        return "SELECT * FROM request_log WHERE organization_id = ?"
                + (query.before() == null ? "" : " AND request_id < ?")
                + LedgerRange.condition(query.from(), query.to())
                + " ORDER BY request_id DESC LIMIT ?";
    }

    static LoggedRequest read(ResultSet row) throws SQLException {
        return new LoggedRequest(
                RequestId.of(row.getBytes("request_id")),
                row.getLong("organization_id"),
                row.getObject("started_at", LocalDateTime.class).toInstant(ZoneOffset.UTC),
                row.getObject("status", Integer.class),
                row.getString("error_class"),
                row.getString("model_requested"),
                row.getString("model_used"),
                row.getString("model_projected"),
                row.getString("provider"),
                Routing.valueOf(row.getString("routing")),
                Mode.valueOf(row.getString("mode")),
                row.getString("task"),
                row.getBigDecimal("score"),
                row.getBigDecimal("retention"),
                row.getInt("attempts"),
                row.getBoolean("fallback"),
                row.getBoolean("streamed"),
                row.getBoolean("estimated"),
                row.getString("tag_customer"),
                row.getString("tag_feature"),
                row.getString("key_id"),
                row.getString("key_name"),
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
                row.getObject("price_version_id", Long.class),
                row.getObject("baseline_price_version_id", Long.class),
                row.getBigDecimal("cost_usd"),
                row.getBigDecimal("baseline_usd"),
                row.getBigDecimal("projected_usd"),
                row.getBigDecimal("saving_usd"),
                milliseconds(row, "latency_ms"),
                milliseconds(row, "first_token_ms"));
    }

    private static @Nullable Duration milliseconds(ResultSet row, String column) throws SQLException {
        Long milliseconds = row.getObject(column, Long.class);
        return milliseconds == null ? null : Duration.ofMillis(milliseconds);
    }
}
