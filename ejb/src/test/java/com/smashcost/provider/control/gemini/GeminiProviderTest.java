package com.smashcost.provider.control.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Provider;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiProviderTest {

    private static final Provider GOOGLE = new Provider(
            "google", URI.create("https://generativelanguage.googleapis.com/"), java.util.List.of(Dialect.GEMINI));

    @Test
    void calls_the_paths_that_were_recorded() {
        assertThat(GeminiProvider.uri(GOOGLE, "gemini-2.5-flash", false))
                .hasToString("https://generativelanguage.googleapis.com"
                        + path("generateContent", "gemini-2.5-flash:generateContent"));
        assertThat(GeminiProvider.uri(GOOGLE, "gemini-2.5-pro", true))
                .hasToString("https://generativelanguage.googleapis.com"
                        + path("streamGenerateContent", "gemini-2.5-pro:streamGenerateContent?alt=sse"));
        assertThat(GeminiProvider.countTokens(GOOGLE, "gemini-3.5-flash"))
                .hasToString("https://generativelanguage.googleapis.com"
                        + path("countTokens", "gemini-3.5-flash:countTokens"));
        assertThat(GeminiProvider.embeddings(GOOGLE, "gemini-embedding-001"))
                .hasToString("https://generativelanguage.googleapis.com"
                        + path("embeddings", "gemini-embedding-001:batchEmbedContents"));
    }

    private static String path(String endpoint, String end) {
        return GeminiTraffic.exchanges(endpoint).stream()
                .map(exchange -> exchange.path())
                .filter(path -> path.equals("/v1beta/models/" + end))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "models/gemini-2.5-pro,/v1beta/models/gemini-2.5-pro:generateContent",
        "tunedModels/mine,/v1beta/tunedModels/mine:generateContent",
        "a/../b?x=1#y,/v1beta/models/a%2F..%2Fb%3Fx%3D1%23y:generateContent",
        "'a b*',/v1beta/models/a%20b%2A:generateContent"
    })
    void stays_below_the_models_whatever_a_model_is_called(String model, String path) {
        assertThat(GeminiProvider.uri(GOOGLE, model, false))
                .hasToString("https://generativelanguage.googleapis.com" + path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", ".", "models/.."})
    void calls_no_model_that_is_none(String model) {
        assertThatThrownBy(() -> GeminiProvider.uri(GOOGLE, model, false)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void sends_the_key_in_its_header_and_nothing_of_the_client() {
        assertThat(GeminiProvider.headers(
                        "AIza-key".getBytes(StandardCharsets.US_ASCII),
                        true,
                        Map.of("anthropic-beta", "x", "x-goog-api-key", "theirs")))
                .containsOnly(
                        Map.entry("x-goog-api-key", "AIza-key"),
                        Map.entry("Accept", "text/event-stream"),
                        Map.entry("User-Agent", "SmashCost"));
        assertThat(GeminiProvider.headers(new byte[] {'k'}, false, Map.of()))
                .containsEntry("Accept", "application/json");
    }

    @Test
    void passes_on_what_is_of_use_to_a_client() {
        assertThat(GeminiProvider.passesOn("retry-after")).isTrue();
        assertThat(GeminiProvider.passesOn("content-length")).isFalse();
        assertThat(GeminiProvider.passesOn("content-type")).isFalse();
        assertThat(GeminiProvider.passesOn("set-cookie")).isFalse();
    }
}
