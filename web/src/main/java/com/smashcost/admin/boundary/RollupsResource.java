package com.smashcost.admin.boundary;

import com.smashcost.admin.control.Changes;
import com.smashcost.admin.control.Upkeep;
import com.smashcost.audit.entity.Actor;
import com.smashcost.refusal.control.Expect;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.time.LocalDate;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** The roll-ups of the ledger, proven and built anew on an operator's word. */
@Path("/rollups")
@RequestScoped
@RolesAllowed(AdminApplication.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
public class RollupsResource {

    @Inject
    private Upkeep upkeep;

    @Inject
    private Changes changes;

    @POST
    @Path("/proof")
    @Operation(summary = "Has the roll-ups of all hours compared with the rows of the ledger.")
    public Response prove(@Context SecurityContext security) {
        Actor caller = OperatorOnly.caller(security);
        return JobsResource.accepted(
                changes.make(caller, null, "rollups.prove", null, () -> upkeep.proveRollups(caller)));
    }

    @POST
    @Path("/rebuild")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Throws the roll-ups of some UTC days away and has them built anew from the rows.")
    public Response rebuild(InputStream body, @Context SecurityContext security) {
        JsonBody given = JsonBody.read(body, Set.of("from", "to"));
        Actor caller = OperatorOnly.caller(security);
        return JobsResource.accepted(changes.make(
                caller,
                null,
                "rollups.rebuild",
                null,
                () -> upkeep.rebuildRollups(caller, day("from", given), day("to", given))));
    }

    private static LocalDate day(String name, JsonBody given) {
        @Nullable LocalDate day = given.date(name);
        if (day == null) {
            throw Expect.refuse(name, "must be a day, such as 2026-11-29");
        }
        return day;
    }
}
