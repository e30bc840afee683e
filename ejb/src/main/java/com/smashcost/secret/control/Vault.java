package com.smashcost.secret.control;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Envelope encryption with AES-256-GCM: each secret has a data key of its own, which is wrapped by a key derived from a master
 * key.
 *
 * <p>Envelope version 1: {@code 01 | key name (4) | nonce (12) | wrapped data key (48) | nonce (12) | ciphertext | tag (16)};
 * the {@link Binding} is authenticated in both layers.
 */
public final class Vault {

    private static final byte VERSION = 1;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final int WRAPPED = 32 + TAG_BITS / 8;
    private static final int HEAD = 1 + 4 + NONCE + WRAPPED + NONCE;
    private static final String PURPOSE = "kek";

    private final MasterKeys keys;
    private final SecureRandom random = new SecureRandom();

    public Vault(MasterKeys keys) {
        this.keys = keys;
    }

    /** The envelope of this secret for this binding; equal secrets give different envelopes. */
    public byte[] seal(byte[] secret, Binding binding) {
        byte[] kek = keys.derive(keys.first(), PURPOSE).orElseThrow();
        byte[] dataKey = random(32);
        byte[] wrapNonce = random(NONCE);
        byte[] nonce = random(NONCE);
        byte[] aad = binding.bytes();
        try {
            byte[] wrapped = crypt(Cipher.ENCRYPT_MODE, kek, wrapNonce, aad, dataKey);
            byte[] sealed = crypt(Cipher.ENCRYPT_MODE, dataKey, nonce, aad, secret);
            return ByteBuffer.allocate(HEAD + sealed.length)
                    .put(VERSION)
                    .put(MasterKeys.tag(keys.first()))
                    .put(wrapNonce)
                    .put(wrapped)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        } finally {
            Arrays.fill(dataKey, (byte) 0);
            Arrays.fill(kek, (byte) 0);
        }
    }

    /**
     * The secret in this envelope; close it when the call it is for has been sent.
     *
     * @throws EnvelopeRefused if the envelope is damaged, bound to something else, or under a key that is not configured
     */
    public Secret open(byte[] envelope, Binding binding) {
        if (envelope.length < HEAD + TAG_BITS / 8 || envelope[0] != VERSION) {
            throw new EnvelopeRefused("the envelope is damaged");
        }
        ByteBuffer in = ByteBuffer.wrap(envelope, 1, envelope.length - 1);
        String name = MasterKeys.name(take(in, 4));
        byte[] kek = keys.derive(name, PURPOSE)
                .orElseThrow(() -> new EnvelopeRefused("the envelope's master key is not configured"));
        byte[] aad = binding.bytes();
        byte[] dataKey = null;
        try {
            dataKey = crypt(Cipher.DECRYPT_MODE, kek, take(in, NONCE), aad, take(in, WRAPPED));
            return new Secret(crypt(Cipher.DECRYPT_MODE, dataKey, take(in, NONCE), aad, take(in, in.remaining())));
        } catch (GeneralSecurityException e) {
            throw new EnvelopeRefused("the envelope does not open here");
        } finally {
            Arrays.fill(kek, (byte) 0);
            if (dataKey != null) {
                Arrays.fill(dataKey, (byte) 0);
            }
        }
    }

    private static byte[] crypt(int mode, byte[] key, byte[] nonce, byte[] aad, byte[] input)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(aad);
        return cipher.doFinal(input);
    }

    private static byte[] take(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** An envelope that does not open; the message says why without saying anything about its content. */
    public static final class EnvelopeRefused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        EnvelopeRefused(String message) {
            super(message);
        }
    }
}
