package com.smashcost.admin.boundary;

import com.smashcost.job.control.OperatorAlerts;
import com.smashcost.job.entity.OperatorAlert;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What jobs found and an operator must look at. */
@Path("/alerts")
@RequestScoped
@RolesAllowed(AdminApplication.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
public class AlertsResource {

    @Inject
    private OperatorAlerts alerts;

    /** The newest findings, those that are not over first. */
    public record All(List<OperatorAlert> alerts) {}

    @GET
    @Operation(summary = "Lists what an operator must look at.")
    public All list() {
        return new All(alerts.all());
    }
}
