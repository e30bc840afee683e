package com.smashcost.ledger.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdTest {

    @Test
    void is_laid_out_as_a_uuid_of_version_7() {
        long before = System.currentTimeMillis();
        RequestId id = RequestId.mint();
        long after = System.currentTimeMillis();
        assertThat(id.toString()).matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        assertThat(id.uuid().version()).isEqualTo(7);
        assertThat(id.uuid().variant()).isEqualTo(2);
        assertThat(id.mintedAt().toEpochMilli()).isBetween(before, after + 1);
    }

    @Test
    void ascends_in_the_order_of_minting() {
        List<RequestId> ids =
                IntStream.range(0, 50_000).mapToObj(i -> RequestId.mint()).toList();
        assertThat(ids).isSorted().doesNotHaveDuplicates();
        assertThat(ids.stream().map(RequestId::toString).toList()).isSorted();
        assertThat(ids.stream().map(RequestId::bytes).toList()).isSortedAccordingTo(Arrays::compareUnsigned);
    }

    @Test
    void ascends_strictly_in_each_of_many_threads_and_is_never_minted_twice() throws Exception {
        List<List<RequestId>> minted = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            Callable<List<RequestId>> mint = () ->
                    IntStream.range(0, 20_000).mapToObj(i -> RequestId.mint()).toList();
            for (Future<List<RequestId>> ids : threads.invokeAll(List.of(mint, mint, mint, mint, mint, mint))) {
                minted.add(ids.get());
            }
        }
        Set<RequestId> all = new HashSet<>();
        for (List<RequestId> ids : minted) {
            assertThat(ids).isSortedAccordingTo(Comparator.naturalOrder());
            all.addAll(ids);
        }
        assertThat(all).hasSize(120_000);
        assertThat(all.stream().map(id -> id.uuid().getMostSignificantBits()).distinct())
                .as("time and counter alone tell them apart")
                .hasSize(120_000);
    }

    @Test
    void is_read_back_from_its_text_and_its_bytes() {
        RequestId id = RequestId.mint();
        assertThat(RequestId.parse(id.toString())).isEqualTo(id);
        assertThat(id.bytes()).hasSize(16);
        assertThat(RequestId.of(id.bytes())).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "9d3b9a53-5c3e-4b45-9d94-2c3cfc4e9b06",
                "00000000-0000-0000-0000-000000000000",
                "01936f3e-7c00-7abc-8def-0123456789ab0",
                "01936f3e7c007abc8def0123456789ab",
                "1-2-7003-8004-5",
                "{01936f3e-7c00-7abc-8def-0123456789ab}"
            })
    void refuses_a_text_that_is_no_uuid_of_version_7(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> RequestId.parse(text));
    }

    @Test
    void has_a_lower_bound_that_parts_the_ids_of_one_instant_from_those_before_it() {
        RequestId id = RequestId.mint();
        assertThat(Arrays.compareUnsigned(RequestId.lowerBound(id.mintedAt()), id.bytes()))
                .isNegative();
        assertThat(Arrays.compareUnsigned(RequestId.lowerBound(id.mintedAt().plusMillis(1)), id.bytes()))
                .isPositive();
    }

    @Test
    void has_lower_bounds_in_the_order_of_their_instants_from_the_first_to_the_last() {
        List<byte[]> bounds = List.of(
                        Instant.MIN,
                        Instant.parse("0001-01-01T00:00:00Z"),
                        Instant.EPOCH.minusSeconds(60),
                        Instant.EPOCH,
                        Instant.parse("2026-11-21T12:00:00Z"),
                        Instant.parse("9999-12-31T23:59:59Z"),
                        Instant.parse("+20000-01-01T00:00:00Z"),
                        Instant.MAX)
                .stream()
                .map(RequestId::lowerBound)
                .toList();
        assertThat(bounds).isSortedAccordingTo(Arrays::compareUnsigned);
        assertThat(Arrays.compareUnsigned(bounds.getFirst(), RequestId.mint().bytes()))
                .isNegative();
        assertThat(Arrays.compareUnsigned(bounds.getLast(), RequestId.mint().bytes()))
                .isPositive();
    }
}
