package com.smashcost.matrix;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.installation.Customer;
import com.smashcost.installation.Installation;
import com.smashcost.matrix.Cell.Told;
import com.smashcost.matrix.Exchange.Kind;
import com.smashcost.matrix.Facts.Stop;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The clients from npm, which one script drives: the SDKs of OpenAI and Anthropic, and the AI SDK with three providers. */
class NodeClientsIT extends MatrixCells {

    private static final Set<Kind> ANSWERS = Set.of(Kind.ANSWER);
    private static final Set<Kind> ANSWERS_AND_VECTORS = Set.of(Kind.ANSWER, Kind.VECTORS);

    @Override
    List<Asker> askers(Customer customer) {
        return List.of(
                new Asker("npm openai chat", Wire.CHAT, ANSWERS_AND_VECTORS),
                new Asker("npm openai responses", Wire.RESPONSES, ANSWERS),
                new Asker("npm @anthropic-ai/sdk", Wire.MESSAGES, Set.of(Kind.ANSWER, Kind.COUNT)),
                new Asker("ai @ai-sdk/openai chat", Wire.CHAT, ANSWERS_AND_VECTORS),
                new Asker("ai @ai-sdk/openai responses", Wire.RESPONSES, ANSWERS),
                new Asker("ai @ai-sdk/openai-compatible", Wire.CHAT, ANSWERS_AND_VECTORS),
                new Asker("ai @ai-sdk/anthropic", Wire.MESSAGES, ANSWERS));
    }

    @Override
    Map<Cell, Told> ask(List<Cell> cells, Customer customer) throws Exception {
        Path home = Node.installed();
        Process node = new ProcessBuilder("node", "clients.mjs")
                .directory(home.toFile())
                .redirectError(home.resolve("clients.log").toFile())
                .start();
        try {
            Thread writer = Thread.ofVirtual().start(() -> write(cells, customer, node));
            Map<Cell, Told> told = new LinkedHashMap<>();
            try (BufferedReader answers = node.inputReader(UTF_8)) {
                for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                    JsonNode answer = Exchange.JSON.readTree(line);
                    Cell cell = cells.get(answer.path("id").asInt());
                    told.put(cell, told(answer));
                }
            }
            writer.join();
            if (node.waitFor() != 0) {
                throw new IllegalStateException(
                        "the npm clients ended with " + node.exitValue() + "; see " + home.resolve("clients.log"));
            }
            return told;
        } finally {
            node.destroy();
        }
    }

    private static void write(List<Cell> cells, Customer customer, Process node) {
        try (BufferedWriter questions = node.outputWriter(UTF_8)) {
            for (int i = 0; i < cells.size(); i++) {
                questions.write(question(i, cells.get(i), customer).toString());
                questions.newLine();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode question(int id, Cell cell, Customer customer) {
        ObjectNode question = Exchange.JSON
                .createObjectNode()
                .put("id", id)
                .put("client", cell.client())
                .put("kind", cell.exchange().kind().name())
                .put("origin", Installation.running().origin().toString())
                .put("key", customer.key().text())
                .put("model", cell.model())
                .put("stream", cell.stream())
                .put("tag", cell.tag())
                .put("dimensions", cell.dimensions());
        question.set("chat", cell.asked().toChat(cell.model(), false));
        question.set("responses", cell.asked().toResponses(cell.model(), false));
        question.set("messages", cell.asked().toMessages(cell.model(), false));
        cell.texts().forEach(question.putArray("texts")::add);
        return question;
    }

    private static Told told(JsonNode answer) {
        if (answer.has("failure")) {
            JsonNode failure = answer.path("failure");
            return Told.failed(
                    failure.path("status").asInt(),
                    failure.path("type").textValue(),
                    failure.path("code").textValue(),
                    failure.path("message").textValue());
        }
        if (answer.has("count")) {
            return Told.of(Vectors.count(answer.path("count").asLong()));
        }
        if (answer.has("vectors")) {
            List<List<Double>> vectors = new ArrayList<>();
            for (JsonNode values : answer.path("vectors")) {
                List<Double> vector = new ArrayList<>();
                values.forEach(value -> vector.add(value.asDouble()));
                vectors.add(vector);
            }
            return Told.of(Vectors.facts(vectors, count(answer.path("tokens"))));
        }
        if (answer.has("facts")) {
            return Told.of(adapted(answer.path("facts")));
        }
        Facts facts = Facts.of(Wire.valueOf(answer.path("wire").asText()), answer.path("body"));
        return Told.of(
                answer.has("reasoning")
                        ? new Facts(
                                facts.text(),
                                facts.refusal(),
                                answer.path("reasoning").asText(),
                                facts.calls(),
                                facts.stop(),
                                facts.tokens(),
                                facts.failed())
                        : facts);
    }

    private static Facts adapted(JsonNode facts) {
        List<Facts.Call> calls = new ArrayList<>();
        facts.path("calls")
                .forEach(call -> calls.add(new Facts.Call(call.path("name").asText(), call.path("arguments"))));
        Stop stop = switch (facts.path("stop").asText("")) {
            case "length" -> Stop.LENGTH;
            case "tool-calls" -> Stop.TOOLS;
            case "content-filter" -> Stop.FILTER;
            case "stop" -> Stop.END;
            default -> null;
        };
        return new Facts(
                facts.path("text").asText(),
                "",
                facts.path("reasoning").asText(),
                calls,
                stop,
                new Facts.Tokens(
                        count(facts.path("prompt")),
                        count(facts.path("cached")),
                        count(facts.path("written")),
                        count(facts.path("completion")),
                        count(facts.path("thought")),
                        null,
                        null),
                false);
    }

    private static @Nullable Long count(JsonNode count) {
        return count.isNumber() ? count.asLong() : null;
    }
}
