package com.smashcost.admin.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.secret.control.Binding;
import com.smashcost.secret.control.Environment;
import com.smashcost.secret.control.MasterKeys;
import com.smashcost.secret.control.Vault;
import java.security.KeyPair;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SigningKeyTest {

    private static final int COLUMN = 1024;

    @Test
    void survives_being_stored() {
        KeyPair keys = SigningKey.generate();

        KeyPair read = SigningKey.read(SigningKey.write(keys));

        assertThat(read.getPublic()).isEqualTo(keys.getPublic());
        assertThat(read.getPrivate().getEncoded()).isEqualTo(keys.getPrivate().getEncoded());
    }

    @Test
    void fits_its_column_with_its_envelope() {
        Vault vault = new Vault(MasterKeys.from(
                Environment.of(Map.of("SMASHCOST_MASTER_KEYS", "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="))));

        assertThat(vault.seal(SigningKey.write(SigningKey.generate()), Binding.ofInstallation("admin-jwt")))
                .hasSizeLessThan(COLUMN);
    }
}
