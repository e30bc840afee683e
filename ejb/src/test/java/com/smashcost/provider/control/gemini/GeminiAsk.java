package com.smashcost.provider.control.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.conversation.Conversation;
import com.smashcost.provider.control.conversation.Conversation.Extra;
import com.smashcost.provider.control.conversation.Conversation.Sampling;
import com.smashcost.provider.control.conversation.Conversation.Thinking;
import com.smashcost.provider.control.conversation.OutputFormat;
import com.smashcost.provider.control.conversation.Part;
import com.smashcost.provider.control.conversation.Tool;
import com.smashcost.provider.control.conversation.ToolChoice;
import com.smashcost.provider.control.conversation.Traits;
import com.smashcost.provider.control.conversation.Translated;
import com.smashcost.provider.control.conversation.Turn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A conversation that is built step by step, and what becomes of it. */
final class GeminiAsk {

    private final List<Turn> turns = new ArrayList<>();
    private final List<Tool> tools = new ArrayList<>();
    private final List<Extra> extras = new ArrayList<>();
    private @Nullable ToolChoice toolChoice;
    private @Nullable Boolean parallel;
    private @Nullable OutputFormat format;
    private Sampling sampling = Sampling.DEFAULT;
    private @Nullable Thinking thinking;
    private @Nullable String serviceTier;
    private @Nullable String endUser;
    private @Nullable String cacheKey;

    static GeminiAsk user(String text) {
        return new GeminiAsk().user(new Part.Text(text));
    }

    static GeminiAsk nothing() {
        return new GeminiAsk();
    }

    GeminiAsk system(String text) {
        turns.add(new Turn.Instruction(List.of(new Part.Text(text)), false));
        return this;
    }

    GeminiAsk user(Part... parts) {
        turns.add(new Turn.User(Arrays.asList(parts), null));
        return this;
    }

    GeminiAsk assistant(Part... parts) {
        turns.add(new Turn.Assistant(Arrays.asList(parts), null));
        return this;
    }

    GeminiAsk turn(Turn turn) {
        turns.add(turn);
        return this;
    }

    GeminiAsk tool(String name, @Nullable String schema) {
        return tool(name, schema == null ? null : Json.read(schema).orElseThrow(), null);
    }

    GeminiAsk tool(String name, @Nullable JsonNode schema, @Nullable Boolean strict) {
        return tool(new Tool.Function(name, "What " + name + " does", schema, strict, null));
    }

    GeminiAsk tool(Tool tool) {
        tools.add(tool);
        return this;
    }

    GeminiAsk choice(ToolChoice choice) {
        toolChoice = choice;
        return this;
    }

    GeminiAsk parallel(boolean parallel) {
        this.parallel = parallel;
        return this;
    }

    GeminiAsk format(OutputFormat format) {
        this.format = format;
        return this;
    }

    GeminiAsk sampling(Sampling sampling) {
        this.sampling = sampling;
        return this;
    }

    GeminiAsk effort(String effort) {
        return thinking(new Thinking(null, effort, null, null));
    }

    GeminiAsk thinking(Thinking thinking) {
        this.thinking = thinking;
        return this;
    }

    GeminiAsk tier(String tier) {
        serviceTier = tier;
        return this;
    }

    GeminiAsk endUser(String name) {
        endUser = name;
        return this;
    }

    GeminiAsk cacheKey(String key) {
        cacheKey = key;
        return this;
    }

    GeminiAsk extra(String name, String json, boolean essential) {
        extras.add(new Extra(name, Json.read(json).orElseThrow(), essential));
        return this;
    }

    Conversation conversation() {
        return new Conversation(
                Json.object(),
                "alias",
                turns,
                tools,
                toolChoice,
                parallel,
                format,
                sampling,
                thinking,
                serviceTier,
                endUser,
                cacheKey,
                false,
                false,
                extras);
    }

    Translated write(String model) {
        return write(GeminiTraffic.traits(model));
    }

    Translated write(Traits traits) {
        return GeminiRequest.write(conversation(), traits);
    }

    /** The body for a model of the 3.x generation. */
    ObjectNode body() {
        return body("gemini-3.6-flash");
    }

    ObjectNode body(String model) {
        return Json.readObject(write(model).body()).orElseThrow();
    }

    /** The text of a member of the body. */
    String at(String pointer) {
        return Json.text(body().at(pointer));
    }
}
