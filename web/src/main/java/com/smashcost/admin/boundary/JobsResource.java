package com.smashcost.admin.boundary;

import com.smashcost.admin.control.Changes;
import com.smashcost.admin.control.Upkeep;
import com.smashcost.audit.entity.Actor;
import com.smashcost.job.control.Jobs;
import com.smashcost.job.entity.JobState;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** The jobs that timers run, and that an operator can run out of turn. */
@Path("/jobs")
@RequestScoped
@RolesAllowed(AdminApplication.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
public class JobsResource {

    @EJB
    private Jobs jobs;

    @Inject
    private Upkeep upkeep;

    @Inject
    private Changes changes;

    /**
     * A job.
     *
     * @param lastRun when the last run that ended had begun; null if none has, as then are {@code durationMs} and {@code outcome}
     */
    public record Shown(
            String name,
            Instant nextRun,
            @Nullable Instant lastRun,
            @Nullable Long durationMs,
            @Nullable String outcome,
            boolean running) {

        static Shown of(JobState state) {
            Duration took = state.took();
            return new Shown(
                    state.name(),
                    state.nextRun(),
                    state.lastRun(),
                    took == null ? null : Long.valueOf(took.toMillis()),
                    state.outcome(),
                    state.running());
        }
    }

    /** All jobs. */
    public record All(List<Shown> jobs) {}

    @GET
    @Operation(summary = "Lists the jobs.")
    public All list() {
        return new All(jobs.all().stream().map(Shown::of).toList());
    }

    @POST
    @Path("/{name}/run")
    @Operation(summary = "Runs a job as soon as possible.")
    public Response run(@PathParam("name") String name, @Context SecurityContext security) {
        Actor caller = OperatorOnly.caller(security);
        return accepted(changes.make(caller, null, "job.run", name, () -> upkeep.runJob(caller, name)));
    }

    /** The answer to what will be done. */
    static Response accepted(JobState state) {
        return Response.accepted(Shown.of(state)).build();
    }
}
