package com.smashcost.server.simulator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * The opaque text that stands for a model's thinking (a signature, encrypted reasoning) and has to come back unchanged:
 * the same for the same words, and recognised again.
 */
final class Seal {

    private static final String KEY = "simulated seal";
    private static final int FILLING = 6;
    private static final int HASH = 32;

    private Seal() {}

    static String of(String words) {
        ByteBuffer seal = ByteBuffer.allocate(HASH * (FILLING + 2));
        byte[] hash = hash(words.getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i <= FILLING; i++) {
            seal.put(hash);
            hash = hash(hash);
        }
        byte[] sealed = Arrays.copyOf(seal.array(), seal.position());
        return Base64.getEncoder().encodeToString(seal.put(hash(sealed)).array());
    }

    /** Whether the text was made here, about whatever words. */
    static boolean isIntact(String text) {
        try {
            byte[] seal = Base64.getDecoder().decode(text);
            int end = seal.length - HASH;
            return end > 0 && Arrays.equals(hash(Arrays.copyOf(seal, end)), Arrays.copyOfRange(seal, end, seal.length));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static byte[] hash(byte[] bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(KEY.getBytes(StandardCharsets.UTF_8));
            return digest.digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
