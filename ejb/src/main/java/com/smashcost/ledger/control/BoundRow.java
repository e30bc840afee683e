package com.smashcost.ledger.control;

import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/** Binds the columns of a row from left to right. */
final class BoundRow {

    private final PreparedStatement insert;
    private int column;

    BoundRow(PreparedStatement insert) {
        this.insert = insert;
    }

    void bytes(byte[] bytes) throws SQLException {
        insert.setBytes(++column, bytes);
    }

    void time(LocalDateTime time) throws SQLException {
        insert.setObject(++column, time);
    }

    void flag(boolean flag) throws SQLException {
        insert.setBoolean(++column, flag);
    }

    void text(@Nullable String text) throws SQLException {
        if (text == null) {
            insert.setNull(++column, Types.VARCHAR);
        } else {
            insert.setString(++column, text);
        }
    }

    void number(@Nullable Long number) throws SQLException {
        if (number == null) {
            insert.setNull(++column, Types.BIGINT);
        } else {
            insert.setLong(++column, number);
        }
    }

    void decimal(@Nullable BigDecimal decimal) throws SQLException {
        if (decimal == null) {
            insert.setNull(++column, Types.DECIMAL);
        } else {
            insert.setBigDecimal(++column, decimal);
        }
    }

    void millis(@Nullable Duration duration) throws SQLException {
        number(duration == null ? null : duration.toMillis());
    }
}
