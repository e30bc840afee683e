package com.smashcost.server.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code POST /responses} of OpenAI, plain and streaming. Nothing is kept: a previous response adds no words. */
record Responses() implements Dialect {

    private static final OpenAiFlavour FLAVOUR = OpenAiFlavour.OPENAI;

    @Override
    public boolean speaks(String method, String path) {
        return method.equals("POST") && path.equals(FLAVOUR.root() + "/responses");
    }

    @Override
    public void answer(Call call) throws IOException, InterruptedException {
        byte[] body = call.body();
        if (OpenAiErrors.refuses(call, FLAVOUR)) {
            return;
        }
        JsonNode request;
        try {
            request = Wire.parse(body);
        } catch (JsonProcessingException e) {
            OpenAiErrors.send(call, FLAVOUR, OpenAiErrors.Problem.malformed());
            return;
        }
        Optional<OpenAiErrors.Problem> problem = new ResponsesRules(FLAVOUR, request).broken();
        if (problem.isPresent()) {
            OpenAiErrors.send(call, FLAVOUR, problem.get());
        } else {
            respond(call, request);
        }
    }

    private static void respond(Call call, JsonNode request) throws IOException, InterruptedException {
        String model = request.path("model").asText();
        Completion completion = Completion.of(
                prompt(request, FLAVOUR.thinks(model, request.path("reasoning").path("effort"))));
        ResponsesReply reply = new ResponsesReply(request, FLAVOUR.answering(model), completion);
        call.think();
        Map<String, String> headers = FLAVOUR.headers(call, FLAVOUR.requestId());
        if (request.path("stream").asBoolean()) {
            boolean obfuscation =
                    request.path("stream_options").path("include_obfuscation").asBoolean(true);
            List<String> events = new ResponsesEvents(reply, obfuscation)
                    .all().stream().map(ServerSentEvent::named).toList();
            call.stream(headers, events, "");
        } else {
            call.answer(200, reply.whole(), headers);
        }
    }

    private static Prompt prompt(JsonNode request, boolean thinks) {
        JsonNode input = request.path("input");
        return new Prompt(
                Prompt.seed(request, "stream", "stream_options"),
                tokens(request),
                asked(input),
                tools(request),
                format(request.path("text").path("format")),
                new Prompt.Limits(List.of(), request.path("max_output_tokens").asInt(Prompt.Limits.NONE)),
                1,
                thinks);
    }

    private static int tokens(JsonNode request) {
        JsonNode input = request.path("input");
        JsonNode items = input.isTextual() ? Wire.array().add(Wire.object().put("content", input.asText())) : input;
        int tokens = Tokens.turns(items, "content")
                + Tokens.content(request.path("instructions"))
                + Tokens.json(request.path("tools"));
        for (JsonNode item : items) {
            tokens += Tokens.content(item.path("arguments")) + Tokens.content(item.path("output"));
        }
        return tokens;
    }

    private static Optional<String> asked(JsonNode input) {
        if (input.isTextual()) {
            return Optional.of(input.asText());
        }
        JsonNode last = input.path(input.size() - 1);
        return last.path("role").asText().equals("user")
                ? Optional.of(Prompt.text(last.path("content")))
                : Optional.empty();
    }

    private static Prompt.Tools tools(JsonNode request) {
        List<Prompt.Tool> declared = new ArrayList<>();
        for (JsonNode tool : request.path("tools")) {
            if (tool.path("type").asText().equals("function")) {
                declared.add(new Prompt.Tool(tool.path("name").asText(), tool.path("parameters")));
            }
        }
        JsonNode choice = request.path("tool_choice");
        boolean parallel = request.path("parallel_tool_calls").asBoolean(true);
        return new Prompt.Tools(declared, ChatCompletions.choice(choice, choice.path("name")), parallel);
    }

    private static Prompt.Format format(JsonNode format) {
        return switch (format.path("type").asText()) {
            case "json_object" -> new Prompt.Format.AnyJson();
            case "json_schema" -> new Prompt.Format.Schema(format.path("schema"));
            default -> new Prompt.Format.Words();
        };
    }
}
