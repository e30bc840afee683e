package com.smashcost.ledger.control;

import com.smashcost.job.control.BusinessClock;
import com.smashcost.job.control.OperatorAlerts;
import com.smashcost.ledger.control.ChainCheck.Break;
import com.smashcost.ledger.entity.Trail;
import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import javax.sql.DataSource;

/** Verifies all chains, with the rows of their last days, and says which of them do not hold. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class ChainWatch {

    private static final Logger LOG = System.getLogger(ChainWatch.class.getName());

    private static final String BROKEN = "broken-chain";

    /** How many days' rows are compared again. */
    private static final int DAYS = 7;

    @Inject
    private Chains chains;

    @Inject
    private BusinessClock clock;

    @Inject
    private OperatorAlerts alerts;

    @Resource(lookup = "java:app/jdbc/smashcost")
    private DataSource database;

    /** Returns how many chains do not hold; each of them is an alert to the operator and an error in the log. */
    public int run() throws SQLException {
        LocalDate from = LocalDate.ofInstant(clock.now(), ZoneOffset.UTC).minusDays(DAYS);
        int broken = report(chains.verify(Trail.audit, Chains.INSTALLATION, from), Chains.INSTALLATION);
        for (long organization : chains.organizations()) {
            for (Trail trail : Trail.values()) {
                broken += report(chains.verify(trail, organization, from), organization);
            }
        }
        return broken;
    }

    private int report(ChainCheck check, long organization) throws SQLException {
        Break first = check.firstBreak();
        String subject = check.trail() + " of organization " + organization;
        try (Connection connection = database.getConnection()) {
            if (first == null) {
                alerts.resolve(connection, BROKEN, subject, clock.now());
                return 0;
            }
            String detail = "from record " + first.sequence() + " of " + first.day() + " on: " + first.reason();
            LOG.log(Level.ERROR, "the chain {0} does not hold {1}", subject, detail);
            alerts.raise(connection, BROKEN, subject, detail, clock.now());
            return 1;
        }
    }
}
