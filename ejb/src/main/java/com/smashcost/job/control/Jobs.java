package com.smashcost.job.control;

import com.smashcost.job.entity.JobState;
import com.smashcost.refusal.control.Refusal;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJBException;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;

/**
 * The timer of all jobs. Every few seconds it looks which ones are due and runs those whose lease this node gets, each on a
 * thread of its own, so that a long one keeps none waiting.
 */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Jobs {

    private static final Logger LOG = System.getLogger(Jobs.class.getName());

    @Inject
    @Any
    private Instance<Job> jobs;

    @Inject
    private Leases leases;

    @Inject
    private BusinessClock clock;

    @Resource(lookup = "java:comp/DefaultManagedExecutorService")
    private ManagedExecutorService threads;

    /** Says who runs something, to people who look at the table. */
    private final String owner = ProcessHandle.current().pid() + "-" + UUID.randomUUID();

    private final Set<String> registered = ConcurrentHashMap.newKeySet();
    private final Set<String> running = ConcurrentHashMap.newKeySet();
    private volatile boolean started;

    /** Lets jobs run from now on: before, the schema and what they need are not known to be there. */
    public void start() {
        started = true;
    }

    /** Starts no further job. */
    @PreDestroy
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public void stop() {
        started = false;
    }

    /** All jobs of this release, by name. */
    public List<JobState> all() {
        try {
            register();
            Set<String> known = new HashSet<>();
            jobs.forEach(job -> known.add(job.name()));
            return leases.all().stream()
                    .filter(state -> known.contains(state.name()))
                    .toList();
        } catch (SQLException e) {
            throw new EJBException(e);
        }
    }

    /**
     * Has a job run as soon as possible, by this node if its lease is free.
     *
     * @throws Refusal.NotFound if there is no such job
     */
    public JobState ask(String name) {
        try {
            register();
            if (jobs.stream().noneMatch(job -> job.name().equals(name)) || !leases.ask(name, clock.now())) {
                throw new Refusal.NotFound("job_not_found", "There is no such job.");
            }
        } catch (SQLException e) {
            throw new EJBException(e);
        }
        look();
        return all().stream()
                .filter(state -> state.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Looks what is due. */
    @Schedule(hour = "*", minute = "*", second = "*/5", persistent = false)
    public void look() {
        if (!started) {
            return;
        }
        try {
            register();
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "jobs wait, the database is away: SQL state {0}", e.getSQLState());
            return;
        }
        Runner runner = new Runner(leases, clock::now, owner);
        for (Job job : jobs) {
            if (running.add(job.name())) {
                try {
                    threads.execute(() -> run(runner, job));
                } catch (RejectedExecutionException e) {
                    running.remove(job.name());
                }
            }
        }
    }

    private void run(Runner runner, Job job) {
        try {
            runner.runIfDue(job);
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "job {0} waits, the database is away: SQL state {1}", job.name(), e.getSQLState());
        } finally {
            running.remove(job.name());
        }
    }

    private void register() throws SQLException {
        for (Job job : jobs) {
            if (!registered.contains(job.name())) {
                leases.register(job.name(), clock.now());
                registered.add(job.name());
            }
        }
    }
}
