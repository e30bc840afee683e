package com.smashcost.catalog.control;

import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.entity.Model;
import com.smashcost.catalog.entity.PriceTier;
import com.smashcost.catalog.entity.PriceVersion;
import com.smashcost.money.entity.UnitPrices;
import jakarta.ejb.Stateless;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.io.InputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings the catalogue that the product ships with into the database. Models that are there already stay as they are, but for
 * capabilities that were not known of them before, and for tiers of which nobody has said anything yet.
 */
@Stateless
public class CatalogueImport {

    private static final String RESOURCE = "/catalogue/models.json";

    @PersistenceContext(unitName = "smashcost")
    private EntityManager database;

    /** Adds the missing models with their prices; returns how many there were. */
    public int addMissing() {
        Map<String, Model> known = new HashMap<>();
        for (Model model : database.createNamedQuery("Model.all", Model.class).getResultList()) {
            known.put(model.name(), model);
        }
        Map<String, ShippedTiers.Judgement> judgements = ShippedTiers.read();
        Instant now = Instant.now();
        int added = 0;
        for (JsonObject entry : shipped().getValuesAs(JsonObject.class)) {
            Model model = known.get(entry.getString("id"));
            if (model == null) {
                model = add(entry, now);
                added++;
            } else {
                learn(
                        model,
                        ModelDescription.capabilities(
                                entry.getJsonObject("supports").toString()));
            }
            ShippedTiers.Judgement judgement = judgements.get(model.name());
            if (judgement != null) {
                learn(model, Map.of(Offer.THINKS_UNASKED, judgement.thinks()));
                if (!model.rated()) {
                    model.rate(judgement.tier());
                }
            }
        }
        return added;
    }

    private static void learn(Model model, Map<String, Boolean> shipped) {
        Map<String, Boolean> capabilities = ModelDescription.capabilities(model.capabilities());
        boolean isNews = false;
        for (Map.Entry<String, Boolean> capability : shipped.entrySet()) {
            isNews |= capabilities.putIfAbsent(capability.getKey(), capability.getValue()) == null;
        }
        if (isNews) {
            model.describe(ModelDescription.text(capabilities));
        }
    }

    private Model add(JsonObject entry, Instant now) {
        Model model = new Model(
                entry.getString("id"),
                entry.getString("provider"),
                entry.getString("mode"),
                entry.getJsonObject("supports").toString());
        model.limitTo(count(entry, "context_window"), count(entry, "max_output_tokens"));
        String retired = entry.getString("deprecation_date", null);
        model.retireOn(retired == null ? null : LocalDate.parse(retired));
        database.persist(model);
        database.flush();
        for (JsonObject version : entry.getJsonArray("prices").getValuesAs(JsonObject.class)) {
            List<PriceTier> tiers = version.getJsonArray("tiers").getValuesAs(JsonObject.class).stream()
                    .map(CatalogueImport::tier)
                    .toList();
            database.persist(new PriceVersion(
                    model.id(),
                    Instant.parse(version.getString("valid_from")),
                    version.getString("source"),
                    tiers,
                    now));
        }
        return model;
    }

    private static PriceTier tier(JsonObject tier) {
        return new PriceTier(
                tier.getString("service_tier"),
                tier.getJsonNumber("prompt_tokens_above").longValueExact(),
                new UnitPrices(
                        price(tier, "input"),
                        price(tier, "cached_input"),
                        price(tier, "cache_write_5m"),
                        price(tier, "cache_write_1h"),
                        price(tier, "output"),
                        price(tier, "reasoning_output"),
                        price(tier, "audio_input"),
                        price(tier, "audio_output"),
                        price(tier, "web_search")));
    }

    private static @Nullable BigDecimal price(JsonObject tier, String name) {
        String decimal = tier.getString(name, null);
        return decimal == null ? null : new BigDecimal(decimal);
    }

    private static @Nullable Long count(JsonObject entry, String name) {
        JsonNumber number = entry.getJsonNumber(name);
        return number == null ? null : number.longValueExact();
    }

    private static JsonArray shipped() {
        InputStream resource = CatalogueImport.class.getResourceAsStream(RESOURCE);
        if (resource == null) {
            throw new IllegalStateException(RESOURCE + " is missing from the application");
        }
        try (JsonReader reader = Json.createReader(resource)) {
            return reader.readArray();
        }
    }
}
