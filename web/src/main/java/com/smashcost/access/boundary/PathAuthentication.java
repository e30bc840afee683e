package com.smashcost.access.boundary;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.Priority;
import jakarta.annotation.security.DeclareRoles;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.security.enterprise.AuthenticationException;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;

/**
 * The application's one authentication mechanism: it hands each request to the {@link Carrier} of its path. What has no carrier,
 * the gateway for instance, is nobody's here and authenticates by itself.
 */
@Alternative
@Priority(1)
@ApplicationScoped
@DeclareRoles({"operator", "auditor", "member", "owner", "admin", "viewer"})
public class PathAuthentication implements HttpAuthenticationMechanism {

    @Inject
    private FrontDoor door;

    @Inject
    @Any
    private Instance<Carrier> installed;

    @SuppressWarnings("NullAway.Init")
    private List<Carrier> carriers;

    @PostConstruct
    void order() {
        carriers = installed.stream()
                .sorted(Comparator.comparingInt(
                                (Carrier carrier) -> carrier.prefix().length())
                        .reversed())
                .toList();
    }

    @Override
    public AuthenticationStatus validateRequest(
            HttpServletRequest request, HttpServletResponse response, HttpMessageContext context)
            throws AuthenticationException {
        try {
            if (!door.admits(request, response)) {
                return AuthenticationStatus.SEND_FAILURE;
            }
        } catch (IOException e) {
            throw new AuthenticationException(e);
        }
        String path = OpenPaths.of(request);
        for (Carrier carrier : carriers) {
            if (path.startsWith(carrier.prefix())) {
                return carrier.authenticate(request, response, context);
            }
        }
        return context.doNothing();
    }
}
