package com.smashcost.matrix;

import com.smashcost.matrix.Exchange.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Which recordings the matrix replays, and why not the others. */
final class Coverage {

    /** Files that no client can be answered with through the gateway, by the beginning of their names. */
    static final Map<String, String> LEFT_OUT = Map.of(
            "recorded/azure-openai", "no provider of this product; translated in the unit tests",
            "recorded/deepseek", "no provider of this product; translated in the unit tests",
            "recorded/gemini-vertex", "no provider of this product; translated in the unit tests",
            "recorded/openrouter", "no provider of this product; translated in the unit tests",
            "recorded/openai/completions", "the gateway has no route for it",
            "recorded/openai/moderations", "the gateway has no route for it",
            "recorded/openai/responses-", "the gateway keeps nothing that could be got, counted or compacted",
            "recorded/gemini/models", "the gateway lists the models of its catalogue itself",
            "recorded/gemini/openai-compat-chat", "the gateway speaks to Google in its own dialect");

    private static final List<Exchange> EXCHANGES = read();

    private Coverage() {}

    static List<Exchange> exchanges() {
        return EXCHANGES;
    }

    /** Why this client cannot be answered with this exchange; empty if it can. */
    static String notApplicable(String client, Wire route, Exchange exchange) {
        if (exchange.kind() == Kind.ANSWER
                && exchange.status() == 200
                && !exchange.stream()
                && exchange.wire() == Wire.RESPONSES
                && route != Wire.RESPONSES
                && !exchange.json().path("status").asText("").matches("completed|incomplete")) {
            return "an answer that is not there yet: only OpenAI keeps what would have to be asked for again";
        }
        if (client.equals("langchain4j-open-ai")
                && exchange.status() == 200
                && exchange.kind() == Kind.ANSWER
                && exchange.stream()
                && exchange.facts().failed()) {
            return "this client takes an error within a stream for its end";
        }
        if (client.equals("npm openai chat")
                && exchange.stream()
                && exchange.wire() == Wire.CHAT
                && exchange.status() == 200
                && !exchange.facts().failed()
                && exchange.events().stream()
                        .noneMatch(event -> event.at("/choices/0/delta/role").isTextual())) {
            return "this client takes no stream without a role, as Groq sent this one";
        }
        boolean adapter = client.startsWith("ai ");
        if (client.equals("ai @ai-sdk/openai-compatible") && exchange.has("vision-url")) {
            return "this client downloads what is at an address by itself";
        }
        if (adapter && exchange.has("audio-tokens") && !exchange.has("audio-in")) {
            return "this client shows what was spoken as text";
        }
        if ((adapter || client.startsWith("langchain4j")) && exchange.has("n>1")) {
            return "this client knows of one answer only";
        }
        if (exchange.json().at("/choices/0/message/function_call").isObject()
                && !client.equals("openai-java chat")
                && !client.equals("npm openai chat")) {
            return "the old way of calling functions, for which this client cannot ask";
        }
        if (adapter && exchange.json().at("/data/0/embedding").isTextual()) {
            return "vectors in base64, for which this client does not ask";
        }
        if (adapter && exchange.kind() == Kind.ANSWER && exchange.status() == 200) {
            String choice = Asked.of(exchange.wire(), exchange.request()).choice();
            boolean forced = choice != null && !choice.equals("auto") && !choice.equals("none");
            if (forced && exchange.facts().calls().isEmpty()) {
                return "this client takes no answer without the call that it forced";
            }
        }
        return "";
    }

    private static List<Exchange> read() {
        List<Exchange> exchanges = new ArrayList<>();
        for (String name : Exchange.names("recorded")) {
            if (LEFT_OUT.keySet().stream().noneMatch(name::startsWith)) {
                exchanges.add(Exchange.of(name));
            }
        }
        exchanges.addAll(Exchange.errors());
        return exchanges;
    }
}
