package com.smashcost.provider.control.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.UpstreamFailure;
import com.smashcost.provider.control.WireRecording;
import com.smashcost.provider.control.conversation.Traits;
import com.smashcost.provider.control.conversation.Translated;
import com.smashcost.provider.entity.Usage;
import com.smashcost.refusal.control.Refusal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiEmbeddingsTest {

    private static final Traits TRAITS = GeminiTraffic.traits("gemini-embedding-001");

    static List<WireRecording> exchanges() {
        return GeminiTraffic.exchanges("embeddings");
    }

    @Test
    void has_the_recordings() {
        assertThat(exchanges()).hasSize(5);
    }

    @Test
    void asks_as_it_was_recorded() {
        WireRecording recorded = exchanges().stream()
                .filter(exchange -> exchange.name().contains("gemini-embedding-001"))
                .findFirst()
                .orElseThrow();
        Translated written = asked(body("{\"model\":\"x\",\"input\":\"Some text goes here\",\"dimensions\":768,"
                + "\"encoding_format\":\"base64\",\"user\":\"u\"}"));
        assertThat(new String(written.body(), StandardCharsets.UTF_8)).isEqualTo(Json.text(recorded.request()));
        assertThat(written.dropped()).containsExactly("user");
    }

    @Test
    void asks_for_each_text_of_a_list() {
        JsonNode requests = Json.read(asked(body("{\"input\":[\"a\",\"b\"]}")).body())
                .orElseThrow()
                .path("requests");
        assertThat(requests).hasSize(2);
        assertThat(requests.path(1)
                        .path("content")
                        .path("parts")
                        .path(0)
                        .path("text")
                        .asText())
                .isEqualTo("b");
        assertThat(requests.path(1).has("outputDimensionality")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"input\":[1,2,3]}',input",
        "'{\"input\":[[1,2],[3]]}',input",
        "'{\"input\":\"\"}',input",
        "'{\"input\":[]}',input",
        "'{\"input\":{}}',input",
        "'{}',input",
        "'{\"input\":\"a\",\"dimensions\":0}',dimensions",
        "'{\"input\":\"a\",\"dimensions\":\"8\"}',dimensions",
        "'{\"input\":\"a\",\"encoding_format\":\"hex\"}',encoding_format",
        "'{\"input\":\"a\",\"input_type\":\"query\"}',input_type"
    })
    void refuses_what_it_cannot_embed(String body, String field) {
        assertThatThrownBy(() -> asked(body(body)))
                .isInstanceOfSatisfying(
                        Refusal.BadRequest.class,
                        refusal -> assertThat(refusal.param()).isEqualTo(field));
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void answers_in_numbers_as_they_were_written(WireRecording exchange) throws UpstreamFailure {
        JsonNode recorded = Json.read(exchange.body()).orElseThrow();
        JsonNode values = recorded.findPath("values");
        GeminiEmbeddings.Vectors vectors = GeminiEmbeddings.read(exchange.body(), 1);
        JsonNode answer =
                Json.read(GeminiEmbeddings.write(vectors, false, "m", 5)).orElseThrow();
        assertThat(answer.path("object").asText()).isEqualTo("list");
        assertThat(answer.path("model").asText()).isEqualTo("m");
        assertThat(answer.path("data")).hasSize(1);
        assertThat(answer.path("data").path(0).path("object").asText()).isEqualTo("embedding");
        assertThat(answer.path("data").path(0).path("index").asInt()).isZero();
        JsonNode floats = answer.path("data").path(0).path("embedding");
        assertThat(floats).hasSameSizeAs(values).hasSizeGreaterThan(700);
        for (int i = 0; i < values.size(); i++) {
            assertThat(floats.path(i).decimalValue())
                    .isEqualByComparingTo(values.path(i).decimalValue());
        }
        assertThat(Json.text(answer.path("usage"))).isEqualTo("{\"prompt_tokens\":5,\"total_tokens\":5}");
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void answers_in_little_endian_floats(WireRecording exchange) throws UpstreamFailure {
        JsonNode values = Json.read(exchange.body()).orElseThrow().findPath("values");
        JsonNode answer = Json.read(GeminiEmbeddings.write(GeminiEmbeddings.read(exchange.body(), 1), true, "m", 5))
                .orElseThrow();
        ByteBuffer floats = ByteBuffer.wrap(Base64.getDecoder()
                        .decode(answer.path("data").path(0).path("embedding").asText()))
                .order(ByteOrder.LITTLE_ENDIAN);
        assertThat(floats.remaining()).isEqualTo(values.size() * 4);
        for (JsonNode value : values) {
            assertThat(floats.getFloat()).isEqualTo(Float.parseFloat(value.asText()));
        }
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void knows_the_use_where_it_is_told_only(WireRecording exchange) throws UpstreamFailure {
        Usage usage = GeminiEmbeddings.read(exchange.body(), 1).report().usage();
        JsonNode told = Json.read(exchange.body()).orElseThrow().path("usageMetadata");
        if (told.isMissingNode()) {
            assertThat(usage).isEqualTo(Usage.UNKNOWN);
        } else {
            assertThat(usage.input())
                    .isEqualTo(told.path("promptTokenCount").asLong())
                    .isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"embeddings\":[]}",
                "{\"embeddings\":[{\"values\":[]}]}",
                "{\"embeddings\":[{\"values\":[\"a\"]}]}",
                "{\"embeddings\":[{\"values\":[1]},{\"values\":[1]}]}",
                "<html>"
            })
    void takes_nothing_else_for_an_answer(String body) {
        assertThatThrownBy(() -> GeminiEmbeddings.read(body.getBytes(StandardCharsets.UTF_8), 1))
                .isInstanceOf(UpstreamFailure.class);
    }

    @Test
    void keeps_the_order_of_the_texts() throws UpstreamFailure {
        byte[] body =
                "{\"embeddings\":[{\"values\":[1]},{\"values\":[-2.2529825e-06]}]}".getBytes(StandardCharsets.UTF_8);
        assertThat(new String(
                        GeminiEmbeddings.write(GeminiEmbeddings.read(body, 2), false, "m", 0), StandardCharsets.UTF_8))
                .contains("\"index\":0,\"embedding\":[1]")
                .contains("\"index\":1,\"embedding\":[-0.0000022529825]");
    }

    private static ObjectNode body(String text) {
        return Json.readObject(text).orElseThrow();
    }

    private static Translated asked(ObjectNode body) {
        return GeminiEmbeddings.write(body, GeminiEmbeddings.wanted(body, TRAITS), TRAITS);
    }
}
