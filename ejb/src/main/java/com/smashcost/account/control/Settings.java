package com.smashcost.account.control;

import com.smashcost.account.entity.OrganizationSettings;
import com.smashcost.refusal.control.Expect;
import com.smashcost.refusal.control.Refusal;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an organisation decides for itself; settings that are out of their limits are refused by name.
 *
 * @param requestsPerMinute 0 = no limit
 * @param routingMode one of {@link #ROUTING_MODES}
 * @param defaultModel what {@code auto} means where nothing is routed; null = nothing
 * @param timeZone an IANA name
 * @param alertThresholdUsd of a rolling hour; 0 = off
 * @param allowedModels to which the router may move requests, in the words of {@link ModelNames}; empty = to all
 * @param deniedModels to which it may not
 */
public record Settings(
        int requestsPerMinute,
        String routingMode,
        @Nullable String defaultModel,
        String timeZone,
        int retentionDays,
        int observationDays,
        BigDecimal alertThresholdUsd,
        List<String> allowedModels,
        List<String> deniedModels) {

    /** How much the router may trade quality for cost, from not at all. */
    public static final List<String> ROUTING_MODES = List.of("off", "quality", "balanced", "savings");

    private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9._:/@+-]{1,128}");
    private static final int MOST_LISTED = 300;
    private static final BigDecimal HIGHEST_ALERT = new BigDecimal("1000000000");

    /**
     * @throws Refusal if one of them is out of its limits
     */
    public Settings {
        Expect.within("requests_per_minute", requestsPerMinute, 0, 1_000_000);
        if (!ROUTING_MODES.contains(routingMode)) {
            throw Expect.refuse("routing_mode", "must be one of " + String.join(", ", ROUTING_MODES));
        }
        if (defaultModel != null && !MODEL.matcher(defaultModel).matches()) {
            throw Expect.refuse("default_model", "must be a model of the catalogue, or null");
        }
        if (timeZone.length() > 64 || !ZoneId.getAvailableZoneIds().contains(timeZone)) {
            throw Expect.refuse("time_zone", "must be a time zone of the IANA database, such as Europe/Berlin");
        }
        Expect.within("retention_days", retentionDays, 1, 3650);
        Expect.within("observation_days", observationDays, 1, 365);
        Expect.below("alert_threshold_usd", alertThresholdUsd, HIGHEST_ALERT, 6);
        allowedModels = ModelNames.check("allowed_models", allowedModels);
        deniedModels = ModelNames.check("denied_models", deniedModels);
    }

    static Settings of(OrganizationSettings stored) {
        return new Settings(
                stored.requestsPerMinute(),
                stored.routingMode(),
                stored.defaultModel(),
                stored.timeZone(),
                stored.retentionDays(),
                stored.observationDays(),
                stored.alertThresholdUsd(),
                ModelNames.parse(stored.allowedModels()),
                ModelNames.parse(stored.deniedModels()));
    }

    void writeTo(OrganizationSettings stored) {
        stored.limitTo(requestsPerMinute);
        stored.routeBy(routingMode);
        stored.defaultTo(defaultModel);
        stored.reportIn(timeZone);
        stored.retainFor(retentionDays);
        stored.observeFor(observationDays);
        stored.alertAbove(alertThresholdUsd);
        stored.routeTo(ModelNames.text(allowedModels), ModelNames.text(deniedModels));
    }

    public Settings withRequestsPerMinute(int limit) {
        return new Settings(
                limit,
                routingMode,
                defaultModel,
                timeZone,
                retentionDays,
                observationDays,
                alertThresholdUsd,
                allowedModels,
                deniedModels);
    }

    public Settings withRoutingMode(String mode) {
        return new Settings(
                requestsPerMinute,
                mode,
                defaultModel,
                timeZone,
                retentionDays,
                observationDays,
                alertThresholdUsd,
                allowedModels,
                deniedModels);
    }

    /** These settings with another default model; whoever takes it from outside has looked it up in the catalogue. */
    public Settings withDefaultModel(@Nullable String model) {
        return new Settings(
                requestsPerMinute,
                routingMode,
                model,
                timeZone,
                retentionDays,
                observationDays,
                alertThresholdUsd,
                allowedModels,
                deniedModels);
    }

    public Settings withTimeZone(String zone) {
        return new Settings(
                requestsPerMinute,
                routingMode,
                defaultModel,
                zone,
                retentionDays,
                observationDays,
                alertThresholdUsd,
                allowedModels,
                deniedModels);
    }

    public Settings withRetentionDays(int days) {
        return new Settings(
                requestsPerMinute,
                routingMode,
                defaultModel,
                timeZone,
                days,
                observationDays,
                alertThresholdUsd,
                allowedModels,
                deniedModels);
    }

    public Settings withObservationDays(int days) {
        return new Settings(
                requestsPerMinute,
                routingMode,
                defaultModel,
                timeZone,
                retentionDays,
                days,
                alertThresholdUsd,
                allowedModels,
                deniedModels);
    }

    public Settings withAlertThresholdUsd(BigDecimal usd) {
        return new Settings(
                requestsPerMinute,
                routingMode,
                defaultModel,
                timeZone,
                retentionDays,
                observationDays,
                usd,
                allowedModels,
                deniedModels);
    }

    /** These settings with other lists of models; whoever takes them from outside has looked up the names in the catalogue. */
    public Settings withModels(List<String> allowed, List<String> denied) {
        return new Settings(
                requestsPerMinute,
                routingMode,
                defaultModel,
                timeZone,
                retentionDays,
                observationDays,
                alertThresholdUsd,
                allowed,
                denied);
    }

    /** What is other here than in {@code before}, for people to read; empty if nothing is. */
    String changesSince(Settings before) {
        StringJoiner changes = new StringJoiner(", ");
        note(changes, "requests_per_minute", before.requestsPerMinute, requestsPerMinute);
        note(changes, "routing_mode", before.routingMode, routingMode);
        note(changes, "default_model", before.defaultModel, defaultModel);
        note(changes, "time_zone", before.timeZone, timeZone);
        note(changes, "retention_days", before.retentionDays, retentionDays);
        note(changes, "observation_days", before.observationDays, observationDays);
        note(changes, "alert_threshold_usd", plain(before.alertThresholdUsd), plain(alertThresholdUsd));
        note(changes, "allowed_models", listed(before.allowedModels, "all"), listed(allowedModels, "all"));
        note(changes, "denied_models", listed(before.deniedModels, "none"), listed(deniedModels, "none"));
        return changes.toString();
    }

    private static void note(StringJoiner changes, String name, @Nullable Object before, @Nullable Object after) {
        if (!Objects.equals(before, after)) {
            changes.add(name + " " + before + " -> " + after);
        }
    }

    /** The first names of a list; the trail has room for a few hundred letters of each. */
    private static String listed(List<String> names, String otherwise) {
        StringBuilder text = new StringBuilder();
        int shown = 0;
        while (shown < names.size() && text.length() + names.get(shown).length() <= MOST_LISTED) {
            text.append(shown == 0 ? "" : " ").append(names.get(shown++));
        }
        int more = names.size() - shown;
        return names.isEmpty() ? otherwise : "[" + text + (more == 0 ? "]" : " and " + more + " more]");
    }

    private static String plain(BigDecimal usd) {
        return usd.signum() == 0 ? "0" : usd.stripTrailingZeros().toPlainString();
    }
}
