package com.smashcost.installation;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The database, looked at with the application's own rights. */
public record Database(String url, String user, String password) {

    /** A row of a result, by column name. */
    public record Row(Map<String, @Nullable Object> columns) {

        public @Nullable Object get(String column) {
            if (!columns.containsKey(column)) {
                throw new IllegalArgumentException("no column " + column);
            }
            return columns.get(column);
        }

        public @Nullable String text(String column) {
            Object value = get(column);
            return value == null ? null : value.toString();
        }

        public @Nullable Long number(String column) {
            return get(column) instanceof Number number ? Long.valueOf(number.longValue()) : null;
        }

        public @Nullable BigDecimal decimal(String column) {
            return (BigDecimal) get(column);
        }

        public boolean flag(String column) {
            return Boolean.TRUE.equals(get(column)) || Long.valueOf(1).equals(number(column));
        }

        /** A time, which the database keeps in UTC. */
        public Instant instant(String column) {
            return ((Timestamp) Objects.requireNonNull(get(column)))
                    .toLocalDateTime()
                    .toInstant(ZoneOffset.UTC);
        }

        /** The request id as clients get it. */
        public String requestId() {
            ByteBuffer bytes = ByteBuffer.wrap((byte[]) Objects.requireNonNull(get("request_id")));
            return new UUID(bytes.getLong(), bytes.getLong()).toString();
        }
    }

    /** A connection as the application's user. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url, user, password);
    }

    /** The rows of this query. */
    public List<Row> query(String sql, Object... parameters) {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            List<Row> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                ResultSetMetaData columns = result.getMetaData();
                while (result.next()) {
                    Map<String, @Nullable Object> row = new LinkedHashMap<>();
                    for (int i = 1; i <= columns.getColumnCount(); i++) {
                        row.put(columns.getColumnLabel(i), result.getObject(i));
                    }
                    rows.add(new Row(row));
                }
            }
            return rows;
        } catch (SQLException e) {
            throw new AssertionError("the database refused: " + sql, e);
        }
    }

    /** The organisation's ledger rows with the names behind their ids, in order of arrival. */
    public List<Row> requestsOf(Customer customer) {
        return query("SELECT * FROM request_log WHERE organization_id = ? ORDER BY request_id", customer.id());
    }
}
