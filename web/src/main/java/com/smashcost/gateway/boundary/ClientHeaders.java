package com.smashcost.gateway.boundary;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The headers of a client that are meant for its provider. All others end here. */
final class ClientHeaders {

    private static final List<String> FOR_PROVIDERS = List.of("openai-beta", "anthropic-version", "anthropic-beta");

    private ClientHeaders() {}

    /** Those that were sent, by lower-case name; several of a name as one list. */
    static Map<String, String> of(HttpServletRequest request) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : FOR_PROVIDERS) {
            List<String> values = Collections.list(request.getHeaders(name));
            if (!values.isEmpty()) {
                headers.put(name, String.join(",", values));
            }
        }
        return headers;
    }
}
