package com.smashcost.admin.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.account.control.Settings;
import com.smashcost.admin.boundary.ModelsResource.Priced;
import com.smashcost.admin.boundary.RequestsResource.Row;
import com.smashcost.catalog.entity.PriceTier;
import com.smashcost.ledger.control.Replay;
import com.smashcost.ledger.entity.LoggedRequest;
import com.smashcost.ledger.entity.RequestId;
import com.smashcost.ledger.entity.Savings;
import com.smashcost.money.entity.UnitPrices;
import com.smashcost.provider.entity.Usage;
import com.smashcost.routing.control.CircuitBreakers.Reading;
import com.smashcost.routing.control.CircuitBreakers.State;
import com.smashcost.routing.control.RoutingMode;
import com.smashcost.routing.entity.Mode;
import com.smashcost.routing.entity.Routing;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.bind.Jsonb;
import java.io.StringReader;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonFormatTest {

    private static final Instant AT = Instant.parse("2026-11-21T20:00:00.123456Z");

    private final Jsonb json = new JsonFormat().getContext(Object.class);

    @Test
    void writes_a_request_with_every_member_decimals_as_strings_and_null_for_unknown() {
        LoggedRequest request = new LoggedRequest(
                RequestId.parse("019aa8f5-5400-7000-8000-000000000001"),
                1,
                AT,
                200,
                null,
                "gpt-4o",
                "gpt-4o-mini",
                null,
                "openai",
                Routing.session_cache,
                Mode.active,
                "code",
                new BigDecimal("0.83000"),
                new BigDecimal("0.9710"),
                1,
                false,
                true,
                false,
                "acme",
                null,
                "Ab12Cd34",
                "prod",
                new Usage(10L, 0L, 1L, 2L, 5L, null, null, null, 3L),
                "standard",
                3L,
                4L,
                new BigDecimal("0.000000250000"),
                new BigDecimal("1E-12"),
                null,
                new BigDecimal("-0.000000249999"),
                Duration.ofMillis(321),
                null);

        assertThat(written(Row.of(request))).isEqualTo(parsed("""
                        {"request_id": "019aa8f5-5400-7000-8000-000000000001",
                         "started_at": "2026-11-21T20:00:00.123456Z", "status": 200, "error_class": null,
                         "model_requested": "gpt-4o", "model_used": "gpt-4o-mini", "model_projected": null,
                         "provider": "openai", "routing": "session_cache", "task": "code", "score": "0.83", "retention": "0.971",
                         "mode": "active", "attempts": 1, "fallback": false, "streamed": true,
                         "tag_customer": "acme", "tag_feature": null, "key_id": "Ab12Cd34",
                         "usage": {"input": 10, "cached": 0, "cache_write_5m": 1, "cache_write_1h": 2, "output": 5,
                                   "reasoning": null, "audio_input": null, "audio_output": null, "web_searches": 3},
                         "service_tier": "standard", "cost_usd": "0.00000025",
                         "baseline_usd": "0.000000000001", "projected_usd": null,
                         "saving_usd": "-0.000000249999", "latency_ms": 321, "first_token_ms": null,
                         "estimated": false}"""));
    }

    @Test
    void writes_settings_under_the_names_that_a_request_uses() {
        JsonObject settings = written(new Settings(
                60, "savings", null, "UTC", 30, 7, new BigDecimal("12.50"), List.of("gpt-4o*"), List.of()));

        assertThat(settings).isEqualTo(parsed("""
                        {"requests_per_minute": 60, "routing_mode": "savings", "default_model": null,
                         "time_zone": "UTC", "retention_days": 30, "observation_days": 7,
                         "alert_threshold_usd": "12.5", "allowed_models": ["gpt-4o*"], "denied_models": []}"""));
        assertThat(settings.keySet()).isEqualTo(SettingsChange.MEMBERS);
    }

    @Test
    void writes_models_with_their_prices() {
        ModelsResource.Version version = new ModelsResource.Version(
                1,
                AT,
                "operator",
                AT,
                List.of(ModelsResource.Tier.of(new PriceTier(
                        "standard",
                        0,
                        new UnitPrices(new BigDecimal("0.000002"), null, null, null, null, null, null, null)
                                .withWebSearch(new BigDecimal("0.010"))))));

        Priced model = new Priced(
                "a/b", "groq", "chat", 128L, null, Map.of("vision", true), null, true, null, List.of(version));

        assertThat(written(model)).isEqualTo(parsed("""
                        {"id": "a/b", "provider": "groq", "mode": "chat", "context_window": 128,
                         "max_output_tokens": null, "capabilities": {"vision": true}, "deprecated_on": null,
                         "enabled": true, "tier": null,
                         "prices": [{"id": 1, "valid_from": "2026-11-21T20:00:00.123456Z", "source": "operator",
                           "created_at": "2026-11-21T20:00:00.123456Z",
                           "tiers": [{"service_tier": "standard", "prompt_tokens_above": 0, "input": "0.000002",
                             "cached_input": "0.000002", "cache_write_5m": "0.000002", "cache_write_1h": "0.000002",
                             "output": null, "reasoning_output": null, "audio_input": "0.000002",
                             "audio_output": null, "web_search": "0.01"}]}]}"""));
    }

    @Test
    void writes_what_another_mode_would_have_cost() {
        Replay replay = new Replay(
                RoutingMode.savings,
                5,
                2,
                1,
                1,
                1,
                1,
                new BigDecimal("0.0110"),
                new BigDecimal("0.0110"),
                new BigDecimal("0.0120"),
                RequestId.parse("019aa8f5-5400-7000-8000-000000000001"));

        assertThat(written(ReplayResource.Sums.of(AT, AT, replay))).isEqualTo(parsed("""
                        {"from": "2026-11-21T20:00:00.123456Z", "to": "2026-11-21T20:00:00.123456Z",
                         "mode": "savings", "requests": 5, "replayed": 2, "moved": 1, "without_receipt": 1, "failed": 1,
                         "unpriced": 1, "actual_usd": "0.011", "baseline_usd": "0.011", "replayed_usd": "0.012",
                         "saving_usd": "-0.001", "next": "019aa8f5-5400-7000-8000-000000000001"}"""));
    }

    @Test
    void writes_savings_with_what_was_left_out() {
        BigDecimal zero = new BigDecimal("0.00");
        Savings savings = new Savings(3, zero, 1, zero, zero, zero, zero, 2, 0, 0, 0, 0, 0);

        assertThat(written(new OrganizationResource.SavingsOfRange(AT, AT, savings)))
                .isEqualTo(parsed("""
                        {"from": "2026-11-21T20:00:00.123456Z", "to": "2026-11-21T20:00:00.123456Z",
                         "savings": {"requests": 3, "cost_usd": "0", "counted": 1, "counted_cost_usd": "0",
                           "counted_baseline_usd": "0", "lost_cache_usd": "0", "saving_usd": "0", "observed": 2, "passed_through": 0,
                           "overridden": 0, "failed": 0, "fell_back": 0, "unpriced": 0}}"""));
    }

    @Test
    void writes_circuit_breakers() {
        Reading open = new Reading(
                "openai", "gpt-4o", State.open, new BigDecimal("0.5000"), 20, AT, AT.plus(Duration.ofSeconds(30)));
        Reading unused = new Reading("openai", "gpt-4o-mini", State.half_open, null, 0, AT, AT);

        assertThat(written(new BreakersResource.All(List.of(open, unused)))).isEqualTo(parsed("""
                        {"breakers": [
                          {"provider": "openai", "model": "gpt-4o", "state": "open", "failure_rate": "0.5", "calls": 20,
                           "open_since": "2026-11-21T20:00:00.123456Z", "open_until": "2026-11-21T20:00:30.123456Z"},
                          {"provider": "openai", "model": "gpt-4o-mini", "state": "half_open", "failure_rate": null,
                           "calls": 0, "open_since": "2026-11-21T20:00:00.123456Z",
                           "open_until": "2026-11-21T20:00:00.123456Z"}]}"""));
    }

    @Test
    void writes_problems() {
        assertThat(written(Problem.of(409, "slug_taken", "Another organization has this slug.", null)))
                .isEqualTo(parsed("""
                        {"type": "about:blank", "title": "Conflict", "status": 409,
                         "detail": "Another organization has this slug.", "code": "slug_taken", "param": null}"""));
    }

    private JsonObject written(Object answer) {
        return parsed(json.toJson(answer));
    }

    private static JsonObject parsed(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }
}
