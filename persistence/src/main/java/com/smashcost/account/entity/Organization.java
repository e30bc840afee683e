package com.smashcost.account.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.NamedQuery;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A customer: the owner of members, keys, credentials, settings and ledger rows. */
@Entity
@Table(name = "organization")
@NamedQuery(name = "Organization.bySlug", query = "SELECT o FROM Organization o WHERE o.slug = :slug")
@NamedQuery(name = "Organization.all", query = "SELECT o FROM Organization o ORDER BY o.slug")
public class Organization {

    /** A slug is 2 to 63 lower-case letters, digits and inner hyphens. */
    public static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9-]{0,61}[a-z0-9]");

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "id")
    private @Nullable Long id;

    @Column(name = "slug")
    private String slug;

    @Column(name = "name")
    private String name;

    @Enumerated(EnumType.STRING)
    @Column(name = "status")
    private SubscriptionStatus status;

    @Column(name = "last_audit_id")
    private @Nullable Long lastAuditId;

    @Column(name = "observation_started_at")
    private Instant observationStartedAt;

    @Column(name = "created_at")
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected Organization() {}

    /** A new organisation, observing from now on. */
    public Organization(String slug, String name, Instant now) {
        this.slug = slug;
        this.name = name;
        this.status = SubscriptionStatus.OBSERVING;
        this.observationStartedAt = now;
        this.createdAt = now;
    }

    /**
     * Moves to {@code target}. Only {@code Subscriptions.transition} calls this; the database refuses a change whose audit
     * record does not describe it.
     */
    public void enter(SubscriptionStatus target, long auditId, Instant now) {
        status = target;
        lastAuditId = auditId;
        if (target == SubscriptionStatus.OBSERVING) {
            observationStartedAt = now;
        }
    }

    /** Erases what names the customer; the row stays under its id for the ledger and the trail. */
    public void erase() {
        name = "Deleted organisation";
        slug = "deleted-" + id();
    }

    /** The id in the database; fails before the organisation was stored. */
    public long id() {
        if (id == null) {
            throw new IllegalStateException("organization was not stored yet");
        }
        return id;
    }

    public String slug() {
        return slug;
    }

    public String name() {
        return name;
    }

    public SubscriptionStatus status() {
        return status;
    }

    public @Nullable Long lastAuditId() {
        return lastAuditId;
    }

    public Instant observationStartedAt() {
        return observationStartedAt;
    }

    public Instant createdAt() {
        return createdAt;
    }
}
