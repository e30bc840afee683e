package com.smashcost.provider.control.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Seal;
import com.smashcost.provider.control.conversation.Stop;
import com.smashcost.provider.control.conversation.Unsupported;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Content blocks of the dialect as parts of a conversation, and what they have in common on the way back. */
final class AnthropicContent {

    static final String SIGNATURE = "signature";
    static final String REDACTED = "redacted";

    private static final Pattern TOOL_ID = Pattern.compile("[a-zA-Z0-9_-]+");
    private static final Pattern NOT_IN_TOOL_ID = Pattern.compile("[^a-zA-Z0-9_-]");

    private AnthropicContent() {}

    /**
     * The parts of a message's or tool result's content.
     *
     * @param content a text or a list of blocks
     * @param field its place in the body
     */
    static List<Part> read(JsonNode content, String field) {
        if (content.isTextual()) {
            return content.asText().isEmpty() ? List.of() : List.of(new Part.Text(content.asText()));
        }
        if (!content.isArray()) {
            throw Unsupported.malformed(field, "must be a string or an array of content blocks");
        }
        List<Part> parts = new ArrayList<>(content.size());
        for (int i = 0; i < content.size(); i++) {
            JsonNode block = content.get(i);
            if (block.path("context").isTextual()
                    && "document".equals(block.path("type").asText())) {
                parts.add(new Part.Text(block.path("context").asText())); // what a document is about, for any provider
            }
            parts.add(part(block, field + "." + i));
        }
        return parts;
    }

    /** The part that a block is. What no other dialect knows stays as it is. */
    static Part part(JsonNode node, String field) {
        if (!(node instanceof ObjectNode block) || !block.path("type").isTextual()) {
            throw Unsupported.malformed(field, "must be a content block with a type");
        }
        Part.CacheMark cache = cacheMark(block.path("cache_control"), field);
        return switch (block.path("type").asText()) {
            case "text" -> new Part.Text(string(block, "text", field), citations(block.path("citations")), cache);
            case "image" -> image(block, field, cache);
            case "document" -> document(block, field, cache);
            case "thinking" ->
                thoughts(
                        string(block, "thinking", field),
                        block.path("signature").asText(""));
            case "redacted_thinking" -> {
                String data = string(block, "data", field);
                yield new Part.Reasoning(
                        "", Seal.parse(data).orElseGet(() -> new Seal(Dialect.ANTHROPIC_MESSAGES, REDACTED, data)));
            }
            case "tool_use" -> {
                String id = string(block, "id", field);
                yield new Part.ToolCall(
                        Seal.idOf(id),
                        string(block, "name", field),
                        block.hasNonNull("input") ? Json.text(block.path("input")) : "",
                        Seal.sealOf(id).orElse(null),
                        cache);
            }
            case "tool_result" ->
                new Part.ToolResult(
                        Seal.idOf(string(block, "tool_use_id", field)),
                        block.hasNonNull("content") ? read(block.path("content"), field + ".content") : List.of(),
                        block.path("is_error").asBoolean(false),
                        cache);
            default -> new Part.Opaque(Dialect.ANTHROPIC_MESSAGES, block, cache);
        };
    }

    /** Thoughts with whatever they were signed with. */
    static Part.Reasoning thoughts(String text, String signature) {
        return new Part.Reasoning(text, seal(signature).orElse(null));
    }

    /** The seal that a signature is: another provider's that travelled in its place, Anthropic's own, or none. */
    static Optional<Seal> seal(String signature) {
        if (signature.isEmpty()) {
            return Optional.empty();
        }
        return Seal.isOurs(signature)
                ? Seal.parse(signature)
                : Optional.of(new Seal(Dialect.ANTHROPIC_MESSAGES, SIGNATURE, signature));
    }

    /** A citation of a text. */
    static Part.Citation citation(JsonNode json) {
        JsonNode title = json.hasNonNull("title") ? json.path("title") : json.path("document_title");
        boolean foreign =
                Seal.FOREIGN_CITATION.equals(json.path("encrypted_index").asText());
        return new Part.Citation(
                text(json.path("url")),
                text(title),
                text(json.path("cited_text")),
                null,
                null,
                foreign ? null : new Part.Opaque(Dialect.ANTHROPIC_MESSAGES, json, null));
    }

    /** A citation as clients know it; empty if it cannot be told in this dialect. */
    static Optional<JsonNode> citation(Part.Citation citation) {
        Part.Opaque source = citation.source();
        if (source != null && source.dialect() == Dialect.ANTHROPIC_MESSAGES) {
            return Optional.of(source.json());
        }
        if (citation.url() == null) {
            return Optional.empty();
        }
        ObjectNode json = Json.object();
        json.put("type", "web_search_result_location");
        json.put("cited_text", citation.quoted() == null ? "" : citation.quoted());
        json.put("url", citation.url());
        json.put("title", citation.title());
        json.put("encrypted_index", Seal.FOREIGN_CITATION);
        return Optional.of(json);
    }

    /** The object that a call's arguments are; what is none is wrapped into one, so that no word of the model is lost. */
    static ObjectNode input(String arguments) {
        if (arguments.isBlank()) {
            return Json.object();
        }
        JsonNode read = Json.read(arguments).orElse(null);
        if (read instanceof ObjectNode object) {
            return object;
        }
        ObjectNode wrapped = Json.object();
        if (read == null) {
            return wrapped.put("arguments", arguments);
        }
        wrapped.set("arguments", read);
        return wrapped;
    }

    /** An id in the letters that the dialect allows; the same for the same id. */
    static String toolId(String id) {
        if (TOOL_ID.matcher(id).matches()) {
            return id;
        }
        return NOT_IN_TOOL_ID.matcher(id).replaceAll("_") + "_" + Integer.toHexString(id.hashCode());
    }

    /** A reason to stop; one that is not known means that the model was done. */
    static Stop stop(String reason) {
        return switch (reason) {
            case "stop_sequence" -> Stop.STOP_SEQUENCE;
            case "max_tokens" -> Stop.LENGTH;
            case "model_context_window_exceeded" -> Stop.CONTEXT_WINDOW;
            case "tool_use" -> Stop.TOOL_CALLS;
            case "refusal" -> Stop.REFUSAL;
            case "pause_turn" -> Stop.PAUSE;
            default -> Stop.END;
        };
    }

    static String reason(Stop stop) {
        return switch (stop) {
            case END -> "end_turn";
            case STOP_SEQUENCE -> "stop_sequence";
            case LENGTH -> "max_tokens";
            case CONTEXT_WINDOW -> "model_context_window_exceeded";
            case TOOL_CALLS -> "tool_use";
            case REFUSAL, CONTENT_FILTER -> "refusal";
            case PAUSE -> "pause_turn";
        };
    }

    static Part.@Nullable CacheMark cacheMark(JsonNode json, String field) {
        if (json.isMissingNode() || json.isNull()) {
            return null;
        }
        if (!json.isObject()) {
            throw Unsupported.malformed(field + ".cache_control", "must be an object");
        }
        return new Part.CacheMark("1h".equals(json.path("ttl").asText()) ? "1h" : "5m");
    }

    static void mark(ObjectNode block, Part.@Nullable CacheMark cache) {
        if (cache != null) {
            ObjectNode json = block.putObject("cache_control").put("type", "ephemeral");
            if ("1h".equals(cache.ttl())) {
                json.put("ttl", "1h");
            }
        }
    }

    /** The text of a node; null if it is none. */
    static @Nullable String text(JsonNode node) {
        return node.isTextual() ? node.asText() : null;
    }

    static String string(ObjectNode object, String name, String field) {
        JsonNode value = object.path(name);
        if (!value.isTextual()) {
            throw Unsupported.malformed(field + "." + name, "must be a string");
        }
        return value.asText();
    }

    private static List<Part.Citation> citations(JsonNode json) {
        List<Part.Citation> citations = new ArrayList<>(json.size());
        for (JsonNode citation : json) {
            if (citation.isObject()) {
                citations.add(citation(citation));
            }
        }
        return citations;
    }

    private static Part image(ObjectNode block, String field, Part.@Nullable CacheMark cache) {
        JsonNode source = block.path("source");
        Part.Source image = switch (source.path("type").asText()) {
            case "base64", "url", "file" -> bytes((ObjectNode) source, field + ".source");
            default ->
                throw Unsupported.malformed(field + ".source", "must be an object of the type base64, url or file");
        };
        return new Part.Image(image, null, cache);
    }

    private static Part document(ObjectNode block, String field, Part.@Nullable CacheMark cache) {
        JsonNode source = block.path("source");
        Part.Source document;
        switch (source.path("type").asText()) {
            case "base64", "url", "file" -> document = bytes((ObjectNode) source, field + ".source");
            case "text" -> document = new Part.Source.Plain(string((ObjectNode) source, "data", field + ".source"));
            case "content" -> {
                String text = plain(source.path("content"));
                if (text == null) {
                    return new Part.Opaque(Dialect.ANTHROPIC_MESSAGES, block, cache);
                }
                document = new Part.Source.Plain(text);
            }
            default ->
                throw Unsupported.malformed(
                        field + ".source", "must be an object of the type base64, text, content, url or file");
        }
        return new Part.Document(document, text(block.path("title")), cache);
    }

    private static Part.Source bytes(ObjectNode source, String field) {
        return switch (source.path("type").asText()) {
            case "base64" -> new Part.Source.Base64(string(source, "media_type", field), string(source, "data", field));
            case "url" -> new Part.Source.Url(string(source, "url", field));
            default -> new Part.Source.Uploaded(Dialect.ANTHROPIC_MESSAGES, string(source, "file_id", field));
        };
    }

    /** The text of a content that is nothing but text; null if it is more. */
    private static @Nullable String plain(JsonNode content) {
        if (content.isTextual()) {
            return content.asText();
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode block : content instanceof ArrayNode ? content : Json.array()) {
            if (!"text".equals(block.path("type").asText())) {
                return null;
            }
            text.append(text.isEmpty() ? "" : "\n\n").append(block.path("text").asText());
        }
        return text.isEmpty() ? null : text.toString();
    }
}
