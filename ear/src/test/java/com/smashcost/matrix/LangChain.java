package com.smashcost.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.installation.Customer;
import com.smashcost.installation.Installation;
import com.smashcost.matrix.Cell.Told;
import com.smashcost.matrix.Exchange.Kind;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.anthropic.AnthropicTokenUsage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** LangChain4j with its module for OpenAI or for Anthropic. */
record LangChain(Wire route, String key) implements Client {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    static LangChain of(Wire route, Customer customer) {
        return new LangChain(route, customer.key().text());
    }

    @Override
    public String name() {
        return route == Wire.CHAT ? "langchain4j-open-ai" : "langchain4j-anthropic";
    }

    @Override
    public boolean can(Kind kind) {
        return kind == Kind.ANSWER || (kind == Kind.VECTORS && route == Wire.CHAT);
    }

    @Override
    public Told ask(Cell cell) throws Exception {
        try {
            if (cell.exchange().kind() == Kind.VECTORS) {
                return Told.of(embed(cell));
            }
            ChatRequest request = request(cell);
            return Told.of(
                    facts(cell.stream() ? stream(cell, request) : model(cell).chat(request)));
        } catch (ContentFilteredException e) {
            // so it tells of a refusal
            return Told.of(
                    new Facts("", String.valueOf(e.getMessage()), "", List.of(), Facts.Stop.FILTER, null, false));
        } catch (RuntimeException e) {
            return failed(e);
        }
    }

    private static Told failed(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpException http) {
                JsonNode error =
                        Facts.arguments(String.valueOf(http.getMessage())).path("error");
                return Told.failed(
                        http.statusCode(),
                        error.path("type").asText(null),
                        error.path("code").asText(null),
                        error.path("message").asText(http.getMessage()));
            }
        }
        return Told.failed(0, null, null, failure.toString());
    }

    private static ChatRequest request(Cell cell) {
        Asked asked = cell.asked();
        List<ChatMessage> messages = new ArrayList<>();
        if (!asked.system().isEmpty()) {
            messages.add(SystemMessage.from(asked.system()));
        }
        for (Asked.Turn turn : asked.turns()) {
            messages.add(
                    switch (turn) {
                        case Asked.User user -> {
                            List<Content> contents = new ArrayList<>();
                            contents.add(TextContent.from(user.text()));
                            for (Asked.Image image : user.images()) {
                                contents.add(
                                        image.type().isEmpty()
                                                ? ImageContent.from(image.data())
                                                : ImageContent.from(image.data(), image.type()));
                            }
                            yield UserMessage.from(contents);
                        }
                        case Asked.Model said ->
                            AiMessage.builder()
                                    .text(said.text().isEmpty() ? null : said.text())
                                    .toolExecutionRequests(said.calls().stream()
                                            .map(call -> ToolExecutionRequest.builder()
                                                    .id(call.id())
                                                    .name(call.name())
                                                    .arguments(call.arguments().toString())
                                                    .build())
                                            .toList())
                                    .build();
                        case Asked.Result result ->
                            ToolExecutionResultMessage.from(result.id(), result.name(), result.text());
                    });
        }
        ChatRequest.Builder request = ChatRequest.builder().messages(messages).modelName(cell.model());
        if (!asked.tools().isEmpty()) {
            request.toolSpecifications(
                    asked.tools().stream().map(LangChain::specification).toList());
        }
        String choice = asked.choice();
        if (choice != null && !Asked.isTool(choice)) {
            request.toolChoice(
                    switch (choice) {
                        case "none" -> ToolChoice.NONE;
                        case "required" -> ToolChoice.REQUIRED;
                        default -> ToolChoice.AUTO;
                    });
        }
        if (asked.schema() != null) {
            request.responseFormat(ResponseFormat.builder()
                    .type(ResponseFormatType.JSON)
                    .jsonSchema(JsonSchema.builder()
                            .name("answer")
                            .rootElement(JsonRawSchema.from(asked.schema().toString()))
                            .build())
                    .build());
        }
        if (asked.maxTokens() != null) {
            request.maxOutputTokens(asked.maxTokens());
        }
        return request.build();
    }

    private static ToolSpecification specification(Asked.Tool tool) {
        ObjectNode schema = Asked.parameters(tool);
        JsonObjectSchema.Builder parameters = JsonObjectSchema.builder();
        schema.path("properties")
                .properties()
                .forEach(property -> parameters.addProperty(
                        property.getKey(),
                        JsonRawSchema.from(property.getValue().toString())));
        List<String> required = new ArrayList<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        return ToolSpecification.builder()
                .name(tool.name())
                .description(tool.description())
                .parameters(parameters.required(required).build())
                .build();
    }

    private ChatModel model(Cell cell) {
        Map<String, String> headers = Map.of(TAG, cell.tag());
        return route == Wire.CHAT
                ? OpenAiChatModel.builder()
                        .baseUrl(Installation.running().origin() + "/v1")
                        .apiKey(key)
                        .modelName(cell.model())
                        .maxRetries(0)
                        .timeout(PATIENCE)
                        .returnThinking(true)
                        .customHeaders(headers)
                        .build()
                : AnthropicChatModel.builder()
                        .baseUrl(Installation.running().origin() + "/v1")
                        .apiKey(key)
                        .modelName(cell.model())
                        .maxRetries(0)
                        .timeout(PATIENCE)
                        .returnThinking(true)
                        .customHeaders(headers)
                        .build();
    }

    private ChatResponse stream(Cell cell, ChatRequest request) throws Exception {
        Map<String, String> headers = Map.of(TAG, cell.tag());
        StreamingChatModel model = route == Wire.CHAT
                ? OpenAiStreamingChatModel.builder()
                        .baseUrl(Installation.running().origin() + "/v1")
                        .apiKey(key)
                        .modelName(cell.model())
                        .timeout(PATIENCE)
                        .returnThinking(true)
                        .customHeaders(headers)
                        .build()
                : AnthropicStreamingChatModel.builder()
                        .baseUrl(Installation.running().origin() + "/v1")
                        .apiKey(key)
                        .modelName(cell.model())
                        .timeout(PATIENCE)
                        .returnThinking(true)
                        .customHeaders(headers)
                        .build();
        CompletableFuture<ChatResponse> answer = new CompletableFuture<>();
        model.chat(request, new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String text) {}

            @Override
            public void onCompleteResponse(ChatResponse response) {
                answer.complete(response);
            }

            @Override
            public void onError(Throwable error) {
                answer.completeExceptionally(error);
            }
        });
        try {
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private static Facts facts(ChatResponse response) {
        AiMessage message = response.aiMessage();
        return new Facts(
                message.text() == null ? "" : message.text(),
                "",
                message.thinking() == null ? "" : message.thinking(),
                message.toolExecutionRequests().stream()
                        .map(call -> new Facts.Call(call.name(), Facts.arguments(call.arguments())))
                        .toList(),
                stop(response.finishReason()),
                tokens(response.tokenUsage()),
                false);
    }

    private static Facts.@Nullable Stop stop(@Nullable FinishReason reason) {
        if (reason == null) {
            return null;
        }
        return switch (reason) {
            case LENGTH -> Facts.Stop.LENGTH;
            case TOOL_EXECUTION -> Facts.Stop.TOOLS;
            case CONTENT_FILTER -> Facts.Stop.FILTER;
            case STOP -> Facts.Stop.END;
            case OTHER -> null;
        };
    }

    private static Facts.@Nullable Tokens tokens(@Nullable TokenUsage usage) {
        return switch (usage) {
            case null -> null;
            case AnthropicTokenUsage counts -> {
                long cached = number(counts.cacheReadInputTokens());
                long written = number(counts.cacheCreationInputTokens());
                yield new Facts.Tokens(
                        number(counts.inputTokenCount()) + cached + written,
                        cached,
                        written,
                        number(counts.outputTokenCount()),
                        null,
                        null,
                        null);
            }
            case OpenAiTokenUsage counts ->
                new Facts.Tokens(
                        number(counts.inputTokenCount()),
                        counts.inputTokensDetails() == null
                                ? null
                                : Long.valueOf(
                                        number(counts.inputTokensDetails().cachedTokens())),
                        null,
                        number(counts.outputTokenCount()),
                        counts.outputTokensDetails() == null
                                ? null
                                : Long.valueOf(
                                        number(counts.outputTokensDetails().reasoningTokens())),
                        null,
                        null);
            default -> throw new IllegalStateException(usage.toString());
        };
    }

    private static long number(@Nullable Integer count) {
        return count == null ? 0 : count;
    }

    private Facts embed(Cell cell) {
        Response<List<Embedding>> response = OpenAiEmbeddingModel.builder()
                .baseUrl(Installation.running().origin() + "/v1")
                .apiKey(key)
                .modelName(cell.model())
                .dimensions(cell.dimensions() == 0 ? null : cell.dimensions())
                .maxRetries(0)
                .timeout(PATIENCE)
                .customHeaders(Map.of(TAG, cell.tag()))
                .build()
                .embedAll(cell.texts().stream().map(TextSegment::from).toList());
        List<List<Double>> vectors = response.content().stream()
                .map(embedding -> embedding.vectorAsList().stream()
                        .map(Float::doubleValue)
                        .toList())
                .toList();
        TokenUsage counted = response.tokenUsage();
        return Vectors.facts(vectors, counted == null ? null : (Long) (long) number(counted.inputTokenCount()));
    }
}
