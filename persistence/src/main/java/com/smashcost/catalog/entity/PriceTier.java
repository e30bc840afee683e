package com.smashcost.catalog.entity;

import com.smashcost.money.entity.UnitPrices;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;

/** The unit prices of one service tier from one prompt size on; they price the whole request, not the excess. */
@Embeddable
public class PriceTier {

    /** The service tier that a request gets when nothing else was agreed. */
    public static final String STANDARD = "standard";

    @Column(name = "service_tier")
    private String serviceTier;

    @Column(name = "prompt_tokens_above")
    private long promptTokensAbove;

    @Embedded
    private UnitPrices prices;

    @SuppressWarnings("NullAway.Init")
    protected PriceTier() {}

    public PriceTier(String serviceTier, long promptTokensAbove, UnitPrices prices) {
        this.serviceTier = serviceTier;
        this.promptTokensAbove = promptTokensAbove;
        this.prices = prices;
    }

    public String serviceTier() {
        return serviceTier;
    }

    /** The tier applies when the prompt, cached tokens included, has more tokens than this. */
    public long promptTokensAbove() {
        return promptTokensAbove;
    }

    public UnitPrices prices() {
        return prices;
    }
}
