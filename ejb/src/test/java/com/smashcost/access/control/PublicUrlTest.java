package com.smashcost.access.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.smashcost.secret.control.Environment;
import com.smashcost.secret.control.SettingRefused;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("G19")
class PublicUrlTest {

    @ParameterizedTest
    @CsvSource({
        "https://gw.example.com, https://gw.example.com",
        "https://gw.example.com/, https://gw.example.com",
        "https://GW.Example.com, https://gw.example.com",
        "https://gw.example.com:443, https://gw.example.com",
        "https://gw.example.com:8443, https://gw.example.com:8443"
    })
    void is_an_origin_as_browsers_write_it(String setting, String origin) {
        PublicUrl url = PublicUrl.from(Environment.of(Map.of("SMASHCOST_PUBLIC_URL", setting)));

        assertThat(url.origin()).isEqualTo(origin);
        assertThat(url.origins()).containsExactly(origin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "gw.example.com",
                "http://gw.example.com",
                "https://",
                "https://gw.example.com/portal",
                "https://gw.example.com?x",
                "https://gw.example.com#x",
                "https://user@gw.example.com",
                "https://gw example.com"
            })
    void stops_the_start_in_production_when_it_is_anything_else(String setting) {
        assertThatExceptionOfType(SettingRefused.class)
                .isThrownBy(() -> PublicUrl.from(Environment.of(Map.of("SMASHCOST_PUBLIC_URL", setting))))
                .withMessageStartingWith("SMASHCOST_PUBLIC_URL ");
    }

    @Test
    void is_this_machine_by_both_names_in_development() {
        PublicUrl url = PublicUrl.from(
                Environment.of(Map.of("SMASHCOST_PROFILE", "development", "SMASHCOST_HTTP_PORT", "8123")));

        assertThat(url.origin()).isEqualTo("http://127.0.0.1:8123");
        assertThat(url.origins()).containsExactlyInAnyOrder("http://127.0.0.1:8123", "http://localhost:8123");
    }
}
