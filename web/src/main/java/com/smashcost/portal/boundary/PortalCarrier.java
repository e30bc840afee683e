package com.smashcost.portal.boundary;

import com.smashcost.access.boundary.Carrier;
import com.smashcost.access.control.PortalSessions;
import com.smashcost.access.control.SignInThrottle;
import com.smashcost.access.control.SignedInMember;
import com.smashcost.refusal.control.Refusal;
import jakarta.ejb.EJBException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.PersistenceException;
import jakarta.security.enterprise.AuthenticationException;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStoreHandler;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/** The portal's way of knowing who is there: a cookie, which a mail address and a password get. */
@ApplicationScoped
public class PortalCarrier implements Carrier {

    /** The request attribute under which the sign-in page finds why it was refused, where that is not the password. */
    static final String REFUSED = PortalCarrier.class.getName() + ".refused";

    /** The source of the requests by which a page refreshes itself. */
    static final String REFRESH = "refresh:poll";

    private static final Logger LOG = System.getLogger(PortalCarrier.class.getName());

    @Inject
    private PortalSessions sessions;

    @Inject
    private PortalCookie cookie;

    @Inject
    private SignInThrottle throttle;

    @Inject
    private IdentityStoreHandler stores;

    @Override
    public String prefix() {
        return "/portal";
    }

    @Override
    public AuthenticationStatus authenticate(
            HttpServletRequest request, HttpServletResponse response, HttpMessageContext context)
            throws AuthenticationException {
        try {
            if (context.getAuthParameters().getCredential() instanceof UsernamePasswordCredential credential) {
                return signIn(credential, request, response, context);
            }
            boolean active = !REFRESH.equals(request.getParameter("jakarta.faces.source"));
            Optional<SignedInMember> member = sessions.find(cookie.read(request), active);
            if (member.isPresent()) {
                return context.notifyContainerAboutLogin(
                        member.get(), member.get().groups());
            }
            if (!context.isProtected()) {
                return context.doNothing();
            }
            Redirect.to(Redirect.signInFor(Redirect.checked(asked(request))), request, response);
            return AuthenticationStatus.SEND_CONTINUE;
        } catch (EJBException | PersistenceException e) {
            return unavailable(e, response);
        } catch (IOException e) {
            throw new AuthenticationException(e);
        }
    }

    private AuthenticationStatus signIn(
            UsernamePasswordCredential credential,
            HttpServletRequest request,
            HttpServletResponse response,
            HttpMessageContext context) {
        String email = credential.getCaller();
        try {
            throttle.admit(email, request.getRemoteAddr());
            CredentialValidationResult result = stores.validate(credential);
            if (!(result.getCallerPrincipal() instanceof SignedInMember member)) {
                throttle.failed(email, request.getRemoteAddr());
                return AuthenticationStatus.SEND_FAILURE;
            }
            String text = sessions.open(member.memberId());
            throttle.succeeded(email, request.getRemoteAddr());
            // whatever this browser's container session held belongs to whoever was here before
            HttpSession before = request.getSession(false);
            if (before != null) {
                before.invalidate();
            }
            cookie.write(response, text);
            return context.notifyContainerAboutLogin(result);
        } catch (Refusal refusal) {
            request.setAttribute(REFUSED, refusal);
        } catch (EJBException | PersistenceException e) {
            log(e);
            request.setAttribute(
                    REFUSED,
                    new Refusal.Unavailable(
                            "database_unavailable",
                            "Signing in needs the database, which cannot be reached. The gateway goes on serving requests."
                                    + " Try again in a minute.",
                            Duration.ofMinutes(1)));
        }
        return AuthenticationStatus.SEND_FAILURE;
    }

    private static AuthenticationStatus unavailable(RuntimeException e, HttpServletResponse response)
            throws AuthenticationException {
        log(e);
        try {
            response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        } catch (IOException broken) {
            throw new AuthenticationException(broken);
        }
        return AuthenticationStatus.SEND_FAILURE;
    }

    private static void log(RuntimeException e) {
        LOG.log(
                Level.WARNING,
                "A portal session could not be looked up: {0}",
                e.getClass().getSimpleName());
    }

    private static String asked(HttpServletRequest request) {
        String query = request.getQueryString();
        String path = request.getServletPath();
        return "GET".equals(request.getMethod()) && query != null ? path + "?" + query : path;
    }
}
