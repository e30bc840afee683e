package com.smashcost.portal.boundary;

import com.smashcost.secret.control.Environment;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;

/** What the pages ask of browsers and depends on the profile: their content policy, and cookies over TLS alone. */
@WebListener
public class BrowserRules implements ServletContextListener {

    /** PrimeFaces appends the nonce of the page's scripts, which is why these come last. Its styles are in attributes. */
    private static final String POLICY =
            "default-src 'none'; base-uri 'none'; object-src 'none'; frame-ancestors 'none';"
                    + " form-action 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self';"
                    + " style-src 'self' 'unsafe-inline'; %sscript-src 'self'";

    @Inject
    private Environment environment;

    @SuppressWarnings("NullAway.Init")
    public BrowserRules() {}

    @Override
    public void contextInitialized(ServletContextEvent event) {
        boolean production = environment.isProduction();
        ServletContext application = event.getServletContext();
        application.setInitParameter(
                "primefaces.CSP_POLICY", POLICY.formatted(production ? "upgrade-insecure-requests; " : ""));
        application.getSessionCookieConfig().setSecure(production);
    }
}
