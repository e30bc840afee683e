package com.smashcost.mail.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A mail in the outbox, written in the transaction that caused it; the same cause is mailed once. */
@Entity
@Table(name = "mail_outbox")
public class MailMessage {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "id")
    private @Nullable Long id;

    @Column(name = "organization_id")
    private @Nullable Long organizationId;

    @Column(name = "dedup_key")
    private String dedupKey;

    @Column(name = "recipient")
    private String recipient;

    @Column(name = "subject")
    private String subject;

    @Column(name = "body_text")
    private String bodyText;

    @Column(name = "body_html")
    private @Nullable String bodyHtml;

    @Column(name = "created_at")
    private Instant createdAt;

    @Column(name = "due_at")
    private Instant dueAt;

    @Column(name = "attempts")
    private int attempts;

    @Column(name = "sent_at")
    private @Nullable Instant sentAt;

    @Column(name = "error_class")
    private @Nullable String errorClass;

    @SuppressWarnings("NullAway.Init")
    protected MailMessage() {}

    /**
     * @param dedupKey names the cause; a second mail with the same key is refused by the database
     */
    public MailMessage(
            @Nullable Long organizationId,
            String dedupKey,
            String recipient,
            String subject,
            String bodyText,
            @Nullable String bodyHtml,
            Instant now) {
        this.organizationId = organizationId;
        this.dedupKey = dedupKey;
        this.recipient = recipient;
        this.subject = subject;
        this.bodyText = bodyText;
        this.bodyHtml = bodyHtml;
        this.createdAt = now;
        this.dueAt = now;
    }

    public String recipient() {
        return recipient;
    }

    public String subject() {
        return subject;
    }
}
