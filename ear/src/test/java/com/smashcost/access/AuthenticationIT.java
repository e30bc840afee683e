package com.smashcost.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.installation.AdminApi;
import com.smashcost.installation.Chat;
import com.smashcost.installation.Customer;
import com.smashcost.installation.Installation;
import com.smashcost.installation.Promptly;
import com.smashcost.upstream.Acts;
import com.smashcost.upstream.Scene;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway's keys: who has a live one of an organisation that is not blocked is let in, and nobody else. */
@Tag("G16")
class AuthenticationIT {

    private static final Duration AT_ONCE = Duration.ofSeconds(1);
    private static final String BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static final Customer CUSTOMER = Installation.running().admin().newCustomer();

    private final Installation installation = Installation.running();
    private final AdminApi admin = installation.admin();

    @Test
    void refuses_who_has_no_key() {
        assertRefused(Chat.raw());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "sk-abcdefghijklmnopqrstuvwxyz0123456789",
                "sc_",
                "sc_aaaaaaaabbbbbbbbbbbbbbbbbbbbbbbbbbbbbbcccccc",
                "sc_aaaaaaaabbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' OR '1'='1"
            })
    void refuses_what_is_no_key(String text) {
        assertRefused(Chat.with(text));
        assertRefused(Chat.raw("x-api-key", text));
    }

    @Test
    void refuses_a_key_with_a_wrong_check() {
        String key = CUSTOMER.key().text();
        char last = key.charAt(key.length() - 1);

        assertRefused(Chat.with(key.substring(0, key.length() - 1) + (last == 'a' ? 'b' : 'a')));
    }

    @Test
    void refuses_a_well_formed_key_that_nobody_issued() {
        assertRefused(Chat.with(sealed("sc_" + "Zz000000" + "x".repeat(30))));
    }

    @Test
    void refuses_the_public_part_of_a_live_key_with_another_secret() {
        assertRefused(Chat.with(sealed("sc_" + CUSTOMER.key().id() + "x".repeat(30))));
    }

    @Test
    void lets_in_by_bearer_and_by_the_header_of_the_other_dialect() {
        Scene scene = installation.upstream().scene(Acts.smallTalk());
        String key = CUSTOMER.key().text();

        assertThat(Chat.with(key).send(Chat.body("gpt-4o-mini", scene.marker())).status())
                .isEqualTo(200);
        assertThat(Chat.raw("Authorization", "bearer " + key)
                        .send(Chat.body("gpt-4o-mini", scene.marker()))
                        .status())
                .isEqualTo(200);
        assertThat(Chat.raw("x-api-key", key)
                        .send(Chat.body("gpt-4o-mini", scene.marker()))
                        .status())
                .isEqualTo(200);
        assertThat(scene.requests()).hasSize(3);
    }

    @Test
    @Tag("G45")
    void ends_a_revoked_key_within_a_second_and_leaves_the_others() {
        Customer.Key other = admin.newKey(CUSTOMER.slug());
        assertAdmitted(other.text());

        assertThat(admin.delete("/organizations/" + CUSTOMER.slug() + "/keys/" + other.id())
                        .status())
                .isLessThan(300);

        Promptly.within(AT_ONCE, () -> assertRefused(Chat.with(other.text())));
        assertAdmitted(CUSTOMER.key().text());
    }

    @Test
    @Tag("G45")
    void admits_a_new_key_within_a_second() {
        Customer.Key other = admin.newKey(CUSTOMER.slug());

        Promptly.within(AT_ONCE, () -> assertAdmitted(other.text()));
    }

    @Test
    void shows_a_key_once_and_keeps_what_cannot_be_turned_back() {
        Customer.Key other = admin.newKey(CUSTOMER.slug());

        assertThat(admin.get("/organizations/" + CUSTOMER.slug() + "/keys").text())
                .contains(other.id())
                .doesNotContain(other.text());
        assertThat(admin.get("/organizations/" + CUSTOMER.slug() + "/keys/" + other.id())
                        .text())
                .doesNotContain(other.text());
        assertThat(installation.database().query("SELECT * FROM gateway_key WHERE public_id = ?", other.id()))
                .singleElement()
                .satisfies(row -> assertThat(row.columns().values().stream()
                                .map(value -> value instanceof byte[] bytes
                                        ? new String(bytes, StandardCharsets.ISO_8859_1)
                                        : String.valueOf(value)))
                        .noneMatch(text -> text.contains(other.text().substring(11))));
    }

    @Test
    void refuses_a_blocked_organization_until_it_is_unblocked() {
        Customer blocked = admin.newCustomer();
        assertAdmitted(blocked.key().text());

        admin.move(blocked, "block");

        Promptly.within(AT_ONCE, () -> {
            Chat.Answer answer = Chat.as(blocked).send(Chat.body("gpt-4o-mini", "hello"));
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.errorCode()).isEqualTo("organization_blocked");
            assertThat(answer.json().at("/error/type").asText()).isEqualTo("permission_error");
        });

        admin.move(blocked, "unblock");
        Promptly.within(AT_ONCE, () -> assertAdmitted(blocked.key().text()));
    }

    private void assertAdmitted(String key) {
        Chat.Answer answer = Chat.with(key).send(Chat.body("gpt-4o-mini", "hello"));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    }

    private void assertRefused(Chat chat) {
        Scene scene = installation.upstream().scene(Acts.smallTalk());
        Chat.Answer answer = chat.send(Chat.body("gpt-4o-mini", scene.marker()));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(401);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.errorCode()).isEqualTo("invalid_api_key");
        assertThat(answer.json().at("/error/type").asText()).isEqualTo("authentication_error");
        assertThat(answer.json().at("/error/message").asText()).isNotEmpty();
        assertThat(scene.requests()).isEmpty();
    }

    /** The text with the check that makes it a well-formed key. */
    private static String sealed(String text) {
        CRC32 crc = new CRC32();
        text.chars().forEach(crc::update);
        StringBuilder check = new StringBuilder();
        for (long rest = crc.getValue(); check.length() < 6; rest /= BASE62.length()) {
            check.insert(0, BASE62.charAt((int) (rest % BASE62.length())));
        }
        return text + check;
    }
}
