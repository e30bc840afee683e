package com.smashcost.routing.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.provider.control.UpstreamFailure;
import com.smashcost.routing.control.CircuitBreakers.Permit;
import com.smashcost.routing.control.CircuitBreakers.Reading;
import com.smashcost.routing.control.CircuitBreakers.State;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("G26")
@Tag("G27")
class CircuitBreakersTest {

    private static final Duration TOOK = Duration.ofMillis(40);
    private static final Duration HALF_A_MINUTE = Duration.ofSeconds(30);

    private final SimulatedTime time = new SimulatedTime();
    private double chance = 0.5;
    private final CircuitBreakers breakers = new CircuitBreakers(time, () -> chance);

    /**
     * Each letter is a call, all within the time of {@code seconds}: s succeeds, f fails, r is given up without a verdict.
     */
    @ParameterizedTest
    @CsvSource({
        // five in a row
        "ffff,                           0, closed",
        "fffff,                          0, open",
        "ffffsffff,                      0, closed",
        "ffffsfffff,                     0, open",
        "ffffrf,                         0, open",
        "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrr, 0, closed",
        "fffff,                        300, open",
        // half of at least twenty
        "fsfsfsfsfsfsfsfsfsf,            0, closed",
        "fsfsfsfsfsfsfsfsfsfs,           0, open",
        "sfsfsfsfsfsfsfsfsfsf,           0, open",
        "sfsfsfsfsfsfsfsfsfrrr,          0, closed",
        "sssssssssffffsffffsff,          0, closed",
        "sssssssssffffsffffsfff,         0, open",
        // of the last thirty seconds
        "sfsfsfsfsfsfsfsfsfsf,          29, open",
        "sfsfsfsfsfsfsfsfsfsf,          60, closed",
        "sssssssssssssssssssssssssssfff, 0, closed"
    })
    void opens_when_too_much_fails(String calls, int seconds, State state) {
        Duration pace = Duration.ofSeconds(seconds).dividedBy(calls.length());
        for (char call : calls.toCharArray()) {
            settle(permit(), call);
            time.passes(pace);
        }

        assertThat(reading().state()).isEqualTo(state);
        assertThat(breakers.isOpen("openai", "gpt-4o")).isEqualTo(state == State.open && seconds < 30);
    }

    @Test
    void forgets_what_is_older_than_the_window_and_not_what_is_younger() {
        calls("sfsfsfsfsfsfsfsfsfs");
        time.passes(Duration.ofSeconds(29));
        settle(permit(), 'f');
        assertThat(reading().state()).as("twenty within the window").isEqualTo(State.open);

        CircuitBreakers others = new CircuitBreakers(time, () -> chance);
        for (char call : "sfsfsfsfsfsfsfsfsfs".toCharArray()) {
            settle(others.permit("openai", "gpt-4o").orElseThrow(), call);
        }
        time.passes(Duration.ofSeconds(31));
        settle(others.permit("openai", "gpt-4o").orElseThrow(), 'f');
        assertThat(others.readings().getFirst().calls()).isEqualTo(1);
        assertThat(others.readings().getFirst().state()).isEqualTo(State.closed);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504, 529, 599})
    void blames_the_provider_for_its_errors(int status) {
        assertThat(CircuitBreakers.isFailure(status)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 400, 401, 403, 404, 408, 413, 422, 429, 499})
    void does_not_blame_the_provider_for_requests_it_refuses(int status) {
        assertThat(CircuitBreakers.isFailure(status)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(UpstreamFailure.Kind.class)
    void blames_the_provider_for_every_failure_but_a_client_that_left(UpstreamFailure.Kind kind) {
        assertThat(CircuitBreakers.isFailure(kind)).isEqualTo(kind != UpstreamFailure.Kind.client_closed);
    }

    @ParameterizedTest
    @CsvSource({"0, 27000", "0.5, 30000", "0.999999, 32999"})
    void lets_nothing_through_for_half_a_minute_give_or_take_a_tenth(double drawn, long millis) {
        chance = drawn;
        calls("fffff");

        time.passes(Duration.ofMillis(millis));
        assertThat(breakers.permit("openai", "gpt-4o")).isEmpty();
        assertThat(breakers.isOpen("openai", "gpt-4o")).isTrue();
        time.passes(Duration.ofMillis(1));
        assertThat(breakers.isOpen("openai", "gpt-4o")).isFalse();
        assertThat(breakers.permit("openai", "gpt-4o")).isPresent();
    }

    @Test
    void makes_three_probes_each_half_minute_of_an_outage_at_200_requests_per_second() {
        calls("fffff");
        List<Integer> probes = new ArrayList<>();
        for (int period = 0; period < 4; period++) {
            int made = 0;
            List<Permit> underWay = new ArrayList<>();
            for (int request = 0; request < 200 * 30 + 100; request++) {
                time.passes(Duration.ofMillis(5));
                Optional<Permit> permit = breakers.permit("openai", "gpt-4o");
                permit.ifPresent(underWay::add);
                made += permit.isPresent() ? 1 : 0;
                assertThat(breakers.isOpen("openai", "gpt-4o"))
                        .as("as soon as the last probe is made")
                        .isEqualTo(request < 6_000 ? !permit.isPresent() : made == 3);
            }
            underWay.forEach(permit -> settle(permit, 'f'));
            probes.add(made);
        }

        assertThat(probes).containsExactly(3, 3, 3, 3);
    }

    /** The letters are probes, which all began before the first of them ended. */
    @ParameterizedTest
    @CsvSource({
        "sss, closed",
        "ss, closed",
        "ssf, closed",
        "sfs, closed",
        "fss, closed",
        "s, half_open",
        "sf, half_open",
        "sr, half_open",
        "rrr, half_open",
        "ff, half_open",
        "fff, open",
        "ffs, open",
        "fsf, open",
        "sff, open"
    })
    void is_closed_or_opened_by_what_most_probes_bring(String verdicts, State state) {
        halfOpen();
        List<Permit> probes = List.of(permit(), permit(), permit());
        for (int i = 0; i < verdicts.length(); i++) {
            settle(probes.get(i), verdicts.charAt(i));
        }

        assertThat(reading().state()).isEqualTo(state);
    }

    @Test
    void makes_another_probe_for_one_that_was_given_up() {
        halfOpen();
        Permit first = permit();
        permit();
        permit();
        assertThat(breakers.isOpen("openai", "gpt-4o")).isTrue();
        assertThat(breakers.permit("openai", "gpt-4o")).isEmpty();

        first.close();
        first.close();

        assertThat(breakers.isOpen("openai", "gpt-4o")).isFalse();
        permit();
        assertThat(breakers.permit("openai", "gpt-4o")).isEmpty();
    }

    @Test
    void counts_everything_anew_after_it_closed() {
        halfOpen();
        calls("ss");
        calls("ffff");
        assertThat(reading().state()).isEqualTo(State.closed);
        assertThat(reading().openSince()).isNull();
        calls("f");
        assertThat(reading().state()).isEqualTo(State.open);
    }

    @ParameterizedTest
    @ValueSource(chars = {'s', 'f', 'r'})
    void does_not_hear_of_calls_from_before_it_opened_while_it_probes(char verdict) {
        List<Permit> old = IntStream.range(0, 10).mapToObj(i -> permit()).toList();
        halfOpen();
        old.forEach(permit -> settle(permit, verdict));
        assertThat(reading().state()).isEqualTo(State.half_open);
        assertThat(reading().calls()).isZero();

        List<Permit> probes = List.of(permit(), permit(), permit());
        assertThat(breakers.permit("openai", "gpt-4o")).isEmpty();
        probes.forEach(probe -> settle(probe, 's'));
        assertThat(reading().state()).isEqualTo(State.closed);
    }

    @Test
    void takes_the_beginning_of_an_answer_for_a_verdict_of_probes_only() {
        Permit call = permit();
        call.answering(TOOK);
        assertThat(reading().calls()).isZero();
        call.failed(TOOK);
        assertThat(reading().calls()).isEqualTo(1);
        calls("s");

        halfOpen();
        permit().answering(TOOK);
        permit().answering(TOOK);
        assertThat(reading().state()).isEqualTo(State.closed);
    }

    @Test
    void hears_the_first_verdict_only() {
        Permit permit = permit();
        permit.succeeded(TOOK);
        permit.failed(TOOK);
        permit.close();

        assertThat(reading().failureRate()).isEqualByComparingTo("0");
        assertThat(reading().calls()).isEqualTo(1);
    }

    @Test
    void is_another_one_for_every_model_and_every_provider() {
        calls("fffff");

        assertThat(breakers.permit("openai", "gpt-4o")).isEmpty();
        assertThat(breakers.permit("openai", "gpt-4o-mini")).isPresent();
        assertThat(breakers.permit("azure", "gpt-4o")).isPresent();
        assertThat(breakers.isOpen("openai", "gpt-4o-mini")).isFalse();
    }

    @Test
    void tells_the_operator_what_is_open_since_and_until_when() {
        settle(breakers.permit("anthropic", "claude-haiku-4-5").orElseThrow(), 's');
        calls("sfffff");
        time.passes(Duration.ofSeconds(10));

        List<Reading> readings = breakers.readings();

        assertThat(readings).extracting(Reading::provider).containsExactly("anthropic", "openai");
        assertThat(readings.getFirst())
                .isEqualTo(new Reading(
                        "anthropic", "claude-haiku-4-5", State.closed, new BigDecimal("0.0000"), 1, null, null));
        Reading open = readings.getLast();
        assertThat(open.state()).isEqualTo(State.open);
        assertThat(open.failureRate()).isEqualTo("0.8333");
        assertThat(open.calls()).isEqualTo(6);
        Instant since = open.openSince();
        Instant until = open.openUntil();
        assertThat(since)
                .isNotNull()
                .isBetween(Instant.now().minusSeconds(12), Instant.now().minusSeconds(10));
        assertThat(Duration.between(since, until)).isEqualTo(HALF_A_MINUTE);
    }

    @Test
    void has_room_for_so_many_names_and_keeps_those_that_are_open() {
        calls("fffff");
        for (int i = 0; i < 3 * CircuitBreakers.MOST; i++) {
            time.passes(Duration.ofNanos(1_000));
            settle(breakers.permit("openai", "name-" + i).orElseThrow(), 's');
            breakers.isOpen("openai", "asked-" + i);
        }

        assertThat(breakers.readings()).hasSizeLessThanOrEqualTo(CircuitBreakers.MOST);
        assertThat(breakers.isOpen("openai", "gpt-4o")).isTrue();
        assertThat(breakers.readings())
                .extracting(Reading::model)
                .contains("name-" + (3 * CircuitBreakers.MOST - 1))
                .doesNotContain("name-0");
    }

    @Test
    void gives_three_probes_and_not_one_more_to_many_threads() {
        for (int round = 0; round < 20; round++) {
            halfOpen();
            Queue<Permit> given = new ConcurrentLinkedQueue<>();
            CountDownLatch start = new CountDownLatch(1);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 500; i++) {
                    threads.execute(() -> {
                        await(start);
                        breakers.permit("openai", "gpt-4o").ifPresent(given::add);
                    });
                }
                start.countDown();
            }
            assertThat(given).hasSize(3);
            given.forEach(permit -> settle(permit, 's'));
        }
    }

    @Test
    void counts_every_call_of_many_threads() {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 2_000; i++) {
                char verdict = i % 4 == 0 ? 'f' : 's';
                threads.execute(() -> breakers.permit("openai", "gpt-4o").ifPresent(permit -> settle(permit, verdict)));
            }
        }

        assertThat(reading().calls()).isEqualTo(2_000);
        assertThat(reading().failureRate()).isEqualByComparingTo("0.25");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void calls(String verdicts) {
        for (char verdict : verdicts.toCharArray()) {
            settle(permit(), verdict);
        }
    }

    private void halfOpen() {
        calls("fffff");
        time.passes(HALF_A_MINUTE.plusMillis(1));
        permit().close(); // whoever asks first finds it half open
        assertThat(reading().state()).isEqualTo(State.half_open);
    }

    private Permit permit() {
        return breakers.permit("openai", "gpt-4o").orElseThrow();
    }

    private Reading reading() {
        return breakers.readings().getFirst();
    }

    private static void settle(Permit permit, char verdict) {
        try (permit) {
            switch (verdict) {
                case 's' -> permit.succeeded(TOOK);
                case 'f' -> permit.failed(TOOK);
                default -> {} // given up
            }
        }
    }
}
