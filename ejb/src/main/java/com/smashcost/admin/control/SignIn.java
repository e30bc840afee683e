package com.smashcost.admin.control;

import com.smashcost.refusal.control.Refusal;
import com.smashcost.secret.control.Environment;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Optional;

/** The operator's door: opens to the secret together with a code that was never used, and says nothing else. */
@ApplicationScoped
public class SignIn {

    /** The operator whose credentials are in the environment. */
    public static final String OPERATOR = "operator";

    @Inject
    private Environment environment;

    @Inject
    private SignInRecord attempts;

    private Optional<AdminCredentials> credentials = Optional.empty();

    @PostConstruct
    void read() {
        credentials = AdminCredentials.from(environment);
    }

    /** Whether there is a door at all. */
    public boolean isOpen() {
        return credentials.isPresent();
    }

    /**
     * The name of the operator who signs in.
     *
     * @throws Refusal with one and the same answer whatever was wrong
     */
    public String signIn(String secret, String code) {
        // codes are of the real time, which the authenticator goes by
        boolean admitted =
                attempts.settle(OPERATOR, credentials.orElseThrow(SignIn::off).prove(secret, code, Instant.now()));
        if (!admitted) {
            throw new Refusal.Unauthenticated("invalid_credentials", "The credentials were not accepted.");
        }
        return OPERATOR;
    }

    /** The refusal of everything while there is no door. */
    public static Refusal off() {
        return new Refusal.NotFound(
                "admin_disabled",
                "The admin API is off: SMASHCOST_ADMIN_SECRET and SMASHCOST_ADMIN_TOTP turn it on together.");
    }
}
