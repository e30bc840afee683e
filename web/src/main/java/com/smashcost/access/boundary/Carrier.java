package com.smashcost.access.boundary;

import jakarta.security.enterprise.AuthenticationException;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** One way in which the requests under a path prove who sends them: a cookie, a bearer token. */
public interface Carrier {

    /** The beginning of the dispatched paths that this carrier answers for; of several that fit, the longest wins. */
    String prefix();

    /** Tells the container who the caller is, or refuses, or lets an unprotected request pass as nobody's. */
    AuthenticationStatus authenticate(
            HttpServletRequest request, HttpServletResponse response, HttpMessageContext context)
            throws AuthenticationException;
}
