package com.smashcost.routing.control;

import com.smashcost.account.control.ModelNames;
import com.smashcost.account.entity.SubscriptionStatus;
import com.smashcost.catalog.control.Catalogue;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Under which terms the router chooses for one request, from one snapshot.
 *
 * @param mode how much quality may be traded
 * @param defaultModel what {@code auto} is measured against, and becomes where nothing is routed; null = none
 * @param providers those that the organisation has a usable credential for
 * @param allowedModels to which requests may be moved, in the words of {@link ModelNames}; empty = to all
 * @param deniedModels to which they may not
 * @param at when the request began, whose prices count
 */
public record Terms(
        long organizationId,
        SubscriptionStatus status,
        RoutingMode mode,
        @Nullable String defaultModel,
        Catalogue catalogue,
        Set<String> providers,
        List<String> allowedModels,
        List<String> deniedModels,
        Instant at) {

    /** Whether the organisation's lists let the router choose this model. */
    public boolean allows(String model) {
        return ModelNames.permit(allowedModels, deniedModels, model);
    }
}
