package com.smashcost.server.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {

    @TempDir
    private Path directory;

    @Test
    void the_application_never_learns_the_migrate_users_password() {
        Home home = Home.open(directory);
        Map<String, String> environment = Launcher.environment(
                Settings.read(Map.of(
                        "SMASHCOST_DB_MIGRATE_USER", "migrate",
                        "SMASHCOST_DB_MIGRATE_PASSWORD", "secret",
                        "SMASHCOST_DB_USER", "app")),
                home);
        home.release();
        assertThat(environment)
                .containsOnlyKeys("SMASHCOST_DB_USER", "SMASHCOST_HOME")
                .containsEntry("SMASHCOST_HOME", directory.toAbsolutePath().toString());
    }
}
