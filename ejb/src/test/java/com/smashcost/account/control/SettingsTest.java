package com.smashcost.account.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.smashcost.account.entity.OrganizationSettings;
import com.smashcost.refusal.control.Refusal;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private static final Settings USUAL = Settings.of(new OrganizationSettings(1));

    @Test
    void the_usual_settings_are_within_their_limits() {
        assertThat(USUAL)
                .isEqualTo(new Settings(0, "balanced", null, "UTC", 400, 30, BigDecimal.ZERO, List.of(), List.of()));
    }

    @Test
    void survive_being_stored() {
        Settings chosen = new Settings(
                60,
                "savings",
                "gpt-4o",
                "Europe/Berlin",
                30,
                7,
                new BigDecimal("12.5"),
                List.of("gpt-4o*", "claude-opus-5"),
                List.of("gpt-4o-mini"));
        OrganizationSettings stored = new OrganizationSettings(1);

        chosen.writeTo(stored);

        assertThat(Settings.of(stored)).isEqualTo(chosen);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1_000_001, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void refuse_a_rate_that_is_none(int rate) {
        assertRefused("requests_per_minute", settings -> settings.withRequestsPerMinute(rate));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Balanced", "balanced ", "on", "fast"})
    void refuse_an_unknown_routing_mode(String mode) {
        assertRefused("routing_mode", settings -> settings.withRoutingMode(mode));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gpt 4", "gpt-4o\n", "modèle", "<script>"})
    void refuse_a_default_model_that_cannot_be_one(String model) {
        assertRefused("default_model", settings -> settings.withDefaultModel(model));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Berlin", "+02:00", "UTC+2", "europe/berlin", "Europe/Berlin ", "GMT+25"})
    void refuse_a_time_zone_that_the_iana_database_does_not_have(String zone) {
        assertRefused("time_zone", settings -> settings.withTimeZone(zone));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Europe/Berlin", "Asia/Kathmandu", "America/Argentina/Buenos_Aires"})
    void take_a_time_zone_of_the_iana_database(String zone) {
        assertThat(USUAL.withTimeZone(zone).timeZone()).isEqualTo(zone);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 3651})
    void refuse_a_retention_out_of_its_limits(int days) {
        assertRefused("retention_days", settings -> settings.withRetentionDays(days));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 366})
    void refuse_an_observation_out_of_its_limits(int days) {
        assertRefused("observation_days", settings -> settings.withObservationDays(days));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-0.01", "1000000000", "1E+30", "0.0000001"})
    void refuse_an_alert_threshold_out_of_its_limits(String usd) {
        assertRefused("alert_threshold_usd", settings -> settings.withAlertThresholdUsd(new BigDecimal(usd)));
    }

    @Test
    void tell_what_changed_and_nothing_else() {
        Settings after = USUAL.withRequestsPerMinute(60)
                .withDefaultModel("gpt-4o")
                .withAlertThresholdUsd(new BigDecimal("0.00"));

        assertThat(after.changesSince(USUAL)).isEqualTo("requests_per_minute 0 -> 60, default_model null -> gpt-4o");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gpt 4", "*-mini", "gpt-*-mini", "gpt-4o\n", "modèle"})
    void refuse_a_list_with_what_can_name_no_model(String name) {
        assertRefused("allowed_models", settings -> settings.withModels(List.of("gpt-4o", name), List.of()));
        assertRefused("denied_models", settings -> settings.withModels(List.of(), List.of(name)));
    }

    @Test
    void refuse_a_list_that_is_too_long_and_drop_what_it_repeats() {
        List<String> names =
                IntStream.range(0, 101).mapToObj(number -> "model-" + number).toList();
        assertRefused("denied_models", settings -> settings.withModels(List.of(), names));
        assertThat(USUAL.withModels(List.of("gpt-4o", "*", "gpt-4o"), List.of()).allowedModels())
                .containsExactly("gpt-4o", "*");
    }

    @Test
    void tell_of_lists_that_changed_in_a_few_hundred_letters() {
        List<String> names =
                IntStream.range(0, 100).mapToObj(number -> "model-" + number).toList();

        Settings after = USUAL.withModels(List.of("gpt-4o*", "o3"), names);

        assertThat(after.changesSince(USUAL))
                .startsWith("allowed_models all -> [gpt-4o* o3], denied_models none -> [model-0 model-1 ")
                .endsWith(" more]")
                .hasSizeLessThan(450);
        assertThat(USUAL.changesSince(after)).endsWith(" -> none");
    }

    private static void assertRefused(String field, UnaryOperator<Settings> change) {
        assertThatExceptionOfType(Refusal.BadRequest.class)
                .isThrownBy(() -> change.apply(USUAL))
                .satisfies(refusal -> assertThat(refusal.param()).isEqualTo(field))
                .withMessageContaining(field);
    }
}
