package com.smashcost.ledger.control;

import com.smashcost.job.control.Fence;
import com.smashcost.job.control.Job;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Keeps the ledger's days: partitions for the coming ones, and none for those that nobody may look at any more. The definer
 * procedures decide which those are, and doing it twice does nothing, so there is no transaction to fence.
 */
@ApplicationScoped
public class LedgerDays implements Job {

    @Inject
    private Ledger ledger;

    @Override
    public String name() {
        return "ledger-days";
    }

    @Override
    public Duration period() {
        return Duration.ofHours(1);
    }

    @Override
    public void run(Fence fence) throws SQLException {
        ledger.addDays();
        ledger.dropExpiredDays();
    }
}
