package com.smashcost.server.launcher;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The demonstration of a development instance: one organisation that can be used at once, and the file that tells how.
 * It is seeded once; later starts refresh the addresses.
 */
final class Demo {

    static final String SLUG = "demo";
    static final String OWNER = "owner@demo.example";

    private static final int BCRYPT_COST = 12;

    private final Path file;
    private final Path origins;
    private final Instance instance;
    private final Properties kept = new Properties();

    /**
     * The instance as the outside sees it.
     *
     * @param publicUrl origin of gateway and portal
     * @param adminUrl origin of the admin listener
     * @param providers base URLs of the providers that the demonstration has credentials for, by id
     */
    record Instance(
            URI publicUrl,
            URI adminUrl,
            String adminSecret,
            String adminTotp,
            Map<String, String> providers,
            Database database) {}

    /**
     * @param file what a person reads
     * @param origins where the providers were when their credentials were entered
     */
    Demo(Path file, Path origins, Instance instance) throws IOException {
        this.file = file;
        this.origins = origins;
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
        enterCredentials(admin);
        kept.setProperty("portal.password", Secrets.readablePassword());
        setPassword(password());
    }

    /** Whether a provider is somewhere else than when its credential was entered, and so would not get it. */
    boolean hasMovedProviders() throws IOException {
        return !Files.exists(origins)
                || !Files.readString(origins, StandardCharsets.UTF_8).equals(places());
    }

    /** Enters the demonstration's own credentials for where the providers are now; a person's own stay as they are. */
    void enterCredentials() throws IOException, InterruptedException {
        enterCredentials(new AdminApi(
                URI.create(instance.adminUrl() + "/admin/api"), instance.adminSecret(), instance.adminTotp()));
    }

    private void enterCredentials(AdminApi admin) throws IOException, InterruptedException {
        for (String provider : instance.providers().keySet()) {
            String ours = "sim-" + provider + "-demo";
            String known = admin.credentialEnding(SLUG, provider);
            if (known.isEmpty() || ours.endsWith(known)) {
                admin.putCredential(SLUG, provider, ours);
            }
        }
        Home.writePrivate(origins, places());
    }

    private String places() {
        return new TreeMap<>(instance.providers()) + "\n";
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
