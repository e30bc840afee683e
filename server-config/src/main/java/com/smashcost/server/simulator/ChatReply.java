package com.smashcost.server.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** One chat completion in its wire form, whole or in chunks. */
final class ChatReply {

    private static final int PIECE = 6;

    private final OpenAiFlavour flavour;
    private final String model;
    private final Completion completion;
    private final String id;
    private final String requestId;
    private final long created = Instant.now().getEpochSecond();

    ChatReply(OpenAiFlavour flavour, String model, Completion completion) {
        this.flavour = flavour;
        this.model = model;
        this.completion = completion;
        this.id = flavour.completionId();
        this.requestId = flavour.requestId();
    }

    String requestId() {
        return requestId;
    }

    ObjectNode whole() {
        ObjectNode whole = head("chat.completion");
        ArrayNode choices = whole.putArray("choices");
        for (Completion.Choice choice : completion.choices()) {
            ObjectNode each = choices.addObject().put("index", choices.size() - 1);
            message(each.putObject("message"), choice);
            each.putNull("logprobs").put("finish_reason", reason(choice.finish()));
        }
        whole.set("usage", usage());
        whole.put("service_tier", flavour.serviceTier());
        whole.put("system_fingerprint", fingerprint());
        if (flavour == OpenAiFlavour.GROQ) {
            whole.putObject("x_groq").put("id", requestId);
        }
        return whole;
    }

    private void message(ObjectNode message, Completion.Choice choice) {
        message.put("role", "assistant");
        if (choice.toolCalls().isEmpty()) {
            message.put("content", choice.text());
        } else if (flavour == OpenAiFlavour.OPENAI) {
            message.putNull("content");
        }
        if (flavour == OpenAiFlavour.GROQ && !completion.reasoning().isEmpty()) {
            message.put("reasoning", completion.reasoning());
        }
        if (!choice.toolCalls().isEmpty()) {
            ArrayNode calls = message.putArray("tool_calls");
            for (Completion.ToolCall call : choice.toolCalls()) {
                toolCall(calls.addObject(), call, calls.size() - 1, call.argumentsText());
            }
        }
        if (flavour == OpenAiFlavour.OPENAI) {
            message.putNull("refusal").putArray("annotations");
        }
    }

    private ObjectNode toolCall(ObjectNode node, Completion.ToolCall call, int index, String arguments) {
        node.put("id", flavour.toolCallId(call.function(), index)).put("type", "function");
        node.putObject("function").put("name", call.function()).put("arguments", arguments);
        return node;
    }

    /** All chunks but the closing {@code [DONE]}; the choices one after the other. */
    List<ObjectNode> chunks(boolean includeUsage, boolean obfuscation) {
        List<ObjectNode> chunks = new ArrayList<>();
        for (int index = 0; index < completion.choices().size(); index++) {
            Completion.Choice choice = completion.choices().get(index);
            for (ObjectNode delta : deltas(choice)) {
                chunks.add(chunk(index, delta, null));
            }
            chunks.add(chunk(index, Wire.object(), reason(choice.finish())));
        }
        if (flavour == OpenAiFlavour.GROQ) {
            chunks.get(0).putObject("x_groq").put("id", requestId).put("seed", completion.seed());
            ObjectNode last = chunks.get(chunks.size() - 1);
            last.putObject("x_groq").put("id", requestId).set("usage", usage());
            last.set("usage", usage());
        } else if (includeUsage) {
            chunks.forEach(chunk -> chunk.putNull("usage"));
        }
        if (includeUsage) {
            ObjectNode end = head("chat.completion.chunk");
            streamed(end);
            end.putArray("choices");
            end.set("usage", usage());
            if (flavour == OpenAiFlavour.GROQ) {
                end.put("service_tier", flavour.serviceTier());
            }
            chunks.add(end);
        }
        if (flavour == OpenAiFlavour.OPENAI && obfuscation) {
            for (int i = 0; i < chunks.size(); i++) {
                long seed = completion.seed() + i;
                chunks.get(i).put("obfuscation", Wire.padding(seed, (int) (seed % 16)));
            }
        }
        return chunks;
    }

    private List<ObjectNode> deltas(Completion.Choice choice) {
        List<ObjectNode> deltas = new ArrayList<>();
        boolean openAi = flavour == OpenAiFlavour.OPENAI;
        ObjectNode opening = Wire.object().put("role", "assistant");
        if (openAi && !choice.toolCalls().isEmpty()) {
            opening.putNull("content");
        } else {
            opening.put("content", "");
        }
        deltas.add(openAi ? opening.putNull("refusal") : opening);
        if (!openAi && !completion.reasoning().isEmpty()) {
            Tokens.split(completion.reasoning())
                    .forEach(piece ->
                            deltas.add(Wire.object().put("reasoning", piece).put("channel", "analysis")));
        }
        choice.pieces().forEach(piece -> deltas.add(Wire.object().put("content", piece)));
        for (int i = 0; i < choice.toolCalls().size(); i++) {
            Completion.ToolCall call = choice.toolCalls().get(i);
            String arguments = call.argumentsText();
            // Groq sends a call in one piece, OpenAI opens it and lets the arguments follow
            ObjectNode opened = openAi
                    ? toolCall(Wire.object().put("index", i), call, i, "")
                    : toolCall(Wire.object(), call, i, arguments).put("index", i);
            deltas.add(toolCallDelta(opened));
            for (int from = 0; openAi && from < arguments.length(); from += PIECE) {
                ObjectNode more = Wire.object().put("index", i);
                more.putObject("function")
                        .put("arguments", arguments.substring(from, Math.min(arguments.length(), from + PIECE)));
                deltas.add(toolCallDelta(more));
            }
        }
        return deltas;
    }

    private static ObjectNode toolCallDelta(ObjectNode call) {
        ObjectNode delta = Wire.object();
        delta.putArray("tool_calls").add(call);
        return delta;
    }

    private ObjectNode chunk(int index, ObjectNode delta, @Nullable String finishReason) {
        ObjectNode chunk = head("chat.completion.chunk");
        streamed(chunk);
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", index);
        choice.set("delta", delta);
        choice.putNull("logprobs").put("finish_reason", finishReason);
        return chunk;
    }

    private void streamed(ObjectNode chunk) {
        if (flavour == OpenAiFlavour.OPENAI) {
            chunk.put("service_tier", flavour.serviceTier());
        }
        chunk.put("system_fingerprint", fingerprint());
    }

    private ObjectNode head(String object) {
        return Wire.object()
                .put("id", id)
                .put("object", object)
                .put("created", created)
                .put("model", model);
    }

    private static String reason(Completion.Finish finish) {
        return switch (finish) {
            case STOP, STOP_SEQUENCE -> "stop";
            case LENGTH -> "length";
            case TOOL_CALLS -> "tool_calls";
        };
    }

    private String fingerprint() {
        CRC32 hash = new CRC32();
        hash.update(model.getBytes(StandardCharsets.UTF_8));
        return "fp_" + Wire.padding(hash.getValue(), 10).toLowerCase(Locale.ROOT);
    }

    private ObjectNode usage() {
        int prompt = completion.promptTokens();
        int written = completion.completionTokens();
        ObjectNode usage = Wire.object();
        if (flavour == OpenAiFlavour.GROQ) {
            usage.put("queue_time", 0.016306505)
                    .put("prompt_tokens", prompt)
                    .put("prompt_time", prompt / 10_000.0)
                    .put("completion_tokens", written)
                    .put("completion_time", written / 500.0)
                    .put("total_tokens", prompt + written)
                    .put("total_time", prompt / 10_000.0 + written / 500.0);
            if (completion.cachedTokens() > 0) {
                usage.putObject("prompt_tokens_details").put("cached_tokens", completion.cachedTokens());
            }
            if (completion.reasoningTokens() > 0) {
                usage.putObject("completion_tokens_details").put("reasoning_tokens", completion.reasoningTokens());
            }
            return usage;
        }
        usage.put("prompt_tokens", prompt).put("completion_tokens", written).put("total_tokens", prompt + written);
        usage.putObject("prompt_tokens_details")
                .put("cached_tokens", completion.cachedTokens())
                .put("audio_tokens", 0);
        usage.putObject("completion_tokens_details")
                .put("reasoning_tokens", completion.reasoningTokens())
                .put("audio_tokens", 0)
                .put("accepted_prediction_tokens", 0)
                .put("rejected_prediction_tokens", 0);
        return usage;
    }
}
