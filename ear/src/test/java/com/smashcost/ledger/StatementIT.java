package com.smashcost.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.smashcost.installation.AdminApi;
import com.smashcost.installation.Chat;
import com.smashcost.installation.Customer;
import com.smashcost.installation.Database;
import com.smashcost.installation.Database.Row;
import com.smashcost.installation.Installation;
import com.smashcost.upstream.Acts;
import com.smashcost.upstream.Recording;
import com.smashcost.upstream.Scene;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What finance gets in hand: chained digests, statements that verify themselves, and exports. */
class StatementIT {

    private static final YearMonth MONTH = YearMonth.now(ZoneOffset.UTC).minusMonths(1);
    private static final Instant MIDDLE = MONTH.atDay(15).atTime(12, 0).toInstant(ZoneOffset.UTC);
    private static final int SIGNALLED = 1644;

    private final Installation installation = Installation.running();
    private final AdminApi admin = installation.admin();
    private final Database database = installation.database();
    private final Customer customer = admin.newCustomer();
    private final String path = "/organizations/" + customer.slug();

    @TempDir
    private Path directory;

    /** Sends a request through the gateway; returns its id once its row is there. */
    private String request(String model, String... headers) {
        Scene scene =
                installation.upstream().scene(Acts.replay(Recording.of("openai/chat-completions/plain.gpt-3.5-turbo")));
        String id = Chat.as(customer, headers)
                .send("""
                        {"model":"%s","user":"%s","messages":[{"role":"user",\
                        "content":"Write a two-line slogan for a bakery."}]}""".formatted(model, scene.marker()))
                .requestId();
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(database.requestsOf(customer))
                        .anyMatch(row -> row.requestId().equals(id)));
        return id;
    }

    /** Copies the customer's rows of today to another time, as if they had been recorded a second later. */
    private void copyTo(Instant time, Instant recorded) throws SQLException {
        String columns = database
                .query("SELECT column_name AS name FROM information_schema.columns WHERE table_schema = DATABASE()"
                        + " AND table_name = 'ledger_entry' AND column_name NOT IN"
                        + " ('request_id', 'started_at', 'recorded_at') ORDER BY ordinal_position")
                .stream()
                .map(row -> String.valueOf(row.text("name")))
                .collect(Collectors.joining(", "));
        List<Row> rows = database.query(
                "SELECT request_id FROM ledger_entry WHERE organization_id = ? AND started_at > UTC_TIMESTAMP() - INTERVAL 1 DAY",
                customer.id());
        try (Connection connection = database.connect();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO ledger_entry (request_id, started_at, recorded_at, " + columns
                                + ") SELECT ?, ?, ?, " + columns + " FROM ledger_entry WHERE request_id = ?")) {
            long millis = time.toEpochMilli();
            for (Row row : rows) {
                byte[] id = (byte[]) Objects.requireNonNull(row.get("request_id"));
                byte[] moved = id.clone();
                System.arraycopy(ByteBuffer.allocate(8).putLong(millis << 16).array(), 0, moved, 0, 6);
                insert.setBytes(1, moved);
                insert.setObject(2, LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC));
                insert.setObject(3, LocalDateTime.ofInstant(recorded, ZoneOffset.UTC));
                insert.setBytes(4, id);
                insert.executeUpdate();
                millis++;
            }
        }
    }

    private void extendChain() {
        expect(admin.post(path + "/chain", ""));
    }

    private JsonNode ledgerChain() {
        return expect(admin.get(path + "/chain?days=100")).path("ledger");
    }

    private static JsonNode expect(AdminApi.Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    private byte[] file(String name) throws Exception {
        HttpResponse<byte[]> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(admin.origin() + "admin/api" + path + name))
                                .header("Authorization", "Bearer " + admin.token())
                                .build(),
                        BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).as(new String(answer.body(), UTF_8)).isEqualTo(200);
        return answer.body();
    }

    private String verify(byte[] statement, int exit) throws Exception {
        Path file = Files.write(directory.resolve("statement.json"), statement);
        Path key = Files.writeString(
                directory.resolve("key.pem"), admin.get("/signing-key").text());
        Process verifier = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        Path.of("..", "server-config", "VerifyStatement.java").toString(),
                        file.toString(),
                        key.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(verifier.getInputStream().readAllBytes(), UTF_8);
        assertThat(verifier.waitFor()).as(said).isEqualTo(exit);
        return said;
    }

    @Test
    @Tag("G34")
    void hands_out_a_statement_that_anybody_can_recompute_and_nobody_can_change() throws Exception {
        admin.change(customer, "routing_mode", "savings");
        admin.change(customer, "allowed_models", List.of("gpt-4o", "gpt-4o-mini", "gpt-3.5-turbo"));
        request("gpt-3.5-turbo");
        admin.activate(customer);
        request("gpt-4o");
        request("gpt-4o", "X-SmashCost-Override", "true");
        copyTo(MIDDLE, MIDDLE.plusSeconds(1));
        assertThat(admin.get(path + "/statements/" + MONTH + ".json").status()).isEqualTo(409);

        extendChain();
        byte[] file = file("/statements/" + MONTH + ".json");

        assertThat(verify(file, 0)).startsWith("OK");
        JsonNode statement = new ObjectMapper().readTree(file);
        assertThat(statement.path("complete").asBoolean()).isTrue();
        assertThat(statement.at("/sums/all/requests").asInt()).isEqualTo(3);
        assertThat(statement.at("/sums/counted/requests").asInt()).isEqualTo(1);
        assertThat(statement.at("/sums/observed/requests").asInt()).isEqualTo(1);
        assertThat(statement.at("/sums/overridden/requests").asInt()).isEqualTo(1);
        assertThat(new BigDecimal(statement.at("/sums/counted/saving_usd").asText()))
                .isPositive()
                .isEqualByComparingTo(database.requestsOf(customer).stream()
                        .filter(row ->
                                row.instant("started_at").isBefore(Instant.now().minus(Duration.ofDays(1))))
                        .map(row -> row.decimal("saving_usd"))
                        .filter(Objects::nonNull)
                        .reduce(BigDecimal.ZERO, BigDecimal::add));
        assertThat(statement.path("price_versions").size()).isPositive();

        file[file.length / 2] ^= 1;
        assertThat(verify(file, 1)).startsWith("NOT OK");
        assertThat(new String(file("/statements/" + MONTH + ".csv"), UTF_8)).contains("sum,counted,1,");
        assertThat(new String(file("/statements/" + MONTH + ".pdf"), UTF_8)).startsWith("%PDF-");
    }

    @Test
    @Tag("G34")
    void tells_of_late_rows_in_a_supplement_and_of_forged_ones_as_a_break() throws Exception {
        request("gpt-3.5-turbo");
        copyTo(MIDDLE, MIDDLE.plusSeconds(1));
        extendChain();
        JsonNode before = ledgerChain();
        assertThat(before.path("whole").asBoolean()).isTrue();
        assertThat(before.path("first_break").isNull()).isTrue();
        Instant digested = Instant.parse(before.at("/heads/0/recorded_before").asText());

        copyTo(MIDDLE.plusSeconds(60), digested);
        assertThat(ledgerChain().path("not_digested_rows").asInt()).isEqualTo(1);
        extendChain();

        JsonNode late = ledgerChain();
        assertThat(late.path("whole").asBoolean()).as(late.toString()).isTrue();
        assertThat(late.path("records").asInt())
                .isEqualTo(before.path("records").asInt() + 1);
        assertThat(late.at("/heads/0/supplement").asInt()).isEqualTo(1);
        assertThat(late.at("/heads/0/row_count").asInt()).isEqualTo(1);
        assertThat(late.at("/heads/0/previous_head").asText())
                .isEqualTo(before.path("head").asText());
        assertThat(verify(file("/statements/" + MONTH + ".json"), 0)).startsWith("OK");

        copyTo(MIDDLE.plusSeconds(120), MIDDLE.plusSeconds(2));

        JsonNode forged = ledgerChain();
        assertThat(forged.path("whole").asBoolean()).isFalse();
        assertThat(forged.at("/first_break/reason").asText()).isEqualTo("rows");
        assertThat(forged.at("/first_break/day").asText())
                .isEqualTo(MONTH.atDay(15).toString());
        assertThat(forged.at("/first_break/found_rows").asInt()).isEqualTo(2);
        assertThat(verify(file("/statements/" + MONTH + ".json"), 1)).startsWith("NOT OK: rows of record");
    }

    @Test
    @Tag("G34")
    void chains_the_trail_too() throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement insert = connection.prepareStatement("""
                        INSERT INTO audit_record (organization_id, at, actor_type, actor, action, outcome, recorded_at)
                        VALUES (?, ?, 'OPERATOR', 'test', 'a.test', 'done', ?)""")) {
            insert.setLong(1, customer.id());
            insert.setObject(2, LocalDateTime.ofInstant(MIDDLE, ZoneOffset.UTC));
            insert.setObject(3, LocalDateTime.ofInstant(MIDDLE, ZoneOffset.UTC));
            insert.executeUpdate();
            extendChain();
            JsonNode audit = expect(admin.get(path + "/chain?days=100")).path("audit");
            assertThat(audit.path("whole").asBoolean()).isTrue();
            assertThat(audit.path("records").asInt()).isPositive();

            insert.executeUpdate();
        }
        JsonNode audit = expect(admin.get(path + "/chain?days=100")).path("audit");
        assertThat(audit.at("/first_break/reason").asText()).isEqualTo("rows");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE chain_record SET row_count = 0",
                "DELETE FROM chain_record",
                "TRUNCATE TABLE chain_record",
                "DROP TABLE chain_record",
                "ALTER TABLE chain_record DROP COLUMN signature",
                "DROP TRIGGER chain_record_is_final_on_update"
            })
    @Tag("G34")
    void lets_the_application_add_to_a_chain_and_take_nothing_away(String sql) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            SQLException refusal = catchThrowableOfType(SQLException.class, statement::execute);
            assertThat((Throwable) refusal).as(sql).isNotNull();
            assertThat(refusal.getErrorCode()).isIn(1142, 1227);
        } catch (SQLException refusedWhenPrepared) {
            assertThat(refusedWhenPrepared.getErrorCode()).isIn(1142, 1227);
        }
    }

    @Test
    @Tag("G34")
    void refuses_even_the_owner_of_the_schema_to_rewrite_a_chain() throws Exception {
        request("gpt-3.5-turbo");
        copyTo(MIDDLE, MIDDLE.plusSeconds(1));
        extendChain();
        String password = Files.readAllLines(installation.home().resolve("secrets.properties")).stream()
                .filter(line -> line.startsWith("SMASHCOST_DB_MIGRATE_PASSWORD="))
                .map(line -> line.substring(line.indexOf('=') + 1))
                .findFirst()
                .orElseThrow();
        Database owner = new Database(database.url(), "smashcost_migrate", password);

        for (String sql : List.of("UPDATE chain_record SET row_count = 0", "DELETE FROM chain_record")) {
            try (Connection connection = owner.connect();
                    PreparedStatement statement = connection.prepareStatement(sql)) {
                SQLException refusal = catchThrowableOfType(SQLException.class, statement::execute);
                assertThat(refusal.getErrorCode()).as(sql).isEqualTo(SIGNALLED);
            }
        }
    }

    @Test
    @Tag("G3")
    void keeps_the_signing_key_encrypted_and_shows_its_public_half_alone() {
        String pem = admin.get("/signing-key").text();

        assertThat(pem).startsWith("-----BEGIN PUBLIC KEY-----\n").endsWith("-----END PUBLIC KEY-----\n");
        assertThat(admin.get("/signing-key").text()).isEqualTo(pem);
        List<Row> kept = database.query("SELECT envelope FROM installation_secret WHERE name = 'statement-key'");
        assertThat(kept).hasSize(1);
        assertThat((byte[]) Objects.requireNonNull(kept.getFirst().get("envelope")))
                .startsWith((byte) 1)
                .hasSizeGreaterThan(92);
        assertThat(admin.send("GET", "/signing-key", null, "").status()).isEqualTo(401);
    }

    @Test
    void exports_the_request_log_so_that_no_cell_is_a_formula_and_a_broken_off_file_goes_on() throws Exception {
        List<String> ids = new ArrayList<>();
        for (String tag : List.of("=HYPERLINK(1)", "-1", "plain")) {
            ids.add(request("gpt-3.5-turbo", "X-SmashCost-Tag-Customer", tag));
        }

        AdminApi.Answer all = admin.get(path + "/exports/requests.csv");
        List<String> lines = all.text().lines().toList();

        assertThat(all.response().headers().firstValue("X-SmashCost-Rows")).hasValue("3");
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).startsWith("request_id,started_at,status,");
        assertThat(lines.get(1)).startsWith(ids.get(0)).contains(",'=HYPERLINK(1),");
        assertThat(lines.get(2)).startsWith(ids.get(1)).contains(",'-1,");
        AdminApi.Answer rest = admin.get(path + "/exports/requests.csv?after=" + ids.get(1));
        assertThat(rest.text().lines().skip(1)).containsExactly(lines.get(3));
        assertThat(expect(admin.get(path + "/exports/requests?after=" + ids.get(0)))
                        .path("rows")
                        .asInt())
                .isEqualTo(2);
        assertThat(admin.get(path + "/exports/requests.csv?to=2020-01-01T00:00:00Z")
                        .text()
                        .lines())
                .hasSize(1);
    }

    @Test
    void exports_typed_cells_to_excel() throws Exception {
        request("gpt-3.5-turbo", "X-SmashCost-Tag-Customer", "=1+1");

        Path workbook = Files.write(directory.resolve("requests.xlsx"), file("/exports/requests.xlsx"));
        String sheet;
        try (ZipFile zip = new ZipFile(workbook.toFile())) {
            sheet = new String(
                    zip.getInputStream(Objects.requireNonNull(zip.getEntry("xl/worksheets/sheet1.xml")))
                            .readAllBytes(),
                    UTF_8);
        }

        String cost = Objects.requireNonNull(
                        database.requestsOf(customer).getFirst().decimal("cost_usd"))
                .stripTrailingZeros()
                .toPlainString();
        assertThat(sheet)
                .contains("<is><t>=1+1</t></is>")
                .contains("<v>200</v>")
                .contains("t=\"b\"")
                .doesNotContain("<f>");
        assertThat(sheet).contains(cost);
    }

    @Test
    void exports_charges_in_focus_columns_whose_sum_is_the_cost() throws Exception {
        request("gpt-3.5-turbo");

        List<List<String>> lines = admin.get(path + "/exports/requests.focus.csv")
                .text()
                .lines()
                .map(line -> List.of(line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1)))
                .toList();

        List<String> head = lines.getFirst();
        assertThat(head).contains("BilledCost", "ListUnitPrice", "x_ComputedNotInvoiced", "x_Saving");
        BigDecimal sum = BigDecimal.ZERO;
        for (List<String> line : lines.subList(1, lines.size())) {
            assertThat(line).hasSameSizeAs(head);
            assertThat(line.get(head.indexOf("x_ComputedNotInvoiced"))).isEqualTo("true");
            assertThat(line.get(head.indexOf("InvoiceId"))).isEmpty();
            BigDecimal cost = new BigDecimal(line.get(head.indexOf("EffectiveCost")));
            assertThat(new BigDecimal(line.get(head.indexOf("ListUnitPrice")))
                            .multiply(new BigDecimal(line.get(head.indexOf("PricingQuantity")))))
                    .isEqualByComparingTo(cost);
            sum = sum.add(cost);
        }
        assertThat(sum)
                .isEqualByComparingTo(database.requestsOf(customer).getFirst().decimal("cost_usd"));
    }

    @Test
    void names_what_is_wrong_with_a_month_or_a_range() throws IOException {
        assertThat(admin.get(path + "/statements/2026-13.json").status()).isEqualTo(400);
        assertThat(admin.get(path + "/statements/soon.json").status()).isEqualTo(404);
        assertThat(admin.get(path + "/exports/requests.csv?after=x").status()).isEqualTo(400);
        assertThat(admin.get("/organizations/nobody/statements/2026-10.json").status())
                .isEqualTo(404);
        assertThat(admin.get(path + "/statements/" + MONTH + ".json")
                        .json()
                        .path("code")
                        .asText())
                .isEqualTo("statement_not_ready");
    }
}
