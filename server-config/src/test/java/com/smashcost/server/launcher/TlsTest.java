package com.smashcost.server.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private static Path identities;

    private static Path certificate = Path.of("");
    private static byte[] key = new byte[0];

    @TempDir
    private Path directory;

    private Path store = Path.of("");

    @BeforeAll
    static void makeAnIdentity() throws IOException, GeneralSecurityException, InterruptedException {
        Path made = identities.resolve("made.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "made",
                        "-keyalg",
                        "RSA",
                        "-keysize",
                        "2048",
                        "-dname",
                        "CN=gateway.example",
                        "-keystore",
                        made.toString(),
                        "-storepass",
                        "changeit")
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore identity = KeyStore.getInstance(made.toFile(), PASSWORD);
        certificate = Files.writeString(
                identities.resolve("cert.pem"),
                pem("CERTIFICATE", identity.getCertificate("made").getEncoded()));
        key = identity.getKey("made", PASSWORD).getEncoded();
    }

    @BeforeEach
    void makeAStore() throws IOException, GeneralSecurityException {
        store = directory.resolve("keystore.p12");
        KeyStore empty = KeyStore.getInstance("PKCS12");
        empty.load(null, PASSWORD);
        try (OutputStream out = Files.newOutputStream(store)) {
            empty.store(out, PASSWORD);
        }
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der)
                + "\n-----END " + kind + "-----\n";
    }

    private Path keyFile(String kind, byte[] der) throws IOException {
        return Files.writeString(directory.resolve("key.pem"), pem(kind, der));
    }

    private Key stored() throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(store.toFile(), PASSWORD).getKey(Tls.ALIAS, PASSWORD);
    }

    @Test
    void stores_a_pkcs8_key_with_its_chain() throws IOException, GeneralSecurityException {
        Tls.store(certificate, keyFile("PRIVATE KEY", key), store);
        assertThat(stored().getEncoded()).isEqualTo(key);
    }

    @Test
    void stores_a_pkcs1_key() throws IOException, GeneralSecurityException {
        // what PKCS #8 wraps, after 26 bytes of header for a key of this size
        byte[] pkcs1 = Arrays.copyOfRange(key, 26, key.length);
        Tls.store(certificate, keyFile("RSA PRIVATE KEY", pkcs1), store);
        assertThat(stored().getEncoded()).isEqualTo(key);
    }

    @Test
    void names_the_setting_of_a_file_that_is_not_what_it_should_be() throws IOException {
        Path noKey = keyFile("CERTIFICATE", key);
        assertThatThrownBy(() -> Tls.store(certificate, noKey, store)).hasMessageContaining("SMASHCOST_TLS_KEY");
        Path goodKey = keyFile("PRIVATE KEY", key);
        assertThatThrownBy(() -> Tls.store(goodKey, goodKey, store)).hasMessageContaining("SMASHCOST_TLS_CERT");
    }
}
