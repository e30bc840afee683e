package com.smashcost.secret.control;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;

/** The bytes in which a key pair is kept: the private key's length, PKCS #8, then X.509. */
public final class KeyPairBytes {

    private KeyPairBytes() {}

    public static byte[] write(KeyPair keys) {
        byte[] secret = keys.getPrivate().getEncoded();
        byte[] known = keys.getPublic().getEncoded();
        return ByteBuffer.allocate(Short.BYTES + secret.length + known.length)
                .putShort((short) secret.length)
                .put(secret)
                .put(known)
                .array();
    }

    /**
     * @param algorithm of the keys, in the JDK's words
     * @throws IllegalStateException if these are no keys of this algorithm
     */
    public static KeyPair read(byte[] bytes, String algorithm) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte[] secret = new byte[in.getShort()];
        in.get(secret);
        byte[] known = new byte[in.remaining()];
        in.get(known);
        try {
            KeyFactory factory = KeyFactory.getInstance(algorithm);
            return new KeyPair(
                    factory.generatePublic(new X509EncodedKeySpec(known)),
                    factory.generatePrivate(new PKCS8EncodedKeySpec(secret)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a signing key of the installation is damaged", e);
        }
    }
}
