package com.smashcost.ledger.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.smashcost.ledger.entity.LedgerEntry;
import com.smashcost.ledger.entity.LedgerEntry.Choice;
import com.smashcost.ledger.entity.LedgerEntry.FrozenPrices;
import com.smashcost.ledger.entity.LedgerEntry.Metered;
import com.smashcost.ledger.entity.LedgerEntry.Outcome;
import com.smashcost.ledger.entity.LedgerEntry.Tags;
import com.smashcost.ledger.entity.LedgerEntry.Weighed;
import com.smashcost.ledger.entity.RequestId;
import com.smashcost.money.entity.UnitPrices;
import com.smashcost.provider.entity.Usage;
import com.smashcost.routing.entity.Mode;
import com.smashcost.routing.entity.Routing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A ledger entry as a flat JSON object, the form in which the spool keeps it: readable by people, silent on what is unknown. */
final class EntryText {

    private static final JsonFactory JSON = new JsonFactory();

    private EntryText() {}

    static byte[] write(LedgerEntry entry) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("id", entry.id().toString());
            json.writeNumberField("organization", entry.organizationId());
            json.writeNumberField("key", entry.keyId());
            json.writeStringField("started_at", entry.startedAt().toString());
            json.writeBooleanField("streamed", entry.streamed());
            text(json, "customer", entry.tags().customer());
            text(json, "feature", entry.tags().feature());
            Choice choice = entry.choice();
            json.writeStringField("requested", choice.requested());
            text(json, "used", choice.used());
            text(json, "projected", choice.projected());
            text(json, "provider", choice.provider());
            json.writeStringField("routing", choice.routing().name());
            json.writeStringField("mode", choice.mode().name());
            text(json, "task", choice.task());
            decimal(json, "score", choice.score());
            weighed(json, entry.weighed());
            Outcome outcome = entry.outcome();
            Integer status = outcome.status();
            number(json, "status", status == null ? null : status.longValue());
            text(json, "error_class", outcome.errorClass());
            json.writeNumberField("attempts", outcome.attempts());
            json.writeBooleanField("fallback", outcome.fallback());
            duration(json, "latency", outcome.latency());
            duration(json, "first_token", outcome.firstToken());
            Metered metered = entry.metered();
            Usage usage = metered.usage();
            number(json, "input", usage.input());
            number(json, "cached", usage.cached());
            number(json, "cache_write_5m", usage.cacheWrite5m());
            number(json, "cache_write_1h", usage.cacheWrite1h());
            number(json, "output", usage.output());
            number(json, "reasoning", usage.reasoning());
            number(json, "audio_input", usage.audioInput());
            number(json, "audio_output", usage.audioOutput());
            number(json, "web_searches", usage.webSearches());
            json.writeBooleanField("estimated", metered.estimated());
            text(json, "service_tier", metered.serviceTier());
            prices(json, "price_", metered.used());
            prices(json, "baseline_", metered.baseline());
            decimal(json, "cost", metered.cost());
            decimal(json, "baseline_cost", metered.baselineCost());
            decimal(json, "projected_cost", metered.projectedCost());
            number(json, "lost_cache", metered.lostCacheTokens());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /**
     * @throws IllegalArgumentException if this is not what {@link #write} makes
     */
    static LedgerEntry read(byte[] text) {
        Fields fields = new Fields(text);
        return new LedgerEntry(
                RequestId.parse(fields.need("id")),
                Long.parseLong(fields.need("organization")),
                Long.parseLong(fields.need("key")),
                fields.instant("started_at"),
                fields.flag("streamed"),
                new Tags(fields.text("customer"), fields.text("feature")),
                new Choice(
                        fields.need("requested"),
                        fields.text("used"),
                        fields.text("projected"),
                        fields.text("provider"),
                        Routing.valueOf(fields.need("routing")),
                        Mode.valueOf(fields.need("mode")),
                        fields.text("task"),
                        fields.decimal("score")),
                fields.weighed(),
                new Outcome(
                        fields.status(),
                        fields.text("error_class"),
                        Integer.parseInt(fields.need("attempts")),
                        fields.flag("fallback"),
                        fields.duration("latency"),
                        fields.duration("first_token")),
                new Metered(
                        new Usage(
                                fields.number("input"),
                                fields.number("cached"),
                                fields.number("cache_write_5m"),
                                fields.number("cache_write_1h"),
                                fields.number("output"),
                                fields.number("reasoning"),
                                fields.number("audio_input"),
                                fields.number("audio_output"),
                                fields.number("web_searches")),
                        fields.flag("estimated"),
                        fields.text("service_tier"),
                        fields.prices("price_"),
                        fields.prices("baseline_"),
                        fields.decimal("cost"),
                        fields.decimal("baseline_cost"),
                        fields.decimal("projected_cost"),
                        fields.number("lost_cache")));
    }

    private static void weighed(JsonGenerator json, @Nullable Weighed weighed) throws IOException {
        if (weighed == null) {
            return;
        }
        json.writeStringField("classifier", weighed.classifier());
        json.writeStringField("policy", weighed.policy());
        json.writeStringField("right", joined(weighed.right()));
        json.writeStringField("kept", joined(weighed.retained()));
        decimal(json, "retention", weighed.retention());
        json.writeBooleanField("familiar", weighed.familiar());
        json.writeNumberField("needs", weighed.needs());
        json.writeNumberField("prompt_estimate", weighed.promptTokens());
        json.writeNumberField("output_estimate", weighed.outputTokens());
        json.writeBinaryField("candidates", CandidateBytes.write(weighed.candidates()));
    }

    private static String joined(List<BigDecimal> decimals) {
        return decimals.stream().map(BigDecimal::toPlainString).collect(Collectors.joining(" "));
    }

    private static void prices(JsonGenerator json, String prefix, FrozenPrices frozen) throws IOException {
        number(json, prefix + "version", frozen.versionId());
        UnitPrices prices = frozen.prices();
        decimal(json, prefix + "input", prices.input());
        decimal(json, prefix + "cached_input", prices.cachedInput());
        decimal(json, prefix + "cache_write_5m", prices.cacheWrite5m());
        decimal(json, prefix + "cache_write_1h", prices.cacheWrite1h());
        decimal(json, prefix + "output", prices.output());
        decimal(json, prefix + "reasoning_output", prices.reasoningOutput());
        decimal(json, prefix + "audio_input", prices.audioInput());
        decimal(json, prefix + "audio_output", prices.audioOutput());
        decimal(json, prefix + "web_search", prices.webSearch());
    }

    private static void text(JsonGenerator json, String name, @Nullable String text) throws IOException {
        if (text != null) {
            json.writeStringField(name, text);
        }
    }

    private static void number(JsonGenerator json, String name, @Nullable Long number) throws IOException {
        if (number != null) {
            json.writeNumberField(name, number);
        }
    }

    private static void decimal(JsonGenerator json, String name, @Nullable BigDecimal decimal) throws IOException {
        if (decimal != null) {
            json.writeStringField(name, decimal.toPlainString());
        }
    }

    private static void duration(JsonGenerator json, String name, @Nullable Duration duration) throws IOException {
        if (duration != null) {
            json.writeNumberField(name, duration.toMillis());
        }
    }

    /** The members of a flat JSON object as texts. */
    private static final class Fields {

        private final Map<String, String> texts = new HashMap<>(64);

        Fields(byte[] text) {
            try (JsonParser json = JSON.createParser(text)) {
                json.nextToken();
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    json.nextToken();
                    texts.put(name, json.getText());
                }
            } catch (IOException e) {
                throw new IllegalArgumentException(
                        "a spooled entry is not readable: " + e.getClass().getName());
            }
        }

        String need(String name) {
            String text = texts.get(name);
            if (text == null) {
                throw new IllegalArgumentException("a spooled entry lacks " + name);
            }
            return text;
        }

        @Nullable
        String text(String name) {
            return texts.get(name);
        }

        Instant instant(String name) {
            try {
                return Instant.parse(need(name));
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException("a spooled entry has no instant as its " + name);
            }
        }

        boolean flag(String name) {
            return "true".equals(texts.get(name));
        }

        @Nullable
        Long number(String name) {
            String text = texts.get(name);
            return text == null ? null : Long.valueOf(text);
        }

        @Nullable
        Integer status() {
            String text = texts.get("status");
            return text == null ? null : Integer.valueOf(text);
        }

        @Nullable
        BigDecimal decimal(String name) {
            String text = texts.get(name);
            return text == null ? null : new BigDecimal(text);
        }

        /** Null where the router had no say, and in what was written before it had one. */
        @Nullable
        Weighed weighed() {
            return texts.containsKey("classifier")
                    ? new Weighed(
                            need("classifier"),
                            need("policy"),
                            decimals("right"),
                            decimals("kept"),
                            new BigDecimal(need("retention")),
                            flag("familiar"),
                            Integer.parseInt(need("needs")),
                            Long.parseLong(need("prompt_estimate")),
                            Long.parseLong(need("output_estimate")),
                            CandidateBytes.read(Base64.getDecoder().decode(need("candidates"))))
                    : null;
        }

        private List<BigDecimal> decimals(String name) {
            String joined = need(name);
            return joined.isEmpty()
                    ? List.of()
                    : Stream.of(joined.split(" ")).map(BigDecimal::new).toList();
        }

        @Nullable
        Duration duration(String name) {
            Long millis = number(name);
            return millis == null ? null : Duration.ofMillis(millis);
        }

        FrozenPrices prices(String prefix) {
            return new FrozenPrices(
                    number(prefix + "version"),
                    new UnitPrices(
                            decimal(prefix + "input"),
                            decimal(prefix + "cached_input"),
                            decimal(prefix + "cache_write_5m"),
                            decimal(prefix + "cache_write_1h"),
                            decimal(prefix + "output"),
                            decimal(prefix + "reasoning_output"),
                            decimal(prefix + "audio_input"),
                            decimal(prefix + "audio_output"),
                            decimal(prefix + "web_search")));
        }
    }
}
