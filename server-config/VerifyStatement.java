import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.nio.file.*;
import java.security.*;
import java.security.spec.X509EncodedKeySpec;
import java.time.*;
import java.util.*;
import java.util.regex.*;
import java.util.stream.Collectors;

/**
 * Verifies a savings statement of SmashCost, offline: java VerifyStatement.java FILE KEY. FILE is the statement's JSON, KEY the
 * installation's public key in PEM, handed over apart from it. Prints OK and exits with 0, or the first difference and with 1.
 * docs/statement.md defines what is hashed, signed and computed; this program shares no code with the product.
 */
public final class VerifyStatement {

    /** What is counted, and by which price: in pairs. */
    private static final String[] BUCKETS = ("input_tokens input cached_tokens cached_input cache_write_5m_tokens cache_write_5m "
            + "cache_write_1h_tokens cache_write_1h output_tokens output reasoning_tokens reasoning_output "
            + "audio_input_tokens audio_input audio_output_tokens audio_output web_searches web_search").split(" ");
    private static final List<String> AMOUNTS = List.of("requests", "cost_usd", "baseline_usd", "lost_cache_usd", "saving_usd");
    private static final Pattern SEAL = Pattern.compile(",\"signature\":\"([0-9a-f]{128})\"}\n");

    public static void main(String[] arguments) throws Exception {
        String verdict = arguments.length != 2
                ? "usage: java VerifyStatement.java FILE KEY"
                : verdict(Files.readAllBytes(Path.of(arguments[0])), Files.readString(Path.of(arguments[1])));
        System.out.println(verdict);
        System.exit(verdict.startsWith("OK") ? 0 : 1);
    }

    public static String verdict(byte[] file, String pem) {
        try {
            return verify(file, KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(
                    Base64.getDecoder().decode(pem.replaceAll("-----[A-Z ]+-----|\\s", "")))));
        } catch (Exception e) {
            return "NOT OK: " + e.getMessage();
        }
    }

    private static String verify(byte[] file, PublicKey key) throws Exception {
        int end = Math.max(0, file.length - 145);
        Matcher seal = SEAL.matcher(new String(file, end, file.length - end, UTF_8));
        check(seal.matches(), "the file does not end with a signature");
        byte[] payload = Arrays.copyOf(file, end);
        check(signed(key, "smashcost-statement-v1\t" + sha256(payload), seal.group(1)),
                "the signature is not that of this file by this key");
        Json json = new Json(new String(payload, UTF_8) + "}");
        Map<String, Object> statement = as(json.value(json.next()));
        ZoneId zone = ZoneId.of(as(statement.get("time_zone")));
        YearMonth month = YearMonth.parse(as(statement.get("month")));
        Instant from = month.atDay(1).atStartOfDay(zone).toInstant();
        Instant to = month.plusMonths(1).atDay(1).atStartOfDay(zone).toInstant();
        Map<String, BigDecimal> sums = new TreeMap<>();
        List<Map<String, String>> chain = as(statement.get("chain"));
        Map<Map<String, String>, StringBuilder> covered = new HashMap<>();
        rows(statement, chain, covered, sums, from, to);
        boolean complete = false;
        for (int i = 0; i < chain.size(); i++) {
            Map<String, String> record = chain.get(i);
            link(as(statement.get("organization_id")), record, i == 0 ? null : chain.get(i - 1), key);
            Instant day = LocalDate.parse(record.get("day")).atStartOfDay(ZoneOffset.UTC).toInstant();
            complete |= !day.plusSeconds(86_400).isBefore(to);
            if (day.plusSeconds(86_400).isAfter(from) && day.isBefore(to)) {
                String text = covered.getOrDefault(record, new StringBuilder()).toString();
                same("rows of record " + record.get("sequence"), record.get("row_count"), text.lines().count());
                same("digest of record " + record.get("sequence"), record.get("rows_sha256"), sha256(text.getBytes(UTF_8)));
            }
        }
        totals(statement, sums);
        same("complete", statement.get("complete"), complete);
        return complete ? "OK" : "OK, provisional: the chain does not cover the whole month yet";
    }

    /** Checks every row, digests it for the record that covers it, and adds it to the sums. */
    private static void rows(Map<String, Object> statement, List<Map<String, String>> chain,
            Map<Map<String, String>, StringBuilder> covered, Map<String, BigDecimal> sums, Instant from, Instant to) throws Exception {
        List<String> fields = as(statement.get("fields"));
        List<List<String>> rows = as(statement.get("rows"));
        String last = "";
        for (List<String> cells : rows) {
            check(cells.size() == fields.size(), "a row has " + cells.size() + " cells, not " + fields.size());
            Map<String, String> row = new HashMap<>();
            for (int i = 0; i < fields.size(); i++) {
                row.put(fields.get(i), cells.get(i));
            }
            String id = row.get("request_id");
            check(last.compareTo(id) < 0, "row " + id + " is out of order");
            last = id;
            same("organization_id of row " + id, row.get("organization_id"), statement.get("organization_id"));
            Instant minted = Instant.ofEpochMilli(UUID.fromString(id).getMostSignificantBits() >>> 16);
            Map<String, String> record = record(chain, LocalDate.ofInstant(minted, ZoneOffset.UTC).toString(), row.get("recorded_at"));
            covered.computeIfAbsent(record, none -> new StringBuilder()).append(line(cells.subList(0, fields.indexOf("recorded_at") + 1)));
            money(row, id);
            boolean ours = !minted.isBefore(from) && minted.isBefore(to);
            String reason = ours ? reason(row) : "other_month";
            same("reason of row " + id, row.get("reason"), reason);
            row.put("requests", "1");
            String model = "model " + row.get("model_requested") + " " + row.get("model_used");
            for (String group : !ours ? List.<String>of() : !reason.equals("counted") ? List.of("all", reason)
                    : List.of("all", reason, model, row.get("saving_usd").startsWith("-") ? "negative" : "positive")) {
                AMOUNTS.forEach(field -> sums.merge(group + "/" + field, decimal(row, field, BigDecimal.ZERO), BigDecimal::add));
            }
        }
    }

    /** The record that covers a row: the first of its day that was made after the row was recorded. */
    private static Map<String, String> record(List<Map<String, String>> chain, String day, String recorded) throws Exception {
        for (Map<String, String> record : chain) {
            if (record.get("day").equals(day) && (recorded == null || recorded.compareTo(record.get("recorded_before")) < 0)) {
                return record;
            }
        }
        throw new Exception("a row of " + day + " is in no record of the chain");
    }

    private static void link(String organization, Map<String, String> record, Map<String, String> before, PublicKey key) throws Exception {
        String name = " of record " + record.get("sequence");
        if (before != null) {
            same("previous head" + name, record.get("previous_head"), before.get("head"));
        }
        StringJoiner text = new StringJoiner("\t").add("smashcost-chain-v1").add("ledger").add(organization);
        List.of("sequence", "day", "supplement", "row_count", "recorded_before", "rows_sha256", "previous_head")
                .forEach(field -> text.add(record.get(field)));
        same("head" + name, record.get("head"), sha256((text + "\n").getBytes(UTF_8)));
        check(signed(key, "smashcost-head-v1\t" + record.get("head"), record.get("signature")), "the signature" + name + " is not good");
    }

    private static void money(Map<String, String> row, String id) throws Exception {
        BigDecimal cost = charge(row, "price_");
        BigDecimal baseline = charge(row, "baseline_");
        BigDecimal uncached = decimal(row, "baseline_input", decimal(row, "baseline_cached_input", BigDecimal.ZERO));
        BigDecimal cached = decimal(row, "baseline_cached_input", uncached);
        BigDecimal lost = decimal(row, "lost_cache_tokens", BigDecimal.ZERO).multiply(uncached.subtract(cached));
        same("cost_usd of row " + id, row.get("cost_usd"), cost);
        same("baseline_usd of row " + id, row.get("baseline_usd"), baseline);
        same("lost_cache_usd of row " + id, row.get("lost_cache_usd"), lost);
        boolean decided = "active".equals(row.get("mode")) && List.of("classifier", "session_cache").contains(row.get("routing"))
                && succeeded(row) && row.get("fallback").equals("0");
        same("saving_usd of row " + id, row.get("saving_usd"),
                decided && cost != null && baseline != null ? baseline.subtract(cost).subtract(lost) : null);
    }

    /** Tokens times frozen unit prices, exact; null where the usage or a price that is needed is unknown. */
    private static BigDecimal charge(Map<String, String> row, String prices) {
        BigDecimal sum = row.get("input_tokens") == null && row.get("output_tokens") == null ? null : BigDecimal.ZERO;
        for (int i = 0; i < BUCKETS.length; i += 2) {
            BigDecimal count = decimal(row, BUCKETS[i], BigDecimal.ZERO);
            BigDecimal price = decimal(row, prices + BUCKETS[i + 1], null);
            sum = sum == null || count.signum() == 0 ? sum : price == null ? null : sum.add(price.multiply(count));
        }
        return sum;
    }

    private static boolean succeeded(Map<String, String> row) {
        return String.valueOf(row.get("status")).matches("2..") && row.get("error_class") == null;
    }

    private static String reason(Map<String, String> row) {
        return row.get("saving_usd") != null ? "counted"
                : !"active".equals(row.get("mode")) ? "observed"
                : "passthrough".equals(row.get("routing")) ? "passed_through"
                : "override".equals(row.get("routing")) ? "overridden"
                : !succeeded(row) ? "failed" : row.get("fallback").equals("1") ? "fell_back" : "unpriced";
    }

    private static void totals(Map<String, Object> statement, Map<String, BigDecimal> sums) throws Exception {
        Map<String, Map<String, String>> groups = as(statement.get("sums"));
        List<Map<String, String>> models = as(statement.get("models"));
        models.forEach(pair -> groups.put("model " + pair.get("model_requested") + " " + pair.get("model_used"), pair));
        for (Map.Entry<String, Map<String, String>> group : groups.entrySet()) {
            for (String field : AMOUNTS) {
                BigDecimal sum = sums.remove(group.getKey() + "/" + field);
                same(field + " of " + group.getKey(), group.getValue().get(field), sum == null ? BigDecimal.ZERO : sum);
            }
        }
        sums.keySet().removeIf(sum -> sum.startsWith("positive/"));
        check(sums.isEmpty(), "a sum is missing: " + sums.keySet());
    }

    private static void check(boolean holds, String otherwise) throws Exception {
        if (!holds) {
            throw new Exception(otherwise);
        }
    }

    private static void same(String what, Object given, Object computed) throws Exception {
        String text = computed instanceof BigDecimal amount ? amount.stripTrailingZeros().toPlainString() : Objects.toString(computed, null);
        check(Objects.equals(given, text), what + ": the file says " + given + ", computed is " + text);
    }

    private static BigDecimal decimal(Map<String, String> row, String field, BigDecimal otherwise) {
        return row.get(field) == null ? otherwise : new BigDecimal(row.get(field));
    }

    private static String line(List<String> cells) {
        return cells.stream().map(cell -> cell == null ? "" : cell.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
                .replace("\r", "\\r")).collect(Collectors.joining("\t", "", "\n"));
    }

    private static boolean signed(PublicKey key, String line, String signature) throws Exception {
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(key);
        verifier.update((line + "\n").getBytes(UTF_8));
        return verifier.verify(HexFormat.of().parseHex(signature));
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @SuppressWarnings("unchecked")
    private static <T> T as(Object value) {
        return (T) value;
    }

    /** Reads JSON: objects are maps, arrays lists, and all else is text, or null. */
    private record Json(Matcher tokens) {
        Json(String text) {
            this(Pattern.compile("\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"|[\\[\\]{}]|[^\\s\\[\\]{}:,\"]++").matcher(text));
        }

        String next() throws Exception {
            check(tokens.find(), "the file is cut off");
            return tokens.group();
        }

        Object value(String token) throws Exception {
            Map<String, Object> object = new LinkedHashMap<>();
            List<Object> array = new ArrayList<>();
            for (String next = token.matches("[{\\[]") ? next() : "]"; !next.matches("[}\\]]"); next = next()) {
                if (token.equals("{")) {
                    object.put(plain(next), value(next()));
                } else {
                    array.add(value(next));
                }
            }
            return token.equals("{") ? object : token.equals("[") ? array : token.equals("null") ? null : plain(token);
        }

        private static String plain(String token) {
            return Pattern.compile("\\\\(u....|.)").matcher(token.replaceAll("^\"|\"$", ""))
                    .replaceAll(escape -> Matcher.quoteReplacement(escape.group(1).length() == 1 ? escape.group().translateEscapes()
                            : Character.toString(Integer.parseInt(escape.group(1).substring(1), 16))));
        }
    }
}
