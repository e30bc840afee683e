package com.smashcost.server.launcher;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The operator's PEM files, put into the domain's key store, where the TLS listener finds them by their alias. */
final class Tls {

    static final String ALIAS = "smashcost";

    private static final char[] STORE_PASSWORD = "changeit".toCharArray();
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN (RSA |EC |ENCRYPTED )?PRIVATE KEY-----([^-]+)-----END");
    /** version 0, algorithm rsaEncryption with no parameters */
    private static final byte[] PKCS8_RSA = {
        0x02,
        0x01,
        0x00,
        0x30,
        0x0d,
        0x06,
        0x09,
        0x2a,
        (byte) 0x86,
        0x48,
        (byte) 0x86,
        (byte) 0xf7,
        0x0d,
        0x01,
        0x01,
        0x01,
        0x05,
        0x00
    };

    private Tls() {}

    static void store(Path certificates, Path key, Path keyStore) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(keyStore)) {
                store.load(in, STORE_PASSWORD);
            }
            store.setKeyEntry(ALIAS, privateKey(key), STORE_PASSWORD, chain(certificates));
            try (OutputStream out = Files.newOutputStream(keyStore)) {
                store.store(out, STORE_PASSWORD);
            }
        } catch (GeneralSecurityException | IOException e) {
            throw new StartFailure(
                    Settings.TLS_CERT + " and " + Settings.TLS_KEY + " do not make a TLS identity: " + e.getMessage(),
                    e);
        }
    }

    private static Certificate[] chain(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            Certificate[] chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(in)
                    .toArray(new Certificate[0]);
            if (chain.length == 0) {
                throw new StartFailure(Settings.TLS_CERT + " holds no certificate");
            }
            return chain;
        } catch (CertificateException e) {
            throw new StartFailure(Settings.TLS_CERT + " is not a PEM certificate chain", e);
        }
    }

    private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
        Matcher pem = KEY.matcher(Files.readString(file));
        if (!pem.find()) {
            throw new StartFailure(Settings.TLS_KEY + " is not a PEM private key");
        }
        String kind = pem.group(1) == null ? "" : pem.group(1);
        byte[] der = Base64.getMimeDecoder().decode(pem.group(2));
        byte[] encoded = switch (kind) {
            case "" -> der;
            case "RSA " -> pkcs8(der);
            default ->
                throw new StartFailure(Settings.TLS_KEY + " must be an unencrypted PKCS #8 key"
                        + " (openssl pkcs8 -topk8 -nocrypt converts it)");
        };
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (InvalidKeySpecException e) {
                // the next algorithm may fit
            }
        }
        throw new StartFailure(Settings.TLS_KEY + " is neither an RSA, an EC nor an EdDSA key");
    }

    /** Wraps a PKCS #1 key: SEQUENCE { version, algorithm, OCTET STRING { key } }. */
    private static byte[] pkcs8(byte[] rsa) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(PKCS8_RSA);
        body.write(0x04);
        length(body, rsa.length);
        body.write(rsa);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(0x30);
        length(whole, body.size());
        body.writeTo(whole);
        return whole.toByteArray();
    }

    private static void length(ByteArrayOutputStream out, int length) {
        if (length > 0xff) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length > 0x7f) {
            out.write(0x81);
        }
        out.write(length & 0xff);
    }
}
