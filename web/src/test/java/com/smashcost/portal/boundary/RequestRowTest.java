package com.smashcost.portal.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.ledger.entity.LoggedRequest;
import com.smashcost.ledger.entity.RequestId;
import com.smashcost.portal.boundary.RequestRow.Outcome;
import com.smashcost.provider.entity.Usage;
import com.smashcost.routing.entity.Mode;
import com.smashcost.routing.entity.Routing;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestRowTest {

    private static final Usage USAGE = new Usage(1000L, 200L, 30L, 4L, 500L, 60L, 7L, null);

    @Test
    void sums_the_buckets_of_each_direction() {
        RequestRow row = row(200, null, "gpt-4o", USAGE, "0.01");

        assertThat(row.tokensIn()).isEqualTo(new Figure(true, "1.2 k", "1,241"));
        assertThat(row.tokensOut()).isEqualTo(new Figure(true, "560", "560"));
        assertThat(row.buckets())
                .extracting(RequestRow.Bucket::name)
                .containsExactly(
                        "Input",
                        "Cached input",
                        "Cache write, 5 min",
                        "Cache write, 1 h",
                        "Output",
                        "Reasoning",
                        "Audio in");
    }

    @Test
    void counts_searches_in_calls_and_not_among_the_tokens() {
        RequestRow one = row(200, null, "gpt-4o", USAGE.withWebSearches(1L), "0.01");

        assertThat(one.tokensIn())
                .isEqualTo(row(200, null, "gpt-4o", USAGE, "0.01").tokensIn());
        assertThat(one.buckets().getFirst().unit()).isEqualTo("tokens");
        assertThat(one.buckets()).endsWith(new RequestRow.Bucket("Web searches", new Figure(true, "1", "1"), "call"));
        assertThat(row(200, null, "gpt-4o", USAGE.withWebSearches(12L), "0.01").buckets())
                .endsWith(new RequestRow.Bucket("Web searches", new Figure(true, "12", "12"), "calls"));
    }

    @Test
    void says_why_a_cost_is_unknown() {
        assertThat(row(200, null, "gpt-4o", USAGE, null).cost().exact()).contains("no price");
        assertThat(row(200, null, "gpt-4o", Usage.UNKNOWN, null).cost().exact()).contains("no usage");
        assertThat(row(200, null, "gpt-4o", USAGE.withWebSearches(1L), null)
                        .cost()
                        .exact())
                .contains("web searches");
        assertThat(row(200, null, "gpt-4o", USAGE, "0").cost().text()).isEqualTo("0");
    }

    @Test
    void tells_asked_from_used() {
        assertThat(row(200, null, "gpt-4o", USAGE, null).path()).isEqualTo("same");
        assertThat(row(200, null, "gpt-4o-mini", USAGE, null).path()).isEqualTo("routed");
        assertThat(row(400, null, null, Usage.UNKNOWN, null).path()).isEqualTo("unanswered");
    }

    @ParameterizedTest
    @CsvSource({
        "200, , GOOD, 200, ''",
        "200, client_left, WARNING, 200, client left",
        "429, upstream_rate_limited, WARNING, 429, rate limited",
        "502, provider_credential_rejected, BAD, 502, credential rejected",
        ", interrupted, BAD, No answer, interrupted"
    })
    void tells_how_the_answer_ended(
            @Nullable Integer status, @Nullable String errorClass, Outcome outcome, String text, String error) {
        RequestRow row = row(status, errorClass, "gpt-4o", USAGE, null);

        assertThat(row.outcome()).isEqualTo(outcome);
        assertThat(row.status()).isEqualTo(text);
        assertThat(row.error()).isEqualTo(error);
    }

    private static RequestRow row(
            @Nullable Integer status,
            @Nullable String errorClass,
            @Nullable String used,
            Usage usage,
            @Nullable String costUsd) {
        RequestId id = RequestId.mint();
        return new RequestRow(
                new LoggedRequest(
                        id,
                        1,
                        id.mintedAt(),
                        status,
                        errorClass,
                        "gpt-4o",
                        used,
                        null,
                        "openai",
                        Routing.passthrough,
                        Mode.observation,
                        null,
                        null,
                        null,
                        1,
                        false,
                        false,
                        false,
                        null,
                        null,
                        "a8Kd03Zq",
                        "production",
                        usage,
                        null,
                        null,
                        null,
                        costUsd == null ? null : new BigDecimal(costUsd),
                        null,
                        null,
                        null,
                        Duration.ofMillis(321),
                        null),
                Instant.now(),
                ZoneOffset.UTC);
    }
}
