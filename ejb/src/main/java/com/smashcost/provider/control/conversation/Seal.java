package com.smashcost.provider.control.conversation;

import com.smashcost.provider.control.Dialect;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a provider gave along with a thought or a tool call and wants back unchanged: a signature, or encrypted thoughts. It
 * travels through clients of other dialects as an opaque text, because the gateway keeps nothing, and never goes to another
 * provider than the one it came from.
 *
 * @param dialect of the provider that made it
 * @param kind what it is in that dialect: a short name of lower-case letters, such as {@code signature} or {@code redacted}
 * @param value as the provider sent it
 */
public record Seal(Dialect dialect, String kind, String value) {

    private static final String PREFIX = "sc1-";
    /** Stands for a signature where a provider gave none and the client's dialect wants one. */
    public static final String UNSIGNED = PREFIX + "unsigned";

    /** Stands for what a citation's own provider would have put there. */
    public static final String FOREIGN_CITATION = PREFIX + "citation";

    private static final String IN_ID = "__sc1-";
    private static final byte[] MARK = PREFIX.getBytes(StandardCharsets.US_ASCII);
    private static final byte[][] NAMES = Stream.concat(
                    Arrays.stream(Dialect.values()).map(dialect -> name(dialect) + "-"),
                    Stream.of(UNSIGNED, FOREIGN_CITATION).map(mark -> mark.substring(PREFIX.length())))
            .map(name -> name.getBytes(StandardCharsets.US_ASCII))
            .toArray(byte[][]::new);

    /** An opaque text of letters, digits, {@code -} and {@code _} for clients to carry. */
    public String text() {
        byte[] value = this.value.getBytes(StandardCharsets.UTF_8);
        return PREFIX + name(dialect) + "-" + kind + "-"
                + Base64.getUrlEncoder().withoutPadding().encodeToString(value);
    }

    private static String name(Dialect dialect) {
        return dialect.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether a text is one that we gave in place of a provider's. */
    public static boolean isOurs(String text) {
        return text.startsWith(PREFIX);
    }

    /** The seal in a text that {@link #text} made; empty for any other text. */
    public static Optional<Seal> parse(@Nullable String text) {
        if (text == null || !text.startsWith(PREFIX)) {
            return Optional.empty();
        }
        for (Dialect dialect : Dialect.values()) {
            String start = PREFIX + name(dialect) + "-";
            int kindEnd = text.indexOf('-', start.length());
            if (text.startsWith(start) && kindEnd > 0) {
                return decode(dialect, text.substring(start.length(), kindEnd), text.substring(kindEnd + 1));
            }
        }
        return Optional.empty();
    }

    /** A tool call's id that carries its seal, for clients that return ids and drop all else. */
    public static String join(String id, @Nullable Seal seal) {
        return seal == null ? id : id + "__" + seal.text();
    }

    /** The id without the seal that {@link #join} put into it. */
    public static String idOf(String joined) {
        int at = joined.indexOf(IN_ID);
        return at < 0 ? joined : joined.substring(0, at);
    }

    /** The seal that {@link #join} put into an id; empty if there is none. */
    public static Optional<Seal> sealOf(String joined) {
        int at = joined.indexOf(IN_ID);
        return at < 0 ? Optional.empty() : parse(joined.substring(at + 2));
    }

    /** Whether a body holds a seal or one of our other marks anywhere: then it was written for another provider than the one that may get it now. */
    public static boolean isIn(byte[] body) {
        int last = body.length - MARK.length;
        for (int i = 0; i <= last; i++) {
            if (body[i] == MARK[0]
                    && Arrays.equals(body, i, i + MARK.length, MARK, 0, MARK.length)
                    && isNamed(body, i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNamed(byte[] body, int at) {
        int from = at + MARK.length;
        for (byte[] name : NAMES) {
            if (from + name.length <= body.length
                    && Arrays.equals(body, from, from + name.length, name, 0, name.length)) {
                return true;
            }
        }
        return false;
    }

    private static Optional<Seal> decode(Dialect dialect, String kind, String value) {
        try {
            return Optional.of(
                    new Seal(dialect, kind, new String(Base64.getUrlDecoder().decode(value), StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "Seal[" + dialect + " " + kind + "]";
    }
}
