package com.smashcost.routing.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("G26")
class ProviderPausesTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SimulatedTime time = new SimulatedTime();
    private double chance = 0.999_999;
    private final ProviderPauses pauses = new ProviderPauses(time, () -> chance);

    @Test
    void last_as_long_as_the_provider_says() {
        pauses.pause(1, "openai", Duration.ofSeconds(20));

        assertThat(pauses.remaining(1, "openai")).contains(Duration.ofSeconds(20));
        time.passes(Duration.ofSeconds(19));
        assertThat(pauses.remaining(1, "openai")).contains(SECOND);
        time.passes(SECOND);
        assertThat(pauses.remaining(1, "openai")).isEmpty();
    }

    @Test
    void last_no_longer_than_ten_minutes_whatever_is_said() {
        pauses.pause(1, "openai", Duration.ofDays(3));

        assertThat(pauses.remaining(1, "openai")).contains(Duration.ofMinutes(10));
    }

    @Test
    void concern_one_organisation_and_one_provider() {
        pauses.pause(1, "openai", Duration.ofSeconds(20));

        assertThat(pauses.remaining(2, "openai")).isEmpty();
        assertThat(pauses.remaining(1, "anthropic")).isEmpty();
    }

    @Test
    void double_up_to_a_minute_where_nothing_is_said() {
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            pauses.pause(1, "openai", null);
            Duration wait = pauses.remaining(1, "openai").orElseThrow();
            waits.add(Math.round(wait.toMillis() / 1_000.0));
            time.passes(wait);
        }

        assertThat(waits).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
    }

    @Test
    void take_any_time_up_to_that_with_the_same_chance() {
        chance = 0.25;
        pauses.pause(1, "openai", null);
        assertThat(pauses.remaining(1, "openai")).contains(Duration.ofMillis(250));

        chance = 0;
        pauses.pause(2, "openai", null);
        assertThat(pauses.remaining(2, "openai")).isEmpty();
    }

    @Test
    void begin_anew_once_the_provider_served() {
        pauseTimes(5);
        pauses.served(1, "openai");
        pauses.pause(1, "openai", null);

        assertThat(pauses.remaining(1, "openai").orElseThrow()).isLessThanOrEqualTo(SECOND);
    }

    @Test
    void begin_anew_after_a_long_quiet_time() {
        pauseTimes(5);
        time.passes(Duration.ofMinutes(11));
        pauses.pause(1, "openai", null);

        assertThat(pauses.remaining(1, "openai").orElseThrow()).isLessThanOrEqualTo(SECOND);
    }

    @Test
    void go_on_when_an_older_request_is_served() {
        pauses.pause(1, "openai", Duration.ofSeconds(20));
        pauses.served(1, "openai");

        assertThat(pauses.remaining(1, "openai")).contains(Duration.ofSeconds(20));
    }

    @Test
    void count_once_for_requests_that_were_refused_together() {
        for (int i = 0; i < 50; i++) {
            pauses.pause(1, "openai", null);
        }
        assertThat(pauses.remaining(1, "openai").orElseThrow()).isLessThanOrEqualTo(SECOND);

        time.passes(SECOND);
        pauses.pause(1, "openai", null);
        assertThat(pauses.remaining(1, "openai").orElseThrow()).isBetween(SECOND, SECOND.multipliedBy(2));
    }

    @Test
    void are_lengthened_and_never_shortened_by_what_is_said_meanwhile() {
        pauses.pause(1, "openai", Duration.ofSeconds(20));
        pauses.pause(1, "openai", Duration.ofSeconds(5));
        assertThat(pauses.remaining(1, "openai")).contains(Duration.ofSeconds(20));

        pauses.pause(1, "openai", Duration.ofSeconds(30));
        assertThat(pauses.remaining(1, "openai")).contains(Duration.ofSeconds(30));
    }

    @Test
    void are_so_many_and_no_more_and_make_room_when_they_are_over() {
        for (int i = 0; i <= ProviderPauses.MOST; i++) {
            pauses.pause(i, "openai", Duration.ofSeconds(20));
        }
        assertThat(pauses.remaining(ProviderPauses.MOST - 1, "openai")).isPresent();
        assertThat(pauses.remaining(ProviderPauses.MOST, "openai")).isEmpty();

        time.passes(Duration.ofSeconds(20));
        pauses.pause(ProviderPauses.MOST, "openai", SECOND);
        assertThat(pauses.remaining(ProviderPauses.MOST, "openai")).isEqualTo(Optional.of(SECOND));
    }

    private void pauseTimes(int times) {
        for (int i = 0; i < times; i++) {
            pauses.pause(1, "openai", null);
            time.passes(pauses.remaining(1, "openai").orElseThrow());
        }
    }
}
