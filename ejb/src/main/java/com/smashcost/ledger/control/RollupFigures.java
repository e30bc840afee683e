package com.smashcost.ledger.control;

import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one row of a roll-up. They are said twice, so that one can prove the other: here in Java, by which rows are counted
 * as they come, and as SQL over rows of the ledger {@code e} and of the request log {@code l}.
 */
final class RollupFigures {

    /** Upper bounds of the histograms' bins in milliseconds; what is above the last is in one more bin. */
    static final long[] BOUNDS = {25, 50, 100, 150, 250, 400, 600, 1000, 1500, 2500, 4000, 6000, 10_000, 20_000, 60_000
    };

    static final int BINS = BOUNDS.length + 1;

    private static final String SUCCESS = "COALESCE(e.status BETWEEN 200 AND 299 AND e.error_class IS NULL, 0)";

    /** Each column, and its value for one row of the ledger. */
    static final Map<String, String> COLUMNS = columns();

    static final List<String> NAMES = List.copyOf(COLUMNS.keySet());

    /** All but the histograms, which are most of the columns. */
    static final List<String> WITHOUT_HISTOGRAMS =
            NAMES.stream().filter(name -> !name.matches(".*_[0-9]+")).toList();

    private static final List<String> MONEY = List.of("cost_usd", "baseline_usd", "projected_usd", "saving_usd");

    private final long[] counts = new long[NAMES.size()];
    private final BigDecimal[] money = new BigDecimal[MONEY.size()];

    RollupFigures() {
        Arrays.fill(money, BigDecimal.ZERO);
    }

    private static Map<String, String> columns() {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("requests", "1");
        columns.put("successes", SUCCESS);
        columns.put("failures", "1 - " + SUCCESS);
        columns.put("usage_known", "e.input_tokens IS NOT NULL AND e.output_tokens IS NOT NULL");
        columns.put("input_tokens", "COALESCE(e.input_tokens, 0)");
        columns.put("cached_tokens", "COALESCE(e.cached_tokens, 0)");
        columns.put(
                "cache_write_tokens", "COALESCE(e.cache_write_5m_tokens, 0) + COALESCE(e.cache_write_1h_tokens, 0)");
        columns.put("output_tokens", "COALESCE(e.output_tokens, 0)");
        columns.put("reasoning_tokens", "COALESCE(e.reasoning_tokens, 0)");
        money(columns, "cost", "e.cost_usd");
        money(columns, "baseline", "e.baseline_usd");
        money(columns, "projected", "e.projected_usd");
        money(columns, "saving", "l.saving_usd");
        times(columns, "latency");
        times(columns, "first_token");
        return columns;
    }

    private static void money(Map<String, String> columns, String name, String value) {
        columns.put(name + "_known", value + " IS NOT NULL");
        columns.put(name + "_usd", "COALESCE(" + value + ", 0)");
    }

    private static void times(Map<String, String> columns, String name) {
        String value = "e." + name + "_ms";
        columns.put(name + "_known", value + " IS NOT NULL");
        columns.put(name + "_ms", "COALESCE(" + value + ", 0)");
        for (int bin = 0; bin < BINS; bin++) {
            String above = bin == 0 ? "" : value + " > " + BOUNDS[bin - 1];
            String upTo = bin == BINS - 1 ? "" : value + " <= " + BOUNDS[bin];
            columns.put(
                    name + "_" + bin,
                    "COALESCE("
                            + Stream.of(above, upTo)
                                    .filter(part -> !part.isEmpty())
                                    .collect(Collectors.joining(" AND "))
                            + ", 0)");
        }
    }

    /** Counts the ledger row under the cursor. */
    void count(ResultSet row) throws SQLException {
        int status = row.getInt("status");
        boolean success = !row.wasNull() && status >= 200 && status <= 299 && row.getString("error_class") == null;
        Long input = row.getObject("input_tokens", Long.class);
        Long output = row.getObject("output_tokens", Long.class);
        add("requests", 1);
        add(success ? "successes" : "failures", 1);
        add("usage_known", input == null || output == null ? 0 : 1);
        add("input_tokens", input);
        add("cached_tokens", row.getObject("cached_tokens", Long.class));
        add("cache_write_tokens", row.getObject("cache_write_5m_tokens", Long.class));
        add("cache_write_tokens", row.getObject("cache_write_1h_tokens", Long.class));
        add("output_tokens", output);
        add("reasoning_tokens", row.getObject("reasoning_tokens", Long.class));
        for (int i = 0; i < MONEY.size(); i++) {
            String column = MONEY.get(i);
            BigDecimal amount = row.getBigDecimal(column);
            if (amount != null) {
                money[i] = money[i].add(amount);
                add(column.replace("_usd", "_known"), 1);
            }
        }
        time("latency", row.getObject("latency_ms", Long.class));
        time("first_token", row.getObject("first_token_ms", Long.class));
    }

    private void time(String name, @Nullable Long millis) {
        if (millis == null) {
            return;
        }
        add(name + "_known", 1);
        add(name + "_ms", millis);
        int found = Arrays.binarySearch(BOUNDS, millis);
        add(name + "_" + (found >= 0 ? found : -found - 1), 1);
    }

    private static final Map<String, Integer> PLACES = places();

    private static Map<String, Integer> places() {
        Map<String, Integer> places = new LinkedHashMap<>();
        NAMES.forEach(name -> places.put(name, places.size()));
        return places;
    }

    private void add(String column, @Nullable Long amount) {
        if (amount != null) {
            add(column, amount.longValue());
        }
    }

    @SuppressWarnings("NullAway") // every name is in the map
    private void add(String column, long amount) {
        counts[PLACES.get(column)] += amount;
    }

    void add(RollupFigures other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        for (int i = 0; i < money.length; i++) {
            money[i] = money[i].add(other.money[i]);
        }
    }

    /** Binds all figures in the order of {@link #NAMES}, the first at {@code index}. */
    void bind(PreparedStatement statement, int index) throws SQLException {
        for (int i = 0; i < NAMES.size(); i++) {
            int amount = MONEY.indexOf(NAMES.get(i));
            if (amount >= 0) {
                statement.setBigDecimal(index + i, money[amount]);
            } else {
                statement.setLong(index + i, counts[i]);
            }
        }
    }

    /** The figures of a row that has those of these names; the others are 0. */
    static RollupFigures read(ResultSet row, List<String> names) throws SQLException {
        RollupFigures figures = new RollupFigures();
        for (int i = 0; i < NAMES.size(); i++) {
            String name = NAMES.get(i);
            int amount = MONEY.indexOf(name);
            if (!names.contains(name)) {
                continue;
            }
            if (amount >= 0) {
                figures.money[amount] = row.getBigDecimal(name);
            } else {
                figures.counts[i] = row.getLong(name);
            }
        }
        return figures;
    }

    @SuppressWarnings("NullAway") // every name is in the map
    long count(String column) {
        return counts[PLACES.get(column)];
    }

    /** The sum of a column of money; null if nothing of it is known. */
    @Nullable
    BigDecimal money(String name) {
        return count(name + "_known") == 0 ? null : amount(name);
    }

    /** The sum of what is known of it. */
    BigDecimal amount(String name) {
        return money[MONEY.indexOf(name + "_usd")];
    }

    /**
     * The time that this share of those that are known does not exceed, taken evenly between the bounds; null if none is, or if there is no
     * histogram.
     */
    @Nullable
    Long quantile(String name, double share) {
        long known = count(name + "_known");
        if (known == 0) {
            return null;
        }
        double rank = share * known;
        long below = 0;
        for (int bin = 0; bin < BINS; bin++) {
            long within = count(name + "_" + bin);
            if (within > 0 && below + within >= rank) {
                long from = bin == 0 ? 0 : BOUNDS[bin - 1];
                // nothing bounds the last bin
                return bin == BINS - 1 ? from : from + Math.round((BOUNDS[bin] - from) * (rank - below) / within);
            }
            below += within;
        }
        return null;
    }
}
