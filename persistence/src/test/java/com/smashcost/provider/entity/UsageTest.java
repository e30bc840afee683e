package com.smashcost.provider.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("G29")
class UsageTest {

    @Test
    void tells_what_was_not_reported_from_a_reported_zero() {
        assertThat(Usage.UNKNOWN.isKnown()).isFalse();
        assertThat(new Usage(0L, null, null, null, null, null, null, null).isKnown())
                .isTrue();
        assertThat(new Usage(null, null, null, null, 0L, null, null, null).isKnown())
                .isTrue();
        assertThat(Usage.UNKNOWN.withWebSearches(1L).isKnown())
                .as("calls say nothing of tokens")
                .isFalse();
    }

    @Test
    void counts_searches_apart_from_tokens() {
        Usage tokens = new Usage(1L, null, null, null, 2L, null, null, null);
        assertThat(tokens.webSearches()).isNull();
        assertThat(tokens.withWebSearches(3L).webSearches()).isEqualTo(3L);
        assertThat(tokens.withWebSearches(3L).promptTokens()).isEqualTo(1);
        assertThat(tokens.withWebSearches(3L).withWebSearches(null)).isEqualTo(tokens);
    }

    @Test
    void counts_all_that_was_read_as_its_prompt() {
        assertThat(new Usage(1L, 10L, 100L, 1_000L, 5L, 5L, 10_000L, 5L).promptTokens())
                .isEqualTo(11_111);
        assertThat(Usage.UNKNOWN.promptTokens()).isZero();
    }

    @Test
    void does_not_believe_less_than_nothing_or_more_than_a_milliard() {
        assertThat(new Usage(0L, null, null, null, 1_000_000_000L, null, null, null).output())
                .isEqualTo(1_000_000_000L);
        for (long tokens : new long[] {-1, 1_000_000_001L, Long.MIN_VALUE, Long.MAX_VALUE}) {
            for (int bucket = 0; bucket < 9; bucket++) {
                Long[] buckets = new Long[9];
                buckets[bucket] = tokens;
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> new Usage(
                                buckets[0],
                                buckets[1],
                                buckets[2],
                                buckets[3],
                                buckets[4],
                                buckets[5],
                                buckets[6],
                                buckets[7],
                                buckets[8]));
            }
        }
    }
}
