package com.smashcost.routing.control;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import com.smashcost.routing.control.Conversation.Opening;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Which model serves which session, for each organisation apart: bounded, and forgotten when nothing was heard for a while. A
 * session is known by a keyed hash alone, whose secret dies with the process. Thread-safe.
 */
@ApplicationScoped
public class SessionRoutes {

    static final Duration IDLE = Duration.ofMinutes(45);
    private static final long MOST_ORGANIZATIONS = 10_000;
    private static final long MOST_OF_AN_ORGANIZATION = 10_000;

    private final SecretKeySpec secret;
    private final Ticker ticker;
    private final Cache<Long, Cache<ByteBuffer, Route>> organizations;

    public SessionRoutes() {
        this(Ticker.systemTicker());
    }

    SessionRoutes(Ticker ticker) {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        secret = new SecretKeySpec(random, "HmacSHA256");
        this.ticker = ticker;
        organizations = Caffeine.newBuilder()
                .maximumSize(MOST_ORGANIZATIONS)
                .expireAfterAccess(IDLE)
                .ticker(ticker)
                .build();
    }

    /**
     * What serves a session.
     *
     * @param asked the model that the client named
     * @param promptTokens of its last turn, which the provider's prompt cache may hold
     * @param easyTurns how many turns in a row something cheaper would have done
     */
    public record Route(String model, String asked, long promptTokens, int easyTurns) {}

    /** A session's key: an organisation's id and a hash that tells nothing. */
    public record Key(long organizationId, ByteBuffer hash) {}

    /** For which world a route holds: the one that clients see, or the one that observation only computes. */
    public enum World {
        REAL,
        PROJECTED
    }

    /**
     * The key of a session.
     *
     * @param session as the client named it; null if it did not, and then the session is told by how it began
     */
    public Key key(World world, long organizationId, @Nullable String session, Opening opening) {
        byte[] named = session == null
                ? ByteBuffer.allocate(4 * Long.BYTES)
                        .putLong(opening.systemLength())
                        .putLong(opening.systemHash())
                        .putLong(opening.userLength())
                        .putLong(opening.userHash())
                        .array()
                : session.getBytes(StandardCharsets.UTF_8);
        byte[] organization = Long.toString(organizationId).getBytes(StandardCharsets.US_ASCII);
        byte[] told = ByteBuffer.allocate(2 + 4 + organization.length + 4 + named.length)
                .put((byte) world.ordinal())
                .put((byte) (session == null ? 0 : 1))
                .putInt(organization.length)
                .put(organization)
                .putInt(named.length)
                .put(named)
                .array();
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(secret);
            return new Key(organizationId, ByteBuffer.wrap(mac.doFinal(told)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is missing", e);
        }
    }

    /** The route of a session, if it is known. */
    public Optional<Route> find(Key key) {
        Cache<ByteBuffer, Route> sessions = organizations.getIfPresent(key.organizationId());
        return sessions == null ? Optional.empty() : Optional.ofNullable(sessions.getIfPresent(key.hash()));
    }

    /** Sends a session this way from now on. */
    public void put(Key key, Route route) {
        organizations.get(key.organizationId(), id -> sessions()).put(key.hash(), route);
    }

    private Cache<ByteBuffer, Route> sessions() {
        return Caffeine.newBuilder()
                .maximumSize(MOST_OF_AN_ORGANIZATION)
                .expireAfterAccess(IDLE)
                .ticker(ticker)
                .build();
    }
}
