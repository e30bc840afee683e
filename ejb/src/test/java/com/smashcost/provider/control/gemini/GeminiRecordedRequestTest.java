package com.smashcost.provider.control.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.WireRecording;
import com.smashcost.provider.control.conversation.Conversation.Sampling;
import com.smashcost.provider.control.conversation.OutputFormat;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Seal;
import com.smashcost.provider.control.conversation.Tool;
import com.smashcost.provider.control.conversation.Traits;
import com.smashcost.provider.control.conversation.Turn;
import com.smashcost.refusal.control.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What others were recorded to send to Gemini, said anew as a conversation, is written as they wrote it. */
class GeminiRecordedRequestTest {

    private static final Traits ANY = new Traits("m", "google", null, null, Map.of());

    static List<WireRecording> requests() {
        return Stream.of("generateContent", "streamGenerateContent")
                .flatMap(endpoint -> GeminiTraffic.exchanges(endpoint).stream())
                .toList();
    }

    static List<WireRecording> possible() {
        return requests().stream()
                .filter(exchange -> !pointsElsewhere(exchange))
                .toList();
    }

    static List<WireRecording> impossible() {
        return requests().stream()
                .filter(GeminiRecordedRequestTest::pointsElsewhere)
                .toList();
    }

    /** Some models fetch files from anywhere; not all do, so that no conversation is sent with such a place. */
    private static boolean pointsElsewhere(WireRecording exchange) {
        return files(normal(exchange.request())).stream()
                .anyMatch(uri -> !uri.startsWith("gs:") && !uri.contains("youtu") && !uri.contains("googleapis"));
    }

    /** Where the files of a request's contents are; those within a function's response have no place in a conversation. */
    private static List<String> files(JsonNode request) {
        List<String> files = new ArrayList<>();
        for (JsonNode content : request.path("contents")) {
            for (JsonNode part : content.path("parts")) {
                if (part.has("fileData")) {
                    files.add(part.at("/fileData/fileUri").asText());
                }
            }
        }
        return files;
    }

    @Test
    void has_the_recordings() {
        assertThat(possible()).hasSizeGreaterThan(75);
        assertThat(impossible()).hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("possible")
    void writes_the_contents_that_were_recorded(WireRecording exchange) {
        JsonNode recorded = normal(exchange.request());
        JsonNode written = Json.read(said(recorded).write(ANY).body()).orElseThrow();
        assertThat(withoutIds(written.path("contents"), recorded)).isEqualTo(withoutIds(merged(recorded), recorded));
        assertThat(written.at("/systemInstruction/parts")).isEqualTo(recorded.at("/systemInstruction/parts"));
        List<JsonNode> schemas = recorded.findValues("parametersJsonSchema");
        assertThat(written.findValues("parametersJsonSchema")).isEqualTo(schemas);
        assertThat(written.at("/generationConfig/responseJsonSchema"))
                .isEqualTo(recorded.at("/generationConfig/responseJsonSchema"));
        for (String setting : List.of("maxOutputTokens", "topK", "stopSequences", "responseMimeType")) {
            assertThat(written.at("/generationConfig/" + setting))
                    .isEqualTo(recorded.at("/generationConfig/" + setting));
        }
        assertThat(written.findValuesAsText("description"))
                .containsAll(recorded.at("/tools/0/functionDeclarations").findValuesAsText("name").stream()
                        .map(name -> "What " + name + " does")
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void asks_for_the_content_of_files_elsewhere(WireRecording exchange) {
        JsonNode recorded = normal(exchange.request());
        assertThatThrownBy(() -> said(recorded).write(ANY))
                .isInstanceOfSatisfying(
                        Refusal.BadRequest.class,
                        refusal -> assertThat(refusal.explanation()).contains("base64"));
    }

    /** The request as a client of another dialect would have said it. */
    private static GeminiAsk said(JsonNode request) {
        GeminiAsk ask = GeminiAsk.nothing();
        List<Part> instructions = new ArrayList<>();
        for (JsonNode part : request.at("/systemInstruction/parts")) {
            instructions.add(new Part.Text(part.path("text").asText()));
        }
        if (!instructions.isEmpty()) {
            ask.turn(new Turn.Instruction(instructions, false));
        }
        int number = 0;
        List<String> open = new ArrayList<>();
        for (JsonNode content : request.path("contents")) {
            List<Part> parts = new ArrayList<>();
            for (JsonNode part : content.path("parts")) {
                Part said = part(part, "call" + number, open);
                number += said instanceof Part.ToolCall ? 1 : 0;
                if (part.has("thoughtSignature") && part.has("text") && !part.has("thought")) {
                    parts.add(new Part.Reasoning(
                            "",
                            new Seal(
                                    Dialect.GEMINI,
                                    "text",
                                    part.path("thoughtSignature").asText())));
                }
                parts.add(said);
            }
            ask.turn(
                    content.path("role").asText().equals("model")
                            ? new Turn.Assistant(parts, null)
                            : new Turn.User(parts, null));
        }
        for (JsonNode declaration : request.at("/tools").findValues("functionDeclarations")) {
            for (JsonNode function : declaration) {
                ask.tool(new Tool.Function(
                        function.path("name").asText(),
                        "What " + function.path("name").asText() + " does",
                        function.get("parametersJsonSchema"),
                        null,
                        null));
            }
        }
        JsonNode config = request.path("generationConfig");
        List<String> stops = new ArrayList<>();
        config.path("stopSequences").forEach(stop -> stops.add(stop.asText()));
        ask.sampling(new Sampling(
                config.has("maxOutputTokens") ? config.path("maxOutputTokens").asLong() : null,
                null,
                null,
                config.has("topK") ? config.path("topK").asLong() : null,
                null,
                stops,
                null,
                null,
                null,
                null,
                null,
                null));
        if (config.has("responseJsonSchema")) {
            ask.format(new OutputFormat.JsonSchema("x", null, config.path("responseJsonSchema"), null));
        } else if (config.has("responseMimeType")) {
            ask.format(new OutputFormat.JsonObject());
        }
        return ask;
    }

    private static Part part(JsonNode part, String id, List<String> open) {
        JsonNode call = part.path("functionCall");
        JsonNode response = part.path("functionResponse");
        Seal seal = part.has("thoughtSignature")
                ? new Seal(
                        Dialect.GEMINI, "thought", part.path("thoughtSignature").asText())
                : null;
        if (call.isObject()) {
            String callId = call.path("id").asText(id);
            open.add(callId);
            return new Part.ToolCall(callId, call.path("name").asText(), Json.text(call.path("args")), seal, null);
        }
        if (response.isObject()) {
            return new Part.ToolResult(
                    response.path("id").asText(open.isEmpty() ? "" : open.removeFirst()),
                    List.of(new Part.Text(Json.text(response.path("response")))),
                    false,
                    null);
        }
        if (part.has("inlineData")) {
            return new Part.Document(
                    new Part.Source.Base64(
                            part.at("/inlineData/mimeType").asText(),
                            part.at("/inlineData/data").asText()),
                    null,
                    null);
        }
        if (part.has("fileData")) {
            return new Part.Document(
                    new Part.Source.Url(part.at("/fileData/fileUri").asText()), null, null);
        }
        return part.has("thought")
                ? new Part.Reasoning(part.path("text").asText(), seal)
                : new Part.Text(part.path("text").asText());
    }

    /** With one content per turn, as the provider wants it. */
    private static JsonNode merged(JsonNode request) {
        ArrayNode contents = Json.array();
        for (JsonNode content : request.path("contents")) {
            JsonNode last = contents.path(contents.size() - 1);
            if (last.path("role").equals(content.path("role"))) {
                ((ArrayNode) last.path("parts")).addAll((ArrayNode) content.path("parts"));
            } else {
                contents.add(content.deepCopy());
            }
        }
        return contents;
    }

    /** Without what the recorded client did not say, or what is no part of this mapping. */
    private static JsonNode withoutIds(JsonNode contents, JsonNode recorded) {
        JsonNode copy = contents.deepCopy();
        boolean hasIds = recorded.path("contents").findValue("id") != null
                && recorded.at("/contents").findParents("args").stream().allMatch(call -> call.has("id"));
        for (JsonNode content : copy) {
            for (JsonNode part : content.path("parts")) {
                for (String name : List.of("functionCall", "functionResponse")) {
                    if (part.path(name) instanceof ObjectNode call && !hasIds) {
                        call.remove("id");
                    }
                }
                if (part.path("fileData") instanceof ObjectNode file) {
                    file.remove("mimeType");
                }
                if (part.path("functionResponse") instanceof ObjectNode response) {
                    response.remove("parts");
                }
                ((ObjectNode) part).remove("videoMetadata");
                if (part.path("thought").asBoolean() && !part.has("thoughtSignature")) {
                    ((ObjectNode) part).removeAll(); // unsigned thoughts are not given back
                }
            }
            if (content.path("parts") instanceof ArrayNode parts) {
                for (int i = parts.size() - 1; i >= 0; i--) {
                    if (parts.path(i).isEmpty()) {
                        parts.remove(i);
                    }
                }
            }
        }
        return copy;
    }

    /** All names in one spelling: the provider takes two. */
    private static JsonNode normal(JsonNode json) {
        if (json.isArray()) {
            ArrayNode array = Json.array();
            json.forEach(each -> array.add(normal(each)));
            return array;
        }
        if (!json.isObject()) {
            return json;
        }
        ObjectNode object = Json.object();
        for (Map.Entry<String, JsonNode> member : json.properties()) {
            String name = member.getKey();
            boolean content = List.of(
                            "args", "response", "parametersJsonSchema", "parameters_json_schema", "responseJsonSchema")
                    .contains(name);
            object.set(camel(name), content ? member.getValue() : normal(member.getValue()));
        }
        return object;
    }

    private static String camel(String name) {
        StringBuilder camel = new StringBuilder();
        boolean upper = false;
        for (char c : name.toCharArray()) {
            if (c == '_') {
                upper = true;
            } else {
                camel.append(upper ? Character.toUpperCase(c) : c);
                upper = false;
            }
        }
        return camel.toString();
    }
}
