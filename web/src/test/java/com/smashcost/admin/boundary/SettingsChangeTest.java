package com.smashcost.admin.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.smashcost.account.control.Settings;
import com.smashcost.refusal.control.Refusal;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsChangeTest {

    private static final Settings PRESENT = new Settings(
            60,
            "savings",
            "gpt-4o",
            "Europe/Berlin",
            30,
            7,
            new BigDecimal("12.5"),
            List.of("gpt-*"),
            List.of("gpt-4"));

    @Test
    void leaves_alone_what_it_does_not_name() {
        assertThat(change("{}").apply(PRESENT)).isEqualTo(PRESENT);
        assertThat(change("{\"routing_mode\": \"off\"}").apply(PRESENT)).isEqualTo(PRESENT.withRoutingMode("off"));
    }

    @Test
    void changes_all_that_it_names() {
        assertThat(change("""
                        {"requests_per_minute": 0, "routing_mode": "quality", "default_model": "gpt-4.1",
                         "time_zone": "UTC", "retention_days": 90, "observation_days": 14,
                         "alert_threshold_usd": "0.5", "allowed_models": ["o3", "claude-*"], "denied_models": []}""").apply(PRESENT))
                .isEqualTo(new Settings(
                        0,
                        "quality",
                        "gpt-4.1",
                        "UTC",
                        90,
                        14,
                        new BigDecimal("0.5"),
                        List.of("o3", "claude-*"),
                        List.of()));
    }

    @Test
    void takes_null_for_no_default_model() {
        assertThat(change("{\"default_model\": null}").apply(PRESENT).defaultModel())
                .isNull();
    }

    @Test
    void takes_null_for_no_list_of_models() {
        Settings changed = change("{\"allowed_models\": null}").apply(PRESENT);
        assertThat(changed.allowedModels()).isEmpty();
        assertThat(changed.deniedModels()).isEqualTo(PRESENT.deniedModels());
    }

    @Test
    void tells_which_models_its_lists_name_in_full() {
        assertThat(change("{\"allowed_models\": [\"gpt-4o*\", \"o3\"]}").namedModels())
                .containsEntry("allowed_models", List.of("o3"))
                .containsEntry("denied_models", List.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"requests_per_minute\": null}",
                "{\"requests_per_minute\": \"60\"}",
                "{\"requests_per_minute\": 1.5}",
                "{\"requests_per_minute\": -1}",
                "{\"requests_per_minute\": 4294967296}",
                "{\"retention_days\": 0}",
                "{\"routing_mode\": \"fast\"}",
                "{\"routing_mode\": true}",
                "{\"time_zone\": \"Moon/Base\"}",
                "{\"alert_threshold_usd\": \"-1\"}",
                "{\"alert_threshold_usd\": \"much\"}",
                "{\"allowed_models\": \"gpt-4o\"}",
                "{\"allowed_models\": [1]}",
                "{\"denied_models\": [null]}",
                "{\"denied_models\": [\"*-mini\"]}",
                "{\"requests_per_second\": 1}"
            })
    void refuses_what_is_wrong(String body) {
        assertThatExceptionOfType(Refusal.BadRequest.class)
                .isThrownBy(() -> change(body).apply(PRESENT));
    }

    private static SettingsChange change(String text) {
        return SettingsChange.of(
                JsonBody.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), SettingsChange.MEMBERS));
    }
}
