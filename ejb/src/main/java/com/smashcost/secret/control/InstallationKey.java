package com.smashcost.secret.control;

import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.sql.SQLException;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Signs with Ed25519 what the installation answers for: heads of chains and statements. The key pair is made once and kept
 * encrypted in the database; its private half never leaves this class.
 */
@ApplicationScoped
public class InstallationKey {

    private static final String NAME = "statement-key";
    private static final String ALGORITHM = "Ed25519";
    private static final int PEM_LINE = 64;

    @Inject
    private InstallationSecrets secrets;

    @SuppressWarnings("NullAway.Init")
    private KeyPair keys;

    @SuppressWarnings("NullAway.Init")
    protected InstallationKey() {}

    /** Signs with this pair. */
    @SuppressWarnings("NullAway.Init")
    public InstallationKey(KeyPair keys) {
        this.keys = keys;
    }

    @PostConstruct
    void load() {
        try {
            keys = KeyPairBytes.read(secrets.get(NAME, () -> KeyPairBytes.write(generate())), ALGORITHM);
        } catch (SQLException e) {
            throw new IllegalStateException("the installation's signing key cannot be read from the database", e);
        }
    }

    /** A new pair. */
    public static KeyPair generate() {
        try {
            return KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    /** The signature of these bytes, 64 bytes as lower-case hexadecimal; the same bytes give the same one. */
    public String sign(byte[] bytes) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(keys.getPrivate());
            signature.update(bytes);
            return HexFormat.of().formatHex(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK signs with Ed25519", e);
        }
    }

    /** Whether this is the signature of these bytes. */
    public boolean verifies(byte[] bytes, String signed) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(keys.getPublic());
            signature.update(bytes);
            return signature.verify(HexFormat.of().parseHex(signed));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    /** The public key as people pass it on: X.509 in PEM. */
    public String publicPem() {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(PEM_LINE, new byte[] {'\n'})
                        .encodeToString(keys.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }
}
