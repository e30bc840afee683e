package com.smashcost.access.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenPathsTest {

    private static final int PUBLIC = 8080;
    private static final int ADMIN = 9090;

    @ParameterizedTest
    @CsvSource({
        "/, true, false",
        "/portal, true, false",
        "/portal/requests, true, false",
        "/v1/chat/completions, true, false",
        "/webhooks/paddle, true, false",
        "/.well-known/security.txt, true, false",
        "/health/live, true, true",
        "/admin, false, true",
        "/admin/api/token, false, true",
        "/administrator, true, false",
        "/metrics, false, true",
        "/openapi, false, true",
        "/openapi/x, false, true",
        "/portal/requests.xhtml, false, false",
        "/resources/smashcost/tokens.css, false, false",
        "/jakarta.faces.resource/tokens.css.xhtml, true, true",
        "/jakarta.faces.resource/dynamiccontent.properties.xhtml, false, false"
    })
    void answer_on_their_own_listener(String path, boolean onPublic, boolean onAdmin) {
        OpenPaths open = new OpenPaths(ADMIN);

        assertThat(open.answer(path, PUBLIC)).as("public listener").isEqualTo(onPublic);
        assertThat(open.answer(path, ADMIN)).as("operator's listener").isEqualTo(onAdmin);
    }

    @ParameterizedTest
    @CsvSource({"/admin/api/token", "/metrics", "/openapi"})
    void of_the_operator_answer_nowhere_without_a_listener_of_their_own(String path) {
        assertThat(new OpenPaths(0).answer(path, PUBLIC)).isFalse();
    }
}
