package com.smashcost.metering.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.catalog.control.Catalogue.Price;
import com.smashcost.catalog.entity.PriceTier;
import com.smashcost.money.entity.UnitPrices;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Dialects;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.conversation.Report;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Real usage reports priced by us and by pydantic/genai-prices, an independent catalogue and calculator (MIT,
 * {@code prices/README.md}).
 */
@Tag("G29")
class CostOracleTest {

    private static final BigDecimal TOLERANCE = new BigDecimal("1e-9");

    @Test
    void costs_what_an_independent_calculator_says_or_differs_for_a_known_reason() throws IOException {
        Map<String, Price> prices = prices();
        Map<String, Integer> differences = new TreeMap<>();
        int agreed = 0;
        int priced = 0;
        for (JsonNode row : read("/prices/cost-oracle.json")) {
            for (JsonNode expected : row.path("expected")) {
                BigDecimal theirs = new BigDecimal(expected.path("input_price_usd").asText("0"))
                        .add(new BigDecimal(expected.path("output_price_usd").asText("0")));
                String model = row.path("model").asText();
                Price price = prices.get(model);
                BigDecimal ours = price == null ? null : cost(row, expected, price);
                priced++;
                if (ours != null && ours.subtract(theirs).abs().compareTo(TOLERANCE) <= 0) {
                    agreed++;
                } else {
                    differences.merge(model + (price == null ? " (not in the catalogue)" : " " + ours + " " + theirs + " " + row.path("response_usage_body") + expected.path("usage")), 1, Integer::sum);
                }
            }
        }
        assertThat(differences).as(agreed + " of " + priced + " agree").isEmpty();
    }

    private static @Nullable BigDecimal cost(JsonNode row, JsonNode expected, Price price) {
        Report report = Dialects.report(dialect(expected), Json.bytes(row.path("response_usage_body")))
                .orElseThrow();
        return new Meter(price, null).read(report.usage(), report.serviceTier()).cost();
    }

    private static Dialect dialect(JsonNode expected) {
        return switch (expected.path("provider").asText() + " " + expected.path("api").asText()) {
            case "openai responses" -> Dialect.OPENAI_RESPONSES;
            case "anthropic default" -> Dialect.ANTHROPIC_MESSAGES;
            case "google default" -> Dialect.GEMINI;
            default -> Dialect.OPENAI_CHAT;
        };
    }

    private static Map<String, Price> prices() throws IOException {
        Map<String, Price> prices = new HashMap<>();
        for (JsonNode model : read("/catalogue/models.json")) {
            List<PriceTier> tiers = new ArrayList<>();
            for (JsonNode tier : model.path("prices").path(0).path("tiers")) {
                tiers.add(new PriceTier(
                        tier.path("service_tier").asText(),
                        tier.path("prompt_tokens_above").asLong(),
                        new UnitPrices(
                                price(tier, "input"),
                                price(tier, "cached_input"),
                                price(tier, "cache_write_5m"),
                                price(tier, "cache_write_1h"),
                                price(tier, "output"),
                                price(tier, "reasoning_output"),
                                price(tier, "audio_input"),
                                price(tier, "audio_output"))));
            }
            prices.put(model.path("id").asText(), new Price(1, Instant.EPOCH, tiers));
        }
        return prices;
    }

    private static @Nullable BigDecimal price(JsonNode tier, String name) {
        return tier.has(name) ? new BigDecimal(tier.path(name).asText()) : null;
    }

    private static JsonNode read(String resource) throws IOException {
        try (InputStream in = Objects.requireNonNull(CostOracleTest.class.getResourceAsStream(resource))) {
            return Json.read(in.readAllBytes()).orElseThrow();
        }
    }
}
