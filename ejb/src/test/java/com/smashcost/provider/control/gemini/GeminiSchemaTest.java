package com.smashcost.provider.control.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.provider.control.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeminiSchemaTest {

    private static final Set<String> SUBSET = Set.of(
            "type",
            "format",
            "title",
            "description",
            "nullable",
            "enum",
            "items",
            "minItems",
            "maxItems",
            "properties",
            "required",
            "minProperties",
            "maxProperties",
            "minLength",
            "maxLength",
            "pattern",
            "minimum",
            "maximum",
            "anyOf",
            "propertyOrdering");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type':'string','const':'a'}|{'type':'STRING','enum':['a']}",
                "{'const':7}|{'type':'INTEGER','description':'One of: 7.'}",
                "{'enum':[1.5,2],'description':'A number.'}|{'type':'NUMBER','description':'A number. One of: 1.5, 2.'}",
                "{'type':['string','null']}|{'type':'STRING','nullable':true}",
                "{'type':['string','integer']}|{'anyOf':[{'type':'STRING'},{'type':'INTEGER'}]}",
                "{'enum':['a',null]}|{'type':'STRING','nullable':true,'enum':['a']}",
                "{'anyOf':[{'type':'string'},{'type':'null'}],'description':'d'}|{'type':'STRING','description':'d','nullable':true}",
                "{'oneOf':[{'type':'string'},{'type':'integer'}]}|{'anyOf':[{'type':'STRING'},{'type':'INTEGER'}]}",
                "{'type':'array'}|{'type':'ARRAY','items':{'type':'STRING'}}",
                "{'type':'array','prefixItems':[{'type':'integer'}]}|{'type':'ARRAY','items':{'type':'INTEGER'}}",
                "{'items':{'type':'boolean'},'minItems':1,'uniqueItems':true}|{'type':'ARRAY','minItems':1,'items':{'type':'BOOLEAN'}}",
                "{'type':'integer','exclusiveMinimum':0,'multipleOf':2}|{'type':'INTEGER','minimum':1}",
                "{'type':'number','exclusiveMaximum':1.5}|{'type':'NUMBER','maximum':1.5}",
                "{'type':'string','format':'email'}|{'type':'STRING'}",
                "{'type':'string','format':'date-time'}|{'type':'STRING','format':'date-time'}",
                "{'type':'object','properties':{'a':true},'required':['a','b'],'propertyNames':{},'patternProperties':{}}"
                        + "|{'type':'OBJECT','properties':{'a':{'type':'STRING'}},'required':['a']}",
                "{'$ref':'#/$defs/x','$defs':{'x':{'type':'integer'}}}|{'type':'INTEGER'}",
                "{'$ref':'#/nowhere'}|{'type':'OBJECT'}",
                "{'$ref':'https://example.org/x'}|{'type':'OBJECT'}",
                "{'allOf':[{'$ref':'#/$defs/x'},{'properties':{'b':{'type':'string'}},'required':['b']}],'$defs':{'x':{'type':'object','properties':{'a':{'type':'string'}},'required':['a']}}}"
                        + "|{'type':'OBJECT','properties':{'a':{'type':'STRING'},'b':{'type':'STRING'}},'required':['a','b']}",
                "{'type':'object','properties':{'a':{'type':'string'}},'anyOf':[{'required':['a']}]}|{'type':'OBJECT','properties':{'a':{'type':'STRING'}}}"
            })
    void says_a_schema_in_the_words_of_the_subset(String schema, String subset) {
        assertThat(Json.text(GeminiSchema.subset(json(schema), false)).replace('"', '\''))
                .isEqualTo(subset);
    }

    @Test
    void cuts_a_schema_that_holds_itself() {
        JsonNode tree = json("{'$ref':'#/$defs/node','$defs':{'node':{'type':'object','properties':"
                + "{'v':{'type':'string'},'next':{'$ref':'#/$defs/node'},'also':{'$ref':'#/$defs/node'}}}}}");
        assertThat(Json.text(GeminiSchema.subset(tree, false)).replace('"', '\''))
                .isEqualTo(
                        "{'type':'OBJECT','properties':{'v':{'type':'STRING'},'next':{'type':'OBJECT'},'also':{'type':'OBJECT'}}}");
        assertThat(GeminiSchema.subset(json("{'$ref':'#'}"), false).path("type").asText())
                .isEqualTo("OBJECT");
    }

    @Test
    void ends_with_a_schema_that_grows_without_bound() {
        StringBuilder schema = new StringBuilder("{'$ref':'#/$defs/d0','$defs':{");
        for (int i = 0; i < 30; i++) {
            schema.append(
                    "'d%d':{'type':'object','properties':{'a':{'$ref':'#/$defs/d%d'},'b':{'$ref':'#/$defs/d%d'}}},"
                            .formatted(i, i + 1, i + 1));
        }
        schema.append("'d30':{'type':'string'}}}");
        assertThat(Json.bytes(GeminiSchema.subset(json(schema.toString()), false)).length)
                .isBetween(1_000, 5_000_000);
    }

    @Test
    void uses_no_word_beyond_the_subset_for_any_recorded_schema() {
        List<JsonNode> schemas = new ArrayList<>();
        for (String endpoint : List.of("generateContent", "streamGenerateContent", "countTokens")) {
            GeminiTraffic.exchanges(endpoint).forEach(exchange -> {
                for (String name : List.of(
                        "parameters",
                        "parametersJsonSchema",
                        "parameters_json_schema",
                        "responseJsonSchema",
                        "response_schema")) {
                    schemas.addAll(exchange.request().findValues(name));
                }
            });
        }
        assertThat(schemas).hasSizeGreaterThan(40);
        for (JsonNode schema : schemas) {
            assertWithinSubset(GeminiSchema.subset(schema, true));
        }
    }

    private static void assertWithinSubset(JsonNode schema) {
        schema.fieldNames().forEachRemaining(word -> assertThat(SUBSET).contains(word));
        assertThat(schema.has("type") || schema.has("anyOf")).isTrue();
        schema.path("properties").forEach(GeminiSchemaTest::assertWithinSubset);
        schema.path("anyOf").forEach(GeminiSchemaTest::assertWithinSubset);
        if (schema.has("items")) {
            assertWithinSubset(schema.path("items"));
        }
    }

    private static JsonNode json(String text) {
        return Json.read(text.replace('\'', '"')).orElseThrow();
    }
}
