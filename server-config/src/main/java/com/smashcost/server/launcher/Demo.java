package com.smashcost.server.launcher;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/**
 * The demonstration of a development instance: one organisation that can be used at once, and the file that tells how.
 * It is seeded once; later starts refresh the addresses.
 */
final class Demo {

    static final String SLUG = "demo";
    static final String OWNER = "owner@demo.example";

    private static final int BCRYPT_COST = 12;

    private final Path file;
    private final Instance instance;
    private final Properties kept = new Properties();

    /**
     * The instance as the outside sees it.
     *
     * @param publicUrl origin of gateway and portal
     * @param adminUrl origin of the admin listener
     */
    record Instance(URI publicUrl, URI adminUrl, String adminSecret, String adminTotp, Database database) {}

    Demo(Path file, Instance instance) throws IOException {
        this.file = file;
        this.instance = instance;
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                kept.load(reader);
            }
        }
    }

    /** Whether there is a key of an earlier start that this gateway does not refuse. */
    boolean isSeeded(URI gateway) {
        return !key().isEmpty()
                && !password().isEmpty()
                && new Probe(URI.create(gateway + "/v1/models")).ask(key()).status() != 401;
    }

    void seed() throws IOException, InterruptedException, SQLException {
        AdminApi admin = new AdminApi(
                URI.create(instance.adminUrl() + "/admin/api"), instance.adminSecret(), instance.adminTotp());
        if (!admin.organizationExists(SLUG)) {
            admin.createOrganization(SLUG, "Demo Company", OWNER);
        }
        kept.setProperty("gateway.key", admin.createKey(SLUG, "demo"));
        admin.putCredential(SLUG, "openai", "sim-openai-demo");
        admin.putCredential(SLUG, "groq", "sim-groq-demo");
        kept.setProperty("portal.password", Secrets.readablePassword());
        setPassword(password());
        write();
    }

    private void setPassword(String password) throws SQLException {
        String hash = BCrypt.with(BCrypt.Version.VERSION_2B).hashToString(BCRYPT_COST, password.toCharArray());
        Database database = instance.database();
        try (Connection connection = database.connect(database.app());
                PreparedStatement update =
                        connection.prepareStatement("UPDATE member SET password_hash = ? WHERE email = ?")) {
            update.setString(1, hash);
            update.setString(2, OWNER);
            if (update.executeUpdate() != 1) {
                throw new SQLException("no member " + OWNER);
            }
        }
    }

    void write() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("gateway.url", gatewayUrl());
        values.put("gateway.key", key());
        values.put("portal.url", portalUrl());
        values.put("portal.user", OWNER);
        values.put("portal.password", password());
        values.put("admin.url", adminUrl());
        values.put("admin.secret", instance.adminSecret());
        values.put("admin.totp", instance.adminTotp());
        values.put("organization.slug", SLUG);
        values.put("database.url", instance.database().plainUrl());
        values.put("database.user", instance.database().app().user());
        values.put("database.password", instance.database().app().password());
        StringBuilder text = new StringBuilder();
        values.forEach((name, value) -> text.append(name)
                .append('=')
                .append(value.replace("\\", "\\\\"))
                .append('\n'));
        Home.writePrivate(file, text.toString());
    }

    String gatewayUrl() {
        return instance.publicUrl() + "/v1";
    }

    String portalUrl() {
        return instance.publicUrl() + "/portal";
    }

    String adminUrl() {
        return instance.adminUrl() + "/admin";
    }

    String key() {
        return kept.getProperty("gateway.key", "");
    }

    String password() {
        return kept.getProperty("portal.password", "");
    }
}
