package com.smashcost.admin.boundary;

import com.smashcost.routing.control.CircuitBreakers;
import com.smashcost.routing.control.CircuitBreakers.Reading;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The circuit breakers of this node, which keep requests away from models that fail. */
@Path("/breakers")
@RequestScoped
@RolesAllowed(AdminApplication.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
public class BreakersResource {

    @Inject
    private CircuitBreakers breakers;

    /** The breakers of all models that were called of late. */
    public record All(List<Reading> breakers) {}

    @GET
    @Operation(summary = "Lists the circuit breakers of this node.")
    public All list() {
        return new All(breakers.readings());
    }
}
