package com.smashcost.ledger.control;

import com.smashcost.ledger.entity.LedgerEntry;
import com.smashcost.refusal.control.Refusal;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The ledger's journal on local disk, an SQLite database in WAL mode: an intent is in it before the provider is called, its
 * completion before the client gets the last byte, and it leaves only after the database has committed the row.
 *
 * <p>One thread owns the one connection and commits what all requests hand it in groups. What was committed is in the page
 * cache, so it survives {@code kill -9}; in {@link Durability#PROCESS} a second thread brings it to the disk within 100 ms, in
 * {@link Durability#STRICT} each group is on the disk before its requests go on.
 */
public final class Spool implements AutoCloseable {

    /** What a request may count on when its record was accepted. */
    public enum Durability {
        /** The record survives the death of the process; of a power cut, the last 100 ms may be lost. */
        PROCESS,
        /** The record survives a power cut. */
        STRICT
    }

    /** A completed entry and its place in the spool. */
    public record Spooled(long sequence, LedgerEntry entry) {}

    private static final Logger LOG = System.getLogger(Spool.class.getName());
    private static final int GROUP = 512;
    private static final int WAITING = 8192;
    private static final long MOST_RECORDS = 2_000_000;
    private static final Duration SYNC_EVERY = Duration.ofMillis(100);

    private final Connection connection;
    private final FileChannel wal;
    private final Durability durability;
    private final BlockingQueue<Work> queue = new ArrayBlockingQueue<>(WAITING);
    private final AtomicLong sequences = new AtomicLong();
    private final AtomicLong held = new AtomicLong();
    private final Thread writer;
    private final Thread syncer;
    private volatile boolean open = true;
    private volatile boolean broken;
    private volatile boolean unsynced;

    /** Opens the spool in this folder, which is created if need be; entries of an earlier process are still in it. */
    public Spool(Path folder, Durability durability) throws IOException, SQLException {
        this.durability = durability;
        Files.createDirectories(folder);
        Path file = folder.resolve("ledger.db");
        if (!Files.exists(file)
                && file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try {
            prepare();
            wal = FileChannel.open(folder.resolve("ledger.db-wal"), StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (SQLException | IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
        writer = Thread.ofPlatform().name("ledger-spool").daemon().start(this::write);
        syncer = Thread.ofPlatform().name("ledger-spool-sync").daemon().start(this::sync);
    }

    private void prepare() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA locking_mode=EXCLUSIVE");
            statement.execute("PRAGMA journal_mode=WAL");
            statement.execute("PRAGMA synchronous=" + (durability == Durability.STRICT ? "FULL" : "NORMAL"));
            statement.execute("PRAGMA mmap_size=0");
            statement.execute("PRAGMA wal_autocheckpoint=4000");
            statement.execute("CREATE TABLE IF NOT EXISTS intent (sequence INTEGER PRIMARY KEY, entry TEXT NOT NULL)");
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS completion (sequence INTEGER PRIMARY KEY, entry TEXT NOT NULL)");
            statement.execute("""
                    CREATE TABLE IF NOT EXISTS quarantine (
                      sequence INTEGER PRIMARY KEY, entry TEXT NOT NULL, error_class TEXT NOT NULL)""");
            connection.setAutoCommit(false);
            turnIntentsOfTheDeadIntoCompletions(statement);
            try (ResultSet row = statement.executeQuery("""
                    SELECT max(COALESCE((SELECT max(sequence) FROM completion), 0),
                               COALESCE((SELECT max(sequence) FROM quarantine), 0)),
                           (SELECT count(*) FROM completion)""")) {
                row.next();
                sequences.set(row.getLong(1));
                held.set(row.getLong(2));
            }
            connection.commit();
        }
    }

    /**
     * Notes that a request is about to be sent; returns its place once the note is safe.
     *
     * @throws Refusal.Unavailable if the spool cannot take it, so that the provider must not be called
     */
    public long intend(LedgerEntry entry) {
        if (broken || !open) {
            throw new Refusal.Unavailable(
                    "ledger_unavailable", "The ledger's spool cannot be written on this node.", Duration.ofSeconds(5));
        }
        if (held.get() >= MOST_RECORDS) {
            throw new Refusal.Unavailable(
                    "ledger_full", "The ledger's spool is full while the database is away.", Duration.ofSeconds(30));
        }
        Work.Intend work =
                new Work.Intend(sequences.incrementAndGet(), EntryText.write(entry), new CompletableFuture<>());
        await(work, work.done);
        held.incrementAndGet();
        return work.sequence;
    }

    /**
     * Notes how the request at this place ended.
     *
     * @throws Refusal.Unavailable if the spool cannot take it; the intent stays and becomes an interrupted row
     */
    public void complete(long sequence, LedgerEntry entry) {
        Work.Complete work = new Work.Complete(sequence, EntryText.write(entry), new CompletableFuture<>());
        await(work, work.done);
    }

    /** Up to {@code most} completed entries, oldest first; the same ones again until they are forgotten. */
    public List<Spooled> completed(int most) {
        Work.Read work = new Work.Read(most, new CompletableFuture<>());
        return await(work, work.done);
    }

    /** Drops entries that the database has committed. */
    public void forget(List<Spooled> entries) {
        Work.Forget work =
                new Work.Forget(entries.stream().map(Spooled::sequence).toList(), new CompletableFuture<>());
        await(work, work.done);
    }

    /** Keeps an entry that the database will never take for the operator to look at; {@link #forget} it all the same. */
    public void quarantine(Spooled entry, String errorClass) {
        Work.SetAside work = new Work.SetAside(entry.sequence(), errorClass, new CompletableFuture<>());
        await(work, work.done);
    }

    /** Whether records are being taken. */
    public boolean isWritable() {
        return open && !broken && writer.isAlive();
    }

    /** How many records are on their way to the database. */
    public long held() {
        return held.get();
    }

    /** Finishes what was handed in and closes the file. */
    @Override
    public void close() throws SQLException, IOException {
        open = false;
        try {
            writer.join(Duration.ofSeconds(10));
            syncer.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        wal.close();
        connection.close();
    }

    private <T> T await(Work work, CompletableFuture<T> done) {
        try {
            if (!queue.offer(work, 5, TimeUnit.SECONDS)) {
                throw new Refusal.Unavailable(
                        "ledger_unavailable", "The ledger's spool is overloaded.", Duration.ofSeconds(1));
            }
            while (true) {
                try {
                    return done.get(1, TimeUnit.SECONDS);
                } catch (TimeoutException e) {
                    if (!writer.isAlive()) { // it closed before it saw this work
                        done.completeExceptionally(e);
                    }
                }
            }
        } catch (ExecutionException e) {
            throw new Refusal.Unavailable(
                    "ledger_unavailable", "The ledger's spool cannot be written on this node.", Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal.Unavailable("shutting_down", "This node is shutting down.", Duration.ofSeconds(5));
        }
    }

    /** The writer's loop: take what is waiting, do it in one transaction, tell those who wait. */
    private void write() {
        List<Work> group = new ArrayList<>(GROUP);
        try (PreparedStatement intend = connection.prepareStatement("INSERT INTO intent VALUES (?, ?)");
                PreparedStatement settle = connection.prepareStatement("DELETE FROM intent WHERE sequence = ?");
                PreparedStatement complete = connection.prepareStatement("INSERT INTO completion VALUES (?, ?)");
                PreparedStatement read = connection.prepareStatement(
                        "SELECT sequence, entry FROM completion ORDER BY sequence LIMIT ?");
                PreparedStatement forget = connection.prepareStatement("DELETE FROM completion WHERE sequence = ?");
                PreparedStatement setAside = connection.prepareStatement(
                        "INSERT INTO quarantine SELECT sequence, entry, ? FROM completion WHERE sequence = ?")) {
            while (open || !queue.isEmpty()) {
                Work first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                group.add(first);
                queue.drainTo(group, GROUP - 1);
                try {
                    List<Runnable> answers = new ArrayList<>(group.size());
                    for (Work work : group) {
                        switch (work) {
                            case Work.Intend it -> {
                                insert(intend, it.sequence, it.entry);
                                answers.add(() -> it.done.complete(true));
                            }
                            case Work.Complete it -> {
                                insert(complete, it.sequence, it.entry);
                                settle.setLong(1, it.sequence);
                                settle.executeUpdate();
                                answers.add(() -> it.done.complete(true));
                            }
                            case Work.Read it -> {
                                List<Spooled> found = new ArrayList<>();
                                int unreadable = select(read, it.most, found, setAside, forget);
                                answers.add(() -> {
                                    held.addAndGet(-unreadable);
                                    it.done.complete(found);
                                });
                            }
                            case Work.Forget it -> {
                                int gone = 0;
                                for (long sequence : it.sequences) {
                                    forget.setLong(1, sequence);
                                    gone += forget.executeUpdate();
                                }
                                int forgotten = gone;
                                answers.add(() -> {
                                    held.addAndGet(-forgotten);
                                    it.done.complete(true);
                                });
                            }
                            case Work.SetAside it -> {
                                int gone = setAside(setAside, forget, it.sequence, it.errorClass);
                                answers.add(() -> {
                                    held.addAndGet(-gone);
                                    it.done.complete(true);
                                });
                            }
                        }
                    }
                    connection.commit();
                    unsynced = true;
                    answers.forEach(Runnable::run);
                } catch (SQLException | RuntimeException e) {
                    fail(group, e);
                }
                group.clear();
            }
        } catch (InterruptedException | SQLException e) {
            fail(group, e);
        }
        List<Work> left = new ArrayList<>();
        queue.drainTo(left);
        left.forEach(work -> work.done().completeExceptionally(new IllegalStateException("the spool is closed")));
    }

    /** After a failed write nothing is known of the file, so this process takes no more requests. */
    private void fail(List<Work> group, Exception e) {
        broken = true;
        LOG.log(
                Level.ERROR,
                "the spool of the ledger failed ({0}); no more requests are taken",
                e.getClass().getName());
        try {
            connection.rollback();
        } catch (SQLException alreadyBroken) {
            LOG.log(Level.ERROR, "the spool's transaction could not be rolled back");
        }
        group.forEach(work -> work.done().completeExceptionally(e));
    }

    private void sync() {
        while (open && !broken) {
            try {
                Thread.sleep(SYNC_EVERY);
                if (unsynced && durability == Durability.PROCESS) {
                    unsynced = false;
                    wal.force(false);
                }
            } catch (IOException e) {
                broken = true;
                LOG.log(Level.ERROR, "the ledger's spool cannot be synced; no more requests are taken");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static void turnIntentsOfTheDeadIntoCompletions(Statement statement) throws SQLException {
        List<Spooled> dead = new ArrayList<>();
        List<Long> unreadable = new ArrayList<>();
        try (ResultSet row = statement.executeQuery("SELECT sequence, entry FROM intent ORDER BY sequence")) {
            while (row.next()) {
                try {
                    dead.add(new Spooled(
                            row.getLong(1), EntryText.read(row.getBytes(2)).interrupted()));
                } catch (IllegalArgumentException e) {
                    unreadable.add(row.getLong(1));
                }
            }
        }
        try (PreparedStatement complete =
                        statement.getConnection().prepareStatement("INSERT INTO completion VALUES (?, ?)");
                PreparedStatement setAside = statement
                        .getConnection()
                        .prepareStatement("INSERT INTO quarantine SELECT sequence, entry, 'unreadable' FROM intent"
                                + " WHERE sequence = ?")) {
            for (Spooled entry : dead) {
                insert(complete, entry.sequence(), EntryText.write(entry.entry()));
            }
            for (long sequence : unreadable) {
                setAside.setLong(1, sequence);
                setAside.executeUpdate();
            }
        }
        statement.executeUpdate("DELETE FROM intent");
        if (!dead.isEmpty()) {
            LOG.log(Level.INFO, "{0} requests were interrupted when the last process ended", dead.size());
        }
        if (!unreadable.isEmpty()) {
            LOG.log(Level.ERROR, "{0} spooled intents are unreadable and were set aside", unreadable.size());
        }
    }

    private static void insert(PreparedStatement insert, long sequence, byte[] entry) throws SQLException {
        insert.setLong(1, sequence);
        insert.setBytes(2, entry);
        insert.executeUpdate();
    }

    /** Adds what can be read to {@code found} and sets aside what cannot; returns how many those were. */
    private static int select(
            PreparedStatement read, int most, List<Spooled> found, PreparedStatement setAside, PreparedStatement forget)
            throws SQLException {
        read.setInt(1, most);
        List<Long> unreadable = new ArrayList<>();
        try (ResultSet row = read.executeQuery()) {
            while (row.next()) {
                try {
                    found.add(new Spooled(row.getLong(1), EntryText.read(row.getBytes(2))));
                } catch (IllegalArgumentException e) {
                    unreadable.add(row.getLong(1));
                }
            }
        }
        for (long sequence : unreadable) {
            setAside(setAside, forget, sequence, "unreadable");
            LOG.log(Level.ERROR, "spooled entry {0} is unreadable and was set aside", sequence);
        }
        return unreadable.size();
    }

    private static int setAside(PreparedStatement setAside, PreparedStatement forget, long sequence, String errorClass)
            throws SQLException {
        setAside.setString(1, errorClass);
        setAside.setLong(2, sequence);
        setAside.executeUpdate();
        forget.setLong(1, sequence);
        return forget.executeUpdate();
    }

    /** What the writer is asked to do. */
    @SuppressWarnings("ArrayRecordComponent")
    private sealed interface Work {

        CompletableFuture<?> done();

        record Intend(long sequence, byte[] entry, CompletableFuture<Boolean> done) implements Work {}

        record Complete(long sequence, byte[] entry, CompletableFuture<Boolean> done) implements Work {}

        record Read(int most, CompletableFuture<List<Spooled>> done) implements Work {}

        record Forget(List<Long> sequences, CompletableFuture<Boolean> done) implements Work {}

        record SetAside(long sequence, String errorClass, CompletableFuture<Boolean> done) implements Work {}
    }
}
