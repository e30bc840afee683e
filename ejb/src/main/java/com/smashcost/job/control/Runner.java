package com.smashcost.job.control;

import com.smashcost.job.control.Leases.Lease;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Runs jobs for one node: those that are due and that no other node runs. */
final class Runner {

    private static final Logger LOG = System.getLogger(Runner.class.getName());

    /** After a failure a job is tried again this soon, if its period is not shorter. */
    private static final Duration RETRY = Duration.ofMinutes(1);

    private final Leases leases;
    private final Supplier<Instant> clock;
    private final String owner;

    Runner(Leases leases, Supplier<Instant> clock, String owner) {
        this.leases = leases;
        this.clock = clock;
        this.owner = owner;
    }

    /** Runs the job if it is due and its lease is free, and tells whether it did. */
    boolean runIfDue(Job job) throws SQLException {
        Optional<Lease> taken = leases.take(job, owner, clock.get());
        if (taken.isEmpty()) {
            return false;
        }
        Lease lease = taken.get();
        Instant began = clock.get();
        long ticks = System.nanoTime();
        String outcome = "done";
        Duration pause = job.period();
        try {
            job.run(lease.fence());
        } catch (LostLease e) {
            LOG.log(Level.WARNING, "job {0} goes on elsewhere: this node held its lease too long", job.name());
            return true;
        } catch (Exception e) {
            outcome = "failed " + e.getClass().getSimpleName();
            pause = RETRY.compareTo(pause) < 0 ? RETRY : pause;
            LOG.log(
                    Level.ERROR,
                    "job {0} failed: {1}{2}",
                    job.name(),
                    e.getClass().getName(),
                    e instanceof SQLException sql
                            ? ", SQL state " + sql.getSQLState() + ", code " + sql.getErrorCode()
                            : "");
        }
        Duration took = Duration.ofNanos(System.nanoTime() - ticks);
        Instant next = began.plus(pause);
        if (!leases.finish(lease, began, took, outcome, next)) {
            LOG.log(Level.WARNING, "job {0} ended after its lease", job.name());
        }
        return true;
    }
}
