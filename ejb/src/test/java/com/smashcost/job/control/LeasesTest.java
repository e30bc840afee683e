package com.smashcost.job.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.smashcost.job.control.Leases.Lease;
import com.smashcost.job.entity.JobState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes and one real database. */
class LeasesTest {

    private static final Instant START = Instant.parse("2026-11-29T10:00:00Z");

    @SuppressWarnings("NullAway.Init")
    private static RealDatabase database;

    @SuppressWarnings("NullAway.Init")
    private Leases leases;

    private volatile Instant now = START;

    @BeforeAll
    static void start() {
        database = RealDatabase.fresh();
        database.asOwner("CREATE TABLE effect (token BIGINT NOT NULL)");
    }

    @BeforeEach
    void begin() throws SQLException {
        database.asOwner("DELETE FROM job", "DELETE FROM effect");
        leases = new Leases(database.app());
        leases.register("count", now);
    }

    /** A job that does what it is told. */
    private record Told(Work work) implements Job {

        interface Work {
            void run(Fence fence) throws Exception;
        }

        @Override
        public String name() {
            return "count";
        }

        @Override
        public Duration period() {
            return Duration.ofMinutes(10);
        }

        @Override
        public void run(Fence fence) throws Exception {
            work.run(fence);
        }
    }

    private static final Job IDLE = new Told(fence -> {});

    private Runner node(String name) {
        return new Runner(leases, () -> now, name);
    }

    private Lease take(String node) throws SQLException {
        return leases.take(IDLE, node, now).orElseThrow();
    }

    private static void expire() {
        database.asOwner("UPDATE job SET lease_until = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND");
    }

    private JobState state() throws SQLException {
        return leases.all().getFirst();
    }

    private static void effect(Connection connection, Fence fence) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO effect (token) VALUES (?)")) {
            insert.setLong(1, fence.token());
            insert.executeUpdate();
        }
    }

    private static List<Long> effects() throws SQLException {
        try (Connection connection = database.app().getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT token FROM effect ORDER BY token");
                ResultSet row = select.executeQuery()) {
            List<Long> tokens = new ArrayList<>();
            while (row.next()) {
                tokens.add(row.getLong(1));
            }
            return tokens;
        }
    }

    @Test
    void runs_a_due_job_on_one_of_two_nodes_that_try_at_once() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger runs = new AtomicInteger();
        Job job = new Told(fence -> {
            assertThat(running.incrementAndGet()).isEqualTo(1);
            runs.incrementAndGet();
            running.decrementAndGet();
        });
        int rounds = 30;
        CyclicBarrier together = new CyclicBarrier(2);
        try (ExecutorService nodes = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < rounds; round++) {
                List<Future<Boolean>> ran = new ArrayList<>();
                for (String name : List.of("a", "b")) {
                    ran.add(nodes.submit(() -> {
                        together.await(10, TimeUnit.SECONDS);
                        return node(name).runIfDue(job);
                    }));
                }
                assertThat(List.of(ran.get(0).get(), ran.get(1).get())).containsExactlyInAnyOrder(true, false);
                now = now.plus(job.period());
            }
        }
        assertThat(runs).hasValue(rounds);
    }

    @Test
    void lets_a_node_that_lost_its_lease_commit_nothing() throws SQLException {
        Fence slow = take("a").fence();
        expire();
        Fence next = take("b").fence();
        assertThat(next.token()).isGreaterThan(slow.token());

        for (Fence fence : List.of(slow, next)) {
            try (Connection connection = database.owner().getConnection()) {
                connection.setAutoCommit(false);
                effect(connection, fence);
                if (fence.equals(slow)) {
                    assertThatExceptionOfType(LostLease.class).isThrownBy(() -> fence.hold(connection));
                    connection.rollback();
                } else {
                    fence.hold(connection);
                    connection.commit();
                }
            }
        }
        assertThat(effects()).containsExactly(next.token());
    }

    @Test
    void lets_nobody_take_a_lease_while_a_transaction_holds_it() throws Exception {
        Fence fence = take("a").fence();
        expire();
        try (ExecutorService other = Executors.newSingleThreadExecutor();
                Connection connection = database.owner().getConnection()) {
            connection.setAutoCommit(false);
            fence.hold(connection);
            effect(connection, fence);
            Future<Boolean> taken =
                    other.submit(() -> leases.take(IDLE, "b", now).isPresent());
            assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> taken.get(300, TimeUnit.MILLISECONDS));
            connection.commit();
            assertThat(taken.get(10, TimeUnit.SECONDS))
                    .as("the lease was extended")
                    .isFalse();
        }
        assertThat(effects()).containsExactly(fence.token());
    }

    @Test
    void ends_no_lease_but_its_own() throws SQLException {
        Lease slow = take("a");
        expire();
        take("b");

        assertThat(leases.finish(slow, now, Duration.ZERO, "done", now.plusSeconds(1)))
                .isFalse();
        assertThat(state().running()).isTrue();
        assertThat(state().outcome()).isNull();
    }

    @Test
    void notes_how_a_run_went_and_when_the_next_one_is() throws SQLException {
        assertThat(node("a").runIfDue(IDLE)).isTrue();

        JobState state = state();
        assertThat(state.lastRun()).isEqualTo(START);
        assertThat(state.nextRun()).isEqualTo(START.plus(10, ChronoUnit.MINUTES));
        assertThat(state.outcome()).isEqualTo("done");
        assertThat(state.took()).isNotNull();
        assertThat(state.running()).isFalse();
        assertThat(node("b").runIfDue(IDLE)).as("not due").isFalse();
    }

    @Test
    void tries_a_job_that_failed_again_after_a_minute() throws SQLException {
        Job failing = new Told(fence -> {
            throw new SQLException("x", "08000");
        });
        assertThat(node("a").runIfDue(failing)).isTrue();

        assertThat(state().outcome()).isEqualTo("failed SQLException");
        assertThat(state().nextRun()).isEqualTo(START.plus(1, ChronoUnit.MINUTES));
    }

    @Test
    void runs_again_what_was_asked_for_during_a_run() throws SQLException {
        Instant asked = START.plusSeconds(1);
        Job job = new Told(fence -> leases.ask("count", asked));
        assertThat(node("a").runIfDue(job)).isTrue();
        now = asked;

        assertThat(node("b").runIfDue(IDLE)).isTrue();
        assertThat(state().lastRun()).isEqualTo(asked);
    }

    @Test
    void runs_a_job_whose_next_run_a_clock_set_that_was_moved_back_since() throws SQLException {
        now = START.plus(Duration.ofDays(2));
        assertThat(node("a").runIfDue(IDLE)).isTrue();
        now = START;

        assertThat(node("a").runIfDue(IDLE)).isTrue();
    }
}
