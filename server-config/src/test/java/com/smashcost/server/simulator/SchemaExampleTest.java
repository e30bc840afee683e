package com.smashcost.server.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaExampleTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"integer\",\"minimum\":7}|7",
                "{\"type\":[\"boolean\",\"null\"]}|true",
                "{\"const\":\"x\"}|\"x\"",
                "{\"enum\":[\"a\",\"b\"]}|\"a\"",
                "{\"anyOf\":[{\"type\":\"null\"},{\"type\":\"string\"}]}|null",
                "{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}|[2]",
                "{\"properties\":{\"city\":{\"type\":\"string\"}}}|{\"city\":\"Paris\"}",
                "{\"$defs\":{\"d\":{\"type\":\"boolean\"}},\"properties\":{\"a\":{\"$ref\":\"#/$defs/d\"}}}|{\"a\":true}",
            })
    void fits_the_schema(String schema, String value) throws JsonProcessingException {
        assertThat(new SchemaExample(Wire.parse(schema), 0).value()).isEqualTo(Wire.parse(value));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = "{\"properties\":{\"again\":{\"$ref\":\"#\"}}}|again")
    void ends_where_a_schema_contains_itself(String schema, String name) throws JsonProcessingException {
        assertThat(new SchemaExample(Wire.parse(schema), 0).value().has(name)).isTrue();
    }
}
