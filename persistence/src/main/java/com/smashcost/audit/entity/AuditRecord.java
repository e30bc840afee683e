package com.smashcost.audit.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One line of the trail; written once, never changed. */
@Entity
@Table(name = "audit_record")
public class AuditRecord {

    /** Whether what was asked for happened. */
    @SuppressWarnings("JavaLangClash")
    public enum Outcome {
        done,
        refused
    }

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "id")
    private @Nullable Long id;

    @Column(name = "organization_id")
    private @Nullable Long organizationId;

    @Column(name = "at")
    private Instant at;

    @Enumerated(EnumType.STRING)
    @Column(name = "actor_type")
    private ActorType actorType;

    @Column(name = "actor")
    private String actor;

    @Column(name = "action")
    private String action;

    @Column(name = "subject")
    private @Nullable String subject;

    @Enumerated(EnumType.STRING)
    @Column(name = "outcome")
    private Outcome outcome;

    @Column(name = "old_status")
    private @Nullable String oldStatus;

    @Column(name = "new_status")
    private @Nullable String newStatus;

    @Column(name = "reason")
    private @Nullable String reason;

    @SuppressWarnings("NullAway.Init")
    protected AuditRecord() {}

    /**
     * @param organizationId null where the action concerns the installation
     * @param action a verb and a noun such as {@code key.create}
     * @param subject the id of what it was done to, or null
     */
    public AuditRecord(
            @Nullable Long organizationId,
            Instant at,
            Actor actor,
            String action,
            @Nullable String subject,
            Outcome outcome,
            @Nullable String reason) {
        this.organizationId = organizationId;
        this.at = at;
        this.actorType = actor.type();
        this.actor = actor.id();
        this.action = action;
        this.subject = subject;
        this.outcome = outcome;
        this.reason = reason;
    }

    /** The record of a status change that happened. */
    public static AuditRecord ofTransition(
            long organizationId, Instant at, Actor actor, String oldStatus, String newStatus, String reason) {
        AuditRecord record =
                new AuditRecord(organizationId, at, actor, "subscription.transition", null, Outcome.done, reason);
        record.oldStatus = oldStatus;
        record.newStatus = newStatus;
        return record;
    }

    /** The record of a status change that was refused, and so changed nothing. */
    public static AuditRecord ofRefusedTransition(
            long organizationId, Instant at, Actor actor, String oldStatus, String askedStatus, String reason) {
        AuditRecord record =
                new AuditRecord(organizationId, at, actor, "subscription.transition", null, Outcome.refused, reason);
        record.oldStatus = oldStatus;
        record.newStatus = askedStatus;
        return record;
    }

    /** Null until the record was flushed. */
    public @Nullable Long id() {
        return id;
    }

    public @Nullable Long organizationId() {
        return organizationId;
    }

    public Instant at() {
        return at;
    }

    public ActorType actorType() {
        return actorType;
    }

    public String actor() {
        return actor;
    }

    public String action() {
        return action;
    }

    public @Nullable String subject() {
        return subject;
    }

    public Outcome outcome() {
        return outcome;
    }

    public @Nullable String oldStatus() {
        return oldStatus;
    }

    public @Nullable String newStatus() {
        return newStatus;
    }

    public @Nullable String reason() {
        return reason;
    }
}
