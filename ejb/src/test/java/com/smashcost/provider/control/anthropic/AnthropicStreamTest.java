package com.smashcost.provider.control.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.EventWatch.Verdict;
import com.smashcost.provider.control.ProviderError;
import com.smashcost.provider.control.WireRecording;
import com.smashcost.provider.control.conversation.Conversation;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.control.conversation.Seal;
import com.smashcost.provider.control.conversation.Stop;
import com.smashcost.provider.control.conversation.StreamEvent;
import com.smashcost.provider.control.conversation.StreamEvent.Failed;
import com.smashcost.provider.control.conversation.StreamEvent.Finished;
import com.smashcost.provider.control.conversation.StreamEvent.ReasoningDelta;
import com.smashcost.provider.control.conversation.StreamEvent.ReasoningSealed;
import com.smashcost.provider.control.conversation.StreamEvent.RefusalDelta;
import com.smashcost.provider.control.conversation.StreamEvent.Reported;
import com.smashcost.provider.control.conversation.StreamEvent.Started;
import com.smashcost.provider.control.conversation.StreamEvent.TextDelta;
import com.smashcost.provider.control.conversation.StreamEvent.ToolArguments;
import com.smashcost.provider.control.conversation.StreamEvent.ToolStarted;
import com.smashcost.provider.entity.Usage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AnthropicStreamTest {

    private static final List<Answers.Answer> STREAMS = Answers.streams();

    static List<Answers.Answer> recorded() {
        return STREAMS;
    }

    @Test
    void all_streams_are_at_hand() {
        assertThat(STREAMS).hasSizeGreaterThanOrEqualTo(28 + 19);
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void understands_every_recorded_stream(Answers.Answer stream) {
        AnthropicStream.Reader reader = new AnthropicStream.Reader();
        List<StreamEvent> events = Answers.read(reader, stream.bytes());
        assertThat(Told.of(events)).isEqualTo(Told.ofStream(stream.bytes()));
        assertThat(reader.isComplete()).isTrue();
        assertThat(events.get(0)).isInstanceOf(Started.class);
        assertThat(events).noneMatch(Failed.class::isInstance);
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void tells_a_client_of_the_dialect_the_same_again(Answers.Answer stream) {
        byte[] again = Answers.write(
                new AnthropicStream.Writer(Answers.frame()),
                Answers.read(new AnthropicStream.Reader(), stream.bytes()));
        assertWellFormed(again);
        Told first = Told.ofStream(stream.bytes());
        if (first.stop().equals("refusal")) {
            assertThat(Told.ofStream(again).stop()).isEqualTo("refusal");
        } else {
            assertThat(Told.ofStream(again).anonymous()).isEqualTo(first.anonymous());
        }
        assertThat(Told.ofStream(again).model()).isEqualTo(first.model());
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void watches_a_stream_that_passes(Answers.Answer stream) {
        AnthropicStream.Watch watch = new AnthropicStream.Watch();
        List<Verdict> verdicts = watch(watch, stream.bytes());
        assertThat(verdicts).contains(Verdict.END).doesNotContain(Verdict.WITHHOLD);
        assertThat(verdicts.indexOf(Verdict.END)).isEqualTo(verdicts.size() - 1);
        assertThat(watch.isComplete()).isTrue();
        assertThat(watch.hasFailed()).isFalse();
        assertThat(Told.tokens(watch.report()))
                .isEqualTo(Told.ofStream(stream.bytes()).tokens());
        assertThat(watch.report().model())
                .isEqualTo(Told.ofStream(stream.bytes()).model());
    }

    @Property(tries = 300)
    void is_the_same_however_it_is_cut(
            @ForAll("streams") Answers.Answer stream,
            @ForAll @Size(max = 40) List<@IntRange(max = 200_000) Integer> places) {
        int[] cuts = places.stream().mapToInt(Integer::intValue).sorted().toArray();
        assertThat(Answers.read(new AnthropicStream.Reader(), stream.bytes(), cuts))
                .isEqualTo(Answers.read(new AnthropicStream.Reader(), stream.bytes()));
    }

    @Provide
    Arbitrary<Answers.Answer> streams() {
        return Arbitraries.of(STREAMS);
    }

    @Test
    void is_the_same_cut_where_it_hurts() throws IOException {
        int used = 0;
        for (JsonNode plan : Told.tree(Files.readAllBytes(WireRecording.wire().resolve("sse-framing/split-plans.json")))
                .get("plans")) {
            if (plan.get("file").asText().startsWith("recorded/anthropic/")) {
                byte[] stream = Files.readAllBytes(
                        WireRecording.wire().resolve(plan.get("file").asText()));
                int[] cuts = IntStream.range(0, plan.get("split_offsets").size())
                        .map(i -> plan.get("split_offsets").get(i).asInt())
                        .toArray();
                assertThat(Told.of(Answers.read(new AnthropicStream.Reader(), stream, cuts)))
                        .isEqualTo(Told.ofStream(stream));
                used++;
            }
        }
        assertThat(used).isEqualTo(8);
    }

    @Test
    void bears_with_padding_and_pings() throws IOException {
        byte[] padded = Files.readAllBytes(WireRecording.wire().resolve("sse-framing/anthropic-padding.sse"));
        assertThat(Answers.read(new AnthropicStream.Reader(), padded))
                .containsExactly(
                        new Finished(0, Stop.END, null),
                        new Reported(new Report(new Usage(null, null, null, null, 3L, null, null, null), null, null)));
    }

    @Test
    void an_error_amid_the_stream_is_a_failure_and_no_end() throws IOException {
        byte[] stream = Files.readAllBytes(
                WireRecording.wire().resolve("reported-errors/anthropic/stream-error-overloaded.sse"));
        AnthropicStream.Reader reader = new AnthropicStream.Reader();
        List<StreamEvent> events = Answers.read(reader, stream);
        assertThat(events.get(1)).isEqualTo(new TextDelta(0, "Partial ans"));
        assertThat(events.get(2)).isInstanceOfSatisfying(Failed.class, failed -> {
            assertThat(failed.error().kind()).isEqualTo(ProviderError.Kind.OVERLOADED);
            assertThat(failed.error().status()).isEqualTo(529);
        });
        assertThat(events).hasSize(3);
        assertThat(reader.isComplete()).isFalse();

        AnthropicStream.Watch watch = new AnthropicStream.Watch();
        assertThat(watch(watch, stream)).doesNotContain(Verdict.END);
        assertThat(watch.hasStarted()).isTrue();
        assertThat(watch.hasFailed()).isTrue();
        assertThat(watch.isComplete()).isFalse();
        assertThat(watch.report().usage().input()).isEqualTo(25);

        ByteArrayOutputStream client = new ByteArrayOutputStream();
        AnthropicStream.Writer writer = new AnthropicStream.Writer(Answers.frame());
        for (StreamEvent event : events) {
            writer.write(event, client);
        }
        writer.end(client);
        List<JsonNode> told = Told.events(client.toByteArray());
        assertThat(told.get(told.size() - 1).at("/error/type").asText()).isEqualTo("overloaded_error");
        assertThat(client.toString(StandardCharsets.UTF_8)).doesNotContain("message_stop");
    }

    @Test
    void a_stream_that_is_cut_off_is_not_complete() {
        String whole = new String(STREAMS.get(0).bytes(), StandardCharsets.UTF_8);
        AnthropicStream.Reader reader = new AnthropicStream.Reader();
        Answers.read(reader, bytes(whole.substring(0, whole.indexOf("event: message_delta"))));
        assertThat(reader.isComplete()).isFalse();
        AnthropicStream.Watch watch = new AnthropicStream.Watch();
        watch(watch, bytes(whole.substring(0, whole.indexOf("event: message_stop"))));
        assertThat(watch.isComplete()).isFalse();
    }

    @Test
    void another_message_amid_a_message_is_a_failure() {
        byte[] spliced = Answers.framed(
                Answers.fixture("spliced-message-start.chunks.txt").bytes());
        AnthropicStream.Reader reader = new AnthropicStream.Reader();
        List<StreamEvent> events = Answers.read(reader, spliced);
        assertThat(events.get(events.size() - 1)).isInstanceOf(Failed.class);
        assertThat(events.stream().filter(ToolStarted.class::isInstance)).hasSize(1);
        assertThat(reader.isComplete()).isFalse();
    }

    @Test
    void the_same_beginning_twice_is_one() {
        String start = """
                event: message_start
                data: {"type":"message_start","message":{"id":"msg_1","model":"m","usage":{"input_tokens":5,"output_tokens":1}}}

                """;
        List<StreamEvent> events = Answers.read(new AnthropicStream.Reader(), bytes(start + start + """
                data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"Hi"}}

                data: {"type":"some_news","x":1}

                data: {"type":"content_block_delta","index":0,"delta":{"type":"news_delta","text":"?"}}

                data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}}

                data: {"type":"message_delta","delta":{"stop_reason":"max_tokens"},"usage":{"input_tokens":6,"output_tokens":3}}

                """));
        assertThat(events)
                .containsExactly(
                        new Started("msg_1", "m", new Report(usage(5, 1), null, "m")),
                        new TextDelta(0, "Hi"),
                        new Finished(0, Stop.END, null),
                        new Reported(new Report(usage(5, 2), null, "m")),
                        new Reported(new Report(usage(6, 3), null, "m")));
    }

    @Test
    void what_is_no_event_of_the_dialect_is_a_failure() {
        for (String data : List.of("<html>", "{\"id\":\"chatcmpl-1\",\"choices\":[]}", "[1]", "{\"type\":\"mess")) {
            AnthropicStream.Reader reader = new AnthropicStream.Reader();
            List<StreamEvent> events = Answers.read(reader, bytes("data: " + data + "\n\n"));
            assertThat(events).singleElement().isInstanceOf(Failed.class);
            assertThat(reader.isComplete()).isFalse();
        }
    }

    @Test
    void a_call_without_arguments_or_with_all_at_once_has_its_object() {
        List<StreamEvent> events = Answers.read(new AnthropicStream.Reader(), bytes("""
                data: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"a","name":"f","input":{}}}

                data: {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":""}}

                data: {"type":"content_block_stop","index":0}

                data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"b","name":"g","input":{"x":1}}}

                data: {"type":"content_block_stop","index":1}

                """));
        assertThat(events)
                .containsExactly(
                        new ToolStarted(0, 0, "a", "f", null),
                        new ToolArguments(0, 0, "{}"),
                        new ToolStarted(0, 1, "b", "g", null),
                        new ToolArguments(0, 1, "{\"x\":1}"));
    }

    @Test
    void takes_a_structured_answer_out_of_its_envelope() {
        Conversation request = AnthropicRequest.read(Told.object("""
                {"model":"m","max_tokens":9,"messages":[{"role":"user","content":"x"}],
                 "output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}}}"""));
        String fixture = new String(
                        Answers.fixture("anthropic-json-tool.2.chunks.txt").bytes(), StandardCharsets.UTF_8)
                .replace("\"name\":\"json\"", "\"name\":\"json_answer\"");
        List<StreamEvent> events = Answers.read(
                new AnthropicStream.Reader(request, AnthropicRequestTest.OLD), Answers.framed(bytes(fixture)));
        Told told = Told.of(events);
        assertThat(Told.tree(told.text())
                        .path("elements")
                        .path(0)
                        .path("location")
                        .asText())
                .isEqualTo("San Francisco");
        assertThat(told.tools()).isEmpty();
        assertThat(told.stop()).isEqualTo("end_turn");

        List<StreamEvent> declined = Answers.read(
                new AnthropicStream.Reader(request, AnthropicRequestTest.OLD),
                Answers.framed(Answers.fixture("anthropic-text.chunks.txt").bytes()));
        assertThat(Told.of(declined).text())
                .isEqualTo(Told.ofStream(Answers.framed(
                                Answers.fixture("anthropic-text.chunks.txt").bytes()))
                        .text());
    }

    @Test
    void tells_each_piece_at_once() throws IOException {
        AnthropicStream.Writer writer = new AnthropicStream.Writer(Answers.frame(), 77);
        assertThat(types(writer, new TextDelta(0, "a")))
                .containsExactly("message_start", "content_block_start", "content_block_delta");
        assertThat(types(writer, new TextDelta(0, "b"))).containsExactly("content_block_delta");
        assertThat(types(writer, new ToolStarted(0, 0, "t", "f", null)))
                .containsExactly("content_block_stop", "content_block_start");
        assertThat(types(writer, new ToolArguments(0, 0, "{\"a\""))).containsExactly("content_block_delta");
        assertThat(types(writer, new ToolArguments(0, 0, ":\"}\"}"))).containsExactly("content_block_delta");
        assertThat(types(writer, new ToolStarted(0, 1, "u", "f", null)))
                .containsExactly("content_block_stop", "content_block_start");
        assertThat(types(writer, new Finished(0, Stop.TOOL_CALLS, null))).isEmpty();
    }

    @Test
    void begins_with_an_estimate_of_the_prompt_and_ends_with_the_true_number() {
        byte[] stream = Answers.write(
                new AnthropicStream.Writer(Answers.frame(), 77),
                List.of(
                        new Started("chatcmpl-1", "gpt-x", Report.NONE),
                        new TextDelta(0, ""),
                        new TextDelta(0, "Hi"),
                        new Finished(0, Stop.LENGTH, null),
                        new Reported(new Report(new Usage(50L, 9L, null, null, 4L, 3L, null, null), null, null))));
        assertWellFormed(stream);
        List<JsonNode> events = Told.events(stream);
        assertThat(events.get(0).at("/message/usage/input_tokens").asLong()).isEqualTo(77);
        assertThat(events.get(0).at("/message/id").asText()).isEqualTo("msg_0190abc");
        assertThat(events.get(0).at("/message/model").asText()).isEqualTo("gpt-x");
        JsonNode end = events.get(events.size() - 2);
        assertThat(end.at("/delta/stop_reason").asText()).isEqualTo("max_tokens");
        assertThat(end.at("/usage/input_tokens").asLong()).isEqualTo(50);
        assertThat(end.at("/usage/cache_read_input_tokens").asLong()).isEqualTo(9);
        assertThat(end.at("/usage/output_tokens").asLong()).isEqualTo(7);
    }

    @Test
    void parallel_calls_that_interleave_are_told_one_after_the_other() {
        byte[] stream = Answers.write(
                new AnthropicStream.Writer(Answers.frame()),
                List.of(
                        new ToolStarted(0, 0, "a", "f", null),
                        new ToolStarted(0, 1, "b", "g", null),
                        new ToolStarted(0, 2, "c", "h", null),
                        new ToolArguments(0, 1, "{\"y\""),
                        new ToolArguments(0, 0, "{\"x\":[1"),
                        new ToolArguments(0, 1, ":2}"),
                        new ToolArguments(0, 0, "]}"),
                        new TextDelta(0, "done"),
                        new Finished(0, Stop.END, null)));
        assertWellFormed(stream);
        Told told = Told.ofStream(stream);
        assertThat(told.tools()).containsExactly("a f {\"x\":[1]}", "b g {\"y\":2}", "c h {}");
        assertThat(told.text()).isEqualTo("done");
        assertThat(told.stop()).isEqualTo("tool_use");
    }

    @Test
    void thoughts_of_another_provider_are_sealed_in_their_block() {
        Seal seal = new Seal(Dialect.OPENAI_RESPONSES, "encrypted", "gAAA");
        Seal inId = new Seal(Dialect.GEMINI, "signature", "abc");
        byte[] stream = Answers.write(
                new AnthropicStream.Writer(Answers.frame()),
                List.of(
                        new ReasoningDelta(0, "one "),
                        new ReasoningDelta(0, "two"),
                        new ReasoningSealed(0, seal),
                        new ReasoningSealed(0, seal),
                        new ReasoningDelta(0, "never sealed"),
                        new TextDelta(0, "Hi"),
                        new ToolStarted(0, 0, "x.y", "f", inId)));
        assertWellFormed(stream);
        List<JsonNode> events = Told.events(stream);
        List<String> signatures = events.stream()
                .filter(event -> event.at("/delta/type").asText().equals("signature_delta"))
                .map(event -> event.at("/delta/signature").asText())
                .toList();
        assertThat(signatures).containsExactly(seal.text(), seal.text(), Seal.UNSIGNED);
        String id = events.stream()
                .map(event -> event.at("/content_block/id").asText(""))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElseThrow();
        assertThat(Seal.sealOf(id)).contains(inId);
        assertThat(id).matches("[A-Za-z0-9_-]+");
    }

    @Test
    void a_refusal_is_told_in_words_and_as_the_reason() {
        byte[] stream = Answers.write(
                new AnthropicStream.Writer(Answers.frame()),
                List.of(new RefusalDelta(0, "I "), new RefusalDelta(0, "won't."), new Finished(0, Stop.END, null)));
        assertWellFormed(stream);
        assertThat(Told.ofStream(stream).text()).isEqualTo("I won't.");
        assertThat(Told.ofStream(stream).stop()).isEqualTo("refusal");
    }

    @Test
    void even_an_empty_answer_has_a_beginning_and_an_end() {
        byte[] stream = Answers.write(new AnthropicStream.Writer(Answers.frame()), List.of());
        assertWellFormed(stream);
        assertThat(Told.ofStream(stream).stop()).isEqualTo("end_turn");
    }

    @Test
    void keeps_the_connection_alive_with_pings() throws IOException {
        ByteArrayOutputStream client = new ByteArrayOutputStream();
        new AnthropicStream.Writer(Answers.frame()).keepAlive(client);
        assertThat(client.toString(StandardCharsets.UTF_8)).isEqualTo("event: ping\ndata: {\"type\":\"ping\"}\n\n");
    }

    @Property(tries = 500)
    void any_order_of_events_is_told_in_order(@ForAll("events") List<StreamEvent> events) {
        byte[] stream = Answers.write(new AnthropicStream.Writer(Answers.frame()), events);
        assertWellFormed(stream);
        Told told = Told.ofStream(stream);
        Told meant = Told.of(events.stream()
                .filter(event -> !(event instanceof TextDelta text && text.candidate() > 0))
                .toList());
        assertThat(told.text()).isEqualTo(meant.text());
        assertThat(told.thoughts()).isEqualTo(meant.thoughts());
        assertThat(told.tools()).containsExactlyInAnyOrderElementsOf(meant.tools());
    }

    /** Text and thoughts in any order, among them up to three calls whose pieces interleave in any way. */
    @Provide
    Arbitrary<List<StreamEvent>> events() {
        Arbitrary<StreamEvent> said = Arbitraries.of(
                new TextDelta(0, "a"),
                new TextDelta(0, "ü\n\"\u2028"),
                new TextDelta(0, ""),
                new TextDelta(1, "another candidate's"),
                new ReasoningDelta(0, "hm "),
                new ReasoningSealed(0, new Seal(Dialect.GEMINI, "signature", "s")),
                new Reported(Report.NONE));
        return Arbitraries.integers().between(0, 3).flatMap(calls -> {
            List<StreamEvent> pieces = new ArrayList<>();
            for (int call = 0; call < calls; call++) {
                pieces.add(new ToolStarted(0, call, "id" + call, "f", null));
                for (String piece : List.of("{\"k", "\":", "\"}\\\"[\",", "\"n\":[" + call, "]", "}")) {
                    pieces.add(new ToolArguments(0, call, piece));
                }
            }
            return said.list()
                    .ofMaxSize(12)
                    .flatMap(texts -> Arbitraries.shuffle(pieces).map(shuffled -> merged(inOrder(shuffled), texts)));
        });
    }

    /** The pieces of each call in their order, whatever the order of the calls. */
    private static List<StreamEvent> inOrder(List<StreamEvent> shuffled) {
        List<List<StreamEvent>> byCall = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        List<String> pieces = List.of("{\"k", "\":", "\"}\\\"[\",", "\"n\":[", "]", "}");
        List<StreamEvent> ordered = new ArrayList<>();
        for (StreamEvent event : shuffled) {
            int call = event instanceof ToolStarted tool ? tool.call() : ((ToolArguments) event).call();
            int next = byCall.get(call).size();
            StreamEvent piece = next == 0
                    ? new ToolStarted(0, call, "id" + call, "f", null)
                    : new ToolArguments(0, call, pieces.get(next - 1) + (next == 4 ? call : ""));
            byCall.get(call).add(piece);
            ordered.add(piece);
        }
        return ordered;
    }

    private static List<StreamEvent> merged(List<StreamEvent> calls, List<StreamEvent> texts) {
        List<StreamEvent> merged = new ArrayList<>();
        int step = Math.max(1, calls.size() / (texts.size() + 1));
        int text = 0;
        for (int i = 0; i < calls.size(); i++) {
            if (i % step == 0 && text < texts.size()) {
                merged.add(texts.get(text++));
            }
            merged.add(calls.get(i));
        }
        merged.addAll(texts.subList(text, texts.size()));
        return merged;
    }

    /** What every client of the dialect relies on. */
    static void assertWellFormed(byte[] stream) {
        String text = new String(stream, StandardCharsets.UTF_8);
        assertThat(text).doesNotContain("\r").endsWith("\n\n");
        for (String event : text.split("\n\n")) {
            assertThat(event).matches("(?s)event: [a-z_]+\ndata: \\{[^\n]*}");
            assertThat(event)
                    .startsWith("event: "
                            + Told.tree(event.substring(event.indexOf("data: ") + 6))
                                    .get("type")
                                    .asText() + "\n");
        }
        String open = "";
        int blocks = 0;
        Set<String> kinds = new HashSet<>();
        List<JsonNode> events = Told.events(stream);
        for (int i = 0; i < events.size(); i++) {
            JsonNode event = events.get(i);
            String type = event.get("type").asText();
            assertThat(type.equals("message_start")).isEqualTo(i == 0);
            assertThat(type.equals("message_delta")).isEqualTo(i == events.size() - 2);
            assertThat(type.equals("message_stop")).isEqualTo(i == events.size() - 1);
            switch (type) {
                case "content_block_start" -> {
                    assertThat(open).as("one block at a time").isEmpty();
                    assertThat(event.get("index").asInt()).isEqualTo(blocks);
                    open = event.at("/content_block/type").asText();
                    kinds = new HashSet<>();
                }
                case "content_block_delta" -> {
                    assertThat(event.get("index").asInt()).isEqualTo(blocks);
                    String kind = event.at("/delta/type").asText();
                    kinds.add(kind);
                    assertThat(kind)
                            .isIn(
                                    switch (open) {
                                        case "text" -> List.of("text_delta", "citations_delta");
                                        case "thinking" -> List.of("thinking_delta", "signature_delta");
                                        case "" -> List.of();
                                        default -> List.of("input_json_delta");
                                    });
                }
                case "content_block_stop" -> {
                    assertThat(open).isNotEmpty();
                    assertThat(event.get("index").asInt()).isEqualTo(blocks++);
                    if (open.equals("thinking")) {
                        assertThat(kinds).contains("signature_delta");
                    }
                    open = "";
                }
                default -> assertThat(open).isEmpty();
            }
        }
    }

    private static List<String> types(AnthropicStream.Writer writer, StreamEvent event) throws IOException {
        ByteArrayOutputStream client = new ByteArrayOutputStream();
        writer.write(event, client);
        return Told.events(client.toByteArray()).stream()
                .map(told -> told.get("type").asText())
                .toList();
    }

    private static List<Verdict> watch(AnthropicStream.Watch watch, byte[] stream) {
        List<Verdict> verdicts = new ArrayList<>();
        String text = new String(stream, StandardCharsets.ISO_8859_1);
        int from = 0;
        for (int end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n", from)) {
            verdicts.add(watch.see(stream, from, end + 2));
            from = end + 2;
        }
        return verdicts;
    }

    private static Usage usage(long input, long output) {
        return new Usage(input, null, null, null, output, null, null, null);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void shows_no_thoughts_to_a_client_that_did_not_ask_for_them() throws IOException {
        for (String members :
                List.of("", ",\"thinking\":{\"type\":\"disabled\"}", ",\"output_config\":{\"effort\":\"low\"}")) {
            AnthropicStream.Writer writer = new AnthropicStream.Writer(Answers.frame(members));
            ByteArrayOutputStream client = new ByteArrayOutputStream();
            writer.write(new StreamEvent.ReasoningDelta(0, "hm"), client);
            writer.write(new StreamEvent.ReasoningSealed(0, new Seal(Dialect.GEMINI, "thought", "x")), client);
            writer.write(new StreamEvent.TextDelta(0, "so"), client);
            writer.end(client);
            assertThat(client.toString(StandardCharsets.UTF_8))
                    .doesNotContain("thinking")
                    .contains("\"index\":0,\"content_block\":{\"type\":\"text\"");
        }
    }
}
