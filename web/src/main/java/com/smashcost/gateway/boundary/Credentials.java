package com.smashcost.gateway.boundary;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/** Finds the gateway key of a request, in whichever header its client sends it. */
final class Credentials {

    private static final String BEARER = "Bearer ";

    private Credentials() {}

    /** The key as sent; null if there is none. */
    static @Nullable String of(HttpServletRequest request) {
        String authorization = request.getHeader("Authorization");
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return authorization.substring(BEARER.length()).strip();
        }
        return request.getHeader("x-api-key");
    }
}
