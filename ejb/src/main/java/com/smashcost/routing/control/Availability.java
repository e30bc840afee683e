package com.smashcost.routing.control;

import com.smashcost.catalog.control.Catalogue.Offer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Whether a model can be called for an organisation right now. */
@ApplicationScoped
class Availability {

    /** What keeps it from being called; empty if nothing does. */
    Optional<Verdict> of(long organizationId, Offer offer) {
        return Optional.empty();
    }
}
