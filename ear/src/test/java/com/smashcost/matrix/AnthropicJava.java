package com.smashcost.matrix;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.ObjectMappers;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicException;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.installation.Customer;
import com.smashcost.installation.Installation;
import com.smashcost.matrix.Cell.Told;
import com.smashcost.matrix.Exchange.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Anthropic's own client for Java. */
record AnthropicJava(AnthropicClient client) implements Client {

    private static final ObjectMapper JSON = ObjectMappers.jsonMapper();

    static AnthropicJava of(Customer customer) {
        return new AnthropicJava(AnthropicOkHttpClient.builder()
                .baseUrl(Installation.running().origin().toString())
                .apiKey(customer.key().text())
                .maxRetries(0)
                .timeout(Duration.ofSeconds(30))
                .build());
    }

    @Override
    public String name() {
        return "anthropic-java";
    }

    @Override
    public Wire route() {
        return Wire.MESSAGES;
    }

    @Override
    public boolean can(Kind kind) {
        return kind != Kind.VECTORS;
    }

    @Override
    public Told ask(Cell cell) throws Exception {
        try {
            return Told.of(cell.exchange().kind() == Kind.COUNT ? count(cell) : message(cell));
        } catch (AnthropicServiceException e) {
            return Told.failed(
                    e.statusCode(),
                    e.type().map(Object::toString).orElse(null),
                    null,
                    e.apiMessage().orElse(e.getMessage()));
        } catch (AnthropicException e) {
            return Told.failed(0, null, null, e.getMessage());
        }
    }

    private Facts message(Cell cell) throws Exception {
        MessageCreateParams params = MessageCreateParams.builder()
                .body(JSON.treeToValue(cell.asked().toMessages(cell.model(), false), MessageCreateParams.Body.class))
                .putAdditionalHeader(TAG, cell.tag())
                .build();
        if (!cell.stream()) {
            Message message = client.messages().create(params);
            if (!cell.passes()) {
                message.validate();
            }
            return Facts.of(Wire.MESSAGES, JSON.<JsonNode>valueToTree(message));
        }
        List<JsonNode> events = new ArrayList<>();
        MessageAccumulator accumulator = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> stream = client.messages().createStreaming(params)) {
            stream.stream().forEach(event -> {
                events.add(JSON.valueToTree(cell.passes() ? event : event.validate()));
                accumulator.accumulate(event);
            });
        }
        Facts pieces = Facts.of(Wire.MESSAGES, events);
        Facts whole = Facts.of(Wire.MESSAGES, JSON.<JsonNode>valueToTree(accumulator.message()));
        return new Facts(
                whole.text(),
                whole.refusal(),
                whole.reasoning(),
                whole.calls(),
                whole.stop(),
                pieces.tokens(),
                pieces.failed());
    }

    private Facts count(Cell cell) throws Exception {
        ObjectNode body = cell.asked().toMessages(cell.model(), false);
        body.remove("max_tokens");
        return Vectors.count(client.messages()
                .countTokens(MessageCountTokensParams.builder()
                        .body(JSON.treeToValue(body, MessageCountTokensParams.Body.class))
                        .build())
                .inputTokens());
    }
}
