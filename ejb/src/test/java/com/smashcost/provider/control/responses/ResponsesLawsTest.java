package com.smashcost.provider.control.responses;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.conversation.Completion;
import com.smashcost.provider.control.conversation.Conversation;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.control.conversation.Seal;
import com.smashcost.provider.control.conversation.Stop;
import com.smashcost.provider.control.conversation.StreamEvent;
import com.smashcost.provider.control.conversation.Turn;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

@Tag("G40")
class ResponsesLawsTest {

    private static final List<ResponsesWire.Answer> STREAMS = ResponsesWire.streams();

    @Property(tries = 200)
    void a_stream_says_the_same_however_it_is_cut(
            @ForAll("streams") ResponsesWire.Answer stream,
            @ForAll @Size(max = 40) List<@IntRange(max = 1_000_000) Integer> places) {
        int[] cuts = places.stream()
                .mapToInt(place -> place % (stream.body().length + 1))
                .sorted()
                .toArray();
        assertThat(ResponsesStreamTest.read(new ResponsesStream.Reader(), stream.body(), cuts))
                .isEqualTo(ResponsesStreamTest.read(new ResponsesStream.Reader(), stream.body()));
    }

    @Property(tries = 300)
    void a_conversation_that_is_written_and_read_is_the_same(@ForAll("turns") List<Turn> turns) {
        Conversation before = ResponsesRequestTest.conversation(
                Conversation.Sampling.DEFAULT, null, List.of(), List.of(), turns.toArray(Turn[]::new));
        byte[] body = ResponsesRequest.write(before, ResponsesRequestTest.ABLE).body();
        assertThat(ResponsesRequest.read(Json.readObject(body).orElseThrow()).turns())
                .isEqualTo(turns);
        assertThat(Schemas.OPENAI.errors("CreateResponse", body)).isEmpty();
    }

    @Property(tries = 300)
    void an_answer_is_the_same_whole_and_streamed(@ForAll("answers") List<Part> parts) throws Exception {
        Stop stop = parts.stream().anyMatch(Part.ToolCall.class::isInstance) ? Stop.TOOL_CALLS : Stop.END;
        Completion completion = ResponsesResponseTest.completion(stop, parts.toArray(Part[]::new));
        byte[] whole = ResponsesResponse.write(completion, ResponsesResponseTest.frame("{}"));
        byte[] streamed = ResponsesStreamTest.written("{}", events(parts, stop));
        StrictClient.take(streamed, false);
        Meaning meaning = Meaning.of(ResponsesWire.json(whole));
        assertThat(Meaning.of(ResponsesWire.finalResponse(streamed))).isEqualTo(meaning);
        assertThat(Meaning.of(ResponsesResponse.read(whole)).calls()).isEqualTo(meaning.calls());
        assertThat(Schemas.OPENAI.errors("Response", whole)).isEmpty();
        assertThat(Schemas.OPEN.errors("ResponseResource", whole)).isEmpty();
    }

    /** The answer in pieces of one or two characters. */
    private static List<StreamEvent> events(List<Part> parts, Stop stop) {
        List<StreamEvent> events = new ArrayList<>();
        events.add(new StreamEvent.Started("upstream", "m-1", Report.NONE));
        int calls = 0;
        for (Part part : parts) {
            switch (part) {
                case Part.Text text ->
                    pieces(text.text()).forEach(piece -> events.add(new StreamEvent.TextDelta(0, piece)));
                case Part.Reasoning reasoning -> {
                    pieces(reasoning.text()).forEach(piece -> events.add(new StreamEvent.ReasoningDelta(0, piece)));
                    Seal seal = reasoning.seal();
                    if (seal != null) {
                        events.add(new StreamEvent.ReasoningSealed(0, seal));
                    }
                }
                case Part.ToolCall call -> {
                    int number = calls++;
                    events.add(new StreamEvent.ToolStarted(0, number, call.id(), call.name(), call.seal()));
                    pieces(call.arguments())
                            .forEach(piece -> events.add(new StreamEvent.ToolArguments(0, number, piece)));
                }
                default -> throw new IllegalStateException(part.toString());
            }
        }
        events.add(new StreamEvent.Reported(new Report(ResponsesResponseTest.USAGE, "flex", "m-1")));
        events.add(new StreamEvent.Finished(0, stop, null));
        return events;
    }

    private static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int to = text.offsetByCodePoints(from, 1);
            pieces.add(text.substring(from, to));
            from = to;
        }
        return pieces;
    }

    @Provide
    Arbitrary<ResponsesWire.Answer> streams() {
        return Arbitraries.of(STREAMS);
    }

    @Provide
    Arbitrary<List<Part>> answers() {
        Arbitrary<Part> reasoning = Combinators.combine(texts(), seals()).as(Part.Reasoning::new);
        Arbitrary<Part> call = calls(seals());
        Arbitrary<Part> text = texts().map(Part.Text::new);
        return Arbitraries.oneOf(reasoning, call, text).list().ofMaxSize(6);
    }

    @Provide
    Arbitrary<List<Turn>> turns() {
        Arbitrary<Part> text = texts().map(Part.Text::new);
        Arbitrary<Part> image = Arbitraries.of("low", "high", "auto")
                .map(detail -> new Part.Image(new Part.Source.Base64("image/png", "iVBO"), detail, null));
        Arbitrary<Part> file =
                texts().map(name -> new Part.Document(new Part.Source.Base64("application/pdf", "JVBE"), name, null));
        Arbitrary<List<Part>> said =
                Arbitraries.oneOf(text, image, file).list().ofMinSize(1).ofMaxSize(3);
        Arbitrary<Part> own = texts().map(thought -> new Part.Reasoning(
                thought,
                new Seal(Dialect.OPENAI_RESPONSES, "encrypted", "{\"id\":\"rs_1\",\"encrypted_content\":\"gAAA\"}")));
        Arbitrary<Turn> user = said.map(parts -> new Turn.User(parts, null));
        Arbitrary<Turn> instruction = Combinators.combine(text.list().ofSize(1), Arbitraries.of(true, false))
                .as(Turn.Instruction::new);
        Arbitrary<Turn> assistant = Arbitraries.oneOf(
                        text, own, calls(Arbitraries.just(new Seal(Dialect.GEMINI, "s", "x"))))
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(parts -> new Turn.Assistant(parts, null));
        return Arbitraries.oneOf(user, instruction, assistant)
                .list()
                .ofMaxSize(5)
                .map(ResponsesLawsTest::plausible);
    }

    /** Two turns of the model in a row are one; every call has its own id, and its result follows. */
    private static List<Turn> plausible(List<Turn> turns) {
        List<Turn> all = new ArrayList<>();
        int calls = 0;
        for (Turn turn : turns) {
            if (!(turn instanceof Turn.Assistant)) {
                all.add(turn);
                continue;
            }
            List<Part> parts = new ArrayList<>();
            List<Part> results = new ArrayList<>();
            for (Part part : turn.parts()) {
                if (part instanceof Part.ToolCall call) {
                    String id = "call_" + calls++;
                    parts.add(new Part.ToolCall(
                            id, call.name(), call.arguments().isEmpty() ? "{}" : call.arguments(), null, null));
                    results.add(new Part.ToolResult(id, List.of(new Part.Text("done")), false, null));
                } else {
                    parts.add(part);
                }
            }
            results.add(new Part.Text("Go on."));
            all.add(new Turn.Assistant(parts, null));
            all.add(new Turn.User(results, null));
        }
        return all;
    }

    private static Arbitrary<Part> calls(Arbitrary<Seal> seals) {
        return Combinators.combine(
                        Arbitraries.of("f", "get_weather", "a-b"),
                        Arbitraries.of("", "{}", "{\"a\":\"}\"}", "{\"a\":[{\"b\":\"\\\"\"}],\"c\":1.50}"),
                        seals)
                .as((name, arguments, seal) -> new Part.ToolCall("call_1", name, arguments, seal, null));
    }

    private static Arbitrary<Seal> seals() {
        return Arbitraries.of(Dialect.ANTHROPIC_MESSAGES, Dialect.GEMINI)
                .map(dialect -> new Seal(dialect, "signature", "Eq/+="));
    }

    private static Arbitrary<String> texts() {
        return Arbitraries.of(
                "a",
                "Grüße, 世界 \uD83D\uDE42",
                "line\nbreak\r\n\ttab",
                "\"quoted\\\"",
                "data: x\n\nevent: y",
                "\u2028\u0000");
    }
}
