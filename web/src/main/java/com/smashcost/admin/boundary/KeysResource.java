package com.smashcost.admin.boundary;

import com.smashcost.access.control.Keys;
import com.smashcost.access.entity.GatewayKey;
import com.smashcost.account.control.Organizations;
import com.smashcost.admin.control.Changes;
import com.smashcost.audit.entity.Actor;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
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

/** The gateway keys of an organisation; an id is the part of a key that may be shown. */
@Path("/organizations/{slug}/keys")
@RequestScoped
@RolesAllowed(AdminApplication.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
public class KeysResource {

    @Inject
    private Organizations organizations;

    @Inject
    private Keys keys;

    @Inject
    private Changes changes;

    /** A key that was just issued, in full: the only time that it is shown. */
    public record Issued(String id, String name, String key, Instant createdAt) {}

    /** A key without what makes it one. */
    public record Stored(
            String id,
            String name,
            Instant createdAt,
            @Nullable Instant revokedAt) {

        static Stored of(GatewayKey key) {
            return new Stored(key.publicId(), key.name(), key.createdAt(), key.revokedAt());
        }
    }

    /** All keys, oldest first. */
    public record All(List<Stored> keys) {}

    @GET
    @Operation(summary = "Lists the organization's keys, revoked ones included.")
    public All list(@PathParam("slug") String slug) {
        return new All(keys.list(organizations.require(slug).id()).stream()
                .map(Stored::of)
                .toList());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Issues a key and shows it, this once.")
    public Response issue(@PathParam("slug") String slug, InputStream body, @Context SecurityContext security) {
        JsonBody given = JsonBody.read(body, Set.of("name"));
        long organization = organizations.require(slug).id();
        Actor operator = OperatorOnly.caller(security);
        Keys.Issued issued = changes.make(
                operator,
                organization,
                "key.create",
                null,
                () -> keys.issue(organization, given.text("name"), operator));
        String id = issued.stored().publicId();
        return Response.created(URI.create(AdminApplication.ROOT + "/organizations/" + slug + "/keys/" + id))
                .entity(new Issued(
                        id,
                        issued.stored().name(),
                        issued.text().reveal(),
                        issued.stored().createdAt()))
                .build();
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "Shows a key without what makes it one.")
    public Stored show(@PathParam("slug") String slug, @PathParam("id") String id) {
        return Stored.of(keys.require(organizations.require(slug).id(), id));
    }

    @DELETE
    @Path("/{id}")
    @Operation(summary = "Revokes a key for good.")
    public void revoke(@PathParam("slug") String slug, @PathParam("id") String id, @Context SecurityContext security) {
        long organization = organizations.require(slug).id();
        Actor operator = OperatorOnly.caller(security);
        changes.make(operator, organization, "key.revoke", id, () -> keys.revoke(organization, id, operator));
    }
}
