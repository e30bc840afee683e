package com.smashcost.ledger.entity;

import com.smashcost.provider.entity.Usage;
import com.smashcost.routing.entity.Mode;
import com.smashcost.routing.entity.Routing;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of the request log as people read it; null is unknown, or does not apply.
 *
 * @param status the HTTP status that the client got; null if it got none
 * @param retention the share of the requested model's quality that the router expected to be kept, a lower bound; null where it
 *     did not look at the request
 * @param keyId the public id of the gateway key
 * @param costUsd as the other three, computed from the prices frozen in the row
 * @param savingUsd null where the router did not decide, or the request did not succeed; may be negative
 */
public record LoggedRequest(
        RequestId id,
        long organizationId,
        Instant startedAt,
        @Nullable Integer status,
        @Nullable String errorClass,
        String modelRequested,
        @Nullable String modelUsed,
        @Nullable String modelProjected,
        @Nullable String provider,
        Routing routing,
        Mode mode,
        @Nullable String task,
        @Nullable BigDecimal score,
        @Nullable BigDecimal retention,
        int attempts,
        boolean fallback,
        boolean streamed,
        boolean estimated,
        @Nullable String tagCustomer,
        @Nullable String tagFeature,
        @Nullable String keyId,
        @Nullable String keyName,
        Usage usage,
        @Nullable String serviceTier,
        @Nullable Long priceVersionId,
        @Nullable Long baselinePriceVersionId,
        @Nullable BigDecimal costUsd,
        @Nullable BigDecimal baselineUsd,
        @Nullable BigDecimal projectedUsd,
        @Nullable BigDecimal savingUsd,
        @Nullable Duration latency,
        @Nullable Duration firstToken) {}
