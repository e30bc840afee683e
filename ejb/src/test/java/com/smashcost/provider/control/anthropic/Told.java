package com.smashcost.provider.control.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.conversation.Completion;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.control.conversation.StreamEvent;
import com.smashcost.provider.entity.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an answer tells, whichever way it came: the same shape is taken from the recorded bytes, by code that knows nothing of
 * the translator, and from what the translator made of them.
 *
 * @param tools {@code id name input} of each call
 * @param seals signatures and redacted thoughts
 * @param opaque the kinds of blocks that only the dialect knows
 * @param tokens by bucket, those that are known, and searches
 */
record Told(
        String id,
        String model,
        String text,
        String thoughts,
        List<String> seals,
        List<String> tools,
        List<String> citations,
        List<String> opaque,
        String stop,
        String stopSequence,
        Map<String, Long> tokens) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Of a recorded answer that came whole. */
    static Told ofWhole(byte[] body) {
        JsonNode json = tree(body);
        StringBuilder text = new StringBuilder();
        StringBuilder thoughts = new StringBuilder();
        List<String> seals = new ArrayList<>();
        List<String> tools = new ArrayList<>();
        List<String> citations = new ArrayList<>();
        List<String> opaque = new ArrayList<>();
        for (JsonNode block : json.get("content")) {
            switch (block.get("type").asText()) {
                case "text" -> {
                    text.append(block.get("text").asText());
                    block.path("citations").forEach(citation -> citations.add(citation.toString()));
                }
                case "thinking" -> {
                    thoughts.append(block.get("thinking").asText());
                    if (!block.path("signature").asText("").isEmpty()) {
                        seals.add(block.get("signature").asText());
                    }
                }
                case "redacted_thinking" -> seals.add(block.get("data").asText());
                case "tool_use" ->
                    tools.add(block.get("id").asText() + " " + block.get("name").asText() + " " + block.get("input"));
                default -> opaque.add(block.get("type").asText());
            }
        }
        Map<String, JsonNode> counts = new LinkedHashMap<>();
        json.path("usage").properties().forEach(member -> counts.put(member.getKey(), member.getValue()));
        return new Told(
                json.get("id").asText(),
                json.get("model").asText(),
                text.toString(),
                thoughts.toString(),
                seals,
                tools,
                citations,
                opaque,
                json.path("stop_reason").asText(""),
                json.path("stop_sequence").asText(""),
                tokens(counts));
    }

    /** Of a recorded stream whose lines end in line feeds and whose events have one data line each. */
    static Told ofStream(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        StringBuilder thoughts = new StringBuilder();
        List<String> seals = new ArrayList<>();
        List<String> tools = new ArrayList<>();
        List<String> citations = new ArrayList<>();
        List<String> opaque = new ArrayList<>();
        Map<String, JsonNode> counts = new LinkedHashMap<>();
        String id = "";
        String model = "";
        String stop = "";
        String stopSequence = "";
        StringBuilder input = new StringBuilder();
        for (JsonNode event : events(bytes)) {
            switch (event.path("type").asText()) {
                case "message_start" -> {
                    JsonNode message = event.get("message");
                    id = message.get("id").asText();
                    model = message.get("model").asText();
                    message.path("usage")
                            .properties()
                            .forEach(member -> counts.put(member.getKey(), member.getValue()));
                }
                case "content_block_start" -> {
                    JsonNode block = event.get("content_block");
                    switch (block.get("type").asText()) {
                        case "text", "thinking" -> {}
                        case "redacted_thinking" -> seals.add(block.get("data").asText());
                        case "tool_use" -> {
                            input.setLength(0);
                            tools.add(block.get("id").asText() + " "
                                    + block.get("name").asText());
                        }
                        default -> opaque.add(block.get("type").asText());
                    }
                }
                case "content_block_delta" -> {
                    JsonNode delta = event.get("delta");
                    switch (delta.get("type").asText()) {
                        case "text_delta" -> text.append(delta.get("text").asText());
                        case "thinking_delta" ->
                            thoughts.append(delta.get("thinking").asText());
                        case "signature_delta" ->
                            seals.add(delta.get("signature").asText());
                        case "citations_delta" ->
                            citations.add(delta.get("citation").toString());
                        case "input_json_delta" ->
                            input.append(delta.get("partial_json").asText());
                        default -> {}
                    }
                }
                case "content_block_stop" -> {
                    if (!tools.isEmpty()
                            && tools.get(tools.size() - 1)
                                            .chars()
                                            .filter(c -> c == ' ')
                                            .count()
                                    == 1) {
                        String whole = input.toString().isBlank()
                                ? "{}"
                                : tree(input.toString()).toString();
                        tools.set(tools.size() - 1, tools.get(tools.size() - 1) + " " + whole);
                    }
                }
                case "message_delta" -> {
                    stop = stop.isEmpty() ? event.at("/delta/stop_reason").asText("") : stop;
                    stopSequence = event.at("/delta/stop_sequence").asText("");
                    event.path("usage").properties().forEach(member -> counts.put(member.getKey(), member.getValue()));
                }
                default -> {}
            }
        }
        return new Told(
                id,
                model,
                text.toString(),
                thoughts.toString(),
                seals,
                tools,
                citations,
                opaque,
                stop,
                stopSequence,
                tokens(counts));
    }

    /** Of what the translator understood of a whole answer. */
    static Told of(Completion completion) {
        StringBuilder text = new StringBuilder();
        StringBuilder thoughts = new StringBuilder();
        List<String> seals = new ArrayList<>();
        List<String> tools = new ArrayList<>();
        List<String> citations = new ArrayList<>();
        List<String> opaque = new ArrayList<>();
        Completion.Candidate candidate = completion.candidates().get(0);
        for (Part part : candidate.parts()) {
            switch (part) {
                case Part.Text words -> {
                    text.append(words.text());
                    words.citations().forEach(citation -> citations.add(source(citation)));
                }
                case Part.Reasoning reasoning -> {
                    thoughts.append(reasoning.text());
                    if (reasoning.seal() != null) {
                        seals.add(reasoning.seal().value());
                    }
                }
                case Part.ToolCall call -> tools.add(call.id() + " " + call.name() + " " + tree(call.arguments()));
                case Part.Opaque block -> opaque.add(block.json().path("type").asText());
                default -> {}
            }
        }
        return new Told(
                String.valueOf(completion.id()),
                String.valueOf(completion.model()),
                text.toString(),
                thoughts.toString(),
                seals,
                tools,
                citations,
                opaque,
                AnthropicContent.reason(candidate.stop()),
                candidate.stopSequence() == null ? "" : candidate.stopSequence(),
                tokens(completion.report()));
    }

    /** Of what the translator understood of a stream. */
    static Told of(List<StreamEvent> events) {
        StringBuilder text = new StringBuilder();
        StringBuilder thoughts = new StringBuilder();
        List<String> seals = new ArrayList<>();
        Map<Integer, StringBuilder> arguments = new TreeMap<>();
        Map<Integer, String> names = new TreeMap<>();
        List<String> citations = new ArrayList<>();
        List<String> opaque = new ArrayList<>();
        String id = "";
        String model = "";
        String stop = "";
        String stopSequence = "";
        Report report = Report.NONE;
        for (StreamEvent event : events) {
            switch (event) {
                case StreamEvent.Started started -> {
                    id = String.valueOf(started.id());
                    model = String.valueOf(started.model());
                }
                case StreamEvent.TextDelta delta -> text.append(delta.text());
                case StreamEvent.ReasoningDelta delta -> thoughts.append(delta.text());
                case StreamEvent.ReasoningSealed sealed ->
                    seals.add(sealed.seal().value());
                case StreamEvent.ToolStarted tool -> {
                    names.put(tool.call(), tool.id() + " " + tool.name());
                    arguments.put(tool.call(), new StringBuilder());
                }
                case StreamEvent.ToolArguments piece ->
                    Objects.requireNonNull(arguments.get(piece.call())).append(piece.json());
                case StreamEvent.Cited cited -> citations.add(source(cited.citation()));
                case StreamEvent.OpaquePart part ->
                    opaque.add(part.part().json().path("type").asText());
                case StreamEvent.Finished finished -> {
                    stop = AnthropicContent.reason(finished.stop());
                    stopSequence = finished.stopSequence() == null ? "" : finished.stopSequence();
                }
                case StreamEvent.Reported reported -> report = reported.report();
                default -> {}
            }
        }
        List<String> tools = names.entrySet().stream()
                .map(tool -> tool.getValue() + " " + tree(String.valueOf(arguments.get(tool.getKey()))))
                .toList();
        return new Told(
                id,
                model,
                text.toString(),
                thoughts.toString(),
                seals,
                tools,
                citations,
                opaque,
                stop,
                stopSequence,
                tokens(report));
    }

    /** The JSON of the data lines, in their order. */
    static List<JsonNode> events(byte[] stream) {
        return new String(stream, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("data:"))
                .map(line -> tree(line.substring(5)))
                .toList();
    }

    static JsonNode tree(String text) {
        return tree(text.getBytes(StandardCharsets.UTF_8));
    }

    static JsonNode tree(byte[] text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A body that is to be read, with every digit and the order of its members. */
    static ObjectNode object(String text) {
        return Json.readObject(text).orElseThrow();
    }

    /** The same of an answer whose id and model are somebody else's, and whose zeros may have been left out. */
    Told anonymous() {
        Map<String, Long> tokens = new TreeMap<>(this.tokens);
        tokens.values().removeIf(count -> count == 0);
        return new Told("", "", text, thoughts, seals, tools, citations, opaque, stop, stopSequence, tokens);
    }

    private static String source(Part.Citation citation) {
        return citation.source() == null
                ? ""
                : tree(citation.source().json().toString()).toString();
    }

    /** Disjoint buckets from the dialect's counts; of several turns that the provider took, the sum. */
    private static Map<String, Long> tokens(Map<String, JsonNode> counts) {
        Map<String, Long> tokens = new TreeMap<>();
        List<JsonNode> turns = new ArrayList<>();
        if (counts.containsKey("iterations")) {
            counts.get("iterations").forEach(turns::add);
        }
        if (turns.isEmpty()) {
            ObjectNode whole = JSON.createObjectNode();
            counts.forEach(whole::set);
            turns.add(whole);
        }
        for (JsonNode turn : turns) {
            long hour = turn.at("/cache_creation/ephemeral_1h_input_tokens").asLong();
            add(tokens, "input", turn.path("input_tokens"), 0);
            add(tokens, "cached", turn.path("cache_read_input_tokens"), 0);
            add(tokens, "5m", turn.path("cache_creation_input_tokens"), hour);
            add(tokens, "1h", turn.at("/cache_creation/ephemeral_1h_input_tokens"), 0);
            add(tokens, "output", turn.path("output_tokens"), 0);
        }
        JsonNode thinking = counts.containsKey("output_tokens_details")
                ? counts.get("output_tokens_details").path("thinking_tokens")
                : JSON.createObjectNode().path("none");
        if (thinking.isNumber()) {
            tokens.put("reasoning", thinking.asLong());
            tokens.merge("output", -thinking.asLong(), Long::sum);
        }
        if (counts.containsKey("server_tool_use")) {
            add(tokens, "searches", counts.get("server_tool_use").path("web_search_requests"), 0);
        }
        return tokens;
    }

    private static void add(Map<String, Long> tokens, String bucket, JsonNode count, long without) {
        if (count.isNumber()) {
            tokens.merge(bucket, count.asLong() - without, Long::sum);
        }
    }

    static Map<String, Long> tokens(Report report) {
        Usage usage = report.usage();
        Map<String, Long> tokens = new TreeMap<>();
        put(tokens, "input", usage.input());
        put(tokens, "cached", usage.cached());
        put(tokens, "5m", usage.cacheWrite5m());
        put(tokens, "1h", usage.cacheWrite1h());
        put(tokens, "output", usage.output());
        put(tokens, "reasoning", usage.reasoning());
        put(tokens, "searches", usage.webSearches());
        return tokens;
    }

    private static void put(Map<String, Long> tokens, String bucket, @Nullable Long count) {
        if (count != null) {
            tokens.put(bucket, count);
        }
    }
}
