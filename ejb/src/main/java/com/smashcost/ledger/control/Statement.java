package com.smashcost.ledger.control;

import com.smashcost.ledger.entity.ChainRecord;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What routing saved an organisation in a month of its time zone: sums over the rows that the ledger's chain covers, and what is
 * needed to compute them again. A request belongs to the month in which its id was minted.
 *
 * @param complete whether the chain covers the whole month; if not, the statement is provisional
 * @param chain all records of the UTC days that the month touches, and those between them
 */
public record Statement(
        long organizationId,
        String slug,
        String name,
        YearMonth month,
        ZoneId zone,
        Instant from,
        Instant to,
        boolean complete,
        Sums sums,
        List<PriceVersion> priceVersions,
        List<ChainRecord> chain) {

    /** The reason of a row that is here only because the digest of its UTC day needs it. */
    static final String OTHER_MONTH = "other_month";

    /** Why rows are left out of the saving, in the order in which they are told. */
    static final List<String> EXCLUDED =
            List.of("observed", "passed_through", "overridden", "failed", "fell_back", "unpriced");

    static final String ALL = "all";
    static final String COUNTED = "counted";
    static final String NEGATIVE = "negative";

    /** The groups of rows that have sums. */
    static final List<String> GROUPS =
            Stream.concat(Stream.of(ALL, COUNTED, NEGATIVE), EXCLUDED.stream()).toList();

    /** A version of a model's prices that was used. */
    public record PriceVersion(long id, String model, Instant validFrom, String source) {}

    /** Gives all rows, in the order of their ids, with their reasons. */
    interface Rows {
        void each(Consumer<LedgerLine> reader);
    }

    public Statement {
        priceVersions = List.copyOf(priceVersions);
        chain = List.copyOf(chain);
    }

    /** The row with the reason that it has in this statement. */
    LedgerLine classify(LedgerLine line) {
        Instant minted = line.id().mintedAt();
        return minted.isBefore(from) || !minted.isBefore(to) ? line.with("reason", OTHER_MONTH) : line;
    }

    /** Figures of one kind of rows. */
    static final class Sum {
        long requests;
        BigDecimal cost = BigDecimal.ZERO;
        BigDecimal baseline = BigDecimal.ZERO;
        BigDecimal lostCache = BigDecimal.ZERO;
        BigDecimal saving = BigDecimal.ZERO;

        private void add(LedgerLine line) {
            requests++;
            cost = cost.add(known(line.decimal("cost_usd")));
            baseline = baseline.add(known(line.decimal("baseline_usd")));
            lostCache = lostCache.add(known(line.decimal("lost_cache_usd")));
            saving = saving.add(known(line.decimal("saving_usd")));
        }

        private static BigDecimal known(@Nullable BigDecimal decimal) {
            return decimal == null ? BigDecimal.ZERO : decimal;
        }
    }

    /** Which model was asked for, and which served. */
    record Pair(String requested, String used) implements Comparable<Pair> {
        @Override
        public int compareTo(Pair other) {
            int first = requested.compareTo(other.requested);
            return first != 0 ? first : used.compareTo(other.used);
        }
    }

    /** The sums over the rows of the month, by groups that overlap: all, each reason, and the counted ones that saved less than 0. */
    static final class Sums {
        private final Map<String, Sum> groups = new TreeMap<>();
        private final Map<Pair, Sum> models = new TreeMap<>();
        private final Set<Long> versions = new TreeSet<>();

        void add(LedgerLine line) {
            String reason = line.text("reason");
            if (reason.equals(OTHER_MONTH)) {
                return;
            }
            version(line.text("price_version_id"));
            version(line.text("baseline_price_version_id"));
            group(ALL).add(line);
            group(reason).add(line);
            if (reason.equals(COUNTED)) {
                models.computeIfAbsent(
                                new Pair(line.text("model_requested"), line.text("model_used")), pair -> new Sum())
                        .add(line);
                BigDecimal saving = line.decimal("saving_usd");
                if (saving != null && saving.signum() < 0) {
                    group(NEGATIVE).add(line);
                }
            }
        }

        private void version(String id) {
            if (!id.isEmpty()) {
                versions.add(Long.valueOf(id));
            }
        }

        Sum group(String name) {
            return groups.computeIfAbsent(name, group -> new Sum());
        }

        Map<Pair, Sum> models() {
            return models;
        }

        Collection<Long> versions() {
            return versions;
        }
    }
}
