package com.smashcost.admin.boundary;

import com.smashcost.refusal.control.Refusal;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The jobs that timers run, and that an operator can run out of turn; there are none yet. */
@Path("/jobs")
@RequestScoped
@RolesAllowed(AdminApplication.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
public class JobsResource {

    /** The names of all jobs. */
    public record All(List<String> jobs) {}

    @GET
    @Operation(summary = "Lists the jobs.")
    public All list() {
        return new All(List.of());
    }

    @POST
    @Path("/{name}/run")
    @Operation(summary = "Runs a job now.")
    public void run(@PathParam("name") String name) {
        throw new Refusal.NotFound("job_not_found", "There is no such job.");
    }
}
