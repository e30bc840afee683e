package com.smashcost.provider.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("G2")
class CredentialsTest {

    @Test
    void show_four_characters_of_a_key_that_keeps_enough_others() {
        assertThat(Credentials.lastFour("sk-0123456789abcdef")).isEqualTo("cdef");
        assertThat(Credentials.lastFour("0123456789abcde")).isEmpty();
    }

    @Test
    void show_a_fingerprint_that_the_owner_of_the_key_can_compute() {
        // printf %s "abc" | sha256sum | cut -c1-16
        assertThat(Credentials.fingerprint("abc".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo("ba7816bf8f01cfea");
    }
}
