package com.smashcost.account.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What an organisation decides for itself; the setters' arguments are checked by whoever takes them from outside. */
@Entity
@Table(name = "organization_settings")
public class OrganizationSettings {

    @Id
    @Column(name = "organization_id")
    private long organizationId;

    @Column(name = "requests_per_minute")
    private int requestsPerMinute;

    @Column(name = "routing_mode")
    private String routingMode = "balanced";

    @Column(name = "default_model")
    private @Nullable String defaultModel;

    @Column(name = "time_zone")
    private String timeZone = "UTC";

    @Column(name = "retention_days")
    private int retentionDays = 400;

    @Column(name = "observation_days")
    private int observationDays = 30;

    @Column(name = "alert_threshold_usd")
    private BigDecimal alertThresholdUsd = BigDecimal.ZERO;

    @Column(name = "allowed_models")
    private @Nullable String allowedModels;

    @Column(name = "denied_models")
    private @Nullable String deniedModels;

    protected OrganizationSettings() {}

    /** The defaults. */
    public OrganizationSettings(long organizationId) {
        this.organizationId = organizationId;
    }

    /** Allows at most this many requests in any 60 seconds; 0 = no limit. */
    public void limitTo(int requestsPerMinute) {
        this.requestsPerMinute = requestsPerMinute;
    }

    /** Routes by one of {@code off, quality, balanced, savings} once the organisation is active. */
    public void routeBy(String routingMode) {
        this.routingMode = routingMode;
    }

    /** Uses this model where a client asks for {@code auto}; null = none. */
    public void defaultTo(@Nullable String model) {
        this.defaultModel = model;
    }

    /** Reports in this IANA zone. */
    public void reportIn(String timeZone) {
        this.timeZone = timeZone;
    }

    /** Shows rows of this many days. */
    public void retainFor(int days) {
        this.retentionDays = days;
    }

    /** Observes for this many days before a decision is due. */
    public void observeFor(int days) {
        this.observationDays = days;
    }

    /** Alerts when a rolling hour costs more than this many US dollars; 0 = never. */
    public void alertAbove(BigDecimal usd) {
        this.alertThresholdUsd = usd;
    }

    /** Routes to these models, but for those: JSON arrays of names, and of beginnings of names with a star; null = all, none. */
    public void routeTo(@Nullable String allowedModels, @Nullable String deniedModels) {
        this.allowedModels = allowedModels;
        this.deniedModels = deniedModels;
    }

    public long organizationId() {
        return organizationId;
    }

    public int requestsPerMinute() {
        return requestsPerMinute;
    }

    public String routingMode() {
        return routingMode;
    }

    public @Nullable String defaultModel() {
        return defaultModel;
    }

    public String timeZone() {
        return timeZone;
    }

    public int retentionDays() {
        return retentionDays;
    }

    public int observationDays() {
        return observationDays;
    }

    public BigDecimal alertThresholdUsd() {
        return alertThresholdUsd;
    }

    public @Nullable String allowedModels() {
        return allowedModels;
    }

    public @Nullable String deniedModels() {
        return deniedModels;
    }
}
