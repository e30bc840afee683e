package com.smashcost.account.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelNamesTest {

    @Test
    void permit_all_where_none_is_listed() {
        assertThat(ModelNames.permit(List.of(), List.of(), "gpt-4o")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-4o, true",
        "gpt-4o-mini, false",
        "claude-opus-5, true",
        "claude-opus-4-8, false",
        "claude-haiku-4-5, true",
        "Claude-haiku-4-5, false",
        "o3, false"
    })
    void permit_what_is_allowed_and_not_denied(String model, boolean permitted) {
        assertThat(ModelNames.permit(List.of("gpt-4o", "claude-*"), List.of("claude-opus-4*", "o3"), model))
                .isEqualTo(permitted);
    }

    @Test
    void deny_what_is_in_both_lists() {
        assertThat(ModelNames.permit(List.of("gpt-4o"), List.of("*"), "gpt-4o")).isFalse();
    }

    @Test
    void survive_being_stored() {
        List<String> names = List.of("meta-llama/llama-4*", "gpt-4o");
        assertThat(ModelNames.parse(ModelNames.text(names))).isEqualTo(names);
        assertThat(ModelNames.text(List.of())).isNull();
        assertThat(ModelNames.parse(null)).isEmpty();
    }
}
