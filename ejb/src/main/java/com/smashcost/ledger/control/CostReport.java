package com.smashcost.ledger.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.catalog.entity.Model;
import com.smashcost.provider.control.Json;
import com.smashcost.refusal.control.Refusal;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A provider's report of what it billed, by model and day of UTC: a page of OpenAI's costs API, one of Anthropic's cost report, or
 * a CSV file of FOCUS. Nothing here quotes the report in an error.
 *
 * @param format which of them it is
 * @param lines sums of its items
 * @param covered every provider and day that it speaks of, also where nothing was billed
 * @param items that were read
 * @param ignored items of other providers, or that are no usage
 */
public record CostReport(Format format, List<Line> lines, Set<Covered> covered, int items, int ignored) {

    /** The forms that are understood. */
    public enum Format {
        openai_costs,
        anthropic_cost_report,
        focus_csv
    }

    /** A day of a provider. */
    public record Covered(String provider, LocalDate day) {}

    /**
     * What was billed.
     *
     * @param model without its date; empty where the report names none
     */
    public record Line(String provider, LocalDate day, String model, BigDecimal usd) {}

    private static final Pattern DATED = Pattern.compile("-(?:20\\d{2}-\\d{2}-\\d{2}|20\\d{6})$");
    private static final int DECIMALS_OF_A_CENT = 2;
    private static final Duration DAY = Duration.ofDays(1);
    private static final List<String> PROVIDERS = List.of("openai", "anthropic", "groq", "google");

    /** Where files of FOCUS tell the model, the most telling first. */
    private static final List<String> MODEL_COLUMNS = List.of("x_model", "resourcename", "resourceid", "skuid");

    public CostReport {
        lines = List.copyOf(lines);
        covered = Set.copyOf(covered);
    }

    /** A model's name as bills and ledger have it in common: without the date of its version. */
    public static String family(String model) {
        return DATED.matcher(model.toLowerCase(Locale.ROOT)).replaceFirst("");
    }

    /**
     * Reads a report in JSON.
     *
     * @throws Refusal.BadRequest if it is none of those that are understood
     */
    public static CostReport ofJson(byte[] text) {
        ObjectNode report = Json.readObject(text).orElseThrow(() -> refuse("The body is not one JSON object."));
        JsonNode buckets = report.path("data");
        if (!buckets.isArray()) {
            throw refuse("The report has no array data.");
        }
        boolean anthropic = buckets.path(0).has("starting_at");
        Sums sums = new Sums();
        for (JsonNode bucket : buckets) {
            if (anthropic) {
                anthropic(bucket, sums);
            } else {
                openAi(bucket, sums);
            }
        }
        return sums.report(anthropic ? Format.anthropic_cost_report : Format.openai_costs);
    }

    private static void openAi(JsonNode bucket, Sums sums) {
        LocalDate day = day(instant(bucket.path("start_time")), instant(bucket.path("end_time")));
        sums.cover("openai", day);
        for (JsonNode result : bucket.path("results")) {
            JsonNode amount = result.path("amount");
            currency(amount.path("currency").asText());
            String item = result.path("line_item").asText("");
            int comma = item.indexOf(',');
            sums.add("openai", day, comma < 0 ? item : item.substring(0, comma), decimal(amount.path("value")));
        }
    }

    private static void anthropic(JsonNode bucket, Sums sums) {
        LocalDate day = day(
                instant(bucket.path("starting_at").asText()),
                instant(bucket.path("ending_at").asText()));
        sums.cover("anthropic", day);
        for (JsonNode result : bucket.path("results")) {
            currency(result.path("currency").asText());
            sums.add(
                    "anthropic",
                    day,
                    result.path("model").asText(""),
                    decimal(result.path("amount")).movePointLeft(DECIMALS_OF_A_CENT));
        }
    }

    /**
     * Reads a CSV file of FOCUS; needs the columns BilledCost, BillingCurrency, ChargePeriodStart, ChargePeriodEnd and ProviderName
     * (or ServiceProviderName).
     *
     * @throws Refusal.BadRequest if it is none
     */
    public static CostReport ofCsv(byte[] text) {
        List<List<String>> rows = rows(utf8(text));
        if (rows.isEmpty()) {
            throw refuse("The file is empty.");
        }
        Map<String, Integer> columns = new HashMap<>();
        for (int i = 0; i < rows.getFirst().size(); i++) {
            columns.putIfAbsent(rows.getFirst().get(i).strip().toLowerCase(Locale.ROOT), i);
        }
        String provider = columns.containsKey("providername") ? "providername" : "serviceprovidername";
        for (String needed :
                List.of("billedcost", "billingcurrency", "chargeperiodstart", "chargeperiodend", provider)) {
            if (!columns.containsKey(needed)) {
                throw refuse("The file lacks a column that FOCUS has: " + needed + ".");
            }
        }
        Sums sums = new Sums();
        for (List<String> row : rows.subList(1, rows.size())) {
            if (row.size() != rows.getFirst().size()) {
                throw refuse("A row has another number of cells than the head.");
            }
            focus(new Cells(columns, row), provider, sums);
        }
        return sums.report(Format.focus_csv);
    }

    private record Cells(Map<String, Integer> columns, List<String> row) {
        String get(String column) {
            Integer index = columns.get(column);
            return index == null ? "" : row.get(index).strip();
        }
    }

    private static void focus(Cells cells, String providerColumn, Sums sums) {
        String name = cells.get(providerColumn).toLowerCase(Locale.ROOT);
        String provider = PROVIDERS.stream().filter(name::contains).findFirst().orElse(null);
        String category = cells.get("chargecategory");
        if (provider == null || !(category.isEmpty() || category.equalsIgnoreCase("Usage"))) {
            sums.ignored++;
            return;
        }
        currency(cells.get("billingcurrency"));
        LocalDate day = day(instant(cells.get("chargeperiodstart")), instant(cells.get("chargeperiodend")));
        String model = MODEL_COLUMNS.stream()
                .map(cells::get)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
        sums.cover(provider, day);
        sums.add(provider, day, model, decimal(cells.get("billedcost")));
    }

    /** Sums by provider, day and model. */
    private static final class Sums {
        private final Map<Line, BigDecimal> sums = new HashMap<>();
        private final Set<Covered> covered = new HashSet<>();
        private int items;
        private int ignored;

        void cover(String provider, LocalDate day) {
            covered.add(new Covered(provider, day));
        }

        void add(String provider, LocalDate day, String model, BigDecimal usd) {
            boolean named = Model.NAME.matcher(model.strip()).matches();
            sums.merge(
                    new Line(provider, day, named ? family(model.strip()) : "", BigDecimal.ZERO), usd, BigDecimal::add);
            items++;
        }

        CostReport report(Format format) {
            List<Line> lines = new ArrayList<>();
            sums.forEach((line, usd) -> lines.add(new Line(line.provider, line.day, line.model, usd)));
            return new CostReport(format, lines, covered, items, ignored);
        }
    }

    private static LocalDate day(Instant start, Instant end) {
        if (!end.isAfter(start) || Duration.between(start, end).compareTo(DAY) > 0) {
            throw refuse("An item covers more than a day; import a report by the day.");
        }
        return LocalDate.ofInstant(start, ZoneOffset.UTC);
    }

    private static Instant instant(JsonNode seconds) {
        if (!seconds.canConvertToLong()) {
            throw refuse("A bucket has no start or end.");
        }
        return instant(() -> Instant.ofEpochSecond(seconds.asLong()));
    }

    private static Instant instant(String text) {
        return instant(() -> OffsetDateTime.parse(text.replace(' ', 'T')).toInstant());
    }

    private interface Time {
        Instant read();
    }

    private static Instant instant(Time time) {
        try {
            return time.read();
        } catch (DateTimeException e) {
            throw refuse("A time is not as the format has it.");
        }
    }

    private static void currency(String currency) {
        if (!currency.equalsIgnoreCase("USD")) {
            throw refuse("An item is not in US dollars.");
        }
    }

    private static BigDecimal decimal(JsonNode value) {
        return value.isNumber() ? decimal(value.decimalValue()) : decimal(value.asText());
    }

    private static BigDecimal decimal(String text) {
        try {
            return decimal(new BigDecimal(text));
        } catch (NumberFormatException e) {
            throw refuse("An amount is no number.");
        }
    }

    /** What the table can hold, many times over. */
    private static BigDecimal decimal(BigDecimal amount) {
        if (amount.precision() > 40
                || Math.abs(amount.scale()) > 30
                || amount.abs().precision() - amount.scale() > 8) {
            throw refuse("An amount is no sensible number.");
        }
        return amount;
    }

    private static String utf8(byte[] text) {
        try {
            String decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString();
            return decoded.startsWith("\uFEFF") ? decoded.substring(1) : decoded;
        } catch (CharacterCodingException e) {
            throw refuse("The file is not in UTF-8.");
        }
    }

    /** The rows of a CSV file (RFC 4180), blank ones left out. */
    private static List<List<String>> rows(String text) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                boolean doubled = c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"';
                if (doubled) {
                    i++;
                }
                if (c != '"' || doubled) {
                    cell.append(c);
                } else {
                    quoted = false;
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == ',') {
                row.add(take(cell));
            } else if (c == '\n') {
                row.add(take(cell));
                end(row, rows);
                row = new ArrayList<>();
            } else if (c != '\r') {
                cell.append(c);
            }
        }
        if (quoted) {
            throw refuse("A quoted cell does not end.");
        }
        row.add(take(cell));
        end(row, rows);
        return rows;
    }

    private static String take(StringBuilder cell) {
        String text = cell.toString();
        cell.setLength(0);
        return text;
    }

    private static void end(List<String> row, List<List<String>> rows) {
        if (row.size() > 1 || !row.getFirst().isBlank()) {
            rows.add(row);
        }
    }

    private static Refusal.BadRequest refuse(String problem) {
        return new Refusal.BadRequest("invalid_cost_report", problem, null);
    }

    /** Which provider billed what, for the messages of those who use this. */
    @Override
    public String toString() {
        return "CostReport[" + format + ", " + items + " items]";
    }

    /** The first and the last day that it speaks of; null if it speaks of none. */
    public @Nullable LocalDate firstDay() {
        return covered.stream().map(Covered::day).min(LocalDate::compareTo).orElse(null);
    }

    /** The last day that it speaks of; null if it speaks of none. */
    public @Nullable LocalDate lastDay() {
        return covered.stream().map(Covered::day).max(LocalDate::compareTo).orElse(null);
    }
}
