package com.smashcost.portal.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/portal/requests",
                "/portal/requests?after=01a1ff09-6fda-72b6-9c15-445376917752",
                "/portal/requests?after=01a1ff09-6fda-72b6-9c15-445376917752&request=01a1ff09-6fda-72b6-9c15-445376917753"
            })
    void leads_back_to_the_page_that_was_asked_for(String page) {
        assertThat(Redirect.checked(page)).isEqualTo(page);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "/",
                "//evil.example/",
                "https://evil.example/portal/requests",
                "javascript:alert(1)",
                "/portal//evil.example",
                "/portal/../admin/api",
                "/portal/\\evil.example",
                "/portal/requests\r\nSet-Cookie: x=y",
                "/portal/requests?x=<script>",
                "/portal/sign-in",
                "/portal/sign-in?to=/portal/sign-in",
                "/portal/sign-out",
                "/admin/customers"
            })
    void leads_to_the_first_page_instead_of_anywhere_else(String page) {
        assertThat(Redirect.checked(page)).isEqualTo("/portal/requests");
    }

    @Test
    void keeps_the_page_in_the_address_of_the_sign_in_page() {
        assertThat(Redirect.signInFor("/portal/requests")).isEqualTo("/portal/sign-in");
        assertThat(Redirect.signInFor("/portal/requests?after=x&request=y"))
                .isEqualTo("/portal/sign-in?to=%2Fportal%2Frequests%3Fafter%3Dx%26request%3Dy");
    }
}
