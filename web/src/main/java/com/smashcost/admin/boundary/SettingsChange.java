package com.smashcost.admin.boundary;

import com.smashcost.account.control.ModelNames;
import com.smashcost.account.control.Settings;
import com.smashcost.refusal.control.Expect;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
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
        @Nullable BigDecimal alertThresholdUsd,
        @Nullable List<String> allowedModels,
        @Nullable List<String> deniedModels)
        implements UnaryOperator<Settings> {

    static final Set<String> MEMBERS = Set.of(
            "requests_per_minute",
            "routing_mode",
            "default_model",
            "time_zone",
            "retention_days",
            "observation_days",
            "alert_threshold_usd",
            "allowed_models",
            "denied_models");

    /** Those for which null stands for none. */
    private static final Set<String> CLEARED_BY_NULL = Set.of("default_model", "allowed_models", "denied_models");

    static SettingsChange of(JsonBody body) {
        for (String name : MEMBERS) {
            if (body.isNull(name) && !CLEARED_BY_NULL.contains(name)) {
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
                body.decimal("alert_threshold_usd"),
                body.has("allowed_models") ? body.texts("allowed_models") : null,
                body.has("denied_models") ? body.texts("denied_models") : null);
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
                alertThresholdUsd == null ? present.alertThresholdUsd() : alertThresholdUsd,
                allowedModels == null ? present.allowedModels() : allowedModels,
                deniedModels == null ? present.deniedModels() : deniedModels);
    }

    /** The models that a list names in full, under the list's name. */
    Map<String, List<String>> namedModels() {
        return Map.of("allowed_models", whole(allowedModels), "denied_models", whole(deniedModels));
    }

    private static List<String> whole(@Nullable List<String> names) {
        return names == null
                ? List.of()
                : names.stream().filter(name -> !ModelNames.isBeginning(name)).toList();
    }

    private static @Nullable Integer number(JsonBody body, String name) {
        Long number = body.whole(name);
        return number == null ? null : (int) Expect.within(name, number, 0, 1_000_000);
    }
}
