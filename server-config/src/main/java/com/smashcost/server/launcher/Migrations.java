package com.smashcost.server.launcher;

import java.util.Map;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.MigrateResult;

/** Brings the schema to this version with the migrate user, whose connections are closed afterwards. */
final class Migrations {

    private static final Logger LOG = Logger.getLogger(Migrations.class.getName());

    private Migrations() {}

    /** File, SQL error and line, without the frame and the advice. */
    private static String cause(FlywayException failure) {
        return String.valueOf(failure.getMessage())
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("---") && !line.startsWith("Statement"))
                .collect(Collectors.joining(System.lineSeparator() + "    "));
    }

    static int run(Database database) {
        try {
            MigrateResult result = Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(
                            database.url(),
                            database.migrate().user(),
                            database.migrate().password())
                    .locations("classpath:db/migration")
                    .placeholders(Map.of(
                            "app_user", database.grantee(database.app()),
                            "report_user", database.grantee(database.report())))
                    .failOnMissingLocations(true)
                    .validateMigrationNaming(true)
                    .cleanDisabled(true)
                    .load()
                    .migrate();
            LOG.info(() -> result.migrationsExecuted + " migrations, schema at " + result.targetSchemaVersion);
            return result.migrationsExecuted;
        } catch (FlywayException e) {
            throw new StartFailure("the database's schema could not be brought up to date: " + cause(e), e);
        }
    }
}
