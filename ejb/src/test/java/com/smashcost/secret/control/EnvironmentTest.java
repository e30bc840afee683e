package com.smashcost.secret.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("G3")
class EnvironmentTest {

    private static final URI OTHERWISE = URI.create("https://api.example.com/v1");

    @TempDir
    private Path folder;

    @Test
    void gives_a_setting_without_the_blanks_around_it() {
        assertThat(Environment.of(Map.of("SMASHCOST_X", "  a b \n")).find("SMASHCOST_X"))
                .hasValue("a b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n", "\u2003"})
    void takes_what_is_blank_for_unset(String blank) {
        Environment environment = Environment.of(Map.of("SMASHCOST_X", blank));
        assertThat(environment.find("SMASHCOST_X")).isEmpty();
        assertThatExceptionOfType(SettingRefused.class)
                .isThrownBy(() -> environment.require("SMASHCOST_X"))
                .withMessage("SMASHCOST_X is missing");
    }

    @Test
    void names_the_setting_that_is_missing() {
        assertThatExceptionOfType(SettingRefused.class)
                .isThrownBy(() -> Environment.of(Map.of()).require("SMASHCOST_SESSION_SECRET"))
                .withMessage("SMASHCOST_SESSION_SECRET is missing");
    }

    @Test
    void reads_the_file_that_the_other_variant_names() throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "  from a file\n");
        assertThat(Environment.of(Map.of("SMASHCOST_X_FILE", file + "\n")).require("SMASHCOST_X"))
                .isEqualTo("from a file");
    }

    @Test
    void prefers_the_file_over_the_variable() throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "file");
        assertThat(Environment.of(Map.of("SMASHCOST_X", "variable", "SMASHCOST_X_FILE", file.toString()))
                        .require("SMASHCOST_X"))
                .isEqualTo("file");
        assertThat(Environment.of(Map.of("SMASHCOST_X", "variable", "SMASHCOST_X_FILE", " "))
                        .require("SMASHCOST_X"))
                .isEqualTo("variable");
    }

    @Test
    void takes_an_empty_file_for_an_unset_setting_and_not_for_the_variable() throws IOException {
        Path file = Files.writeString(folder.resolve("empty"), "\n");
        Environment environment =
                Environment.of(Map.of("SMASHCOST_X", "variable", "SMASHCOST_X_FILE", file.toString()));
        assertThatExceptionOfType(SettingRefused.class)
                .isThrownBy(() -> environment.require("SMASHCOST_X"))
                .withMessage("SMASHCOST_X is missing");
    }

    @Test
    void refuses_a_file_that_cannot_be_read_without_saying_where_it_is() throws IOException {
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xC3, (byte) 0x28});
        for (Path path : new Path[] {folder.resolve("missing"), folder, binary}) {
            assertThatExceptionOfType(SettingRefused.class)
                    .isThrownBy(() -> Environment.of(Map.of("SMASHCOST_X_FILE", path.toString()))
                            .find("SMASHCOST_X"))
                    .withMessage("SMASHCOST_X_FILE names a file that cannot be read")
                    .withNoCause();
        }
    }

    @Test
    void is_production_unless_it_says_otherwise() {
        assertThat(Environment.of(Map.of()).isProduction()).isTrue();
        assertThat(profile("production").isProduction()).isTrue();
        assertThat(profile("development").isProduction()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Production", "dev", "prod", "test", "development;"})
    void refuses_a_profile_that_is_neither(String value) {
        assertThatExceptionOfType(SettingRefused.class)
                .isThrownBy(() -> profile(value).isProduction())
                .withMessage("SMASHCOST_PROFILE must be production or development");
    }

    @Test
    void gives_the_default_where_no_url_is_set() {
        assertThat(Environment.of(Map.of()).url("SMASHCOST_URL", OTHERWISE)).isEqualTo(OTHERWISE);
        assertThat(url("development", " ")).isEqualTo(OTHERWISE);
    }

    @Test
    void takes_plain_http_in_development_only() {
        assertThat(url("development", "http://127.0.0.1:18080/v1")).isEqualTo(URI.create("http://127.0.0.1:18080/v1"));
        assertThat(url("production", "https://gateway.example.com"))
                .isEqualTo(URI.create("https://gateway.example.com"));
        assertThatExceptionOfType(SettingRefused.class)
                .isThrownBy(() -> url("production", "http://hidden.example.com"))
                .withMessage("SMASHCOST_URL must begin with https:// in production");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hidden",
                "hidden.example.com/v1",
                "//hidden.example.com",
                "ftp://hidden.example.com",
                "file:///hidden",
                "https:hidden",
                "https://",
                "https:///hidden",
                "https://hidden host",
                "https://hidden.example.com/%zz",
                "https://hidden_host:99999999999/",
                "jar:https://hidden.example.com!/",
                "https://user:hidden@api.example.com/v1",
                "https://api.example.com/v1?key=hidden",
                "https://api.example.com/v1#hidden"
            })
    void refuses_what_is_no_url_of_a_place_without_repeating_it(String value) {
        assertThatExceptionOfType(SettingRefused.class)
                .isThrownBy(() -> url("development", value))
                .withMessageStartingWith("SMASHCOST_URL ")
                .withMessageNotContaining("hidden")
                .withNoCause();
    }

    @Test
    void needs_a_home() {
        assertThat(Environment.of(Map.of("SMASHCOST_HOME", folder.toString())).home())
                .isEqualTo(folder);
        assertThatExceptionOfType(SettingRefused.class)
                .isThrownBy(() -> Environment.of(Map.of()).home())
                .withMessage("SMASHCOST_HOME is missing");
    }

    private static Environment profile(String value) {
        return Environment.of(Map.of("SMASHCOST_PROFILE", value));
    }

    private static URI url(String profile, String value) {
        return Environment.of(Map.of("SMASHCOST_PROFILE", profile, "SMASHCOST_URL", value))
                .url("SMASHCOST_URL", OTHERWISE);
    }
}
