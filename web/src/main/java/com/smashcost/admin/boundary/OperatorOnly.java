package com.smashcost.admin.boundary;

import com.smashcost.admin.control.SignIn;
import com.smashcost.audit.entity.Actor;
import com.smashcost.refusal.control.Refusal;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;

/**
 * Lets operators through to every route of the admin API, and everybody to the one where they sign in. It comes before the
 * container looks at the roles that the resources name, so that refusals are in our words.
 */
@ApplicationScoped
@Priority(Priorities.AUTHENTICATION)
public class OperatorOnly implements ContainerRequestFilter {

    @Inject
    private SignIn door;

    @Override
    public void filter(ContainerRequestContext request) {
        if (!door.isOpen()) {
            throw SignIn.off();
        }
        if (!request.getUriInfo().getPath().equals(TokenResource.PATH)) {
            check(request.getSecurityContext());
        }
    }

    /** The operator who calls. */
    static Actor caller(SecurityContext security) {
        return Actor.operator(check(security).getName());
    }

    private static Principal check(SecurityContext security) {
        Principal caller = security.getUserPrincipal();
        if (caller == null) {
            throw new Refusal.Unauthenticated(
                    "invalid_token", "Send a token that POST /admin/api/token gave less than 30 minutes ago.");
        }
        if (!security.isUserInRole(AdminApplication.OPERATOR)) {
            throw new Refusal.Forbidden("operators_only", "This is for operators only.");
        }
        return caller;
    }
}
