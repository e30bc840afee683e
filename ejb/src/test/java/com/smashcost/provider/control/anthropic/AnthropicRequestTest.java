package com.smashcost.provider.control.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.WireRecording;
import com.smashcost.provider.control.conversation.Conversation;
import com.smashcost.provider.control.conversation.Conversation.Extra;
import com.smashcost.provider.control.conversation.Conversation.Sampling;
import com.smashcost.provider.control.conversation.Conversation.Thinking;
import com.smashcost.provider.control.conversation.OutputFormat;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Seal;
import com.smashcost.provider.control.conversation.Tool;
import com.smashcost.provider.control.conversation.ToolChoice;
import com.smashcost.provider.control.conversation.Traits;
import com.smashcost.provider.control.conversation.Translated;
import com.smashcost.provider.control.conversation.Turn;
import com.smashcost.refusal.control.Refusal;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnthropicRequestTest {

    /** A model that thinks by a budget and knows no structured output of its own. */
    static final Traits OLD = traits("claude-sonnet-4-20250514", Map.of("reasoning", true, "assistant_prefill", true));

    /** A model that thinks by a budget and knows structured output. */
    private static final Traits MIDDLE = traits(
            "claude-haiku-4-5", Map.of("reasoning", true, "assistant_prefill", true, "native_structured_output", true));

    /** A model of the newest kind. */
    private static final Traits NEW = traits(
            "claude-opus-5",
            Map.of(
                    "reasoning", true,
                    "adaptive_thinking", true,
                    "output_config", true,
                    "native_structured_output", true,
                    "mid_conversation_system", true,
                    "max_reasoning_effort", true,
                    "assistant_prefill", false,
                    "sampling_params", false));

    static List<WireRecording> messages() {
        return Answers.recordings();
    }

    static List<WireRecording> counts() {
        return WireRecording.of("anthropic", "count_tokens");
    }

    static List<WireRecording> all() {
        return Stream.concat(messages().stream(), counts().stream()).toList();
    }

    @Test
    void all_recorded_requests_are_at_hand() {
        assertThat(messages()).hasSize(71);
        assertThat(counts()).hasSize(5);
    }

    @ParameterizedTest
    @MethodSource("all")
    void what_is_read_and_written_again_is_the_same_request(WireRecording recording) {
        ObjectNode body = (ObjectNode) recording.request();
        Conversation conversation = AnthropicRequest.readCountTokens(body);
        Traits target = traits(body.path("model").asText(), MIDDLE.capabilities());
        Translated written = AnthropicRequest.write(conversation, target);
        JsonNode again = Told.tree(written.body());
        JsonNode expected = normal(Told.tree(body.toString()));
        if (!body.has("max_tokens")) {
            ((ObjectNode) expected).put("max_tokens", 64000);
        }
        assertThat(normal(again)).isEqualTo(expected);
        assertThat(written.dropped()).isEmpty();
        assertThat(written.headers()).isEmpty();
        assertThat(AnthropicRequest.write(conversation, target).body()).isEqualTo(written.body());
    }

    @ParameterizedTest
    @MethodSource("messages")
    void understands_every_recorded_request(WireRecording recording) {
        ObjectNode body = (ObjectNode) recording.request();
        Conversation conversation = AnthropicRequest.read(body);
        JsonNode json = Told.tree(body.toString());
        assertThat(conversation.model()).isEqualTo(json.get("model").asText());
        assertThat(conversation.stream()).isEqualTo(json.path("stream").asBoolean());
        assertThat(conversation.sampling().maxTokens())
                .isEqualTo(json.get("max_tokens").asLong());
        assertThat(texts(conversation)).isEqualTo(texts(json));
        assertThat(conversation.tools()).hasSize(json.path("tools").size());
        assertThat(conversation.turns().stream()
                        .flatMap(turn -> turn.parts().stream())
                        .filter(part -> part instanceof Part.ToolCall)
                        .map(part -> ((Part.ToolCall) part).id()))
                .isEqualTo(values(json, "tool_use", "id"));
        assertThat(conversation.turns().stream()
                        .flatMap(turn -> turn.parts().stream())
                        .filter(part -> part instanceof Part.Image)
                        .count())
                .isEqualTo(values(json, "image", "type").size());
        assertThat(conversation.turns().stream()
                        .flatMap(turn -> turn.parts().stream())
                        .filter(part -> part instanceof Part.Reasoning)
                        .map(part -> ((Part.Reasoning) part).seal())
                        .toList())
                .isEqualTo(Stream.concat(
                                values(json, "thinking", "signature").stream()
                                        .map(value -> new Seal(Dialect.ANTHROPIC_MESSAGES, "signature", value)),
                                values(json, "redacted_thinking", "data").stream()
                                        .map(value -> new Seal(Dialect.ANTHROPIC_MESSAGES, "redacted", value)))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("counts")
    void asks_for_the_tokens_of_every_recorded_prompt(WireRecording recording) {
        ObjectNode body = (ObjectNode) recording.request();
        Conversation conversation = AnthropicRequest.readCountTokens(body);
        Translated question = AnthropicRequest.writeCountTokens(
                conversation, traits(body.path("model").asText(), MIDDLE.capabilities()));
        assertThat(normal(Told.tree(question.body()))).isEqualTo(normal(Told.tree(body.toString())));
        assertThatThrownBy(() -> AnthropicRequest.read(body)).isInstanceOf(Refusal.BadRequest.class);
    }

    @Test
    void understands_what_claude_code_sends() {
        Conversation conversation = AnthropicRequest.read(claudeCode());
        assertThat(conversation.turns()).hasSize(3);
        assertThat(conversation.turns().get(0)).isInstanceOf(Turn.Instruction.class);
        assertThat(conversation.turns().get(0).parts().get(1).cache()).isEqualTo(new Part.CacheMark("1h"));
        assertThat(conversation.turns().get(2))
                .isEqualTo(new Turn.Instruction(List.of(new Part.Text("Today is Saturday.")), false));
        assertThat(conversation.tools()).hasSize(24);
        assertThat(conversation.thinking()).isEqualTo(new Thinking(Thinking.Mode.ADAPTIVE, "high", null, null));
        assertThat(conversation.endUser()).startsWith("user_");
        assertThat(conversation.extras())
                .extracting(Extra::name)
                .containsExactly("tools.eager_input_streaming", "context_management", "unheard_of");
        assertThat(conversation.extras()).noneMatch(Extra::essential);

        Translated written = AnthropicRequest.write(conversation, NEW);
        JsonNode body = Told.tree(written.body());
        assertThat(written.dropped()).containsExactly("unheard_of");
        assertThat(body.at("/messages/1/role").asText()).isEqualTo("system");
        assertThat(body.at("/tools/3/eager_input_streaming").asBoolean()).isTrue();
        assertThat(body.path("context_management")).isEqualTo(Told.tree("{\"edits\":[]}"));
        assertThat(body.path("output_config")).isEqualTo(Told.tree("{\"effort\":\"high\"}"));
        assertThat(body.path("thinking")).isEqualTo(Told.tree("{\"type\":\"adaptive\"}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max_tokens | \"1\" | max_tokens",
                "messages | [] | messages",
                "messages | \"x\" | messages",
                "messages | [{\"role\":\"tool\",\"content\":\"x\"}] | messages.0.role",
                "messages | [{\"role\":\"user\"}] | messages.0.content",
                "messages | [{\"role\":\"user\",\"content\":[\"x\"]}] | messages.0.content.0",
                "messages | [{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}] | messages.0.content.0.text",
                "messages | [{\"role\":\"user\",\"content\":[{\"type\":\"image\"}]}] | messages.0.content.0.source",
                "model | 7 | body.model",
                "temperature | \"hot\" | temperature",
                "top_k | 1.5 | top_k",
                "stop_sequences | [1] | stop_sequences",
                "stream | \"yes\" | stream",
                "tools | {} | tools",
                "tools | [{\"name\":\"f\"}] | tools.0.input_schema",
                "tool_choice | {\"type\":\"some\"} | tool_choice.type",
                "thinking | {\"type\":\"enabled\"} | thinking.budget_tokens",
                "output_config | {\"format\":{\"type\":\"xml\"}} | output_config.format.type"
            })
    void names_the_member_that_is_malformed(String member, String value, String param) {
        ObjectNode body =
                Told.object("{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
        body.set(member, Json.read(value).orElseThrow());
        assertThatThrownBy(() -> AnthropicRequest.read(body))
                .isInstanceOfSatisfying(
                        Refusal.BadRequest.class,
                        refusal -> assertThat(refusal.param()).isEqualTo(param));
    }

    // --- system and turns

    @Test
    void leading_instructions_are_the_system_and_later_ones_stand_where_they_stood() {
        Asked asked = new Asked()
                .turn(instruction("One."))
                .turn(instruction("Two."))
                .turn(user("Hello"))
                .turn(assistant(new Part.Text("Hi")))
                .turn(instruction("Be brief."))
                .turn(user("Go"));
        JsonNode body = asked.body(NEW);
        assertThat(body.path("system")).hasSize(2);
        assertThat(roles(body)).containsExactly("user", "assistant", "system", "user");
        JsonNode old = asked.body(OLD);
        assertThat(roles(old)).containsExactly("user", "assistant", "user");
        assertThat(old.at("/messages/2/content")).hasSize(2);
        assertThat(old.at("/messages/2/content/0/text").asText()).isEqualTo("Be brief.");
    }

    @Test
    void an_instruction_alone_becomes_the_message() {
        JsonNode body = new Asked().turn(instruction("Say hi.")).body(NEW);
        assertThat(body.has("system")).isFalse();
        assertThat(body.at("/messages/0/content/0/text").asText()).isEqualTo("Say hi.");
        assertThat(body.at("/messages/0/role").asText()).isEqualTo("user");
    }

    @Test
    void turns_of_one_side_are_one_message_with_the_results_first() {
        JsonNode body = new Asked()
                .turn(assistant(new Part.Text("Hi")))
                .turn(user("a"))
                .turn(assistant(call("1"), call("2")))
                .turn(instruction("Now."))
                .turn(new Turn.User(List.of(result("1"), new Part.Text("see")), null))
                .turn(new Turn.User(List.of(result("2")), null))
                .body(NEW);
        assertThat(roles(body)).containsExactly("user", "assistant", "user", "assistant", "user", "system", "user");
        assertThat(body.at("/messages/4/content/0/tool_use_id").asText()).isEqualTo("1");
        JsonNode merged = new Asked()
                .turn(user("a"))
                .turn(assistant(call("1"), call("2")))
                .turn(new Turn.User(List.of(result("1"), new Part.Text("see")), null))
                .turn(new Turn.User(List.of(result("2")), null))
                .body(OLD);
        assertThat(merged.at("/messages/2/content").findValuesAsText("type"))
                .containsExactly("tool_result", "tool_result", "text");
    }

    @Test
    void blank_texts_are_left_out_and_the_last_word_has_no_space_after_it() {
        Asked asked = new Asked()
                .turn(user("Hello", "", " \n"))
                .turn(assistant(new Part.Text(""), new Part.Text("{\"a\": \n")));
        JsonNode body = asked.body(OLD);
        assertThat(body.at("/messages/0/content")).hasSize(1);
        assertThat(body.at("/messages/1/content/0/text").asText()).isEqualTo("{\"a\":");
        assertThat(asked.refused(NEW).param()).isEqualTo("messages");
    }

    @Test
    void a_conversation_without_a_word_is_refused() {
        assertThat(new Asked().turn(user(" ")).refused(NEW).code()).isEqualTo("invalid_request");
    }

    @Test
    void results_carry_text_images_and_failure() {
        JsonNode body = new Asked()
                .turn(user("a"))
                .turn(assistant(call("call:1"), call("call.1")))
                .turn(new Turn.User(
                        List.of(
                                new Part.ToolResult("call:1", List.of(new Part.Text("no")), true, null),
                                new Part.ToolResult("call.1", List.of(png("image/png")), false, null)),
                        null))
                .body(OLD);
        JsonNode results = body.at("/messages/2/content");
        assertThat(results.at("/0/content").asText()).isEqualTo("no");
        assertThat(results.at("/0/is_error").asBoolean()).isTrue();
        assertThat(results.at("/1/content/0/type").asText()).isEqualTo("image");
        assertThat(results.findValuesAsText("tool_use_id"))
                .isEqualTo(body.at("/messages/1/content").findValuesAsText("id"))
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("[a-zA-Z0-9_-]+"));
    }

    @Test
    void thoughts_go_back_to_anthropic_and_to_nobody_else() {
        JsonNode body = new Asked()
                .turn(user("a"))
                .turn(assistant(
                        new Part.Reasoning("mine", new Seal(Dialect.ANTHROPIC_MESSAGES, "signature", "sig")),
                        new Part.Reasoning("", new Seal(Dialect.ANTHROPIC_MESSAGES, "redacted", "dat")),
                        new Part.Reasoning("theirs", new Seal(Dialect.OPENAI_RESPONSES, "encrypted", "x")),
                        new Part.Reasoning("unsigned", null),
                        new Part.Opaque(Dialect.GEMINI, Told.object("{\"executableCode\":{}}"), null),
                        new Part.Text("b")))
                .turn(user("c"))
                .body(NEW);
        assertThat(body.at("/messages/1/content")).isEqualTo(Told.tree("""
                [{"type":"thinking","thinking":"mine","signature":"sig"},{"type":"redacted_thinking","data":"dat"},
                 {"type":"text","text":"b"}]"""));
        assertThat(new Asked()
                        .turn(new Turn.User(List.of(new Part.Opaque(Dialect.GEMINI, Told.object("{}"), null)), null))
                        .refused(NEW)
                        .param())
                .isEqualTo("messages");
    }

    @Test
    void arguments_become_objects() {
        JsonNode body = new Asked()
                .turn(user("a"))
                .turn(assistant(
                        new Part.ToolCall("1", "f", "", null, null),
                        new Part.ToolCall("2", "f", "{\"b\":1.50,\"a\":2}", null, null),
                        new Part.ToolCall("3", "f", "{\"b\":", null, null)))
                .turn(new Turn.User(List.of(result("1"), result("2"), result("3")), null))
                .body(OLD);
        assertThat(body.at("/messages/1/content/0/input")).isEmpty();
        assertThat(body.toString()).contains("\"input\":{\"b\":1.5,\"a\":2}");
        assertThat(body.at("/messages/1/content/2/input/arguments").asText()).isEqualTo("{\"b\":");
    }

    @Test
    void cache_marks_stay_where_they_are() {
        Part.CacheMark five = new Part.CacheMark("5m");
        Part.CacheMark hour = new Part.CacheMark("1h");
        JsonNode body = new Asked()
                .turn(new Turn.Instruction(List.of(new Part.Text("s", List.of(), hour)), false))
                .turn(new Turn.User(List.of(new Part.Text("u", List.of(), five)), null))
                .with(asked -> asked.tools.add(new Tool.Function("f", null, null, null, hour)))
                .body(NEW);
        assertThat(body.at("/system/0/cache_control")).isEqualTo(Told.tree("{\"type\":\"ephemeral\",\"ttl\":\"1h\"}"));
        assertThat(body.at("/messages/0/content/0/cache_control")).isEqualTo(Told.tree("{\"type\":\"ephemeral\"}"));
        assertThat(body.at("/tools/0/cache_control/ttl").asText()).isEqualTo("1h");
    }

    // --- images, documents, audio

    @Test
    void an_image_is_called_what_it_is() {
        assertThat(source(png("image/jpeg"))).isEqualTo("image/png");
        assertThat(source(image("image/jpg", "AAAA"))).isEqualTo("image/jpeg");
        assertThat(source(image("image/bmp", "UklGRgAAAABXRUJQ"))).isEqualTo("image/webp");
        assertThat(refusedPart(image("image/bmp", "Qk0="), NEW).explanation()).contains("convert the image");
        assertThat(refusedPart(png("image/png"), traits("m", Map.of("vision", false)))
                        .explanation())
                .contains("vision");
    }

    @Test
    void documents_are_pdf_or_text() {
        JsonNode content = new Asked()
                .turn(new Turn.User(
                        List.of(
                                new Part.Document(new Part.Source.Base64("application/pdf", "JVBE"), "t", null),
                                new Part.Document(new Part.Source.Base64("text/csv", "YSxi"), null, null),
                                new Part.Document(new Part.Source.Url("https://x.test/a.pdf"), null, null),
                                new Part.Document(
                                        new Part.Source.Uploaded(Dialect.ANTHROPIC_MESSAGES, "file_1"), null, null)),
                        null))
                .body(NEW)
                .at("/messages/0/content");
        assertThat(content).isEqualTo(Told.tree("""
                [{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBE"},"title":"t"},
                 {"type":"document","source":{"type":"text","media_type":"text/plain","data":"a,b"}},
                 {"type":"document","source":{"type":"url","url":"https://x.test/a.pdf"}},
                 {"type":"document","source":{"type":"file","file_id":"file_1"}}]"""));
        Part word = new Part.Document(new Part.Source.Base64("application/msword", "AA=="), null, null);
        assertThat(refusedPart(word, NEW).explanation()).contains("convert the document");
        Part file = new Part.Document(new Part.Source.Uploaded(Dialect.OPENAI_CHAT, "file-1"), null, null);
        assertThat(refusedPart(file, NEW).explanation()).contains("base64");
        assertThat(refusedPart(new Part.Audio("wav", "AA=="), NEW).explanation())
                .contains("audio as text")
                .contains("claude-opus-5");
    }

    // --- tools

    @Test
    void tools_are_worded_with_a_schema_of_an_object() {
        JsonNode tools = new Asked()
                .turn(user("a"))
                .with(asked -> {
                    asked.tools.add(new Tool.Function("none", "d", null, null, null));
                    asked.tools.add(new Tool.Function(
                            "untyped", null, Told.object("{\"properties\":{\"z\":{},\"a\":{}}}"), false, null));
                    asked.tools.add(new Tool.Hosted(
                            Dialect.ANTHROPIC_MESSAGES, "bash_20250124", Told.object("{\"type\":\"bash_20250124\"}")));
                })
                .body(NEW)
                .path("tools");
        assertThat(tools.toString())
                .isEqualTo(
                        "[{\"name\":\"none\",\"description\":\"d\",\"input_schema\":{\"type\":\"object\",\"properties\":{}}},"
                                + "{\"name\":\"untyped\",\"input_schema\":{\"type\":\"object\",\"properties\":{\"z\":{},\"a\":{}}}},"
                                + "{\"type\":\"bash_20250124\"}]");
        assertThat(new Asked()
                        .turn(user("a"))
                        .with(asked -> asked.tools.add(new Tool.Hosted(
                                Dialect.OPENAI_RESPONSES, "web_search", Told.object("{\"type\":\"web_search\"}"))))
                        .refused(NEW)
                        .explanation())
                .contains("web_search");
        assertThat(new Asked()
                        .turn(user("a"))
                        .with(asked -> asked.tools.add(new Tool.Function("a b", null, null, null, null)))
                        .refused(NEW)
                        .param())
                .isEqualTo("tools.name");
    }

    @Test
    void strict_tools_are_strict_where_the_model_can() {
        Asked asked = new Asked()
                .turn(user("a"))
                .with(a -> a.tools.add(new Tool.Function(
                        "f",
                        null,
                        Told.object(
                                "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\",\"minimum\":1}}}"),
                        true,
                        null)));
        JsonNode tool = asked.body(MIDDLE).at("/tools/0");
        assertThat(tool.path("strict").asBoolean()).isTrue();
        assertThat(tool.path("input_schema")).isEqualTo(Told.tree("""
                {"type":"object","properties":{"n":{"type":"integer","description":"{minimum: 1}"}},
                 "additionalProperties":false}"""));
        assertThat(asked.body(OLD).at("/tools/0").has("strict")).isFalse();
        assertThat(asked.written(OLD).dropped()).containsExactly("tools.strict");
    }

    @Test
    void the_choice_of_tools_is_translated() {
        assertThat(choice(null, null)).isEqualTo("");
        assertThat(choice(new ToolChoice.Auto(), null)).isEqualTo("{\"type\":\"auto\"}");
        assertThat(choice(new ToolChoice.Required(), null)).isEqualTo("{\"type\":\"any\"}");
        assertThat(choice(new ToolChoice.None(), false)).isEqualTo("{\"type\":\"none\"}");
        assertThat(choice(new ToolChoice.Named("f"), null)).isEqualTo("{\"type\":\"tool\",\"name\":\"f\"}");
        assertThat(choice(null, false)).isEqualTo("{\"type\":\"auto\",\"disable_parallel_tool_use\":true}");
        assertThat(choice(new ToolChoice.Required(), false))
                .isEqualTo("{\"type\":\"any\",\"disable_parallel_tool_use\":true}");
        assertThat(choice(null, true)).isEqualTo("");
        JsonNode allowed = withTools()
                .with(asked -> asked.toolChoice = new ToolChoice.Allowed(List.of("g"), true))
                .body(OLD);
        assertThat(allowed.path("tools").findValuesAsText("name")).containsExactly("g");
        assertThat(allowed.at("/tool_choice/type").asText()).isEqualTo("any");
        JsonNode none = new Asked()
                .turn(user("a"))
                .with(asked -> asked.toolChoice = new ToolChoice.Auto())
                .body(OLD);
        assertThat(none.has("tool_choice")).isFalse();
        assertThat(withTools()
                        .with(asked -> asked.toolChoice = new ToolChoice.Required())
                        .refused(traits("m", Map.of("forced_tool_choice", false)))
                        .param())
                .isEqualTo("tool_choice");
    }

    // --- thinking

    @ParameterizedTest
    @CsvSource({
        "minimal, low, 1024",
        "low, low, 1024",
        "medium, medium, 4096",
        "high, high, 8192",
        "xhigh, high, 16384",
        "max, max, 32000"
    })
    void efforts_are_words_for_new_models_and_budgets_for_old_ones(String effort, String word, long budget) {
        Asked asked = new Asked().turn(user("a")).with(a -> a.thinking = new Thinking(null, effort, null, null));
        JsonNode body = asked.body(NEW);
        assertThat(body.path("thinking")).isEqualTo(Told.tree("{\"type\":\"adaptive\"}"));
        assertThat(body.at("/output_config/effort").asText()).isEqualTo(word);
        JsonNode old = asked.body(OLD);
        assertThat(old.at("/thinking/type").asText()).isEqualTo("enabled");
        assertThat(old.at("/thinking/budget_tokens").asLong()).isEqualTo(budget);
        assertThat(old.has("output_config")).isFalse();
    }

    @Test
    void a_budget_stays_below_the_most_tokens() {
        Asked asked = new Asked().turn(user("a")).with(a -> {
            a.thinking = new Thinking(Thinking.Mode.BUDGET, null, 9000L, true);
            a.maxTokens = 3000L;
        });
        assertThat(asked.body(OLD).path("thinking"))
                .isEqualTo(Told.tree("{\"type\":\"enabled\",\"budget_tokens\":2999,\"display\":\"summarized\"}"));
        asked.maxTokens = 1024L;
        assertThat(asked.body(OLD).has("thinking")).isFalse();
        assertThat(asked.written(OLD).dropped()).containsExactly("reasoning_effort");
    }

    @Test
    void no_thought_means_none() {
        Asked asked = new Asked().turn(user("a")).with(a -> a.thinking = new Thinking(null, "none", null, null));
        assertThat(asked.body(NEW).path("thinking")).isEqualTo(Told.tree("{\"type\":\"disabled\"}"));
        assertThat(asked.body(NEW).has("output_config")).isFalse();
        assertThat(asked.body(traits("m", Map.of())).has("thinking")).isFalse();
    }

    @Test
    void a_model_that_cannot_think_is_not_asked_to() {
        Asked asked = new Asked().turn(user("a")).with(a -> a.thinking = new Thinking(null, "low", null, null));
        Translated written = asked.written(traits("claude-3-haiku", Map.of("vision", true)));
        assertThat(Told.tree(written.body()).has("thinking")).isFalse();
        assertThat(written.dropped()).containsExactly("reasoning_effort");
    }

    @Test
    void a_forced_call_is_not_thought_over() {
        Asked asked = withTools().with(a -> {
            a.thinking = new Thinking(null, "high", null, null);
            a.toolChoice = new ToolChoice.Required();
        });
        assertThat(asked.body(OLD).has("thinking")).isFalse();
        assertThat(asked.written(OLD).dropped()).containsExactly("reasoning_effort");
        JsonNode body = asked.body(NEW);
        assertThat(body.has("thinking")).isFalse();
        assertThat(body.at("/output_config/effort").asText()).isEqualTo("high");
    }

    @Test
    void an_old_model_does_not_think_amid_calls_whose_thoughts_were_lost() {
        Asked lost = withTools()
                .with(a -> a.thinking = new Thinking(null, "low", null, null))
                .turn(assistant(call("1")))
                .turn(new Turn.User(List.of(result("1")), null));
        assertThat(lost.body(OLD).has("thinking")).isFalse();
        assertThat(lost.body(NEW).path("thinking").path("type").asText()).isEqualTo("adaptive");
        Asked kept = withTools()
                .with(a -> a.thinking = new Thinking(null, "low", null, null))
                .turn(assistant(
                        new Part.Reasoning("t", new Seal(Dialect.ANTHROPIC_MESSAGES, "signature", "s")), call("1")))
                .turn(new Turn.User(List.of(result("1")), null));
        assertThat(kept.body(OLD).at("/thinking/type").asText()).isEqualTo("enabled");
    }

    // --- format

    private static final String SCHEMA = """
            {"$schema":"x","type":"object","properties":{"b":{"type":"string","maxLength":3,"description":"B"},
             "a":{"oneOf":[{"type":"object","properties":{}},{"type":"null"}]},"l":{"type":"array","minItems":1,
             "items":{"type":"string","format":"date"}}},"required":["b"]}""";

    @Test
    void a_schema_is_the_models_own_business_where_it_can() {
        Asked asked = new Asked().turn(user("a")).with(a -> a.format = schema(SCHEMA));
        JsonNode format = asked.body(NEW).at("/output_config/format");
        assertThat(format.toString())
                .isEqualTo("{\"type\":\"json_schema\",\"schema\":{\"type\":\"object\",\"properties\":{"
                        + "\"b\":{\"type\":\"string\",\"description\":\"B\\n\\n{maxLength: 3}\"},"
                        + "\"a\":{\"anyOf\":[{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false},"
                        + "{\"type\":\"null\"}]},"
                        + "\"l\":{\"type\":\"array\",\"minItems\":1,\"items\":{\"type\":\"string\",\"format\":\"date\"}}},"
                        + "\"required\":[\"b\"],\"additionalProperties\":false}}");
        assertThat(asked.body(NEW).has("tools")).isFalse();
    }

    @Test
    void an_older_model_answers_through_a_tool() {
        Asked asked = new Asked().turn(user("a")).with(a -> a.format = schema(SCHEMA));
        JsonNode body = asked.body(OLD);
        assertThat(body.at("/tools/0/name").asText()).isEqualTo("json_answer");
        assertThat(body.at("/tools/0/input_schema")).isEqualTo(Told.tree(SCHEMA));
        assertThat(body.path("tool_choice")).isEqualTo(Told.tree("{\"type\":\"tool\",\"name\":\"json_answer\"}"));
        JsonNode among = withTools().with(a -> a.format = schema(SCHEMA)).body(OLD);
        assertThat(among.path("tools").findValuesAsText("name")).containsExactly("f", "g", "json_answer");
        assertThat(among.at("/tool_choice/type").asText()).isEqualTo("any");
        JsonNode named = new Asked()
                .turn(user("a"))
                .with(a -> {
                    a.format = schema(SCHEMA);
                    a.tools.add(new Tool.Function("json_answer", null, null, null, null));
                })
                .body(OLD);
        assertThat(named.path("tools").findValuesAsText("name")).containsExactly("json_answer", "json_answer_");

        asked.thinking = new Thinking(null, "low", null, null);
        assertThat(asked.refused(OLD).param()).isEqualTo("response_format");
        asked.thinking = null;
        asked.format = schema("{\"type\":\"array\"}");
        assertThat(asked.refused(OLD).explanation()).contains("a member of an object");
    }

    @Test
    void any_object_is_asked_for_in_words() {
        JsonNode body = new Asked()
                .turn(instruction("Be kind."))
                .turn(user("a"))
                .with(a -> a.format = new OutputFormat.JsonObject())
                .body(NEW);
        assertThat(body.path("system")).hasSize(2);
        assertThat(body.at("/system/1/text").asText()).contains("one JSON object");
    }

    // --- sampling and the rest

    @Test
    void the_most_tokens_are_the_clients_or_the_models() {
        assertThat(new Asked().turn(user("a")).body(NEW).path("max_tokens").asLong())
                .isEqualTo(64000);
        assertThat(new Asked()
                        .turn(user("a"))
                        .with(a -> a.maxTokens = 70000L)
                        .body(NEW)
                        .path("max_tokens")
                        .asLong())
                .isEqualTo(64000);
        assertThat(new Asked()
                        .turn(user("a"))
                        .with(a -> a.maxTokens = 7L)
                        .body(NEW)
                        .path("max_tokens")
                        .asLong())
                .isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({
        // temperature, top_p, top_k, written for an old model, dropped, written for a new one, dropped
        "0.5, , , temperature=0.5, '', '', temperature",
        "1.7, , , temperature=1, temperature, '', temperature",
        "1, , , temperature=1, '', '', ''",
        ", 0.5, 40, top_p=0.5 top_k=40, '', '', top_p top_k",
        ", 0.99, , top_p=0.99, '', '', ''",
        "0.2, 0.5, , temperature=0.2, top_p, '', temperature top_p",
        "0.2, 1, , temperature=0.2, '', '', temperature"
    })
    void sampling_is_bounded_by_what_the_model_takes(
            @Nullable BigDecimal temperature,
            @Nullable BigDecimal topP,
            @Nullable Long topK,
            String old,
            String oldDropped,
            String written,
            String dropped) {
        Asked asked = new Asked().turn(user("a")).with(a -> {
            a.temperature = temperature;
            a.topP = topP;
            a.topK = topK;
        });
        assertThat(samplingOf(asked.body(OLD))).isEqualTo(old);
        assertThat(String.join(" ", asked.written(OLD).dropped())).isEqualTo(oldDropped);
        assertThat(samplingOf(asked.body(NEW))).isEqualTo(written);
        assertThat(String.join(" ", asked.written(NEW).dropped())).isEqualTo(dropped);
    }

    @Test
    void what_the_dialect_has_not_is_dropped_or_refused() {
        Asked asked = new Asked().turn(new Turn.User(List.of(new Part.Text("a")), "Ann"));
        asked.sampling = new Sampling(
                null, null, null, null, 7L, List.of("END", ""), 1, BigDecimal.ONE, BigDecimal.ONE, null, false, null);
        asked.promptCacheKey = "k";
        asked.endUser = "ann@x.test";
        asked.serviceTier = "flex";
        asked.extras.add(new Extra("verbosity", Told.object("{\"v\":1}"), false));
        Translated written = asked.written(NEW);
        assertThat(written.dropped())
                .containsExactly(
                        "messages.name",
                        "seed",
                        "presence_penalty",
                        "frequency_penalty",
                        "user",
                        "service_tier",
                        "verbosity",
                        "prompt_cache_key");
        JsonNode body = Told.tree(written.body());
        assertThat(body.path("stop_sequences")).isEqualTo(Told.tree("[\"END\"]"));
        assertThat(new String(written.body(), StandardCharsets.UTF_8)).doesNotContain("@");

        assertThat(refusedSampling(2, null, List.of())).isEqualTo("n");
        assertThat(refusedSampling(null, true, List.of())).isEqualTo("logprobs");
        assertThat(refusedSampling(null, null, List.of("\n"))).isEqualTo("stop");
        Asked essential = new Asked().turn(user("a"));
        essential.extras.add(new Extra("previous_response_id", Told.object("{\"v\":1}"), true));
        assertThat(essential.refused(NEW).param()).isEqualTo("previous_response_id");
    }

    @ParameterizedTest
    @CsvSource({"auto, auto", "priority, auto", "standard, standard_only"})
    void service_tiers_have_other_names(String tier, String written) {
        assertThat(new Asked()
                        .turn(user("a"))
                        .with(a -> a.serviceTier = tier)
                        .body(NEW)
                        .path("service_tier")
                        .asText())
                .isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"container", "mcp_servers", "compaction", "inference_geo"})
    void members_without_which_the_answer_is_another_one_are_essential(String name) {
        ObjectNode body =
                Told.object("{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
        body.putArray(name).add("us");
        assertThat(AnthropicRequest.read(body).extras())
                .singleElement()
                .matches(Extra::essential)
                .extracting(Extra::name)
                .isEqualTo(name);
    }

    @Test
    void a_body_that_went_to_other_providers_is_rid_of_their_thoughts_only() {
        String seal = new Seal(Dialect.GEMINI, "signature", "x").text();
        String text = """
                {"model":"m","max_tokens":9,"messages":[{"role":"user","content":"a"},{"role":"assistant","content":[
                 {"type":"thinking","thinking":"theirs","signature":"%s"},
                 {"type":"thinking","thinking":"ours","signature":"EqQB"},{"type":"text","text":"b"}]},
                 {"role":"assistant","content":[{"type":"thinking","thinking":"c","signature":"sc1-unsigned"},
                  {"type":"text","text":"d"}]},{"role":"user","content":"e"}]}""".formatted(seal);
        assertThat(Seal.isIn(text.getBytes(StandardCharsets.UTF_8))).isTrue();
        Conversation read = AnthropicRequest.read(Told.object(text));
        JsonNode clean = Json.read(AnthropicRequest.write(read, NEW).body()).orElseThrow();
        assertThat(Json.text(clean)).doesNotContain("sc1-").contains("EqQB").contains("ours");
    }

    // --- how it is asked

    /** A conversation in the making. */
    static final class Asked {
        private final List<Turn> turns = new ArrayList<>();
        private final List<Tool> tools = new ArrayList<>();
        private final List<Extra> extras = new ArrayList<>();
        private @Nullable ToolChoice toolChoice;
        private @Nullable Boolean parallel;
        private @Nullable OutputFormat format;
        private @Nullable Sampling sampling;
        private @Nullable Long maxTokens;
        private @Nullable BigDecimal temperature;
        private @Nullable BigDecimal topP;
        private @Nullable Long topK;
        private @Nullable Thinking thinking;
        private @Nullable String serviceTier;
        private @Nullable String endUser;
        private @Nullable String promptCacheKey;

        Asked turn(Turn turn) {
            turns.add(turn);
            return this;
        }

        Asked with(Consumer<Asked> change) {
            change.accept(this);
            return this;
        }

        Conversation conversation() {
            return new Conversation(
                    Json.object(),
                    "asked",
                    turns,
                    tools,
                    toolChoice,
                    parallel,
                    format,
                    sampling != null
                            ? sampling
                            : new Sampling(
                                    maxTokens,
                                    temperature,
                                    topP,
                                    topK,
                                    null,
                                    List.of(),
                                    null,
                                    null,
                                    null,
                                    null,
                                    null,
                                    null),
                    thinking,
                    serviceTier,
                    endUser,
                    promptCacheKey,
                    false,
                    false,
                    extras);
        }

        Translated written(Traits traits) {
            return AnthropicRequest.write(conversation(), traits);
        }

        JsonNode body(Traits traits) {
            return Told.tree(written(traits).body());
        }

        Refusal.BadRequest refused(Traits traits) {
            try {
                written(traits);
            } catch (Refusal.BadRequest refusal) {
                return refusal;
            }
            throw new AssertionError("was not refused");
        }
    }

    static Traits traits(String model, Map<String, Boolean> capabilities) {
        return new Traits(model, "anthropic", 200_000L, 64_000L, capabilities);
    }

    private static Turn instruction(String text) {
        return new Turn.Instruction(List.of(new Part.Text(text)), true);
    }

    private static Turn user(String... texts) {
        return new Turn.User(
                Arrays.stream(texts).map(text -> (Part) new Part.Text(text)).toList(), null);
    }

    private static Turn assistant(Part... parts) {
        return new Turn.Assistant(List.of(parts), null);
    }

    private static Part call(String id) {
        return new Part.ToolCall(id, "f", "{}", null, null);
    }

    private static Part result(String id) {
        return new Part.ToolResult(id, List.of(new Part.Text("ok")), false, null);
    }

    private static Part png(String type) {
        return image(type, "iVBORw0KGgoAAAA=");
    }

    private static Part image(String type, String data) {
        return new Part.Image(new Part.Source.Base64(type, data), "high", null);
    }

    private static OutputFormat schema(String json) {
        return new OutputFormat.JsonSchema("answer", null, Told.object(json), true);
    }

    private static Asked withTools() {
        return new Asked().turn(user("a")).with(asked -> {
            asked.tools.add(new Tool.Function("f", null, null, null, null));
            asked.tools.add(new Tool.Function("g", null, null, null, null));
        });
    }

    private static String choice(@Nullable ToolChoice choice, @Nullable Boolean parallel) {
        JsonNode json = withTools()
                .with(asked -> {
                    asked.toolChoice = choice;
                    asked.parallel = parallel;
                })
                .body(NEW)
                .path("tool_choice");
        return json.isMissingNode() ? "" : json.toString();
    }

    private static String source(Part image) {
        return new Asked()
                .turn(new Turn.User(List.of(image), null))
                .body(NEW)
                .at("/messages/0/content/0/source/media_type")
                .asText();
    }

    private static Refusal.BadRequest refusedPart(Part part, Traits traits) {
        return new Asked().turn(new Turn.User(List.of(part), null)).refused(traits);
    }

    private static @Nullable String refusedSampling(
            @Nullable Integer n, @Nullable Boolean logprobs, List<String> stop) {
        Asked asked = new Asked().turn(user("a"));
        asked.sampling = new Sampling(null, null, null, null, null, stop, n, null, null, null, logprobs, null);
        return asked.refused(NEW).param();
    }

    private static String samplingOf(JsonNode body) {
        List<String> found = new ArrayList<>();
        for (String name : List.of("temperature", "top_p", "top_k")) {
            if (body.has(name)) {
                found.add(name + "=" + body.path(name).asText());
            }
        }
        return String.join(" ", found);
    }

    private static List<String> roles(JsonNode body) {
        return body.path("messages").findValuesAsText("role");
    }

    /** The texts of all turns, but not of what is within results and documents. */
    private static List<String> texts(Conversation conversation) {
        return conversation.turns().stream()
                .flatMap(turn -> turn.parts().stream())
                .filter(Part.Text.class::isInstance)
                .map(part -> ((Part.Text) part).text())
                .toList();
    }

    private static List<String> texts(JsonNode body) {
        List<String> texts = new ArrayList<>();
        List<JsonNode> contents = new ArrayList<>(List.of(body.path("system")));
        body.path("messages").forEach(message -> contents.add(message.path("content")));
        for (JsonNode content : contents) {
            if (content.isTextual()) {
                texts.add(content.asText());
            }
            for (JsonNode block : content) {
                if (block.path("type").asText().equals("text")) {
                    texts.add(block.path("text").asText());
                }
            }
        }
        return texts;
    }

    private static List<String> values(JsonNode body, String type, String member) {
        List<String> values = new ArrayList<>();
        for (JsonNode message : body.path("messages")) {
            for (JsonNode block : message.path("content")) {
                if (block.path("type").asText().equals(type)) {
                    values.add(block.path(member).asText());
                }
            }
        }
        return values;
    }

    /** A body with each of several ways to say the same turned into one, whatever the order of the members. */
    private static JsonNode normal(JsonNode body) {
        ObjectNode normal = (ObjectNode) normalNode(body);
        if (normal.path("system").isArray() && normal.path("system").isEmpty()) {
            normal.remove("system");
        }
        if (normal.has("output_format")) {
            normal.withObject("/output_config").set("format", normal.remove("output_format"));
        }
        if (normal.path("stream").isBoolean() && !normal.path("stream").asBoolean()) {
            normal.remove("stream");
        }
        if (normal.path("tools").isEmpty()) { // a choice between no tools is refused
            normal.remove("tools");
            normal.remove("tool_choice");
        }
        return normal;
    }

    private static JsonNode normalNode(JsonNode node) {
        if (node.isNumber()) { // 1.0 is 1
            return Told.tree(node.decimalValue().stripTrailingZeros().toPlainString());
        }
        if (node.isArray()) {
            List<JsonNode> elements = new ArrayList<>();
            node.forEach(element -> elements.add(normalNode(element)));
            com.fasterxml.jackson.databind.node.ArrayNode array =
                    (com.fasterxml.jackson.databind.node.ArrayNode) Told.tree("[]");
            elements.stream()
                    .filter(element -> !(element.path("type").asText().equals("text")
                            && element.path("text").asText("x").isBlank()))
                    .forEach(array::add);
            return array;
        }
        if (!node.isObject()) {
            return node;
        }
        ObjectNode object = (ObjectNode) Told.tree("{}");
        Map<String, JsonNode> members = new HashMap<>();
        node.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
        members.entrySet().stream()
                .sorted(Comparator.comparing(Map.Entry::getKey))
                .filter(member -> !member.getValue().isNull())
                .filter(member -> !(member.getKey().equals("ttl")
                        && member.getValue().asText().equals("5m")))
                .filter(member -> !(member.getKey().equals("citations")
                        && member.getValue().isArray()
                        && member.getValue().isEmpty()))
                .filter(member -> !(member.getKey().equals("is_error")
                        && !member.getValue().asBoolean()))
                .filter(member -> !(member.getKey().equals("disable_parallel_tool_use")
                        && !member.getValue().asBoolean()))
                .forEach(member -> object.set(member.getKey(), normalNode(member.getValue())));
        if (object.path("data").asText().startsWith("/9j/")) { // two recorded requests call a JPEG a PNG
            object.put("media_type", "image/jpeg");
        }
        if (object.path("content").isTextual() || object.path("system").isTextual()) {
            String name = object.path("content").isTextual() ? "content" : "system";
            String text = object.path(name).asText();
            object.putArray(name).addObject().put("type", "text").put("text", text);
        }
        return object;
    }

    private static ObjectNode claudeCode() {
        ObjectNode body = Told.object("""
                {"model":"claude-opus-5","max_tokens":32000,"stream":true,
                 "system":[{"type":"text","text":"x-anthropic-billing-header: cc"},
                  {"type":"text","text":"You are Claude Code.","cache_control":{"type":"ephemeral","ttl":"1h"}}],
                 "messages":[{"role":"user","content":[{"type":"text","text":"hi","cache_control":{"type":"ephemeral"}}]},
                  {"role":"system","content":"Today is Saturday."}],
                 "thinking":{"type":"adaptive"},"output_config":{"effort":"high"},
                 "context_management":{"edits":[]},"unheard_of":{"x":1},
                 "metadata":{"user_id":"user_abc_account__session_1"}}""");
        for (int i = 0; i < 24; i++) {
            ObjectNode tool =
                    body.withArray("tools").addObject().put("name", "Tool" + i).put("description", "d");
            tool.putObject("input_schema")
                    .put("$schema", "https://json-schema.org/draft/2020-12/schema")
                    .put("type", "object");
            tool.put("eager_input_streaming", true);
        }
        return body;
    }
}
