package com.smashcost.admin.boundary;

import com.smashcost.account.control.Organizations;
import com.smashcost.admin.control.Changes;
import com.smashcost.audit.entity.Actor;
import com.smashcost.provider.control.Credentials;
import com.smashcost.provider.entity.ProviderCredential;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import java.time.Instant;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** An organisation's own API key for one provider; it goes in and does not come out. */
@Path("/organizations/{slug}/credentials/{provider}")
@RequestScoped
@RolesAllowed(AdminApplication.OPERATOR)
@Produces(MediaType.APPLICATION_JSON)
public class CredentialsResource {

    @Inject
    private Organizations organizations;

    @Inject
    private Credentials credentials;

    @Inject
    private Changes changes;

    /**
     * What may be shown of a credential.
     *
     * @param origin the only place it is sent to
     * @param fingerprint the first 16 hexadecimal digits of its SHA-256
     */
    public record Stored(
            String provider, String origin, int version, String lastFour, String fingerprint, Instant updatedAt) {

        static Stored of(ProviderCredential credential) {
            return new Stored(
                    credential.provider(),
                    credential.origin(),
                    credential.version(),
                    credential.lastFour(),
                    credential.fingerprint(),
                    credential.updatedAt());
        }
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Keeps the organization's API key for a provider, encrypted, in the place of an earlier one.")
    public Stored put(
            @PathParam("slug") String slug,
            @PathParam("provider") String provider,
            InputStream body,
            @Context SecurityContext security) {
        JsonBody given = JsonBody.read(body, Set.of("api_key"));
        long organization = organizations.require(slug).id();
        Actor operator = OperatorOnly.caller(security);
        return Stored.of(changes.make(
                operator,
                organization,
                "credential.put",
                provider,
                () -> credentials.put(organization, provider, given.text("api_key"), operator)));
    }

    @DELETE
    @Operation(summary = "Deletes the organization's API key for a provider.")
    public void delete(
            @PathParam("slug") String slug, @PathParam("provider") String provider, @Context SecurityContext security) {
        long organization = organizations.require(slug).id();
        Actor operator = OperatorOnly.caller(security);
        changes.make(operator, organization, "credential.delete", provider, () -> {
            credentials.delete(organization, provider, operator);
            return null;
        });
    }
}
