package com.smashcost.admin.boundary;

import com.smashcost.account.control.Organizations;
import com.smashcost.gateway.boundary.DecisionJson;
import com.smashcost.gateway.control.Snapshots;
import com.smashcost.ledger.control.Receipts;
import com.smashcost.ledger.control.RequestLog;
import com.smashcost.ledger.entity.LoggedRequest;
import com.smashcost.ledger.entity.RequestId;
import com.smashcost.provider.entity.Usage;
import com.smashcost.refusal.control.Expect;
import com.smashcost.refusal.control.Refusal;
import com.smashcost.routing.entity.Mode;
import com.smashcost.routing.entity.Routing;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** The request log of an organisation. */
@Path("/organizations/{slug}/requests")
@RequestScoped
@RolesAllowed(AdminApplication.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
public class RequestsResource {

    @Inject
    private Organizations organizations;

    @Inject
    private RequestLog log;

    @Inject
    private Receipts receipts;

    @Inject
    private Snapshots snapshots;

    /** Tokens in disjoint buckets, and calls of the provider's own tools; null where the provider reported none. */
    public record Buckets(
            @Nullable Long input,
            @Nullable Long cached,
            @JsonbProperty("cache_write_5m") @Nullable Long cacheWrite5m,
            @JsonbProperty("cache_write_1h") @Nullable Long cacheWrite1h,
            @Nullable Long output,
            @Nullable Long reasoning,
            @Nullable Long audioInput,
            @Nullable Long audioOutput,
            @Nullable Long webSearches) {

        static Buckets of(Usage usage) {
            return new Buckets(
                    usage.input(),
                    usage.cached(),
                    usage.cacheWrite5m(),
                    usage.cacheWrite1h(),
                    usage.output(),
                    usage.reasoning(),
                    usage.audioInput(),
                    usage.audioOutput(),
                    usage.webSearches());
        }
    }

    /** One request; null is unknown, or does not apply. */
    public record Row(
            String requestId,
            Instant startedAt,
            @Nullable Integer status,
            @Nullable String errorClass,
            String modelRequested,
            @Nullable String modelUsed,
            @Nullable String modelProjected,
            @Nullable String provider,
            Routing routing,
            @Nullable String task,
            @Nullable BigDecimal score,
            @Nullable BigDecimal retention,
            Mode mode,
            int attempts,
            boolean fallback,
            boolean streamed,
            @Nullable String tagCustomer,
            @Nullable String tagFeature,
            @Nullable String keyId,
            Buckets usage,
            @Nullable String serviceTier,
            @Nullable BigDecimal costUsd,
            @Nullable BigDecimal baselineUsd,
            @Nullable BigDecimal projectedUsd,
            @Nullable BigDecimal savingUsd,
            @Nullable Long latencyMs,
            @Nullable Long firstTokenMs,
            boolean estimated) {

        static Row of(LoggedRequest request) {
            return new Row(
                    request.id().toString(),
                    request.startedAt(),
                    request.status(),
                    request.errorClass(),
                    request.modelRequested(),
                    request.modelUsed(),
                    request.modelProjected(),
                    request.provider(),
                    request.routing(),
                    request.task(),
                    request.score(),
                    request.retention(),
                    request.mode(),
                    request.attempts(),
                    request.fallback(),
                    request.streamed(),
                    request.tagCustomer(),
                    request.tagFeature(),
                    request.keyId(),
                    Buckets.of(request.usage()),
                    request.serviceTier(),
                    request.costUsd(),
                    request.baselineUsd(),
                    request.projectedUsd(),
                    request.savingUsd(),
                    milliseconds(request.latency()),
                    milliseconds(request.firstToken()),
                    request.estimated());
        }

        private static @Nullable Long milliseconds(@Nullable Duration duration) {
            return duration == null ? null : duration.toMillis();
        }
    }

    /**
     * Requests, newest first.
     *
     * @param next what to send as {@code after} to get those that follow; null if there are none
     */
    public record Page(List<Row> requests, @Nullable String next) {}

    @GET
    @Operation(summary = "Lists the requests of a half-open range of time, newest first, page by page.")
    public Page list(
            @PathParam("slug") String slug,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to) {
        int most = Parameters.limit(limit);
        Instant start = Parameters.instant("from", from);
        Instant end = Parameters.instant("to", to);
        if (start != null && end != null && !start.isBefore(end)) {
            throw Expect.refuse("from", "must be before to");
        }
        RequestLog.Query query = new RequestLog.Query(
                organizations.require(slug).id(), most + 1, Parameters.requestId("after", after), start, end);
        List<Row> rows = log.page(query).stream().map(Row::of).toList();
        return rows.size() > most
                ? new Page(rows.subList(0, most), rows.get(most - 1).requestId())
                : new Page(rows, null);
    }

    @GET
    @Path("/{id}/decision")
    @Operation(summary = "Shows the receipt of one request's routing decision.")
    public byte[] decision(@PathParam("slug") String slug, @PathParam("id") String id) {
        RequestId requestId = Expect.present("id", Parameters.requestId("id", id));
        return receipts.find(
                        organizations.require(slug).id(),
                        requestId,
                        snapshots.current().catalogue())
                .map(DecisionJson::of)
                .orElseThrow(() -> new Refusal.NotFound(
                        "decision_not_found", "The organization has no receipt under this request id."));
    }
}
