package com.smashcost.routing.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.smashcost.catalog.control.Catalogue.Offer;
import com.smashcost.catalog.entity.Tier;
import com.smashcost.provider.control.ClientBody;
import com.smashcost.refusal.control.Refusal;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class AskedReaderLawsTest {

    private static final Offer BIG =
            Given.model("big").tier(Tier.large).costs(10).offer();
    private static final Offer CHEAP = Given.model("cheap").costs(1).offer();

    /** What clients say; no word of ours looks like it. */
    private static final String SECRET = "qqsecretqq";

    private static final List<String> NAMES = List.of(
            "messages",
            "input",
            "system",
            "instructions",
            "tools",
            "functions",
            "response_format",
            "output_format",
            "text",
            "output_config",
            "max_tokens",
            "reasoning_effort",
            "reasoning",
            "thinking",
            "web_search_options",
            "role",
            "type",
            "content",
            "output",
            "source",
            "image_url",
            "file",
            "data",
            "format",
            "effort",
            "prompt",
            "modalities",
            "a",
            SECRET);

    private static final List<String> WORDS = List.of(
            "user",
            "assistant",
            "system",
            "tool",
            "text",
            "tool_result",
            "function_call_output",
            "image",
            "document",
            "thinking",
            "enabled",
            "json_schema",
            "audio",
            "",
            SECRET,
            SECRET + " and more");

    @Property(tries = 2_000)
    void reads_whatever_the_gateway_accepts_and_prints_none_of_it(@ForAll("bodies") String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        ClientBody.read(body);
        Conversation conversation = Conversation.read(body);
        Asked asked = conversation.asked();
        assertThat(asked.instruction().length()).isLessThanOrEqualTo(2 * Asked.EXCERPT + 1);
        assertThat(asked.system().length()).isLessThanOrEqualTo(Asked.SYSTEM_EXCERPT);
        assertThat(asked.characters()).isBetween(0L, (long) text.length());
        assertThat(conversation.toString()).doesNotContain(SECRET);
        assertThat(asked.toString()).doesNotContain(SECRET);
        Weighing weighing = ScalesTest.scales(Given.keeping(0.95))
                .weigh(Given.terms(RoutingMode.savings, BIG, CHEAP), BIG, null, asked);
        assertThat(weighing.toString()).doesNotContain(SECRET);
    }

    @Property(tries = 1_500)
    void finds_the_last_message_after_any_members(@ForAll("bodies") String text) {
        String last = ",\"zz\":0,\"messages\":[{\"role\":\"user\",\"content\":\"the last\"}],\"max_tokens\":77}";
        JsonObject odd = Json.createReader(new StringReader(text)).readObject();
        JsonObjectBuilder others = Json.createObjectBuilder();
        odd.forEach((name, value) -> {
            if (!name.equals("messages") && !name.equals("max_tokens")) {
                others.add(name, value);
            }
        });
        String before = others.build().toString();
        String body = before.substring(0, before.length() - 1) + last;
        Asked asked = Conversation.read(body.getBytes(StandardCharsets.UTF_8)).asked();
        assertThat(asked.instruction()).isEqualTo("the last");
        assertThat(asked.maxOutputTokens()).isEqualTo(77);
        assertThat(asked.inToolLoop()).isFalse();
    }

    @Property(tries = 1_500)
    void reads_or_is_never_asked_about_what_was_damaged(
            @ForAll("bodies") String text, @ForAll int place, @ForAll byte other) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        body[Math.floorMod(place, body.length)] = other;
        try {
            ClientBody.read(body);
        } catch (Refusal.BadRequest refused) {
            return;
        }
        assertThat(Conversation.read(body)).isNotNull();
    }

    @Property(tries = 1_000)
    void keeps_of_any_text_what_an_excerpt_keeps(@ForAll int seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(4_000);
        while (text.length() < length) {
            text.append(random.nextInt(4) == 0 ? "ü\n\"\\🙂" : "word ");
        }
        String body = Json.createObjectBuilder()
                .add("model", "x")
                .add("input", text.toString())
                .build()
                .toString();
        assertThat(Conversation.read(body.getBytes(StandardCharsets.UTF_8)).asked())
                .isEqualTo(Asked.of(text.toString()));
    }

    @Provide
    Arbitrary<String> bodies() {
        return Arbitraries.randomValue(random -> {
            JsonObjectBuilder body = Json.createObjectBuilder().add("model", "gpt-4o");
            names(random, 6).forEach(name -> body.add(name, value(random, 5)));
            return body.build().toString();
        });
    }

    private static JsonValue value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 5)) {
            case 0 -> List.of(JsonValue.TRUE, JsonValue.FALSE, JsonValue.NULL).get(random.nextInt(3));
            case 1 -> Json.createValue(random.nextBoolean() ? random.nextLong() : random.nextInt(5));
            case 2, 3, 4 -> Json.createValue(WORDS.get(random.nextInt(WORDS.size())));
            case 5, 6 -> {
                JsonArrayBuilder array = Json.createArrayBuilder();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(value(random, depth - 1));
                }
                yield array.build();
            }
            default -> {
                JsonObjectBuilder object = Json.createObjectBuilder();
                names(random, 4).forEach(name -> object.add(name, value(random, depth - 1)));
                yield object.build();
            }
        };
    }

    private static Set<String> names(Random random, int most) {
        Set<String> names = new LinkedHashSet<>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            names.add(NAMES.get(random.nextInt(NAMES.size())));
        }
        return names;
    }
}
