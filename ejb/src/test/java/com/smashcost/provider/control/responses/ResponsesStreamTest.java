package com.smashcost.provider.control.responses;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.EventWatch;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.ProviderError;
import com.smashcost.provider.control.SseEvent;
import com.smashcost.provider.control.SseFrames;
import com.smashcost.provider.control.WireRecording;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.control.conversation.Seal;
import com.smashcost.provider.control.conversation.Stop;
import com.smashcost.provider.control.conversation.StreamEvent;
import com.smashcost.provider.entity.Usage;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponsesStreamTest {

    static List<ResponsesWire.Answer> streams() {
        return ResponsesWire.streams();
    }

    static List<ResponsesWire.Answer> completed() {
        return ResponsesWire.completedStreams();
    }

    @ParameterizedTest
    @MethodSource("completed")
    void reads_what_was_recorded(ResponsesWire.Answer stream) {
        ResponsesStream.Reader reader = new ResponsesStream.Reader();
        List<StreamEvent> events = read(reader, stream.body());
        assertThat(Meaning.of(events)).isEqualTo(Meaning.of(ResponsesWire.finalResponse(stream.body())));
        assertThat(reader.isComplete()).isTrue();
        assertThat(reader.end()).isEmpty();
        assertThat(events.getFirst()).isInstanceOf(StreamEvent.Started.class);
        assertThat(events.getLast()).isInstanceOf(StreamEvent.Finished.class);
    }

    @ParameterizedTest
    @MethodSource("completed")
    void writes_what_it_read_for_the_strictest_client(ResponsesWire.Answer stream) {
        List<StreamEvent> events = read(new ResponsesStream.Reader(), stream.body());
        byte[] written = written(stream.request().toString(), events);
        Meaning before = Meaning.of(ResponsesWire.finalResponse(stream.body()));
        boolean plain = before.others().isEmpty()
                && before.cited().stream().noneMatch(cite -> cite.contains("file"))
                && Meaning.objects(stream.request(), "tools").stream()
                        .allMatch(tool -> tool.getString("type").equals("function"));
        StrictClient.take(written, plain);
        List<StreamEvent> again = read(new ResponsesStream.Reader(), written);
        assertThat(Meaning.of(again))
                .usingRecursiveComparison()
                .ignoringFields("usage")
                .isEqualTo(before);
        assertThat(Meaning.of(again).usage().output()).isEqualTo(before.usage().output());
        assertThat(Meaning.of(again).usage().input()).isEqualTo(before.usage().input());
        assertThat(Meaning.of(again).usage().cached()).isEqualTo(before.usage().cached());
    }

    @ParameterizedTest
    @MethodSource("streams")
    void watches_what_passes(ResponsesWire.Answer stream) {
        ResponsesStream.Watch watch = new ResponsesStream.Watch();
        List<EventWatch.Verdict> verdicts = watch(watch, stream.body());
        List<JsonObject> events = ResponsesWire.data(stream.body());
        boolean ended =
                events.stream().anyMatch(event -> event.getString("type").equals("response.completed"));
        boolean failed =
                events.stream().anyMatch(event -> event.getString("type").equals("error"));
        assertThat(watch.isComplete()).isEqualTo(ended);
        assertThat(watch.hasFailed()).isEqualTo(failed);
        assertThat(verdicts.stream().filter(EventWatch.Verdict.END::equals)).hasSize(ended ? 1 : 0);
        assertThat(verdicts).doesNotContain(EventWatch.Verdict.WITHHOLD);
        if (ended) {
            JsonObject response = ResponsesWire.finalResponse(stream.body());
            assertThat(watch.hasStarted()).isTrue();
            assertThat(watch.report().usage()).isEqualTo(Meaning.usage(response));
            assertThat(watch.report().model()).isEqualTo(response.getString("model"));
        }
    }

    @Test
    void does_not_take_a_beginning_for_content() {
        ResponsesStream.Watch watch = new ResponsesStream.Watch();
        watch(watch, sse("{\"type\":\"response.created\",\"response\":{}}", "{\"type\":\"response.in_progress\"}"));
        watch(watch, ": comment\n\n".getBytes(StandardCharsets.UTF_8));
        watch(watch, sse("{\"type\":\"keepalive\"}"));
        assertThat(watch.hasStarted()).isFalse();
        watch(watch, sse("{\"type\":\"response.output_item.added\",\"item\":{}}"));
        assertThat(watch.hasStarted()).isTrue();
        assertThat(watch.isComplete()).isFalse();
        assertThat(watch.hasFailed()).isFalse();
    }

    @Test
    void counts_searches_as_they_pass_until_the_whole_answer_tells() {
        ResponsesStream.Watch watch = new ResponsesStream.Watch();
        String search = "{\"type\":\"response.output_item.done\",\"item\":{\"id\":\"w\",\"type\":\"web_search_call\","
                + "\"action\":{\"type\":\"search\"}}}";
        watch(watch, sse(search, search, search.replace("\"search\"", "\"open_page\"")));
        assertThat(watch.hasStarted()).isTrue();
        assertThat(watch.report().usage()).isEqualTo(Usage.UNKNOWN.withWebSearches(2L));
        String usage = "\"usage\":{\"input_tokens\":1,\"output_tokens\":2}";
        watch(watch, sse("{\"type\":\"response.completed\",\"response\":{\"output\":[]," + usage + "}}"));
        assertThat(watch.report().usage()).isEqualTo(new Usage(1L, null, null, null, 2L, null, null, null, 2L));
        watch(
                watch,
                sse("{\"type\":\"response.completed\",\"response\":{\"output\":[{\"type\":\"web_search_call\"}],"
                        + usage + "}}"));
        assertThat(watch.report().usage().webSearches()).isEqualTo(1L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"response.incomplete\",\"response\":{\"status\":\"incomplete\"}} | END",
                "{\"response\":{\"usage\":{\"output_tokens\":1}},\"type\":\"response.completed\"} | END",
                "{\"type\":\"response.completed\",\"response\":{ | PASS",
                "{\"type\":\"response.failed\",\"response\":{}} | PASS",
                "{\"error\":{\"message\":\"x\"}} | PASS",
                "[DONE] | PASS",
                "nonsense | PASS",
                "[] | PASS"
            })
    void knows_an_end_when_it_sees_one(String event, EventWatch.Verdict verdict) {
        ResponsesStream.Watch watch = new ResponsesStream.Watch();
        assertThat(watch(watch, sse(event))).containsExactly(verdict);
        assertThat(watch.isComplete()).isEqualTo(verdict == EventWatch.Verdict.END);
        assertThat(watch.hasFailed()).isEqualTo(event.contains("failed") || event.contains("\"error\""));
    }

    static List<Arguments> splitPlans() throws IOException {
        return StreamSupport.stream(
                        Json.readObject(Files.readAllBytes(
                                        WireRecording.wire().resolve("sse-framing/split-plans.json")))
                                .orElseThrow()
                                .path("plans")
                                .spliterator(),
                        false)
                .filter(plan -> plan.path("file").asText().contains("/responses/"))
                .map(plan -> Arguments.of(
                        plan.path("file").asText(),
                        StreamSupport.stream(plan.path("split_offsets").spliterator(), false)
                                .mapToInt(offset -> offset.asInt())
                                .toArray()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("splitPlans")
    void reads_the_same_where_cuts_hurt(String file, int[] offsets) throws IOException {
        byte[] stream = Files.readAllBytes(WireRecording.wire().resolve(file));
        assertThat(read(new ResponsesStream.Reader(), stream, offsets))
                .isEqualTo(read(new ResponsesStream.Reader(), stream))
                .hasSizeGreaterThan(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "[]", "{\"type\":", "7"})
    void takes_what_is_no_event_for_a_failure(String data) {
        ResponsesStream.Reader reader = new ResponsesStream.Reader();
        assertThat(read(reader, sse(data)))
                .singleElement()
                .isInstanceOfSatisfying(
                        StreamEvent.Failed.class,
                        failed -> assertThat(failed.error().code()).isEqualTo("upstream_invalid_response"));
        assertThat(read(reader, sse("{\"type\":\"response.completed\",\"response\":{}}")))
                .isEmpty();
        assertThat(reader.isComplete()).isFalse();
    }

    @Test
    void ignores_events_that_nobody_knows() {
        assertThat(read(
                        new ResponsesStream.Reader(),
                        sse(
                                "{\"type\":\"response.something.new\",\"delta\":\"x\"}",
                                "{\"type\":\"keepalive\"}",
                                "[DONE]")))
                .isEmpty();
    }

    @Test
    void reads_a_stream_that_was_cut_off_as_incomplete() {
        ResponsesStream.Reader reader = new ResponsesStream.Reader();
        read(reader, sse("{\"type\":\"response.created\",\"response\":{}}"));
        assertThat(reader.isComplete()).isFalse();
        assertThat(reader.end()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"max_output_tokens, LENGTH", "content_filter, CONTENT_FILTER"})
    void reads_why_an_answer_is_incomplete(String reason, Stop stop) {
        List<StreamEvent> events = read(
                new ResponsesStream.Reader(),
                sse(
                        "{\"type\":\"response.incomplete\",\"response\":{\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\""
                                + reason + "\"}}}"));
        assertThat(events.getLast()).isEqualTo(new StreamEvent.Finished(0, stop, null));
    }

    @Test
    void reads_items_that_were_not_streamed() {
        List<StreamEvent> events = read(new ResponsesStream.Reader(), sse("""
                        {"type":"response.completed","response":{"id":"r","model":"m","status":"completed","output":[
                        {"type":"reasoning","id":"rs","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"g"},
                        {"type":"message","content":[{"type":"output_text","text":"Yes","annotations":[],"logprobs":[
                        {"token":"Yes","logprob":-0.5,"bytes":[89],"top_logprobs":[]}]},{"type":"refusal","refusal":"No"}]},
                        {"type":"function_call","call_id":"c","name":"f","arguments":"{\\"a\\":1}"}]}}
                        """.replace("\n", "")));
        assertThat(Meaning.of(events))
                .isEqualTo(new Meaning(
                        "m",
                        "Yes",
                        "No",
                        "hm",
                        List.of("g"),
                        List.of("c f {\"a\":1}"),
                        List.of(),
                        List.of(),
                        true,
                        Usage.UNKNOWN));
        assertThat(events).anyMatch(StreamEvent.Logprobs.class::isInstance);
    }

    @Test
    void tells_paragraphs_of_a_summary_apart_and_tells_nothing_twice() {
        List<StreamEvent> events = read(
                new ResponsesStream.Reader(),
                sse(
                        "{\"type\":\"response.reasoning_summary_text.delta\",\"output_index\":0,\"summary_index\":0,\"delta\":\"a\"}",
                        "{\"type\":\"response.reasoning_summary_text.delta\",\"output_index\":0,\"summary_index\":1,\"delta\":\"b\"}",
                        "{\"type\":\"response.reasoning_text.delta\",\"output_index\":0,\"content_index\":0,\"delta\":\"c\"}",
                        "{\"type\":\"response.reasoning_summary_text.delta\",\"output_index\":0,\"summary_index\":1,\"delta\":\"d\"}"));
        assertThat(Meaning.of(events).thoughts()).isEqualTo("a\n\nbd");
    }

    @Test
    void writes_foreign_thoughts_text_and_calls_one_after_the_other() {
        Seal seal = new Seal(Dialect.ANTHROPIC_MESSAGES, "signature", "EqQB");
        Seal inId = new Seal(Dialect.GEMINI, "signature", "Ck1");
        byte[] written = written(
                "{}",
                List.of(
                        new StreamEvent.Started("msg_1", "claude", Report.NONE),
                        new StreamEvent.ReasoningDelta(0, "Let "),
                        new StreamEvent.ReasoningDelta(0, "me see."),
                        new StreamEvent.ReasoningSealed(0, seal),
                        new StreamEvent.ReasoningSealed(0, new Seal(Dialect.ANTHROPIC_MESSAGES, "redacted", "x")),
                        new StreamEvent.TextDelta(0, ""),
                        new StreamEvent.TextDelta(0, "Grüße"),
                        new StreamEvent.TextDelta(0, ", 世界"),
                        new StreamEvent.Cited(0, new Part.Citation("https://x.example/", "X", null, null, null, null)),
                        new StreamEvent.ToolStarted(0, 0, "toolu_1", "f", inId),
                        new StreamEvent.ToolArguments(0, 0, "{\"a\":\"}"),
                        new StreamEvent.ToolArguments(0, 0, "\"}"),
                        new StreamEvent.ToolStarted(0, 1, "toolu_2", "g", null),
                        new StreamEvent.Reported(new Report(ResponsesResponseTest.USAGE, "standard", "claude")),
                        new StreamEvent.Finished(0, Stop.TOOL_CALLS, null)));
        JsonObject response = StrictClient.take(written, true);
        assertThat(Meaning.of(response))
                .isEqualTo(new Meaning(
                        "claude",
                        "Grüße, 世界",
                        "",
                        "Let me see.",
                        List.of(seal.text(), new Seal(Dialect.ANTHROPIC_MESSAGES, "redacted", "x").text()),
                        List.of(Seal.join("toolu_1", inId) + " f {\"a\":\"}\"}", "toolu_2 g {}"),
                        List.of("https://x.example/ 0 9"),
                        List.of(),
                        true,
                        ResponsesResponseTest.USAGE));
        assertThat(response.getInt("completed_at")).isEqualTo(1_700_000_009);
        assertThat(types(written))
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.reasoning_summary_part.added",
                        "response.reasoning_summary_text.delta",
                        "response.reasoning_summary_text.delta",
                        "response.reasoning_summary_text.done",
                        "response.reasoning_summary_part.done",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.delta",
                        "response.output_text.annotation.added",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.function_call_arguments.delta",
                        "response.function_call_arguments.delta",
                        "response.function_call_arguments.done",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.function_call_arguments.delta",
                        "response.function_call_arguments.done",
                        "response.output_item.done",
                        "response.completed");
    }

    @Test
    void serialises_calls_that_come_interleaved() {
        byte[] written = written(
                "{}",
                List.of(
                        new StreamEvent.Started(null, null, Report.NONE),
                        new StreamEvent.ToolStarted(0, 0, "a", "f", null),
                        new StreamEvent.ToolStarted(0, 1, "b", "g", null),
                        new StreamEvent.ToolArguments(0, 1, "{\"x\":"),
                        new StreamEvent.ToolArguments(0, 0, "{\"y\":["),
                        new StreamEvent.ToolStarted(0, 2, "c", "h", null),
                        new StreamEvent.ToolArguments(0, 2, "{}"),
                        new StreamEvent.ToolArguments(0, 1, "1}"),
                        new StreamEvent.ToolArguments(0, 0, "2]}"),
                        new StreamEvent.Finished(0, Stop.TOOL_CALLS, null)));
        assertThat(Meaning.of(StrictClient.take(written, true)).calls())
                .containsExactly("a f {\"y\":[2]}", "b g {\"x\":1}", "c h {}");
    }

    @Test
    void sends_every_piece_at_once() throws IOException {
        ResponsesStream.Writer writer = writer("{}");
        ByteArrayOutputStream client = new ByteArrayOutputStream();
        writer.write(new StreamEvent.Started(null, null, Report.NONE), client);
        assertThat(client.toString(StandardCharsets.UTF_8)).contains("response.in_progress");
        for (StreamEvent event : List.of(
                new StreamEvent.ReasoningDelta(0, "piece-1"),
                new StreamEvent.TextDelta(0, "piece-2"),
                new StreamEvent.RefusalDelta(0, "piece-3"),
                new StreamEvent.ToolStarted(0, 0, "c", "piece-4", null),
                new StreamEvent.ToolArguments(0, 0, "{\"piece-5\":1}"),
                new StreamEvent.ToolStarted(0, 1, "d", "piece-6", null))) {
            client.reset();
            writer.write(event, client);
            assertThat(client.toString(StandardCharsets.UTF_8)).contains("piece-");
        }
    }

    @ParameterizedTest
    @CsvSource({"LENGTH, max_output_tokens", "CONTEXT_WINDOW, max_output_tokens", "CONTENT_FILTER, content_filter"})
    void says_that_an_answer_was_cut(Stop stop, String reason) {
        byte[] written = written(
                "{}", List.of(new StreamEvent.TextDelta(0, "Once upon"), new StreamEvent.Finished(0, stop, null)));
        JsonObject response = StrictClient.take(written, true);
        assertThat(response.getJsonObject("incomplete_details").getString("reason"))
                .isEqualTo(reason);
        assertThat(response.getJsonArray("output").getJsonObject(0).getString("status"))
                .isEqualTo("incomplete");
        assertThat(response.getString("model")).isEqualTo("the-model");
        assertThat(types(written)).endsWith("response.incomplete");
    }

    @Test
    void leaves_the_arguments_of_a_cut_call_cut() {
        byte[] written = written(
                "{}",
                List.of(
                        new StreamEvent.ToolStarted(0, 0, "a", "f", null),
                        new StreamEvent.ToolArguments(0, 0, "{\"x\":"),
                        new StreamEvent.Finished(0, Stop.LENGTH, null)));
        JsonObject response = StrictClient.take(written, true);
        assertThat(Meaning.of(response).calls()).containsExactly("a f {\"x\":");
        assertThat(response.getJsonArray("output").getJsonObject(0).getString("status"))
                .isEqualTo("incomplete");
    }

    @Test
    void writes_a_refusal_after_text_as_another_part() {
        byte[] written = written(
                "{}",
                List.of(
                        new StreamEvent.TextDelta(0, "Well. "),
                        new StreamEvent.RefusalDelta(0, "I "),
                        new StreamEvent.RefusalDelta(0, "will not."),
                        new StreamEvent.Finished(0, Stop.REFUSAL, null)));
        JsonObject response = StrictClient.take(written, true);
        assertThat(Meaning.of(response).refusal()).isEqualTo("I will not.");
        assertThat(response.getString("status")).isEqualTo("completed");
        assertThat(response.getJsonArray("output")).hasSize(1);
    }

    @Test
    void writes_an_answer_without_content() {
        JsonObject response = StrictClient.take(written("{}", List.of()), true);
        assertThat(response.getJsonArray("output")).isEmpty();
        assertThat(response.get("usage")).isEqualTo(JsonValue.NULL);
    }

    @Test
    void tells_the_first_candidate_only() {
        byte[] written = written(
                "{}",
                List.of(
                        new StreamEvent.TextDelta(0, "one"),
                        new StreamEvent.TextDelta(1, "two"),
                        new StreamEvent.ToolStarted(1, 0, "a", "f", null),
                        new StreamEvent.Finished(1, Stop.LENGTH, null),
                        new StreamEvent.Finished(0, Stop.END, null)));
        assertThat(Meaning.of(StrictClient.take(written, true)).text()).isEqualTo("one");
    }

    @Test
    void sends_log_probabilities_after_their_text() {
        var chat = Json.readObject("""
                {"content":[{"token":"a","logprob":-0.25,"bytes":[97],"top_logprobs":[{"token":"a","logprob":-0.25}]}],"refusal":null}
                """).orElseThrow();
        byte[] written = written("{}", List.of(new StreamEvent.TextDelta(0, "a"), new StreamEvent.Logprobs(0, chat)));
        JsonObject part = StrictClient.take(written, true)
                .getJsonArray("output")
                .getJsonObject(0)
                .getJsonArray("content")
                .getJsonObject(0);
        assertThat(part.getString("text")).isEqualTo("a");
        assertThat(part.getJsonArray("logprobs"))
                .hasToString(
                        "[{\"token\":\"a\",\"logprob\":-0.25,\"bytes\":[97],\"top_logprobs\":[{\"token\":\"a\",\"logprob\":-0.25,\"bytes\":[]}]}]");
    }

    @ParameterizedTest
    @CsvSource({
        "502, upstream_closed_early, server_error, server_error",
        "503, server_is_overloaded, service_unavailable_error, server_is_overloaded",
        "429, rate_limit_exceeded, rate_limit_error, rate_limit_exceeded",
        "429, insufficient_quota, insufficient_quota, insufficient_quota",
        "400, context_length_exceeded, invalid_request_error, context_length_exceeded",
        "400, some_code, invalid_request_error, invalid_prompt"
    })
    void ends_in_failure_and_never_as_if_all_were_well(int status, String code, String type, String failure)
            throws IOException {
        ResponsesStream.Writer writer = writer("{}");
        ByteArrayOutputStream client = new ByteArrayOutputStream();
        writer.write(new StreamEvent.ReasoningDelta(0, "Done."), client);
        writer.write(new StreamEvent.TextDelta(0, "Hal"), client);
        writer.keepAlive(client);
        writer.write(
                new StreamEvent.Failed(new ProviderError(502, ProviderError.Kind.SERVER, null, null, null, null)),
                client);
        writer.fail(status, code, "It \"broke\".\nSorry.", client);
        byte[] written = client.toByteArray();
        boolean isInTheirList =
                List.of("server_error", "rate_limit_exceeded", "invalid_prompt").contains(failure);
        JsonObject response = StrictClient.take(written, isInTheirList);
        assertThat(types(written)).endsWith("error", "response.failed");
        assertThat(types(written)).doesNotContain("response.completed", "response.incomplete");
        assertThat(response.getString("status")).isEqualTo("failed");
        assertThat(response.getJsonObject("error").getString("code")).isEqualTo(failure);
        assertThat(Meaning.of(response).thoughts()).isEqualTo("Done.");
        JsonObject error = ResponsesWire.data(written).stream()
                .filter(event -> event.getString("type").equals("error"))
                .findFirst()
                .orElseThrow();
        assertThat(error.getJsonObject("error").getString("type")).isEqualTo(type);
        assertThat(error.getJsonObject("error").getString("code")).isEqualTo(code);
        assertThat(error.getString("code")).isEqualTo(code);
        assertThat(error.getString("message")).isEqualTo("It \"broke\".\nSorry.");
    }

    static List<String> types(byte[] stream) {
        return ResponsesWire.data(stream).stream()
                .map(event -> event.getString("type"))
                .toList();
    }

    static List<StreamEvent> read(ResponsesStream.Reader reader, byte[] stream, int... cuts) {
        List<StreamEvent> events = new ArrayList<>();
        for (SseEvent event : ResponsesWire.events(stream, cuts)) {
            events.addAll(reader.read(event));
        }
        return events;
    }

    static byte[] written(String request, List<StreamEvent> events) {
        ResponsesStream.Writer writer = writer(request);
        ByteArrayOutputStream client = new ByteArrayOutputStream();
        try {
            for (StreamEvent event : events) {
                writer.write(event, client);
            }
            writer.end(client);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return client.toByteArray();
    }

    private static ResponsesStream.Writer writer(String request) {
        return new ResponsesStream.Writer(
                ResponsesResponseTest.frame(request), () -> Instant.ofEpochSecond(1_700_000_009));
    }

    private static List<EventWatch.Verdict> watch(ResponsesStream.Watch watch, byte[] stream) {
        List<EventWatch.Verdict> verdicts = new ArrayList<>();
        SseFrames.Sink sink = new SseFrames.Sink() {
            @Override
            public boolean event(byte[] buffer, int from, int to) {
                verdicts.add(watch.see(buffer, from, to));
                return true;
            }

            @Override
            public void oversized(byte[] buffer, int from, int to) {
                throw new IllegalStateException("too large");
            }
        };
        try {
            SseFrames frames = new SseFrames();
            frames.accept(stream, 0, stream.length, sink);
            frames.close(sink);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return verdicts;
    }

    static byte[] sse(String... data) {
        StringBuilder stream = new StringBuilder();
        for (String one : data) {
            stream.append("data: ").append(one).append("\n\n");
        }
        return stream.toString().getBytes(StandardCharsets.UTF_8);
    }
}
