package com.smashcost.admin.boundary;

import com.smashcost.account.control.Settings;
import com.smashcost.refusal.control.Expect;
import java.math.BigDecimal;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Settings that a request names, to be changed from what they are; null = not named. */
record SettingsChange(
        @Nullable Integer requestsPerMinute,
        @Nullable String routingMode,
        boolean namesDefaultModel,
        @Nullable String newDefaultModel,
        @Nullable String timeZone,
        @Nullable Integer retentionDays,
        @Nullable Integer observationDays,
        @Nullable BigDecimal alertThresholdUsd)
        implements UnaryOperator<Settings> {

    static final Set<String> MEMBERS = Set.of(
            "requests_per_minute",
            "routing_mode",
            "default_model",
            "time_zone",
            "retention_days",
            "observation_days",
            "alert_threshold_usd");

    static SettingsChange of(JsonBody body) {
        for (String name : MEMBERS) {
            if (body.isNull(name) && !name.equals("default_model")) {
                throw Expect.refuse(name, "must not be null");
            }
        }
        return new SettingsChange(
                number(body, "requests_per_minute"),
                body.text("routing_mode"),
                body.has("default_model"),
                body.text("default_model"),
                body.text("time_zone"),
                number(body, "retention_days"),
                number(body, "observation_days"),
                body.decimal("alert_threshold_usd"));
    }

    @Override
    public Settings apply(Settings present) {
        return new Settings(
                requestsPerMinute == null ? present.requestsPerMinute() : requestsPerMinute,
                routingMode == null ? present.routingMode() : routingMode,
                namesDefaultModel ? newDefaultModel : present.defaultModel(),
                timeZone == null ? present.timeZone() : timeZone,
                retentionDays == null ? present.retentionDays() : retentionDays,
                observationDays == null ? present.observationDays() : observationDays,
                alertThresholdUsd == null ? present.alertThresholdUsd() : alertThresholdUsd);
    }

    private static @Nullable Integer number(JsonBody body, String name) {
        Long number = body.whole(name);
        return number == null ? null : (int) Expect.within(name, number, 0, 1_000_000);
    }
}
