package com.smashcost.access.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.access.control.PublicUrl;
import com.smashcost.secret.control.Environment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("G19")
class SameOriginTest {

    private static final String OURS = "https://gw.example.com";

    private final SameOrigin sameOrigin =
            new SameOrigin(PublicUrl.from(Environment.of(Map.of("SMASHCOST_PUBLIC_URL", OURS))));

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS"})
    void lets_pass_what_changes_nothing(String method) {
        assertThat(sameOrigin.allows(method, List.of(), List.of())).isTrue();
        assertThat(sameOrigin.allows(method, List.of("https://evil.example"), List.of("cross-site")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "TRACE", "get", "ANYTHING"})
    void asks_every_other_method_where_it_comes_from(String method) {
        assertThat(sameOrigin.allows(method, List.of(), List.of())).isFalse();
        assertThat(sameOrigin.allows(method, List.of(OURS), List.of())).isTrue();
        assertThat(sameOrigin.allows(method, List.of(OURS), List.of("same-origin")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "https://evil.example",
                "http://gw.example.com",
                "https://gw.example.com:443",
                "https://gw.example.com:8443",
                "https://gw.example.com/",
                "https://GW.example.com",
                "https://gw.example.com.evil.example",
                "https://evil.example/https://gw.example.com",
                " https://gw.example.com",
                "https://gw.example.com, https://evil.example"
            })
    void refuses_every_other_origin(String origin) {
        assertThat(sameOrigin.allows("POST", List.of(origin), List.of())).isFalse();
        assertThat(sameOrigin.allows("POST", List.of(origin), List.of("same-origin")))
                .isFalse();
    }

    @Test
    void refuses_two_origins_also_if_both_are_ours() {
        assertThat(sameOrigin.allows("POST", List.of(OURS, OURS), List.of())).isFalse();
        assertThat(sameOrigin.allows("POST", List.of(OURS, "https://evil.example"), List.of()))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"cross-site", "same-site", "none", "SAME-ORIGIN", "''", "same-origin same-origin"})
    void believes_a_browser_that_says_it_comes_from_elsewhere(String sites) {
        assertThat(sameOrigin.allows("POST", List.of(OURS), Arrays.asList(sites.split(" ", -1))))
                .isFalse();
    }
}
