package com.smashcost.metering.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.WireRecording;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("G29")
class EstimateTest {

    @Test
    void counts_the_tokens_of_a_text() {
        assertThat(Estimate.ofText("")).isZero();
        assertThat(Estimate.ofText("hello world")).isEqualTo(2);
        assertThat(Estimate.ofText("word ".repeat(100_000))).isBetween(95_000L, 105_000L);
    }

    @Test
    void comes_near_to_what_openai_counted_for_recorded_texts() {
        List<WireRecording> recorded = Stream.of("openai", "groq")
                .flatMap(provider -> WireRecording.of(provider, "chat-completions").stream())
                .filter(exchange -> exchange.status() == 200 && !exchange.streamed())
                .filter(exchange -> !exchange.request().toString().contains("image_url"))
                .filter(exchange -> !exchange.request().toString().contains("input_audio"))
                .filter(exchange -> !exchange.request().toString().contains("file_data"))
                .filter(exchange -> !exchange.request().has("tools"))
                .filter(exchange -> !exchange.request().has("functions"))
                .filter(exchange -> !exchange.request().has("response_format"))
                .toList();
        double[] ratios = recorded.stream()
                .mapToDouble(exchange -> (double) Estimate.ofPrompt(exchange.request())
                        / Json.read(exchange.body())
                                .orElseThrow()
                                .path("usage")
                                .path("prompt_tokens")
                                .asLong())
                .sorted()
                .toArray();
        assertThat(recorded).hasSizeGreaterThan(10);
        assertThat(ratios[ratios.length / 2]).as("median of " + ratios.length).isBetween(0.9, 1.4);
    }

    @Test
    void counts_schemas_and_names_and_takes_no_file_for_text() {
        JsonNode plain = json("{'messages':[{'role':'user','content':'hi'}]}");
        JsonNode tool = json(
                "{'messages':[{'role':'user','content':'hi'}],'tools':[{'name':'weather','input_schema':{'type':'object','properties':{'town':{'type':'string'}}}}]}");
        JsonNode image =
                json("{'messages':[{'role':'user','content':'data:image/png;base64," + "A".repeat(400_000) + "'}]}");
        assertThat(Estimate.ofPrompt(tool)).isGreaterThan(Estimate.ofPrompt(plain) + 5);
        assertThat(Estimate.ofPrompt(image)).isBetween(100L, 2_000L);
        assertThat(Estimate.roughlyOfPrompt(image)).isBetween(100L, 2_000L);
    }

    private static JsonNode json(String text) {
        return Json.read(text.replace('\'', '"')).orElseThrow();
    }
}
