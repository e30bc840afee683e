package com.smashcost.gateway.control;

import com.smashcost.admission.control.SlidingWindow.Permit;
import com.smashcost.provider.control.Provider;
import com.smashcost.provider.control.Providers;
import com.smashcost.routing.control.RoutingMode;
import com.smashcost.routing.control.Terms;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request that may go on: whose it is, by which key, and the state of the world it is handled in.
 *
 * @param permit null where the organisation has no limit
 */
public record Admission(
        Snapshot snapshot,
        Tenant tenant,
        Snapshot.Door door,
        @Nullable Permit permit) {

    /** Under which terms this caller's request is routed. */
    Terms terms(Providers providers, Instant at) {
        Set<String> usable = new HashSet<>();
        for (Provider provider : providers.all()) {
            tenant.credential(provider.id())
                    .filter(credential -> credential.origin().equals(provider.origin()))
                    .ifPresent(credential -> usable.add(provider.id()));
        }
        return new Terms(
                tenant.id(),
                tenant.status(),
                RoutingMode.valueOf(tenant.routingMode()),
                tenant.defaultModel(),
                snapshot.catalogue(),
                usable,
                tenant.allowedModels(),
                tenant.deniedModels(),
                at);
    }
}
