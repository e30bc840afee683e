package com.smashcost.secret.control;

import java.util.Arrays;

/** A decrypted secret that is wiped when it is closed and never prints itself. */
public final class Secret implements AutoCloseable {

    private final byte[] bytes;

    Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The bytes themselves, valid until {@link #close}; do not keep them. */
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public void close() {
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public String toString() {
        return "Secret[" + bytes.length + " bytes]";
    }
}
