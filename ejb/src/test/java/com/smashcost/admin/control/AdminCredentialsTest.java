package com.smashcost.admin.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.smashcost.secret.control.Environment;
import com.smashcost.secret.control.SettingRefused;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("G17")
class AdminCredentialsTest {

    private static final String SECRET = "a secret of the installation";
    private static final String TOTP = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    private static final Instant NOW = Instant.ofEpochSecond(59);
    private static final String CODE = "287082";

    private static final AdminCredentials CREDENTIALS = AdminCredentials.from(
                    Environment.of(Map.of("SMASHCOST_ADMIN_SECRET", SECRET, "SMASHCOST_ADMIN_TOTP", TOTP)))
            .orElseThrow();

    @Test
    void admit_who_has_both() {
        assertThat(CREDENTIALS.prove(SECRET, CODE, NOW)).hasValue(1);
    }

    @Test
    void admit_nobody_who_lacks_one() {
        assertThat(CREDENTIALS.prove("", CODE, NOW)).isEmpty();
        assertThat(CREDENTIALS.prove(SECRET + " ", CODE, NOW)).isEmpty();
        assertThat(CREDENTIALS.prove(SECRET.substring(1), CODE, NOW)).isEmpty();
        assertThat(CREDENTIALS.prove(SECRET, "287083", NOW)).isEmpty();
        assertThat(CREDENTIALS.prove(SECRET, "", NOW)).isEmpty();
        assertThat(CREDENTIALS.prove(CODE, SECRET, NOW)).isEmpty();
    }

    @Test
    void are_off_unless_both_are_set() {
        assertThat(AdminCredentials.from(Environment.of(Map.of()))).isEmpty();
        assertThat(AdminCredentials.from(Environment.of(Map.of("SMASHCOST_ADMIN_SECRET", SECRET))))
                .isEmpty();
        assertThat(AdminCredentials.from(Environment.of(Map.of("SMASHCOST_ADMIN_TOTP", TOTP))))
                .isEmpty();
        assertThat(AdminCredentials.from(
                        Environment.of(Map.of("SMASHCOST_ADMIN_SECRET", SECRET, "SMASHCOST_ADMIN_TOTP", "   "))))
                .isEmpty();
    }

    @Test
    void stop_the_start_when_malformed_and_name_the_setting_without_its_value() {
        assertThatExceptionOfType(SettingRefused.class)
                .isThrownBy(() -> AdminCredentials.check(Environment.of(
                        Map.of("SMASHCOST_ADMIN_SECRET", SECRET, "SMASHCOST_ADMIN_TOTP", "not-base32!"))))
                .withMessageContaining("SMASHCOST_ADMIN_TOTP")
                .withMessageNotContaining("not-base32!");
    }

    @Test
    void refuse_a_short_secret_in_production_only() {
        Map<String, String> production = Map.of("SMASHCOST_ADMIN_SECRET", "short", "SMASHCOST_ADMIN_TOTP", TOTP);
        assertThatExceptionOfType(SettingRefused.class)
                .isThrownBy(() -> AdminCredentials.check(Environment.of(production)))
                .withMessageContaining("SMASHCOST_ADMIN_SECRET")
                .withMessageNotContaining("short");

        Map<String, String> development = Map.of(
                "SMASHCOST_ADMIN_SECRET", "short", "SMASHCOST_ADMIN_TOTP", TOTP, "SMASHCOST_PROFILE", "development");
        assertThatNoException().isThrownBy(() -> AdminCredentials.check(Environment.of(development)));
    }
}
