package com.smashcost.ledger.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.smashcost.ledger.control.Spool.Durability;
import com.smashcost.ledger.control.Spool.Spooled;
import com.smashcost.ledger.entity.LedgerEntry;
import com.smashcost.refusal.control.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("G40")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpoolTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void gives_completed_entries_in_their_order_until_they_are_forgotten(Durability durability) throws Exception {
        try (Spool spool = new Spool(folder, durability)) {
            List<LedgerEntry> entries = List.of(complete(spool), complete(spool), complete(spool));
            assertThat(entries(spool.completed(2))).isEqualTo(entries.subList(0, 2));
            List<Spooled> all = spool.completed(10);
            assertThat(entries(all)).isEqualTo(entries);
            spool.forget(all.subList(0, 2));
            assertThat(entries(spool.completed(10))).isEqualTo(entries.subList(2, 3));
            spool.forget(all.subList(2, 3));
            assertThat(spool.completed(10)).isEmpty();
        }
    }

    @Test
    void does_not_give_an_entry_before_it_is_completed() throws Exception {
        try (Spool spool = spool()) {
            LedgerEntry first = Entries.intent();
            long place = spool.intend(first);
            LedgerEntry second = complete(spool);
            assertThat(entries(spool.completed(10))).containsExactly(second);
            spool.complete(place, Entries.completed(first));
            assertThat(entries(spool.completed(10))).containsExactly(Entries.completed(first), second);
        }
    }

    @ParameterizedTest
    @EnumSource
    void keeps_completed_entries_for_the_next_process(Durability durability) throws Exception {
        LedgerEntry entry;
        try (Spool spool = new Spool(folder, durability)) {
            entry = complete(spool);
        }
        try (Spool spool = new Spool(folder, durability)) {
            assertThat(entries(spool.completed(10))).containsExactly(entry);
            assertThat(spool.held()).isEqualTo(1);
        }
    }

    @Test
    void makes_an_interrupted_row_of_an_intent_whose_process_ended() throws Exception {
        LedgerEntry intent = Entries.intent();
        try (Spool spool = spool()) {
            spool.intend(intent);
        }
        for (int start = 0; start < 2; start++) {
            try (Spool spool = spool()) {
                assertThat(entries(spool.completed(10))).containsExactly(intent.interrupted());
                assertThat(spool.held()).isEqualTo(1);
            }
        }
        LedgerEntry interrupted = intent.interrupted();
        assertThat(interrupted.outcome().errorClass()).isEqualTo("interrupted");
        assertThat(interrupted.outcome().status()).isNull();
        assertThat(interrupted.metered().cost()).as("unknown, not nothing").isNull();
    }

    @Test
    void gives_new_entries_places_after_those_that_wait() throws Exception {
        LedgerEntry interrupted = Entries.intent();
        LedgerEntry first;
        try (Spool spool = spool()) {
            first = complete(spool);
            spool.intend(interrupted);
        }
        try (Spool spool = spool()) {
            LedgerEntry second = complete(spool);
            assertThat(entries(spool.completed(10))).containsExactly(first, interrupted.interrupted(), second);
        }
    }

    @Test
    void opens_again_when_there_is_nothing_to_do() throws Exception {
        for (int start = 0; start < 3; start++) {
            try (Spool spool = spool()) {
                assertThat(spool.isWritable()).isTrue();
                assertThat(spool.completed(10)).isEmpty();
            }
        }
    }

    @Test
    void counts_what_is_on_its_way() throws Exception {
        try (Spool spool = spool()) {
            spool.intend(Entries.intent());
            complete(spool);
            complete(spool);
            assertThat(spool.held()).isEqualTo(3);
            spool.forget(spool.completed(1));
            assertThat(spool.held()).isEqualTo(2);
            List<Spooled> rest = spool.completed(10);
            spool.quarantine(rest.getFirst(), "sql_22001");
            spool.forget(rest);
            assertThat(spool.held()).isEqualTo(1);
        }
    }

    @Test
    void keeps_what_the_database_refuses_apart_and_out_of_the_way() throws Exception {
        LedgerEntry poison;
        try (Spool spool = spool()) {
            poison = complete(spool);
            List<Spooled> batch = spool.completed(10);
            spool.quarantine(batch.getFirst(), "sql_22001");
            spool.forget(batch);
            LedgerEntry next = complete(spool);
            assertThat(entries(spool.completed(10))).containsExactly(next);
        }
        assertThat(quarantine()).containsExactly("sql_22001 " + poison.id());
        try (Spool spool = spool()) {
            complete(spool);
            assertThat(spool.completed(10)).as("no place is used twice").hasSize(2);
        }
    }

    @Test
    void sets_completed_entries_aside_that_it_cannot_read() throws Exception {
        LedgerEntry good;
        try (Spool spool = spool()) {
            good = complete(spool);
            complete(spool);
            complete(spool);
        }
        damage("UPDATE completion SET entry = 'no entry' WHERE sequence = 2");
        damage("UPDATE completion SET entry = replace(entry, '2026-11-21T', 'some day ') WHERE sequence = 3");
        try (Spool spool = spool()) {
            assertThat(entries(spool.completed(10))).containsExactly(good);
            assertThat(spool.held()).isEqualTo(1);
            LedgerEntry next = complete(spool);
            assertThat(entries(spool.completed(10))).containsExactly(good, next);
        }
        assertThat(quarantine()).hasSize(2).allMatch(row -> row.startsWith("unreadable "));
    }

    @Test
    void starts_even_if_it_cannot_read_an_intent_of_the_dead() throws Exception {
        LedgerEntry good = Entries.intent();
        try (Spool spool = spool()) {
            spool.intend(Entries.intent());
            spool.intend(Entries.intent());
            spool.intend(good);
        }
        damage("UPDATE intent SET entry = 'no entry' WHERE sequence = 1");
        damage(
                "UPDATE intent SET entry = replace(entry, '\"passthrough\"', '\"of a later release\"') WHERE sequence = 2");
        try (Spool spool = spool()) {
            LedgerEntry next = complete(spool);
            assertThat(entries(spool.completed(10))).containsExactly(good.interrupted(), next);
        }
        assertThat(quarantine()).hasSize(2).allMatch(row -> row.startsWith("unreadable "));
    }

    @Test
    void lets_nobody_else_read_its_files() throws Exception {
        try (Spool spool = spool()) {
            complete(spool);
            for (String file : List.of("ledger.db", "ledger.db-wal")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(file))))
                        .as(file)
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void holds_no_word_of_what_was_said_because_it_has_no_place_for_it() throws Exception {
        try (Spool spool = spool()) {
            complete(spool);
        }
        assertThat(new String(EntryText.write(Entries.completed(Entries.intent())), StandardCharsets.UTF_8))
                .doesNotContain("messages", "content", "prompt");
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c ORDER BY 1")) {
            List<String> columns = new ArrayList<>();
            while (row.next()) {
                columns.add(row.getString(1));
            }
            assertThat(columns)
                    .containsExactly(
                            "completion.entry",
                            "completion.sequence",
                            "intent.entry",
                            "intent.sequence",
                            "quarantine.entry",
                            "quarantine.error_class",
                            "quarantine.sequence");
        }
    }

    @Test
    void refuses_a_second_opener_and_goes_on_serving_the_first() throws Exception {
        try (Spool spool = spool()) {
            assertThatExceptionOfType(SQLException.class).isThrownBy(this::spool);
            LedgerEntry entry = complete(spool);
            assertThat(entries(spool.completed(10))).containsExactly(entry);
            assertThat(SpoolProcess.runToEnd(folder)).as("a second process").contains("refused");
            complete(spool);
        }
        assertThat(SpoolProcess.runToEnd(folder))
                .as("a second process after the first")
                .contains("opened");
    }

    @ParameterizedTest
    @EnumSource
    void serves_many_threads_at_once(Durability durability) throws Exception {
        int threads = 32;
        int each = durability == Durability.STRICT ? 20 : 60;
        Set<String> acknowledged = new HashSet<>();
        Set<String> drained = new HashSet<>();
        try (Spool spool = new Spool(folder, durability);
                ExecutorService clients = Executors.newFixedThreadPool(threads)) {
            Callable<List<String>> client = () -> {
                List<String> ids = new ArrayList<>();
                for (int i = 0; i < each; i++) {
                    ids.add(complete(spool).id().toString());
                }
                return ids;
            };
            List<Future<List<String>>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(clients.submit(client));
            }
            while (drained.size() < threads * each) {
                List<Spooled> batch = spool.completed(500);
                for (Spooled spooled : batch) {
                    assertThat(drained.add(spooled.entry().id().toString()))
                            .as("given again though forgotten")
                            .isTrue();
                }
                spool.forget(batch);
            }
            for (Future<List<String>> ids : running) {
                acknowledged.addAll(ids.get());
            }
            assertThat(spool.held()).isZero();
        }
        assertThat(drained).isEqualTo(acknowledged);
    }

    @Test
    void takes_no_more_requests_after_a_write_failed() throws Exception {
        try (Spool spool = spool()) {
            LedgerEntry intent = Entries.intent();
            long place = spool.intend(intent);
            spool.complete(place, intent);
            assertUnavailable(() -> spool.complete(place, intent)); // the place is taken: the statement fails
            assertThat(spool.isWritable()).isFalse();
            assertUnavailable(() -> spool.intend(intent));
        }
        try (Spool spool = spool()) {
            assertThat(spool.completed(10)).as("what was safe before").hasSize(1);
        }
    }

    @Test
    void refuses_everybody_after_it_was_closed_and_keeps_nobody_waiting() throws Exception {
        Spool spool = spool();
        LedgerEntry intent = Entries.intent();
        long place = spool.intend(intent);
        spool.close();
        assertThat(spool.isWritable()).isFalse();
        assertUnavailable(() -> spool.intend(Entries.intent()));
        assertUnavailable(() -> spool.complete(place, Entries.completed(intent)));
        assertUnavailable(() -> spool.completed(10));
        try (Spool next = spool()) {
            assertThat(entries(next.completed(10))).containsExactly(intent.interrupted());
        }
    }

    @Test
    void keeps_nobody_waiting_who_comes_while_it_closes() throws Exception {
        for (int round = 0; round < 5; round++) {
            Spool spool = spool();
            try (ExecutorService clients = Executors.newFixedThreadPool(16)) {
                for (int i = 0; i < 16; i++) {
                    clients.execute(() -> {
                        try {
                            while (true) {
                                complete(spool);
                            }
                        } catch (Refusal.Unavailable closed) {
                            // as it should be
                        }
                    });
                }
                Thread.sleep(50);
                spool.close();
                clients.shutdown();
                assertThat(clients.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void loses_nothing_but_what_was_torn_off_the_end_of_its_file(Durability durability) throws Exception {
        List<LedgerEntry> entries = new ArrayList<>();
        try (Spool spool = new Spool(folder.resolve("whole"), durability)) {
            for (int i = 0; i < 8; i++) {
                entries.add(complete(spool));
            }
            for (int torn : new int[] {1, 7, 24, 100, 600, 4096, 4119}) {
                for (boolean garbled : new boolean[] {false, true}) {
                    Path copy = copyTorn(torn, garbled);
                    try (Spool rest = new Spool(copy, durability)) {
                        List<LedgerEntry> found = entries(rest.completed(100));
                        assertThat(found).hasSize(8);
                        assertThat(found.subList(0, 7)).isEqualTo(entries.subList(0, 7));
                        assertThat(found.get(7).id()).isEqualTo(entries.get(7).id());
                        assertThat(found.get(7).outcome().errorClass())
                                .as("its completion was torn off, its intent was not")
                                .isEqualTo("interrupted");
                        LedgerEntry next = complete(rest);
                        assertThat(entries(rest.completed(100))).hasSize(9).endsWith(next);
                    }
                }
            }
        }
    }

    @Test
    void survives_a_log_that_is_all_rubbish() throws Exception {
        LedgerEntry entry;
        try (Spool spool = spool()) {
            entry = complete(spool);
        }
        Files.writeString(folder.resolve("ledger.db-wal"), "rubbish".repeat(2_000));
        try (Spool spool = spool()) {
            assertThat(entries(spool.completed(10))).containsExactly(entry);
        }
    }

    private Path copyTorn(int torn, boolean garbled) throws IOException {
        Path copy = Files.createDirectories(folder.resolve("torn-" + torn + "-" + garbled));
        Files.copy(folder.resolve("whole/ledger.db"), copy.resolve("ledger.db"));
        byte[] log = Files.readAllBytes(folder.resolve("whole/ledger.db-wal"));
        if (garbled) {
            for (int i = log.length - torn; i < log.length; i++) {
                log[i] ^= 0x55;
            }
        } else {
            log = Arrays.copyOf(log, log.length - torn);
        }
        Files.write(copy.resolve("ledger.db-wal"), log);
        return copy;
    }

    private Spool spool() throws IOException, SQLException {
        return new Spool(folder, Durability.PROCESS);
    }

    private static LedgerEntry complete(Spool spool) {
        LedgerEntry intent = Entries.intent();
        long place = spool.intend(intent);
        LedgerEntry completed = Entries.completed(intent);
        spool.complete(place, completed);
        return completed;
    }

    private static List<LedgerEntry> entries(List<Spooled> spooled) {
        return spooled.stream().map(Spooled::entry).toList();
    }

    private static void assertUnavailable(ThrowingCallable call) {
        assertThatExceptionOfType(Refusal.Unavailable.class)
                .isThrownBy(call)
                .satisfies(refusal -> assertThat(refusal.retryAfter()).isGreaterThan(Duration.ZERO));
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.db"));
    }

    private void damage(String sql) throws SQLException {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            assertThat(statement.executeUpdate()).isEqualTo(1);
        }
    }

    private List<String> quarantine() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT error_class || ' ' || COALESCE(CASE WHEN json_valid(entry) THEN entry ->> 'id' END, '')
                        FROM quarantine ORDER BY sequence""")) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                rows.add(row.getString(1));
            }
            return rows;
        }
    }
}
