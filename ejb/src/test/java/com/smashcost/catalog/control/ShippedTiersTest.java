package com.smashcost.catalog.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.catalog.entity.Tier;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ShippedTiersTest {

    /** Models that were made and priced together, so that the dearer one is meant to be the better one. */
    private static final List<Pattern> FAMILIES = List.of(
            Pattern.compile("claude-3-(haiku|opus).*"),
            Pattern.compile("claude-(4-(opus|sonnet)|(opus|sonnet)-4)-2025.*"),
            Pattern.compile("claude-\\w+-4-5.*"),
            Pattern.compile("claude-\\w+-4-6.*"),
            Pattern.compile("claude-\\w+-5"),
            Pattern.compile("gemini-1\\.5.*"),
            Pattern.compile("gemini-2\\.0.*"),
            Pattern.compile("gemini-2\\.5.*"),
            Pattern.compile("gemini-3-.*"),
            Pattern.compile("gemini-3\\.1.*"),
            Pattern.compile("gemini-3\\.5.*"),
            Pattern.compile("gemini-.*-latest"),
            Pattern.compile("llama-3.*"),
            Pattern.compile("meta-llama/llama-4.*"),
            Pattern.compile("openai/gpt-oss.*"),
            Pattern.compile("gpt-4o.*"),
            Pattern.compile("gpt-4\\.1.*"),
            Pattern.compile("gpt-5(-.*)?"),
            Pattern.compile("gpt-5\\.1.*"),
            Pattern.compile("gpt-5\\.2.*"),
            Pattern.compile("gpt-5\\.4.*"),
            Pattern.compile("gpt-5\\.5.*"),
            Pattern.compile("gpt-5\\.6.*"),
            Pattern.compile("o[134].*"));

    private final Map<String, ShippedTiers.Judgement> judgements = ShippedTiers.read();
    private final Map<String, Tier> tiers = judgements.entrySet().stream()
            .collect(Collectors.toMap(
                    Map.Entry::getKey, entry -> entry.getValue().tier()));
    private final Map<String, JsonObject> models = models();

    @Test
    void judge_models_of_the_catalogue_that_converse() {
        assertThat(models.keySet()).containsAll(tiers.keySet());
        tiers.keySet()
                .forEach(name ->
                        assertThat(known(name).getString("mode")).as(name).isIn("chat", "responses"));
        assertThat(tiers.values()).contains(Tier.values());
    }

    @Test
    void leave_out_what_costs_nothing_since_it_would_always_be_chosen() {
        tiers.keySet()
                .forEach(name -> assertThat(price(known(name), "input").signum())
                        .as(name)
                        .isPositive());
    }

    @Test
    void put_no_cheaper_member_of_a_family_above_a_dearer_one() {
        List<String> odd = new ArrayList<>();
        for (Pattern family : FAMILIES) {
            List<String> members = tiers.keySet().stream()
                    .filter(family.asMatchPredicate())
                    .sorted()
                    .toList();
            assertThat(members).as(family.pattern()).isNotEmpty();
            for (String cheap : members) {
                for (String dear : members) {
                    if (price(cheap).compareTo(price(dear)) < 0 && tier(cheap).compareTo(tier(dear)) > 0) {
                        odd.add(cheap + " is " + tier(cheap) + ", and " + dear + " is only " + tier(dear));
                    }
                }
            }
        }
        assertThat(odd).isEmpty();
    }

    @Test
    void judge_a_model_and_its_dated_versions_alike() {
        tiers.forEach((name, tier) -> {
            String undated = name.replaceFirst("-(\\d{8}|\\d{4}-\\d{2}-\\d{2})$", "");
            assertThat(tiers.getOrDefault(undated, tier)).as(name).isEqualTo(tier);
        });
    }

    @Test
    void say_of_no_model_that_it_thinks_if_it_cannot() {
        List<String> thinking = tiers.keySet().stream()
                .filter(name -> Objects.requireNonNull(judgements.get(name)).thinks())
                .toList();
        assertThat(thinking).contains("o3", "gpt-5-mini", "gemini-2.5-flash", "openai/gpt-oss-20b");
        assertThat(thinking).doesNotContain("gpt-5-chat", "gemini-2.5-flash-lite", "claude-opus-4-5");
        thinking.forEach(
                name -> assertThat(known(name).getJsonObject("supports").getBoolean("reasoning", false))
                        .as(name)
                        .isTrue());
    }

    @Test
    void name_the_examples_by_which_the_tiers_are_explained() {
        assertThat(tiers)
                .containsEntry("llama-3.1-8b-instant", Tier.small)
                .containsEntry("claude-3-haiku-20240307", Tier.small)
                .containsEntry("gpt-3.5-turbo", Tier.small)
                .containsEntry("gpt-4o-mini", Tier.medium)
                .containsEntry("gemini-2.0-flash", Tier.medium)
                .containsEntry("llama-3.3-70b-versatile", Tier.medium)
                .containsEntry("gpt-4o", Tier.large)
                .containsEntry("o3", Tier.frontier);
    }

    private Tier tier(String name) {
        return Objects.requireNonNull(tiers.get(name));
    }

    private JsonObject known(String name) {
        return Objects.requireNonNull(models.get(name));
    }

    private BigDecimal price(String name) {
        return price(known(name), "input").add(price(known(name), "output"));
    }

    private static BigDecimal price(JsonObject model, String bucket) {
        List<JsonObject> versions = model.getJsonArray("prices").getValuesAs(JsonObject.class);
        return new BigDecimal(versions.getFirst().getJsonArray("tiers").getValuesAs(JsonObject.class).stream()
                .filter(tier ->
                        tier.getString("service_tier").equals("standard") && tier.getInt("prompt_tokens_above") == 0)
                .findFirst()
                .orElseThrow()
                .getString(bucket));
    }

    private static Map<String, JsonObject> models() {
        Map<String, JsonObject> models = new HashMap<>();
        try (JsonReader reader = Json.createReader(
                Objects.requireNonNull(ShippedTiersTest.class.getResourceAsStream("/catalogue/models.json")))) {
            reader.readArray().getValuesAs(JsonObject.class).forEach(model -> models.put(model.getString("id"), model));
        }
        return models;
    }
}
