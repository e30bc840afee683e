package com.smashcost.access.control;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;

/** What a portal session's cookie says once its signature was checked: the session's id and its last moment. */
public final class SessionCookie {

    /** Bytes of a session id. */
    public static final int SID = 16;

    private final byte[] sid;
    private final Instant expiresAt;

    /**
     * @param sid 16 random bytes that nothing but this cookie holds
     * @param expiresAt when the session ends whatever happens, in whole seconds
     */
    public SessionCookie(byte[] sid, Instant expiresAt) {
        if (sid.length != SID) {
            throw new IllegalArgumentException("a session id has " + SID + " bytes");
        }
        this.sid = sid.clone();
        this.expiresAt = Instant.ofEpochSecond(expiresAt.getEpochSecond());
    }

    /** The id of the server's record: the SHA-256 of the session id, so that the table holds nothing to sign in with. */
    public byte[] recordId() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(sid);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    public Instant expiresAt() {
        return expiresAt;
    }

    byte[] sid() {
        return sid.clone();
    }

    @Override
    public String toString() {
        return "SessionCookie[until " + expiresAt + "]";
    }
}
