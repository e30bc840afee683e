package com.smashcost.ledger.entity;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The id of one accepted request, a UUIDv7 (RFC 9562 §5.7): ids of one process ascend strictly in the order in which they
 * were minted, so the ledger's order is the order of arrival.
 */
public record RequestId(UUID uuid) implements Comparable<RequestId> {

    /** Milliseconds and a 12-bit counter below them (RFC 9562 §6.2, method 1), so that ids within one millisecond ascend. */
    private static final AtomicLong LAST = new AtomicLong();

    private static final Instant LAST_INSTANT = Instant.ofEpochMilli((1L << 48) - 1);

    private static final long RANDOM_PREFIX = new SecureRandom().nextLong();

    public RequestId {
        if (uuid.version() != 7) {
            throw new IllegalArgumentException("a request id is a UUIDv7");
        }
    }

    /** A new id that sorts after every earlier one of this process. */
    public static RequestId mint() {
        long tick = System.currentTimeMillis() << 12;
        long stamp = LAST.updateAndGet(last -> Math.max(last + 1, tick));
        long high = (stamp >>> 12) << 16 | 0x7000 | (stamp & 0xFFF);
        long low = ((ThreadLocalRandom.current().nextLong() ^ RANDOM_PREFIX) & 0x3FFF_FFFF_FFFF_FFFFL)
                | 0x8000_0000_0000_0000L;
        return new RequestId(new UUID(high, low));
    }

    /** The id in these 16 bytes, most significant first. */
    public static RequestId of(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new RequestId(new UUID(buffer.getLong(), buffer.getLong()));
    }

    /**
     * The id written as a UUID.
     *
     * @throws IllegalArgumentException if it is none, or none of version 7
     */
    public static RequestId parse(String text) {
        UUID uuid = UUID.fromString(text);
        if (!uuid.toString().equalsIgnoreCase(text)) { // fromString takes shortened groups too
            throw new IllegalArgumentException("a request id is written in full");
        }
        return new RequestId(uuid);
    }

    /** The smallest bytes that an id of this instant or later can have; ids hold the years 1970 to 10889. */
    public static byte[] lowerBound(Instant instant) {
        long millis = instant.isBefore(Instant.EPOCH)
                ? 0
                : instant.isAfter(LAST_INSTANT) ? LAST_INSTANT.toEpochMilli() : instant.toEpochMilli();
        return ByteBuffer.allocate(16).putLong(millis << 16).array();
    }

    /** The 16 bytes under which the ledger keeps it. */
    public byte[] bytes() {
        return ByteBuffer.allocate(16)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
    }

    /** When it was minted, to the millisecond. */
    public Instant mintedAt() {
        return Instant.ofEpochMilli(uuid.getMostSignificantBits() >>> 16);
    }

    @Override
    public int compareTo(RequestId other) {
        int high = Long.compareUnsigned(uuid.getMostSignificantBits(), other.uuid.getMostSignificantBits());
        return high != 0
                ? high
                : Long.compareUnsigned(uuid.getLeastSignificantBits(), other.uuid.getLeastSignificantBits());
    }

    @Override
    public String toString() {
        return uuid.toString();
    }
}
