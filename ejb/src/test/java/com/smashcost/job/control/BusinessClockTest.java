package com.smashcost.job.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import com.smashcost.refusal.control.Refusal;
import com.smashcost.secret.control.Environment;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BusinessClockTest {

    private final BusinessClock clock = new BusinessClock(Environment.of(Map.of("SMASHCOST_PROFILE", "development")));

    @Test
    void shows_the_real_time_until_it_is_moved() {
        assertThat(clock.now()).isCloseTo(Instant.now(), within(10, ChronoUnit.SECONDS));
    }

    @Test
    void adds_up_the_steps_it_was_moved_by() {
        clock.advance(Duration.ofHours(36));
        Instant moved = clock.advance(Duration.ofHours(12));

        assertThat(moved).isCloseTo(Instant.now().plus(2, ChronoUnit.DAYS), within(10, ChronoUnit.SECONDS));
        assertThat(clock.now()).isAfterOrEqualTo(moved);
    }

    @Test
    void moves_neither_back_nor_out_of_sight() {
        for (Duration step : new Duration[] {Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(3651)}) {
            assertThatExceptionOfType(Refusal.BadRequest.class).isThrownBy(() -> clock.advance(step));
        }
        clock.advance(Duration.ofDays(3650));
        assertThatExceptionOfType(Refusal.BadRequest.class).isThrownBy(() -> clock.advance(Duration.ofDays(1)));
    }

    @Test
    void does_not_move_in_production() {
        BusinessClock real = new BusinessClock(Environment.of(Map.of()));

        assertThat(real.isMovable()).isFalse();
        assertThatExceptionOfType(Refusal.Forbidden.class).isThrownBy(() -> real.advance(Duration.ofHours(1)));
    }
}
