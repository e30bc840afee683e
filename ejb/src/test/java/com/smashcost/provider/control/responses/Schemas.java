package com.smashcost.provider.control.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.smashcost.provider.control.WireRecording;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The published schemas of the dialect. */
final class Schemas {

    /** OpenAI's own. */
    static final Schemas OPENAI = new Schemas("openai-responses.openapi.json");

    /** That of Open Responses, which its compliance tests go by. */
    static final Schemas OPEN = new Schemas("openresponses-openapi.json");

    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();
    private final ObjectMapper mapper = new ObjectMapper();
    private final JsonNode document;

    private Schemas(String file) {
        try {
            document = mapper.readTree(
                    Files.readAllBytes(WireRecording.wire().resolve("spec").resolve(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        JsonNode all = document.path("components").path("schemas");
        // slips of the specifications: what every recorded answer holds has to be allowed
        allow(all.path("JsonSchemaResponseFormat"), "schema", "object");
        allow(all.path("TextResponseFormatJsonSchema"), "description", "string", "null");
        if (all.path("ResponseUsage") instanceof ObjectNode usage) {
            usage.putArray("type").add("object").add("null");
        }
        // a message with a list of parts is of two kinds at once
        if (all.path("InputItem") instanceof ObjectNode item) {
            item.set("anyOf", item.remove("oneOf"));
        }
    }

    private static void allow(JsonNode schema, String property, String... types) {
        if (schema.path("properties") instanceof ObjectNode properties) {
            ArrayNode list = properties.putObject(property).putArray("type");
            List.of(types).forEach(list::add);
        }
    }

    /** What is wrong with this text as one of these; nothing if it is right. */
    List<String> errors(String name, byte[] json) {
        try {
            return schemas.computeIfAbsent(name, this::schema).validate(mapper.readTree(json)).stream()
                    .map(Object::toString)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The name of the schema of events of this type. */
    String ofEvent(String type) {
        return document.path("components").path("schemas").properties().stream()
                .filter(schema -> schema.getKey().endsWith("Event"))
                .filter(schema -> !schema.getKey().startsWith("WebSocket"))
                .filter(schema ->
                        schema.getValue().at("/properties/type/enum/0").asText().equals(type))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no schema of " + type));
    }

    private Schema schema(String name) {
        ObjectNode root = mapper.createObjectNode();
        root.put("$ref", "#/components/schemas/" + name);
        root.set("components", document.path("components"));
        return registry.getSchema(root);
    }
}
