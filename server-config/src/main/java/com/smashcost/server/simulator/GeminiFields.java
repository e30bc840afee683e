package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The fields of Google's messages. A request is read by them: names may be in camel or snake case, as protocol buffers
 * have it, and a name that is not there is a violation.
 */
final class GeminiFields {

    /** By message: field to message, empty where no further look is taken, with a star for a map of messages. */
    private static final Map<String, Map<String, String>> MESSAGES = new HashMap<>();

    static {
        message(
                "GenerateContentRequest",
                "model",
                "contents:Content",
                "systemInstruction:Content",
                "tools:Tool",
                "toolConfig:ToolConfig",
                "safetySettings:SafetySetting",
                "generationConfig:GenerationConfig",
                "cachedContent",
                "serviceTier",
                "store");
        message("CountTokensRequest", "contents:Content", "generateContentRequest:GenerateContentRequest");
        message("BatchEmbedContentsRequest", "requests:EmbedContentRequest");
        message("EmbedContentRequest", "model", "content:Content", "taskType", "title", "outputDimensionality");
        message("Content", "parts:Part", "role");
        message(
                "Part",
                "text",
                "inlineData:Blob",
                "fileData:FileData",
                "functionCall:FunctionCall",
                "functionResponse:FunctionResponse",
                "executableCode",
                "codeExecutionResult",
                "toolCall",
                "toolResponse",
                "thought",
                "thoughtSignature",
                "videoMetadata",
                "mediaResolution",
                "partMetadata");
        message("Blob", "mimeType", "data");
        message("FileData", "mimeType", "fileUri");
        message("FunctionCall", "id", "name", "args");
        message("FunctionResponse", "id", "name", "response", "parts", "willContinue", "scheduling");
        message(
                "Tool",
                "functionDeclarations:FunctionDeclaration",
                "googleSearch",
                "googleSearchRetrieval",
                "codeExecution",
                "urlContext",
                "fileSearch",
                "googleMaps",
                "computerUse",
                "mcpServers");
        message(
                "FunctionDeclaration",
                "name",
                "description",
                "parameters:Schema",
                "parametersJsonSchema",
                "response:Schema",
                "responseJsonSchema",
                "behavior");
        message(
                "Schema",
                "type",
                "format",
                "title",
                "description",
                "nullable",
                "enum",
                "items:Schema",
                "maxItems",
                "minItems",
                "properties:Schema*",
                "required",
                "minProperties",
                "maxProperties",
                "minimum",
                "maximum",
                "minLength",
                "maxLength",
                "pattern",
                "example",
                "anyOf:Schema",
                "propertyOrdering",
                "default");
        message(
                "ToolConfig",
                "functionCallingConfig:FunctionCallingConfig",
                "retrievalConfig",
                "includeServerSideToolInvocations");
        message("FunctionCallingConfig", "mode", "allowedFunctionNames");
        message("SafetySetting", "category", "threshold", "method");
        message(
                "GenerationConfig",
                "candidateCount",
                "stopSequences",
                "maxOutputTokens",
                "temperature",
                "topP",
                "topK",
                "seed",
                "responseMimeType",
                "responseSchema:Schema",
                "responseJsonSchema",
                "presencePenalty",
                "frequencyPenalty",
                "responseLogprobs",
                "logprobs",
                "enableEnhancedCivicAnswers",
                "responseModalities",
                "speechConfig",
                "thinkingConfig:ThinkingConfig",
                "imageConfig",
                "mediaResolution");
        message("ThinkingConfig", "includeThoughts", "thinkingBudget", "thinkingLevel");
    }

    private final List<String> violations = new ArrayList<>();

    private GeminiFields() {}

    /**
     * A request as it was read.
     *
     * @param tree with all names in camel case
     * @param violations what Google says about each name that it does not know
     */
    record Read(JsonNode tree, List<String> violations) {}

    static Read read(JsonNode request, String message) {
        GeminiFields reading = new GeminiFields();
        JsonNode tree = reading.message(request, message, "");
        return new Read(tree, List.copyOf(reading.violations));
    }

    private static void message(String name, String... fields) {
        Map<String, String> types = new HashMap<>();
        for (String field : fields) {
            String[] parts = field.split(":", 2);
            types.put(parts[0], parts.length > 1 ? parts[1] : "");
        }
        MESSAGES.put(name, types);
    }

    private JsonNode message(JsonNode value, String name, String path) {
        if (name.isEmpty()) {
            return value;
        }
        if (value.isArray()) {
            ArrayNode elements = Wire.array();
            for (int i = 0; i < value.size(); i++) {
                elements.add(message(value.path(i), name, path + "[" + i + "]"));
            }
            return elements;
        }
        if (!value.isObject()) {
            return value;
        }
        return name.endsWith("*") ? map(value, name.substring(0, name.length() - 1), path) : fields(value, name, path);
    }

    private ObjectNode map(JsonNode value, String name, String path) {
        ObjectNode map = Wire.object();
        for (String key : Wire.names(value)) {
            map.set(key, message(value.path(key), name, path + "[" + map.size() + "].value"));
        }
        return map;
    }

    private ObjectNode fields(JsonNode value, String name, String path) {
        Map<String, String> fields = MESSAGES.getOrDefault(name, Map.of());
        ObjectNode read = Wire.object();
        for (String key : Wire.names(value)) {
            String field = camel(key);
            String type = fields.get(field);
            String place = path.isEmpty() ? snake(field) : path + "." + snake(field);
            if (type == null) {
                violations.add("Invalid JSON payload received. Unknown name \"" + key + "\""
                        + (path.isEmpty() ? "" : " at '" + path + "'") + ": Cannot find field.");
            } else if (name.equals("Schema")
                    && field.equals("type")
                    && value.path(key).isArray()) {
                violations.add("Invalid JSON payload received. Unknown name \"type\" at '" + path
                        + "': Proto field is not repeating, cannot start list.");
            } else {
                read.set(field, message(value.path(key), type, place));
            }
        }
        return read;
    }

    private static String camel(String name) {
        StringBuilder camel = new StringBuilder();
        boolean raise = false;
        for (char letter : name.toCharArray()) {
            if (letter == '_' && !camel.isEmpty()) {
                raise = true;
            } else {
                camel.append(raise ? Character.toUpperCase(letter) : letter);
                raise = false;
            }
        }
        return camel.toString();
    }

    private static String snake(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
