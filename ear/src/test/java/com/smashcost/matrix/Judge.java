package com.smashcost.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.matrix.Cell.Failure;
import com.smashcost.matrix.Cell.Told;
import com.smashcost.matrix.Exchange.Kind;
import com.smashcost.matrix.Facts.Stop;
import com.smashcost.matrix.Facts.Tokens;
import com.smashcost.upstream.Received;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says in what a cell differs from what it should be. */
final class Judge {

    private final Cell cell;
    private final Told told;
    private final @Nullable JsonNode row;
    private final List<String> faults = new ArrayList<>();

    private Judge(Cell cell, Told told, @Nullable JsonNode row) {
        this.cell = cell;
        this.told = told;
        this.row = row;
    }

    /**
     * @param row the request as the operator sees it; null if there is none
     */
    static List<String> faults(Cell cell, Told told, @Nullable JsonNode row) {
        Judge judge = new Judge(cell, told, row);
        judge.question();
        if (isError(cell.exchange())) {
            judge.error();
        } else {
            judge.answer(expected(cell.exchange()));
        }
        return judge.faults;
    }

    static boolean isError(Exchange exchange) {
        return exchange.status() != 200
                || (exchange.kind() == Kind.ANSWER && exchange.facts().failed());
    }

    static Facts expected(Exchange exchange) {
        return switch (exchange.kind()) {
            case ANSWER -> exchange.facts();
            case VECTORS -> {
                JsonNode json = exchange.json();
                JsonNode tokens = json.at("/usage/prompt_tokens");
                yield Vectors.facts(Vectors.of(json), tokens.isNumber() ? tokens.asLong() : null);
            }
            case COUNT -> {
                JsonNode json = exchange.json();
                yield Vectors.count(json.path(json.has("totalTokens") ? "totalTokens" : "input_tokens")
                        .asLong());
            }
        };
    }

    private void question() {
        List<Received> received = cell.scene().requests();
        if (received.size() != 1) {
            faults.add("the provider got " + received.size() + " requests; the client " + told.failure());
            return;
        }
        Received request = received.getFirst();
        String path = request.path();
        if (!path.equals(path(cell))) {
            faults.add("path: expected " + path(cell) + ", got " + path);
        }
        if (cell.exchange().kind() == Kind.ANSWER) {
            cell.asked()
                    .lostIn(Asked.of(cell.exchange().wire(), request.json()))
                    .forEach(lost -> faults.add("lost " + lost));
        }
    }

    private static String path(Cell cell) {
        return switch (cell.exchange().provider()) {
            case "openai", "groq" ->
                (cell.exchange().provider().equals("groq") ? "/openai/v1/" : "/v1/")
                        + (cell.exchange().kind() == Kind.VECTORS
                                ? "embeddings"
                                : cell.exchange().wire() == Wire.RESPONSES ? "responses" : "chat/completions");
            case "anthropic" -> cell.exchange().kind() == Kind.COUNT ? "/v1/messages/count_tokens" : "/v1/messages";
            default ->
                "/v1beta/models/" + cell.model()
                        + switch (cell.exchange().kind()) {
                            case ANSWER -> cell.stream() ? ":streamGenerateContent?alt=sse" : ":generateContent";
                            case VECTORS -> ":batchEmbedContents";
                            case COUNT -> ":countTokens";
                        };
        };
    }

    private void answer(Facts expected) {
        Facts facts = told.facts();
        if (facts == null) {
            faults.add("expected an answer, got " + told.failure());
            return;
        }
        if (facts.failed()) {
            faults.add("expected an answer, got one that ends with an error");
        }
        boolean declined = !expected.refusal().isEmpty();
        if (!declined && cell.client().startsWith("langchain4j")) {
            // it puts lines between the parts of a text
            same("text", expected.text().replaceAll("\\s+", ""), facts.text().replaceAll("\\s+", ""));
        } else if (!declined) {
            same("text", expected.text(), facts.text());
        } else if (!facts.refusal().isEmpty()) {
            same("refusal", expected.refusal(), facts.refusal());
        } else if (cell.route() == Wire.MESSAGES) {
            same("text of the refusal", expected.refusal(), facts.text());
        }
        same("calls", expected.calls(), facts.calls());
        if (expected.stop() != null) {
            Stop stop = expected.stop();
            if (!cell.passes() && stop == Stop.END && !expected.calls().isEmpty()) {
                stop = Stop.TOOLS;
            }
            if (declined && cell.route() == Wire.MESSAGES) {
                stop = Stop.FILTER;
            }
            // layers over a dialect have their own words for what a filter stopped
            boolean own = isAdapter() && (declined || stop == Stop.FILTER) && facts.stop() != Stop.TOOLS;
            if (!own) {
                same("stop", stop, facts.stop());
            }
        }
        if (!cell.passes() && !expected.reasoning().isBlank() && !cell.client().equals("ai @ai-sdk/openai chat")) {
            same(
                    "reasoning",
                    // the questions on this route do not ask for thoughts, and then none are shown
                    cell.route() == Wire.MESSAGES ? "" : expected.reasoning().replaceAll("\\s+", ""),
                    facts.reasoning().replaceAll("\\s+", ""));
        }
        if (expected.tokens() != null && tellsUsage(facts, declined)) {
            tokens(expected.tokens(), facts.tokens());
        }
        if (cell.exchange().kind() != Kind.COUNT) {
            row(expected);
        }
    }

    /** Whether this client can know of the usage: some take it from the last chunk alone, some do not tell with a refusal. */
    private boolean tellsUsage(Facts facts, boolean declined) {
        if (declined && facts.tokens() == null && isAdapter()) {
            return false;
        }
        if (!cell.passes() || !cell.exchange().stream() || cell.client().startsWith("openai-java")) {
            return true;
        }
        boolean named = cell.exchange().events().stream()
                .anyMatch(event -> event.path("usage").isObject() || event.has("response") || event.has("message"));
        return named && !cell.exchange().has("empty-choices");
    }

    private void tokens(Tokens expected, @Nullable Tokens counted) {
        if (counted == null) {
            faults.add("usage: expected " + expected + ", got none");
            return;
        }
        same("usage.prompt", number(expected.prompt()), number(counted.prompt()));
        same("usage.completion", number(expected.completion()), number(counted.completion()));
        part("usage.cached", expected.cached(), counted.cached(), true);
        part("usage.written", expected.written(), counted.written(), !isAdapter());
        part("usage.reasoning", expected.reasoning(), counted.reasoning(), cell.route() != Wire.MESSAGES);
    }

    /** Whether the client is a layer of its own over the dialect, which has no place for some of it. */
    private boolean isAdapter() {
        return cell.client().startsWith("langchain4j") || cell.client().startsWith("ai ");
    }

    private void part(String name, @Nullable Long expected, @Nullable Long counted, boolean isTold) {
        if (counted == null && !isTold) {
            return;
        }
        same(name, number(expected), number(counted));
    }

    private void row(Facts expected) {
        if (row == null) {
            faults.add("ledger: no row");
            return;
        }
        same("ledger status", 200, row.path("status").asInt());
        same("ledger error", "", row.path("error_class").asText(""));
        same("ledger provider", cell.exchange().provider(), row.path("provider").asText());
        same("ledger model", cell.model(), row.path("model_used").asText());
        same("ledger streamed", cell.stream(), row.path("streamed").asBoolean());
        if (Models.isPriced(cell.model()) && row.path("cost_usd").isNull()) {
            faults.add("ledger cost: unknown, though the model has a price");
        }
        Tokens tokens = expected.tokens();
        if (tokens == null) {
            return;
        }
        same("ledger estimated", false, row.path("estimated").asBoolean());
        long cached = number(tokens.cached());
        long written = number(tokens.written());
        long heard = number(tokens.heard());
        JsonNode usage = row.path("usage");
        same(
                "ledger input",
                number(tokens.prompt()) - cached - written - heard,
                usage.path("input").asLong());
        same("ledger cached", cached, usage.path("cached").asLong());
        same(
                "ledger written",
                written,
                usage.path("cache_write_5m").asLong()
                        + usage.path("cache_write_1h").asLong());
        same(
                "ledger output",
                number(tokens.completion()) - number(tokens.reasoning()) - number(tokens.spoken()),
                usage.path("output").asLong());
        same(
                "ledger reasoning",
                number(tokens.reasoning()),
                usage.path("reasoning").asLong());
        same("ledger heard", heard, usage.path("audio_input").asLong());
        same(
                "ledger spoken",
                number(tokens.spoken()),
                usage.path("audio_output").asLong());
    }

    private void error() {
        Exchange exchange = cell.exchange();
        Failure failure = told.failure();
        if (failure == null && exchange.kind() == Kind.COUNT) {
            return; // the gateway estimates what the provider does not count
        }
        if (failure == null) {
            Facts facts = told.facts();
            if (facts != null && facts.failed()) {
                return; // the client shows it as an answer that says that it failed
            }
            faults.add("expected an error, got " + facts);
            return;
        }
        if (exchange.kind() == Kind.COUNT) {
            return;
        }
        String text = new String(exchange.body(), StandardCharsets.UTF_8);
        boolean credential = exchange.status() == 401 || exchange.status() == 403 || text.contains("API_KEY_INVALID");
        Set<Integer> statuses = credential
                ? Set.of(502)
                : switch (exchange.status()) {
                    case 200 -> Set.of(0, 200, 400, 500, 502, 503, 529);
                    case 498 -> Set.of(498, 429, 503);
                    case 529 -> cell.route() == Wire.MESSAGES ? Set.of(529) : Set.of(529, 503);
                    // Responses says 400 where the others say 404, and a spent limit is a matter of quota
                    case 400 ->
                        text.contains("model_not_found")
                                ? Set.of(400, 404)
                                : text.contains("API usage limits") ? Set.of(400, 429) : Set.of(400);
                    default -> Set.of(exchange.status());
                };
        if (!statuses.contains(failure.status())) {
            faults.add("status: expected one of " + statuses + ", got " + failure);
        }
        String message = String.valueOf(failure.message());
        String said = exchange.error();
        if (said != null && !credential && exchange.status() != 200 && !message.contains(said.strip())) {
            faults.add("message: expected <" + said + ">, got " + failure);
        }
        if (exchange.status() != 200 && cell.route() == Wire.MESSAGES) {
            Set<String> types = switch (failure.status()) {
                case 400 -> Set.of("invalid_request_error");
                case 404 -> Set.of("not_found_error");
                case 413 -> Set.of("request_too_large");
                case 429 ->
                    text.contains("quota") ? Set.of("billing_error", "rate_limit_error") : Set.of("rate_limit_error");
                case 529, 503 -> Set.of("overloaded_error");
                case 504 -> Set.of("timeout_error");
                default -> Set.of("api_error", "overloaded_error");
            };
            if ((failure.type() != null || !isAdapter()) && !types.contains(String.valueOf(failure.type()))) {
                faults.add("type: expected one of " + types + ", got " + failure);
            }
        } else if (exchange.status() != 200 && failure.type() == null && failure.code() == null && !isAdapter()) {
            faults.add("type and code: none in " + failure);
        }
        if (row == null) {
            faults.add("ledger: no row");
        } else {
            if (exchange.status() != 200) {
                same("ledger status", failure.status(), row.path("status").asInt());
            }
            if (row.path("error_class").asText("").isEmpty()) {
                faults.add("ledger error: none");
            }
        }
    }

    private static long number(@Nullable Long count) {
        return count == null ? 0 : count;
    }

    private void same(String what, @Nullable Object expected, @Nullable Object got) {
        if (!Objects.equals(expected, got)) {
            faults.add(what + ": expected " + cut(expected) + ", got " + cut(got));
        }
    }

    private static String cut(@Nullable Object value) {
        String text = String.valueOf(value);
        return "<" + (text.length() > 220 ? text.substring(0, 220) + "… (" + text.length() + ")" : text) + ">";
    }
}
