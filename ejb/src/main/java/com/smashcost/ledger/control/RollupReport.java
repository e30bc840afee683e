package com.smashcost.ledger.control;

import com.smashcost.ledger.entity.Dimension;
import com.smashcost.ledger.entity.RolledUp;
import com.smashcost.ledger.entity.RolledUp.Sum;
import com.smashcost.ledger.entity.RolledUp.Times;
import jakarta.annotation.Resource;
import jakarta.ejb.EJBException;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What an organisation used in a range of its own days, by hour, day, week or in all, read from the roll-ups as the user who may
 * only read. Days are those of the organisation's time zone, 23 or 25 hours long where its clocks are moved.
 */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class RollupReport {

    private static final int TIMEOUT_SECONDS = 5;
    private static final Duration DAY = Duration.ofDays(1);

    private static final String RANGE = " WHERE organization_id = ? AND whole_day = ? AND slot >= ? AND slot < ?";

    @Resource(lookup = "java:app/jdbc/smashcost-report")
    private DataSource database;

    protected RollupReport() {}

    /** Reports from this database. */
    RollupReport(DataSource database) {
        this.database = database;
    }

    /** How long the pieces of a range are. */
    public enum Granularity {
        /** Each hour of the clock by itself; the hour that comes twice when clocks are put back is two. */
        hour,
        /** From midnight to midnight. */
        day,
        /** From Monday to Sunday. */
        week,
        /** The whole range is one piece. */
        range
    }

    /**
     * What to report.
     *
     * @param dimension null for all requests together
     * @param from the first day
     * @param to the day after the last one
     */
    public record Query(
            long organizationId, @Nullable Dimension dimension, Granularity granularity, LocalDate from, LocalDate to) {

        public Query {
            if (!from.isBefore(to)) {
                throw new IllegalArgumentException("a range has at least one day");
            }
        }
    }

    /** The pieces in order of time that have any request, each with its parts in the dimension, the most expensive first. */
    public List<RolledUp> over(Query query) {
        try (Connection connection = database.getConnection()) {
            ZoneId zone = zone(connection, query.organizationId());
            Pieces pieces = new Pieces();
            if (query.granularity() == Granularity.range) {
                total(connection, query, zone, pieces);
            } else {
                for (Stretch stretch : stretches(zone, query.from(), query.to())) {
                    read(connection, query, zone, stretch, pieces);
                }
            }
            return pieces.rows();
        } catch (SQLException e) {
            throw new EJBException(e);
        }
    }

    private static ZoneId zone(Connection connection, long organizationId) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT time_zone FROM organization_settings WHERE organization_id = ?")) {
            select.setLong(1, organizationId);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? ZoneId.of(row.getString(1)) : ZoneOffset.UTC;
            } catch (DateTimeException e) {
                return ZoneOffset.UTC;
            }
        }
    }

    /** A stretch of time in which a zone keeps its offset. */
    record Stretch(Instant from, Instant to, ZoneOffset offset) {}

    /** The stretches of these days in order, without a gap. */
    static List<Stretch> stretches(ZoneId zone, LocalDate from, LocalDate to) {
        Instant end = to.atStartOfDay(zone).toInstant();
        Instant start = from.atStartOfDay(zone).toInstant();
        List<Stretch> stretches = new ArrayList<>();
        while (start.isBefore(end)) {
            ZoneOffsetTransition next = zone.getRules().nextTransition(start);
            Instant until = next == null || next.getInstant().isAfter(end) ? end : next.getInstant();
            stretches.add(new Stretch(start, until, zone.getRules().getOffset(start)));
            start = until;
        }
        return stretches;
    }

    private static void read(Connection connection, Query query, ZoneId zone, Stretch stretch, Pieces pieces)
            throws SQLException {
        boolean wholeDays = stretch.offset().getTotalSeconds() == 0
                && query.granularity() != Granularity.hour
                && isMidnight(stretch.from())
                && isMidnight(stretch.to());
        try (PreparedStatement select = connection.prepareStatement(sql(query))) {
            select.setQueryTimeout(TIMEOUT_SECONDS);
            int next = 1;
            for (int i = 0; i < shifts(query.granularity()); i++) {
                select.setInt(next++, stretch.offset().getTotalSeconds());
            }
            select.setLong(next++, query.organizationId());
            select.setBoolean(next++, wholeDays);
            select.setObject(next++, LocalDateTime.ofInstant(stretch.from(), ZoneOffset.UTC));
            select.setObject(next, LocalDateTime.ofInstant(stretch.to(), ZoneOffset.UTC));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    LocalDateTime local = row.getObject("piece", LocalDateTime.class);
                    Instant start = switch (query.granularity()) {
                        case hour -> local.toInstant(stretch.offset());
                        case day, week, range ->
                            local.toLocalDate().atStartOfDay(zone).toInstant();
                    };
                    pieces.add(start, row, query);
                }
            }
        }
    }

    /** Whole UTC days from the rows that hold them, and what is left at both ends from the slots. */
    private static void total(Connection connection, Query query, ZoneId zone, Pieces pieces) throws SQLException {
        Instant from = query.from().atStartOfDay(zone).toInstant();
        Instant to = query.to().atStartOfDay(zone).toInstant();
        Instant firstDay = Slots.of(from.plus(DAY).minusSeconds(1), DAY);
        Instant lastDay = Slots.of(to, DAY);
        try (PreparedStatement select = connection.prepareStatement(totalSql(query.dimension()))) {
            select.setQueryTimeout(TIMEOUT_SECONDS);
            boolean anyWhole = firstDay.isBefore(lastDay);
            Instant head = anyWhole ? firstDay : to;
            Instant tail = anyWhole ? lastDay : to;
            select.setLong(1, query.organizationId());
            int next = 2;
            for (Instant bound : List.of(head, tail, from, head, tail, to)) {
                select.setObject(next++, LocalDateTime.ofInstant(bound, ZoneOffset.UTC));
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    pieces.add(from, row, query);
                }
            }
        }
    }

    private static boolean isMidnight(Instant instant) {
        return Slots.of(instant, DAY).equals(instant);
    }

    /** How often the stretch's offset is bound. */
    private static int shifts(Granularity granularity) {
        return granularity == Granularity.week ? 2 : 1;
    }

    /** The start of the piece by the organisation's clock, in one stretch. */
    private static String piece(Granularity granularity) {
        return switch (granularity) {
            case hour -> "STR_TO_DATE(DATE_FORMAT(slot + INTERVAL ? SECOND, '%Y-%m-%d %H'), '%Y-%m-%d %H')";
            case day -> "CAST(DATE(slot + INTERVAL ? SECOND) AS DATETIME)";
            case week ->
                "CAST(DATE(slot + INTERVAL ? SECOND) - INTERVAL WEEKDAY(slot + INTERVAL ? SECOND) DAY AS DATETIME)";
            case range -> throw new IllegalArgumentException("a range is one piece");
        };
    }

    static String sql(Query query) {
        RollupTable table = table(query.dimension());
        String group = String.join(
                "",
                columns(query.dimension()).stream().map(column -> ", " + column).toList());
        return named(
                query.dimension(),
                "SELECT " + piece(query.granularity()) + " AS piece" + group + ", "
                        + sums(figures(query.dimension(), query.granularity())) + " FROM " + table.table()
                        + RANGE + " GROUP BY piece" + group);
    }

    static String totalSql(@Nullable Dimension dimension) {
        List<String> columns = columns(dimension);
        String group = columns.isEmpty() ? "" : String.join(", ", columns) + ", ";
        return named(
                dimension,
                "SELECT " + group + sums(RollupFigures.NAMES) + " FROM "
                        + table(dimension).table()
                        + " WHERE organization_id = ? AND (whole_day = 1 AND slot >= ? AND slot < ?"
                        + " OR whole_day = 0 AND (slot >= ? AND slot < ? OR slot >= ? AND slot < ?))"
                        + (columns.isEmpty() ? " HAVING requests > 0" : " GROUP BY " + String.join(", ", columns)));
    }

    private static String sums(List<String> figures) {
        return figures.stream()
                .map(figure -> "SUM(" + figure + ") AS " + figure)
                .collect(Collectors.joining(", "));
    }

    /** Histograms are summed where a percentile is worth it: of all requests, and of the parts of a whole range. */
    private static List<String> figures(@Nullable Dimension dimension, Granularity granularity) {
        return dimension == null || granularity == Granularity.range
                ? RollupFigures.NAMES
                : RollupFigures.WITHOUT_HISTOGRAMS;
    }

    /** The smallest table serves where no dimension is asked for. */
    private static RollupTable table(@Nullable Dimension dimension) {
        return RollupTable.of(dimension == null ? Dimension.status : dimension);
    }

    private static List<String> columns(@Nullable Dimension dimension) {
        return dimension == null ? List.of() : table(dimension).columns();
    }

    /** The sums with the names of what their ids stand for. */
    private static String named(@Nullable Dimension dimension, String sums) {
        String names = dimension == null
                ? ""
                : switch (dimension) {
                    case status -> ", NULLIF(g.status_class, 0) AS name";
                    case customer, feature -> ", t.text AS name";
                    case key -> ", k.public_id AS name";
                    case model -> ", asked.name AS name, used.name AS second_name";
                    case provider -> ", NULLIF(g.provider, '') AS name";
                    case task -> ", NULLIF(g.task, '') AS name";
                };
        String joins = dimension == null
                ? ""
                : switch (dimension) {
                    case customer -> " LEFT JOIN tag t ON t.id = g.tag_customer_id";
                    case feature -> " LEFT JOIN tag t ON t.id = g.tag_feature_id";
                    case key -> " LEFT JOIN gateway_key k ON k.id = g.key_id";
                    case model ->
                        " LEFT JOIN model_name asked ON asked.id = g.model_requested_id"
                                + " LEFT JOIN model_name used ON used.id = g.model_used_id";
                    case status, provider, task -> "";
                };
        return "SELECT g.*" + names + " FROM (" + sums + ") AS g" + joins;
    }

    /** The pieces so far; one that clocks are moved in comes in two parts. */
    private static final class Pieces {

        private record Part(List<String> ids, List<@Nullable String> names) {}

        private record Found(Part part, RollupFigures figures) {}

        private final TreeMap<Instant, TreeMap<String, Found>> pieces = new TreeMap<>();

        void add(Instant start, ResultSet row, Query query) throws SQLException {
            Dimension dimension = query.dimension();
            List<String> ids = new ArrayList<>();
            for (String column : columns(dimension)) {
                ids.add(row.getString(column));
            }
            List<@Nullable String> names = new ArrayList<>();
            if (dimension != null) {
                names.add(row.getString("name"));
                if (dimension == Dimension.model) {
                    names.add(row.getString("second_name"));
                }
            }
            RollupFigures figures = RollupFigures.read(row, figures(dimension, query.granularity()));
            Found found = pieces.computeIfAbsent(start, s -> new TreeMap<>())
                    .putIfAbsent(String.join(" ", ids), new Found(new Part(ids, names), figures));
            if (found != null) {
                found.figures().add(figures);
            }
        }

        List<RolledUp> rows() {
            List<RolledUp> rows = new ArrayList<>();
            pieces.forEach((start, parts) -> parts.values().stream()
                    .sorted((a, b) ->
                            b.figures().amount("cost").compareTo(a.figures().amount("cost")))
                    .forEach(found -> rows.add(row(start, found))));
            return rows;
        }

        private static RolledUp row(Instant start, Found found) {
            RollupFigures figures = found.figures();
            return new RolledUp(
                    start,
                    found.part().names(),
                    figures.count("requests"),
                    figures.count("successes"),
                    figures.count("failures"),
                    figures.count("usage_known"),
                    figures.count("input_tokens"),
                    figures.count("cached_tokens"),
                    figures.count("cache_write_tokens"),
                    figures.count("output_tokens"),
                    figures.count("reasoning_tokens"),
                    sum(figures, "cost"),
                    sum(figures, "baseline"),
                    sum(figures, "projected"),
                    sum(figures, "saving"),
                    times(figures, "latency"),
                    times(figures, "first_token"));
        }

        private static Sum sum(RollupFigures figures, String name) {
            return new Sum(figures.count(name + "_known"), figures.money(name));
        }

        private static Times times(RollupFigures figures, String name) {
            long known = figures.count(name + "_known");
            return new Times(
                    known, known == 0 ? null : figures.count(name + "_ms") / known, figures.quantile(name, 0.95));
        }
    }
}
