package com.smashcost.catalog.control;

import com.smashcost.catalog.entity.PriceTier;
import com.smashcost.catalog.entity.Tier;
import com.smashcost.money.entity.UnitPrices;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the catalogue from the database as one value. */
public final class StoredCatalogue {

    private StoredCatalogue() {}

    /** All models with all their prices, as they are stored now. */
    public static Catalogue read(Connection connection) throws SQLException {
        Map<Long, List<PriceTier>> tiers = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement("""
                        SELECT price_version_id, service_tier, prompt_tokens_above, input, cached_input, cache_write_5m,
                               cache_write_1h, output, reasoning_output, audio_input, audio_output, web_search
                        FROM price_tier""");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                tiers.computeIfAbsent(row.getLong(1), id -> new ArrayList<>())
                        .add(new PriceTier(
                                row.getString(2),
                                row.getLong(3),
                                new UnitPrices(
                                        row.getBigDecimal(4),
                                        row.getBigDecimal(5),
                                        row.getBigDecimal(6),
                                        row.getBigDecimal(7),
                                        row.getBigDecimal(8),
                                        row.getBigDecimal(9),
                                        row.getBigDecimal(10),
                                        row.getBigDecimal(11),
                                        row.getBigDecimal(12))));
            }
        }
        Map<Long, List<Catalogue.Price>> prices = new HashMap<>();
        try (PreparedStatement statement =
                        connection.prepareStatement("SELECT model_id, id, valid_from FROM price_version");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                prices.computeIfAbsent(row.getLong(1), id -> new ArrayList<>())
                        .add(new Catalogue.Price(
                                row.getLong(2),
                                row.getObject(3, LocalDateTime.class).toInstant(ZoneOffset.UTC),
                                tiers.getOrDefault(row.getLong(2), List.of())));
            }
        }
        List<Catalogue.Offer> offers = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("""
                        SELECT id, name, provider, mode, enabled, context_window, max_output_tokens, capabilities, tier,
                               deprecated_on
                        FROM model""");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                String tier = row.getString(9);
                offers.add(new Catalogue.Offer(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getBoolean(5),
                        row.getObject(6, Long.class),
                        row.getObject(7, Long.class),
                        ModelDescription.capabilities(row.getString(8)),
                        tier == null ? null : Tier.valueOf(tier),
                        row.getObject(10, LocalDate.class),
                        prices.getOrDefault(row.getLong(1), List.of())));
            }
        }
        return new Catalogue(offers);
    }
}
