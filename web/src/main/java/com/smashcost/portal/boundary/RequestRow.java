package com.smashcost.portal.boundary;

import com.smashcost.ledger.entity.LoggedRequest;
import com.smashcost.provider.entity.Usage;
import com.smashcost.routing.entity.Mode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A request of the log in the words and figures of the page. */
public record RequestRow(LoggedRequest request, Instant now, ZoneId zone) {

    private static final Map<String, String> PROVIDERS =
            Map.of("openai", "OpenAI", "anthropic", "Anthropic", "groq", "Groq", "google", "Google");

    /** Who failed stands in the provider's column already. */
    private static final Pattern ORIGIN = Pattern.compile("^(upstream|provider)_");

    /** How the client's answer ended. */
    public enum Outcome {
        GOOD,
        WARNING,
        BAD
    }

    /** A line of the usage: so many tokens or calls of a kind. */
    public record Bucket(String name, Figure amount, String unit) {}

    public String id() {
        return request.id().toString();
    }

    public String startedAt() {
        return request.startedAt().toString();
    }

    public Figure time() {
        return Figure.moment(request.startedAt(), now, zone);
    }

    public Figure modelRequested() {
        return Figure.of(request.modelRequested());
    }

    public Figure modelUsed() {
        return known(request.modelUsed(), "No model answered this request");
    }

    /** Whether another model answered than was asked for. */
    public boolean routed() {
        return request.modelUsed() != null && !request.modelUsed().equals(request.modelRequested());
    }

    public Figure modelProjected() {
        return known(request.modelProjected(), "The router made no choice for this request");
    }

    /** The class that tells how asked and used relate: {@code routed}, {@code same} or {@code unanswered}. */
    public String path() {
        if (request.modelUsed() == null) {
            return "unanswered";
        }
        return routed() ? "routed" : "same";
    }

    /** The provider's id, by which it has its colour on every page. */
    public String providerId() {
        return request.provider() == null ? "none" : request.provider();
    }

    public Figure provider() {
        String id = request.provider();
        return id == null ? Figure.unknown("No provider was called") : Figure.of(PROVIDERS.getOrDefault(id, id));
    }

    public boolean tagged() {
        return request.tagCustomer() != null || request.tagFeature() != null;
    }

    public Figure customer() {
        return known(request.tagCustomer(), "The request had no X-SmashCost-Tag-Customer header");
    }

    public Figure feature() {
        return known(request.tagFeature(), "The request had no X-SmashCost-Tag-Feature header");
    }

    public Figure key() {
        return known(request.keyName(), "The key was deleted");
    }

    public Figure keyId() {
        return request.keyId() == null
                ? Figure.unknown("The key was deleted")
                : Figure.of("sc_" + request.keyId() + "…");
    }

    public Figure task() {
        return request.task() == null
                ? Figure.unknown("The router did not classify this request")
                : Figure.of(words(request.task()));
    }

    public String routing() {
        return switch (request.routing()) {
            case classifier -> "Classifier";
            case session_cache -> "Session";
            case override -> "Override";
            case passthrough -> "Passthrough";
        };
    }

    public String routingExplained() {
        return switch (request.routing()) {
            case classifier -> "The router chose the model for this request";
            case session_cache -> "The model that the router chose for this session before";
            case override -> "The client insisted on its model";
            case passthrough -> "Sent on as it came";
        };
    }

    public String mode() {
        return request.mode() == Mode.active ? "Active" : "Observation";
    }

    public Figure score() {
        return request.score() == null
                ? Figure.unknown("The router did not score this request")
                : Figure.score(request.score());
    }

    /** The score in percent of its bar. */
    public int scorePercent() {
        BigDecimal score = request.score();
        return score == null
                ? 0
                : score.movePointRight(2).setScale(0, RoundingMode.HALF_UP).intValue();
    }

    public Figure tokensIn() {
        Usage usage = request.usage();
        return usage.input() == null ? noUsage() : Figure.tokens(usage.promptTokens());
    }

    public Figure tokensOut() {
        Usage usage = request.usage();
        return usage.output() == null
                ? noUsage()
                : Figure.tokens(sum(usage.output(), usage.reasoning(), usage.audioOutput()));
    }

    /** The buckets that the provider reported. */
    public List<Bucket> buckets() {
        Usage usage = request.usage();
        List<Bucket> buckets = new ArrayList<>();
        tokens(buckets, "Input", usage.input());
        tokens(buckets, "Cached input", usage.cached());
        tokens(buckets, "Cache write, 5 min", usage.cacheWrite5m());
        tokens(buckets, "Cache write, 1 h", usage.cacheWrite1h());
        tokens(buckets, "Output", usage.output());
        tokens(buckets, "Reasoning", usage.reasoning());
        tokens(buckets, "Audio in", usage.audioInput());
        tokens(buckets, "Audio out", usage.audioOutput());
        Long searches = usage.webSearches();
        add(buckets, "Web searches", searches, searches != null && searches == 1 ? "call" : "calls");
        return buckets;
    }

    /** Whether the usage is our estimate. */
    public boolean estimated() {
        return request.estimated();
    }

    public Figure cost() {
        return money(request.costUsd());
    }

    public Figure baseline() {
        return money(request.baselineUsd());
    }

    public Figure projected() {
        return request.projectedUsd() == null
                ? Figure.unknown("The router made no choice for this request")
                : Figure.money(request.projectedUsd());
    }

    public boolean saved() {
        return request.savingUsd() != null && request.savingUsd().signum() != 0;
    }

    public boolean costMore() {
        return request.savingUsd() != null && request.savingUsd().signum() < 0;
    }

    public Figure saving() {
        return request.savingUsd() == null
                ? Figure.unknown("Only what the router chose counts as saved")
                : Figure.saving(request.savingUsd());
    }

    public Figure latency() {
        return duration(request.latency(), "The request did not end by itself");
    }

    public Figure firstToken() {
        return duration(
                request.firstToken(),
                request.streamed() ? "No token came" : "Only streamed answers have a first token");
    }

    public String attempts() {
        return request.attempts() + (request.fallback() ? ", a fallback served" : "");
    }

    public String streamed() {
        return request.streamed() ? "Yes" : "No";
    }

    public Figure serviceTier() {
        return known(request.serviceTier(), "The provider named no service tier");
    }

    public Outcome outcome() {
        Integer status = request.status();
        if (status == null || status >= 500) {
            return Outcome.BAD;
        }
        return status >= 400 || request.errorClass() != null ? Outcome.WARNING : Outcome.GOOD;
    }

    /** The class by which the dot has its colour. */
    public String outcomeClass() {
        return outcome().name().toLowerCase(Locale.ROOT);
    }

    public String status() {
        return request.status() == null ? "No answer" : request.status().toString();
    }

    /** What went wrong, in a few words; empty if nothing did. */
    public String error() {
        return request.errorClass() == null
                ? ""
                : words(ORIGIN.matcher(request.errorClass()).replaceFirst(""));
    }

    private Figure money(@Nullable BigDecimal usd) {
        if (usd != null) {
            return Figure.money(usd);
        }
        if (!request.usage().isKnown()) {
            return Figure.unknown("The provider reported no usage, so there is no cost to compute");
        }
        return Figure.unknown(
                sum(request.usage().webSearches()) == 0
                        ? "The catalogue had no price for this model"
                        : "The catalogue had no price for this model or for its web searches");
    }

    private static Figure duration(@Nullable Duration duration, String reason) {
        return duration == null ? Figure.unknown(reason) : Figure.latency(duration);
    }

    private static Figure known(@Nullable String text, String reason) {
        return text == null ? Figure.unknown(reason) : Figure.of(text);
    }

    private static Figure noUsage() {
        return Figure.unknown("The provider reported no usage");
    }

    private static void tokens(List<Bucket> buckets, String name, @Nullable Long tokens) {
        add(buckets, name, tokens, "tokens");
    }

    private static void add(List<Bucket> buckets, String name, @Nullable Long amount, String unit) {
        if (amount != null) {
            buckets.add(new Bucket(name, Figure.of(Figure.tokens(amount).exact()), unit));
        }
    }

    private static long sum(@Nullable Long... tokens) {
        long sum = 0;
        for (Long count : tokens) {
            sum += count == null ? 0 : count;
        }
        return sum;
    }

    private static String words(String snakeCase) {
        return snakeCase.replace('_', ' ').replace('-', ' ');
    }
}
