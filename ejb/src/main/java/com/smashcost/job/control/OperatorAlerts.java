package com.smashcost.job.control;

import com.smashcost.job.entity.OperatorAlert;
import jakarta.annotation.Resource;
import jakarta.ejb.EJBException;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** What jobs found and an operator must look at. */
@ApplicationScoped
public class OperatorAlerts {

    private static final int SHOWN = 500;
    private static final int LONGEST_DETAIL = 500;

    private static final String RAISE = """
            INSERT INTO operator_alert (kind, subject, detail, first_seen_at, last_seen_at) VALUES (?, ?, ?, ?, ?)
            ON DUPLICATE KEY UPDATE detail = VALUES(detail), last_seen_at = VALUES(last_seen_at), resolved_at = NULL""";

    private static final String RESOLVE =
            "UPDATE operator_alert SET resolved_at = ? WHERE kind = ? AND subject = ? AND resolved_at IS NULL";

    private static final String ALL = """
            SELECT id, kind, subject, detail, first_seen_at, last_seen_at, resolved_at
            FROM operator_alert ORDER BY resolved_at IS NOT NULL, id DESC LIMIT ?""";

    @Resource(lookup = "java:app/jdbc/smashcost")
    private DataSource database;

    @SuppressWarnings("NullAway.Init")
    protected OperatorAlerts() {}

    /** The alerts in this database. */
    public OperatorAlerts(DataSource database) {
        this.database = database;
    }

    /** Notes a finding in the caller's transaction; one that is known is seen again. */
    public void raise(Connection connection, String kind, String subject, String detail, Instant now)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(RAISE)) {
            insert.setString(1, kind);
            insert.setString(2, subject);
            insert.setString(3, detail.length() > LONGEST_DETAIL ? detail.substring(0, LONGEST_DETAIL) : detail);
            insert.setObject(4, LocalDateTime.ofInstant(now, ZoneOffset.UTC));
            insert.setObject(5, LocalDateTime.ofInstant(now, ZoneOffset.UTC));
            insert.executeUpdate();
        }
    }

    /** Notes in the caller's transaction that a finding, if there was one, is over. */
    public void resolve(Connection connection, String kind, String subject, Instant now) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(RESOLVE)) {
            update.setObject(1, LocalDateTime.ofInstant(now, ZoneOffset.UTC));
            update.setString(2, kind);
            update.setString(3, subject);
            update.executeUpdate();
        }
    }

    /** The findings, those that are not over first, the newest first among them. */
    public List<OperatorAlert> all() {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(ALL)) {
            select.setInt(1, SHOWN);
            List<OperatorAlert> all = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    LocalDateTime resolved = row.getObject("resolved_at", LocalDateTime.class);
                    all.add(new OperatorAlert(
                            row.getLong("id"),
                            row.getString("kind"),
                            row.getString("subject"),
                            row.getString("detail"),
                            row.getObject("first_seen_at", LocalDateTime.class).toInstant(ZoneOffset.UTC),
                            row.getObject("last_seen_at", LocalDateTime.class).toInstant(ZoneOffset.UTC),
                            resolved == null ? null : resolved.toInstant(ZoneOffset.UTC)));
                }
            }
            return all;
        } catch (SQLException e) {
            throw new EJBException(e);
        }
    }
}
