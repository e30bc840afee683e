package com.smashcost.planted.admin.control;

import jakarta.persistence.EntityManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Puts words of strangers into queries. */
public class BuildsQueries {

    /** In JPQL. */
    public Object find(EntityManager database, String name) {
        return database.createQuery("SELECT m FROM Member m WHERE m.name = '" + name + "'")
                .getSingleResult();
    }

    /** In SQL. */
    public boolean find(Statement statement, String name) throws SQLException {
        return statement.execute("SELECT '" + name + "'");
    }
}
