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
 * {@code prices/README.md}). It knows of tokens alone, so searches are left out of the comparison.
 */
@Tag("G29")
class CostOracleTest {

    private static final BigDecimal TOLERANCE = new BigDecimal("1e-9");

    /** How many rows of a model differ, each for its reason. */
    private static final Map<String, Integer> DIFFERENCES = new TreeMap<>(Map.ofEntries(
            // they do not count the tokens of the advisor, another model that the provider asked; we do
            Map.entry("claude-sonnet-5", 2),
            // they price cached audio apart from cached text; the catalogue knows one price for what is cached
            Map.entry("gemini-2.5-flash", 2),
            // they price heard tokens as text; the provider asks sixteen times that
            Map.entry("gpt-4o-audio-preview-2024-12-17", 1),
            // without a price the cost is unknown: names of other hosts of open models, and models that were retired
            Map.entry("deepseek-r1-distill-llama-70b (not in the catalogue)", 2),
            Map.entry("gemini-2.0-flash-exp (not in the catalogue)", 1),
            Map.entry("gemini-2.5-flash-image (not in the catalogue)", 5),
            Map.entry("gemini-2.5-pro-preview-05-06 (not in the catalogue)", 1),
            Map.entry("gemini-3-pro-image-preview (not in the catalogue)", 1),
            Map.entry("gpt-oss-120b (not in the catalogue)", 3),
            Map.entry("llama3-8b-8192 (not in the catalogue)", 1),
            Map.entry("meta-llama/Llama-4-Scout-17B-16E-Instruct (not in the catalogue)", 3),
            Map.entry("o1-mini-2024-09-12 (not in the catalogue)", 1)));

    @Test
    void costs_what_an_independent_calculator_says_or_differs_for_a_known_reason() throws IOException {
        Map<String, Price> prices = prices();
        Map<String, Integer> differences = new TreeMap<>();
        int agreed = 0;
        int rows = 0;
        for (JsonNode row : read("/prices/cost-oracle.json")) {
            String model = row.path("model").asText();
            Price price = prices.get(model);
            rows++;
            if (price != null && agrees(row, price)) {
                agreed++;
            } else {
                differences.merge(model + (price == null ? " (not in the catalogue)" : ""), 1, Integer::sum);
            }
        }
        assertThat(differences).isEqualTo(DIFFERENCES);
        assertThat(agreed).isEqualTo(674);
        assertThat(rows).isEqualTo(697);
    }

    /** Whether it costs what the calculator says; reports that fit several dialects have a price in each. */
    private static boolean agrees(JsonNode row, Price price) {
        for (JsonNode expected : row.path("expected")) {
            BigDecimal theirs = new BigDecimal(expected.path("input_price_usd").asText("0"))
                    .add(new BigDecimal(expected.path("output_price_usd").asText("0")));
            BigDecimal ours = cost(row, expected, price);
            if (ours != null && ours.subtract(theirs).abs().compareTo(TOLERANCE) <= 0) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable BigDecimal cost(JsonNode row, JsonNode expected, Price price) {
        Report report = Dialects.report(dialect(expected), Json.bytes(row.path("response_usage_body")))
                .orElseThrow();
        return new Meter(price, null, true)
                .read(report.usage().withWebSearches(null), report.serviceTier())
                .cost();
    }

    private static Dialect dialect(JsonNode expected) {
        return switch (expected.path("provider").asText() + " "
                + expected.path("api").asText()) {
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
