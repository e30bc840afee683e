package com.smashcost.catalog.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.smashcost.refusal.control.Refusal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ModelDescriptionTest {

    @Test
    void refuses_a_field_out_of_its_limits_by_name() {
        assertRefused("mode", "speech", 1000L, Map.of());
        assertRefused("context_window", "chat", 0L, Map.of());
        assertRefused("context_window", "chat", 1_000_000_001L, Map.of());
        assertRefused("capabilities", "chat", null, Map.of("Vision!", true));
    }

    private static void assertRefused(
            String field, String mode, @Nullable Long window, Map<String, Boolean> capabilities) {
        assertThatExceptionOfType(Refusal.BadRequest.class)
                .isThrownBy(
                        () -> new ModelDescription("openai", mode, window, null, capabilities, null, true, null, false))
                .satisfies(refusal -> assertThat(refusal.param()).isEqualTo(field));
    }
}
