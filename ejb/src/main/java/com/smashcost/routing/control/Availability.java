package com.smashcost.routing.control;

import com.smashcost.catalog.control.Catalogue.Offer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/** Whether a model can be called for an organisation right now. */
@ApplicationScoped
class Availability {

    @Inject
    private CircuitBreakers breakers;

    @Inject
    private ProviderPauses pauses;

    /** What keeps it from being called; empty if nothing does. */
    Optional<Verdict> of(long organizationId, Offer offer) {
        if (pauses.remaining(organizationId, offer.provider()).isPresent()) {
            return Optional.of(Verdict.rate_limited);
        }
        return breakers.isOpen(offer.provider(), offer.model()) ? Optional.of(Verdict.breaker_open) : Optional.empty();
    }
}
