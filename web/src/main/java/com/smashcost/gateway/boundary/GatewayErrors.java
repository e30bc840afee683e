package com.smashcost.gateway.boundary;

import com.smashcost.admission.control.SlidingWindow.Permit;
import com.smashcost.gateway.control.Gateway.RateLimited;
import com.smashcost.gateway.control.RateLimitHeaders;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Dialects;
import com.smashcost.refusal.control.Refusal;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says in the OpenAI dialect why a request was refused. */
@Provider
public class GatewayErrors implements ExceptionMapper<Throwable> {

    private static final Logger LOG = System.getLogger(GatewayErrors.class.getName());

    @Context
    @SuppressWarnings("NullAway.Init")
    private UriInfo uri;

    @Override
    public Response toResponse(Throwable problem) {
        return of(problem, uri.getPath().startsWith("messages") ? Dialect.ANTHROPIC_MESSAGES : Dialect.OPENAI_CHAT);
    }

    /** The response to this problem for a client of this dialect. */
    static Response of(Throwable problem, Dialect route) {
        return new GatewayErrors.Speaking(route).of(problem);
    }

    /** Tells of problems in one dialect. */
    private record Speaking(Dialect route) {

        Response of(Throwable problem) {
            return switch (problem) {
                case Refusal refusal -> of(refusal);
                case RateLimited limited -> of(limited);
                case WebApplicationException http -> of(http);
                default -> {
                    LOG.log(
                            Level.ERROR,
                            "a request failed: {0}",
                            problem.getClass().getName());
                    yield error(500, "internal_error", "The gateway failed; the request may be sent again.", null)
                            .build();
                }
            };
        }

        private Response of(Refusal refusal) {
            String code = refusal.code();
            String message = refusal.explanation();
            return switch (refusal) {
                case Refusal.BadRequest it ->
                    error(400, code, message, it.param()).build();
                case Refusal.Unauthenticated it ->
                    error(401, code, message, null)
                            .header("WWW-Authenticate", "Bearer")
                            .build();
                case Refusal.Forbidden it -> error(403, code, message, null).build();
                case Refusal.NotFound it -> error(404, code, message, null).build();
                case Refusal.Conflict it -> error(409, code, message, null).build();
                case Refusal.TooLarge it ->
                    error(413, code, message, null)
                            .header("Connection", "close")
                            .build();
                case Refusal.TooManyRequests it -> retryLater(error(429, code, message, null), it.retryAfter());
                case Refusal.OverBudget it -> of(it);
                case Refusal.UpstreamFailed it ->
                    error(it.status(), code, message, null).build();
                case Refusal.Unavailable it -> retryLater(error(503, code, message, null), it.retryAfter());
            };
        }

        private Response of(RateLimited limited) {
            Permit permit = limited.permit();
            Map<String, String> headers = new LinkedHashMap<>();
            RateLimitHeaders.put(permit, headers);
            Response.ResponseBuilder response = error(
                    429,
                    "rate_limit_exceeded",
                    "Your organisation's limit of " + permit.limit() + " requests in 60 seconds is reached.",
                    null);
            headers.forEach(response::header);
            return retryLater(response, permit.reset());
        }

        /** Many SDKs would try again at once, which helps only where other requests are about to end. */
        private Response of(Refusal.OverBudget over) {
            Response.ResponseBuilder response = error(429, over.code(), over.explanation(), null)
                    .header("X-SmashCost-Budget", over.budget())
                    .header("X-SmashCost-Budget-Reset", over.reset());
            if (!over.isRetryable()) {
                response.header("x-should-retry", "false");
            }
            return retryLater(response, over.retryAfter());
        }

        private Response of(WebApplicationException http) {
            int status = http.getResponse().getStatus();
            return switch (status) {
                case 404 ->
                    error(404, "unknown_url", "There is no such route on this gateway.", null)
                            .build();
                case 405 ->
                    error(405, "method_not_allowed", "This route does not take this method.", null)
                            .build();
                default ->
                    error(status, "invalid_request", "The request cannot be handled.", null)
                            .build();
            };
        }

        private static Response retryLater(Response.ResponseBuilder response, Duration wait) {
            long millis = Math.max(1, wait.plusNanos(999_999).toMillis()); // a millisecond too early is refused again
            return response.header("Retry-After", (millis + 999) / 1000)
                    .header("retry-after-ms", millis)
                    .build();
        }

        private Response.ResponseBuilder error(int status, String code, String message, @Nullable String param) {
            byte[] body = Dialects.errorBody(route, status, code, message, param, "");
            return Response.status(status)
                    .type("application/json")
                    .header("Content-Length", body.length)
                    .entity(body);
        }
    }
}
