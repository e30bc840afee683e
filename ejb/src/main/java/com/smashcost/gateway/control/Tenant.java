package com.smashcost.gateway.control;

import com.smashcost.account.control.ModelNames;
import com.smashcost.account.entity.BudgetRule;
import com.smashcost.account.entity.SubscriptionStatus;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An organisation as the gateway needs it.
 *
 * @param requestsPerMinute 0 = no limit
 * @param defaultModel what {@code auto} becomes; null = none
 * @param allowedModels to which the router may move requests, in the words of {@link ModelNames}; empty = to all
 * @param deniedModels to which it may not
 * @param credentials by provider id, still encrypted
 * @param timeZone in which its days begin
 */
public record Tenant(
        long id,
        String slug,
        SubscriptionStatus status,
        int requestsPerMinute,
        String routingMode,
        @Nullable String defaultModel,
        List<String> allowedModels,
        List<String> deniedModels,
        Map<String, SealedCredential> credentials,
        ZoneId timeZone,
        List<BudgetRule> budgets) {

    public Tenant {
        allowedModels = List.copyOf(allowedModels);
        deniedModels = List.copyOf(deniedModels);
        credentials = Map.copyOf(credentials);
        budgets = List.copyOf(budgets);
    }

    /** The credential for this provider. */
    public Optional<SealedCredential> credential(String provider) {
        return Optional.ofNullable(credentials.get(provider));
    }

    /**
     * A provider credential as it is stored.
     *
     * @param origin the only place where it may be sent
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record SealedCredential(long id, int version, String origin, byte[] envelope) {}
}
