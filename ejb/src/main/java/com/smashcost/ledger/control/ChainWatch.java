package com.smashcost.ledger.control;

import com.smashcost.job.control.BusinessClock;
import com.smashcost.ledger.control.ChainCheck.Break;
import com.smashcost.ledger.entity.Trail;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Verifies all chains, with the rows of their last days, and says which of them do not hold. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class ChainWatch {

    private static final Logger LOG = System.getLogger(ChainWatch.class.getName());

    /** How many days' rows are compared again. */
    private static final int DAYS = 7;

    @Inject
    private Chains chains;

    @Inject
    private BusinessClock clock;

    /** Returns how many chains do not hold; each of them is an error in the log. */
    public int run() {
        LocalDate from = LocalDate.ofInstant(clock.now(), ZoneOffset.UTC).minusDays(DAYS);
        int broken = report(chains.verify(Trail.audit, Chains.INSTALLATION, from), Chains.INSTALLATION);
        for (long organization : chains.organizations()) {
            for (Trail trail : Trail.values()) {
                broken += report(chains.verify(trail, organization, from), organization);
            }
        }
        return broken;
    }

    private static int report(ChainCheck check, long organization) {
        Break first = check.firstBreak();
        if (first == null) {
            return 0;
        }
        LOG.log(
                Level.ERROR,
                "the {0} chain of organization {1} does not hold from record {2} of {3} on: {4}",
                check.trail(),
                organization,
                first.sequence(),
                first.day(),
                first.reason());
        return 1;
    }
}
