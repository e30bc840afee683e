package com.smashcost.access.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.NamedQuery;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A key of the gateway as it is stored: a one-way hash and what may be shown. */
@Entity
@Table(name = "gateway_key")
@NamedQuery(
        name = "GatewayKey.ofOrganization",
        query = "SELECT k FROM GatewayKey k WHERE k.organizationId = :organization ORDER BY k.id")
@NamedQuery(
        name = "GatewayKey.byPublicId",
        query = "SELECT k FROM GatewayKey k WHERE k.organizationId = :organization AND k.publicId = :publicId")
public class GatewayKey {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "id")
    private @Nullable Long id;

    @Column(name = "organization_id")
    private long organizationId;

    @Column(name = "public_id")
    private String publicId;

    @Column(name = "name")
    private String name;

    @Column(name = "hash")
    private byte[] hash;

    @Column(name = "created_at")
    private Instant createdAt;

    @Column(name = "revoked_at")
    private @Nullable Instant revokedAt;

    @SuppressWarnings("NullAway.Init")
    protected GatewayKey() {}

    /** A live key. */
    public GatewayKey(long organizationId, String publicId, String name, byte[] hash, Instant now) {
        this.organizationId = organizationId;
        this.publicId = publicId;
        this.name = name;
        this.hash = hash.clone();
        this.createdAt = now;
    }

    /** Ends the key for good; a second call changes nothing. */
    public void revoke(Instant now) {
        if (revokedAt == null) {
            revokedAt = now;
        }
    }

    /** Ends the key and forgets its name and its hash; the row stays under its id for the ledger. */
    public void erase(Instant now) {
        revoke(now);
        name = "deleted";
        hash = new byte[hash.length];
    }

    /** The id in the database; fails before the key was stored. */
    public long id() {
        if (id == null) {
            throw new IllegalStateException("key was not stored yet");
        }
        return id;
    }

    public long organizationId() {
        return organizationId;
    }

    public String publicId() {
        return publicId;
    }

    public String name() {
        return name;
    }

    public byte[] hash() {
        return hash.clone();
    }

    public Instant createdAt() {
        return createdAt;
    }

    public @Nullable Instant revokedAt() {
        return revokedAt;
    }
}
