package com.smashcost.catalog.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.smashcost.catalog.entity.Model;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("G29")
class ShippedCatalogueTest {

    private static final List<String> PRICES = List.of(
            "input",
            "cached_input",
            "cache_write_5m",
            "cache_write_1h",
            "output",
            "reasoning_output",
            "audio_input",
            "audio_output");

    private static final String WEB_SEARCH = "web_search";

    /** How much dearer a tier is than the standard one, token by token. */
    private static final Map<String, List<BigDecimal>> FACTORS = Map.of(
            "fast", List.of(new BigDecimal("2"), new BigDecimal("6")),
            "us", List.of(new BigDecimal("1.1")),
            "fast_us", List.of(new BigDecimal("2.2"), new BigDecimal("6.6")));

    /** Where the sources of the catalogue contradict the rules by which providers price; to be looked at when it changes. */
    private static final List<String> KNOWN_ODDITIES = List.of(
            "claude-3-haiku-20240307 standard 0: a 5-minute cache write is not 1.25 times input",
            "claude-3-haiku-20240307 standard 0: a 1-hour cache write is not twice input",
            "claude-3-haiku-20240307 standard 0: a cache read is not a tenth of input",
            "claude-3-opus-20240229 standard 0: a 1-hour cache write is not twice input",
            "gemini-exp-1114 standard 0: output is free",
            "gemini-exp-1114 standard 128000: output is free",
            "gemini-exp-1206 standard 0: output is free",
            "gemini-exp-1206 standard 128000: output is free",
            "gemma-3-27b-it standard 0: output is free",
            "gemma-3-27b-it standard 128000: output is free",
            "learnlm-1.5-pro-experimental standard 0: output is free",
            "learnlm-1.5-pro-experimental standard 128000: output is free",
            "lyria-3-clip-preview standard 0: output is free",
            "lyria-3-pro-preview standard 0: output is free",
            "gpt-5-nano priority 0: output has no price",
            "gpt-5-nano-2025-08-07 priority 0: output has no price");

    private static final Predicate<String> CAPABILITY =
            Pattern.compile("[a-z0-9_]{1,64}").asMatchPredicate();

    private final List<JsonObject> entries = read();

    @Test
    void names_each_model_once_in_the_words_of_the_product() {
        Set<String> names = new HashSet<>();
        for (JsonObject entry : entries) {
            String name = entry.getString("id");
            assertThat(names.add(name)).as(name).isTrue();
            assertThat(name).matches(Model.NAME);
            assertThat(entry.getString("provider")).isIn("openai", "anthropic", "groq", "google");
            assertThat(entry.getString("mode")).as(name).isIn(ModelDescription.MODES);
            assertThat(entry.getJsonObject("supports").values())
                    .as(name)
                    .allMatch(value -> value.equals(JsonValue.TRUE) || value.equals(JsonValue.FALSE));
            assertThat(entry.getJsonObject("supports").keySet()).as(name).allMatch(CAPABILITY);
        }
        assertThat(names).hasSize(218);
    }

    @Test
    void says_limits_as_positive_numbers_and_retirement_as_a_day() {
        for (JsonObject entry : entries) {
            for (String limit : List.of("context_window", "max_output_tokens")) {
                if (entry.containsKey(limit)) {
                    assertThat(entry.getJsonNumber(limit).longValueExact())
                            .as(entry.getString("id"))
                            .isBetween(1L, 100_000_000L);
                }
            }
            if (entry.containsKey("deprecation_date")) {
                assertThat(LocalDate.parse(entry.getString("deprecation_date"))).isAfter("2023-01-01");
            }
        }
    }

    @Test
    void prices_each_model_by_tiers_that_contradict_each_other_nowhere() {
        for (JsonObject entry : entries) {
            Instant before = Instant.MIN;
            for (JsonObject version : entry.getJsonArray("prices").getValuesAs(JsonObject.class)) {
                Instant from = Instant.parse(version.getString("valid_from"));
                assertThat(from).as(entry.getString("id")).isAfter(before);
                before = from;
                assertThat(version.getString("source")).isNotBlank();
                Set<String> tiers = new HashSet<>();
                for (JsonObject tier : version.getJsonArray("tiers").getValuesAs(JsonObject.class)) {
                    assertThat(tiers.add(name(tier))).as(entry.getString("id")).isTrue();
                    assertThat(tier.getString("service_tier"))
                            .isIn("standard", "flex", "priority", "batch", "fast", "us", "fast_us");
                    assertThat(tier.keySet()).isSubsetOf(known());
                }
                assertThat(tiers).as(entry.getString("id")).contains("standard 0");
            }
        }
    }

    @Test
    void writes_prices_as_plain_decimals_that_fit_the_ledger() {
        for (JsonObject entry : entries) {
            for (JsonObject tier : tiers(entry)) {
                for (String price : PRICES) {
                    if (tier.containsKey(price)) {
                        String text = tier.getString(price);
                        assertThat(text).as(entry.getString("id")).matches("0(\\.[0-9]{1,12})?");
                        assertThat(new BigDecimal(text)).isLessThan(new BigDecimal("0.01"));
                    }
                }
            }
        }
    }

    @Test
    void prices_searches_by_the_call_in_all_tiers_of_a_model_alike() {
        int searching = 0;
        for (JsonObject entry : entries) {
            List<String> prices = tiers(entry).stream()
                    .map(tier -> tier.getString(WEB_SEARCH, "none"))
                    .distinct()
                    .toList();
            assertThat(prices).as(entry.getString("id")).hasSize(1);
            if (!prices.getFirst().equals("none")) {
                searching++;
                assertThat(new BigDecimal(prices.getFirst()))
                        .as(entry.getString("id"))
                        .isBetween(new BigDecimal("0.005"), new BigDecimal("0.05"));
            }
        }
        assertThat(searching).isEqualTo(111);
    }

    @Test
    void multiplies_every_price_of_a_token_where_speed_or_place_make_it_dearer() {
        int dearer = 0;
        for (JsonObject entry : entries) {
            for (JsonObject version : entry.getJsonArray("prices").getValuesAs(JsonObject.class)) {
                List<JsonObject> tiers = version.getJsonArray("tiers").getValuesAs(JsonObject.class);
                for (JsonObject tier : tiers) {
                    if (FACTORS.containsKey(tier.getString("service_tier"))) {
                        dearer++;
                        assertMultiplied(entry.getString("id"), tiers.getFirst(), tier);
                    }
                }
            }
        }
        assertThat(dearer).isEqualTo(21);
    }

    private static void assertMultiplied(String model, JsonObject standard, JsonObject tier) {
        assertThat(tier.keySet()).as(model).isEqualTo(standard.keySet());
        List<BigDecimal> factors = FACTORS.getOrDefault(tier.getString("service_tier"), List.of());
        assertThat(factors)
                .as(model + " " + name(tier))
                .anySatisfy(factor -> assertThat(PRICES.stream().filter(standard::containsKey))
                        .allSatisfy(price -> assertThat(price(tier, price).orElseThrow())
                                .isEqualByComparingTo(
                                        price(standard, price).orElseThrow().multiply(factor))));
    }

    @Test
    void leaves_no_model_unpriced() {
        assertThat(entries.stream()
                        .filter(entry -> entry.getJsonArray("prices").isEmpty())
                        .map(entry -> entry.getString("id")))
                .isEmpty();
    }

    @Test
    void is_odd_only_where_it_is_known_to_be() {
        List<String> oddities = new ArrayList<>();
        for (JsonObject entry : entries) {
            for (JsonObject tier : tiers(entry)) {
                oddities(entry, tier)
                        .forEach(oddity -> oddities.add(entry.getString("id") + " " + name(tier) + ": " + oddity));
            }
        }
        assertThat(oddities).containsExactlyInAnyOrderElementsOf(KNOWN_ODDITIES);
    }

    @Test
    void knows_that_the_price_of_claude_sonnet_5_rises_in_september() {
        JsonObject entry = entries.stream()
                .filter(model -> model.getString("id").equals("claude-sonnet-5"))
                .findFirst()
                .orElseThrow();
        assertThat(entry.getJsonArray("prices").getValuesAs(JsonObject.class))
                .extracting(
                        version -> version.getString("valid_from"),
                        version ->
                                version.getJsonArray("tiers").getJsonObject(0).getString("input"))
                .containsExactly(tuple("2026-08-21T00:00:00Z", "0.000002"), tuple("2026-09-01T00:00:00Z", "0.000003"));
    }

    private static List<String> oddities(JsonObject entry, JsonObject tier) {
        BigDecimal input = price(tier, "input").orElseThrow();
        List<String> odd = new ArrayList<>();
        if (entry.getString("provider").equals("anthropic")) {
            unless(odd, tier, "cache_write_5m", input, "1.25", "a 5-minute cache write is not 1.25 times input");
            unless(odd, tier, "cache_write_1h", input, "2", "a 1-hour cache write is not twice input");
            unless(odd, tier, "cached_input", input, "0.1", "a cache read is not a tenth of input");
        }
        if (price(tier, "cached_input").orElse(BigDecimal.ZERO).compareTo(input) > 0) {
            odd.add("a cache read costs more than input");
        }
        if (List.of("chat", "responses", "completion").contains(entry.getString("mode"))) {
            BigDecimal output = price(tier, "output").orElse(null);
            if (output == null) {
                odd.add("output has no price");
            } else if (output.signum() == 0) {
                odd.add("output is free");
            }
        }
        return odd;
    }

    private static void unless(
            List<String> odd, JsonObject tier, String name, BigDecimal input, String factor, String oddity) {
        price(tier, name)
                .filter(price -> price.compareTo(input.multiply(new BigDecimal(factor))) != 0)
                .ifPresent(price -> odd.add(oddity));
    }

    private static Optional<BigDecimal> price(JsonObject tier, String name) {
        return Optional.ofNullable(tier.getString(name, null)).map(BigDecimal::new);
    }

    private static List<JsonObject> tiers(JsonObject entry) {
        return entry.getJsonArray("prices").getValuesAs(JsonObject.class).stream()
                .flatMap(version -> version.getJsonArray("tiers").getValuesAs(JsonObject.class).stream())
                .toList();
    }

    private static String name(JsonObject tier) {
        return tier.getString("service_tier") + " " + tier.getInt("prompt_tokens_above");
    }

    private static Set<String> known() {
        Set<String> known = new HashSet<>(PRICES);
        known.add(WEB_SEARCH);
        known.add("service_tier");
        known.add("prompt_tokens_above");
        return known;
    }

    private static List<JsonObject> read() {
        try (JsonReader reader = Json.createReader(
                Objects.requireNonNull(ShippedCatalogueTest.class.getResourceAsStream("/catalogue/models.json")))) {
            return List.copyOf(reader.readArray().getValuesAs(JsonObject.class));
        }
    }
}
