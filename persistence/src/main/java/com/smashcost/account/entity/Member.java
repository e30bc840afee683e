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
import org.jspecify.annotations.Nullable;

/** A person who may sign in to the portal of one organisation. */
@Entity
@Table(name = "member")
@NamedQuery(name = "Member.byEmail", query = "SELECT m FROM Member m WHERE m.email = :email")
@NamedQuery(
        name = "Member.ofOrganization",
        query = "SELECT m FROM Member m WHERE m.organizationId = :organization ORDER BY m.id")
public class Member {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "id")
    private @Nullable Long id;

    @Column(name = "organization_id")
    private long organizationId;

    @Column(name = "email")
    private String email;

    @Column(name = "password_hash")
    private @Nullable String passwordHash;

    @Enumerated(EnumType.STRING)
    @Column(name = "role")
    private MemberRole role;

    @Column(name = "created_at")
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected Member() {}

    /** A member without a password, who cannot sign in yet. */
    public Member(long organizationId, String email, MemberRole role, Instant now) {
        this.organizationId = organizationId;
        this.email = email;
        this.role = role;
        this.createdAt = now;
    }

    /** Replaces the password by one with this bcrypt hash. */
    public void changePassword(String bcrypt) {
        this.passwordHash = bcrypt;
    }

    /** The id in the database; fails before the member was stored. */
    public long id() {
        if (id == null) {
            throw new IllegalStateException("member was not stored yet");
        }
        return id;
    }

    public long organizationId() {
        return organizationId;
    }

    public String email() {
        return email;
    }

    /** The bcrypt hash; null until a password was set. */
    public @Nullable String passwordHash() {
        return passwordHash;
    }

    public MemberRole role() {
        return role;
    }

    public Instant createdAt() {
        return createdAt;
    }
}
