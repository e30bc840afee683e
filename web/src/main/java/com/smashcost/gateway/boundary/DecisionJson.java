package com.smashcost.gateway.boundary;

import com.smashcost.catalog.entity.Tier;
import com.smashcost.ledger.control.Receipt;
import com.smashcost.ledger.entity.LedgerEntry.Weighed;
import com.smashcost.ledger.entity.LoggedRequest;
import com.smashcost.provider.entity.Usage;
import com.smashcost.routing.control.Needs;
import com.smashcost.routing.control.RoutingMode;
import com.smashcost.routing.control.Verdict;
import com.smashcost.routing.entity.Mode;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The receipt of a routing decision as JSON: names in snake_case, decimals as strings, null where something is unknown. */
public final class DecisionJson {

    private DecisionJson() {}

    /** The receipt's bytes. */
    public static byte[] of(Receipt receipt) {
        LoggedRequest request = receipt.request();
        Weighed weighed = receipt.weighed();
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("request_id", request.id().toString())
                .add("started_at", request.startedAt().toString())
                .add("status", number(request.status()))
                .add("error_class", text(request.errorClass()))
                .add("mode", request.mode().name())
                .add("routing", request.routing().name())
                .add("explanation", explanation(request, weighed))
                .add("model_requested", request.modelRequested())
                .add("model_used", text(request.modelUsed()))
                .add("model_projected", text(request.modelProjected()))
                .add("baseline", text(receipt.baseline()))
                .add("provider", text(request.provider()))
                .add("attempts", request.attempts())
                .add("fallback", request.fallback())
                .add("task", text(request.task()))
                .add("score", decimal(request.score()));
        weighed(json, weighed);
        JsonArrayBuilder candidates = Json.createArrayBuilder();
        receipt.candidates().forEach(candidate -> candidates.add(candidate(candidate)));
        return json.add("candidates", candidates)
                .add("usage", usage(request.usage()))
                .add("estimated", request.estimated())
                .add("service_tier", text(request.serviceTier()))
                .add("cost_usd", decimal(request.costUsd()))
                .add("baseline_usd", decimal(request.baselineUsd()))
                .add("projected_usd", decimal(request.projectedUsd()))
                .add("lost_cache_usd", decimal(receipt.lostCacheUsd()))
                .add("saving_usd", decimal(request.savingUsd()))
                .add("price_version_id", number(request.priceVersionId()))
                .add("baseline_price_version_id", number(request.baselinePriceVersionId()))
                .build()
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void weighed(JsonObjectBuilder json, @Nullable Weighed weighed) {
        if (weighed == null) {
            for (String name : List.of(
                    "classifier_version",
                    "policy",
                    "familiar",
                    "needs",
                    "tiers",
                    "prompt_tokens",
                    "output_tokens",
                    "retention")) {
                json.addNull(name);
            }
            return;
        }
        JsonObjectBuilder tiers = Json.createObjectBuilder();
        for (Tier tier : Tier.values()) {
            tiers.add(
                    tier.name(),
                    Json.createObjectBuilder()
                            .add("right", decimal(of(weighed.right(), tier)))
                            .add("retained", decimal(of(weighed.retained(), tier))));
        }
        json.add("classifier_version", weighed.classifier())
                .add(
                        "policy",
                        Json.createObjectBuilder()
                                .add("mode", weighed.policy())
                                .add("target", decimal(target(weighed.policy()))))
                .add("familiar", weighed.familiar())
                .add("needs", Json.createArrayBuilder(Needs.names(weighed.needs())))
                .add("tiers", tiers)
                .add("prompt_tokens", weighed.promptTokens())
                .add("output_tokens", weighed.outputTokens())
                .add("retention", decimal(weighed.retention()));
    }

    private static JsonObjectBuilder candidate(Receipt.Candidate candidate) {
        Verdict verdict = candidate.verdict();
        Tier tier = candidate.tier();
        return Json.createObjectBuilder()
                .add("model", candidate.model())
                .add("provider", candidate.provider())
                .add("tier", text(tier == null ? null : tier.name()))
                .add("verdict", text(verdict == null ? null : verdict.name()))
                .add("explanation", text(verdict == null ? null : explanation(verdict)))
                .add("input", decimal(candidate.input()))
                .add("output", decimal(candidate.output()))
                .add("price_version_id", number(candidate.priceVersionId()))
                .add("projected_usd", decimal(candidate.projected()));
    }

    private static JsonObjectBuilder usage(Usage usage) {
        return Json.createObjectBuilder()
                .add("input", number(usage.input()))
                .add("cached", number(usage.cached()))
                .add("cache_write_5m", number(usage.cacheWrite5m()))
                .add("cache_write_1h", number(usage.cacheWrite1h()))
                .add("output", number(usage.output()))
                .add("reasoning", number(usage.reasoning()))
                .add("audio_input", number(usage.audioInput()))
                .add("audio_output", number(usage.audioOutput()))
                .add("web_searches", number(usage.webSearches()));
    }

    private static String explanation(LoggedRequest request, @Nullable Weighed weighed) {
        return switch (request.routing()) {
            case classifier -> "The router chose by what this request is.";
            case session_cache -> "The router stayed with the model that it had chosen earlier in the session.";
            case override -> "The client insisted on the model that it named.";
            case passthrough -> {
                if (request.mode() == Mode.active) {
                    yield "Routing is off for the organisation, or has no say in such a request; the requested model served.";
                }
                yield weighed == null
                        ? "Routing was not active; the requested model served, and the router did not look at the request."
                        : "Routing was not active; the requested model served, and the router noted what it would have chosen.";
            }
        };
    }

    private static String explanation(Verdict verdict) {
        return switch (verdict) {
            case chosen -> "It serves the request, or would have.";
            case asked -> "It was asked for, and something cheaper was found.";
            case dearer -> "It is good enough, and dearer than the chosen one.";
            case not_good_enough -> "It would keep too little of the requested model's quality.";
            case unfamiliar ->
                "The request is unlike what the classifier knows, so that the requested model is not replaced.";
            case unproven -> "Too few outcomes were seen of it in requests of this kind to go so far down.";
            case unrated -> "Nobody has said how good it is, or how good the requested model is.";
            case unpriced -> "Its price, or that of the requested model, is not known.";
            case no_credential -> "The organisation has no credential for its provider.";
            case switched_off -> "The operator switched it off.";
            case retired -> "Its provider has retired it.";
            case not_allowed -> "The organisation's lists of models leave it out.";
            case context_too_small -> "The prompt may not fit into its context window.";
            case output_too_small -> "It cannot write as much as was asked for.";
            case no_tools -> "It is not known to call tools.";
            case no_vision -> "It is not known to see images.";
            case no_audio -> "It is not known to hear audio.";
            case no_documents -> "It is not known to read documents.";
            case no_schema -> "It is not known to keep to a JSON schema.";
            case no_reasoning -> "It is not known to think before it answers.";
            case bound_to_provider -> "The request has what only the requested model's provider understands.";
            case breaker_open -> "It failed too often just then, so that it was not called.";
            case rate_limited -> "Its provider had asked the organisation to wait.";
            case session_held ->
                "Switching would have lost more prompt cache than it saved, or the session had not been easy for long enough.";
            case untranslatable -> "Its provider's dialect has no place for something that the answer depends on.";
            case thinks_too_long ->
                "It thinks before it answers, and the request's limit on output leaves too little room for that.";
        };
    }

    private static @Nullable BigDecimal of(List<BigDecimal> byTier, Tier tier) {
        return tier.ordinal() < byTier.size() ? byTier.get(tier.ordinal()) : null;
    }

    /** Null for a mode that only another release knows. */
    private static @Nullable BigDecimal target(String policy) {
        return Stream.of(RoutingMode.values())
                .filter(mode -> mode.name().equals(policy))
                .findFirst()
                .map(mode -> BigDecimal.valueOf(mode.target()))
                .orElse(null);
    }

    private static JsonValue text(@Nullable String text) {
        return text == null ? JsonValue.NULL : Json.createValue(text);
    }

    private static JsonValue number(@Nullable Number number) {
        return number == null ? JsonValue.NULL : Json.createValue(number.longValue());
    }

    private static JsonValue decimal(@Nullable BigDecimal decimal) {
        if (decimal == null) {
            return JsonValue.NULL;
        }
        return Json.createValue(
                decimal.signum() == 0 ? "0" : decimal.stripTrailingZeros().toPlainString());
    }
}
