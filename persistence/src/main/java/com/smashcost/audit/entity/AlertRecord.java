package com.smashcost.audit.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Something that an operator or a customer should look at; written once, never changed. */
@Entity
@Table(name = "alert_record")
public class AlertRecord {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "id")
    private @Nullable Long id;

    @Column(name = "organization_id")
    private @Nullable Long organizationId;

    @Column(name = "at")
    private Instant at;

    @Column(name = "kind")
    private String kind;

    @Column(name = "subject")
    private String subject;

    @Column(name = "detail")
    private String detail;

    @Column(name = "dedup_key")
    private String cause;

    @SuppressWarnings("NullAway.Init")
    protected AlertRecord() {}

    /**
     * @param organizationId null where it concerns the installation
     * @param kind a word such as {@code budget_exceeded}
     * @param subject what it is about, by an id or a name of ours
     * @param cause tells this cause from all others, for each is told once
     */
    public AlertRecord(
            @Nullable Long organizationId, Instant at, String kind, String subject, String detail, String cause) {
        this.organizationId = organizationId;
        this.at = at;
        this.kind = kind;
        this.subject = subject;
        this.detail = detail;
        this.cause = cause;
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

    public String kind() {
        return kind;
    }

    public String subject() {
        return subject;
    }

    public String detail() {
        return detail;
    }

    public String cause() {
        return cause;
    }
}
