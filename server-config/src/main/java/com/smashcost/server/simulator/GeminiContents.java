package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code generateContent} and {@code streamGenerateContent} of Google. */
record GeminiContents() implements GeminiMethod {

    private static final String STREAM = "streamGenerateContent";

    @Override
    public List<String> names() {
        return List.of("generateContent", STREAM);
    }

    @Override
    public String message(String name) {
        return "GenerateContentRequest";
    }

    @Override
    public boolean has(GeminiModel model) {
        return model.generates();
    }

    @Override
    public Optional<String> broken(JsonNode request, GeminiModel model) {
        return new GeminiRules(request, model).broken();
    }

    @Override
    public void answer(Call call, String name, JsonNode request, GeminiModel model)
            throws IOException, InterruptedException {
        GeminiReply reply = new GeminiReply(request, model, Completion.of(prompt(request, model)));
        if (!name.equals(STREAM)) {
            call.answer(200, reply.whole(), GeminiErrors.headers());
        } else if (call.query("alt").equals("sse")) {
            List<String> chunks =
                    reply.chunks().stream().map(ServerSentEvent::crlf).toList();
            call.stream(Map.of("Content-Type", "text/event-stream"), chunks, "");
        } else {
            ArrayNode chunks = Wire.array();
            reply.chunks().forEach(chunks::add);
            call.answer(200, chunks, GeminiErrors.headers());
        }
    }

    /** Of contents, instruction and tools. */
    static int tokens(JsonNode request) {
        return Tokens.turns(request.path("contents"), "parts")
                + Tokens.content(request.path("systemInstruction").path("parts"))
                + Tokens.json(request.path("tools"));
    }

    private static Prompt prompt(JsonNode request, GeminiModel model) {
        JsonNode config = request.path("generationConfig");
        List<String> stops = new ArrayList<>();
        config.path("stopSequences").forEach(stop -> stops.add(stop.asText()));
        return new Prompt(
                Prompt.seed(request),
                tokens(request),
                asked(request.path("contents")),
                tools(request),
                format(config),
                new Prompt.Limits(stops, config.path("maxOutputTokens").asInt(Prompt.Limits.NONE)),
                config.path("candidateCount").asInt(1),
                thinks(config.path("thinkingConfig"), model));
    }

    private static boolean thinks(JsonNode config, GeminiModel model) {
        boolean off = config.path("thinkingBudget").asInt(-1) == 0
                || config.path("thinkingLevel")
                        .asText()
                        .toLowerCase(Locale.ROOT)
                        .equals("minimal");
        boolean isTold = config.has("thinkingBudget") || config.has("thinkingLevel");
        return model.thinks() && !off && (isTold || model.thinksUnasked());
    }

    private static Optional<String> asked(JsonNode contents) {
        JsonNode last = contents.path(contents.size() - 1);
        for (JsonNode part : last.path("parts")) {
            if (part.has("functionResponse")) {
                return Optional.empty();
            }
        }
        return last.path("role").asText("user").equals("user")
                ? Optional.of(Prompt.text(last.path("parts")))
                : Optional.empty();
    }

    private static Prompt.Tools tools(JsonNode request) {
        JsonNode config = request.path("toolConfig").path("functionCallingConfig");
        Set<String> allowed = new HashSet<>();
        config.path("allowedFunctionNames").forEach(name -> allowed.add(name.asText()));
        List<Prompt.Tool> declared = new ArrayList<>();
        for (JsonNode function : request.path("tools").findValues("functionDeclarations").stream()
                .flatMap(JsonNode::valueStream)
                .toList()) {
            String name = function.path("name").asText();
            JsonNode full = function.path("parametersJsonSchema");
            if (allowed.isEmpty() || allowed.contains(name)) {
                declared.add(new Prompt.Tool(name, full.isObject() ? full : function.path("parameters")));
            }
        }
        Prompt.Choice choice = switch (config.path("mode").asText()) {
            case "NONE" -> new Prompt.Choice.Never();
            case "ANY" -> new Prompt.Choice.Any();
            default -> new Prompt.Choice.Auto();
        };
        return new Prompt.Tools(declared, choice, true);
    }

    private static Prompt.Format format(JsonNode config) {
        if (!config.path("responseMimeType").asText().equals("application/json")) {
            return new Prompt.Format.Words();
        }
        ObjectNode schema = Wire.object();
        for (String member : List.of("responseSchema", "responseJsonSchema")) {
            if (config.path(member) instanceof ObjectNode given) {
                schema = given;
            }
        }
        return schema.isEmpty() ? new Prompt.Format.AnyJson() : new Prompt.Format.Schema(schema);
    }
}
