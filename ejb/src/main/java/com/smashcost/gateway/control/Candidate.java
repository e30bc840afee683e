package com.smashcost.gateway.control;

import java.net.URI;
import java.util.Map;

/**
 * A model that may serve a request, and what it would be sent.
 *
 * @param clientHeaders what may go on of what the client sent, by lower-case name
 */
record Candidate(Target target, Outbound outbound, URI uri, boolean stream, Map<String, String> clientHeaders) {

    String provider() {
        return target.provider().id();
    }

    String model() {
        return target.traits().model();
    }
}
