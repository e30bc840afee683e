package com.smashcost.catalog.control;

import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.control.Catalogue.Price;
import com.smashcost.catalog.entity.PriceTier;
import com.smashcost.catalog.entity.Tier;
import com.smashcost.money.entity.UnitPrices;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Catalogues for tests. */
public final class Catalogues {

    private Catalogues() {}

    /** The one that the product ships with, as a new installation has it. */
    public static Catalogue shipped() {
        Map<String, Tier> tiers = tiers();
        List<Offer> offers = new ArrayList<>();
        try (JsonReader reader = Json.createReader(resource("/catalogue/models.json"))) {
            for (JsonObject model : reader.readArray().getValuesAs(JsonObject.class)) {
                offers.add(offer(offers.size() + 1L, model, tiers.get(model.getString("id"))));
            }
        }
        return new Catalogue(offers);
    }

    private static Offer offer(long id, JsonObject model, @Nullable Tier tier) {
        List<Price> prices = new ArrayList<>();
        for (JsonObject version : model.getJsonArray("prices").getValuesAs(JsonObject.class)) {
            prices.add(new Price(
                    id * 10 + prices.size(),
                    Instant.parse(version.getString("valid_from")),
                    version.getJsonArray("tiers").getValuesAs(JsonObject.class).stream()
                            .map(Catalogues::tier)
                            .toList()));
        }
        String retired = model.getString("deprecation_date", null);
        return new Offer(
                id,
                model.getString("id"),
                model.getString("provider"),
                model.getString("mode"),
                true,
                count(model, "context_window"),
                count(model, "max_output_tokens"),
                ModelDescription.capabilities(model.getJsonObject("supports").toString()),
                tier,
                retired == null ? null : LocalDate.parse(retired),
                prices);
    }

    private static PriceTier tier(JsonObject tier) {
        return new PriceTier(
                tier.getString("service_tier"),
                tier.getJsonNumber("prompt_tokens_above").longValueExact(),
                new UnitPrices(
                        price(tier, "input"),
                        price(tier, "cached_input"),
                        null,
                        null,
                        price(tier, "output"),
                        null,
                        null,
                        null,
                        null));
    }

    private static @Nullable BigDecimal price(JsonObject tier, String name) {
        String decimal = tier.getString(name, null);
        return decimal == null ? null : new BigDecimal(decimal);
    }

    private static @Nullable Long count(JsonObject model, String name) {
        return model.isNull(name) || !model.containsKey(name)
                ? null
                : Long.valueOf(model.getJsonNumber(name).longValueExact());
    }

    private static Map<String, Tier> tiers() {
        Map<String, Tier> tiers = new HashMap<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(resource("/catalogue/tiers.csv"), StandardCharsets.UTF_8))) {
            lines.lines()
                    .skip(1)
                    .map(line -> line.split(",", 3))
                    .forEach(cells -> tiers.put(cells[0], Tier.valueOf(cells[1])));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tiers;
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(Catalogues.class.getResourceAsStream(name), name);
    }
}
