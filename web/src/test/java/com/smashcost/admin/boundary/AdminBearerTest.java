package com.smashcost.admin.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AdminBearerTest {

    @Test
    void finds_a_token_behind_its_scheme() {
        assertThat(AdminBearer.token("Bearer abc.def.ghi")).hasValue("abc.def.ghi");
        assertThat(AdminBearer.token("bearer abc.def.ghi")).hasValue("abc.def.ghi");
    }

    @Test
    void finds_none_anywhere_else() {
        assertThat(AdminBearer.token(null)).isEmpty();
        assertThat(AdminBearer.token("")).isEmpty();
        assertThat(AdminBearer.token("Basic abc")).isEmpty();
        assertThat(AdminBearer.token("Bearerabc")).isEmpty();
    }
}
