package com.smashcost.server.launcher;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The schema and the three accounts that may touch it, each with its own part.
 *
 * @param url JDBC, with the schema's name
 * @param migrate changes the schema; the application never learns its password
 * @param app reads and writes
 * @param report reads
 */
record Database(String url, Account migrate, Account app, Account report) {

    private static final Pattern URL = Pattern.compile("(jdbc:mariadb://[^/]+/)([^?]*)(\\?.*)?");

    /** A user of the database; its text never shows the password. */
    record Account(String user, String password) {
        @Override
        public String toString() {
            return user;
        }
    }

    Connection connect(Account account) throws SQLException {
        return DriverManager.getConnection(url, account.user(), account.password());
    }

    /** The account as the server matched it, ready to be named in a GRANT: {@code 'user'@'host'}. */
    String grantee(Account account) {
        try (Connection connection = DriverManager.getConnection(withoutSchema(), account.user(), account.password());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT CURRENT_USER()")) {
            row.next();
            String full = row.getString(1);
            int at = full.lastIndexOf('@');
            return quoted(full.substring(0, at)) + "@" + quoted(full.substring(at + 1));
        } catch (SQLException e) {
            throw new StartFailure("database user " + account + " cannot log in: " + e.getMessage(), e);
        }
    }

    String schema() {
        return matched().group(2);
    }

    /** The address without driver options, for people. */
    String plainUrl() {
        return matched().group(1) + matched().group(2);
    }

    /** An account may log in before it may see the schema. */
    private String withoutSchema() {
        String options = matched().group(3);
        return matched().group(1) + (options == null ? "" : options);
    }

    private Matcher matched() {
        Matcher matcher = URL.matcher(url);
        if (!matcher.matches() || matcher.group(2).isBlank()) {
            throw new StartFailure(Settings.DB_URL + " must look like jdbc:mariadb://host:port/schema");
        }
        return matcher;
    }

    static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}
