package com.smashcost.portal.boundary;

import com.smashcost.access.control.PortalSessions;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;

/** Ends the session on the server and takes everything of it from the browser. */
@WebServlet("/portal/sign-out")
public class SignOut extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Inject
    private transient PortalSessions sessions;

    @Inject
    private transient PortalCookie cookie;

    @SuppressWarnings("NullAway.Init")
    public SignOut() {}

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        sessions.end(cookie.read(request));
        HttpSession session = request.getSession(false);
        if (session != null) {
            session.invalidate();
        }
        cookie.clear(response);
        response.setHeader("Clear-Site-Data", "\"cache\",\"cookies\",\"storage\"");
        // the theme is the browser's, not the member's, and would go with the rest
        String theme = Theme.of(request).map(chosen -> "?theme=" + chosen).orElse("");
        Redirect.to(Redirect.SIGN_IN + theme, request, response);
    }
}
