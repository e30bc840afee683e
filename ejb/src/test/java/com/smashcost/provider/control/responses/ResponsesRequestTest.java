package com.smashcost.provider.control.responses;

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
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponsesRequestTest {

    /** A model that can do all. */
    static final Traits ABLE = traits(Map.of(
            "reasoning", true,
            "temperature", true,
            "vision", true,
            "pdf_input", true,
            "prompt_cache_breakpoint", true,
            "none_reasoning_effort", true,
            "minimal_reasoning_effort", true,
            "xhigh_reasoning_effort", true,
            "max_reasoning_effort", true));

    static List<WireRecording> recordings() {
        return ResponsesWire.recordings();
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void reads_every_recorded_request(WireRecording exchange) {
        Conversation conversation = ResponsesRequest.read((ObjectNode) exchange.request());
        JsonObject request = ResponsesWire.json(Json.bytes(exchange.request()));
        assertThat(conversation.model()).isEqualTo(request.getString("model"));
        assertThat(conversation.stream()).isEqualTo(request.getBoolean("stream", false));
        assertThat(conversation.tools())
                .hasSize(Meaning.objects(request, "tools").size());
        assertThat(said(conversation)).containsExactlyInAnyOrderElementsOf(said(request));
        assertThat(conversation.source()).isSameAs(exchange.request());
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void writes_a_request_that_means_the_same(WireRecording exchange) {
        Conversation before = ResponsesRequest.read((ObjectNode) exchange.request());
        Translated translated = ResponsesRequest.write(before, ABLE);
        assertThat(translated.dropped()).isEmpty();
        Conversation after =
                ResponsesRequest.read(Json.readObject(translated.body()).orElseThrow());
        assertThat(after.turns())
                .isEqualTo(before.turns().stream()
                        .map(ResponsesRequestTest::detailed)
                        .toList());
        assertThat(after.tools()).isEqualTo(lenient(before.tools()));
        assertThat(after.toolChoice()).isEqualTo(before.toolChoice());
        assertThat(after.format()).isEqualTo(before.format());
        assertThat(after.sampling()).isEqualTo(before.sampling());
        assertThat(after.thinking()).isEqualTo(before.thinking());
        assertThat(after.extras()).containsExactlyInAnyOrderElementsOf(before.extras());
        assertThat(after.serviceTier()).isEqualTo(before.serviceTier());
        assertThat(after.stream()).isEqualTo(before.stream());
        assertThat(after.parallelToolCalls()).isEqualTo(before.parallelToolCalls());
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void writes_by_the_published_schema(WireRecording exchange) {
        byte[] body = ResponsesRequest.write(ResponsesRequest.read((ObjectNode) exchange.request()), ABLE)
                .body();
        boolean allNamed = Meaning.objects(ResponsesWire.json(body), "input").stream()
                .allMatch(item -> !item.getString("type").equals("reasoning") || item.containsKey("id"));
        if (exchange.status() < 400 && allNamed) { // the schema wants a name of every thought, OpenAI does not
            assertThat(Schemas.OPENAI.errors("CreateResponse", body)).isEmpty();
        }
        assertThat(ResponsesWire.json(body).getBoolean("store")).isFalse();
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void writes_the_same_bytes_each_time(WireRecording exchange) {
        ObjectNode again = Json.readObject(Json.bytes(exchange.request())).orElseThrow();
        assertThat(ResponsesRequest.write(ResponsesRequest.read(again), ABLE).body())
                .isEqualTo(ResponsesRequest.write(ResponsesRequest.read((ObjectNode) exchange.request()), ABLE)
                        .body());
    }

    @Test
    void reads_the_request_of_codex() {
        Conversation conversation = read("""
                {"model":"gpt-5.5","instructions":"You are Codex.","input":[
                  {"type":"message","role":"developer","content":[{"type":"input_text","text":"one"}]},
                  {"type":"message","role":"developer","content":[{"type":"input_text","text":"two"}]},
                  {"type":"additional_tools","role":"developer","tools":[
                    {"type":"function","name":"shell","description":"Runs.","strict":false,
                     "parameters":{"type":"object","properties":{"command":{"type":"string"}}}},
                    {"type":"custom","name":"apply_patch","description":"Patches.","format":{"type":"grammar"}}]},
                  {"type":"something_new","content":{"a":1}},
                  {"type":"message","role":"user","content":[{"type":"input_text","text":"Go."}]}],
                 "tool_choice":"auto","parallel_tool_calls":true,
                 "reasoning":{"effort":"medium","summary":"auto","context":"all_turns"},
                 "store":false,"stream":true,"include":["reasoning.encrypted_content"],
                 "prompt_cache_key":"k-1","text":{"verbosity":"low"},"client_metadata":{"x":"y"}}
                """);
        assertThat(conversation.turns().stream().map(turn -> turn.getClass().getSimpleName()))
                .containsExactly("Instruction", "Instruction", "Instruction", "Assistant", "User");
        assertThat(conversation.tools()).hasExactlyElementsOfTypes(Tool.Function.class, Tool.Hosted.class);
        assertThat(conversation.thinking()).isEqualTo(new Thinking(null, "medium", null, true));
        assertThat(conversation.promptCacheKey()).isEqualTo("k-1");
        assertThat(conversation.stream()).isTrue();
        assertThat(conversation.extras().stream().map(Extra::name))
                .containsExactly("reasoning.context", "text.verbosity", "client_metadata");
        assertThat(conversation.extras()).noneMatch(Extra::essential);
        ResponsesRequest.refuseState(conversation.source());
        assertThat(ResponsesRequest.write(conversation, ABLE).dropped()).isEmpty();
    }

    @Test
    void reads_what_was_called_and_answered_into_turns() {
        Conversation conversation = read("""
                {"model":"m","input":[
                  {"role":"user","content":"Both, please."},
                  {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Two"},
                    {"type":"summary_text","text":"calls."}],"encrypted_content":"gAAA"},
                  {"type":"function_call","call_id":"a","name":"f","arguments":"{}"},
                  {"type":"function_call","call_id":"b","name":"g","arguments":""},
                  {"role":"user","content":"Hurry."},
                  {"type":"function_call_output","call_id":"b","output":[
                    {"type":"input_text","text":"see"},{"type":"input_image","image_url":"https://x.example/i.png","detail":"low"}]},
                  {"type":"function_call_output","call_id":"a","output":"1"},
                  {"type":"message","role":"assistant","id":"msg_1","status":"completed","phase":"final_answer",
                   "content":[{"type":"output_text","text":"Done.","annotations":[
                     {"type":"url_citation","url":"https://x.example/","title":"X","start_index":0,"end_index":4}]},
                    {"type":"refusal","refusal":"No more."}]}]}
                """);
        assertThat(conversation.turns())
                .containsExactly(
                        new Turn.User(List.of(new Part.Text("Both, please.")), null),
                        new Turn.Assistant(
                                List.of(
                                        new Part.Reasoning("Two\n\ncalls.", encrypted("rs_1", "gAAA")),
                                        new Part.ToolCall("a", "f", "{}", null, null),
                                        new Part.ToolCall("b", "g", "", null, null)),
                                null),
                        new Turn.User(
                                List.of(
                                        new Part.ToolResult(
                                                "b",
                                                List.of(
                                                        new Part.Text("see"),
                                                        new Part.Image(
                                                                new Part.Source.Url("https://x.example/i.png"),
                                                                "low",
                                                                null)),
                                                false,
                                                null),
                                        new Part.ToolResult("a", List.of(new Part.Text("1")), false, null),
                                        new Part.Text("Hurry.")),
                                null),
                        new Turn.Assistant(
                                List.of(
                                        new Part.Text(
                                                "Done.",
                                                List.of(new Part.Citation("https://x.example/", "X", null, 0, 4, null)),
                                                null),
                                        new Part.Refusal("No more.")),
                                null));
    }

    @Test
    void reads_images_and_files() {
        Conversation conversation = read("""
                {"model":"m","input":[{"role":"user","content":[
                  {"type":"input_image","image_url":"data:image/png;base64,iVBO","prompt_cache_breakpoint":{"mode":"explicit"}},
                  {"type":"input_image","file_id":"file-1","detail":"high"},
                  {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,JVBE"},
                  {"type":"input_file","file_data":"JVBE"},
                  {"type":"input_file","file_url":"https://x.example/a.pdf"},
                  {"type":"input_file","file_id":"file-2"},
                  {"type":"input_audio","input_audio":{"data":"UklG","format":"wav"}}]}]}
                """);
        assertThat(conversation.turns().getFirst().parts())
                .containsExactly(
                        new Part.Image(new Part.Source.Base64("image/png", "iVBO"), null, new Part.CacheMark("5m")),
                        new Part.Image(new Part.Source.Uploaded(Dialect.OPENAI_RESPONSES, "file-1"), "high", null),
                        new Part.Document(new Part.Source.Base64("application/pdf", "JVBE"), "a.pdf", null),
                        new Part.Document(new Part.Source.Base64("application/pdf", "JVBE"), null, null),
                        new Part.Document(new Part.Source.Url("https://x.example/a.pdf"), null, null),
                        new Part.Document(new Part.Source.Uploaded(Dialect.OPENAI_RESPONSES, "file-2"), null, null),
                        new Part.Audio("wav", "UklG"));
    }

    @Test
    void reads_all_that_can_be_asked_for() {
        Conversation conversation = read("""
                {"model":"m","input":"Hi","instructions":"Be brief.","temperature":0.70,"top_p":0.9,
                 "max_output_tokens":100,"top_logprobs":3,"include":["message.output_text.logprobs","file_search_call.results"],
                 "tool_choice":{"type":"allowed_tools","mode":"required","tools":[{"type":"function","name":"f"}]},
                 "tools":[{"type":"function","name":"f","parameters":null,"strict":null},{"type":"web_search"}],
                 "parallel_tool_calls":false,"service_tier":"default","user":"u","safety_identifier":"s",
                 "presence_penalty":0.5,"reasoning":{"effort":"none"},"truncation":"auto","metadata":{"a":"b"},"store":true,
                 "background":false,"previous_response_id":null,
                 "text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":true}}}
                """);
        assertThat(conversation.sampling())
                .isEqualTo(new Sampling(
                        100L,
                        new BigDecimal("0.70"),
                        new BigDecimal("0.9"),
                        null,
                        null,
                        List.of(),
                        null,
                        new BigDecimal("0.5"),
                        null,
                        null,
                        true,
                        3));
        assertThat(conversation.toolChoice()).isEqualTo(new ToolChoice.Allowed(List.of("f"), true));
        assertThat(conversation.tools())
                .containsExactly(
                        new Tool.Function("f", null, null, null, null),
                        new Tool.Hosted(
                                Dialect.OPENAI_RESPONSES,
                                "web_search",
                                Json.object().put("type", "web_search")));
        assertThat(conversation.parallelToolCalls()).isFalse();
        assertThat(conversation.serviceTier()).isEqualTo("standard");
        assertThat(conversation.endUser()).isEqualTo("s");
        assertThat(conversation.thinking()).isEqualTo(new Thinking(null, "none", null, null));
        assertThat(conversation.format())
                .isEqualTo(new OutputFormat.JsonSchema("n", null, Json.object().put("type", "object"), true));
        assertThat(conversation.turns().getFirst())
                .isEqualTo(new Turn.Instruction(List.of(new Part.Text("Be brief.")), false));
        assertThat(conversation.extras().stream().map(Extra::name))
                .containsExactly("include", "truncation", "metadata");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "previous_response_id | \"resp_1\"",
                "conversation | {\"id\":\"conv_1\"}",
                "prompt | {\"id\":\"pmpt_1\"}",
                "background | true",
                "input | [{\"type\":\"item_reference\",\"id\":\"msg_1\"}]",
                "input | [{\"id\":\"msg_1\"}]"
            })
    void refuses_what_would_have_to_be_stored(String name, String value) {
        ObjectNode body = Json.object().put("model", "m").put("input", "Hi");
        body.set(name, Json.read(value).orElseThrow());
        assertThatThrownBy(() -> ResponsesRequest.refuseState(body))
                .isInstanceOfSatisfying(Refusal.BadRequest.class, refusal -> {
                    assertThat(refusal.param()).isEqualTo(name);
                    assertThat(refusal.explanation()).contains("stores nothing");
                });
        Conversation conversation = ResponsesRequest.read(body);
        assertThat(conversation.extras().stream().anyMatch(Extra::essential)
                        || conversation.turns().getFirst().parts().getFirst() instanceof Part.Opaque)
                .isTrue(); // so that whoever forgot to ask refuses it all the same
        ResponsesRequest.refuseState(Json.object()
                .put("model", "m")
                .put("input", "Hi")
                .put("store", true)
                .put("background", false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | model",
                "{'model':1,'input':'Hi'} | model",
                "{'model':'m'} | input",
                "{'model':'m','input':7} | input",
                "{'model':'m','input':[7]} | input[0]",
                "{'model':'m','input':[{}]} | input[0]",
                "{'model':'m','input':[{'role':'tool','content':'x'}]} | input[0].role",
                "{'model':'m','input':[{'role':'user'}]} | input[0].content",
                "{'model':'m','input':[{'role':'user','content':[{'type':'text_in'}]}]} | input[0].content[0].type",
                "{'model':'m','input':[{'role':'user','content':[{'type':'input_text'}]}]} | input[0].content[0].text",
                "{'model':'m','input':[{'role':'user','content':[{'type':'input_image'}]}]} | input[0].content[0].file_id",
                "{'model':'m','input':[{'role':'user','content':[{'type':'input_image','image_url':'data:x'}]}]} | input[0].content[0].image_url",
                "{'model':'m','input':[{'type':'function_call','name':'f'}]} | input[0].call_id",
                "{'model':'m','input':[{'type':'function_call_output','call_id':'c'}]} | input[0].output",
                "{'model':'m','input':'x','tools':{}} | tools",
                "{'model':'m','input':'x','tools':[{'type':'function','function':{'name':'f'}}]} | tools.name",
                "{'model':'m','input':'x','tool_choice':'f'} | tool_choice",
                "{'model':'m','input':'x','tool_choice':{'type':'function'}} | tool_choice.name",
                "{'model':'m','input':'x','tool_choice':{}} | tool_choice",
                "{'model':'m','input':'x','temperature':'1'} | temperature",
                "{'model':'m','input':'x','max_output_tokens':1.5} | max_output_tokens",
                "{'model':'m','input':'x','max_output_tokens':0} | max_output_tokens",
                "{'model':'m','input':'x','top_logprobs':21} | top_logprobs",
                "{'model':'m','input':'x','stream':'yes'} | stream",
                "{'model':'m','input':'x','text':{'format':{'type':'xml'}}} | text.format.type",
                "{'model':'m','input':'x','text':{'format':{'type':'json_schema'}}} | text.format.schema",
                "{'model':'m','input':'x','reasoning':{'effort':'huge'}} | reasoning.effort",
                "{'model':'m','input':'x','reasoning':'high'} | reasoning",
                "{'model':'m','input':'x','include':'all'} | include",
                "{'model':'m','input':'x','instructions':[]} | instructions"
            })
    void names_what_is_malformed(String body, String param) {
        assertThatThrownBy(() -> read(body.replace('\'', '"')))
                .isInstanceOfSatisfying(
                        Refusal.BadRequest.class,
                        refusal -> assertThat(refusal.param()).isEqualTo(param));
    }

    @Test
    void keeps_the_choice_of_a_hosted_tool_as_something_essential() {
        Conversation conversation =
                read("{\"model\":\"m\",\"input\":\"x\",\"tool_choice\":{\"type\":\"web_search_preview\"}}");
        assertThat(conversation.extras()).singleElement().satisfies(extra -> {
            assertThat(extra.name()).isEqualTo("tool_choice");
            assertThat(extra.essential()).isTrue();
        });
    }

    // what comes from other dialects

    @Test
    void writes_turns_of_another_dialect() {
        Seal foreign = new Seal(Dialect.ANTHROPIC_MESSAGES, "signature", "x");
        JsonObject body = write(
                ABLE,
                new Turn.Instruction(List.of(new Part.Text("Be"), new Part.Text("brief.")), false),
                new Turn.User(
                        List.of(
                                new Part.Text("See"),
                                new Part.Image(new Part.Source.Base64("image/png", "iVBO"), null, null),
                                new Part.Document(new Part.Source.Plain("words"), "title", null),
                                new Part.Document(new Part.Source.Base64("application/pdf", "JVBE"), null, null)),
                        null),
                new Turn.Assistant(
                        List.of(
                                new Part.Reasoning("hm", foreign),
                                new Part.Reasoning("own", encrypted("rs_1", "gAAA")),
                                new Part.Opaque(
                                        Dialect.ANTHROPIC_MESSAGES,
                                        Json.object().put("type", "server_tool_use"),
                                        null),
                                new Part.Text("I look."),
                                new Part.ToolCall("toolu_" + "1".repeat(80), "look", "", foreign, null)),
                        null),
                new Turn.User(
                        List.of(
                                new Part.ToolResult(
                                        "toolu_" + "1".repeat(80), List.of(new Part.Text("gone")), true, null),
                                new Part.Text("And now?")),
                        null),
                new Turn.Instruction(List.of(new Part.Text("Go on.")), true));
        assertThat(body.getString("instructions")).isEqualTo("Be\n\nbrief.");
        List<JsonObject> input = body.getJsonArray("input").getValuesAs(JsonObject.class);
        assertThat(input.stream().map(item -> item.getString("type")))
                .containsExactly(
                        "message",
                        "reasoning",
                        "message",
                        "function_call",
                        "function_call_output",
                        "message",
                        "message");
        assertThat(input.getFirst().getJsonArray("content")).hasToString("""
                [{"type":"input_text","text":"See"},\
                {"type":"input_image","detail":"auto","image_url":"data:image/png;base64,iVBO"},\
                {"type":"input_text","text":"title\\n\\nwords"},\
                {"type":"input_file","filename":"document.pdf","file_data":"data:application/pdf;base64,JVBE"}]""");
        assertThat(input.get(1)).hasToString("""
                {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"own"}],\
                "encrypted_content":"gAAA"}""");
        assertThat(input.get(3).getString("call_id"))
                .hasSizeLessThanOrEqualTo(64)
                .isEqualTo(input.get(4).getString("call_id"));
        assertThat(input.get(3).getString("arguments")).isEqualTo("{}");
        assertThat(input.get(4).getString("output")).isEqualTo("Error: gone");
        assertThat(input.get(6).getString("role")).isEqualTo("developer");
        assertThat(body.getJsonArray("include")).hasToString("[\"reasoning.encrypted_content\"]");
        assertThat(body.toString()).doesNotContain("sc1-", "server_tool_use", "\"hm\"");
    }

    @Test
    void asks_for_no_encrypted_thoughts_of_a_model_that_may_not_think() {
        assertThat(write(traits(Map.of()), user(new Part.Text("Hi")))).doesNotContainKey("include");
    }

    @ParameterizedTest
    @CsvSource({
        "low, 1, low",
        "none, 1, none",
        "minimal, 1, minimal",
        "max, 1, max",
        "none, 0, medium",
        "minimal, 0, medium",
        "low, 0, medium",
        "high, 0, high",
        "xhigh, 0, high",
        "max, 0, high",
        "none, 2, low",
        "minimal, 2, low",
        "max, 2, high",
        "xhigh, 2, xhigh"
    })
    void asks_for_the_next_effort_that_the_model_knows(String asked, int model, String written) {
        Traits traits = switch (model) {
            case 0 ->
                traits(Map.of(
                        "reasoning", true,
                        "none_reasoning_effort", false,
                        "minimal_reasoning_effort", false,
                        "low_reasoning_effort", false,
                        "xhigh_reasoning_effort", false));
            case 1 -> ABLE;
            default -> traits(Map.of("reasoning", true));
        };
        assertThat(effort(traits, new Thinking(null, asked, null, null))).isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource({"OFF, , none", "ADAPTIVE, , ", "BUDGET, 1024, low", "BUDGET, 4096, medium", "BUDGET, 30000, high"})
    void makes_an_effort_of_other_words_for_it(Thinking.Mode mode, @Nullable Long budget, @Nullable String written) {
        assertThat(effort(ABLE, new Thinking(mode, null, budget, null))).isEqualTo(written);
    }

    private static @Nullable String effort(Traits traits, Thinking thinking) {
        Conversation conversation =
                conversation(Sampling.DEFAULT, thinking, List.of(), List.of(), user(new Part.Text("Hi")));
        JsonObject reasoning =
                body(ResponsesRequest.write(conversation, traits)).getJsonObject("reasoning");
        return reasoning == null ? null : reasoning.getString("effort");
    }

    @Test
    void drops_what_does_no_harm_and_says_so() {
        Conversation conversation = conversation(
                new Sampling(
                        5L,
                        new BigDecimal("0.2"),
                        BigDecimal.ONE,
                        40L,
                        7L,
                        List.of(),
                        1,
                        new BigDecimal("0.1"),
                        BigDecimal.ZERO,
                        null,
                        null,
                        null),
                null,
                List.of(),
                List.of(
                        new Extra("prediction", Json.object(), false),
                        new Extra("verbosity", Json.object().textNode("low"), false),
                        new Extra("metadata", Json.object().put("team", "a"), false),
                        new Extra("store", Json.object().booleanNode(true), false)),
                new Turn.User(List.of(new Part.Text("Hi", List.of(), new Part.CacheMark("1h"))), "Ann"));
        Translated translated = ResponsesRequest.write(conversation, traits(Map.of("reasoning", true)));
        assertThat(translated.dropped())
                .containsExactlyInAnyOrder(
                        "messages.name",
                        "cache_control",
                        "top_k",
                        "seed",
                        "presence_penalty",
                        "temperature",
                        "prediction");
        JsonObject body = body(translated);
        assertThat(body.getInt("max_output_tokens")).isEqualTo(16);
        assertThat(body).doesNotContainKeys("temperature", "top_p", "seed", "top_k");
        assertThat(body.getJsonObject("text").getString("verbosity")).isEqualTo("low");
        assertThat(body.getJsonObject("metadata").getString("team")).isEqualTo("a");
    }

    @Test
    void never_sends_an_e_mail_address() {
        Conversation base = conversation(
                Sampling.DEFAULT,
                null,
                List.of(),
                List.of(new Extra("metadata", Json.object().put("who", "ann@example.com"), false)),
                user(new Part.Text("Hi")));
        Conversation conversation = new Conversation(
                base.source(),
                base.model(),
                base.turns(),
                List.of(),
                null,
                null,
                null,
                Sampling.DEFAULT,
                null,
                null,
                "ann@example.com",
                null,
                false,
                false,
                base.extras());
        Translated translated = ResponsesRequest.write(conversation, ABLE);
        assertThat(translated.dropped()).containsExactlyInAnyOrder("safety_identifier", "metadata");
        assertThat(body(translated).toString()).doesNotContain("@");
    }

    @Test
    void keeps_marks_for_the_cache_where_the_model_knows_them() {
        JsonObject body = write(ABLE, user(new Part.Text("Hi", List.of(), new Part.CacheMark("5m"))));
        assertThat(body.getJsonArray("input").getJsonObject(0).getJsonArray("content"))
                .hasToString(
                        "[{\"type\":\"input_text\",\"text\":\"Hi\",\"prompt_cache_breakpoint\":{\"mode\":\"explicit\"}}]");
    }

    static List<org.junit.jupiter.params.provider.Arguments> impossible() {
        return List.of(
                impossible("stop", sampling(List.of("x"), null, null)),
                impossible("n", sampling(List.of(), 2, null)),
                impossible("logit_bias", sampling(List.of(), null, Json.object().put("1", 5))),
                impossible("input_audio", user(new Part.Audio("wav", "UklG"))),
                impossible("messages", user(new Part.Opaque(Dialect.GEMINI, Json.object(), null))),
                impossible("file_id", user(new Part.Image(new Part.Source.Uploaded(Dialect.GEMINI, "f"), null, null))),
                impossible("tools.name", new Tool.Function("no.dots", null, null, null, null)),
                impossible("tools.name", new Tool.Function("a".repeat(65), null, null, null, null)),
                impossible("tools", new Tool.Hosted(Dialect.ANTHROPIC_MESSAGES, "bash_20250124", Json.object())),
                impossible("modalities", new Extra("modalities", Json.array(), true)));
    }

    private static org.junit.jupiter.params.provider.Arguments impossible(String field, Object what) {
        return org.junit.jupiter.params.provider.Arguments.of(field, what);
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void refuses_what_would_make_the_answer_wrong(String field, Object what) {
        Conversation conversation = conversation(
                what instanceof Sampling sampling ? sampling : Sampling.DEFAULT,
                null,
                what instanceof Tool tool ? List.of(tool) : List.of(),
                what instanceof Extra extra ? List.of(extra) : List.of(),
                what instanceof Turn turn ? turn : user(new Part.Text("Hi")));
        assertThatThrownBy(() -> ResponsesRequest.write(conversation, ABLE))
                .isInstanceOfSatisfying(Refusal.BadRequest.class, refusal -> {
                    assertThat(refusal.param()).isEqualTo(field);
                    assertThat(refusal.explanation()).contains("the-model");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"vision", "pdf_input", "function_calling", "response_schema"})
    void refuses_what_the_catalogue_says_the_model_cannot(String capability) {
        Conversation base = conversation(
                Sampling.DEFAULT,
                null,
                List.of(new Tool.Function("f", null, null, null, null)),
                List.of(),
                user(
                        new Part.Image(new Part.Source.Url("https://x.example/"), null, null),
                        new Part.Document(new Part.Source.Url("https://x.example/"), null, null)));
        Conversation conversation = new Conversation(
                base.source(),
                base.model(),
                base.turns(),
                base.tools(),
                null,
                null,
                new OutputFormat.JsonSchema(null, null, Json.object().put("type", "object"), null),
                Sampling.DEFAULT,
                null,
                null,
                null,
                null,
                false,
                false,
                List.of());
        assertThat(body(ResponsesRequest.write(conversation, ABLE))).containsKeys("tools", "text");
        assertThatThrownBy(() -> ResponsesRequest.write(conversation, traits(Map.of(capability, false))))
                .isInstanceOf(Refusal.BadRequest.class);
    }

    @Test
    void writes_tools_as_the_other_dialects_mean_them() {
        ObjectNode custom = object("""
                {"type":"custom","custom":{"name":"c","format":{"type":"grammar","grammar":{"syntax":"lark","definition":"x"}}}}
                """);
        Conversation conversation = conversation(
                Sampling.DEFAULT,
                null,
                List.of(
                        new Tool.Function("f", "Does.", null, null, new Part.CacheMark("5m")),
                        new Tool.Hosted(Dialect.OPENAI_CHAT, "custom", custom)),
                List.of(),
                user(new Part.Text("Hi")));
        Translated translated = ResponsesRequest.write(conversation, ABLE);
        assertThat(body(translated).getJsonArray("tools")).hasToString("""
                [{"type":"function","name":"f","description":"Does.",\
                "parameters":{"type":"object","properties":{}},"strict":false},\
                {"type":"custom","name":"c","format":{"type":"grammar","syntax":"lark","definition":"x"}}]""");
        assertThat(translated.dropped()).containsExactly("cache_control");
    }

    private static Sampling sampling(List<String> stop, @Nullable Integer n, @Nullable JsonNode bias) {
        return new Sampling(null, null, null, null, null, stop, n, null, null, bias, null, null);
    }

    static Turn.User user(Part... parts) {
        return new Turn.User(List.of(parts), null);
    }

    private static JsonObject write(Traits traits, Turn... turns) {
        return body(ResponsesRequest.write(conversation(Sampling.DEFAULT, null, List.of(), List.of(), turns), traits));
    }

    private static JsonObject body(Translated translated) {
        assertThat(Schemas.OPENAI.errors("CreateResponse", translated.body())).isEmpty();
        return ResponsesWire.json(translated.body());
    }

    static Conversation conversation(
            Sampling sampling, @Nullable Thinking thinking, List<Tool> tools, List<Extra> extras, Turn... turns) {
        return new Conversation(
                Json.object().put("model", "auto").put("messages", ""),
                "auto",
                List.of(turns),
                tools,
                null,
                null,
                null,
                sampling,
                thinking,
                null,
                null,
                null,
                false,
                false,
                extras);
    }

    static Traits traits(Map<String, Boolean> capabilities) {
        return new Traits("the-model", "openai", 400_000L, 128_000L, capabilities);
    }

    private static Seal encrypted(String id, String content) {
        return new Seal(
                Dialect.OPENAI_RESPONSES,
                "encrypted",
                "{\"id\":\"" + id + "\",\"encrypted_content\":\"" + content + "\"}");
    }

    private static Conversation read(String body) {
        return ResponsesRequest.read(object(body));
    }

    private static ObjectNode object(String json) {
        return Json.readObject(json).orElseThrow();
    }

    /** A turn whose images say how closely they are to be looked at. */
    private static Turn detailed(Turn turn) {
        return turn instanceof Turn.User user
                ? new Turn.User(
                        user.parts().stream()
                                .map(part -> part instanceof Part.Image image && image.detail() == null
                                        ? new Part.Image(image.source(), "auto", image.cache())
                                        : part)
                                .toList(),
                        user.name())
                : turn;
    }

    private static List<Tool> lenient(List<Tool> tools) {
        return tools.stream()
                .map(tool -> tool instanceof Tool.Function function && function.strict() == null
                        ? new Tool.Function(function.name(), function.description(), function.parameters(), false, null)
                        : tool)
                .toList();
    }

    /** Every word of a request, read without the help of what is tested. */
    private static List<String> said(JsonObject request) {
        List<String> said = new ArrayList<>();
        if (request.get("instructions") instanceof JsonString instructions
                && !instructions.getString().isEmpty()) {
            said.add(instructions.getString());
        }
        JsonValue input = request.get("input");
        if (input instanceof JsonString text) {
            said.add(text.getString());
            return said;
        }
        for (JsonObject item : Meaning.objects(request, "input")) {
            switch (item.getString("type", "message")) {
                case "message" -> said.addAll(words(item, "content"));
                case "function_call" ->
                    said.add(item.getString("call_id") + item.getString("name") + item.getString("arguments"));
                case "function_call_output" -> {
                    said.add(item.getString("call_id"));
                    said.addAll(words(item, "output"));
                }
                case "reasoning" -> {
                    List<String> summary = words(item, "summary");
                    said.add(String.join("\n\n", summary.isEmpty() ? words(item, "content") : summary));
                    if (item.get("encrypted_content") instanceof JsonString encrypted) {
                        said.add(encrypted.getString());
                    }
                }
                default -> said.add(item.getString("type"));
            }
        }
        return said;
    }

    private static List<String> words(JsonObject item, String name) {
        if (item.get(name) instanceof JsonString text) {
            return List.of(text.getString());
        }
        return Meaning.objects(item, name).stream()
                .map(part -> part.getString("text", part.getString("image_url", part.getString("file_id", "?"))))
                .toList();
    }

    private static List<String> said(Conversation conversation) {
        List<String> said = new ArrayList<>();
        conversation.turns().forEach(turn -> turn.parts().forEach(part -> said(part, said)));
        return said;
    }

    private static void said(Part part, List<String> said) {
        switch (part) {
            case Part.Text text -> said.add(text.text());
            case Part.ToolCall call -> said.add(call.id() + call.name() + call.arguments());
            case Part.ToolResult result -> {
                said.add(result.callId());
                result.content().forEach(piece -> said(piece, said));
            }
            case Part.Reasoning reasoning -> {
                said.add(reasoning.text());
                Seal seal = reasoning.seal();
                if (seal != null) {
                    JsonNode kept = Json.readObject(seal.value()).orElseThrow();
                    if (kept.has("encrypted_content")) {
                        said.add(kept.get("encrypted_content").asText());
                    }
                }
            }
            case Part.Image image -> said.add(source(image.source()));
            case Part.Document document -> said.add(source(document.source()));
            case Part.Opaque opaque -> said.add(opaque.json().path("type").asText());
            default -> throw new IllegalStateException(part.toString());
        }
    }

    private static String source(Part.Source source) {
        return switch (source) {
            case Part.Source.Base64 base64 -> "data:" + base64.mediaType() + ";base64," + base64.data();
            case Part.Source.Url url -> url.url();
            case Part.Source.Uploaded uploaded -> uploaded.id();
            case Part.Source.Plain plain -> plain.text();
        };
    }
}
