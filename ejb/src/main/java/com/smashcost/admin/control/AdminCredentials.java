package com.smashcost.admin.control;

import com.smashcost.secret.control.Environment;
import com.smashcost.secret.control.SettingRefused;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** The two things that an operator must have: the secret of the installation and the code of the moment. */
public final class AdminCredentials {

    private static final String SECRET = "SMASHCOST_ADMIN_SECRET";
    private static final String TOTP = "SMASHCOST_ADMIN_TOTP";
    private static final int SHORTEST_IN_PRODUCTION = 16;

    private final byte[] secretHash;
    private final OneTimeCodes codes;

    private AdminCredentials(byte[] secretHash, OneTimeCodes codes) {
        this.secretHash = secretHash;
        this.codes = codes;
    }

    /**
     * The credentials that are configured; empty if one of the two is not, which turns the panel and its API off.
     *
     * @throws SettingRefused if one of them is malformed
     */
    public static Optional<AdminCredentials> from(Environment environment) {
        Optional<String> secret = environment.find(SECRET);
        Optional<OneTimeCodes> codes = environment.find(TOTP).map(AdminCredentials::codes);
        if (secret.isPresent() && secret.get().length() < SHORTEST_IN_PRODUCTION && environment.isProduction()) {
            throw new SettingRefused(SECRET, "must have at least " + SHORTEST_IN_PRODUCTION + " characters");
        }
        return secret.flatMap(text -> codes.map(known -> new AdminCredentials(hash(text), known)));
    }

    /**
     * Stops a start with malformed credentials.
     *
     * @throws SettingRefused if one of them is malformed
     */
    public static void check(Environment environment) {
        from(environment);
    }

    /** The step of the code if both are right; empty, after the same time, if either is wrong. */
    OptionalLong prove(String secret, String code, Instant now) {
        boolean known = MessageDigest.isEqual(secretHash, hash(secret));
        OptionalLong step = codes.step(code, now);
        return known ? step : OptionalLong.empty();
    }

    private static OneTimeCodes codes(String base32) {
        try {
            return OneTimeCodes.ofBase32(base32);
        } catch (IllegalArgumentException e) {
            throw new SettingRefused(TOTP, "must be Base32 of at least 10 bytes");
        }
    }

    /** Of one length for secrets of any length, so that comparing them tells nothing of theirs. */
    private static byte[] hash(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
