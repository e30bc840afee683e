package com.smashcost.account;

import jakarta.annotation.sql.DataSourceDefinition;
import jakarta.ejb.Stateless;

/** The product's data sources under the product's names, which each application has for itself. */
@Stateless
@DataSourceDefinition(
        name = "java:app/jdbc/smashcost",
        className = "org.mariadb.jdbc.MariaDbDataSource",
        url = "${ENV=SMASHCOST_DB_URL}",
        user = "${ENV=SMASHCOST_DB_USER}",
        password = "${ENV=SMASHCOST_DB_PASSWORD}",
        minPoolSize = 1,
        maxPoolSize = 10)
@DataSourceDefinition(
        name = "java:app/jdbc/smashcost-report",
        className = "org.mariadb.jdbc.MariaDbDataSource",
        url = "${ENV=SMASHCOST_DB_URL}",
        user = "${ENV=SMASHCOST_DB_REPORT_USER}",
        password = "${ENV=SMASHCOST_DB_REPORT_PASSWORD}",
        minPoolSize = 1,
        maxPoolSize = 4)
public class TestDatabases {}
