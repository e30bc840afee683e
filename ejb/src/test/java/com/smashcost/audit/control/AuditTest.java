package com.smashcost.audit.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sc_0123456789abcdefghijABCDEFGHIJ0123456789abcdefg",
                "leaked sk-proj-0123456789abcdef0123 in a ticket",
                "gsk_0123456789abcdef0123",
                "key=AIzaSyA0123456789abcdefghijklmnopqrstuv"
            })
    void knows_keys_when_it_sees_them(String text) {
        assertThat(Audit.holdsKey(text)).isTrue();
    }

    @Test
    void takes_words_for_words() {
        assertThat(Audit.holdsKey("customer asked for it, see ticket 4711; risk-averse-and-very-careful-people"))
                .isFalse();
    }
}
