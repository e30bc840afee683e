package com.smashcost.gateway.control;

import com.smashcost.access.control.KeyText;
import com.smashcost.catalog.control.Catalogue;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that the request path reads, as one immutable value of one instant.
 *
 * @param version the database's count of changes that it includes
 * @param keys live gateway keys by their public ids
 */
public record Snapshot(long version, Map<String, Door> keys, Map<Long, Tenant> tenants, Catalogue catalogue) {

    /** Knows nothing yet. */
    public static final Snapshot EMPTY = new Snapshot(-1, Map.of(), Map.of(), Catalogue.EMPTY);

    public Snapshot {
        keys = Map.copyOf(keys);
        tenants = Map.copyOf(tenants);
    }

    /** The live key under this public id whose hash equals {@code hash}. */
    public Optional<Door> open(KeyText key, byte[] hash) {
        return Optional.ofNullable(keys.get(key.publicId())).filter(door -> MessageDigest.isEqual(door.hash(), hash));
    }

    /** A live gateway key. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Door(long keyId, String publicId, byte[] hash, long organizationId) {}
}
