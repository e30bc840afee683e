package com.smashcost.secret.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class InstallationKeyTest {

    private final KeyPair keys = InstallationKey.generate();
    private final InstallationKey key = new InstallationKey(keys);
    private final byte[] text = "head".getBytes(UTF_8);

    @Test
    void comes_back_from_the_bytes_in_which_it_is_kept() {
        InstallationKey kept = new InstallationKey(KeyPairBytes.read(KeyPairBytes.write(keys), "Ed25519"));

        assertThat(kept.sign(text)).isEqualTo(key.sign(text));
        assertThat(kept.publicPem()).isEqualTo(key.publicPem());
    }

    @Test
    void accepts_its_own_signature_of_the_same_bytes_alone() {
        String signature = key.sign(text);

        assertThat(key.verifies(text, signature)).isTrue();
        assertThat(key.verifies("Head".getBytes(UTF_8), signature)).isFalse();
        assertThat(new InstallationKey(InstallationKey.generate()).verifies(text, signature))
                .isFalse();
        assertThat(key.verifies(text, "no signature")).isFalse();
    }

    @Test
    void shows_its_public_half_as_pem() throws Exception {
        String body = key.publicPem().replaceAll("-----[A-Z ]+-----|\n", "");

        assertThat(KeyFactory.getInstance("Ed25519")
                        .generatePublic(
                                new X509EncodedKeySpec(Base64.getDecoder().decode(body))))
                .isEqualTo(keys.getPublic());
    }
}
