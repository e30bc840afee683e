package com.smashcost.matrix;

import com.smashcost.installation.Customer;
import com.smashcost.matrix.Cell.Told;
import com.smashcost.matrix.Exchange.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The cells of one client that runs in this process. */
abstract class JavaCells extends MatrixCells {

    private static final int AT_ONCE = 4;

    abstract Client client(Customer customer);

    @Override
    List<Asker> askers(Customer customer) {
        Client client = client(customer);
        return List.of(new Asker(
                client.name(),
                client.route(),
                Stream.of(Kind.values()).filter(client::can).collect(Collectors.toSet())));
    }

    @Override
    Map<Cell, Told> ask(List<Cell> cells, Customer customer) throws Exception {
        Client client = client(customer);
        Map<Cell, Told> told = new LinkedHashMap<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<Told>> answers = new ArrayList<>();
            for (Cell cell : cells) {
                answers.add(threads.submit(() -> ask(client, cell)));
            }
            for (int i = 0; i < cells.size(); i++) {
                told.put(cells.get(i), answers.get(i).get());
            }
        }
        return told;
    }

    private static Told ask(Client client, Cell cell) {
        try {
            return client.ask(cell);
        } catch (Exception e) {
            return Told.failed(0, null, null, "the client itself failed: " + e);
        }
    }
}
