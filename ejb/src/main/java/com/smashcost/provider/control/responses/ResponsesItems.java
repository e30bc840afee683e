package com.smashcost.provider.control.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Seal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Pieces of the dialect's items that requests, answers and streams have in common. */
final class ResponsesItems {

    /** What a reasoning item is sealed with. */
    static final String ENCRYPTED = "encrypted";

    /** Between the parts of a summary, which are paragraphs. */
    static final String PARAGRAPH = "\n\n";

    private ResponsesItems() {}

    /** The text of this member; null if it is missing or something else. */
    static @Nullable String text(JsonNode node, String member) {
        JsonNode value = node.path(member);
        return value.isTextual() ? value.textValue() : null;
    }

    /** The text of this member; empty if it is missing or something else. */
    static String textOrEmpty(JsonNode node, String member) {
        return node.path(member).asText("");
    }

    /** What was thought: the summary, or the thoughts themselves where there is none. */
    static Part.Reasoning reasoning(JsonNode item) {
        return new Part.Reasoning(thoughts(item), seal(item));
    }

    /** The words of a reasoning item. */
    static String thoughts(JsonNode item) {
        String summary = texts(item.path("summary"));
        return summary.isEmpty() ? texts(item.path("content")) : summary;
    }

    private static String texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(part -> textOrEmpty(part, "text"))
                .collect(Collectors.joining(PARAGRAPH));
    }

    /**
     * What the provider wants back with a reasoning item: its encrypted content or, from servers that do not encrypt, the
     * thoughts; null if the item holds nothing but a name that only the provider's own memory could resolve.
     */
    static @Nullable Seal seal(JsonNode item) {
        String encrypted = text(item, "encrypted_content");
        Optional<Seal> ours = Seal.parse(encrypted);
        if (ours.isPresent()) {
            return ours.get();
        }
        boolean hasContent =
                item.path("content").isArray() && !item.path("content").isEmpty();
        if ((encrypted == null || encrypted.isEmpty()) && !hasContent) {
            return null;
        }
        ObjectNode value = Json.object();
        if (item.path("id").isTextual()) {
            value.set("id", item.get("id"));
        }
        if (encrypted != null && !encrypted.isEmpty()) {
            value.put("encrypted_content", encrypted);
        }
        if (hasContent) {
            value.set("content", item.get("content"));
        }
        return new Seal(Dialect.OPENAI_RESPONSES, ENCRYPTED, Json.text(value));
    }

    /** The item that a provider's own seal belongs to; empty if the seal is another dialect's. */
    static Optional<ObjectNode> sealedItem(Part.Reasoning reasoning) {
        Seal seal = reasoning.seal();
        if (seal == null
                || seal.dialect() != Dialect.OPENAI_RESPONSES
                || !seal.kind().equals(ENCRYPTED)) {
            return Optional.empty();
        }
        return Json.readObject(seal.value()).map(kept -> {
            ObjectNode item = Json.object();
            item.put("type", "reasoning");
            if (kept.path("id").isTextual()) {
                item.set("id", kept.get("id"));
            }
            boolean inContent =
                    kept.has("content") && texts(kept.path("content")).equals(reasoning.text());
            item.set("summary", summary(inContent ? "" : reasoning.text()));
            if (kept.has("content")) {
                item.set("content", kept.get("content"));
            }
            if (kept.has("encrypted_content")) {
                item.set("encrypted_content", kept.get("encrypted_content"));
            }
            return item;
        });
    }

    /** A summary of this text; without parts if the text is empty. */
    static ArrayNode summary(String text) {
        ArrayNode summary = Json.array();
        if (!text.isEmpty()) {
            summary.addObject().put("type", "summary_text").put("text", text);
        }
        return summary;
    }

    /** The text of an {@code output_text} part with what it cites. */
    static Part.Text outputText(JsonNode part) {
        List<Part.Citation> citations = new ArrayList<>();
        part.path("annotations").forEach(annotation -> citations.add(citation(annotation)));
        return new Part.Text(textOrEmpty(part, "text"), citations, null);
    }

    /** What an annotation says. */
    static Part.Citation citation(JsonNode annotation) {
        if ("url_citation".equals(text(annotation, "type"))) {
            return new Part.Citation(
                    text(annotation, "url"),
                    text(annotation, "title"),
                    null,
                    number(annotation, "start_index"),
                    number(annotation, "end_index"),
                    null);
        }
        return new Part.Citation(
                null,
                text(annotation, "filename"),
                null,
                number(annotation, "start_index"),
                number(annotation, "end_index"),
                new Part.Opaque(Dialect.OPENAI_RESPONSES, annotation, null));
    }

    /**
     * The annotation that says this of a text.
     *
     * @param from where the text that is covered begins, for a citation that does not say
     * @return empty if the dialect has no word for it
     */
    static Optional<ObjectNode> annotation(Part.Citation citation, int shift, int from, int to) {
        Part.Opaque source = citation.source();
        if (source != null && source.dialect() == Dialect.OPENAI_RESPONSES && source.json() instanceof ObjectNode own) {
            return Optional.of(own);
        }
        if (citation.url() == null) {
            return Optional.empty();
        }
        Integer start = citation.start();
        Integer end = citation.end();
        ObjectNode annotation = Json.object();
        annotation.put("type", "url_citation");
        annotation.put("url", citation.url());
        annotation.put("start_index", start == null ? from : shift + start);
        annotation.put("end_index", end == null ? to : shift + end);
        annotation.put("title", citation.title() == null ? citation.url() : citation.title());
        return Optional.of(annotation);
    }

    private static @Nullable Integer number(JsonNode node, String member) {
        return node.path(member).canConvertToInt() && node.path(member).isIntegralNumber()
                ? node.path(member).intValue()
                : null;
    }

    /** Log probabilities as the chat dialect has them, in this dialect's form, where every member is there. */
    static ArrayNode logprobs(JsonNode chat) {
        ArrayNode list = Json.array();
        for (JsonNode token : chat.path("content")) {
            ObjectNode entry = list.addObject();
            logprob(token, entry);
            ArrayNode top = entry.putArray("top_logprobs");
            token.path("top_logprobs").forEach(one -> logprob(one, top.addObject()));
        }
        return list;
    }

    private static void logprob(JsonNode from, ObjectNode to) {
        to.put("token", textOrEmpty(from, "token"));
        to.set(
                "logprob",
                from.path("logprob").isNumber()
                        ? from.get("logprob")
                        : Json.object().numberNode(0));
        to.set("bytes", from.path("bytes").isArray() ? from.get("bytes") : Json.array());
    }

    /** Log probabilities of this dialect in the chat dialect's form; null if there are none. */
    static @Nullable ObjectNode chatLogprobs(JsonNode logprobs) {
        if (!logprobs.isArray() || logprobs.isEmpty()) {
            return null;
        }
        ObjectNode chat = Json.object();
        chat.set("content", logprobs);
        chat.putNull("refusal");
        return chat;
    }
}
