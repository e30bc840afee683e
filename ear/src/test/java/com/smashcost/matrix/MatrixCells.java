package com.smashcost.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.installation.AdminApi;
import com.smashcost.installation.Customer;
import com.smashcost.installation.Installation;
import com.smashcost.matrix.Cell.Told;
import com.smashcost.matrix.Exchange.Kind;
import com.smashcost.upstream.Scene;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What one or more clients understand of every exchange that their questions can be answered with. All questions are asked
 * before the first is judged, because the ledger is written behind the answers.
 */
abstract class MatrixCells {

    private static final Duration BEHIND = Duration.ofSeconds(30);
    private static final int PAGE = 200;

    private final Installation installation = Installation.running();
    private final Customer customer = installation.admin().newCustomerOfAllProviders();

    private static final int HEALING = 4;

    /** The clients, by name what they speak, and of what they can ask. */
    record Asker(String name, Wire route, Set<Kind> kinds) {}

    abstract List<Asker> askers(Customer customer);

    /** Asks all questions. */
    abstract Map<Cell, Told> ask(List<Cell> cells, Customer customer) throws Exception;

    @TestFactory
    List<DynamicTest> cells() throws Exception {
        List<Cell> cells = new ArrayList<>();
        for (Asker asker : askers(customer)) {
            for (Exchange exchange : Coverage.exchanges()) {
                cells.addAll(cells(asker, exchange, cells.size()));
            }
        }
        Map<Cell, Told> told = ask(spread(cells), customer);
        long rows = cells.stream()
                .filter(cell -> cell.exchange().kind() != Kind.COUNT
                        && !cell.scene().requests().isEmpty())
                .count();
        Map<String, JsonNode> ledger = new HashMap<>();
        try {
            await().atMost(BEHIND).until(() -> {
                ledger.clear();
                ledger.putAll(ledger());
                return ledger.size() >= rows;
            });
        } catch (ConditionTimeoutException e) {
            // each cell without a row says so
        }
        List<DynamicTest> tests = new ArrayList<>();
        Set<Known> found = new HashSet<>();
        for (Cell cell : cells) {
            Told heard = told.getOrDefault(cell, Told.failed(0, null, null, "the client said nothing"));
            List<String> faults = Judge.faults(cell, heard, ledger.get(cell.tag()));
            Map<String, List<Known>> known = new LinkedHashMap<>();
            for (String fault : faults) {
                known.put(
                        fault,
                        Known.ALL.stream()
                                .filter(each -> each.isIn(cell, fault))
                                .toList());
            }
            known.values().forEach(found::addAll);
            List<String> news = known.entrySet().stream()
                    .filter(each -> each.getValue().isEmpty())
                    .map(Map.Entry::getKey)
                    .toList();
            Report.add(
                    cell,
                    faults,
                    news.isEmpty()
                            ? known.values().stream().flatMap(List::stream).toList()
                            : List.of());
            tests.add(DynamicTest.dynamicTest(
                    cell.toString(),
                    () -> assertThat(news)
                            .as(cell + " asked for " + cell.model())
                            .isEmpty()));
        }
        List<String> names = askers(customer).stream().map(Asker::name).toList();
        for (Known known : Known.ALL) {
            boolean isOurs =
                    names.stream().anyMatch(name -> known.client().matcher(name).matches());
            if (isOurs) {
                tests.add(DynamicTest.dynamicTest(
                        "is still there: " + known.words(),
                        () -> assertThat(found)
                                .as("the fault is gone; take its line out of matrix-known.tsv")
                                .contains(known)));
            }
        }
        return tests;
    }

    /**
     * The cells with those apart from each other whose provider fails, each followed by some that the same model answers, since
     * clients ask beside each other: so many failures in a row would open its circuit breaker, as they should.
     */
    private static List<Cell> spread(List<Cell> cells) {
        List<Cell> failing =
                cells.stream().filter(cell -> cell.exchange().status() >= 500).toList();
        List<Cell> others = new ArrayList<>(cells);
        others.removeAll(failing);
        int apart = others.size() / (failing.size() + 1);
        List<Cell> spread = new ArrayList<>();
        Iterator<Cell> next = failing.iterator();
        while (!others.isEmpty()) {
            spread.add(others.removeFirst());
            if (next.hasNext() && (spread.size() % Math.max(1, apart) == 0 || others.isEmpty())) {
                Cell cell = next.next();
                spread.add(cell);
                List<Cell> healing = others.stream()
                        .filter(other -> other.exchange().status() == 200
                                && other.model().equals(cell.model()))
                        .limit(HEALING)
                        .toList();
                others.removeAll(healing);
                spread.addAll(healing);
            }
        }
        next.forEachRemaining(spread::add);
        return spread;
    }

    private List<Cell> cells(Asker asker, Exchange exchange, int number) {
        String reason = Coverage.notApplicable(asker.name(), asker.route(), exchange);
        if (!reason.isEmpty()) {
            Report.notApplicable(asker.name() + " <- " + exchange.name().replaceAll("/[^/]*$", ""), reason);
            return List.of();
        }
        String model = Models.of(asker.route(), exchange);
        if (!asker.kinds().contains(exchange.kind())
                || (exchange.kind() == Kind.ANSWER
                        && Models.spoken(asker.route(), exchange.provider(), model) != exchange.wire())) {
            Report.notApplicable(
                    asker.name() + " <- " + exchange.name().replaceAll("/[^/]*$", ""),
                    "this client's questions to the provider are of another kind");
            return List.of();
        }
        boolean plain = exchange.status() != 200 && exchange.kind() == Kind.ANSWER;
        Stream<Boolean> ways = plain ? Stream.of(false, true) : Stream.of(exchange.stream());
        return ways.map(stream -> {
                    Scene scene = installation.upstream().scene(exchange.act());
                    Asked asked = Asked.of(exchange.wire(), exchange.request()).tidy(scene.marker());
                    return new Cell(
                            asker.name(),
                            asker.route(),
                            exchange,
                            asker.name().startsWith("langchain4j") ? asked.withoutNamedChoice() : asked,
                            model,
                            stream,
                            "cell-" + number + (stream ? "s" : ""),
                            scene);
                })
                .toList();
    }

    /** All rows of our customer by their tag. */
    private Map<String, JsonNode> ledger() {
        Map<String, JsonNode> rows = new HashMap<>();
        String after = "";
        do {
            AdminApi.Answer page = installation
                    .admin()
                    .get("/organizations/" + customer.slug() + "/requests?limit=" + PAGE
                            + (after.isEmpty() ? "" : "&after=" + after));
            assertThat(page.status()).as(page.text()).isEqualTo(200);
            page.json()
                    .path("requests")
                    .forEach(row -> rows.put(row.path("tag_feature").asText(""), row));
            after = page.json().path("next").asText("");
        } while (!after.isEmpty() && !after.equals("null"));
        rows.remove("");
        return rows;
    }

    @AfterAll
    static void writeReport() {
        Report.write();
    }
}
