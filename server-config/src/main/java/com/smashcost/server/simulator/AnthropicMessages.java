package com.smashcost.server.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code POST /v1/messages} of Anthropic, plain and streaming. */
record AnthropicMessages() implements Dialect {

    @Override
    public boolean speaks(String method, String path) {
        return method.equals("POST") && path.equals(AnthropicErrors.ROOT + "/v1/messages");
    }

    @Override
    public void answer(Call call) throws IOException, InterruptedException {
        byte[] body = call.body();
        if (AnthropicErrors.refuses(call)) {
            return;
        }
        JsonNode request;
        try {
            request = Wire.parse(body);
        } catch (JsonProcessingException e) {
            AnthropicErrors.invalid(call, "The request body is not valid JSON: " + e.getOriginalMessage());
            return;
        }
        AnthropicModel model = new AnthropicModel(request.path("model").asText());
        Optional<String> problem = new AnthropicRules(request, model).ofMessages();
        if (problem.isPresent()) {
            AnthropicErrors.invalid(call, problem.get());
        } else if (!model.exists()) {
            AnthropicErrors.unknownModel(call, model.id());
        } else {
            reply(call, request, model);
        }
    }

    private static void reply(Call call, JsonNode request, AnthropicModel model)
            throws IOException, InterruptedException {
        AnthropicReply reply = new AnthropicReply(request, model, Completion.of(prompt(request)));
        call.think();
        if (request.path("stream").asBoolean()) {
            List<String> events = new AnthropicEvents(reply)
                    .all().stream().map(ServerSentEvent::padded).toList();
            call.stream(AnthropicErrors.headers(), events, "");
        } else {
            call.answer(200, reply.whole(), AnthropicErrors.headers());
        }
    }

    private static Prompt prompt(JsonNode request) {
        List<String> stops = new ArrayList<>();
        request.path("stop_sequences").forEach(stop -> stops.add(stop.asText()));
        return new Prompt(
                Prompt.seed(request, "stream"),
                AnthropicUsage.of(request).total(),
                asked(request.path("messages")),
                tools(request),
                format(request),
                new Prompt.Limits(stops, request.path("max_tokens").asInt()),
                1,
                request.path("thinking").path("type").asText().matches("enabled|adaptive"));
    }

    private static Optional<String> asked(JsonNode messages) {
        JsonNode last = messages.path(messages.size() - 1);
        if (!last.path("role").asText().equals("user")) {
            return Optional.empty();
        }
        for (JsonNode block : last.path("content")) {
            if (block.path("type").asText().equals("tool_result")) {
                return Optional.empty();
            }
        }
        return Optional.of(Prompt.text(last.path("content")));
    }

    private static Prompt.Tools tools(JsonNode request) {
        List<Prompt.Tool> declared = new ArrayList<>();
        for (JsonNode tool : request.path("tools")) {
            if (tool.has("input_schema")) {
                declared.add(new Prompt.Tool(tool.path("name").asText(), tool.path("input_schema")));
            }
        }
        JsonNode choice = request.path("tool_choice");
        Prompt.Choice how = switch (choice.path("type").asText()) {
            case "none" -> new Prompt.Choice.Never();
            case "any" -> new Prompt.Choice.Any();
            case "tool" -> new Prompt.Choice.One(choice.path("name").asText());
            default -> new Prompt.Choice.Auto();
        };
        boolean parallel = !choice.path("disable_parallel_tool_use").asBoolean();
        return new Prompt.Tools(declared, how, parallel);
    }

    private static Prompt.Format format(JsonNode request) {
        JsonNode format = request.path("output_config").path("format");
        JsonNode wanted = format.isObject() ? format : request.path("output_format");
        return wanted.isObject() ? new Prompt.Format.Schema(wanted.path("schema")) : new Prompt.Format.Words();
    }
}
