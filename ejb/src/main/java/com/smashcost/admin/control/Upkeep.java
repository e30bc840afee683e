package com.smashcost.admin.control;

import com.smashcost.audit.control.Audit;
import com.smashcost.audit.entity.Actor;
import com.smashcost.audit.entity.AuditRecord;
import com.smashcost.job.control.BusinessClock;
import com.smashcost.job.control.Jobs;
import com.smashcost.job.entity.JobState;
import com.smashcost.ledger.control.Reconciliation;
import com.smashcost.ledger.control.Rollups;
import jakarta.ejb.EJB;
import jakarta.ejb.EJBException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** What an operator has done out of turn; each act leaves a record. */
@ApplicationScoped
public class Upkeep {

    @EJB
    private Jobs jobs;

    @Inject
    private Rollups rollups;

    @Inject
    private Reconciliation reconciliation;

    @EJB
    private Audit audit;

    @Inject
    private BusinessClock clock;

    /** Has a job run as soon as possible. */
    public JobState runJob(Actor actor, String name) {
        JobState state = jobs.ask(name);
        record(actor, "job.run", name);
        return state;
    }

    /** Has the roll-ups of all hours compared with the rows of the ledger, not only of those that changed. */
    public JobState proveRollups(Actor actor) {
        try {
            reconciliation.proveAll();
        } catch (SQLException e) {
            throw new EJBException(e);
        }
        record(actor, "rollups.prove", null);
        return jobs.ask(Reconciliation.NAME);
    }

    /** Throws the roll-ups of some UTC days away and has them built anew; {@code to} is the day after the last. */
    public JobState rebuildRollups(Actor actor, LocalDate from, LocalDate to) {
        try {
            rollups.rebuild(from, to);
        } catch (SQLException e) {
            throw new EJBException(e);
        }
        record(actor, "rollups.rebuild", from + "/" + to);
        return jobs.ask(Rollups.NAME);
    }

    private void record(Actor actor, String action, @Nullable String subject) {
        audit.appendApart(new AuditRecord(null, clock.now(), actor, action, subject, AuditRecord.Outcome.done, null));
    }
}
