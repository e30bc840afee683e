package com.smashcost.admin.boundary;

import com.smashcost.refusal.control.Refusal;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong, for programs and for people (RFC 9457).
 *
 * @param title the HTTP status in words
 * @param code what is wrong, as a stable word
 * @param param the field at fault; null if it is none, or not one
 */
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        String code,
        @Nullable String param) {

    static final String MEDIA_TYPE = "application/problem+json";

    static Problem of(int status, String code, String detail, @Nullable String param) {
        Response.Status known = Response.Status.fromStatusCode(status);
        return new Problem(
                "about:blank", known == null ? "Error" : known.getReasonPhrase(), status, detail, code, param);
    }

    static Problem of(Refusal refusal) {
        return of(
                status(refusal),
                refusal.code(),
                refusal.explanation(),
                refusal instanceof Refusal.BadRequest bad ? bad.param() : null);
    }

    /** What the JAX-RS runtime refuses by itself, in our words. */
    static Problem of(WebApplicationException refused) {
        int status = refused.getResponse().getStatus();
        return switch (status) {
            case 400 -> of(status, "bad_request", "The request cannot be read.", null);
            case 401 -> of(status, "invalid_token", "Send a token of POST /admin/api/token.", null);
            case 403 -> of(status, "operators_only", "This is for operators only.", null);
            case 404 -> of(status, "not_found", "There is nothing at this path.", null);
            case 405 -> of(status, "method_not_allowed", "The method is not for this path.", null);
            case 406 -> of(status, "not_acceptable", "Answers are application/json.", null);
            case 415 -> of(status, "unsupported_media_type", "Send application/json.", null);
            default -> of(status, "http_" + status, "The request was not served.", null);
        };
    }

    static int status(Refusal refusal) {
        return switch (refusal) {
            case Refusal.BadRequest bad -> 400;
            case Refusal.Unauthenticated unknown -> 401;
            case Refusal.Forbidden known -> 403;
            case Refusal.NotFound missing -> 404;
            case Refusal.Conflict present -> 409;
            case Refusal.TooLarge large -> 413;
            case Refusal.TooManyRequests often -> 429;
            case Refusal.OverBudget over -> 429;
            case Refusal.UpstreamFailed upstream -> upstream.status();
            case Refusal.Unavailable later -> 503;
        };
    }

    static @Nullable Duration retryAfter(Refusal refusal) {
        return switch (refusal) {
            case Refusal.TooManyRequests often -> often.retryAfter();
            case Refusal.OverBudget over -> over.retryAfter();
            case Refusal.Unavailable later -> later.retryAfter();
            default -> null;
        };
    }

    Response.ResponseBuilder response() {
        return Response.status(status).type(MEDIA_TYPE).entity(this);
    }
}
