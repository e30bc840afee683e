package com.smashcost.gateway.boundary;

import com.smashcost.refusal.control.Refusal;
import com.smashcost.routing.control.Router.Wish;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads how a client wants its request to be routed; none of it is stored or sent to a provider. */
final class RoutingHeaders {

    private static final String OVERRIDE = "X-SmashCost-Override";
    private static final String SESSION = "X-SmashCost-Session";
    private static final int LONGEST = 256;

    private RoutingHeaders() {}

    /**
     * @throws Refusal.BadRequest if the override is neither true nor false, or the session is too long or holds control characters
     */
    static Wish read(HttpServletRequest request) {
        boolean override = override(request.getHeader(OVERRIDE));
        String session = session(request.getHeader(SESSION));
        return override || session != null ? new Wish(override, session) : Wish.NONE;
    }

    private static boolean override(@Nullable String value) {
        if (value == null) {
            return false;
        }
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false", "" -> false;
            default ->
                throw new Refusal.BadRequest(
                        "invalid_override", "The header " + OVERRIDE + " is true or false.", OVERRIDE);
        };
    }

    private static @Nullable String session(@Nullable String value) {
        if (value == null || value.isBlank()) {
            return null;
        }
        String session = value.strip();
        if (session.length() > LONGEST || session.chars().anyMatch(c -> c < 0x20 || c == 0x7F)) {
            throw new Refusal.BadRequest(
                    "invalid_session",
                    "The header " + SESSION + " has at most " + LONGEST
                            + " characters, none of them control characters.",
                    SESSION);
        }
        return session;
    }
}
