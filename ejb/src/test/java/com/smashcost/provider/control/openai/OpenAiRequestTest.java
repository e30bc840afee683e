package com.smashcost.provider.control.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.WireRecording;
import com.smashcost.provider.control.conversation.Conversation;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Tool;
import com.smashcost.provider.control.conversation.Traits;
import com.smashcost.provider.control.conversation.Translated;
import com.smashcost.provider.control.conversation.Turn;
import com.smashcost.refusal.control.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class OpenAiRequestTest {

    private static final Traits ABLE = new Traits(
            "gpt-x",
            "openai",
            128_000L,
            16_000L,
            Map.of("reasoning", true, "audio_input", true, "vision", true, "minimal_reasoning_effort", true));
    private static final Traits GROQ = new Traits("llama-x", "groq", null, null, Map.of());

    /** All recorded exchanges of providers that speak this dialect. */
    static Stream<WireRecording> exchanges() {
        return Stream.of("openai", "groq", "azure-openai", "deepseek", "openrouter")
                .flatMap(provider -> WireRecording.of(provider, "chat-completions").stream());
    }

    /** Recorded requests, without those that hold members of one server alone, which no translation knows. */
    static List<WireRecording> requests() {
        return exchanges()
                .filter(exchange -> exchange.request().path("messages").isArray())
                .filter(exchange -> !exchange.request().has("audio"))
                .filter(exchange -> exchange.status() == 200)
                .filter(exchange -> !exchange.request().has("web_search_options"))
                .filter(exchange -> !exchange.request().toString().contains("\"file_data\":\"http"))
                .toList();
    }

    static Conversation of(String body) {
        return OpenAiRequest.read(Json.readObject(body).orElseThrow());
    }

    @ParameterizedTest
    @MethodSource("requests")
    void keeps_its_meaning_when_it_is_read_and_written_and_read_again(WireRecording exchange) {
        Conversation once = OpenAiRequest.read((ObjectNode) exchange.request());
        byte[] written = OpenAiRequest.write(once, ABLE).body();
        Conversation twice = OpenAiRequest.read(Json.readObject(written).orElseThrow());
        assertThat(turns(twice)).isEqualTo(turns(once));
        assertThat(tools(twice)).isEqualTo(tools(once));
        assertThat(twice.toolChoice()).isEqualTo(once.tools().isEmpty() ? null : once.toolChoice());
        assertThat(twice.format()).isEqualTo(once.format());
        assertThat(twice.sampling().temperature()).isEqualTo(once.sampling().temperature());
        assertThat(twice.sampling().stop()).isEqualTo(once.sampling().stop());
        assertThat(OpenAiRequest.write(twice, ABLE).body())
                .as("the same conversation gives the same bytes")
                .isEqualTo(written);
    }

    /** What is said, by whom; how texts are divided does not count. */
    private static List<String> turns(Conversation conversation) {
        List<String> turns = new ArrayList<>();
        for (Turn turn : conversation.turns()) {
            StringBuilder said = new StringBuilder(turn.getClass().getSimpleName());
            for (Part part : turn.parts()) {
                switch (part) {
                    case Part.Text text -> said.append(text.text().strip());
                    case Part.Image image ->
                        said.append(" image ").append(image.source().hashCode());
                    case Part.ToolCall call ->
                        said.append(call.id()).append(call.name()).append(call.arguments());
                    case Part.ToolResult result -> said.append(result.callId());
                    case Part.Document document -> said.append(" document");
                    case Part.Audio audio -> said.append(audio.data().hashCode());
                    default -> {}
                }
            }
            if (said.length() > turn.getClass().getSimpleName().length()) { // who says nothing has no turn
                turns.add(said.toString().replaceAll("\\s", ""));
            }
        }
        return turns;
    }

    /** The tools without their cache marks, which this dialect has no place for. */
    private static List<Tool> tools(Conversation conversation) {
        return conversation.tools().stream()
                .map(tool -> tool instanceof Tool.Function function
                        ? new Tool.Function(
                                function.name(), function.description(), function.parameters(), function.strict(), null)
                        : tool)
                .toList();
    }

    @Test
    void puts_results_of_tools_directly_after_the_call_and_their_images_after_the_last() {
        Conversation conversation = new Conversation(
                Json.object(),
                "m",
                List.of(
                        new Turn.Assistant(
                                List.of(
                                        new Part.ToolCall("a", "f", "", null, null),
                                        new Part.ToolCall("b", "f", "{\"x\":1}", null, null)),
                                null),
                        new Turn.User(
                                List.of(
                                        new Part.ToolResult(
                                                "a",
                                                List.of(
                                                        new Part.Text("seen"),
                                                        new Part.Image(
                                                                new Part.Source.Base64("image/png", "AAAA"),
                                                                null,
                                                                null)),
                                                false,
                                                null),
                                        new Part.ToolResult("b", List.of(new Part.Text("broke")), true, null),
                                        new Part.Text("go on")),
                                null)),
                List.of(),
                null,
                null,
                null,
                Conversation.Sampling.DEFAULT,
                null,
                null,
                null,
                null,
                false,
                false,
                List.of());
        JsonNode messages = body(OpenAiRequest.write(conversation, ABLE)).path("messages");
        assertThat(messages)
                .extracting(message -> message.path("role").asText())
                .containsExactly("assistant", "tool", "tool", "user");
        assertThat(messages.get(0)
                        .path("tool_calls")
                        .get(0)
                        .path("function")
                        .path("arguments")
                        .asText())
                .isEqualTo("{}");
        assertThat(messages.get(2).path("content").asText()).isEqualTo("Error: broke");
        assertThat(messages.get(3).path("content"))
                .extracting(part -> part.path("type").asText())
                .containsExactly("image_url", "text");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'model':'m'} | messages",
                "{'model':'m','messages':[]} | messages",
                "{'model':'m','messages':[{'role':'king','content':'x'}]} | messages[0].role",
                "{'model':'m','messages':[{'role':'user','content':7}]} | messages[0].content",
                "{'model':'m','messages':[{'role':'user','content':[{'type':'smell'}]}]} | messages[0].content.type",
                "{'model':'m','messages':[{'role':'tool','content':'x'}]} | messages[0].tool_call_id",
                "{'model':'m','temperature':'hot','messages':[{'role':'user','content':'x'}]} | temperature",
                "{'model':'m','tools':{},'messages':[{'role':'user','content':'x'}]} | tools",
                "{'model':'m','tool_choice':'some','messages':[{'role':'user','content':'x'}]} | tool_choice",
                "{'model':'m','stop':[1],'messages':[{'role':'user','content':'x'}]} | stop",
                "{'model':'m','response_format':{'type':'xml'},'messages':[{'role':'user','content':'x'}]} | response_format.type"
            })
    void names_the_member_that_is_wrong(String body, String member) {
        assertThatExceptionOfType(Refusal.BadRequest.class)
                .isThrownBy(() -> of(body.replace('\'', '"')))
                .satisfies(refusal -> assertThat(refusal.param()).isEqualTo(member));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'n':2 | n",
                "'logprobs':true | logprobs",
                "'modalities':['audio','text'] | modalities",
                "'web_search_options':{} | web_search_options",
                "'stop':['a','b','c','d','e'] | stop"
            })
    void refuses_what_an_answer_would_be_wrong_without(String members, String member) {
        assertThatExceptionOfType(Refusal.BadRequest.class)
                .isThrownBy(() -> OpenAiRequest.write(said(members), GROQ))
                .satisfies(refusal -> {
                    assertThat(refusal.param()).isEqualTo(member);
                    assertThat(refusal.explanation()).contains("llama-x");
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"'top_k':3 | top_k", "'store':true | store", "'reasoning_effort':'low' | reasoning_effort"})
    void drops_what_does_no_harm_and_says_so(String members, String dropped) {
        Translated written = OpenAiRequest.write(said(members), GROQ);
        assertThat(written.dropped()).containsExactly(dropped);
        assertThat(body(written).properties()).hasSize(2);
    }

    @Test
    void sends_no_mail_address_of_a_user() {
        assertThat(body(OpenAiRequest.write(said("'user':'jo@example.com'"), ABLE))
                        .has("safety_identifier"))
                .isFalse();
        assertThat(body(OpenAiRequest.write(said("'user':'u1'"), ABLE))
                        .path("safety_identifier")
                        .asText())
                .isEqualTo("u1");
    }

    @Test
    void asks_for_no_more_tokens_than_the_model_can_write() {
        assertThat(body(OpenAiRequest.write(said("'max_tokens':99999"), ABLE))
                        .path("max_completion_tokens")
                        .asLong())
                .isEqualTo(16_000L);
    }

    private static Conversation said(String members) {
        return of(("{'model':'m','messages':[{'role':'user','content':'x'}]," + members + "}").replace('\'', '"'));
    }

    private static JsonNode body(Translated translated) {
        return Json.read(new String(translated.body(), StandardCharsets.UTF_8)).orElseThrow();
    }
}
