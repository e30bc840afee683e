package com.smashcost.secret.control;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** Secrets that the installation made for itself; kept encrypted in the database, the same for all nodes. */
@ApplicationScoped
public class InstallationSecrets {

    @Resource(lookup = "java:app/jdbc/smashcost")
    private DataSource database;

    @Inject
    private Vault vault;

    @Inject
    private MasterKeys keys;

    /**
     * The secret of this name, made and stored the first time. Of two nodes that make it at once one wins, and both get the
     * winner's.
     *
     * @param name 1 to 16 characters
     */
    public byte[] get(String name, Supplier<byte[]> make) throws SQLException {
        try (Connection connection = database.getConnection()) {
            Optional<byte[]> stored = find(connection, name);
            if (stored.isPresent()) {
                return stored.get();
            }
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO installation_secret (name, envelope) VALUES (?, ?)")) {
                insert.setString(1, name);
                insert.setBytes(2, vault.seal(make.get(), Binding.ofInstallation(name)));
                insert.executeUpdate();
            } catch (SQLIntegrityConstraintViolationException anotherNodeWasFirst) {
                return find(connection, name).orElseThrow();
            }
            return find(connection, name).orElseThrow();
        }
    }

    /**
     * Proves that the configured master keys are those that this database was written with.
     *
     * @throws SettingRefused if one of them is another key under a known name
     */
    public void checkMasterKeys() throws SQLException {
        try (Connection connection = database.getConnection()) {
            for (Map.Entry<String, byte[]> key : keys.checkValues().entrySet()) {
                try (PreparedStatement insert = connection.prepareStatement("""
                        INSERT INTO master_key_check (key_id, check_value, first_seen)
                        SELECT ?, ?, UTC_TIMESTAMP(6)
                        WHERE NOT EXISTS (SELECT 1 FROM master_key_check WHERE key_id = ?)""")) {
                    insert.setString(1, key.getKey());
                    insert.setBytes(2, key.getValue());
                    insert.setString(3, key.getKey());
                    insert.executeUpdate();
                }
                try (PreparedStatement select =
                        connection.prepareStatement("SELECT check_value FROM master_key_check WHERE key_id = ?")) {
                    select.setString(1, key.getKey());
                    try (ResultSet row = select.executeQuery()) {
                        if (!row.next() || !MessageDigest.isEqual(row.getBytes(1), key.getValue())) {
                            throw new SettingRefused(
                                    "SMASHCOST_MASTER_KEYS",
                                    "holds another key under the name " + key.getKey()
                                            + " than the one this database was written with");
                        }
                    }
                }
            }
        }
    }

    private Optional<byte[]> find(Connection connection, String name) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT envelope FROM installation_secret WHERE name = ?")) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                try (Secret secret = vault.open(row.getBytes(1), Binding.ofInstallation(name))) {
                    return Optional.of(secret.bytes().clone());
                }
            }
        }
    }
}
