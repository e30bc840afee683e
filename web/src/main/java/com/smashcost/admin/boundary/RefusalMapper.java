package com.smashcost.admin.boundary;

import com.smashcost.refusal.control.Refusal;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.time.Duration;

/** Answers refusals with what they say. */
public class RefusalMapper implements ExceptionMapper<Refusal> {

    @Override
    public Response toResponse(Refusal refusal) {
        return response(refusal);
    }

    static Response response(Refusal refusal) {
        Response.ResponseBuilder response = Problem.of(refusal).response();
        if (refusal instanceof Refusal.Unauthenticated) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        Duration later = Problem.retryAfter(refusal);
        if (later != null) {
            response.header(HttpHeaders.RETRY_AFTER, Math.max(1, later.toSeconds()));
        }
        return response.build();
    }
}
