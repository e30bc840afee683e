package com.smashcost.catalog.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.NamedQuery;
import jakarta.persistence.Table;
import java.time.LocalDate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A model that a provider offers under a name. */
@Entity
@Table(name = "model")
@NamedQuery(name = "Model.byName", query = "SELECT m FROM Model m WHERE m.name = :name")
@NamedQuery(name = "Model.all", query = "SELECT m FROM Model m ORDER BY m.provider, m.name")
public class Model {

    /** What a model's name may look like, wherever it comes from. */
    public static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:/@+-]{1,128}");

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "id")
    private @Nullable Long id;

    @Column(name = "name")
    private String name;

    @Column(name = "provider")
    private String provider;

    @Column(name = "mode")
    private String mode;

    @Column(name = "context_window")
    private @Nullable Long contextWindow;

    @Column(name = "max_output_tokens")
    private @Nullable Long maxOutputTokens;

    @Column(name = "capabilities")
    private String capabilities;

    @Column(name = "deprecated_on")
    private @Nullable LocalDate deprecatedOn;

    @Column(name = "enabled")
    private boolean enabled = true;

    @Enumerated(EnumType.STRING)
    @Column(name = "tier")
    private @Nullable Tier tier;

    @Column(name = "rated")
    private boolean rated;

    @SuppressWarnings("NullAway.Init")
    protected Model() {}

    /**
     * @param mode what it is for: {@code chat}, {@code responses}, {@code completion}, {@code embedding}, {@code moderation}
     * @param capabilities a JSON object of booleans
     */
    public Model(String name, String provider, String mode, String capabilities) {
        this.name = name;
        this.provider = provider;
        this.mode = mode;
        this.capabilities = capabilities;
    }

    /** Sets the limits in tokens; null where unknown. */
    public void limitTo(@Nullable Long contextWindow, @Nullable Long maxOutputTokens) {
        this.contextWindow = contextWindow;
        this.maxOutputTokens = maxOutputTokens;
    }

    /** Notes the day on which the provider retires the model; null if none is known. */
    public void retireOn(@Nullable LocalDate day) {
        this.deprecatedOn = day;
    }

    /** Offers the model or stops offering it. */
    public void enable(boolean enabled) {
        this.enabled = enabled;
    }

    /** Replaces the JSON object of booleans. */
    public void describe(String capabilities) {
        this.capabilities = capabilities;
    }

    /** Says how good the model is; null is an answer too, by which the router leaves it alone. */
    public void rate(@Nullable Tier tier) {
        this.tier = tier;
        this.rated = true;
    }

    /** The id in the database; fails before the model was stored. */
    public long id() {
        if (id == null) {
            throw new IllegalStateException("model was not stored yet");
        }
        return id;
    }

    public String name() {
        return name;
    }

    public String provider() {
        return provider;
    }

    public String mode() {
        return mode;
    }

    public @Nullable Long contextWindow() {
        return contextWindow;
    }

    public @Nullable Long maxOutputTokens() {
        return maxOutputTokens;
    }

    public String capabilities() {
        return capabilities;
    }

    public @Nullable LocalDate deprecatedOn() {
        return deprecatedOn;
    }

    public boolean enabled() {
        return enabled;
    }

    public @Nullable Tier tier() {
        return tier;
    }

    /** Whether somebody has said how good it is. */
    public boolean rated() {
        return rated;
    }
}
