package com.smashcost.routing.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("G27")
class RetryBudgetTest {

    private final SimulatedTime time = new SimulatedTime();
    private double chance = 0.5;
    private final RetryBudget budget = new RetryBudget(time, () -> chance);

    @ParameterizedTest
    @CsvSource({"0, 3", "1, 3", "30, 3", "39, 3", "40, 4", "1000, 100", "1009, 100"})
    void allows_a_tenth_of_the_requests_and_a_few_where_there_are_few(int requests, int retries) {
        requests(requests);

        assertThat(takes(1_000)).isEqualTo(retries);
    }

    @Test
    void forgets_requests_and_retries_after_a_minute() {
        requests(100);
        assertThat(takes(100)).isEqualTo(10);

        time.passes(Duration.ofSeconds(59));
        assertThat(takes(100)).isZero();
        time.passes(Duration.ofSeconds(1));
        assertThat(takes(100)).isEqualTo(3);
        time.passes(Duration.ofDays(9_999));
        assertThat(takes(100)).isEqualTo(3);
    }

    @Test
    void is_another_one_for_every_provider() {
        takes(100);

        assertThat(budget.take("anthropic")).isTrue();
        assertThat(budget.take("openai")).isFalse();
    }

    @Test
    void is_not_overdrawn_by_many_threads() {
        AtomicInteger taken = new AtomicInteger();
        requests(1_000);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 1_000; i++) {
                threads.execute(() -> {
                    budget.request("openai");
                    taken.addAndGet(budget.take("openai") ? 1 : 0);
                });
            }
        }
        taken.addAndGet(takes(1_000));

        assertThat(taken).as("no request and no retry is lost").hasValue(200);
    }

    @ParameterizedTest
    @CsvSource({"0, 0.5, 100", "1, 0.5, 200", "2, 0.5, 400", "4, 0.5, 1000", "9, 0.5, 1000", "0, 0, 0", "9, 0.75, 1500"
    })
    void delays_a_retry_by_chance_up_to_a_time_that_doubles(int repeated, double drawn, long millis) {
        chance = drawn;

        assertThat(budget.delay(repeated)).isEqualTo(Duration.ofMillis(millis));
    }

    private void requests(int count) {
        for (int i = 0; i < count; i++) {
            budget.request("openai");
        }
    }

    private int takes(int attempts) {
        int taken = 0;
        for (int i = 0; i < attempts; i++) {
            taken += budget.take("openai") ? 1 : 0;
        }
        return taken;
    }
}
