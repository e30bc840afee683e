package com.smashcost.ledger.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.smashcost.account.entity.Organization;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * The charges of requests in the columns of FOCUS 1.2: one for each bucket of tokens, or kind of call, that was used and priced.
 * They are computed from list prices and nobody has invoiced them, which a column says; savings are in columns of our own, once for
 * each request. A request whose cost is unknown has no charges.
 */
final class FocusColumns {

    static final List<String> NAMES = List.of(
            "BilledCost",
            "BillingAccountId",
            "BillingAccountName",
            "BillingAccountType",
            "BillingCurrency",
            "BillingPeriodEnd",
            "BillingPeriodStart",
            "ChargeCategory",
            "ChargeClass",
            "ChargeDescription",
            "ChargeFrequency",
            "ChargePeriodEnd",
            "ChargePeriodStart",
            "ConsumedQuantity",
            "ConsumedUnit",
            "ContractedCost",
            "ContractedUnitPrice",
            "EffectiveCost",
            "InvoiceId",
            "InvoiceIssuerName",
            "ListCost",
            "ListUnitPrice",
            "PricingCategory",
            "PricingCurrency",
            "PricingQuantity",
            "PricingUnit",
            "ProviderName",
            "PublisherName",
            "RegionId",
            "RegionName",
            "ResourceId",
            "ResourceName",
            "ResourceType",
            "ServiceCategory",
            "ServiceName",
            "ServiceSubcategory",
            "SkuId",
            "SkuMeter",
            "SkuPriceId",
            "SubAccountId",
            "SubAccountName",
            "SubAccountType",
            "Tags",
            "x_ComputedNotInvoiced",
            "x_RequestId",
            "x_ModelRequested",
            "x_Routing",
            "x_BaselineCost",
            "x_LostCacheCost",
            "x_Saving");

    private static final JsonFactory JSON = new JsonFactory();

    /** Something that is billed: where its count and price are. */
    private record Meter(String name, String count, String price, String unit) {}

    private static final List<Meter> METERS = List.of(
            new Meter("Input Tokens", "input_tokens", "price_input", "Tokens"),
            new Meter("Cached Input Tokens", "cached_tokens", "price_cached_input", "Tokens"),
            new Meter("Cache Write 5m Tokens", "cache_write_5m_tokens", "price_cache_write_5m", "Tokens"),
            new Meter("Cache Write 1h Tokens", "cache_write_1h_tokens", "price_cache_write_1h", "Tokens"),
            new Meter("Output Tokens", "output_tokens", "price_output", "Tokens"),
            new Meter("Reasoning Tokens", "reasoning_tokens", "price_reasoning_output", "Tokens"),
            new Meter("Audio Input Tokens", "audio_input_tokens", "price_audio_input", "Tokens"),
            new Meter("Audio Output Tokens", "audio_output_tokens", "price_audio_output", "Tokens"),
            new Meter("Web Searches", "web_searches", "price_web_search", "Requests"));

    private final Organization organization;

    FocusColumns(Organization organization) {
        this.organization = organization;
    }

    /** The charges of one request. */
    List<List<String>> charges(LedgerLine line) {
        List<List<String>> charges = new ArrayList<>();
        if (line.text("cost_usd").isEmpty()) {
            return charges;
        }
        for (Meter meter : METERS) {
            String count = line.text(meter.count());
            BigDecimal price = line.decimal(meter.price());
            if (!count.isEmpty() && !count.equals("0") && price != null) {
                charges.add(charge(line, meter, count, price, charges.isEmpty()));
            }
        }
        return charges;
    }

    private List<String> charge(LedgerLine line, Meter meter, String count, BigDecimal price, boolean first) {
        String cost = LedgerLine.plain(price.multiply(new BigDecimal(count)));
        String unitPrice = LedgerLine.plain(price);
        String model = line.text("model_used");
        String provider = provider(line.text("provider"));
        Instant start = line.startedAt().truncatedTo(ChronoUnit.SECONDS);
        YearMonth month = YearMonth.from(LocalDate.ofInstant(start, ZoneOffset.UTC));
        return List.of(
                cost,
                organization.slug(),
                organization.name(),
                "Organization",
                "USD",
                month.plusMonths(1)
                        .atDay(1)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant()
                        .toString(),
                month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant().toString(),
                "Usage",
                "",
                meter.name() + " of " + model + ", computed from list prices, not invoiced",
                "Usage-Based",
                end(line, start).toString(),
                start.toString(),
                count,
                meter.unit(),
                cost,
                unitPrice,
                cost,
                "",
                provider,
                cost,
                unitPrice,
                "Standard",
                "USD",
                count,
                meter.unit(),
                provider,
                provider,
                "",
                "",
                model,
                model,
                "Model",
                "AI and Machine Learning",
                provider + " API",
                "Generative AI",
                line.text("provider") + "/" + model,
                meter.name(),
                line.text("provider") + "/" + model + "/" + meter.count() + "/v" + line.text("price_version_id"),
                line.text("key_public_id"),
                line.text("key_name"),
                "Gateway Key",
                tags(line),
                "true",
                line.text("request_id"),
                line.text("model_requested"),
                line.text("routing"),
                first ? line.text("baseline_usd") : "",
                first ? line.text("lost_cache_usd") : "",
                first ? line.text("saving_usd") : "");
    }

    /** The whole second after the answer, which the period does not include. */
    private static Instant end(LedgerLine line, Instant start) {
        String latency = line.text("latency_ms");
        Duration taken = latency.isEmpty() ? Duration.ZERO : Duration.ofMillis(Long.parseLong(latency));
        return start.plusSeconds(taken.toSeconds() + 1);
    }

    private static String provider(String id) {
        return switch (id) {
            case "openai" -> "OpenAI";
            case "anthropic" -> "Anthropic";
            case "google" -> "Google";
            case "groq" -> "Groq";
            default -> id;
        };
    }

    private static String tags(LedgerLine line) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            for (String tag : List.of("customer", "feature")) {
                String value = line.text("tag_" + tag);
                if (!value.isEmpty()) {
                    json.writeStringField(tag, value);
                }
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
