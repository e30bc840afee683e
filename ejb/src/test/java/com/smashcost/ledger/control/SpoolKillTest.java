package com.smashcost.ledger.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.ledger.control.Spool.Durability;
import com.smashcost.ledger.control.Spool.Spooled;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("G40")
class SpoolKillTest {

    private static final int CYCLES = 4;

    @TempDir
    private Path folder;

    private final Set<String> intended = new HashSet<>();
    private final Set<String> completed = new HashSet<>();

    @ParameterizedTest
    @EnumSource
    @Timeout(120)
    void loses_and_doubles_no_acknowledged_record_when_its_process_is_killed(Durability durability) throws Exception {
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            serveAndKill(durability);
        }

        Map<String, String> rows = new HashMap<>();
        Files.readAllLines(folder.resolve("rows")).forEach(row -> add(rows, row));
        for (Spooled spooled : rest(durability)) {
            add(rows, SpoolProcess.row(spooled.entry()));
        }
        assertThat(completed).as("requests that were served to their end").hasSizeGreaterThan(50);
        assertThat(rows.keySet()).as("rows of acknowledged intents").containsAll(intended);
        assertThat(completed)
                .as("rows of acknowledged completions")
                .allSatisfy(id -> assertThat(rows).containsEntry(id, "ok"));
        assertThat(rows.values().stream().filter("interrupted"::equals).count())
                .as("at most what each of the clients had under way at each kill")
                .isLessThanOrEqualTo(CYCLES * 6L);
    }

    private void serveAndKill(Durability durability) throws IOException, InterruptedException {
        Process process = SpoolProcess.serve(folder, durability);
        long killAt = 0;
        try (BufferedReader said = process.inputReader(StandardCharsets.US_ASCII)) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (line.startsWith(SpoolProcess.INTENDED)) {
                    intended.add(line.substring(SpoolProcess.INTENDED.length()));
                } else if (line.startsWith(SpoolProcess.COMPLETED)) {
                    completed.add(line.substring(SpoolProcess.COMPLETED.length()));
                }
                if (killAt == 0) {
                    killAt = System.nanoTime() + ThreadLocalRandom.current().nextLong(150, 700) * 1_000_000L;
                } else if (System.nanoTime() > killAt) {
                    process.toHandle().destroyForcibly(); // the other way loses what it said last
                }
            }
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor()).as("killed, not ended").isEqualTo(128 + 9);
    }

    private List<Spooled> rest(Durability durability) throws IOException, SQLException {
        try (Spool spool = new Spool(folder, durability)) {
            return spool.completed(1_000_000);
        }
    }

    /** A row that the database has already is offered again after a kill, but never with another end. */
    private static void add(Map<String, String> rows, String row) {
        String id = row.substring(0, 36);
        String end = row.substring(37);
        String before = rows.put(id, end);
        assertThat(before).as("the other row of " + id).isIn(null, end);
    }
}
