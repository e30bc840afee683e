package com.smashcost.provider.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.NamedQuery;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A customer's API key for one provider, as it is stored: an envelope, four characters to recognise it by, a fingerprint. */
@Entity
@Table(name = "provider_credential")
@NamedQuery(
        name = "ProviderCredential.byProvider",
        query = "SELECT c FROM ProviderCredential c WHERE c.organizationId = :organization AND c.provider = :provider")
@NamedQuery(
        name = "ProviderCredential.ofOrganization",
        query = "SELECT c FROM ProviderCredential c WHERE c.organizationId = :organization ORDER BY c.provider")
public class ProviderCredential {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "id")
    private @Nullable Long id;

    @Column(name = "organization_id")
    private long organizationId;

    @Column(name = "provider")
    private String provider;

    @Column(name = "origin")
    private String origin;

    @Column(name = "version")
    private int version;

    @Column(name = "envelope")
    private byte[] envelope = new byte[0];

    @Column(name = "last_four")
    private String lastFour = "";

    @Column(name = "fingerprint")
    private String fingerprint = "";

    @Column(name = "updated_at")
    private Instant updatedAt;

    @SuppressWarnings("NullAway.Init")
    protected ProviderCredential() {}

    /** An empty place for a key, which gets its id before {@link #seal} because the envelope is bound to it. */
    public ProviderCredential(long organizationId, String provider, String origin, Instant now) {
        this.organizationId = organizationId;
        this.provider = provider;
        this.origin = origin;
        this.updatedAt = now;
    }

    /** Starts the next version, for keys sent to this origin; {@link #seal} must follow in the same transaction. */
    public int nextVersion(String origin) {
        this.origin = origin;
        return ++version;
    }

    /** Puts the encrypted key in. */
    public void seal(byte[] envelope, String lastFour, String fingerprint, Instant now) {
        this.envelope = envelope.clone();
        this.lastFour = lastFour;
        this.fingerprint = fingerprint;
        this.updatedAt = now;
    }

    /** The id in the database; fails before the credential was stored. */
    public long id() {
        if (id == null) {
            throw new IllegalStateException("credential was not stored yet");
        }
        return id;
    }

    public long organizationId() {
        return organizationId;
    }

    public String provider() {
        return provider;
    }

    public String origin() {
        return origin;
    }

    public int version() {
        return version;
    }

    public byte[] envelope() {
        return envelope.clone();
    }

    public String lastFour() {
        return lastFour;
    }

    public String fingerprint() {
        return fingerprint;
    }

    public Instant updatedAt() {
        return updatedAt;
    }
}
