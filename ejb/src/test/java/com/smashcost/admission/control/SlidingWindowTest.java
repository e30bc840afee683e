package com.smashcost.admission.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.admission.control.SlidingWindow.Permit;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("G21")
class SlidingWindowTest {

    private static final long MINUTE = Duration.ofSeconds(60).toNanos();
    private static final long START = 1_000_000_000_000L;

    @Test
    void grants_the_limit_and_not_one_more() {
        SlidingWindow window = window(3);
        assertThat(window.take(START)).isEqualTo(new Permit(true, 3, 2, Duration.ofSeconds(60)));
        assertThat(window.take(START + 1).remaining()).isEqualTo(1);
        assertThat(window.take(START + 2).remaining()).isZero();
        assertThat(window.take(START + 3)).isEqualTo(new Permit(false, 3, 0, Duration.ofNanos(MINUTE - 3)));
    }

    @Test
    void is_exact_at_the_edge_of_the_window() {
        SlidingWindow window = window(1);
        assertThat(window.take(START).granted()).isTrue();
        assertThat(window.take(START + MINUTE - 1).granted()).isFalse();
        assertThat(window.take(START + MINUTE).granted()).isTrue();
        assertThat(window.take(START + 2 * MINUTE - 1).granted()).isFalse();
    }

    @Test
    void does_not_count_what_it_refused() {
        SlidingWindow window = window(1);
        window.take(START);
        for (int i = 1; i < 60; i++) {
            assertThat(window.take(START + i * (MINUTE / 60)).granted()).isFalse();
        }
        assertThat(window.take(START + MINUTE).granted()).isTrue();
    }

    @Test
    void says_how_long_to_wait_so_that_the_next_one_is_granted() {
        SlidingWindow window = window(2);
        window.take(START);
        window.take(START + 10);
        Permit refused = window.take(START + 20);
        long then = START + 20 + refused.reset().toNanos();
        assertThat(window.take(then - 1).granted()).isFalse();
        assertThat(window.take(then).granted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE - 5, Long.MIN_VALUE, -3, 0})
    void works_where_the_monotonic_clock_wraps_or_is_negative(long start) {
        SlidingWindow window = window(2);
        assertThat(window.take(start).granted()).isTrue();
        assertThat(window.take(start + 7).granted()).isTrue();
        assertThat(window.take(start + 8).granted()).isFalse();
        assertThat(window.take(start + MINUTE).granted()).isTrue();
        assertThat(window.take(start + MINUTE + 6).granted()).isFalse();
        assertThat(window.take(start + MINUTE + 7).granted()).isTrue();
    }

    @Test
    void acts_on_a_smaller_limit_at_once() {
        SlidingWindow window = window(10);
        IntStream.range(0, 6).forEach(i -> window.take(START + i));
        window.resize(4);
        Permit refused = window.take(START + 10);
        assertThat(refused.granted()).isFalse();
        assertThat(refused.limit()).isEqualTo(4);
        assertThat(refused.remaining()).isZero();
        assertThat(refused.reset()).as("the third of six has to expire").isEqualTo(Duration.ofNanos(MINUTE + 2 - 10));
    }

    @Test
    void gives_what_a_larger_limit_allows_and_no_more() {
        SlidingWindow window = window(2);
        window.take(START);
        window.take(START + 1);
        window.resize(3);
        assertThat(window.take(START + 2).granted()).isTrue();
        assertThat(window.take(START + 3).granted()).isFalse();
    }

    @Test
    void does_not_forget_permits_while_the_limit_goes_down_and_up_again() {
        SlidingWindow window = window(10);
        IntStream.range(0, 10).forEach(i -> window.take(START + i));
        window.resize(1);
        window.resize(10);
        assertThat(window.take(START + 20).granted()).isFalse();
    }

    @Test
    void grants_the_limit_and_not_one_more_to_many_threads() throws InterruptedException {
        SlidingWindow window = window(1_000);
        ConcurrentLinkedQueue<Permit> granted = new ConcurrentLinkedQueue<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            for (int i = 0; i < 3_000; i++) {
                threads.execute(() -> {
                    Permit permit = window.take(System.nanoTime());
                    if (permit.granted()) {
                        granted.add(permit);
                    }
                });
            }
            threads.shutdown();
            assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(granted).hasSize(1_000);
        assertThat(granted.stream().map(Permit::remaining).sorted().toList())
                .isEqualTo(IntStream.range(0, 1_000).boxed().toList());
    }

    @Test
    @Tag("G22")
    void are_kept_per_organisation_and_not_at_all_where_there_is_no_limit() {
        RateLimits limits = new RateLimits();
        assertThat(List.of(granted(limits, 1), granted(limits, 1), granted(limits, 1)))
                .containsExactly(true, true, false);
        assertThat(granted(limits, 2)).isTrue();
        assertThat(limits.take(1, 0)).isEmpty();
        assertThat(granted(limits, 1))
                .as("what no limit let through does not count")
                .isFalse();
    }

    private static boolean granted(RateLimits limits, long organization) {
        return limits.take(organization, 2).orElseThrow().granted();
    }

    private static SlidingWindow window(int limit) {
        return new SlidingWindow(limit, Duration.ofSeconds(60));
    }
}
