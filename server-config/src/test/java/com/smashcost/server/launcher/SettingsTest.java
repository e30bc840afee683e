package com.smashcost.server.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private static final String KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

    @TempDir
    private Path directory;

    private static Map<String, String> production() {
        Map<String, String> environment = new HashMap<>();
        environment.put("SMASHCOST_PROFILE", "production");
        environment.put("SMASHCOST_MASTER_KEYS", "k2:" + KEY + ",k1:" + KEY);
        environment.put("SMASHCOST_SESSION_SECRET", "0123456789abcdef0123456789abcdef");
        environment.put("SMASHCOST_TRUSTED_PROXIES", "10.0.0.1,2001:db8::1");
        return environment;
    }

    @Test
    void accepts_a_complete_production_environment() {
        assertThatCode(() -> Settings.read(production()).check()).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SMASHCOST_MASTER_KEYS", "SMASHCOST_SESSION_SECRET"})
    void names_a_required_setting_that_is_missing_or_blank(String name) {
        Map<String, String> environment = production();
        environment.remove(name);
        assertThatThrownBy(() -> Settings.read(environment).check()).hasMessage(name + " is missing");
        environment.put(name, " ");
        assertThatThrownBy(() -> Settings.read(environment).check()).hasMessage(name + " is blank");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SMASHCOST_MASTER_KEYS|k1:c2hvcnQ=",
                "SMASHCOST_MASTER_KEYS|" + KEY,
                "SMASHCOST_MASTER_KEYS|k1:" + KEY + ",k1:" + KEY,
                "SMASHCOST_MASTER_KEYS|k1:" + KEY + ",",
                "SMASHCOST_SESSION_SECRET|too-short",
                "SMASHCOST_TRUSTED_PROXIES|10.0.0.0/8",
                "SMASHCOST_TRUSTED_PROXIES|proxy.example",
                "SMASHCOST_TRUSTED_PROXIES|10.1",
                "SMASHCOST_HTTP_PORT|eighty",
                "SMASHCOST_ADMIN_PORT|70000",
                "SMASHCOST_PUBLIC_URL|https://gateway.example/path",
                "SMASHCOST_PUBLIC_URL|gateway.example",
                "SMASHCOST_OPENAI_BASE_URL|http://api.openai.com/v1",
                "SMASHCOST_GROQ_BASE_URL|nonsense",
                "SMASHCOST_CORS_ORIGINS|https://a.example,*",
                "SMASHCOST_LEDGER_DURABILITY|sometimes",
                "SMASHCOST_DB_URL|jdbc:postgresql://host/smashcost",
                "SMASHCOST_SMTP_URL|mail.example:25",
                "SMASHCOST_TLS_CERT|/does/not/exist",
                "SMASHCOST_ADMIN_TOTP|NOT-BASE32",
            })
    void names_a_setting_that_is_malformed_and_never_shows_it(String name, String value) {
        Map<String, String> environment = production();
        environment.put(name, value);
        assertThatThrownBy(() -> Settings.read(environment).check())
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining(name)
                .satisfies(failure -> {
                    if (name.endsWith("KEYS") || name.endsWith("SECRET") || name.endsWith("TOTP")) {
                        assertThat(failure).hasMessageNotContaining(value);
                    }
                });
    }

    @Test
    void production_needs_tls_or_a_proxy_that_terminates_it() {
        Map<String, String> environment = production();
        environment.remove("SMASHCOST_TRUSTED_PROXIES");
        assertThatThrownBy(() -> Settings.read(environment).check())
                .hasMessageContainingAll("SMASHCOST_TLS_CERT", "SMASHCOST_TLS_KEY", "SMASHCOST_TRUSTED_PROXIES");
    }

    @Test
    void an_external_database_needs_all_three_accounts() {
        Map<String, String> environment = production();
        environment.put("SMASHCOST_DB_URL", "jdbc:mariadb://db.example:3306/smashcost");
        environment.put("SMASHCOST_DB_USER", "app");
        environment.put("SMASHCOST_DB_PASSWORD", "secret");
        assertThatThrownBy(() -> Settings.read(environment).check())
                .hasMessageContainingAll("SMASHCOST_DB_MIGRATE_USER", "SMASHCOST_DB_REPORT_PASSWORD")
                .hasMessageNotContaining("SMASHCOST_DB_USER");
    }

    @Test
    void the_admin_secret_and_its_code_go_together() {
        Map<String, String> environment = production();
        environment.put("SMASHCOST_ADMIN_SECRET", "secret");
        assertThatThrownBy(() -> Settings.read(environment).check()).hasMessageStartingWith("SMASHCOST_ADMIN_TOTP");
    }

    @Test
    void a_file_variant_is_read() throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), "0123456789abcdef0123456789abcdef\n");
        Map<String, String> environment = production();
        environment.remove("SMASHCOST_SESSION_SECRET");
        environment.put("SMASHCOST_SESSION_SECRET_FILE", file.toString());
        assertThat(Settings.read(environment).text("SMASHCOST_SESSION_SECRET"))
                .hasValue("0123456789abcdef0123456789abcdef");
        assertThat(Settings.read(environment).values()).doesNotContainKey("SMASHCOST_SESSION_SECRET_FILE");
    }

    @Test
    void a_setting_and_its_file_variant_exclude_each_other() {
        Map<String, String> environment = production();
        environment.put("SMASHCOST_SESSION_SECRET_FILE", "/some/file");
        assertThatThrownBy(() -> Settings.read(environment))
                .hasMessageContainingAll("SMASHCOST_SESSION_SECRET", "SMASHCOST_SESSION_SECRET_FILE");
    }

    @Test
    void starts_as_development_unless_told_otherwise() {
        assertThat(Settings.read(Map.of()).profile()).isEqualTo(Settings.Profile.DEVELOPMENT);
        assertThat(Settings.read(production()).profile()).isEqualTo(Settings.Profile.PRODUCTION);
        assertThatThrownBy(() ->
                        Settings.read(Map.of("SMASHCOST_PROFILE", "staging")).profile())
                .hasMessageContaining("SMASHCOST_PROFILE");
    }

    @Test
    void its_text_shows_no_values() {
        assertThat(Settings.read(production()).toString()).doesNotContain(KEY);
    }
}
