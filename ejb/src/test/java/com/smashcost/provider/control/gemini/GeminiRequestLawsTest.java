package com.smashcost.provider.control.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.provider.control.Dialect;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Seal;
import com.smashcost.provider.control.conversation.Tool;
import com.smashcost.provider.control.conversation.Traits;
import com.smashcost.provider.control.conversation.Turn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

class GeminiRequestLawsTest {

    private static final Traits STRICT = GeminiTraffic.traits("gemini-3.6-flash");

    /** Whatever was said: the user begins, roles take turns, no content is empty, and results follow their calls. */
    @Property(tries = 300)
    void keeps_the_rules_of_the_dialect(@ForAll("talks") List<Tuple2<Integer, String>> talk) {
        GeminiAsk ask = ask(talk);
        JsonNode contents = Json.read(ask.write(STRICT).body()).orElseThrow().path("contents");
        String last = "model";
        Map<String, String> calls = new HashMap<>();
        for (JsonNode content : contents) {
            assertThat(content.path("role").asText()).isNotEqualTo(last);
            last = content.path("role").asText();
            assertThat(content.path("parts")).isNotEmpty();
            boolean first = true;
            boolean responses = true;
            for (JsonNode part : content.path("parts")) {
                assertThat(part).isNotEmpty();
                if (part.has("functionCall")) {
                    assertThat(part.has("thoughtSignature") || !first).isTrue();
                    first = false;
                    JsonNode call = part.path("functionCall");
                    assertThat(call.path("name").asText()).matches("[A-Za-z_][A-Za-z0-9_.:-]{0,63}");
                    assertThat(call.path("args").isObject()).isTrue();
                    calls.put(call.path("id").asText(), call.path("name").asText());
                }
                if (part.has("functionResponse")) {
                    assertThat(responses).isTrue();
                    JsonNode response = part.path("functionResponse");
                    assertThat(response.path("response").isObject()).isTrue();
                    assertThat(calls.get(response.path("id").asText()))
                            .isEqualTo(response.path("name").asText());
                } else {
                    responses = false;
                }
            }
        }
    }

    @Property(tries = 100)
    void writes_the_same_bytes_each_time_and_adds_to_them_only_as_the_talk_goes_on(
            @ForAll("talks") List<Tuple2<Integer, String>> talk) {
        byte[] once = ask(talk).write(STRICT).body();
        assertThat(ask(talk).write(STRICT).body()).isEqualTo(once);
        List<Tuple2<Integer, String>> longer = new ArrayList<>(talk);
        longer.add(Tuple.of(0, "x"));
        longer.add(Tuple.of(2, "9 more"));
        JsonNode before = Json.read(once).orElseThrow().path("contents");
        JsonNode after =
                Json.read(ask(longer).write(STRICT).body()).orElseThrow().path("contents");
        for (int i = 0; i < before.size() - 1; i++) {
            assertThat(after.path(i)).isEqualTo(before.path(i));
        }
    }

    /** What a model answered comes back to it as it was: text, calls and signatures. */
    @Property(tries = 200)
    void gives_back_what_it_read(@ForAll("answers") List<String> parts) throws Exception {
        String body =
                "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[" + String.join(",", parts) + "]}}]}";
        GeminiAsk ask = GeminiAsk.user("a");
        List<Part> read = GeminiResponse.read(body.getBytes(StandardCharsets.UTF_8), ask.conversation(), STRICT)
                .candidates()
                .getFirst()
                .parts();
        ask.turn(new Turn.Assistant(read, null));
        Traits lenient = GeminiTraffic.traits("gemini-2.5-flash");
        JsonNode written = Json.read(ask.write(lenient).body()).orElseThrow().at("/contents/1/parts");
        assertThat(Json.text(written)).isEqualTo("[" + String.join(",", parts) + "]");
    }

    private static GeminiAsk ask(List<Tuple2<Integer, String>> talk) {
        GeminiAsk ask = GeminiAsk.user("begin");
        List<String> open = new ArrayList<>();
        int number = 0;
        for (Tuple2<Integer, String> step : talk) {
            String text = step.get2();
            switch (step.get1()) {
                case 0 -> ask.user(new Part.Text(text));
                case 1 -> ask.assistant(new Part.Text(text), new Part.Reasoning(text, null));
                case 2 -> {
                    String id = "c" + number++;
                    open.add(id);
                    ask.tool(new Tool.Function(text, null, null, null, null));
                    ask.assistant(new Part.ToolCall(
                            id,
                            text,
                            "{\"a\":" + number + "}",
                            number % 2 == 0 ? new Seal(Dialect.GEMINI, "thought", "c2ln") : null,
                            null));
                }
                case 3 -> {
                    List<Part> results = new ArrayList<>();
                    open.forEach(id -> results.add(new Part.ToolResult(id, List.of(new Part.Text(text)), false, null)));
                    results.add(new Part.Text(text));
                    open.clear();
                    ask.turn(new Turn.User(results, null));
                }
                default -> ask.system(text);
            }
        }
        return ask;
    }

    @Provide
    Arbitrary<List<Tuple2<Integer, String>>> talks() {
        Arbitrary<String> texts = Arbitraries.of("", "a", "{}", "{\"b\":1}", "9 lives", "ä b", "x".repeat(80));
        return Arbitraries.integers()
                .between(0, 4)
                .flatMap(kind -> texts.map(text -> Tuple.of(kind, text)))
                .list()
                .ofMaxSize(12);
    }

    @Provide
    Arbitrary<List<String>> answers() {
        Arbitrary<String> thoughts = Arbitraries.of(
                "{\"text\":\"hm\",\"thought\":true,\"thoughtSignature\":\"c2ln\"}",
                "{\"executableCode\":{\"language\":\"PYTHON\",\"code\":\"1\"}}",
                "{\"text\":\"said\"}");
        Arbitrary<String> calls = Arbitraries.integers()
                .between(0, 1_000_000)
                .map(id -> "{\"functionCall\":{\"name\":\"f\",\"args\":{\"x\":1.50,\"a\":[null]},\"id\":\"i" + id
                        + "\"},\"thoughtSignature\":\"YQ==\"}");
        return Arbitraries.oneOf(thoughts, calls)
                .list()
                .uniqueElements(part -> part.contains("functionCall") ? part : new Object())
                .ofMinSize(1)
                .ofMaxSize(6);
    }
}
