package com.smashcost.secret.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.smashcost.secret.control.Vault.EnvelopeRefused;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("G2")
class VaultTest {

    private static final String ONE = "k1:" + MasterKeysTest.base64((byte) 1);
    private static final String TWO = "k2:" + MasterKeysTest.base64((byte) 2);
    private static final Binding BINDING = Binding.ofCredential(7, "openai", "https://api.openai.com", 42, 3);
    private static final byte[] SECRET = "sk-proj-abcdefghijklmnopqrstuvwxyz".getBytes(StandardCharsets.US_ASCII);

    private final Vault vault = vault();

    @Test
    void gives_equal_secrets_different_envelopes_in_every_part() {
        Set<String> wraps = new HashSet<>();
        Set<String> texts = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            byte[] envelope = vault.seal(SECRET, BINDING);
            wraps.add(Arrays.toString(Arrays.copyOfRange(envelope, 5, 65)));
            texts.add(Arrays.toString(Arrays.copyOfRange(envelope, 65, envelope.length)));
        }
        assertThat(wraps).hasSize(200);
        assertThat(texts).hasSize(200);
    }

    @Test
    void writes_envelopes_of_version_one() {
        byte[] envelope = vault.seal(SECRET, BINDING);
        assertThat(envelope).hasSize(1 + 4 + 12 + 48 + 12 + SECRET.length + 16);
        assertThat(Arrays.copyOf(envelope, 5)).containsExactly(1, 'k', '1', 0, 0);
    }

    @Test
    void leaves_no_piece_of_the_secret_in_the_envelope() {
        String envelope = new String(vault.seal(SECRET, BINDING), StandardCharsets.ISO_8859_1);
        String secret = new String(SECRET, StandardCharsets.ISO_8859_1);
        for (int i = 0; i + 4 <= secret.length(); i++) {
            assertThat(envelope).doesNotContain(secret.substring(i, i + 4));
        }
    }

    @Test
    void never_opens_an_envelope_with_any_bit_flipped() {
        byte[] envelope = vault.seal(SECRET, BINDING);
        for (int bit = 0; bit < envelope.length * 8; bit++) {
            byte[] changed = envelope.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertRefused(vault, changed, BINDING);
        }
    }

    @Test
    void never_opens_an_envelope_of_another_length() {
        byte[] envelope = vault.seal(SECRET, BINDING);
        for (int length = 0; length <= envelope.length + 1; length++) {
            if (length != envelope.length) {
                assertRefused(vault, Arrays.copyOf(envelope, length), BINDING);
            }
        }
    }

    @Test
    void never_opens_an_envelope_whose_key_name_is_spelled_otherwise() {
        byte[] envelope = vault.seal(SECRET, BINDING);
        for (byte[] name : new byte[][] {{'k', 0, '1', 0}, {0, 'k', '1', 0}, {'k', 0, 0, '1'}, {0, 0, 'k', '1'}}) {
            byte[] changed = envelope.clone();
            System.arraycopy(name, 0, changed, 1, 4);
            assertRefused(vault, changed, BINDING);
        }
    }

    @Test
    void never_opens_for_another_owner_provider_destination_credential_or_version() {
        byte[] envelope = vault.seal(SECRET, BINDING);
        List.of(
                        Binding.ofCredential(8, "openai", "https://api.openai.com", 42, 3),
                        Binding.ofCredential(7, "groq", "https://api.openai.com", 42, 3),
                        Binding.ofCredential(7, "openai", "https://api.openai.com.evil.example", 42, 3),
                        Binding.ofCredential(7, "openai", "http://api.openai.com", 42, 3),
                        Binding.ofCredential(7, "openai", "https://api.openai.com", 43, 3),
                        Binding.ofCredential(7, "openai", "https://api.openai.com", 42, 4),
                        Binding.ofCredential(42, "openai", "https://api.openai.com", 7, 3),
                        Binding.ofInstallation("pepper"),
                        new Binding(List.of()))
                .forEach(other -> assertRefused(vault, envelope, other));
    }

    @Test
    void never_opens_a_piece_that_was_put_into_another_envelope() {
        byte[] first = vault.seal(SECRET, BINDING);
        byte[] second = vault.seal(SECRET, BINDING);
        byte[] mixed = first.clone();
        System.arraycopy(second, 65, mixed, 65, mixed.length - 65);
        assertRefused(vault, mixed, BINDING);
    }

    @Test
    void keeps_opening_after_a_new_key_was_put_first() {
        byte[] old = vault.seal(SECRET, BINDING);
        Vault rotated = new Vault(MasterKeysTest.read(TWO + "," + ONE));
        byte[] fresh = rotated.seal(SECRET, BINDING);
        assertThat(opened(rotated, old, BINDING)).isEqualTo(SECRET);
        assertThat(opened(rotated, fresh, BINDING)).isEqualTo(SECRET);
        assertThat(new String(fresh, 1, 2, StandardCharsets.US_ASCII)).isEqualTo("k2");
    }

    @Test
    void says_that_a_key_is_not_configured() {
        byte[] envelope = vault.seal(SECRET, BINDING);
        assertThatExceptionOfType(EnvelopeRefused.class)
                .isThrownBy(() -> new Vault(MasterKeysTest.read(TWO)).open(envelope, BINDING))
                .withMessage("the envelope's master key is not configured");
    }

    @Test
    @Tag("G3")
    void never_opens_with_another_key_under_the_same_name() {
        byte[] envelope = vault.seal(SECRET, BINDING);
        assertRefused(new Vault(MasterKeysTest.read("k1:" + MasterKeysTest.base64((byte) 9))), envelope, BINDING);
    }

    @Test
    @Tag("G4")
    void wipes_a_secret_when_it_is_closed() {
        byte[] kept;
        try (Secret secret = vault.open(vault.seal(SECRET, BINDING), BINDING)) {
            kept = secret.bytes();
            assertThat(kept).isEqualTo(SECRET);
            assertThat(secret.toString()).isEqualTo("Secret[" + SECRET.length + " bytes]");
        }
        assertThat(kept).containsOnly(0);
    }

    @Test
    void leaves_the_bytes_that_it_seals_to_their_owner() {
        byte[] secret = SECRET.clone();
        vault.seal(secret, BINDING);
        assertThat(secret).isEqualTo(SECRET);
    }

    @Test
    void serves_many_threads() {
        byte[] envelope = vault.seal(SECRET, BINDING);
        assertThat(IntStream.range(0, 2_000)
                        .parallel()
                        .mapToObj(i -> i % 2 == 0 ? vault.seal(SECRET, BINDING) : envelope)
                        .filter(one -> !Arrays.equals(opened(vault, one, BINDING), SECRET)))
                .isEmpty();
    }

    static Vault vault() {
        return new Vault(MasterKeysTest.read(ONE));
    }

    static byte[] opened(Vault vault, byte[] envelope, Binding binding) {
        try (Secret secret = vault.open(envelope, binding)) {
            return secret.bytes().clone();
        }
    }

    static void assertRefused(Vault vault, byte[] envelope, Binding binding) {
        assertThatExceptionOfType(EnvelopeRefused.class)
                .isThrownBy(() -> vault.open(envelope, binding))
                .withNoCause();
    }
}
