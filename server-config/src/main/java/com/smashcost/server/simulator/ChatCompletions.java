package com.smashcost.server.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code POST /chat/completions} of the OpenAI dialect, plain and streaming, as OpenAI and as Groq answer it. */
record ChatCompletions(OpenAiFlavour flavour) implements Dialect {

    @Override
    public boolean speaks(String method, String path) {
        return method.equals("POST") && path.equals(flavour.root() + "/chat/completions");
    }

    @Override
    public void answer(Call call) throws IOException, InterruptedException {
        byte[] body = call.body();
        if (OpenAiErrors.refuses(call, flavour)) {
            return;
        }
        JsonNode request;
        try {
            request = Wire.parse(body);
        } catch (JsonProcessingException e) {
            OpenAiErrors.send(call, flavour, OpenAiErrors.Problem.malformed());
            return;
        }
        Optional<OpenAiErrors.Problem> problem = new ChatRules(flavour, request).broken();
        if (problem.isPresent()) {
            OpenAiErrors.send(call, flavour, problem.get());
        } else {
            complete(call, request);
        }
    }

    private void complete(Call call, JsonNode request) throws IOException, InterruptedException {
        String model = request.path("model").asText();
        Completion completion = Completion.of(prompt(request, flavour.thinks(model, request.path("reasoning_effort"))));
        ChatReply reply = new ChatReply(flavour, flavour.answering(model), completion);
        call.think();
        Map<String, String> headers = flavour.headers(call, reply.requestId());
        if (request.path("stream").asBoolean()) {
            JsonNode options = request.path("stream_options");
            List<String> chunks = reply
                    .chunks(
                            options.path("include_usage").asBoolean(),
                            options.path("include_obfuscation").asBoolean(true))
                    .stream()
                    .map(ServerSentEvent::data)
                    .toList();
            call.stream(headers, chunks, "data: [DONE]\n\n");
        } else {
            call.answer(200, reply.whole(), headers);
        }
    }

    private static Prompt prompt(JsonNode request, boolean thinks) {
        JsonNode messages = request.path("messages");
        JsonNode last = messages.path(messages.size() - 1);
        int tokens = Tokens.turns(messages, "content") + Tokens.json(request.path("tools"));
        for (JsonNode message : messages) {
            tokens += Tokens.json(message.path("tool_calls"));
        }
        int most = request.path("max_completion_tokens")
                .asInt(request.path("max_tokens").asInt(Prompt.Limits.NONE));
        return new Prompt(
                Prompt.seed(request, "stream", "stream_options"),
                tokens,
                last.path("role").asText().equals("user")
                        ? Optional.of(Prompt.text(last.path("content")))
                        : Optional.empty(),
                tools(request),
                format(request.path("response_format")),
                new Prompt.Limits(strings(request.path("stop")), Math.max(0, most)),
                Math.clamp(request.path("n").asInt(1), 1, 128),
                thinks);
    }

    private static Prompt.Tools tools(JsonNode request) {
        List<Prompt.Tool> declared = new ArrayList<>();
        for (JsonNode tool : request.path("tools")) {
            JsonNode function = tool.path("function");
            declared.add(new Prompt.Tool(function.path("name").asText(), function.path("parameters")));
        }
        JsonNode choice = request.path("tool_choice");
        boolean parallel = request.path("parallel_tool_calls").asBoolean(true);
        return new Prompt.Tools(declared, choice(choice, choice.path("function").path("name")), parallel);
    }

    /** How the OpenAI dialects say whether to call a tool. */
    static Prompt.Choice choice(JsonNode choice, JsonNode function) {
        if (function.isTextual()) {
            return new Prompt.Choice.One(function.asText());
        }
        return switch (choice.asText()) {
            case "none" -> new Prompt.Choice.Never();
            case "required" -> new Prompt.Choice.Any();
            default -> new Prompt.Choice.Auto();
        };
    }

    private static Prompt.Format format(JsonNode format) {
        return switch (format.path("type").asText()) {
            case "json_object" -> new Prompt.Format.AnyJson();
            case "json_schema" ->
                new Prompt.Format.Schema(format.path("json_schema").path("schema"));
            default -> new Prompt.Format.Words();
        };
    }

    private static List<String> strings(JsonNode one) {
        List<String> strings = new ArrayList<>();
        (one.isTextual() ? Wire.array().add(one) : one).forEach(each -> strings.add(each.asText()));
        return strings;
    }
}
