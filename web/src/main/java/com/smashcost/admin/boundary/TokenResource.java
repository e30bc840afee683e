package com.smashcost.admin.boundary;

import com.smashcost.admin.control.SignIn;
import jakarta.annotation.security.PermitAll;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.Objects;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Where operators exchange secret and one-time code for a token. */
@Path("/" + TokenResource.PATH)
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class TokenResource {

    static final String PATH = "token";

    @Inject
    private SignIn door;

    @Inject
    private AdminTokens tokens;

    /**
     * A token that was just issued.
     *
     * @param expiresIn seconds
     */
    public record Issued(String accessToken, String tokenType, long expiresIn) {}

    @POST
    @PermitAll
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary =
                    "Signs an operator in with the installation's secret and a one-time code that was not used before.")
    public Issued issue(InputStream body) {
        JsonBody given = JsonBody.read(body, Set.of("secret", "code"));
        String operator = door.signIn(
                Objects.requireNonNullElse(given.text("secret"), ""),
                Objects.requireNonNullElse(given.text("code"), ""));
        return new Issued(tokens.issue(operator), "Bearer", AdminTokens.LIFETIME.toSeconds());
    }
}
