package com.smashcost.access.boundary;

import com.smashcost.access.control.PublicUrl;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * Tells whether a request that may change something comes from one of our own pages. A browser says so in two headers that
 * pages cannot set; whoever sends neither is not a page of ours.
 */
final class SameOrigin {

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    private final Set<String> origins;

    SameOrigin(PublicUrl url) {
        this.origins = url.origins();
    }

    boolean allows(HttpServletRequest request) {
        return allows(
                request.getMethod(),
                Collections.list(request.getHeaders("Origin")),
                Collections.list(request.getHeaders("Sec-Fetch-Site")));
    }

    /** Whether a request with this method and these values of both headers may pass. */
    boolean allows(String method, List<String> origin, List<String> fetchSite) {
        if (SAFE.contains(method)) {
            return true;
        }
        boolean ours = origin.size() == 1 && origins.contains(origin.getFirst());
        boolean denied = !fetchSite.isEmpty() && !fetchSite.equals(List.of("same-origin"));
        return ours && !denied;
    }
}
