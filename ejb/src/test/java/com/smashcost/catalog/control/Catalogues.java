package com.smashcost.catalog.control;

import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.control.Catalogue.Price;
import com.smashcost.catalog.control.ShippedTiers.Judgement;
import com.smashcost.catalog.entity.PriceTier;
import com.smashcost.money.entity.UnitPrices;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.InputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Catalogues for tests. */
public final class Catalogues {

    private Catalogues() {}

    /** The one that the product ships with, as a new installation has it. */
    public static Catalogue shipped() {
        Map<String, Judgement> judgements = ShippedTiers.read();
        List<Offer> offers = new ArrayList<>();
        try (JsonReader reader = Json.createReader(resource("/catalogue/models.json"))) {
            for (JsonObject model : reader.readArray().getValuesAs(JsonObject.class)) {
                offers.add(offer(offers.size() + 1L, model, judgements.get(model.getString("id"))));
            }
        }
        return new Catalogue(offers);
    }

    private static Offer offer(long id, JsonObject model, @Nullable Judgement judgement) {
        Map<String, Boolean> capabilities =
                ModelDescription.capabilities(model.getJsonObject("supports").toString());
        capabilities.put(Offer.THINKS_UNASKED, judgement != null && judgement.thinks());
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
                capabilities,
                judgement == null ? null : judgement.tier(),
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
        return !model.containsKey(name) || model.isNull(name)
                ? null
                : Long.valueOf(model.getJsonNumber(name).longValueExact());
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(Catalogues.class.getResourceAsStream(name), name);
    }
}
