package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What OpenAI asks of a schema that is sent with {@code strict}: objects are closed, and all their properties required.
 *
 * @param owner of the schema, as messages name it
 */
record StrictSchema(String owner, JsonNode root) {

    /** The first fault; empty for a schema that can be used. */
    Optional<String> fault() {
        return fault(root, new ArrayList<>());
    }

    private Optional<String> fault(JsonNode schema, List<String> context) {
        if (schema.path("properties").isObject()) {
            if (!schema.path("additionalProperties").isBoolean()
                    || schema.path("additionalProperties").asBoolean()) {
                return said(context, "'additionalProperties' is required to be supplied and to be false.");
            }
            List<String> required = new ArrayList<>();
            schema.path("required").forEach(name -> required.add(name.asText()));
            for (String name : Wire.names(schema.path("properties"))) {
                if (!required.contains(name)) {
                    return said(
                            context,
                            "'required' is required to be supplied and to be an array including every key in"
                                    + " properties. Missing '" + name + "'.");
                }
            }
        }
        for (String group : List.of("properties", "$defs", "definitions")) {
            for (String name : Wire.names(schema.path(group))) {
                Optional<String> fault = within(schema.path(group).path(name), context, group, name);
                if (fault.isPresent()) {
                    return fault;
                }
            }
        }
        if (schema.path("type").asText().equals("array") && !schema.has("items")) {
            return said(context, "array schema missing items.");
        }
        if (schema.has("items")) {
            return within(schema.path("items"), context, "items");
        }
        for (int i = 0; i < schema.path("anyOf").size(); i++) {
            Optional<String> fault = within(schema.path("anyOf").path(i), context, "anyOf", Integer.toString(i));
            if (fault.isPresent()) {
                return fault;
            }
        }
        return Optional.empty();
    }

    private Optional<String> within(JsonNode schema, List<String> context, String... step) {
        List<String> deeper = new ArrayList<>(context);
        deeper.addAll(List.of(step));
        return fault(schema, deeper);
    }

    private Optional<String> said(List<String> context, String fault) {
        StringBuilder path = new StringBuilder();
        context.forEach(step -> path.append(path.isEmpty() ? "" : ", ")
                .append('\'')
                .append(step)
                .append('\''));
        return Optional.of("Invalid schema for " + owner + ": In context=(" + path + "), " + fault);
    }
}
