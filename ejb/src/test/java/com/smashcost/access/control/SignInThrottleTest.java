package com.smashcost.access.control;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.smashcost.refusal.control.Refusal;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("G15")
class SignInThrottleTest {

    private static final String OWNER = "ada@acme.example";
    private static final String HOME = "192.0.2.7";
    private static final String STRANGER = "203.0.113.9";

    private long nanos;
    private final SignInThrottle throttle = new SignInThrottle(() -> nanos);

    @Test
    void lets_a_few_failures_pass_and_then_doubles_the_wait() {
        fail(4, HOME);
        assertAdmitted(HOME);

        fail(1, HOME);
        assertWaits(Duration.ofSeconds(1), HOME);
        pass(Duration.ofSeconds(1));
        fail(1, HOME);
        assertWaits(Duration.ofSeconds(2), HOME);
        pass(Duration.ofSeconds(2));
        fail(1, HOME);
        assertWaits(Duration.ofSeconds(4), HOME);
    }

    @Test
    void makes_nobody_wait_longer_than_fifteen_minutes() {
        for (int i = 0; i < 40; i++) {
            fail(1, HOME);
        }

        assertWaits(Duration.ofMinutes(15), HOME);
        pass(Duration.ofMinutes(15));
        assertAdmitted(HOME);
    }

    @Test
    void forgets_after_a_success_and_after_a_quiet_quarter_of_an_hour() {
        fail(6, HOME);
        throttle.succeeded(OWNER, HOME);
        assertAdmitted(HOME);

        fail(6, HOME);
        pass(Duration.ofMinutes(16));
        fail(1, HOME);
        assertAdmitted(HOME);
    }

    @Test
    void does_not_make_the_owner_wait_for_a_stranger() {
        throttle.succeeded(OWNER, HOME);
        fail(500, STRANGER);

        assertWaits(Duration.ofMinutes(15), STRANGER);
        assertAdmitted(HOME);
    }

    @Test
    void slows_down_a_stranger_with_many_networks() {
        for (int i = 0; i < 60; i++) {
            fail(1, "198.51." + i + ".1");
        }

        assertThatExceptionOfType(Refusal.TooManyRequests.class)
                .isThrownBy(() -> throttle.admit(OWNER, "198.51.200.1"));
    }

    @Test
    void counts_a_network_as_one_and_an_account_in_any_case() {
        fail(6, HOME);

        assertThatExceptionOfType(Refusal.TooManyRequests.class)
                .isThrownBy(() -> throttle.admit(" Ada@ACME.example ", "192.0.2.200"));
        assertThatCode(() -> throttle.admit(OWNER, "192.0.3.7")).doesNotThrowAnyException();
        assertThatCode(() -> throttle.admit("eva@acme.example", HOME)).doesNotThrowAnyException();
    }

    @Test
    void takes_the_56_bits_of_a_version_6_network() {
        fail(6, "2001:db8:0:aa01::1");

        assertThatExceptionOfType(Refusal.TooManyRequests.class)
                .isThrownBy(() -> throttle.admit(OWNER, "2001:db8:0:aaff:1:2:3:4"));
        assertThatCode(() -> throttle.admit(OWNER, "2001:db8:0:bb01::1")).doesNotThrowAnyException();
    }

    private void fail(int times, String address) {
        for (int i = 0; i < times; i++) {
            throttle.failed(OWNER, address);
        }
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    private void assertAdmitted(String address) {
        assertThatCode(() -> throttle.admit(OWNER, address)).doesNotThrowAnyException();
    }

    private void assertWaits(Duration wait, String address) {
        assertThatExceptionOfType(Refusal.TooManyRequests.class)
                .isThrownBy(() -> throttle.admit(OWNER, address))
                .extracting(Refusal.TooManyRequests::retryAfter)
                .isEqualTo(wait);
    }
}
