package com.smashcost.planted.admission.control;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Asks the database in the middle of a request. */
public class AsksTheDatabase {

    /** For a connection. */
    public Connection connection(DataSource database) throws SQLException {
        return database.getConnection();
    }
}
