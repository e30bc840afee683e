package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the turns of a request to Anthropic, and the blocks in them, have to keep to. */
record AnthropicTurns(JsonNode request, AnthropicModel model) {

    private static final Members MESSAGE = Members.of("role", "content");

    /** Of the blocks that clients write; those that only Anthropic's own tools make are let through. */
    private static final Map<String, Members> BLOCKS = Map.of(
            "text", Members.of("type", "text", "cache_control", "citations"),
            "image", Members.of("type", "source", "cache_control", "transformations"),
            "document", Members.of("type", "source", "title", "context", "citations", "cache_control"),
            "search_result", Members.of("type", "source", "title", "content", "citations", "cache_control"),
            "tool_use", Members.of("type", "id", "name", "input", "cache_control", "caller", "toolset_name"),
            "tool_result", Members.of("type", "tool_use_id", "content", "is_error", "cache_control", "toolset_name"),
            "thinking", Members.of("type", "thinking", "signature"),
            "redacted_thinking", Members.of("type", "data"));

    private static final Set<String> IMAGES = Set.of("image/jpeg", "image/png", "image/gif", "image/webp");

    /** How the data of an image begins, in base64. */
    private static final Map<String, String> BEGINNINGS =
            Map.of("/9j/", "image/jpeg", "iVBORw0KGgo", "image/png", "R0lGOD", "image/gif", "UklGR", "image/webp");

    /** The first rule that is broken. */
    Optional<String> broken() {
        return AnthropicRules.first(List.of(
                this::roles, this::system, this::blocks, this::toolResults, this::lastTurn, this::thinkingFirst));
    }

    private JsonNode messages() {
        return request.path("messages");
    }

    private Optional<String> roles() {
        if (messages().isEmpty()) {
            return Optional.of("messages: at least one message is required");
        }
        for (int i = 0; i < messages().size(); i++) {
            String role = messages().path(i).path("role").asText();
            boolean late = role.equals("system") && i > 0 && model.isAfterOpus46();
            if (!role.matches("user|assistant") && !late) {
                return Optional.of("messages: Unexpected role \"" + role
                        + "\". The Messages API accepts a top-level `system` parameter, not \"system\" as an input"
                        + " message role.");
            }
            Optional<String> unknown =
                    AnthropicRules.unknown(MESSAGE, messages().path(i), "messages." + i + ".");
            if (unknown.isPresent()) {
                return unknown;
            }
        }
        return Optional.empty();
    }

    private Optional<String> system() {
        JsonNode system = request.path("system");
        for (int i = 0; i < system.size(); i++) {
            JsonNode block = system.path(i);
            if (!block.path("type").asText().equals("text")) {
                return Optional.of("system." + i + ".type: Input should be 'text'");
            }
            if (block.path("text").asText().isEmpty()) {
                return Optional.of("system: text content blocks must be non-empty");
            }
        }
        return Optional.empty();
    }

    private Optional<String> blocks() {
        for (int i = 0; i < messages().size(); i++) {
            JsonNode message = messages().path(i);
            JsonNode content = message.path("content");
            boolean prefill =
                    i == messages().size() - 1 && message.path("role").asText().equals("assistant");
            if (!content.isTextual() && !content.isArray()) {
                return Optional.of("messages." + i + ".content: Input should be a valid list");
            }
            if (!prefill && (content.isTextual() ? content.asText().isEmpty() : content.isEmpty())) {
                return Optional.of("messages." + i + ": all messages must have non-empty content except for the"
                        + " optional final assistant message");
            }
            for (int j = 0; j < content.size(); j++) {
                Optional<String> problem = block(content.path(j), "messages." + i + ".content." + j);
                if (problem.isPresent()) {
                    return problem;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> block(JsonNode block, String path) {
        String type = block.path("type").asText();
        Members members = BLOCKS.get(type);
        if (type.isEmpty()) {
            return Optional.of(path + ".type: Field required");
        }
        if (type.matches("image_url|input_text|output_text|input_audio|file|function")) {
            return Optional.of(path + ": Input tag '" + type
                    + "' found using 'type' does not match any of the expected tags: "
                    + BLOCKS.keySet().stream().sorted().toList());
        }
        Optional<String> unknown =
                members == null ? Optional.empty() : AnthropicRules.unknown(members, block, path + "." + type + ".");
        return unknown.isPresent()
                ? unknown
                : switch (type) {
                    case "text" ->
                        block.path("text").asText().isEmpty()
                                ? Optional.of("messages: text content blocks must be non-empty")
                                : Optional.empty();
                    case "image" -> image(block.path("source"), path + ".image.source");
                    case "tool_use" -> toolUse(block, path + ".tool_use");
                    case "tool_result" -> toolResult(block, path + ".tool_result");
                    case "thinking" -> thinking(block, path);
                    default -> Optional.empty();
                };
    }

    private static Optional<String> image(JsonNode source, String path) {
        if (!source.path("type").asText().equals("base64")) {
            return source.path("type").asText().matches("url|file")
                    ? Optional.empty()
                    : Optional.of(path + ": Input tag found using 'type' does not match any of the expected tags:"
                            + " 'base64', 'file', 'url'");
        }
        String mediaType = source.path("media_type").asText();
        String data = source.path("data").asText();
        if (!IMAGES.contains(mediaType)) {
            return Optional.of(path + ".base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or"
                    + " 'image/webp'");
        }
        try {
            Base64.getDecoder().decode(data);
        } catch (IllegalArgumentException e) {
            return Optional.of(path + ".base64.data: invalid base64 data");
        }
        return BEGINNINGS.entrySet().stream()
                .filter(beginning -> data.startsWith(beginning.getKey()))
                .map(Map.Entry::getValue)
                .filter(real -> !real.equals(mediaType))
                .findFirst()
                .map(real -> path + ".base64: The image was specified using the " + mediaType
                        + " media type, but the image appears to be a " + real + " image");
    }

    private static Optional<String> toolUse(JsonNode block, String path) {
        if (!block.path("id").asText().matches("[a-zA-Z0-9_-]+")) {
            return Optional.of(path + ".id: String should match pattern '^[a-zA-Z0-9_-]+$'");
        }
        if (!block.path("name").asText().matches("[a-zA-Z0-9_-]{1,200}")) {
            return Optional.of(path + ".name: String should match pattern '^[a-zA-Z0-9_-]{1,200}$'");
        }
        return block.path("input").isObject()
                ? Optional.empty()
                : Optional.of(path + ".input: Input should be an object");
    }

    private Optional<String> toolResult(JsonNode block, String path) {
        JsonNode content = block.path("content");
        for (int i = 0; i < content.size(); i++) {
            Optional<String> problem = block(content.path(i), path + ".content." + i);
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> thinking(JsonNode block, String path) {
        if (!block.has("signature")) {
            return Optional.of(path + ".thinking.signature: Field required");
        }
        return Seal.of(block.path("thinking").asText())
                        .equals(block.path("signature").asText())
                ? Optional.empty()
                : Optional.of(path + ": Invalid `signature` in `thinking` block");
    }

    /** All results of a turn's calls open the next message, and no others do. */
    private Optional<String> toolResults() {
        for (int i = 0; i < messages().size(); i++) {
            Set<String> calls = ids(messages().path(i).path("content"), "tool_use", "id");
            Set<String> results = opening(messages().path(i + 1).path("content"));
            calls.removeAll(results);
            if (!calls.isEmpty()) {
                return Optional.of("messages." + i
                        + ": `tool_use` ids were found without `tool_result` blocks immediately after: "
                        + String.join(", ", calls)
                        + ". Each `tool_use` block must have a corresponding `tool_result` block in the next message.");
            }
            Set<String> answers = ids(messages().path(i).path("content"), "tool_result", "tool_use_id");
            answers.removeAll(ids(messages().path(i - 1).path("content"), "tool_use", "id"));
            if (!answers.isEmpty()) {
                return Optional.of("messages." + i
                        + ".content.0: unexpected `tool_use_id` found in `tool_result` blocks: "
                        + String.join(", ", answers)
                        + ". Each `tool_result` block must have a corresponding `tool_use` block in the previous"
                        + " message.");
            }
        }
        return Optional.empty();
    }

    private static Set<String> ids(JsonNode content, String type, String member) {
        Set<String> ids = new LinkedHashSet<>();
        for (JsonNode block : content) {
            if (block.path("type").asText().equals(type)) {
                ids.add(block.path(member).asText());
            }
        }
        return ids;
    }

    /** The results that nothing else stands before. */
    private static Set<String> opening(JsonNode content) {
        ArrayNode first = Wire.array();
        for (JsonNode block : content) {
            if (!block.path("type").asText().equals("tool_result")) {
                break;
            }
            first.add(block);
        }
        return ids(first, "tool_result", "tool_use_id");
    }

    private Optional<String> lastTurn() {
        JsonNode last = messages().path(messages().size() - 1);
        JsonNode content = last.path("content");
        if (!last.path("role").asText().equals("assistant")) {
            return Optional.empty();
        }
        if (!model.takesPrefill()) {
            return Optional.of("This model does not support assistant message prefill. The conversation must end with a"
                    + " user message.");
        }
        String text = content.isTextual()
                ? content.asText()
                : content.path(content.size() - 1).path("text").asText();
        return !text.isEmpty() && Character.isWhitespace(text.charAt(text.length() - 1))
                ? Optional.of("messages: final assistant content cannot end with trailing whitespace")
                : Optional.empty();
    }

    /** With thinking on, the turn that called the tools whose results come last has to show its thinking. */
    private Optional<String> thinkingFirst() {
        int turn = messages().size() - 2;
        JsonNode content = messages().path(turn).path("content");
        if (!request.path("thinking").path("type").asText().equals("enabled")
                || ids(content, "tool_use", "id").isEmpty()
                || content.path(0).path("type").asText().endsWith("thinking")) {
            return Optional.empty();
        }
        return Optional.of("messages." + turn
                + ".content.0.type: Expected `thinking` or `redacted_thinking`, but found `"
                + content.path(0).path("type").asText()
                + "`. When `thinking` is enabled, a final `assistant` message must start with a thinking block"
                + " (preceeding the lastmost set of `tool_use` and `tool_result` blocks).");
    }
}
