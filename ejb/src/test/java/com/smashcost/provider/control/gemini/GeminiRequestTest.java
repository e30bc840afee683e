package com.smashcost.provider.control.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.conversation.Conversation.Sampling;
import com.smashcost.provider.control.conversation.Conversation.Thinking;
import com.smashcost.provider.control.conversation.OutputFormat;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Part.CacheMark;
import com.smashcost.provider.control.conversation.Part.Source;
import com.smashcost.provider.control.conversation.Seal;
import com.smashcost.provider.control.conversation.Tool;
import com.smashcost.provider.control.conversation.ToolChoice;
import com.smashcost.provider.control.conversation.Traits;
import com.smashcost.provider.control.conversation.Turn;
import com.smashcost.refusal.control.Refusal;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiRequestTest {

    private static final String OLD = "gemini-2.0-flash";
    private static final String G25 = "gemini-2.5-flash";
    private static final String SCHEMA =
            "{\"type\":\"object\",\"$schema\":\"s\",\"properties\":{\"b\":{\"type\":\"string\"},"
                    + "\"a\":{\"type\":\"integer\"}},\"required\":[\"b\"],\"additionalProperties\":false}";
    private static final Seal SIGNATURE = new Seal(Dialect.GEMINI, "thought", "c2ln");
    private static final CacheMark MARK = new CacheMark("5m");

    // --- turns ---

    @Test
    void puts_leading_instructions_apart_and_later_ones_where_they_stand() {
        ObjectNode body = GeminiAsk.nothing()
                .system("one")
                .turn(new Turn.Instruction(List.of(new Part.Text("two")), true))
                .user(new Part.Text("hi"))
                .assistant(new Part.Text("yes"))
                .system("three")
                .body();
        assertThat(Json.text(body))
                .isEqualTo("{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]},"
                        + "{\"role\":\"model\",\"parts\":[{\"text\":\"yes\"}]},"
                        + "{\"role\":\"user\",\"parts\":[{\"text\":\"three\"}]}],"
                        + "\"systemInstruction\":{\"parts\":[{\"text\":\"one\"},{\"text\":\"two\"}]}}");
    }

    @Test
    void asks_what_the_instructions_say_if_there_is_nothing_else() {
        assertThat(Json.text(GeminiAsk.nothing().system("go").body()))
                .isEqualTo("{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"go\"}]}]}");
    }

    @Test
    void instructs_a_model_that_knows_no_instructions_as_its_user() {
        assertThat(Json.text(GeminiAsk.nothing()
                        .system("go")
                        .user(new Part.Text("hi"))
                        .body("gemma-3-27b-it")))
                .isEqualTo("{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"go\"},{\"text\":\"hi\"}]}]}");
    }

    @Test
    void merges_turns_of_one_role_and_leaves_out_empty_ones() {
        assertThat(GeminiAsk.user("a")
                        .user(new Part.Text(""), new Part.Text("b"))
                        .assistant(new Part.Text(""))
                        .user(new Part.Text("c"))
                        .assistant(new Part.Text("d"), new Part.Refusal("e"))
                        .assistant(new Part.Text("f"))
                        .at("/contents"))
                .isEqualTo("[{\"role\":\"user\",\"parts\":[{\"text\":\"a\"},{\"text\":\"b\"},{\"text\":\"c\"}]},"
                        + "{\"role\":\"model\",\"parts\":[{\"text\":\"d\"},{\"text\":\"e\"},{\"text\":\"f\"}]}]");
    }

    @Test
    void begins_with_the_user() {
        assertThat(GeminiAsk.nothing()
                        .assistant(new Part.Text("Welcome"))
                        .user(new Part.Text("hi"))
                        .at("/contents"))
                .startsWith("[{\"role\":\"user\",\"parts\":[{\"text\":\" \"}]},{\"role\":\"model\"");
    }

    @Test
    void refuses_to_ask_nothing() {
        assertRefused(() -> GeminiAsk.nothing().body(), "invalid_request", "messages");
        assertRefused(() -> GeminiAsk.user("").body(), "invalid_request", "messages");
    }

    @Test
    void drops_names_of_speakers() {
        assertThat(GeminiAsk.nothing()
                        .turn(new Turn.User(List.of(new Part.Text("a")), "bob"))
                        .turn(new Turn.Assistant(List.of(new Part.Text("b")), "al"))
                        .write(G25)
                        .dropped())
                .containsExactly("messages.name");
    }

    // --- media ---

    @Test
    void sends_media_in_line() {
        assertThat(GeminiAsk.nothing()
                        .user(
                                new Part.Image(new Source.Base64("image/png", "AAAA"), "high", null),
                                new Part.Document(new Source.Base64("application/pdf", "BBBB"), null, null),
                                new Part.Document(new Source.Plain("text"), null, null),
                                new Part.Audio("mp3", "CCCC"),
                                new Part.Audio("wav", "DDDD"))
                        .at("/contents/0/parts"))
                .isEqualTo("[{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AAAA\"}},"
                        + "{\"inlineData\":{\"mimeType\":\"application/pdf\",\"data\":\"BBBB\"}},{\"text\":\"text\"},"
                        + "{\"inlineData\":{\"mimeType\":\"audio/mp3\",\"data\":\"CCCC\"}},"
                        + "{\"inlineData\":{\"mimeType\":\"audio/wav\",\"data\":\"DDDD\"}}]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.org/a.png",
                "http://169.254.169.254/",
                "https://youtube.com.example.org/watch?v=1",
                "file:///etc/passwd"
            })
    void asks_for_the_content_of_what_a_url_points_to(String url) {
        assertThatThrownBy(() -> GeminiAsk.nothing()
                        .user(new Part.Image(new Source.Url(url), null, null))
                        .body())
                .isInstanceOfSatisfying(
                        Refusal.BadRequest.class,
                        refusal -> assertThat(refusal.explanation())
                                .contains("base64")
                                .contains("gemini-3.6-flash")
                                .doesNotContain(url));
        assertRefused(
                () -> GeminiAsk.nothing()
                        .user(new Part.Document(new Source.Url(url), null, null))
                        .body(),
                "unsupported_parameter",
                "messages.content");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gs://bucket/a.png",
                "https://generativelanguage.googleapis.com/v1beta/files/abc",
                "https://m.youtube.com/watch?v=lCdaVNyHtjU"
            })
    void names_files_that_google_itself_holds(String url) {
        assertThat(GeminiAsk.nothing()
                        .user(new Part.Document(new Source.Url(url), null, null))
                        .at("/contents/0/parts/0/fileData/fileUri"))
                .isEqualTo("\"" + url + "\"");
    }

    @Test
    void refuses_files_and_parts_of_other_providers() {
        assertRefused(
                () -> GeminiAsk.nothing()
                        .user(new Part.Document(new Source.Uploaded(Dialect.OPENAI_CHAT, "file-1"), null, null))
                        .body(),
                "unsupported_parameter",
                "messages.content");
        assertRefused(
                () -> GeminiAsk.nothing()
                        .user(new Part.Opaque(Dialect.ANTHROPIC_MESSAGES, Json.object(), null))
                        .body(),
                "unsupported_parameter",
                "messages.content");
        assertThat(GeminiAsk.user("a")
                        .assistant(new Part.Opaque(Dialect.ANTHROPIC_MESSAGES, Json.object(), null), new Part.Text("b"))
                        .at("/contents/1/parts"))
                .isEqualTo("[{\"text\":\"b\"}]");
    }

    @Test
    void sees_images_coarsely_if_all_are_to_be_seen_so() {
        Part coarse = new Part.Image(new Source.Base64("image/png", "A"), "low", null);
        Part fine = new Part.Image(new Source.Base64("image/png", "A"), "high", null);
        assertThat(GeminiAsk.nothing().user(coarse, coarse).at("/generationConfig/mediaResolution"))
                .isEqualTo("\"MEDIA_RESOLUTION_LOW\"");
        assertThat(GeminiAsk.nothing().user(coarse, fine).body().has("generationConfig"))
                .isFalse();
        assertThat(GeminiAsk.nothing().user(coarse, fine).write(G25).dropped())
                .containsExactly("messages.content.image_url.detail");
    }

    @Test
    void refuses_what_a_model_cannot_perceive() {
        Traits blind = new Traits(
                "m", "google", null, null, Map.of("vision", false, "audio_input", false, "pdf_input", false));
        for (Part part : List.of(
                new Part.Image(new Source.Base64("image/png", "A"), null, null),
                new Part.Audio("wav", "A"),
                new Part.Document(new Source.Base64("application/pdf", "A"), null, null))) {
            assertRefused(
                    () -> GeminiAsk.nothing().user(part).write(blind), "unsupported_parameter", "messages.content");
        }
    }

    // --- tools ---

    @Test
    void tells_results_by_the_names_of_their_functions() {
        assertThat(GeminiAsk.user("go")
                        .assistant(call("c1", "f", "{\"x\":1.0}"), call("c2", "g", ""))
                        .user(
                                result("c2", new Part.Text("plain")),
                                result("c1", new Part.Text("{\"b\":1,\"a\":[2]}")),
                                new Part.Text("and now?"))
                        .body(G25)
                        .at("/contents")
                        .toString())
                .isEqualTo("[{\"role\":\"user\",\"parts\":[{\"text\":\"go\"}]},{\"role\":\"model\",\"parts\":["
                        + "{\"functionCall\":{\"name\":\"f\",\"args\":{\"x\":1.0},\"id\":\"c1\"}},"
                        + "{\"functionCall\":{\"name\":\"g\",\"args\":{},\"id\":\"c2\"}}]},{\"role\":\"user\",\"parts\":["
                        + "{\"functionResponse\":{\"id\":\"c2\",\"name\":\"g\",\"response\":{\"result\":\"plain\"}}},"
                        + "{\"functionResponse\":{\"id\":\"c1\",\"name\":\"f\",\"response\":{\"b\":1,\"a\":[2]}}},"
                        + "{\"text\":\"and now?\"}]}]");
    }

    @Test
    void tells_results_before_all_else_also_across_turns() {
        JsonNode parts = GeminiAsk.user("go")
                .assistant(call("c1", "f", "{}"), call("c2", "f", "{}"))
                .system("mind the gap")
                .user(result("c1", new Part.Text("1")))
                .user(new Part.Text("x"))
                .user(result("c2", new Part.Text("2")))
                .body()
                .at("/contents/2/parts");
        assertThat(parts).hasSize(4);
        assertThat(parts.path(0).at("/functionResponse/id").asText()).isEqualTo("c1");
        assertThat(parts.path(1).at("/functionResponse/id").asText()).isEqualTo("c2");
        assertThat(parts.path(2).path("text").asText()).isEqualTo("mind the gap");
    }

    @Test
    void says_when_a_tool_failed_and_shows_its_images_after_all_results() {
        Part image = new Part.Image(new Source.Base64("image/png", "AAAA"), null, null);
        assertThat(GeminiAsk.user("go")
                        .assistant(call("c1", "f", "{}"), call("c2", "f", "{}"), call("c3", "f", "{}"))
                        .user(
                                new Part.ToolResult("c1", List.of(new Part.Text("{\"no\":1}")), true, null),
                                result("c2", image),
                                result("c3", new Part.Text("a"), image, new Part.Text("b")))
                        .body(G25)
                        .at("/contents/2/parts")
                        .toString())
                .isEqualTo(
                        "[{\"functionResponse\":{\"id\":\"c1\",\"name\":\"f\",\"response\":{\"error\":\"{\\\"no\\\":1}\"}}},"
                                + "{\"functionResponse\":{\"id\":\"c2\",\"name\":\"f\",\"response\":{\"result\":\"The content follows.\"}}},"
                                + "{\"functionResponse\":{\"id\":\"c3\",\"name\":\"f\",\"response\":{\"result\":\"a\\nb\"}}},"
                                + "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AAAA\"}},"
                                + "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AAAA\"}}]");
    }

    @Test
    void refuses_a_result_of_no_call() {
        assertRefused(
                () -> GeminiAsk.user("a").user(result("c9", new Part.Text("x"))).body(),
                "invalid_request",
                "messages.tool_call_id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":", "[1]", "7", "text"})
    void wraps_arguments_that_are_no_object(String arguments) {
        JsonNode args = GeminiAsk.user("a")
                .assistant(call("c1", "f", arguments))
                .body()
                .at("/contents/1/parts/0/functionCall/args");
        assertThat(args).hasSize(1);
        assertThat(args.path("arguments").asText()).isEqualTo(arguments);
    }

    @Test
    void declares_functions_with_their_own_schema() {
        ObjectNode body = GeminiAsk.user("a")
                .tool("f", SCHEMA)
                .tool("g", (String) null)
                .tool("h", "{}")
                .body();
        assertThat(body.at("/tools").toString())
                .isEqualTo(
                        "[{\"functionDeclarations\":[{\"name\":\"f\",\"description\":\"What f does\",\"parametersJsonSchema\":"
                                + SCHEMA
                                + "},{\"name\":\"g\",\"description\":\"What g does\"},{\"name\":\"h\",\"description\":\"What h does\"}]}]");
        assertThat(body.has("toolConfig")).isFalse();
    }

    @Test
    void declares_functions_in_the_subset_for_models_that_know_no_more() {
        assertThat(GeminiAsk.user("a")
                        .tool("f", SCHEMA)
                        .tool("g", "{\"type\":\"object\",\"properties\":{}}")
                        .body(OLD)
                        .at("/tools/0/functionDeclarations")
                        .toString())
                .isEqualTo(
                        "[{\"name\":\"f\",\"description\":\"What f does\",\"parameters\":{\"type\":\"OBJECT\",\"properties\":"
                                + "{\"b\":{\"type\":\"STRING\"},\"a\":{\"type\":\"INTEGER\"}},\"required\":[\"b\"]}},"
                                + "{\"name\":\"g\",\"description\":\"What g does\"}]");
    }

    @Test
    void renames_functions_that_may_not_be_called_so_everywhere() {
        String name = "1st-tool".repeat(10);
        GeminiAsk ask = GeminiAsk.user("a")
                .tool(name, (String) null)
                .tool("ok", (String) null)
                .choice(new ToolChoice.Named(name))
                .assistant(call("c1", name, "{}"))
                .user(result("c1", new Part.Text("x")));
        ObjectNode body = ask.body();
        String sent = body.at("/tools/0/functionDeclarations/0/name").asText();
        assertThat(sent).matches("[A-Za-z_][A-Za-z0-9_.:-]{0,63}");
        assertThat(body.at("/tools/0/functionDeclarations/1/name").asText()).isEqualTo("ok");
        assertThat(body.at("/toolConfig/functionCallingConfig/allowedFunctionNames/0")
                        .asText())
                .isEqualTo(sent);
        assertThat(body.at("/contents/1/parts/0/functionCall/name").asText()).isEqualTo(sent);
        assertThat(body.at("/contents/2/parts/0/functionResponse/name").asText())
                .isEqualTo(sent);
        assertThat(GeminiNames.of(ask.conversation()).original(sent)).isEqualTo(name);
    }

    @Test
    void keeps_names_apart_that_differ_in_what_is_replaced_only() {
        GeminiNames names = GeminiNames.of(GeminiAsk.user("a")
                .tool("a b", (String) null)
                .tool("a/b", (String) null)
                .tool("a_b", (String) null)
                .tool("", (String) null)
                .conversation());
        assertThat(List.of(names.sent("a b"), names.sent("a/b"), names.sent("a_b"), names.sent("")))
                .doesNotHaveDuplicates()
                .contains("a_b");
        assertThat(names.original(names.sent("a/b"))).isEqualTo("a/b");
    }

    @ParameterizedTest
    @CsvSource({
        "auto,'{\"mode\":\"AUTO\"}'",
        "none,'{\"mode\":\"NONE\"}'",
        "required,'{\"mode\":\"ANY\"}'",
        "named,'{\"mode\":\"ANY\",\"allowedFunctionNames\":[\"f\"]}'",
        "some,'{\"mode\":\"VALIDATED\",\"allowedFunctionNames\":[\"f\"]}'",
        "one of some,'{\"mode\":\"ANY\",\"allowedFunctionNames\":[\"f\"]}'"
    })
    void says_which_functions_to_call(String choice, String config) {
        assertThat(two().choice(choice(choice)).at("/toolConfig/functionCallingConfig"))
                .isEqualTo(config);
    }

    @Test
    void declares_only_what_may_be_called_where_the_choice_cannot_be_told() {
        ObjectNode body = two().choice(choice("some")).body(G25);
        assertThat(body.at("/tools/0/functionDeclarations")).hasSize(1);
        assertThat(body.at("/toolConfig/functionCallingConfig").toString()).isEqualTo("{\"mode\":\"AUTO\"}");
    }

    @Test
    void says_nothing_of_a_choice_among_no_functions() {
        assertThat(GeminiAsk.user("a").choice(new ToolChoice.None()).body().has("toolConfig"))
                .isFalse();
    }

    @Test
    void has_strict_arguments_validated_where_the_model_can() {
        GeminiAsk strict = GeminiAsk.user("a").tool("f", Json.object(), true);
        assertThat(strict.at("/toolConfig/functionCallingConfig")).isEqualTo("{\"mode\":\"VALIDATED\"}");
        assertThat(strict.write("gemini-3.6-flash").dropped()).isEmpty();
        assertThat(strict.body(G25).has("toolConfig")).isFalse();
        assertThat(strict.write(G25).dropped()).containsExactly("tools.strict");
    }

    @Test
    void cannot_forbid_parallel_calls() {
        assertThat(two().parallel(false).write(G25).dropped()).containsExactly("parallel_tool_calls");
        assertThat(two().parallel(true).write(G25).dropped()).isEmpty();
    }

    @Test
    void refuses_tools_that_others_run() {
        assertRefused(
                () -> GeminiAsk.user("a")
                        .tool(new Tool.Hosted(Dialect.ANTHROPIC_MESSAGES, "web_search_20250305", Json.object()))
                        .body(),
                "unsupported_parameter",
                "tools");
        assertRefused(() -> two().body("lyria-3-pro-preview"), "unsupported_parameter", "tools");
    }

    // --- thought signatures ---

    @Test
    void gives_signatures_back_where_they_stood() {
        assertThat(GeminiAsk.user("a")
                        .assistant(
                                new Part.Reasoning("hm", SIGNATURE),
                                new Part.ToolCall("c1", "f", "{}", SIGNATURE, null),
                                call("c2", "f", "{}"))
                        .at("/contents/1/parts"))
                .isEqualTo("[{\"text\":\"hm\",\"thought\":true,\"thoughtSignature\":\"c2ln\"},"
                        + "{\"functionCall\":{\"name\":\"f\",\"args\":{},\"id\":\"c1\"},\"thoughtSignature\":\"c2ln\"},"
                        + "{\"functionCall\":{\"name\":\"f\",\"args\":{},\"id\":\"c2\"}}]");
    }

    @Test
    void gives_the_signature_of_a_text_back_with_it_wherever_the_client_kept_it() {
        Part sealed = new Part.Reasoning("", new Seal(Dialect.GEMINI, "text", "c2ln"));
        String text = "[{\"text\":\"a\"},{\"text\":\"b\",\"thoughtSignature\":\"c2ln\"}]";
        assertThat(GeminiAsk.user("x")
                        .assistant(sealed, new Part.Text("a"), new Part.Text("b"))
                        .at("/contents/1/parts"))
                .isEqualTo(text);
        assertThat(GeminiAsk.user("x")
                        .assistant(new Part.Text("a"), new Part.Text("b"), sealed)
                        .at("/contents/1/parts"))
                .isEqualTo(text);
        assertThat(GeminiAsk.user("x").assistant(sealed).at("/contents/1/parts"))
                .isEqualTo("[{\"text\":\"\",\"thoughtSignature\":\"c2ln\"}]");
    }

    @Test
    void fills_in_for_the_missing_signature_of_a_steps_first_call_where_it_is_demanded() {
        GeminiAsk ask = GeminiAsk.user("a")
                .assistant(call("c1", "f", "{}"), call("c2", "f", "{}"))
                .user(result("c1", new Part.Text("1")), result("c2", new Part.Text("2")))
                .assistant(new Part.ToolCall(
                        "c3", "f", "{}", new Seal(Dialect.ANTHROPIC_MESSAGES, "signature", "theirs"), null))
                .user(result("c3", new Part.Text("3")));
        JsonNode contents = ask.body().path("contents");
        assertThat(contents.at("/1/parts/0/thoughtSignature").asText()).isEqualTo("skip_thought_signature_validator");
        assertThat(contents.at("/1/parts/1").has("thoughtSignature")).isFalse();
        assertThat(contents.at("/3/parts/0/thoughtSignature").asText()).isEqualTo("skip_thought_signature_validator");
        assertThat(ask.body(G25).findValue("thoughtSignature")).isNull();
    }

    @Test
    void shows_no_thoughts_of_other_models() {
        assertThat(GeminiAsk.user("a")
                        .assistant(
                                new Part.Reasoning("secret", new Seal(Dialect.ANTHROPIC_MESSAGES, "signature", "s")),
                                new Part.Reasoning("secret", null),
                                new Part.Text("b"))
                        .write(G25))
                .satisfies(written -> {
                    assertThat(new String(written.body(), StandardCharsets.UTF_8))
                            .doesNotContain("secret");
                    assertThat(written.dropped()).isEmpty();
                });
    }

    // --- how to answer ---

    @Test
    void says_how_to_draw_the_answer() {
        Sampling sampling = new Sampling(
                4000L,
                new BigDecimal("0.50"),
                new BigDecimal("0.95"),
                3L,
                42L,
                List.of("x", "y"),
                2,
                new BigDecimal("0.1"),
                new BigDecimal("-0.2"),
                null,
                true,
                5);
        assertThat(GeminiAsk.user("a").sampling(sampling).at("/generationConfig"))
                .isEqualTo("{\"maxOutputTokens\":4000,\"temperature\":0.50,\"topP\":0.95,\"topK\":3,\"seed\":42,"
                        + "\"stopSequences\":[\"x\",\"y\"],\"candidateCount\":2,\"presencePenalty\":0.1,"
                        + "\"frequencyPenalty\":-0.2,\"responseLogprobs\":true,\"logprobs\":5}");
    }

    @Test
    void says_nothing_that_was_not_said() {
        assertThat(GeminiAsk.user("a").body().has("generationConfig")).isFalse();
        Sampling usual = new Sampling(
                null,
                null,
                null,
                null,
                null,
                List.of(),
                1,
                BigDecimal.ZERO,
                new BigDecimal("0.0"),
                Json.object(),
                false,
                3);
        assertThat(GeminiAsk.user("a").sampling(usual).body().has("generationConfig"))
                .isFalse();
    }

    @Test
    void keeps_within_what_the_model_can_write_and_count() {
        assertThat(GeminiAsk.user("a")
                        .sampling(sampling(100_000L, null, null, List.of()))
                        .body(OLD)
                        .at("/generationConfig/maxOutputTokens")
                        .asLong())
                .isEqualTo(8192);
        int seed = GeminiAsk.user("a")
                .sampling(sampling(null, 1L << 40, null, List.of()))
                .body()
                .at("/generationConfig/seed")
                .asInt();
        assertThat(seed).isEqualTo(Long.hashCode(1L << 40));
    }

    @Test
    void refuses_more_than_the_model_takes() {
        assertRefused(
                () -> GeminiAsk.user("a")
                        .sampling(sampling(null, null, null, List.of("1", "2", "3", "4", "5", "6")))
                        .body(),
                "unsupported_parameter",
                "stop");
        assertRefused(
                () -> GeminiAsk.user("a")
                        .sampling(sampling(null, null, 9, List.of()))
                        .body(),
                "unsupported_parameter",
                "n");
        Sampling biased = new Sampling(
                null,
                null,
                null,
                null,
                null,
                List.of(),
                null,
                null,
                null,
                Json.object().put("5", 1),
                null,
                null);
        assertRefused(() -> GeminiAsk.user("a").sampling(biased).body(), "unsupported_parameter", "logit_bias");
        Sampling many = new Sampling(null, null, null, null, null, List.of(), null, null, null, null, true, 21);
        assertRefused(() -> GeminiAsk.user("a").sampling(many).body(), "unsupported_parameter", "top_logprobs");
    }

    @Test
    void says_what_the_answer_must_look_like() {
        JsonNode schema = Json.read(SCHEMA).orElseThrow();
        OutputFormat format = new OutputFormat.JsonSchema("thing", null, schema, true);
        assertThat(GeminiAsk.user("a").format(format).at("/generationConfig"))
                .isEqualTo("{\"responseMimeType\":\"application/json\",\"responseJsonSchema\":" + SCHEMA + "}");
        assertThat(GeminiAsk.user("a")
                        .format(format)
                        .body(OLD)
                        .at("/generationConfig")
                        .toString())
                .isEqualTo(
                        "{\"responseMimeType\":\"application/json\",\"responseSchema\":{\"type\":\"OBJECT\",\"properties\":"
                                + "{\"b\":{\"type\":\"STRING\"},\"a\":{\"type\":\"INTEGER\"}},\"required\":[\"b\"],"
                                + "\"propertyOrdering\":[\"b\",\"a\"]}}");
        assertThat(GeminiAsk.user("a").format(new OutputFormat.JsonObject()).at("/generationConfig"))
                .isEqualTo("{\"responseMimeType\":\"application/json\"}");
    }

    @Test
    void has_a_format_and_tools_together_where_the_model_can() {
        GeminiAsk both = two().format(new OutputFormat.JsonObject());
        assertThat(both.body().has("tools")).isTrue();
        assertRefused(() -> both.body(G25), "unsupported_parameter", "response_format");
        assertThat(both.choice(new ToolChoice.None())
                        .body(G25)
                        .at("/generationConfig/responseMimeType")
                        .asText())
                .isEqualTo("application/json");
        assertRefused(
                () -> GeminiAsk.user("a").format(new OutputFormat.JsonObject()).body("lyria-3-pro-preview"),
                "unsupported_parameter",
                "response_format");
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-2.5-flash,none,'{\"thinkingBudget\":0}',",
        "gemini-2.5-flash,minimal,'{\"thinkingBudget\":512}',",
        "gemini-2.5-flash,low,'{\"thinkingBudget\":1024}',",
        "gemini-2.5-flash,medium,'{\"thinkingBudget\":8192}',",
        "gemini-2.5-flash,high,'{\"thinkingBudget\":24576}',",
        "gemini-2.5-flash,xhigh,'{\"thinkingBudget\":24576}',",
        "gemini-2.5-flash,max,'{\"thinkingBudget\":24576}',",
        "gemini-2.5-pro,none,'{\"thinkingBudget\":128}',reasoning_effort",
        "gemini-3.5-flash,none,'{\"thinkingLevel\":\"MINIMAL\"}',",
        "gemini-3.5-flash,minimal,'{\"thinkingLevel\":\"MINIMAL\"}',",
        "gemini-3.5-flash,low,'{\"thinkingLevel\":\"LOW\"}',",
        "gemini-3.5-flash,medium,'{\"thinkingLevel\":\"MEDIUM\"}',",
        "gemini-3.5-flash,high,'{\"thinkingLevel\":\"HIGH\"}',",
        "gemini-3.5-flash,max,'{\"thinkingLevel\":\"HIGH\"}',",
        "gemini-3-pro-preview,none,'{\"thinkingLevel\":\"LOW\"}',reasoning_effort",
        "gemini-3-pro-preview,minimal,'{\"thinkingLevel\":\"LOW\"}',",
        "gemini-3-pro-preview,medium,'{\"thinkingLevel\":\"HIGH\"}',",
        "gemini-3.1-pro-preview,medium,'{\"thinkingLevel\":\"MEDIUM\"}',",
        "gemini-2.0-flash,high,'',reasoning_effort",
        "gemini-2.0-flash,none,'',"
    })
    void thinks_as_hard_as_the_effort_says(String model, String effort, String config, @Nullable String dropped) {
        GeminiAsk ask = GeminiAsk.user("a").effort(effort);
        JsonNode thinking = ask.body(model).at("/generationConfig/thinkingConfig");
        assertThat(thinking.isMissingNode() ? "" : Json.text(thinking)).isEqualTo(config);
        assertThat(ask.write(model).dropped()).isEqualTo(dropped == null ? List.of() : List.of(dropped));
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-2.5-flash,BUDGET,4000,'{\"thinkingBudget\":4000,\"includeThoughts\":true}'",
        "gemini-2.5-flash,BUDGET,31999,'{\"thinkingBudget\":24576,\"includeThoughts\":true}'",
        "gemini-2.5-flash,ADAPTIVE,,'{\"thinkingBudget\":-1,\"includeThoughts\":true}'",
        "gemini-2.5-flash,OFF,,'{\"thinkingBudget\":0}'",
        "gemini-3.5-flash,BUDGET,1024,'{\"thinkingLevel\":\"LOW\",\"includeThoughts\":true}'",
        "gemini-3.5-flash,BUDGET,8000,'{\"thinkingLevel\":\"MEDIUM\",\"includeThoughts\":true}'",
        "gemini-3.5-flash,BUDGET,31999,'{\"thinkingLevel\":\"HIGH\",\"includeThoughts\":true}'",
        "gemini-3.5-flash,ADAPTIVE,,'{\"includeThoughts\":true}'",
        "gemini-3.5-flash,OFF,,'{\"thinkingLevel\":\"MINIMAL\"}'"
    })
    void thinks_as_much_as_the_client_allows_and_never_says_both(
            String model, Thinking.Mode mode, @Nullable Long budget, String config) {
        assertThat(Json.text(GeminiAsk.user("a")
                        .thinking(new Thinking(mode, null, budget, true))
                        .body(model)
                        .at("/generationConfig/thinkingConfig")))
                .isEqualTo(config);
    }

    @Test
    void names_the_tier_and_drops_what_it_has_no_word_for() {
        GeminiAsk ask = GeminiAsk.nothing()
                .user(new Part.Text("a", List.of(), MARK))
                .tier("flex")
                .endUser("bob@example.org")
                .cacheKey("k");
        assertThat(ask.at("/serviceTier")).isEqualTo("\"flex\"");
        assertThat(ask.write(G25).dropped()).containsExactly("cache_control", "user", "prompt_cache_key");
        assertThat(new String(ask.write(G25).body(), StandardCharsets.UTF_8)).doesNotContain("bob");
        assertThat(GeminiAsk.user("a").tier("auto").body().has("serviceTier")).isFalse();
    }

    @Test
    void drops_or_refuses_what_other_dialects_add() {
        assertThat(GeminiAsk.user("a").extra("store", "true", false).write(G25).dropped())
                .containsExactly("store");
        assertRefused(
                () -> GeminiAsk.user("a")
                        .extra("modalities", "[\"audio\"]", true)
                        .body(),
                "unsupported_parameter",
                "modalities");
    }

    @Test
    void takes_what_google_itself_takes_from_clients_of_the_openai_dialect() {
        ObjectNode body = GeminiAsk.user("a")
                .effort("low")
                .extra(
                        "extra_body",
                        "{\"google\":{\"safety_settings\":[{\"category\":\"HARM_CATEGORY_HARASSMENT\",\"threshold\":\"BLOCK_NONE\"}],"
                                + "\"cached_content\":\"cachedContents/1\",\"thinking_config\":{\"thinking_budget\":7,\"include_thoughts\":true}}}",
                        true)
                .body(G25);
        assertThat(Json.text(body.path("safetySettings")))
                .isEqualTo("[{\"category\":\"HARM_CATEGORY_HARASSMENT\",\"threshold\":\"BLOCK_NONE\"}]");
        assertThat(body.path("cachedContent").asText()).isEqualTo("cachedContents/1");
        assertThat(Json.text(body.at("/generationConfig/thinkingConfig")))
                .isEqualTo("{\"thinkingBudget\":7,\"includeThoughts\":true}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"other\":{}}",
                "{\"google\":{\"x\":1}}",
                "{\"google\":{\"thinking_config\":{\"x\":1}}}",
                "{\"google\":{\"thinking_config\":{\"thinking_budget\":1,\"thinking_level\":\"low\"}}}"
            })
    void refuses_what_google_would_refuse_too(String extra) {
        assertThatThrownBy(() ->
                        GeminiAsk.user("a").extra("extra_body", extra, false).body())
                .isInstanceOf(Refusal.BadRequest.class);
    }

    // --- counting ---

    @Test
    void asks_for_a_count_as_it_was_recorded() {
        JsonNode recorded = GeminiTraffic.exchanges("countTokens").stream()
                .filter(exchange -> exchange.name().endsWith("gemini/countTokens/plain.gemini-3.5-flash.2"))
                .findFirst()
                .orElseThrow()
                .request()
                .path("generateContentRequest");
        GeminiAsk ask = GeminiAsk.nothing()
                .system("Be terse.")
                .user(new Part.Text("What is the capital of France?"))
                .tool(new Tool.Function(
                        "counting_weather",
                        "Gets current weather for a city",
                        Json.read("{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\","
                                        + "\"description\":\"City name\"}},\"required\":[\"city\"]}")
                                .orElseThrow(),
                        null,
                        null))
                .sampling(sampling(5L, null, null, List.of()));
        Traits subset = new Traits("gemini-3.5-flash", "google", null, null, Map.of("full_json_schema", false));
        JsonNode written = Json.read(GeminiRequest.writeCountTokens(ask.conversation(), subset)
                        .body())
                .orElseThrow();
        assertThat(written).hasSize(1);
        assertThat(written.path("generateContentRequest")).isEqualTo(recorded);
    }

    private static Sampling sampling(
            @Nullable Long maxTokens, @Nullable Long seed, @Nullable Integer candidates, List<String> stop) {
        return new Sampling(maxTokens, null, null, null, seed, stop, candidates, null, null, null, null, null);
    }

    private static GeminiAsk two() {
        return GeminiAsk.user("a").tool("f", (String) null).tool("g", (String) null);
    }

    private static ToolChoice choice(String name) {
        return switch (name) {
            case "auto" -> new ToolChoice.Auto();
            case "none" -> new ToolChoice.None();
            case "required" -> new ToolChoice.Required();
            case "named" -> new ToolChoice.Named("f");
            case "some" -> new ToolChoice.Allowed(List.of("f"), false);
            default -> new ToolChoice.Allowed(List.of("f"), true);
        };
    }

    private static Part call(String id, String name, String arguments) {
        return new Part.ToolCall(id, name, arguments, null, null);
    }

    private static Part result(String id, Part... content) {
        return new Part.ToolResult(id, List.of(content), false, null);
    }

    private static void assertRefused(ThrowingCallable asking, String code, String param) {
        assertThatThrownBy(asking).isInstanceOfSatisfying(Refusal.BadRequest.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(code);
            assertThat(refusal.param()).isEqualTo(param);
        });
    }
}
