package com.smashcost.admin.boundary;

import com.smashcost.secret.control.KeyPairBytes;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.HexFormat;

/** The key pair on the curve P-256 that signs tokens. */
final class SigningKey {

    private static final String ALGORITHM = "EC";

    private SigningKey() {}

    static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    static byte[] write(KeyPair keys) {
        return KeyPairBytes.write(keys);
    }

    static KeyPair read(byte[] bytes) {
        return KeyPairBytes.read(bytes, ALGORITHM);
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
