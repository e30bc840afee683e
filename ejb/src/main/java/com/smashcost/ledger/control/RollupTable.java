package com.smashcost.ledger.control;

import com.smashcost.ledger.entity.Dimension;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The table of one dimension, and the SQL that fills and proves it. Names are ours; values are bound. */
final class RollupTable {

    /** All of them. */
    static final List<RollupTable> ALL =
            Stream.of(Dimension.values()).map(RollupTable::new).toList();

    private final Dimension dimension;
    private final String name;

    /** The columns of the dimension, and their values for a row of the ledger. */
    private final List<String> columns;

    private final List<String> values;
    private final String upsert;
    private final String unequal;
    private final String unequalDays;
    private final String clear;

    private RollupTable(Dimension dimension) {
        this.dimension = dimension;
        this.name = "rollup_" + dimension;
        this.columns = switch (dimension) {
            case status -> List.of("status_class");
            case customer -> List.of("tag_customer_id");
            case feature -> List.of("tag_feature_id");
            case key -> List.of("key_id");
            case model -> List.of("model_requested_id", "model_used_id");
            case provider -> List.of("provider");
            case task -> List.of("task");
        };
        this.values = switch (dimension) {
            case status -> List.of("COALESCE(e.status DIV 100, 0)");
            case customer -> List.of("COALESCE(e.tag_customer_id, 0)");
            case feature -> List.of("COALESCE(e.tag_feature_id, 0)");
            case key -> List.of("e.key_id");
            case model -> List.of("e.model_requested_id", "COALESCE(e.model_used_id, 0)");
            case provider -> List.of("COALESCE(e.provider, '')");
            case task -> List.of("COALESCE(e.task, '')");
        };
        this.upsert = upsert();
        this.unequal = unequal();
        this.unequalDays = unequalDays();
        this.clear = "DELETE FROM " + name + " WHERE whole_day IN (0, 1) AND slot >= ? AND slot < ?";
    }

    static RollupTable of(Dimension dimension) {
        return ALL.get(dimension.ordinal());
    }

    String table() {
        return name;
    }

    List<String> columns() {
        return columns;
    }

    /** What a row of this table is about, in the order of the table. */
    record Place(long organizationId, boolean wholeDay, Instant slot, List<Object> values)
            implements Comparable<Place> {

        private static final Comparator<Place> ORDER = Comparator.comparingLong(Place::organizationId)
                .thenComparing(Place::wholeDay)
                .thenComparing(Place::slot)
                .thenComparing(place -> place.values().toString());

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    /** The values of the dimension in the ledger row under the cursor. */
    List<Object> valuesOf(ResultSet row) throws SQLException {
        return switch (dimension) {
            case status -> List.of((long) (row.getInt("status") / 100));
            case customer -> List.of(row.getLong("tag_customer_id"));
            case feature -> List.of(row.getLong("tag_feature_id"));
            case key -> List.of(row.getLong("key_id"));
            case model -> List.of(row.getLong("model_requested_id"), row.getLong("model_used_id"));
            case provider -> List.of(orEmpty(row.getString("provider")));
            case task -> List.of(orEmpty(row.getString("task")));
        };
    }

    private static Object orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** Adds figures to a row, which is made if it is not there. */
    String upsertSql() {
        return upsert;
    }

    void bind(PreparedStatement statement, Place place, RollupFigures figures) throws SQLException {
        int next = 1;
        statement.setLong(next++, place.organizationId());
        statement.setBoolean(next++, place.wholeDay());
        statement.setObject(next++, LocalDateTime.ofInstant(place.slot(), ZoneOffset.UTC));
        for (Object value : place.values()) {
            statement.setObject(next++, value);
        }
        figures.bind(statement, next);
    }

    private String upsert() {
        List<String> all = new ArrayList<>(List.of("organization_id", "whole_day", "slot"));
        all.addAll(columns);
        all.addAll(RollupFigures.NAMES);
        return "INSERT INTO " + name + " (" + String.join(", ", all) + ") VALUES ("
                + String.join(", ", Collections.nCopies(all.size(), "?")) + ") ON DUPLICATE KEY UPDATE "
                + RollupFigures.NAMES.stream()
                        .map(figure -> figure + " = " + figure + " + VALUES(" + figure + ")")
                        .collect(Collectors.joining(", "));
    }

    /**
     * The groups of one range in which the rolled-up rows of the ledger and the roll-ups differ, by how much. One statement, and so one
     * state of the database. Parameters: the range's first and last possible id, its start and end, and both again.
     */
    String unequalSql() {
        return unequal;
    }

    private String unequal() {
        String dimensions = String.join(", ", columns);
        StringBuilder rows = new StringBuilder("SELECT e.organization_id AS organization_id");
        StringBuilder stored = new StringBuilder("SELECT organization_id");
        for (int i = 0; i < columns.size(); i++) {
            rows.append(", ").append(values.get(i)).append(" AS ").append(columns.get(i));
            stored.append(", ").append(columns.get(i));
        }
        for (Map.Entry<String, String> figure : RollupFigures.COLUMNS.entrySet()) {
            rows.append(", SUM(").append(figure.getValue()).append(") AS ").append(figure.getKey());
            stored.append(", -").append(figure.getKey());
        }
        rows.append('\n').append("""
                FROM ledger_entry e
                  JOIN request_log l ON l.request_id = e.request_id
                  LEFT JOIN ledger_unrolled u ON u.request_id = e.request_id
                WHERE u.request_id IS NULL AND e.request_id >= ? AND e.request_id < ?
                  AND e.started_at >= ? AND e.started_at < ?
                GROUP BY e.organization_id""");
        values.forEach(value -> rows.append(", ").append(value));
        stored.append(" FROM ").append(name).append(" WHERE whole_day = 0 AND slot >= ? AND slot < ?");
        String differences = RollupFigures.NAMES.stream()
                .map(figure -> "SUM(" + figure + ") AS " + figure + "_off")
                .collect(Collectors.joining(", "));
        return "SELECT organization_id, " + dimensions + ", " + differences + " FROM (" + rows + " UNION ALL " + stored
                + ") AS both_sides GROUP BY organization_id, " + dimensions + " HAVING " + anyDiffers();
    }

    /** The groups of one day whose row is not the sum of its slots. Parameters: the day, its start and its end. */
    String unequalDaysSql() {
        return unequalDays;
    }

    private String unequalDays() {
        String dimensions = String.join(", ", columns);
        String differences = RollupFigures.NAMES.stream()
                .map(figure -> "SUM(IF(whole_day, -" + figure + ", " + figure + ")) AS " + figure + "_off")
                .collect(Collectors.joining(", "));
        return "SELECT organization_id, " + dimensions + ", " + differences + " FROM " + name
                + " WHERE (whole_day = 1 AND slot = ?) OR (whole_day = 0 AND slot >= ? AND slot < ?)"
                + " GROUP BY organization_id, " + dimensions + " HAVING " + anyDiffers();
    }

    private static String anyDiffers() {
        return RollupFigures.NAMES.stream().map(figure -> figure + "_off <> 0").collect(Collectors.joining(" OR "));
    }

    /** Removes the rows of a range of whole UTC days. */
    String clearSql() {
        return clear;
    }
}
