package com.smashcost.access.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The server's side of a signed-in browser, so that a session can be ended from here. */
@Entity
@Table(name = "portal_session")
public class PortalSession {

    @Id
    @Column(name = "id")
    private byte[] id;

    @Column(name = "member_id")
    private long memberId;

    @Column(name = "created_at")
    private Instant createdAt;

    @Column(name = "seen_at")
    private Instant seenAt;

    @Column(name = "expires_at")
    private Instant expiresAt;

    @Column(name = "ended_at")
    private @Nullable Instant endedAt;

    @SuppressWarnings("NullAway.Init")
    protected PortalSession() {}

    /**
     * @param id SHA-256 of the session id that only the cookie holds, 32 bytes
     */
    public PortalSession(byte[] id, long memberId, Instant now, Instant expiresAt) {
        this.id = id.clone();
        this.memberId = memberId;
        this.createdAt = now;
        this.seenAt = now;
        this.expiresAt = expiresAt;
    }

    /** Notes that the browser came back. */
    public void seen(Instant now) {
        seenAt = now;
    }

    /** Ends the session for good. */
    public void end(Instant now) {
        if (endedAt == null) {
            endedAt = now;
        }
    }

    public byte[] id() {
        return id.clone();
    }

    public long memberId() {
        return memberId;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public Instant seenAt() {
        return seenAt;
    }

    public Instant expiresAt() {
        return expiresAt;
    }

    public @Nullable Instant endedAt() {
        return endedAt;
    }
}
