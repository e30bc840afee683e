package com.smashcost.access.control;

import com.smashcost.secret.control.InstallationSecrets;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.sql.SQLException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Turns gateway keys into the one-way hashes that are stored: HMAC-SHA256 under a secret that the database alone cannot show. */
@ApplicationScoped
public class Pepper {

    @Inject
    private InstallationSecrets secrets;

    @SuppressWarnings("NullAway.Init")
    private SecretKeySpec pepper;

    @PostConstruct
    void load() {
        try {
            pepper = new SecretKeySpec(
                    secrets.get("pepper", () -> {
                        byte[] fresh = new byte[32];
                        new SecureRandom().nextBytes(fresh);
                        return fresh;
                    }),
                    "HmacSHA256");
        } catch (SQLException e) {
            throw new IllegalStateException("the keys' pepper cannot be read from the database", e);
        }
    }

    /** The hash of this key, 32 bytes. */
    public byte[] hash(KeyText key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(pepper);
            return mac.doFinal(key.bytes());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
