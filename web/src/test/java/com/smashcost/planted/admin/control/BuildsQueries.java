package com.smashcost.planted.admin.control;

import java.sql.SQLException;
import java.sql.Statement;

/** Puts words of strangers into a query. */
public class BuildsQueries {

    /** Finds who is called so, and whatever else the name says. */
    public boolean find(Statement statement, String name) throws SQLException {
        return statement.execute("SELECT id FROM member WHERE name = '" + name + "'");
    }
}
