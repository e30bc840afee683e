package com.smashcost.access.control;

import com.smashcost.secret.control.Environment;
import com.smashcost.secret.control.MasterKeys;
import com.smashcost.secret.control.SettingRefused;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs portal cookies, and opens only what it signed.
 *
 * <p>The text is base64url, without padding, of {@code version (1) | key id (4) | session id (16) | expiry in Unix seconds (8)
 * | HMAC-SHA256 of all before it (32)}. The signing key is derived from {@code SMASHCOST_SESSION_SECRET}; the key id tells
 * cookies of an earlier secret from forgeries without saying anything about either secret.
 */
public final class SessionSeal {

    private static final String SETTING = "SMASHCOST_SESSION_SECRET";
    private static final int LEAST_SECRET = 32;
    private static final byte VERSION = 1;
    private static final int KEY_ID = 4;
    private static final int SIGNED = 1 + KEY_ID + SessionCookie.SID + Long.BYTES;
    private static final int LENGTH = SIGNED + 32;
    private static final int TEXT_LENGTH = (LENGTH * 8 + 5) / 6;

    private final SecretKeySpec key;
    private final byte[] keyId;

    private SessionSeal(byte[] secret) {
        this.key = new SecretKeySpec(MasterKeys.hkdf(secret, "session"), "HmacSHA256");
        this.keyId = Arrays.copyOf(MasterKeys.hkdf(secret, "session-key-id"), KEY_ID);
    }

    /**
     * The seal under the configured secret.
     *
     * @throws SettingRefused if the secret is missing or shorter than 32 bytes
     */
    public static SessionSeal from(Environment environment) {
        byte[] secret = environment.require(SETTING).getBytes(StandardCharsets.UTF_8);
        if (secret.length < LEAST_SECRET) {
            throw new SettingRefused(SETTING, "must have at least " + LEAST_SECRET + " bytes");
        }
        return new SessionSeal(secret);
    }

    /**
     * Refuses an environment that sessions cannot be signed in.
     *
     * @throws SettingRefused if the secret is missing or shorter than 32 bytes
     */
    public static void check(Environment environment) {
        from(environment);
    }

    /** The cookie's text. */
    public String seal(SessionCookie cookie) {
        byte[] signed = ByteBuffer.allocate(SIGNED)
                .put(VERSION)
                .put(keyId)
                .put(cookie.sid())
                .putLong(cookie.expiresAt().getEpochSecond())
                .array();
        byte[] whole = Arrays.copyOf(signed, LENGTH);
        System.arraycopy(hmac(signed), 0, whole, SIGNED, LENGTH - SIGNED);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
    }

    /**
     * The cookie in this text; empty if it was not signed here, differs in any bit, is written in any other than its one
     * canonical form, or has expired.
     */
    public Optional<SessionCookie> open(@Nullable String text, Instant now) {
        if (text == null || text.length() != TEXT_LENGTH) {
            return Optional.empty();
        }
        byte[] whole;
        try {
            whole = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
        // the decoder ignores unused bits of the last character, so several texts decode to the same bytes; one is ours
        if (whole.length != LENGTH
                || !Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(whole)
                        .equals(text)) {
            return Optional.empty();
        }
        byte[] signed = Arrays.copyOf(whole, SIGNED);
        if (!MessageDigest.isEqual(hmac(signed), Arrays.copyOfRange(whole, SIGNED, LENGTH))) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(signed);
        byte[] signedUnder = new byte[KEY_ID];
        byte[] sid = new byte[SessionCookie.SID];
        byte version = in.get();
        in.get(signedUnder).get(sid);
        if (version != VERSION || !Arrays.equals(signedUnder, keyId)) {
            return Optional.empty();
        }
        SessionCookie cookie = new SessionCookie(sid, Instant.ofEpochSecond(in.getLong()));
        return now.isBefore(cookie.expiresAt()) ? Optional.of(cookie) : Optional.empty();
    }

    private byte[] hmac(byte[] message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
