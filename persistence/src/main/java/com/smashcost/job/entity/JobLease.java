package com.smashcost.job.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The right to run one job until an instant; its fencing token grows with every holder. */
@Entity
@Table(name = "job_lease")
public class JobLease {

    @Id
    @Column(name = "job")
    private String job;

    @Column(name = "holder")
    private @Nullable String holder;

    @Column(name = "fencing_token")
    private long fencingToken;

    @Column(name = "expires_at")
    private @Nullable Instant expiresAt;

    @SuppressWarnings("NullAway.Init")
    protected JobLease() {}

    public String job() {
        return job;
    }

    public @Nullable String holder() {
        return holder;
    }

    public long fencingToken() {
        return fencingToken;
    }

    public @Nullable Instant expiresAt() {
        return expiresAt;
    }
}
