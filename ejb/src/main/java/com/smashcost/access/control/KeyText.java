package com.smashcost.access.control;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A gateway key as its owner holds it: {@code sc_}, a public id of 8, a secret of 30 and a check of 6 base62 characters. The
 * check is the CRC-32 of all before it, so a mistyped key is refused without looking anything up.
 */
public final class KeyText {

    private static final String PREFIX = "sc_";
    private static final int ID = 8;
    private static final int SECRET = 30;
    private static final int CHECK = 6;
    private static final int LENGTH = PREFIX.length() + ID + SECRET + CHECK;
    private static final String BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String text;

    private KeyText(String text) {
        this.text = text;
    }

    /** A new key with about 178 bits of secret. */
    public static KeyText mint() {
        StringBuilder text = new StringBuilder(LENGTH).append(PREFIX);
        for (int i = 0; i < ID + SECRET; i++) {
            text.append(BASE62.charAt(RANDOM.nextInt(BASE62.length())));
        }
        return new KeyText(text.append(check(text)).toString());
    }

    /** The key in this text; empty if its form or its check is wrong, or there is no text. */
    public static Optional<KeyText> parse(@Nullable String text) {
        if (text == null || text.length() != LENGTH || !text.startsWith(PREFIX)) {
            return Optional.empty();
        }
        for (int i = PREFIX.length(); i < LENGTH; i++) {
            if (BASE62.indexOf(text.charAt(i)) < 0) {
                return Optional.empty();
            }
        }
        String check = check(text.substring(0, LENGTH - CHECK));
        return text.endsWith(check) ? Optional.of(new KeyText(text)) : Optional.empty();
    }

    /** The part that may be shown and looked up by. */
    public String publicId() {
        return text.substring(PREFIX.length(), PREFIX.length() + ID);
    }

    /** The whole key; shown to its owner once and never stored. */
    public String reveal() {
        return text;
    }

    byte[] bytes() {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String check(CharSequence text) {
        CRC32 crc = new CRC32();
        for (int i = 0; i < text.length(); i++) {
            crc.update(text.charAt(i));
        }
        char[] check = new char[CHECK];
        long rest = crc.getValue();
        for (int i = CHECK - 1; i >= 0; i--) {
            check[i] = BASE62.charAt((int) (rest % BASE62.length()));
            rest /= BASE62.length();
        }
        return new String(check);
    }

    @Override
    public String toString() {
        return PREFIX + publicId() + "…";
    }
}
