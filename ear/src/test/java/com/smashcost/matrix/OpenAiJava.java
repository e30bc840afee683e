package com.smashcost.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.ObjectMappers;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import com.smashcost.installation.Customer;
import com.smashcost.installation.Installation;
import com.smashcost.matrix.Cell.Told;
import com.smashcost.matrix.Exchange.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** OpenAI's own client for Java, on one of its two routes. */
record OpenAiJava(Wire route, OpenAIClient client) implements Client {

    private static final ObjectMapper JSON = ObjectMappers.jsonMapper();

    static OpenAiJava of(Wire route, Customer customer) {
        return new OpenAiJava(
                route,
                OpenAIOkHttpClient.builder()
                        .baseUrl(Installation.running().origin() + "/v1")
                        .apiKey(customer.key().text())
                        .maxRetries(0)
                        .timeout(Duration.ofSeconds(30))
                        .build());
    }

    @Override
    public String name() {
        return route == Wire.CHAT ? "openai-java chat" : "openai-java responses";
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
            return Told.of(route == Wire.CHAT ? chat(cell) : respond(cell));
        } catch (OpenAIServiceException e) {
            return Told.failed(e.statusCode(), e.type().orElse(null), e.code().orElse(null), e.getMessage());
        } catch (OpenAIException e) {
            return Told.failed(0, null, null, e.getMessage());
        }
    }

    private Facts chat(Cell cell) throws Exception {
        ChatCompletionCreateParams params = ChatCompletionCreateParams.builder()
                .body(JSON.treeToValue(cell.asked().toChat(cell.model(), false), ChatCompletionCreateParams.Body.class))
                .putAdditionalHeader(TAG, cell.tag())
                .build();
        if (!cell.stream()) {
            ChatCompletion completion = client.chat().completions().create(params);
            if (!cell.passes()) {
                completion.validate();
            }
            return Facts.of(Wire.CHAT, JSON.<JsonNode>valueToTree(completion));
        }
        params = params.toBuilder()
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
        List<JsonNode> chunks = new ArrayList<>();
        List<ChatCompletionChunk> parsed = new ArrayList<>();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params)) {
            stream.stream().forEach(chunk -> {
                chunks.add(JSON.valueToTree(cell.passes() ? chunk : chunk.validate()));
                parsed.add(chunk);
            });
        }
        Facts pieces = Facts.of(Wire.CHAT, chunks);
        ChatCompletion completion;
        try {
            ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
            parsed.forEach(accumulator::accumulate);
            completion = accumulator.chatCompletion();
        } catch (IllegalStateException e) {
            if (cell.passes()) {
                return pieces; // what Groq and moderation add to the end is more than the accumulator takes
            }
            throw e;
        }
        Facts whole = Facts.of(Wire.CHAT, JSON.<JsonNode>valueToTree(completion));
        return new Facts(
                whole.text(),
                whole.refusal(),
                pieces.reasoning(),
                whole.calls(),
                whole.stop(),
                pieces.tokens(),
                whole.failed());
    }

    private Facts respond(Cell cell) throws Exception {
        ResponseCreateParams params = ResponseCreateParams.builder()
                .body(JSON.treeToValue(cell.asked().toResponses(cell.model(), false), ResponseCreateParams.Body.class))
                .putAdditionalHeader(TAG, cell.tag())
                .build();
        if (!cell.stream()) {
            Response response = client.responses().create(params);
            if (!cell.passes()) {
                response.validate();
            }
            return Facts.of(Wire.RESPONSES, JSON.<JsonNode>valueToTree(response));
        }
        List<JsonNode> events = new ArrayList<>();
        ResponseAccumulator accumulator = ResponseAccumulator.createWithSnapshots();
        try (StreamResponse<ResponseStreamEvent> stream = client.responses().createStreaming(params)) {
            stream.stream().forEach(event -> {
                events.add(JSON.valueToTree(cell.passes() ? event : event.validate()));
                accumulator.accumulate(event);
            });
        }
        Facts pieces = Facts.of(Wire.RESPONSES, events);
        if (pieces.failed()) {
            return pieces;
        }
        return Facts.of(Wire.RESPONSES, JSON.<JsonNode>valueToTree(accumulator.reconstructedResponse()));
    }

    private Facts embed(Cell cell) throws Exception {
        ObjectNode body = Exchange.JSON.createObjectNode().put("model", cell.model());
        cell.texts().forEach(body.putArray("input")::add);
        if (cell.dimensions() > 0) {
            body.put("dimensions", cell.dimensions());
        }
        CreateEmbeddingResponse response = client.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .body(JSON.treeToValue(body, EmbeddingCreateParams.Body.class))
                        .putAdditionalHeader(TAG, cell.tag())
                        .build());
        List<List<Double>> vectors = response.data().stream()
                .map(data -> data.embedding().stream().map(Float::doubleValue).toList())
                .toList();
        return Vectors.facts(vectors, response.usage().promptTokens());
    }
}
