package com.smashcost.catalog.entity;

import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.NamedQuery;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a model costs from an instant on, and who says so; never updated, only superseded. */
@Entity
@Table(name = "price_version")
@NamedQuery(
        name = "PriceVersion.ofModel",
        query = "SELECT p FROM PriceVersion p WHERE p.modelId = :model ORDER BY p.validFrom DESC")
public class PriceVersion {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "id")
    private @Nullable Long id;

    @Column(name = "model_id")
    private long modelId;

    @Column(name = "valid_from")
    private Instant validFrom;

    @Column(name = "source")
    private String source;

    @Column(name = "created_at")
    private Instant createdAt;

    @ElementCollection(fetch = FetchType.EAGER)
    @CollectionTable(name = "price_tier", joinColumns = @JoinColumn(name = "price_version_id"))
    private List<PriceTier> tiers = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    protected PriceVersion() {}

    public PriceVersion(long modelId, Instant validFrom, String source, List<PriceTier> tiers, Instant now) {
        this.modelId = modelId;
        this.validFrom = validFrom;
        this.source = source;
        this.tiers = new ArrayList<>(tiers);
        this.createdAt = now;
    }

    /** The id in the database; fails before the version was stored. */
    public long id() {
        if (id == null) {
            throw new IllegalStateException("price version was not stored yet");
        }
        return id;
    }

    public long modelId() {
        return modelId;
    }

    public Instant validFrom() {
        return validFrom;
    }

    public String source() {
        return source;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public List<PriceTier> tiers() {
        return List.copyOf(tiers);
    }
}
