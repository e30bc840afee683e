package com.smashcost.admin.boundary;

import com.smashcost.secret.control.InstallationKey;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The public half of the key that signs statements and the heads of chains. */
@Path("/signing-key")
@RequestScoped
@RolesAllowed(AdminApplication.OPERATOR)
public class SigningKeyResource {

    @Inject
    private InstallationKey key;

    @GET
    @Produces("application/x-pem-file")
    @Operation(summary = "Shows the installation's public key in PEM; hand it over apart from what it verifies.")
    public String show() {
        return key.publicPem();
    }
}
