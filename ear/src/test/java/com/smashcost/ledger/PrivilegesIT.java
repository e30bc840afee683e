package com.smashcost.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.smashcost.installation.Chat;
import com.smashcost.installation.Customer;
import com.smashcost.installation.Database;
import com.smashcost.installation.Installation;
import com.smashcost.upstream.Acts;
import com.smashcost.upstream.Scene;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the database itself refuses, whoever asks with the application's password. */
@Tag("G34")
class PrivilegesIT {

    /** No privilege for this statement, or none for this column, table or routine. */
    private static final List<Integer> DENIED = List.of(1044, 1142, 1143, 1227, 1370);

    private static final int SIGNALLED = 1644;

    /** The tables that are kept and dropped by the day. */
    private static final List<String> PARTITIONED = List.of("ledger_entry", "routing_receipt");

    private static final Customer CUSTOMER = Installation.running().admin().newCustomer();

    private final Installation installation = Installation.running();
    private final Database database = installation.database();

    static Stream<String> tampering() {
        return Stream.of(
                        "ledger_entry",
                        "routing_receipt",
                        "audit_record",
                        "chain_record",
                        "alert_record",
                        "provider_bill",
                        "price_version",
                        "price_tier",
                        "master_key_check")
                .flatMap(table -> Stream.of(
                        "DELETE FROM " + table,
                        "DELETE FROM " + table + " WHERE 1 = 0",
                        "TRUNCATE TABLE " + table,
                        "DROP TABLE " + table,
                        "ALTER TABLE " + table + " ADD COLUMN x INT",
                        "RENAME TABLE " + table + " TO gone",
                        "LOCK TABLES " + table + " WRITE"));
    }

    @ParameterizedTest
    @MethodSource("tampering")
    void refuses_the_application_to_take_anything_away(String sql) {
        assertThat(DENIED).as(sql).contains(refused(database, sql));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE ledger_entry SET cost_usd = 0",
                "UPDATE routing_receipt SET retention = 1",
                "UPDATE audit_record SET reason = 'nothing happened'",
                "UPDATE price_tier SET input = 0",
                "UPDATE price_version SET valid_from = NOW()",
                "REPLACE INTO model_name (id, name) VALUES (1, 'x')",
                "INSERT INTO model_name (id, name) VALUES (1, 'x') ON DUPLICATE KEY UPDATE name = 'x'",
                "ALTER TABLE ledger_entry DROP PARTITION pmax",
                "ALTER TABLE ledger_entry TRUNCATE PARTITION pmax",
                "ALTER TABLE routing_receipt DROP PARTITION pmax",
                "DROP TRIGGER ledger_entry_is_final_on_update",
                "DROP TRIGGER routing_receipt_is_final_on_delete",
                "DROP TRIGGER organization_status_is_audited",
                "CREATE TABLE mine (id INT)",
                "CREATE PROCEDURE mine() SELECT 1",
                "DROP PROCEDURE add_ledger_days",
                "DROP DATABASE smashcost",
                "CREATE USER mine",
                "SET GLOBAL general_log = 1",
                "SET GLOBAL event_scheduler = 1"
            })
    void refuses_the_application_to_change_what_is_final(String sql) {
        assertThat(DENIED).as(sql).contains(refused(database, sql));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO model_name (name) VALUES ('x')",
                "UPDATE organization SET name = 'x'",
                "DELETE FROM tag",
                "CALL add_ledger_days(1)"
            })
    void lets_the_reporting_user_read_only(String sql) throws IOException {
        Database report = account("REPORT", "smashcost_report");

        assertThat(report.query("SELECT COUNT(*) AS n FROM request_log")).hasSize(1);
        assertThat(DENIED).as(sql).contains(refused(report, sql));
    }

    @Test
    void refuses_even_the_owner_of_the_schema_to_rewrite_the_ledger() throws IOException {
        Scene scene = installation.upstream().scene(Acts.smallTalk());
        Chat.Answer answer = Chat.as(CUSTOMER).send(Chat.body("gpt-4o-mini", scene.marker()));
        await().untilAsserted(() -> assertThat(database.requestsOf(CUSTOMER))
                .anyMatch(row -> row.requestId().equals(answer.requestId())));
        Database owner = account("MIGRATE", "smashcost_migrate");

        for (String table : List.of("ledger_entry", "audit_record")) {
            assertThat(refused(owner, "UPDATE " + table + " SET organization_id = 1"))
                    .isEqualTo(SIGNALLED);
            assertThat(refused(owner, "DELETE FROM " + table)).isEqualTo(SIGNALLED);
        }
    }

    @Test
    @Tag("G33")
    void refuses_a_status_that_no_audit_record_tells_of() {
        assertThat(refused(database, "UPDATE organization SET status = 'ACTIVE' WHERE id = " + CUSTOMER.id()))
                .isEqualTo(SIGNALLED);
        assertThat(refused(
                        database,
                        "UPDATE organization SET status = 'ACTIVE', last_audit_id = 999999999 WHERE id = "
                                + CUSTOMER.id()))
                .isEqualTo(SIGNALLED);
        assertThat(refused(
                        database,
                        "INSERT INTO organization (slug, name, status, observation_started_at, created_at)"
                                + " VALUES ('born-active', 'x', 'ACTIVE', NOW(6), NOW(6))"))
                .isEqualTo(SIGNALLED);
    }

    @Test
    @Tag("G33")
    void refuses_a_status_with_the_audit_record_of_another_change() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            audit(statement, "OPERATOR", "OBSERVING", "CANCELED");

            assertThat(refused(
                            statement,
                            "UPDATE organization SET status = 'ACTIVE', last_audit_id = LAST_INSERT_ID()"
                                    + " WHERE id = " + CUSTOMER.id()))
                    .isEqualTo(SIGNALLED);
            connection.rollback();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"BILLING", "FUNNEL", "MEMBER", "SYSTEM"})
    @Tag("G38")
    void refuses_a_block_that_no_operator_made(String actor) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            audit(statement, actor, "OBSERVING", "BLOCKED");

            assertThat(refused(
                            statement,
                            "UPDATE organization SET status = 'BLOCKED', last_audit_id = LAST_INSERT_ID()"
                                    + " WHERE id = " + CUSTOMER.id()))
                    .isEqualTo(SIGNALLED);
            connection.rollback();
        }
    }

    @Test
    void has_a_partition_for_today_and_for_the_week_to_come() {
        List<String> expected = IntStream.rangeClosed(0, 7)
                .mapToObj(day ->
                        "p" + LocalDate.now(ZoneOffset.UTC).plusDays(day).format(DateTimeFormatter.BASIC_ISO_DATE))
                .toList();

        for (String table : PARTITIONED) {
            assertThat(partitions(table)).as(table).containsAll(expected).contains("pmax");
        }
    }

    @Test
    void drops_no_day_that_anybody_may_still_need() throws SQLException {
        List<List<String>> before = PARTITIONED.stream().map(this::partitions).toList();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CALL drop_expired_ledger_days()");
        }
        assertThat(PARTITIONED.stream().map(this::partitions).toList()).isEqualTo(before);
        assertThat(refused(database, "CALL add_ledger_days(61)")).isEqualTo(SIGNALLED);
    }

    @Test
    @Tag("G3")
    void hides_the_schema_owners_password_from_the_server_and_every_secret_from_its_arguments() throws IOException {
        ProcessHandle payara = installation.process("Payara");
        Path process = Path.of("/proc", Long.toString(payara.pid()));
        String environment = Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
        String arguments = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);

        assertThat(environment)
                .contains("SMASHCOST_DB_PASSWORD=")
                .doesNotContain("SMASHCOST_DB_MIGRATE")
                .doesNotContain(secret("SMASHCOST_DB_MIGRATE_PASSWORD"));
        for (String name : List.of(
                "SMASHCOST_DB_MIGRATE_PASSWORD",
                "SMASHCOST_DB_PASSWORD",
                "SMASHCOST_DB_REPORT_PASSWORD",
                "SMASHCOST_MASTER_KEYS",
                "SMASHCOST_SESSION_SECRET",
                "SMASHCOST_ADMIN_SECRET",
                "SMASHCOST_ADMIN_TOTP")) {
            assertThat(arguments).doesNotContain(secret(name));
        }
    }

    private List<String> partitions(String table) {
        // only who may read the table sees its partitions
        return database
                .query(
                        "SELECT partition_name AS name FROM information_schema.partitions WHERE table_schema = DATABASE()"
                                + " AND table_name = ? ORDER BY partition_ordinal_position",
                        table)
                .stream()
                .map(row -> String.valueOf(row.text("name")))
                .toList();
    }

    private static void audit(Statement statement, String actor, String from, String to) throws SQLException {
        statement.execute("""
                INSERT INTO audit_record (organization_id, at, actor_type, actor, action, outcome, old_status, new_status)
                VALUES (%d, NOW(6), '%s', 'test', 'subscription.transition', 'done', '%s', '%s')""".formatted(CUSTOMER.id(), actor, from, to));
    }

    private Database account(String role, String user) throws IOException {
        return new Database(database.url(), user, secret("SMASHCOST_DB_" + role + "_PASSWORD"));
    }

    private String secret(String name) throws IOException {
        return Files.readAllLines(installation.home().resolve("secrets.properties")).stream()
                .filter(line -> line.startsWith(name + "="))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElseThrow();
    }

    private static int refused(Database database, String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            return refused(statement, sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static int refused(Statement statement, String sql) {
        SQLException refusal = catchThrowableOfType(SQLException.class, () -> statement.execute(sql));
        assertThat((Throwable) refusal).as("%s must be refused", sql).isNotNull();
        return refusal.getErrorCode();
    }
}
