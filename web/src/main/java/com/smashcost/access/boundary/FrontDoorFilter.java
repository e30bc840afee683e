package com.smashcost.access.boundary;

import jakarta.inject.Inject;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;

/** Leads every request through the {@link FrontDoor}; the first filter of the chain. */
public class FrontDoorFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;

    @Inject
    private transient FrontDoor door;

    @SuppressWarnings("NullAway.Init")
    public FrontDoorFilter() {}

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String path = OpenPaths.of(request);
        if (request.getDispatcherType() == DispatcherType.ERROR) {
            door.setHeaders(path, request, response);
            chain.doFilter(request, response);
        } else if (door.admits(request, response)) {
            boolean pages = path.startsWith("/portal/") || path.startsWith(OpenPaths.RESOURCES);
            chain.doFilter(request, pages ? new OurHeaders(response) : response);
        }
    }

    /**
     * A response of Faces, which would set two headers in its own way: it adds a page's content policy to the one that is there,
     * and their intersection breaks the page; and it lets browsers keep everything for a week.
     */
    private static final class OurHeaders extends HttpServletResponseWrapper {

        OurHeaders(HttpServletResponse response) {
            super(response);
        }

        @Override
        public void addHeader(String name, String value) {
            if (name.equalsIgnoreCase(SecurityHeaders.POLICY)) {
                super.setHeader(name, value);
            } else {
                super.addHeader(name, value);
            }
        }

        @Override
        public void setHeader(String name, String value) {
            if (!name.equalsIgnoreCase("Cache-Control") && !name.equalsIgnoreCase("Expires")) {
                super.setHeader(name, value);
            }
        }
    }
}
