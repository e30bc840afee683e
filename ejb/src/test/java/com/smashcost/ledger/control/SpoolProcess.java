package com.smashcost.ledger.control;

import com.smashcost.ledger.control.Spool.Durability;
import com.smashcost.ledger.control.Spool.Spooled;
import com.smashcost.ledger.entity.LedgerEntry;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process with a spool of its own that can be killed: it says on its standard output what it was promised. */
final class SpoolProcess {

    /** How a process says that an intent, or a completion, is safe. */
    static final String INTENDED = "intended ";

    static final String COMPLETED = "completed ";

    private static final int CLIENTS = 6;

    private SpoolProcess() {}

    /** Starts a process that serves and drains until it is killed, into the file {@code rows} in the place of the database. */
    static Process serve(Path folder, Durability durability) throws IOException {
        return start(folder, durability.name());
    }

    /** What a process says that only opens and closes the spool. */
    static String runToEnd(Path folder) throws IOException, InterruptedException {
        Process process = start(folder, "once");
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return said;
    }

    private static Process start(Path folder, String how) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SpoolProcess.class.getName(),
                        folder.toString(),
                        how)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The process itself. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        if (arguments[1].equals("once")) {
            openOnce(folder);
            return;
        }
        Spool spool = new Spool(folder, Durability.valueOf(arguments[1]));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
        out.println("ready");
        for (int i = 0; i < CLIENTS; i++) {
            Thread.ofPlatform().start(() -> {
                while (true) {
                    LedgerEntry intent = Entries.intent();
                    long place = spool.intend(intent);
                    out.println(INTENDED + intent.id());
                    spool.complete(place, Entries.completed(intent));
                    out.println(COMPLETED + intent.id());
                }
            });
        }
        while (true) {
            List<Spooled> batch = spool.completed(50);
            StringBuilder rows = new StringBuilder();
            batch.forEach(spooled -> rows.append(row(spooled.entry())).append('\n'));
            Files.writeString(folder.resolve("rows"), rows, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            spool.forget(batch);
        }
    }

    /** What becomes of an entry in the database: its id, and how the request ended. */
    static String row(LedgerEntry entry) {
        return entry.id() + " "
                + (entry.outcome().errorClass() == null ? "ok" : entry.outcome().errorClass());
    }

    private static void openOnce(Path folder) throws IOException {
        try (Spool spool = new Spool(folder, Durability.PROCESS)) {
            System.out.println(spool.isWritable() ? "opened" : "not writable");
        } catch (SQLException e) {
            System.out.println("refused");
        }
    }
}
