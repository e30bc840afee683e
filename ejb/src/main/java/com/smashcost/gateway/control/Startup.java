package com.smashcost.gateway.control;

import com.smashcost.access.control.KeyText;
import com.smashcost.access.control.Pepper;
import com.smashcost.access.control.SessionSeal;
import com.smashcost.catalog.control.CatalogueImport;
import com.smashcost.job.control.Jobs;
import com.smashcost.ledger.control.CellKeeper;
import com.smashcost.ledger.control.Ledger;
import com.smashcost.provider.control.Providers;
import com.smashcost.secret.control.Environment;
import com.smashcost.secret.control.InstallationSecrets;
import com.smashcost.secret.control.SettingRefused;
import com.smashcost.secret.control.Starting;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.sql.DataSourceDefinition;
import jakarta.ejb.EJB;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;

/** Brings the product up in order, and down in the reverse one; what is missing stops the deployment with one clear line. */
@jakarta.ejb.Startup
@Singleton
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@DataSourceDefinition(
        name = "java:app/jdbc/smashcost",
        className = "org.mariadb.jdbc.MariaDbDataSource",
        url = "${ENV=SMASHCOST_DB_URL}",
        user = "${ENV=SMASHCOST_DB_USER}",
        password = "${ENV=SMASHCOST_DB_PASSWORD}",
        minPoolSize = 2,
        maxPoolSize = 16,
        isolationLevel = Connection.TRANSACTION_READ_COMMITTED,
        properties = {
            "fish.payara.is-connection-validation-required=true",
            "fish.payara.connection-validation-method=auto-commit",
            "fish.payara.fail-all-connections=true",
            "fish.payara.validate-atmost-once-period-in-seconds=2"
        })
@DataSourceDefinition(
        name = "java:app/jdbc/smashcost-report",
        className = "org.mariadb.jdbc.MariaDbDataSource",
        url = "${ENV=SMASHCOST_DB_URL}",
        user = "${ENV=SMASHCOST_DB_REPORT_USER}",
        password = "${ENV=SMASHCOST_DB_REPORT_PASSWORD}",
        minPoolSize = 1,
        maxPoolSize = 4,
        isolationLevel = Connection.TRANSACTION_READ_COMMITTED,
        properties = {
            "fish.payara.is-connection-validation-required=true",
            "fish.payara.connection-validation-method=auto-commit",
            "fish.payara.fail-all-connections=true",
            "fish.payara.validate-atmost-once-period-in-seconds=2"
        })
public class Startup {

    private static final Logger LOG = System.getLogger(Startup.class.getName());

    @Inject
    private Environment environment;

    @Inject
    private Event<Starting> starting;

    @Inject
    private InstallationSecrets secrets;

    @Inject
    private Pepper pepper;

    @Inject
    private Providers providers;

    @EJB
    private SchemaCheck schema;

    @EJB
    private CatalogueImport catalogue;

    @Inject
    private Snapshots snapshots;

    @Inject
    private Ledger ledger;

    @EJB
    private CellKeeper cells;

    @EJB
    private Jobs jobs;

    @EJB
    private BudgetKeeper budgets;

    /** Without a transaction, which a lifecycle method has unless it says so itself: partitions cannot be made in one. */
    @PostConstruct
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    void start() {
        try {
            LOG.log(Level.INFO, "starting in {0}", environment.isProduction() ? "production" : "development");
            SessionSeal.check(environment);
            starting.fire(new Starting(environment));
            LOG.log(Level.INFO, "{0} providers", providers.all().size());
            schema.check();
            secrets.checkMasterKeys();
            pepper.hash(KeyText.mint()); // reads it now, so that no request has to
            LOG.log(Level.INFO, "{0} models added to the catalogue", catalogue.addMissing());
            snapshots.start();
            cells.start();
            budgets.start();
            ledger.start();
            jobs.start();
        } catch (SettingRefused e) {
            LOG.log(Level.ERROR, e.getMessage());
            throw e;
        } catch (SQLException | IOException e) {
            throw new IllegalStateException("the start failed: " + e.getMessage(), e);
        }
    }

    @PreDestroy
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    void stop() {
        try {
            jobs.stop();
            ledger.stop();
        } catch (SQLException | IOException e) {
            LOG.log(
                    Level.ERROR,
                    "the spool of the ledger did not close cleanly: {0}",
                    e.getClass().getName());
        }
    }
}
