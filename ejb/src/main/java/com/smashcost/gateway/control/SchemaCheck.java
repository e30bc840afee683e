package com.smashcost.gateway.control;

import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embedded;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.Table;
import jakarta.persistence.metamodel.EntityType;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;

/** Compares what the application expects of the database with what is there, before anything is served. */
@Stateless
public class SchemaCheck {

    /** What is not reached through entities. */
    private static final Map<String, List<String>> OTHERS = Map.ofEntries(
            Map.entry(
                    "ledger_entry",
                    List.of(
                            "request_id",
                            "organization_id",
                            "key_id",
                            "started_at",
                            "web_searches",
                            "cost_usd",
                            "baseline_usd",
                            "projected_usd",
                            "recorded_at")),
            Map.entry(
                    "chain_record",
                    List.of(
                            "trail",
                            "organization_id",
                            "sequence",
                            "recorded_before",
                            "rows_sha256",
                            "head",
                            "signature")),
            Map.entry(
                    "request_log",
                    List.of(
                            "request_id",
                            "organization_id",
                            "model_requested",
                            "retention",
                            "web_searches",
                            "cost_usd",
                            "saving_usd",
                            "lost_cache_usd")),
            Map.entry(
                    "routing_receipt",
                    List.of("request_id", "organization_id", "policy", "kept_small", "retention", "candidates")),
            Map.entry(
                    "routing_cell",
                    List.of("organization_id", "task", "difficulty", "model_id", "attempts", "good", "updated_at")),
            Map.entry("snapshot_version", List.of("version")),
            Map.entry("installation_secret", List.of("name", "envelope")),
            Map.entry("master_key_check", List.of("key_id", "check_value")),
            Map.entry("admin_sign_in", List.of("operator", "last_step", "failures", "locked_until")),
            Map.entry("tag", List.of("organization_id", "kind", "text")),
            Map.entry("model_name", List.of("name")),
            Map.entry("job", List.of("name", "next_run", "lease_until", "fencing_token")),
            Map.entry("operator_alert", List.of("kind", "subject", "detail", "resolved_at")),
            Map.entry("ledger_unrolled", List.of("request_id")),
            Map.entry("rollup_hour", List.of("hour", "changes", "proven")),
            Map.entry("rollup_status", List.of("organization_id", "slot", "status_class", "requests", "saving_usd")),
            Map.entry("budget_reservation", List.of("request_id", "budget_id", "amount", "expires_at")),
            Map.entry("provider_bill", List.of("organization_id", "format", "sha256", "items", "imported_at")),
            Map.entry(
                    "provider_bill_line",
                    List.of("organization_id", "provider", "day", "model", "billed_usd", "bill_id")));

    @Resource(lookup = "java:app/jdbc/smashcost")
    private DataSource database;

    @PersistenceContext(unitName = "smashcost")
    private EntityManager entities;

    /**
     * @throws IllegalStateException that names the first table or column that is missing
     */
    public void check() throws SQLException {
        Map<String, Set<String>> there = columns();
        List<String> missing = new ArrayList<>();
        expected().forEach((table, columns) -> {
            Set<String> found = there.get(table);
            if (found == null) {
                missing.add("table " + table);
                return;
            }
            for (String column : columns) {
                if (!found.contains(column)) {
                    missing.add("column " + table + "." + column);
                }
            }
        });
        missing.sort(Comparator.naturalOrder());
        if (!missing.isEmpty()) {
            throw new IllegalStateException("the database lacks " + missing.getFirst()
                    + "; run the migrations of this release before starting it");
        }
    }

    private Map<String, List<String>> expected() {
        Map<String, List<String>> expected = new HashMap<>(OTHERS);
        for (EntityType<?> entity : entities.getMetamodel().getEntities()) {
            Class<?> type = entity.getJavaType();
            expected.put(type.getAnnotation(Table.class).name(), columnsOf(type));
            for (Field field : type.getDeclaredFields()) {
                CollectionTable collection = field.getAnnotation(CollectionTable.class);
                if (collection != null && field.isAnnotationPresent(ElementCollection.class)) {
                    Class<?> element =
                            (Class<?>) ((ParameterizedType) field.getGenericType()).getActualTypeArguments()[0];
                    expected.put(collection.name(), columnsOf(element));
                }
            }
        }
        return expected;
    }

    private static List<String> columnsOf(Class<?> type) {
        List<String> columns = new ArrayList<>();
        for (Field field : type.getDeclaredFields()) {
            Column column = field.getAnnotation(Column.class);
            if (column != null) {
                columns.add(column.name());
            } else if (field.isAnnotationPresent(Embedded.class)) {
                columns.addAll(columnsOf(field.getType()));
            }
        }
        return columns;
    }

    private Map<String, Set<String>> columns() throws SQLException {
        Map<String, Set<String>> columns = new HashMap<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = DATABASE()");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                columns.computeIfAbsent(row.getString(1).toLowerCase(Locale.ROOT), table -> new HashSet<>())
                        .add(row.getString(2).toLowerCase(Locale.ROOT));
            }
        }
        return columns;
    }
}
