package com.smashcost.admin.boundary;

import com.smashcost.admin.control.Changes;
import com.smashcost.job.control.BusinessClock;
import com.smashcost.refusal.control.Expect;
import com.smashcost.refusal.control.Refusal;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** The clock of windows, jobs, tokens and alerts, which moves in development and is not there in production. */
@Path("/clock")
@RequestScoped
@RolesAllowed(AdminApplication.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
public class ClockResource {

    @Inject
    private BusinessClock clock;

    @Inject
    private Changes changes;

    /** What the clock shows. */
    public record Present(Instant now) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Moves the clock forward, in development only.")
    public Present advance(InputStream body, @Context SecurityContext security) {
        if (!clock.isMovable()) {
            throw new Refusal.NotFound("not_found", "There is nothing at this path.");
        }
        JsonBody given = JsonBody.read(body, Set.of("advance"));
        return changes.make(
                OperatorOnly.caller(security),
                null,
                "clock.advance",
                null,
                () -> new Present(clock.advance(duration(given.text("advance")))));
    }

    private static Duration duration(@Nullable String text) {
        try {
            return Duration.parse(Expect.present("advance", text));
        } catch (DateTimeException e) {
            throw Expect.refuse("advance", "must be a duration, such as PT36H");
        }
    }
}
