package com.smashcost.provider.control.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.conversation.Conversation;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Seal;
import com.smashcost.provider.control.conversation.Traits;
import com.smashcost.provider.control.conversation.Turn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

class AnthropicRequestLawsTest {

    private static final Traits NEW =
            AnthropicRequestTest.traits("claude-new", Map.of("mid_conversation_system", true, "reasoning", true));

    /** What the provider refuses is never written, whatever the turns are. */
    @Property(tries = 500)
    void every_body_keeps_the_rules_of_the_provider(@ForAll("turns") List<Turn> turns, @ForAll boolean old) {
        AnthropicRequestTest.Asked asked = new AnthropicRequestTest.Asked().turn(user("begin"));
        turns.forEach(asked::turn);
        JsonNode messages = asked.body(old ? AnthropicRequestTest.OLD : NEW).path("messages");
        String before = "";
        for (int i = 0; i < messages.size(); i++) {
            JsonNode message = messages.get(i);
            String role = message.path("role").asText();
            assertThat(role).isNotEqualTo(before);
            assertThat(i > 0 || role.equals("user")).isTrue();
            assertThat(!old || !role.equals("system")).isTrue();
            assertThat(message.path("content")).isNotEmpty();
            boolean others = false;
            for (JsonNode block : message.path("content")) {
                String type = block.path("type").asText();
                assertThat(type.equals("tool_result") && others)
                        .as("a result after other content")
                        .isFalse();
                others |= !type.equals("tool_result");
                if (type.equals("text")) {
                    assertThat(block.path("text").asText()).isNotBlank();
                }
                if (type.equals("tool_use")) {
                    assertThat(block.path("id").asText()).matches("[a-zA-Z0-9_-]+");
                    assertThat(block.path("input").isObject()).isTrue();
                }
                if (type.equals("thinking")) {
                    assertThat(block.path("signature").asText()).isEqualTo("ours");
                }
            }
            before = role;
        }
        JsonNode last = messages.get(messages.size() - 1).path("content");
        String end = last.get(last.size() - 1).path("text").asText("x");
        assertThat(messages.get(messages.size() - 1).path("role").asText().equals("assistant")
                        && !end.equals(end.stripTrailing()))
                .isFalse();
    }

    @Property(tries = 500)
    void what_is_written_is_read_with_the_same_meaning(@ForAll("turns") List<Turn> turns) {
        AnthropicRequestTest.Asked asked = new AnthropicRequestTest.Asked().turn(user("begin"));
        turns.forEach(asked::turn);
        asked.turn(user("end"));
        byte[] body = asked.written(NEW).body();
        Conversation read = AnthropicRequest.read(Told.object(new String(body, StandardCharsets.UTF_8)));
        assertThat(said(read.turns()))
                .containsExactlyInAnyOrderElementsOf(said(asked.conversation().turns()));
        byte[] again = AnthropicRequest.write(read, NEW).body();
        assertThat(Told.tree(again).path("messages")).isEqualTo(Told.tree(body).path("messages"));
        assertThat(asked.written(NEW).body()).isEqualTo(body);
    }

    @Provide
    Arbitrary<List<Turn>> turns() {
        Arbitrary<String> texts = Arbitraries.of("a", "ü \"q\"", "", " \n", "end \t", "\\u0000", "{}", "日本");
        Arbitrary<String> ids = Arbitraries.of("call_1", "call:1", "call.1", "toolu-2", "functions.f:0");
        Arbitrary<Part> text = texts.map(Part.Text::new);
        Arbitrary<Part> result = ids.map(id -> new Part.ToolResult(id, List.of(new Part.Text("r")), false, null));
        Arbitrary<Part> call = ids.flatMap(id -> Arbitraries.of("", "{}", "{\"b\":1,\"a\":[2]}")
                .map(arguments -> new Part.ToolCall(id, "f", arguments, null, null)));
        Arbitrary<Part> thought = Arbitraries.of(
                new Part.Reasoning("mine", new Seal(Dialect.ANTHROPIC_MESSAGES, "signature", "ours")),
                new Part.Reasoning("theirs", new Seal(Dialect.GEMINI, "signature", "x")),
                new Part.Reasoning("nobody's", null));
        Arbitrary<Turn> user = Arbitraries.oneOf(text, result)
                .list()
                .ofMaxSize(4)
                .map(parts -> new Turn.User(resultsFirst(parts), null));
        Arbitrary<Turn> assistant = Arbitraries.oneOf(text, call, thought)
                .list()
                .ofMaxSize(4)
                .map(parts -> new Turn.Assistant(parts, null));
        Arbitrary<Turn> instruction = text.map(part -> new Turn.Instruction(List.of(part), false));
        return Arbitraries.oneOf(user, assistant, instruction).list().ofMaxSize(8);
    }

    private static List<Part> resultsFirst(List<Part> parts) {
        return Stream.concat(
                        parts.stream().filter(Part.ToolResult.class::isInstance),
                        parts.stream().filter(part -> !(part instanceof Part.ToolResult)))
                .toList();
    }

    private static Turn user(String text) {
        return new Turn.User(List.of(new Part.Text(text)), null);
    }

    /** Everything that has to arrive. */
    private static List<String> said(List<Turn> turns) {
        List<String> said = new ArrayList<>();
        for (Turn turn : turns) {
            for (Part part : turn.parts()) {
                switch (part) {
                    case Part.Text text -> {
                        if (!text.text().isBlank()) {
                            said.add(text.text().strip());
                        }
                    }
                    case Part.ToolCall call ->
                        said.add(AnthropicContent.toolId(call.id()) + AnthropicContent.input(call.arguments()));
                    case Part.ToolResult result -> said.add("result " + AnthropicContent.toolId(result.callId()));
                    case Part.Reasoning thought -> {
                        if (isOurs(thought.seal())) {
                            said.add(thought.text());
                        }
                    }
                    default -> {}
                }
            }
        }
        return said;
    }

    private static boolean isOurs(@Nullable Seal seal) {
        return seal != null && seal.dialect() == Dialect.ANTHROPIC_MESSAGES;
    }
}
