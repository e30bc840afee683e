package com.smashcost.account.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.smashcost.refusal.control.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmailAddressTest {

    @Test
    void is_known_in_lower_case_without_blanks_around_it() {
        assertThat(EmailAddress.of("owner_email", " Ada.Lovelace+Test@Example.COM ")
                        .text())
                .isEqualTo("ada.lovelace+test@example.com");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a@b", "o'hara@example.co.uk", "x_y-z@sub.example.com", "1@1.test"})
    void takes_addresses_as_people_have_them(String address) {
        assertThat(EmailAddress.of("owner_email", address).text()).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "@b",
                "a@",
                "a@b@c",
                "a b@c.de",
                ".a@b.de",
                "a.@b.de",
                "a..b@c.de",
                "a@-b.de",
                "a@b-.de",
                "a@b..de",
                "a@b.de\nBcc: c@d.de",
                "\"a b\"@c.de",
                "a@[127.0.0.1]",
                "ä@b.de"
            })
    void refuses_what_is_no_address(String text) {
        assertThatExceptionOfType(Refusal.BadRequest.class)
                .isThrownBy(() -> EmailAddress.of("owner_email", text))
                .satisfies(refusal -> assertThat(refusal.param()).isEqualTo("owner_email"));
    }

    @Test
    void refuses_what_is_longer_than_mail_allows() {
        String longLabel = "a".repeat(63);
        String tooLong = "a@" + String.join(".", longLabel, longLabel, longLabel, longLabel);

        assertThatExceptionOfType(Refusal.BadRequest.class).isThrownBy(() -> EmailAddress.of("owner_email", tooLong));
        assertThatExceptionOfType(Refusal.BadRequest.class)
                .isThrownBy(() -> EmailAddress.of("owner_email", "a".repeat(65) + "@b.de"));
        assertThatExceptionOfType(Refusal.BadRequest.class).isThrownBy(() -> EmailAddress.of("owner_email", null));
    }
}
