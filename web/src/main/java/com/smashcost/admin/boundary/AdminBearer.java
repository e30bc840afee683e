package com.smashcost.admin.boundary;

import com.smashcost.access.boundary.Carrier;
import com.smashcost.admin.control.SignIn;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Knows the callers of the admin API by their bearer tokens (RFC 6750). A request without a good token goes on as nobody's, and
 * {@link OperatorOnly} refuses it in the API's own words.
 */
@ApplicationScoped
public class AdminBearer implements Carrier {

    private static final String SCHEME = "bearer ";

    @Inject
    private AdminTokens tokens;

    @Inject
    private SignIn door;

    @Override
    public String prefix() {
        return AdminApplication.ROOT + "/";
    }

    @Override
    public AuthenticationStatus authenticate(
            HttpServletRequest request, HttpServletResponse response, HttpMessageContext context) {
        Optional<OperatorToken> operator = token(request.getHeader("Authorization"))
                .filter(text -> door.isOpen())
                .flatMap(tokens::verify);
        if (operator.isEmpty()) {
            return context.doNothing();
        }
        return context.notifyContainerAboutLogin(operator.get(), operator.get().getGroups());
    }

    static Optional<String> token(@Nullable String authorization) {
        return Optional.ofNullable(authorization)
                .filter(header -> header.toLowerCase(Locale.ROOT).startsWith(SCHEME))
                .map(header -> header.substring(SCHEME.length()).strip());
    }
}
