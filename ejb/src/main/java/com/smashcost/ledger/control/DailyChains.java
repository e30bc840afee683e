package com.smashcost.ledger.control;

import com.smashcost.job.control.Fence;
import com.smashcost.job.control.Job;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/**
 * Extends the chains by the days that are over, and verifies them. A record is signed and put at its place in one transaction that
 * refuses a second one there, so that there is nothing to fence.
 */
@ApplicationScoped
public class DailyChains implements Job {

    @EJB
    private Chains chains;

    @EJB
    private ChainWatch watch;

    @Override
    public String name() {
        return "chains";
    }

    @Override
    public Duration period() {
        return Duration.ofHours(1);
    }

    @Override
    public void run(Fence fence) throws Exception {
        chains.run();
        watch.run();
    }
}
