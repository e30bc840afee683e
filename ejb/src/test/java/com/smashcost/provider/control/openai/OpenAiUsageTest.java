package com.smashcost.provider.control.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.provider.control.Recordings;
import com.smashcost.provider.entity.Usage;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("G29")
public class OpenAiUsageTest {

    static List<Recordings.Whole> answers() {
        return Recordings.wholes().stream()
                .filter(exchange -> exchange.status() == 200)
                .filter(exchange -> exchange.answer().asJsonObject().containsKey("usage"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("answers")
    void agrees_with_the_tree_of_every_recorded_answer(Recordings.Whole recorded) {
        JsonObject answer = recorded.answer().asJsonObject();
        OpenAiUsage report = read(recorded.bytes()).orElseThrow();
        assertThat(report.usage()).isEqualTo(expected(answer.getJsonObject("usage")));
        assertThat(total(report.usage()))
                .as("the buckets are disjoint")
                .isEqualTo(answer.getJsonObject("usage").getInt("total_tokens"));
    }

    @Test
    void finds_every_kind_of_bucket_in_the_recordings() {
        Map<String, Long> sums = answers().stream()
                .map(exchange -> read(exchange.bytes()).orElseThrow().usage())
                .collect(Collectors.teeing(
                        Collectors.summingLong(usage -> count(usage.cached())),
                        Collectors.teeing(
                                Collectors.summingLong(usage -> count(usage.reasoning())),
                                Collectors.summingLong(usage -> count(usage.audioInput())),
                                List::of),
                        (cached, others) ->
                                Map.of("cached", cached, "reasoning", others.get(0), "audio", others.get(1))));
        assertThat(sums)
                .allSatisfy((bucket, tokens) -> assertThat(tokens).as(bucket).isPositive());
    }

    @Test
    void takes_nested_counts_apart() {
        assertThat(usage("""
                {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150,
                 "prompt_tokens_details": {"cached_tokens": 30, "cache_write_tokens": 20, "audio_tokens": 10, "x": 1},
                 "completion_tokens_details": {"reasoning_tokens": 40, "audio_tokens": 5, "text_tokens": 5}}""")).isEqualTo(new Usage(40L, 30L, 20L, null, 5L, 40L, 10L, 5L));
    }

    @Test
    void tells_what_was_not_reported_from_a_reported_zero() {
        assertThat(usage("{\"prompt_tokens\":0,\"completion_tokens\":0}"))
                .isEqualTo(new Usage(0L, null, null, null, 0L, null, null, null));
        assertThat(usage("{\"prompt_tokens\":7,\"prompt_tokens_details\":{\"cached_tokens\":0}}"))
                .isEqualTo(new Usage(7L, 0L, null, null, null, null, null, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"usage\":null}",
                "{\"usage\":{}}",
                "{\"usage\":[]}",
                "{\"usage\":\"none\"}",
                "{\"usage\":{\"total_tokens\":5}}",
                "{\"usage\":{\"prompt_tokens\":null,\"completion_tokens\":\"5\"}}",
                "{\"usage\":{\"prompt_tokens\":{},\"completion_tokens\":[1]}}",
                "{\"choices\":[{\"usage\":{\"prompt_tokens\":5}}]}"
            })
    void does_not_know_what_nobody_reported(String answer) {
        assertThat(read(answer))
                .hasValueSatisfying(report -> assertThat(report.usage()).isEqualTo(Usage.UNKNOWN));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"prompt_tokens\":-1,\"completion_tokens\":5}",
                "{\"prompt_tokens\":1000000001,\"completion_tokens\":5}",
                "{\"prompt_tokens\":99999999999999999999999,\"completion_tokens\":5}",
                "{\"prompt_tokens\":5,\"completion_tokens\":9223372036854775807}",
                "{\"prompt_tokens\":5,\"prompt_tokens_details\":{\"cached_tokens\":-5}}",
                "{\"prompt_tokens\":5,\"completion_tokens\":5,"
                        + "\"completion_tokens_details\":{\"reasoning_tokens\":-9223372036854775808}}"
            })
    void does_not_believe_impossible_counts_but_still_takes_the_answer(String usage) {
        assertThat(usage(usage)).isEqualTo(Usage.UNKNOWN);
    }

    @Test
    void keeps_parts_that_are_more_than_their_whole() {
        assertThat(
                        usage(
                                "{\"prompt_tokens\":5,\"completion_tokens\":1,\"prompt_tokens_details\":{\"cached_tokens\":9}}"))
                .isEqualTo(new Usage(0L, 9L, null, null, 1L, null, null, null));
    }

    @Test
    void falls_back_on_what_groq_says_elsewhere() {
        assertThat(
                        read(
                                "{\"x_groq\":{\"id\":\"req\",\"usage\":{\"queue_time\":0.1,\"prompt_tokens\":3,\"completion_tokens\":4}}}"))
                .hasValueSatisfying(report ->
                        assertThat(report.usage()).isEqualTo(new Usage(3L, null, null, null, 4L, null, null, null)));
        assertThat(read("{\"usage\":{\"prompt_tokens\":1},\"x_groq\":{\"usage\":{\"prompt_tokens\":3}}}"))
                .hasValueSatisfying(report -> assertThat(report.usage().input()).isEqualTo(1L));
        assertThat(read("{\"x_groq\":{\"usage\":{\"prompt_tokens\":3}},\"usage\":null}"))
                .hasValueSatisfying(report -> assertThat(report.usage().input()).isEqualTo(3L));
    }

    @ParameterizedTest
    @CsvSource({
        "default, standard",
        "auto, standard",
        "on_demand, standard",
        "flex, flex",
        "priority, priority",
        "batch, batch",
        "performance, performance",
        "<script>, ",
        "'', "
    })
    void says_the_tier_in_the_words_of_the_catalogue(String theirs, @Nullable String ours) {
        assertThat(read("{\"service_tier\":\"" + theirs + "\"}"))
                .hasValueSatisfying(report -> assertThat(report.serviceTier()).isEqualTo(ours));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{\"usage\":{\"prompt_tokens\":1}",
                "{\"usage\":{\"prompt_tokens\":1}} x",
                "{}{}",
                "<html>502</html>",
                "{\"usage\":{\"prompt_tokens\":1},}",
                "data: {}"
            })
    void refuses_what_is_not_one_json_object(String answer) {
        assertThat(read(answer)).isEmpty();
    }

    @Test
    void reads_no_further_than_it_is_told() {
        byte[] text = "xx{\"usage\":{\"prompt_tokens\":1}}yy".getBytes(StandardCharsets.UTF_8);
        assertThat(OpenAiUsage.read(text, 2, text.length - 4)).isPresent();
        assertThat(OpenAiUsage.read(text, 2, text.length - 3)).isEmpty();
    }

    /** The counts as the tree has them, taken apart in another way. */
    /** The usage that the tree of an answer tells. */
    public static Usage expected(@Nullable JsonObject usage) {
        if (usage == null) {
            return Usage.UNKNOWN;
        }
        Map<String, Long> prompt = details(usage, "prompt_tokens_details");
        Map<String, Long> completion = details(usage, "completion_tokens_details");
        Long input = number(usage, "prompt_tokens");
        Long output = number(usage, "completion_tokens");
        return new Usage(
                input == null
                        ? null
                        : input
                                - prompt.getOrDefault("cached_tokens", 0L)
                                - prompt.getOrDefault("cache_write_tokens", 0L)
                                - prompt.getOrDefault("audio_tokens", 0L),
                prompt.get("cached_tokens"),
                prompt.get("cache_write_tokens"),
                null,
                output == null
                        ? null
                        : output
                                - completion.getOrDefault("reasoning_tokens", 0L)
                                - completion.getOrDefault("audio_tokens", 0L),
                completion.get("reasoning_tokens"),
                prompt.get("audio_tokens"),
                completion.get("audio_tokens"));
    }

    private static Map<String, Long> details(JsonObject usage, String name) {
        return usage.get(name) instanceof JsonObject details
                ? details.entrySet().stream()
                        .filter(detail -> detail.getValue() instanceof JsonNumber)
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, detail -> ((JsonNumber) detail.getValue()).longValueExact()))
                : Map.of();
    }

    private static @Nullable Long number(JsonObject object, String name) {
        JsonValue value = object.get(name);
        return value instanceof JsonNumber number ? number.longValueExact() : null;
    }

    private static long total(Usage usage) {
        return usage.promptTokens() + count(usage.output()) + count(usage.reasoning()) + count(usage.audioOutput());
    }

    private static long count(@Nullable Long tokens) {
        return tokens == null ? 0 : tokens;
    }

    private static Usage usage(String usage) {
        return read("{\"id\":\"x\",\"usage\":" + usage + "}").orElseThrow().usage();
    }

    private static Optional<OpenAiUsage> read(String answer) {
        return read(answer.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<OpenAiUsage> read(byte[] answer) {
        return OpenAiUsage.read(answer, 0, answer.length);
    }
}
