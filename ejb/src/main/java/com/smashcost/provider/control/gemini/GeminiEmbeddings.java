package com.smashcost.provider.control.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.UpstreamFailure;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.control.conversation.Traits;
import com.smashcost.provider.control.conversation.Translated;
import com.smashcost.provider.control.conversation.Unsupported;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Embeddings in the OpenAI dialect, made by Gemini. */
public final class GeminiEmbeddings {

    private static final int MOST_TEXTS = 2048;

    private GeminiEmbeddings() {}

    /**
     * What a client asked for.
     *
     * @param texts in their order
     * @param base64 whether vectors are wanted as the base64 of their little-endian 32-bit floats
     */
    public record Wanted(List<String> texts, @Nullable Integer dimensions, boolean base64) {
        public Wanted {
            texts = List.copyOf(texts);
        }

        @Override
        public String toString() {
            return "Wanted[" + texts.size() + " texts]";
        }
    }

    /**
     * The provider's answer.
     *
     * @param vectors arrays of numbers as they were written, in the order of the texts
     * @param report the use, which most models do not tell
     */
    public record Vectors(List<ArrayNode> vectors, Report report) {
        public Vectors {
            vectors = List.copyOf(vectors);
        }

        @Override
        public String toString() {
            return "Vectors[" + vectors.size() + "]";
        }
    }

    /** Reads the body of {@code /v1/embeddings} for a model of Gemini's. */
    public static Wanted wanted(ObjectNode body, Traits traits) {
        List<String> texts = new ArrayList<>();
        JsonNode input = body.path("input");
        for (JsonNode each : input.isArray() ? input : List.of(input)) {
            if (each.isNumber() || each.isArray()) {
                throw Unsupported.refuse(
                        "input", traits.model(), "Its tokens are not those of other models: send text.");
            }
            if (!each.isTextual() || each.textValue().isEmpty()) {
                throw Unsupported.malformed("input", "must be a text that is not empty, or an array of such texts");
            }
            texts.add(each.textValue());
        }
        if (texts.isEmpty() || texts.size() > MOST_TEXTS) {
            throw Unsupported.malformed("input", "must hold 1 to " + MOST_TEXTS + " texts");
        }
        JsonNode dimensions = body.path("dimensions");
        boolean sized = !dimensions.isMissingNode() && !dimensions.isNull();
        if (sized && (!dimensions.isInt() || dimensions.intValue() < 1)) {
            throw Unsupported.malformed("dimensions", "must be a positive whole number");
        }
        String format = body.path("encoding_format").asText("float");
        if (!format.equals("float") && !format.equals("base64") && !format.equals("null")) {
            throw Unsupported.malformed("encoding_format", "must be 'float' or 'base64'");
        }
        return new Wanted(texts, sized ? dimensions.intValue() : null, format.equals("base64"));
    }

    /** Writes the body for {@code batchEmbedContents}. */
    public static Translated write(ObjectNode body, Wanted wanted, Traits traits) {
        ObjectNode batch = Json.object();
        ArrayNode requests = batch.putArray("requests");
        for (String text : wanted.texts()) {
            ObjectNode request = requests.addObject().put("model", GeminiProvider.resource(traits.model()));
            request.putObject("content").putArray("parts").addObject().put("text", text);
            if (wanted.dimensions() != null) {
                request.put("outputDimensionality", wanted.dimensions());
            }
        }
        Set<String> dropped = new LinkedHashSet<>();
        for (Map.Entry<String, JsonNode> member : body.properties()) {
            switch (member.getKey()) {
                case "model", "input", "dimensions", "encoding_format" -> {}
                case "user" -> dropped.add("user");
                default ->
                    throw Unsupported.refuse(
                            member.getKey(), traits.model(), "Leave it out, or use a model of another provider.");
            }
        }
        return new Translated(Json.bytes(batch), Map.of(), List.copyOf(dropped));
    }

    /**
     * Reads the answer.
     *
     * @throws UpstreamFailure if it does not hold as many vectors as there were texts
     */
    public static Vectors read(byte[] body, int texts) throws UpstreamFailure {
        JsonNode answer = Json.read(body).orElseThrow(GeminiResponse::invalid);
        JsonNode single = answer.path("embedding");
        List<ArrayNode> vectors = new ArrayList<>();
        for (JsonNode embedding : single.isObject() ? List.of(single) : answer.path("embeddings")) {
            if (!(embedding.path("values") instanceof ArrayNode values) || values.isEmpty()) {
                throw GeminiResponse.invalid();
            }
            for (JsonNode value : values) {
                if (!value.isNumber()) {
                    throw GeminiResponse.invalid();
                }
            }
            vectors.add(values);
        }
        if (vectors.size() != texts) {
            throw GeminiResponse.invalid();
        }
        return new Vectors(vectors, GeminiResponse.report(answer));
    }

    /**
     * Writes the client's answer.
     *
     * @param model as the client is to see it
     * @param promptTokens reported or estimated
     */
    public static byte[] write(Vectors vectors, boolean base64, String model, long promptTokens) {
        ObjectNode answer = Json.object().put("object", "list");
        ArrayNode data = answer.putArray("data");
        for (ArrayNode vector : vectors.vectors()) {
            ObjectNode embedding = data.addObject().put("object", "embedding").put("index", data.size() - 1);
            if (base64) {
                embedding.put("embedding", floats(vector));
            } else {
                embedding.set("embedding", vector);
            }
        }
        answer.put("model", model);
        answer.putObject("usage").put("prompt_tokens", promptTokens).put("total_tokens", promptTokens);
        return Json.bytes(answer);
    }

    private static String floats(ArrayNode vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        vector.forEach(value -> bytes.putFloat(value.floatValue()));
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
