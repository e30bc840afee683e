package com.smashcost.provider.control.responses;

import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.conversation.Completion;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Seal;
import com.smashcost.provider.control.conversation.Stop;
import com.smashcost.provider.control.conversation.StreamEvent;
import com.smashcost.provider.entity.Usage;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an answer says, to compare the same answer in different forms.
 *
 * @param encrypted the encrypted contents of its reasoning
 * @param calls id, name and arguments of each
 * @param cited where from
 * @param others the kinds of the items that only this dialect knows
 */
record Meaning(
        @Nullable String model,
        String text,
        String refusal,
        String thoughts,
        List<String> encrypted,
        List<String> calls,
        List<String> cited,
        List<String> others,
        boolean complete,
        Usage usage) {

    /** What a response object says, read without the help of what is tested. */
    static Meaning of(JsonObject response) {
        StringBuilder text = new StringBuilder();
        StringBuilder refusal = new StringBuilder();
        StringBuilder thoughts = new StringBuilder();
        List<String> encrypted = new ArrayList<>();
        List<String> calls = new ArrayList<>();
        List<String> cited = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (JsonObject item : objects(response, "output")) {
            switch (item.getString("type")) {
                case "message" -> {
                    for (JsonObject part : objects(item, "content")) {
                        text.append(part.getString("text", ""));
                        refusal.append(part.getString("refusal", ""));
                        objects(part, "annotations").forEach(note -> cited.add(cite(note)));
                    }
                }
                case "reasoning" -> {
                    String summary = words(item, "summary");
                    thoughts.append(summary.isEmpty() ? words(item, "content") : summary);
                    if (item.get("encrypted_content") instanceof JsonString content) {
                        encrypted.add(content.getString());
                    }
                }
                case "function_call" ->
                    calls.add(item.getString("call_id") + " " + item.getString("name") + " "
                            + item.getString("arguments"));
                default -> others.add(item.getString("type"));
            }
        }
        return new Meaning(
                response.get("model") instanceof JsonString model ? model.getString() : null,
                text.toString(),
                refusal.toString(),
                thoughts.toString(),
                encrypted,
                calls,
                cited,
                others,
                response.getString("status").equals("completed"),
                usage(response));
    }

    /** What an answer says that was read. */
    static Meaning of(Completion completion) {
        StringBuilder text = new StringBuilder();
        StringBuilder refusal = new StringBuilder();
        StringBuilder thoughts = new StringBuilder();
        List<String> encrypted = new ArrayList<>();
        List<String> calls = new ArrayList<>();
        List<String> cited = new ArrayList<>();
        List<String> others = new ArrayList<>();
        Completion.Candidate candidate = completion.candidates().getFirst();
        for (Part part : candidate.parts()) {
            switch (part) {
                case Part.Text said -> {
                    text.append(said.text());
                    said.citations().forEach(citation -> cited.add(cite(citation)));
                }
                case Part.Refusal refused -> refusal.append(refused.text());
                case Part.Reasoning reasoning -> {
                    thoughts.append(reasoning.text());
                    encrypted.addAll(encrypted(reasoning.seal()));
                }
                case Part.ToolCall call -> calls.add(call.id() + " " + call.name() + " " + call.arguments());
                case Part.Opaque opaque -> others.add(opaque.json().path("type").asText());
                default -> throw new IllegalStateException(part.toString());
            }
        }
        return new Meaning(
                completion.model(),
                text.toString(),
                refusal.toString(),
                thoughts.toString(),
                encrypted,
                calls,
                cited,
                others,
                isComplete(candidate.stop()),
                completion.report().usage());
    }

    /** What a stream says that was read. */
    static Meaning of(List<StreamEvent> events) {
        String model = null;
        StringBuilder text = new StringBuilder();
        StringBuilder refusal = new StringBuilder();
        StringBuilder thoughts = new StringBuilder();
        List<String> encrypted = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        List<StringBuilder> arguments = new ArrayList<>();
        List<String> cited = new ArrayList<>();
        List<String> others = new ArrayList<>();
        Stop stop = Stop.LENGTH;
        Usage usage = Usage.UNKNOWN;
        for (StreamEvent event : events) {
            switch (event) {
                case StreamEvent.Started started -> model = started.model();
                case StreamEvent.TextDelta delta -> text.append(delta.text());
                case StreamEvent.RefusalDelta delta -> refusal.append(delta.text());
                case StreamEvent.ReasoningDelta delta -> thoughts.append(delta.text());
                case StreamEvent.ReasoningSealed end -> encrypted.addAll(encrypted(end.seal()));
                case StreamEvent.ToolStarted started -> {
                    if (started.call() != ids.size()) {
                        throw new IllegalStateException("calls are not counted from 0");
                    }
                    ids.add(started.id() + " " + started.name() + " ");
                    arguments.add(new StringBuilder());
                }
                case StreamEvent.ToolArguments more ->
                    arguments.get(more.call()).append(more.json());
                case StreamEvent.Cited citation -> cited.add(cite(citation.citation()));
                case StreamEvent.Logprobs logprobs -> {}
                case StreamEvent.OpaquePart opaque ->
                    others.add(opaque.part().json().path("type").asText());
                case StreamEvent.Finished finished -> stop = finished.stop();
                case StreamEvent.Reported reported -> usage = reported.report().usage();
                case StreamEvent.Failed failed -> throw new IllegalStateException(failed.toString());
            }
        }
        List<String> calls = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            calls.add(ids.get(i) + arguments.get(i));
        }
        return new Meaning(
                model,
                text.toString(),
                refusal.toString(),
                thoughts.toString(),
                encrypted,
                calls,
                cited,
                others,
                isComplete(stop),
                usage);
    }

    /** What a response object says of its use: tokens, and the searches in its output. */
    static Usage usage(JsonObject response) {
        long searches = objects(response, "output").stream()
                .filter(item -> item.getString("type").equals("web_search_call"))
                .filter(item -> !item.containsKey("action")
                        || item.getJsonObject("action").getString("type").equals("search"))
                .count();
        return tokens(response.get("usage")).withWebSearches(searches == 0 ? null : searches);
    }

    /** The counts of a usage object in disjoint buckets, by the book. */
    private static Usage tokens(@Nullable JsonValue value) {
        if (!(value instanceof JsonObject usage)) {
            return Usage.UNKNOWN;
        }
        JsonObject in = Objects.requireNonNull(usage.getJsonObject("input_tokens_details"));
        JsonObject out = Objects.requireNonNull(usage.getJsonObject("output_tokens_details"));
        Long cached = count(in, "cached_tokens");
        Long written = count(in, "cache_write_tokens");
        Long reasoning = count(out, "reasoning_tokens");
        return new Usage(
                usage.getJsonNumber("input_tokens").longValueExact() - zero(cached) - zero(written),
                cached,
                written,
                null,
                usage.getJsonNumber("output_tokens").longValueExact() - zero(reasoning),
                reasoning,
                null,
                null);
    }

    static List<JsonObject> objects(JsonObject of, String name) {
        return of.get(name) instanceof JsonArray list ? list.getValuesAs(JsonObject.class) : List.of();
    }

    private static long zero(@Nullable Long count) {
        return count == null ? 0 : count;
    }

    private static @Nullable Long count(JsonObject of, String name) {
        return of.get(name) instanceof JsonNumber number ? number.longValueExact() : null;
    }

    private static String words(JsonObject item, String name) {
        return String.join(
                "\n\n",
                objects(item, name).stream().map(part -> part.getString("text")).toList());
    }

    private static List<String> encrypted(@Nullable Seal seal) {
        if (seal == null) {
            return List.of();
        }
        if (seal.dialect() != Dialect.OPENAI_RESPONSES) {
            return List.of(seal.text());
        }
        JsonObject kept = ResponsesWire.json(seal.value().getBytes(StandardCharsets.UTF_8));
        return kept.containsKey("encrypted_content") ? List.of(kept.getString("encrypted_content")) : List.of();
    }

    private static String cite(JsonObject annotation) {
        return annotation.getString("type").equals("url_citation")
                ? annotation.getString("url") + " " + annotation.getInt("start_index") + " "
                        + annotation.getInt("end_index")
                : annotation.getString("type") + " " + annotation.getString("file_id");
    }

    private static String cite(Part.Citation citation) {
        Part.Opaque source = citation.source();
        return source == null
                ? citation.url() + " " + citation.start() + " " + citation.end()
                : source.json().path("type").asText() + " "
                        + source.json().path("file_id").asText();
    }

    private static boolean isComplete(Stop stop) {
        return stop != Stop.LENGTH && stop != Stop.CONTENT_FILTER;
    }
}
