package com.smashcost.access.boundary;

import jakarta.servlet.http.HttpServletResponse;

/** The headers that every response carries, each exactly once. */
final class SecurityHeaders {

    static final String POLICY = "Content-Security-Policy";

    /** The policy of what is not a page: it may do nothing and be shown nowhere. */
    static final String NO_CONTENT = "default-src 'none'; frame-ancestors 'none'";

    private static final String NO_DEVICES =
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), accelerometer=(),"
                    + " gyroscope=(), magnetometer=(), browsing-topics=(), clipboard-write=(self)";

    private final boolean production;

    SecurityHeaders(boolean production) {
        this.production = production;
    }

    /** Sets the headers of a response to this path; a page then replaces the content policy by its own. */
    void set(String path, boolean versioned, HttpServletResponse response) {
        response.setHeader(POLICY, NO_CONTENT);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Frame-Options", "DENY");
        // not no-referrer: under it browsers send "Origin: null" with our own forms
        response.setHeader("Referrer-Policy", "strict-origin-when-cross-origin");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        if (path.startsWith("/portal") || path.startsWith("/admin")) {
            response.setHeader("Permissions-Policy", NO_DEVICES);
        }
        response.setHeader(
                "Cache-Control",
                path.startsWith(OpenPaths.RESOURCES) && versioned ? "max-age=31536000, immutable" : "no-store");
        if (production) {
            response.setHeader("Strict-Transport-Security", "max-age=31536000");
        }
    }
}
