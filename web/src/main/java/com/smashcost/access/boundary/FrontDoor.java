package com.smashcost.access.boundary;

import com.smashcost.access.control.PublicUrl;
import com.smashcost.secret.control.Environment;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * What every request meets before anything else looks at it: the headers of its response, the paths that answer at all, and
 * the same-origin check of what a browser's session can do.
 *
 * <p>The container authenticates before it filters, so both the mechanism and the filter ask; the first one decides.
 */
@ApplicationScoped
public class FrontDoor {

    private static final String ADMITTED = FrontDoor.class.getName() + ".admitted";

    @Inject
    private Environment environment;

    @SuppressWarnings("NullAway.Init")
    private SecurityHeaders headers;

    @SuppressWarnings("NullAway.Init")
    private SameOrigin sameOrigin;

    @SuppressWarnings("NullAway.Init")
    private OpenPaths open;

    @PostConstruct
    void build() {
        headers = new SecurityHeaders(environment.isProduction());
        sameOrigin = new SameOrigin(PublicUrl.from(environment));
        open = new OpenPaths(
                Integer.parseInt(environment.find("SMASHCOST_ADMIN_PORT").orElse("0")));
    }

    /** Whether the request may go on; if not, it was answered. */
    boolean admits(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getAttribute(ADMITTED) != null) {
            return true;
        }
        String path = OpenPaths.of(request);
        setHeaders(path, request, response);
        if (!open.answer(path, request.getLocalPort())) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return false;
        }
        if (path.startsWith("/portal") && !sameOrigin.allows(request)) {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
            return false;
        }
        request.setAttribute(ADMITTED, true);
        return true;
    }

    /** Sets the headers anew, for instance after an error reset the response. */
    void setHeaders(String path, HttpServletRequest request, HttpServletResponse response) {
        String query = request.getQueryString();
        headers.set(path, query != null && (query.startsWith("v=") || query.contains("&v=")), response);
    }
}
