package com.smashcost.provider.control.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.UpstreamFailure;
import com.smashcost.provider.control.WireRecording;
import com.smashcost.provider.control.conversation.AnswerFrame;
import com.smashcost.provider.control.conversation.Completion;
import com.smashcost.provider.control.conversation.Completion.Candidate;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.control.conversation.Seal;
import com.smashcost.provider.control.conversation.Stop;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiResponseTest {

    private static final AnswerFrame FRAME = new AnswerFrame(
            "id",
            1_700_000_000L,
            "asked-for",
            OpenAiRequestTest.of("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"));

    /** All recorded answers of providers that speak this dialect. */
    static List<WireRecording> recorded() {
        return OpenAiRequestTest.exchanges()
                .filter(exchange -> exchange.status() == 200 && !exchange.streamed())
                .filter(exchange ->
                        !new String(exchange.body(), StandardCharsets.UTF_8).startsWith("{\"error\"")) // told with 200
                .toList();
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void is_written_with_the_meaning_with_which_it_was_read(WireRecording exchange) throws Exception {
        JsonNode original = Json.read(exchange.body()).orElseThrow();
        JsonNode written = Json.read(OpenAiResponse.write(OpenAiResponse.read(exchange.body()), FRAME))
                .orElseThrow();
        assertThat(written.path("choices")).hasSameSizeAs(original.path("choices"));
        for (int i = 0; i < original.path("choices").size(); i++) {
            JsonNode expected = original.path("choices").get(i);
            JsonNode choice = written.path("choices").get(i);
            JsonNode message = expected.path("message");
            assertThat(choice.path("message").path("content").asText(""))
                    .isEqualTo(message.path("content").asText(""));
            assertThat(choice.path("message").path("refusal").asText(""))
                    .isEqualTo(message.path("refusal").asText(""));
            assertThat(choice.path("message").path("reasoning_content").asText(""))
                    .isEqualTo(message.path("reasoning_content")
                            .asText(message.path("reasoning").asText("")));
            if (message.path("function_call").isObject()) { // the old form is told in the new one
                assertThat(calls(choice))
                        .singleElement()
                        .asString()
                        .contains(message.path("function_call").path("name").asText());
            } else {
                assertThat(calls(choice)).isEqualTo(calls(expected));
            }
            assertThat(choice.path("index")).isEqualTo(expected.path("index"));
            assertThat(choice.path("finish_reason").asText())
                    .isEqualTo(expected.path("finish_reason").asText().replace("function_call", "tool_calls"));
            if (expected.path("logprobs").isObject()) {
                assertThat(choice.path("logprobs")).isEqualTo(expected.path("logprobs"));
            }
        }
        for (String count : List.of("prompt_tokens", "completion_tokens")) {
            assertThat(written.path("usage").path(count))
                    .isEqualTo(original.path("usage").path(count));
        }
        assertThat(written.path("model")).isEqualTo(original.path("model"));
        assertThat(written.path("id").asText()).isEqualTo("chatcmpl-id");
    }

    private static List<String> calls(JsonNode choice) {
        return Stream.iterate(0, i -> i + 1)
                .limit(choice.path("message").path("tool_calls").size())
                .map(choice.path("message").path("tool_calls")::get)
                .map(call ->
                        call.path("id").asText() + " " + call.path("function").path("name") + " "
                                + call.path("function").path("arguments"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "{\"choices\":[]}", "{\"choices\":{}}", "<html>", "{\"choices\":[{}]} x"})
    void is_no_answer_without_a_choice(String body) {
        assertThatExceptionOfType(UpstreamFailure.class)
                .isThrownBy(() -> OpenAiResponse.read(body.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void may_lack_its_message_where_it_was_filtered() throws Exception {
        Candidate candidate = read("{\"choices\":[{\"index\":0,\"finish_reason\":\"content_filter\"}]}");
        assertThat(candidate.parts()).isEmpty();
        assertThat(candidate.stop()).isEqualTo(Stop.CONTENT_FILTER);
    }

    @Test
    void asks_for_tools_whatever_its_provider_calls_that_unless_it_may_be_cut() throws Exception {
        String call =
                "{\"choices\":[{\"message\":{\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]},\"finish_reason\":\"%s\"}]}";
        assertThat(read(call.formatted("stop")).stop()).isEqualTo(Stop.TOOL_CALLS);
        assertThat(read(call.formatted("length")).stop()).isEqualTo(Stop.LENGTH);
    }

    @Test
    void gives_thoughts_and_calls_with_what_their_provider_wants_back() throws Exception {
        Seal thought = new Seal(Dialect.ANTHROPIC_MESSAGES, "signature", "abc+/=");
        Seal call = new Seal(Dialect.GEMINI, "thought", "xyz+/=");
        Completion completion = new Completion(
                "up",
                "claude",
                List.of(new Candidate(
                        0,
                        List.of(
                                new Part.Reasoning("hm", thought),
                                new Part.Text("so"),
                                new Part.ToolCall("call_1", "f", "", call, null)),
                        Stop.TOOL_CALLS,
                        null,
                        null)),
                Report.NONE);
        JsonNode written = Json.read(OpenAiResponse.write(completion, FRAME)).orElseThrow();
        JsonNode message = written.path("choices").path(0).path("message");
        assertThat(message.path("tool_calls")
                        .path(0)
                        .path("function")
                        .path("arguments")
                        .asText())
                .isEqualTo("{}");
        assertThat(written.has("usage")).as("unknown is not told as zero").isFalse();
        String conversation = "{\"model\":\"m\",\"messages\":[" + message + "]}";
        assertThat(OpenAiRequestTest.of(conversation).turns().getFirst().parts())
                .containsExactly(
                        new Part.Reasoning("hm", thought),
                        new Part.Text("so"),
                        new Part.ToolCall("call_1", "f", "{}", call, null));
    }

    @ParameterizedTest
    @EnumSource(Stop.class)
    void tells_every_reason_in_a_word_that_clients_know(Stop stop) {
        assertThat(OpenAiResponse.finishReason(stop, false)).isIn("stop", "length", "tool_calls", "content_filter");
    }

    private static Candidate read(String body) throws UpstreamFailure {
        return OpenAiResponse.read(body.getBytes(StandardCharsets.UTF_8))
                .candidates()
                .getFirst();
    }
}
