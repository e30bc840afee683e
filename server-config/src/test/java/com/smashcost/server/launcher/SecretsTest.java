package com.smashcost.server.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {

    @TempDir
    private Path directory;

    @Test
    void keeps_what_it_made_in_a_file_that_only_its_owner_reads() throws IOException {
        Path file = directory.resolve("secrets.properties");
        String made = new Secrets(file).take("SMASHCOST_SESSION_SECRET", Secrets::token);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(new Secrets(file).take("SMASHCOST_SESSION_SECRET", () -> "another"))
                .isEqualTo(made);
    }

    @Test
    void makes_values_that_the_settings_accept() {
        Settings settings = Settings.read(Map.of(
                "SMASHCOST_MASTER_KEYS", Secrets.masterKeys(),
                "SMASHCOST_SESSION_SECRET", Secrets.token(),
                "SMASHCOST_ADMIN_SECRET", Secrets.token(),
                "SMASHCOST_ADMIN_TOTP", Secrets.totpKey()));
        settings.check();
        assertThat(Totp.decode(settings.text("SMASHCOST_ADMIN_TOTP").orElseThrow()))
                .hasSize(20);
    }

    @Test
    void passwords_are_easy_to_read_out() {
        assertThat(Secrets.readablePassword()).matches("([a-z]+-){4}[0-9]{4}");
    }
}
