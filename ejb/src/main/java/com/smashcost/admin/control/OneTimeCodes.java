package com.smashcost.admin.control;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Time-based one-time codes as authenticator apps make them (RFC 6238): HMAC-SHA-1, six digits, a new one every 30 seconds. */
public final class OneTimeCodes {

    private static final long STEP = Duration.ofSeconds(30).toSeconds();
    private static final int WINDOW = 1;
    private static final int DIGITS = 6;
    private static final int MODULUS = 1_000_000;
    private static final int SHORTEST_SECRET = 10;
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private final SecretKeySpec secret;

    OneTimeCodes(byte[] secret) {
        this.secret = new SecretKeySpec(secret, "HmacSHA1");
    }

    /**
     * The codes of a secret in Base32 (RFC 4648), in either case, with or without padding and blanks between groups.
     *
     * @throws IllegalArgumentException if it is not Base32, or of fewer than ten bytes
     */
    static OneTimeCodes ofBase32(String text) {
        String digits = text.replace(" ", "").replace("=", "");
        ByteBuffer bytes = ByteBuffer.allocate(digits.length() * 5 / 8);
        int bits = 0;
        int held = 0;
        for (int i = 0; i < digits.length(); i++) {
            int value = BASE32.indexOf(Character.toUpperCase(digits.charAt(i)));
            if (value < 0) {
                throw new IllegalArgumentException("not Base32");
            }
            bits = (bits << 5 | value) & 0xFFF;
            held += 5;
            if (held >= 8) {
                held -= 8;
                bytes.put((byte) (bits >>> held));
            }
        }
        if (bytes.capacity() < SHORTEST_SECRET) {
            throw new IllegalArgumentException("too short");
        }
        return new OneTimeCodes(bytes.array());
    }

    /**
     * The step whose code this is, of the present one and its two neighbours; empty if it is none of theirs. Takes the same time
     * whatever the code.
     */
    OptionalLong step(String code, Instant now) {
        byte[] given = code.getBytes(StandardCharsets.UTF_8);
        long present = Math.floorDiv(now.getEpochSecond(), STEP);
        long match = -1;
        for (long step = present - WINDOW; step <= present + WINDOW; step++) {
            if (MessageDigest.isEqual(at(step).getBytes(StandardCharsets.US_ASCII), given)) {
                match = step;
            }
        }
        return match < 0 ? OptionalLong.empty() : OptionalLong.of(match);
    }

    /** The code of this step, counted from 1970 (RFC 4226 §5.3). */
    String at(long step) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(secret);
            byte[] hash = mac.doFinal(ByteBuffer.allocate(8).putLong(step).array());
            int offset = hash[hash.length - 1] & 0xF;
            int number = ByteBuffer.wrap(hash).getInt(offset) & Integer.MAX_VALUE;
            String digits = Integer.toString(number % MODULUS);
            return "0".repeat(DIGITS - digits.length()) + digits;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA1", e);
        }
    }
}
