package com.smashcost.admin.boundary;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/** A key pair on the curve P-256, and the bytes in which it is kept: the private key's length, PKCS #8, then X.509. */
final class SigningKey {

    private SigningKey() {}

    static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    static byte[] write(KeyPair keys) {
        byte[] secret = keys.getPrivate().getEncoded();
        byte[] known = keys.getPublic().getEncoded();
        return ByteBuffer.allocate(Short.BYTES + secret.length + known.length)
                .putShort((short) secret.length)
                .put(secret)
                .put(known)
                .array();
    }

    static KeyPair read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte[] secret = new byte[in.getShort()];
        in.get(secret);
        byte[] known = new byte[in.remaining()];
        in.get(known);
        try {
            KeyFactory factory = KeyFactory.getInstance("EC");
            return new KeyPair(
                    factory.generatePublic(new X509EncodedKeySpec(known)),
                    factory.generatePrivate(new PKCS8EncodedKeySpec(secret)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the tokens' signing key is damaged", e);
        }
    }

    /** Names the key in the tokens: the beginning of the public key's SHA-256. */
    static String id(PublicKey key) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()), 0, 8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
