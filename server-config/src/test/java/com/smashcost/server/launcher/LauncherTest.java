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

    @Test
    void every_provider_without_a_base_url_is_simulated_and_has_a_credential() {
        Settings settings = Launcher.simulated(
                Settings.read(Map.of("SMASHCOST_OPENAI_BASE_URL", "http://127.0.0.1:9/v1")), "http://127.0.0.1:1234");
        assertThat(Launcher.providers(settings))
                .containsOnly(
                        Map.entry("openai", "http://127.0.0.1:9/v1"),
                        Map.entry("groq", "http://127.0.0.1:1234/openai/v1"),
                        Map.entry("anthropic", "http://127.0.0.1:1234/anthropic"),
                        Map.entry("google", "http://127.0.0.1:1234/google"));
    }
}
