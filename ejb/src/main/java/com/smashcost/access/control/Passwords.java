package com.smashcost.access.control;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import com.smashcost.refusal.control.Refusal;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Members' passwords as bcrypt hashes.
 *
 * <p>A hash takes about half a second of a core by intent. One is computed at a time and a few may wait, so that a storm of
 * sign-ins cannot take the processor away from the gateway.
 */
@ApplicationScoped
public class Passwords {

    /** bcrypt reads no more than this many bytes, so a longer password is refused rather than cut. */
    public static final int MOST_BYTES = 72;

    /** The fewest code points of a password. */
    public static final int LEAST = 8;

    private static final int COST = 12;
    private static final int QUEUE = 20;

    /** The hash of something nobody knows, checked where there is none, so that a guess takes as long either way. */
    private static final byte[] NOBODYS =
            "$2b$12$c8CnU/NQPZhVyvKg0RGpUOARS2wyWcFkBwxoso68cfn/egzdPZe/.".getBytes(StandardCharsets.US_ASCII);

    private final int cost;
    private final Semaphore turn = new Semaphore(1, true);
    private final AtomicInteger present = new AtomicInteger();

    public Passwords() {
        this(COST);
    }

    Passwords(int cost) {
        this.cost = cost;
    }

    /**
     * The bcrypt hash of a new password, {@code $2b$12$…}.
     *
     * @throws Refusal.BadRequest if the password is too short or too long
     * @throws Refusal.TooManyRequests if too many others wait for theirs
     */
    public String hash(String password) {
        if (password.codePointCount(0, password.length()) < LEAST) {
            throw new Refusal.BadRequest(
                    "password_too_short", "A password has at least " + LEAST + " characters.", "password");
        }
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MOST_BYTES) {
            throw new Refusal.BadRequest(
                    "password_too_long", "A password has at most " + MOST_BYTES + " bytes in UTF-8.", "password");
        }
        if (password.indexOf('\0') >= 0) {
            throw new Refusal.BadRequest(
                    "password_invalid", "A password cannot hold the character U+0000.", "password");
        }
        try {
            return inTurn(() ->
                    new String(BCrypt.with(BCrypt.Version.VERSION_2B).hash(cost, bytes), StandardCharsets.US_ASCII));
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /**
     * Whether this is the password with that hash; takes as long when there is no hash.
     *
     * @throws Refusal.TooManyRequests if too many others wait for their answer
     */
    public boolean matches(String password, @Nullable String hash) {
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        boolean tooLong = bytes.length > MOST_BYTES;
        byte[] compared = tooLong ? Arrays.copyOf(bytes, MOST_BYTES) : bytes;
        byte[] stored = hash == null ? NOBODYS : hash.getBytes(StandardCharsets.US_ASCII);
        try {
            boolean same = inTurn(
                    () -> BCrypt.verifyer(null, LongPasswordStrategies.none()).verify(compared, stored).verified);
            return same && hash != null && !tooLong;
        } finally {
            Arrays.fill(bytes, (byte) 0);
            Arrays.fill(compared, (byte) 0);
        }
    }

    private <T> T inTurn(Supplier<T> work) {
        if (present.incrementAndGet() > 1 + QUEUE) {
            present.decrementAndGet();
            throw new Refusal.TooManyRequests(
                    "sign_in_busy",
                    "Too many people are signing in at this moment. Try again in a few seconds.",
                    Duration.ofSeconds(5));
        }
        try {
            turn.acquireUninterruptibly();
            try {
                return work.get();
            } finally {
                turn.release();
            }
        } finally {
            present.decrementAndGet();
        }
    }
}
