package com.smashcost.admin.boundary;

import com.smashcost.account.control.Organizations;
import com.smashcost.account.entity.Organization;
import com.smashcost.account.entity.SubscriptionStatus;
import com.smashcost.admin.control.Changes;
import com.smashcost.audit.entity.Actor;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** All organisations. */
@Path("/organizations")
@RequestScoped
@RolesAllowed(AdminApplication.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
public class OrganizationsResource {

    @Inject
    private Organizations organizations;

    @Inject
    private Changes changes;

    /** An organisation in a few words. */
    public record Summary(
            long id,
            String slug,
            String name,
            SubscriptionStatus status,
            Instant observationStartedAt,
            Instant createdAt) {

        static Summary of(Organization organization) {
            return new Summary(
                    organization.id(),
                    organization.slug(),
                    organization.name(),
                    organization.status(),
                    organization.observationStartedAt(),
                    organization.createdAt());
        }
    }

    /**
     * Some organisations.
     *
     * @param next what to send as {@code after} to get those that follow; null if there are none
     */
    public record Page(
            List<Summary> organizations, @Nullable String next) {}

    @GET
    @Operation(summary = "Lists the organizations by slug, deleted ones included.")
    public Page list(@QueryParam("limit") @Nullable String limit, @QueryParam("after") @Nullable String after) {
        int most = Parameters.limit(limit);
        List<Summary> found =
                organizations.page(most + 1, after).stream().map(Summary::of).toList();
        return found.size() > most
                ? new Page(found.subList(0, most), found.get(most - 1).slug())
                : new Page(found, null);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Founds an organization, which starts in observation, and makes its first member the owner.")
    public Response create(InputStream body, @Context SecurityContext security) {
        JsonBody given = JsonBody.read(body, Set.of("slug", "name", "owner_email"));
        Actor operator = OperatorOnly.caller(security);
        Organization created = changes.make(
                operator,
                null,
                "organization.create",
                null,
                () -> organizations.create(
                        given.text("slug"), given.text("name"), given.text("owner_email"), operator));
        return Response.created(URI.create(AdminApplication.ROOT + "/organizations/" + created.slug()))
                .entity(Summary.of(created))
                .build();
    }
}
