package com.smashcost.secret.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("G3")
class MasterKeysTest {

    private static final String ONE = base64((byte) 1);
    private static final String TWO = base64((byte) 2);

    @Test
    void encrypt_with_the_first_and_know_all() {
        MasterKeys keys = read("k2:" + TWO + ",k1:" + ONE);
        assertThat(keys.first()).isEqualTo("k2");
        assertThat(keys.checkValues()).containsOnlyKeys("k2", "k1");
        assertThat(keys.derive("k1", "kek")).isPresent();
        assertThat(keys.derive("k2", "kek")).isPresent();
        assertThat(keys.derive("k3", "kek")).isEmpty();
    }

    @Test
    void take_blanks_around_their_entries() {
        assertThat(read(" k2:" + TWO + " ,\n k1:" + ONE + "\n").checkValues()).containsOnlyKeys("k2", "k1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ONE",
                "k1",
                "k1:",
                ":ONE",
                "k1=ONE",
                "k1:ONE,",
                ",k1:ONE",
                "k1:ONE,,k2:TWO",
                "k1:ONE;k2:TWO",
                "k1:ONE k2:TWO",
                "K1:ONE",
                "key01:ONE",
                "k-1:ONE",
                "k\u00FC:ONE",
                "k1:k2:ONE",
                "k1:ONE=",
                "k1:ONEQUINE",
                "k1:c2hvcnQ=",
                "k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "k1:____________________________________________",
                "k1:AAAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAA="
            })
    void refuse_a_malformed_setting_by_name_and_never_repeat_it(String template) {
        String value = template.replace("ONE", ONE).replace("TWO", TWO);
        assertThatExceptionOfType(SettingRefused.class)
                .isThrownBy(() -> read(value))
                .withMessageStartingWith("SMASHCOST_MASTER_KEYS must be name:base64")
                .withMessageNotContaining(ONE)
                .withMessageNotContaining(value)
                .withNoCause();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n"})
    void refuse_a_blank_setting(String value) {
        assertThatExceptionOfType(SettingRefused.class)
                .isThrownBy(() -> read(value))
                .withMessage("SMASHCOST_MASTER_KEYS is missing");
    }

    @Test
    void refuse_a_name_given_twice() {
        assertThatExceptionOfType(SettingRefused.class)
                .isThrownBy(() -> read("k1:" + ONE + ",k1:" + TWO))
                .withMessage("SMASHCOST_MASTER_KEYS names a key twice");
    }

    @Test
    void have_check_values_of_eight_bytes_that_tell_keys_apart() throws Exception {
        Map<String, byte[]> values = read("k2:" + TWO + ",k1:" + ONE).checkValues();
        assertThat(values.get("k1")).isEqualTo(Arrays.copyOf(hmac(bytes((byte) 1), bytes("kcv")), 8));
        assertThat(values.get("k2")).hasSize(8).isNotEqualTo(values.get("k1"));
    }

    @Test
    void derive_another_key_for_another_purpose() {
        MasterKeys keys = read("k2:" + TWO + ",k1:" + ONE);
        byte[] kek = keys.derive("k1", "kek").orElseThrow();
        assertThat(kek)
                .hasSize(32)
                .isEqualTo(keys.derive("k1", "kek").orElseThrow())
                .isNotEqualTo(keys.derive("k1", "session").orElseThrow())
                .isNotEqualTo(keys.derive("k2", "kek").orElseThrow())
                .isNotEqualTo(bytes((byte) 1));
    }

    @Test
    void give_a_copy_that_its_user_may_wipe() {
        MasterKeys keys = read("k1:" + ONE);
        byte[] kek = keys.derive("k1", "kek").orElseThrow();
        byte[] before = kek.clone();
        Arrays.fill(kek, (byte) 0);
        assertThat(keys.derive("k1", "kek"))
                .hasValueSatisfying(again -> assertThat(again).isEqualTo(before));
    }

    @Test
    void never_print_themselves() {
        assertThat(String.valueOf((Object) read("k1:" + ONE))).doesNotContain(ONE.substring(0, 8));
    }

    static MasterKeys read(String setting) {
        return MasterKeys.from(Environment.of(Map.of("SMASHCOST_MASTER_KEYS", setting)));
    }

    static String base64(byte fill) {
        return Base64.getEncoder().encodeToString(bytes(fill));
    }

    private static byte[] bytes(byte fill) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, fill);
        return bytes;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] hmac(byte[] key, byte[] message) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(message);
    }
}
