package com.smashcost.admin.boundary;

import com.smashcost.account.control.Organizations;
import com.smashcost.account.entity.Organization;
import com.smashcost.job.control.BusinessClock;
import com.smashcost.ledger.control.PolicyReplay;
import com.smashcost.ledger.control.Replay;
import com.smashcost.ledger.entity.RequestId;
import com.smashcost.refusal.control.Expect;
import com.smashcost.routing.control.RoutingMode;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** What an organisation's requests would have cost in another routing mode. */
@Path("/organizations/{slug}/replay")
@RequestScoped
@RolesAllowed(AdminApplication.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
public class ReplayResource {

    private static final Duration USUAL_RANGE = Duration.ofDays(30);

    @Inject
    private Organizations organizations;

    @Inject
    private PolicyReplay replays;

    @Inject
    private BusinessClock clock;

    /**
     * The sums of a replay.
     *
     * @param next what to send as {@code after} to go on where time was up; null if all was looked at
     */
    public record Sums(
            Instant from,
            Instant to,
            RoutingMode mode,
            long requests,
            long replayed,
            long moved,
            long withoutReceipt,
            long failed,
            long unpriced,
            BigDecimal actualUsd,
            BigDecimal baselineUsd,
            BigDecimal replayedUsd,
            BigDecimal savingUsd,
            @Nullable String next) {

        static Sums of(Instant from, Instant to, Replay replay) {
            RequestId next = replay.next();
            return new Sums(
                    from,
                    to,
                    replay.mode(),
                    replay.requests(),
                    replay.replayed(),
                    replay.moved(),
                    replay.withoutReceipt(),
                    replay.failed(),
                    replay.unpriced(),
                    replay.actualUsd(),
                    replay.baselineUsd(),
                    replay.replayedUsd(),
                    replay.savingUsd(),
                    next == null ? null : next.toString());
        }
    }

    @GET
    @Operation(summary = "Tells what the requests of a range, by default the last 30 days, would have cost in a mode.")
    public Sums replay(
            @PathParam("slug") String slug,
            @QueryParam("mode") @Nullable String mode,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("after") @Nullable String after) {
        Organization organization = organizations.require(slug);
        RoutingMode asked = mode(Expect.present("mode", mode));
        Instant end = Objects.requireNonNullElseGet(Parameters.instant("to", to), clock::now);
        Instant start = Objects.requireNonNullElseGet(Parameters.instant("from", from), () -> end.minus(USUAL_RANGE));
        if (!start.isBefore(end)) {
            throw Expect.refuse("from", "must be before to");
        }
        return Sums.of(
                start, end, replays.over(organization.id(), asked, start, end, Parameters.requestId("after", after)));
    }

    private static RoutingMode mode(String name) {
        return Stream.of(RoutingMode.values())
                .filter(mode -> mode.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Expect.refuse("mode", "must be one of off, quality, balanced, savings"));
    }
}
