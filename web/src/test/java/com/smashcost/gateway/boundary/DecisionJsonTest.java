package com.smashcost.gateway.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.smashcost.catalog.entity.Tier;
import com.smashcost.ledger.control.Receipt;
import com.smashcost.ledger.entity.LedgerEntry.Weighed;
import com.smashcost.ledger.entity.LoggedRequest;
import com.smashcost.ledger.entity.RequestId;
import com.smashcost.provider.entity.Usage;
import com.smashcost.refusal.control.Refusal;
import com.smashcost.routing.control.Needs;
import com.smashcost.routing.control.Verdict;
import com.smashcost.routing.entity.Mode;
import com.smashcost.routing.entity.Routing;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecisionJsonTest {

    private static final String ID = "019aa8f5-5400-7000-8000-000000000001";

    @Test
    void tells_all_that_was_weighed() {
        Weighed weighed = new Weighed(
                "2026-11",
                "balanced",
                decimals("0.5000", "0.6", "0.7", "0.8"),
                decimals("0.9300", "0.98", "1", "1"),
                new BigDecimal("0.9800"),
                true,
                Needs.TOOLS | Needs.SAME_PROVIDER,
                1200,
                300,
                List.of());
        Receipt.Candidate candidate = new Receipt.Candidate(
                "gpt-4o-mini",
                "openai",
                Tier.medium,
                Verdict.chosen,
                new BigDecimal("0.000000150000"),
                null,
                12L,
                new BigDecimal("1E-4"));

        assertThat(json(new Receipt(
                        request(Routing.classifier, Mode.active),
                        "gpt-4o",
                        new BigDecimal("0E-12"),
                        weighed,
                        List.of(candidate))))
                .isEqualTo(parsed("""
                        {"request_id": "019aa8f5-5400-7000-8000-000000000001", "started_at": "2026-11-21T20:00:00Z",
                         "status": 200, "error_class": null, "mode": "active", "routing": "classifier",
                         "explanation": "The router chose by what this request is.",
                         "model_requested": "gpt-4o", "model_used": "gpt-4o-mini", "model_projected": null,
                         "baseline": "gpt-4o", "provider": "openai", "attempts": 1, "fallback": false, "task": "code",
                         "score": "0.83", "classifier_version": "2026-11",
                         "policy": {"mode": "balanced", "target": "0.97"}, "familiar": true,
                         "needs": ["tools", "same_provider"],
                         "tiers": {"small": {"right": "0.5", "retained": "0.93"},
                                   "medium": {"right": "0.6", "retained": "0.98"},
                                   "large": {"right": "0.7", "retained": "1"},
                                   "frontier": {"right": "0.8", "retained": "1"}},
                         "prompt_tokens": 1200, "output_tokens": 300, "retention": "0.98",
                         "candidates": [{"model": "gpt-4o-mini", "provider": "openai", "tier": "medium",
                           "verdict": "chosen", "explanation": "It serves the request, or would have.",
                           "input": "0.00000015", "output": null, "price_version_id": 12, "projected_usd": "0.0001"}],
                         "usage": {"input": 10, "cached": 0, "cache_write_5m": null, "cache_write_1h": null,
                                   "output": 5, "reasoning": null, "audio_input": null, "audio_output": null,
                                   "web_searches": null},
                         "estimated": false, "service_tier": "standard", "cost_usd": "0.00000025",
                         "baseline_usd": "0.000001", "projected_usd": null, "lost_cache_usd": "0", "saving_usd": "0.00000075",
                         "price_version_id": 3, "baseline_price_version_id": 4}"""));
    }

    @ParameterizedTest
    @EnumSource(Routing.class)
    void explains_a_request_for_which_nothing_was_weighed(Routing routing) {
        JsonObject json = json(new Receipt(request(routing, Mode.active), null, BigDecimal.ZERO, null, List.of()));
        assertThat(json.getString("routing")).isEqualTo(routing.name());
        assertThat(json.getString("explanation")).endsWith(".");
        assertThat(json.getJsonArray("candidates")).isEmpty();
        assertThat(json.isNull("policy")).isTrue();
        assertThat(json.isNull("tiers")).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Verdict.class)
    void explains_every_verdict(Verdict verdict) {
        Receipt.Candidate candidate = new Receipt.Candidate("m", "openai", null, verdict, null, null, null, null);
        assertThat(json(new Receipt(
                                request(Routing.classifier, Mode.active),
                                null,
                                BigDecimal.ZERO,
                                null,
                                List.of(candidate)))
                        .getJsonArray("candidates")
                        .getJsonObject(0)
                        .getString("explanation"))
                .endsWith(".");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "019aa8f5", "019aa8f5-5400-4000-8000-000000000001", ID + "0"})
    void takes_nothing_but_request_ids(String text) {
        assertThatExceptionOfType(Refusal.BadRequest.class)
                .isThrownBy(() -> DecisionsResource.parse(text))
                .satisfies(refusal -> assertThat(refusal.param()).isEqualTo("id"));
        assertThat(DecisionsResource.parse(ID).toString()).isEqualTo(ID);
    }

    private static LoggedRequest request(Routing routing, Mode mode) {
        return new LoggedRequest(
                RequestId.parse(ID),
                1,
                Instant.parse("2026-11-21T20:00:00Z"),
                200,
                null,
                "gpt-4o",
                "gpt-4o-mini",
                null,
                "openai",
                routing,
                mode,
                "code",
                new BigDecimal("0.83000"),
                new BigDecimal("0.9800"),
                1,
                false,
                true,
                false,
                "acme",
                null,
                "Ab12Cd34",
                "prod",
                new Usage(10L, 0L, null, null, 5L, null, null, null),
                "standard",
                3L,
                4L,
                new BigDecimal("0.000000250000"),
                new BigDecimal("0.000001000000"),
                null,
                new BigDecimal("0.000000750000"),
                Duration.ofMillis(321),
                null);
    }

    private static List<BigDecimal> decimals(String... texts) {
        return Stream.of(texts).map(BigDecimal::new).toList();
    }

    private static JsonObject json(Receipt receipt) {
        return parsed(new String(DecisionJson.of(receipt), StandardCharsets.UTF_8));
    }

    private static JsonObject parsed(@Nullable String text) {
        try (JsonReader reader = Json.createReader(new StringReader(String.valueOf(text)))) {
            return reader.readObject();
        }
    }
}
