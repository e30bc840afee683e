package com.smashcost.server.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmbeddingsTest {

    private static final String PATH = "/v1/embeddings";

    private final SimulatorClient client = SimulatorClient.ofOpenAi();

    @AfterEach
    void stop() {
        client.close();
    }

    private double[] vector(String input, String more) throws Exception {
        JsonNode body =
                client.told(PATH, "{\"model\": \"text-embedding-3-small\", \"input\": \"" + input + "\"" + more + "}");
        JsonNode numbers = body.path("data").path(0).path("embedding");
        double[] vector = new double[numbers.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = numbers.path(i).asDouble();
        }
        return vector;
    }

    private static double product(double[] one, double[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += one[i] * other[i];
        }
        return sum;
    }

    @Test
    void gives_the_same_vector_of_length_one_for_the_same_text() throws Exception {
        double[] hello = vector("hello world", "");
        assertThat(hello).hasSize(1536).isEqualTo(vector("hello world", ""));
        assertThat(product(hello, hello)).isCloseTo(1, within(1e-4));
        double[] small = vector("hello world", ", \"dimensions\": 256");
        assertThat(small).hasSize(256);
        assertThat(product(small, small)).isCloseTo(1, within(1e-4));
    }

    @Test
    void texts_with_words_in_common_lie_near_each_other() throws Exception {
        double[] cat = vector("the cat sat on the mat", "");
        assertThat(product(cat, vector("a cat sat on a mat", "")))
                .isGreaterThan(product(cat, vector("quarterly revenue figures", "")) + 0.2);
    }

    @Test
    void base64_holds_the_same_floats_little_endian() throws Exception {
        String request = """
                {"model": "text-embedding-3-small", "input": ["hello world"], "dimensions": 8%s}""";
        JsonNode floats =
                client.told(PATH, request.formatted("")).path("data").path(0).path("embedding");
        String base64 = client.told(PATH, request.formatted(", \"encoding_format\": \"base64\""))
                .path("data")
                .path(0)
                .path("embedding")
                .asText();
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
        for (JsonNode number : floats) {
            assertThat(bytes.getFloat()).isEqualTo((float) number.asDouble());
        }
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void counts_strings_and_token_arrays() throws Exception {
        JsonNode body = client.told(PATH, """
                {"model": "text-embedding-3-large", "input": [[1, 2, 3], [4, 5]]}""");
        assertThat(body.path("data")).hasSize(2);
        assertThat(body.path("usage").path("prompt_tokens").asInt()).isEqualTo(5);
        assertThat(client.told(PATH, """
                        {"model": "text-embedding-3-large", "input": [1, 2, 3]}""").path("data")).hasSize(1);
    }

    @Test
    void refuses_as_openai_does() throws Exception {
        assertThat(client.refused(PATH, """
                        {"model": "text-embedding-3-small", "input": "x", "dimensions": -1}""").path("message").asText())
                .isEqualTo("-1 is less than the minimum of 1 - 'dimensions'");
        assertThat(client.refused(PATH, """
                        {"model": "text-embedding-3-small", "input": ""}""").path("message").asText()).startsWith("'$.input' is invalid");
        assertThat(client.refused(PATH, """
                        {"model": "text-embedding-3-small", "input": "x", "task_type": "y"}""").path("message").asText()).contains("task_type");
        assertThat(client.post(PATH, "{\"model\": \"gpt-4o\", \"input\": \"x\"}")
                        .statusCode())
                .isEqualTo(404);
    }
}
