package com.smashcost.provider.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.smashcost.catalog.entity.Model;
import com.smashcost.refusal.control.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request as the client's own bytes, with the few members that the gateway acts on and where they stand. What is sent to a
 * provider of the same dialect is these bytes with at most two splices: the model, and the demand for usage in a chat stream.
 *
 * @param model as the client wrote it
 * @param stream whether the answer is to be streamed
 * @param includesUsage whether the client itself asked for usage in the stream
 * @param usageSplice how to ask for usage; null in dialects that report it anyway
 * @param ceiling what the answer may come to
 */
@SuppressWarnings("ArrayRecordComponent")
public record ClientBody(
        byte[] body,
        String model,
        boolean stream,
        boolean includesUsage,
        Span modelValue,
        @Nullable UsageSplice usageSplice,
        Ceiling ceiling) {

    /** How deep JSON may be nested. */
    public static final int DEEPEST = 64;

    private static final int MOST_ANSWERS = 1000;
    private static final int LONGEST_TIER = 16;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // they are the client's words, any number of them
            .disable(JsonFactory.Feature.CHARSET_DETECTION) // places are counted in bytes of UTF-8
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(100)
                    .build())
            .build();

    /** Bytes from {@code start} to before {@code end}. */
    public record Span(int start, int end) {}

    /** What to write over which bytes so that a stream ends with its usage. */
    public record UsageSplice(Span over, String text) {}

    /**
     * What the client says of how much may be answered; what is no sensible figure is the provider's to refuse.
     *
     * @param outputTokens of one answer; null where the client sets no limit
     * @param answers that are asked for
     * @param serviceTier as the client wrote it; null where it names none
     */
    public record Ceiling(
            @Nullable Long outputTokens,
            int answers,
            @Nullable String serviceTier) {

        /** The client says nothing. */
        public static final Ceiling NONE = new Ceiling(null, 1, null);
    }

    /** Reads a request of a route on which nothing is streamed. */
    public static ClientBody read(byte[] body) {
        return read(body, false);
    }

    /**
     * Reads what the gateway acts on.
     *
     * @throws Refusal.BadRequest if this is not one JSON object with a model, is nested too deep or holds a key twice
     */
    public static ClientBody read(byte[] body, Dialect dialect) {
        return read(body, dialect == Dialect.OPENAI_CHAT);
    }

    private static ClientBody read(byte[] body, boolean asksForUsage) {
        try (JsonParser json = JSON.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw invalid("The body must be a JSON object.", null);
            }
            Scan scan = new Scan();
            scan.objectStart = offset(json) + 1;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                switch (name) {
                    case "model" -> scan.model(json, value);
                    case "stream" -> scan.stream(value);
                    case "stream_options" -> {
                        if (asksForUsage) {
                            scan.streamOptions(json, value);
                        } else {
                            json.skipChildren();
                        }
                    }
                    case "max_tokens", "max_completion_tokens", "max_output_tokens" -> scan.outputTokens(json, value);
                    case "n" -> scan.answers(json, value);
                    case "service_tier" -> scan.serviceTier(json, value);
                    default -> json.skipChildren();
                }
            }
            if (json.nextToken() != null) {
                throw invalid("The body must hold nothing after its JSON object.", null);
            }
            return scan.request(body, asksForUsage);
        } catch (StreamConstraintsException e) {
            throw invalid(
                    "The body is nested deeper than " + DEEPEST + " levels, or holds an oversized name or number.",
                    null);
        } catch (IOException e) {
            // the parser's words may quote the body
            throw invalid("The body is not valid JSON in UTF-8, or an object in it holds a key twice.", null);
        }
    }

    /** Whether the client leaves the choice of the model to the router. */
    public boolean isAuto() {
        return "auto".equals(model);
    }

    /** Whether a usage chunk that the client did not ask for has to be withheld from it. */
    public boolean withholdsUsage() {
        return usageSplice != null && stream && !includesUsage;
    }

    /** The pieces of the body to send for this model; all but the spliced ones are views of the client's bytes. */
    public List<Piece> bodyFor(String target) {
        List<Splice> splices = new ArrayList<>(2);
        if (!target.equals(model)) {
            splices.add(new Splice(modelValue, '"' + target + '"'));
        }
        if (usageSplice != null && withholdsUsage()) {
            splices.add(new Splice(usageSplice.over, usageSplice.text));
        }
        splices.sort((a, b) -> Integer.compare(a.over.start, b.over.start));
        List<Piece> pieces = new ArrayList<>(5);
        int from = 0;
        for (Splice splice : splices) {
            pieces.add(new Piece(body, from, splice.over.start - from));
            byte[] text = splice.text.getBytes(StandardCharsets.UTF_8);
            pieces.add(new Piece(text, 0, text.length));
            from = splice.over.end;
        }
        pieces.add(new Piece(body, from, body.length - from));
        return pieces;
    }

    @Override
    public String toString() {
        return "ClientBody[" + body.length + " bytes]";
    }

    private record Splice(Span over, String text) {}

    private static Refusal.BadRequest invalid(String message, @Nullable String param) {
        return new Refusal.BadRequest("invalid_request", message, param);
    }

    private static int offset(JsonParser json) {
        return (int) json.currentTokenLocation().getByteOffset();
    }

    private static int end(JsonParser json) {
        return (int) json.currentLocation().getByteOffset();
    }

    /** What was met on the way through the body. */
    private static final class Scan {

        private int objectStart;
        private @Nullable String model;
        private Span modelValue = new Span(0, 0);
        private boolean stream;
        private boolean includesUsage;
        private @Nullable UsageSplice usageSplice;
        private @Nullable Long outputTokens;
        private int answers = 1;
        private @Nullable String serviceTier;

        /** There are several names for it; the largest is the worst. */
        void outputTokens(JsonParser json, JsonToken value) throws IOException {
            long given = whole(json, value);
            if (given > 0) {
                outputTokens = outputTokens == null ? given : Math.max(outputTokens, given);
            }
        }

        void answers(JsonParser json, JsonToken value) throws IOException {
            long given = whole(json, value);
            answers = (int) Math.clamp(given, 1, MOST_ANSWERS);
        }

        void serviceTier(JsonParser json, JsonToken value) throws IOException {
            if (value == JsonToken.VALUE_STRING && json.getTextLength() <= LONGEST_TIER) {
                serviceTier = json.getText();
            } else {
                json.skipChildren();
            }
        }

        /** The whole number; 0 for what is none, or larger than any. */
        private static long whole(JsonParser json, JsonToken value) throws IOException {
            if (value != JsonToken.VALUE_NUMBER_INT) {
                json.skipChildren();
                return 0;
            }
            return json.getNumberType() == JsonParser.NumberType.BIG_INTEGER ? 0 : json.getLongValue();
        }

        void model(JsonParser json, JsonToken value) throws IOException {
            if (value != JsonToken.VALUE_STRING) {
                throw invalid("The member model must be a string.", "model");
            }
            int start = offset(json);
            model = json.getText();
            modelValue = new Span(start, end(json));
            if (!Model.NAME.matcher(model).matches()) {
                throw invalid("A model name has 1 to 128 characters of A-Z a-z 0-9 . _ : / @ + -", "model");
            }
        }

        void stream(JsonToken value) {
            switch (value) {
                case VALUE_TRUE -> stream = true;
                case VALUE_FALSE, VALUE_NULL -> stream = false;
                default -> throw invalid("The member stream must be true or false.", "stream");
            }
        }

        void streamOptions(JsonParser json, JsonToken value) throws IOException {
            if (value == JsonToken.VALUE_NULL) {
                usageSplice = new UsageSplice(new Span(offset(json), end(json)), "{\"include_usage\":true}");
                return;
            }
            if (value != JsonToken.START_OBJECT) {
                throw invalid("The member stream_options must be an object.", "stream_options");
            }
            int start = offset(json) + 1;
            int options = 0;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean usage = "include_usage".equals(json.currentName());
                JsonToken option = json.nextToken();
                if (usage) {
                    includesUsage = switch (option) {
                        case VALUE_TRUE -> true;
                        case VALUE_FALSE, VALUE_NULL -> false;
                        default ->
                            throw invalid(
                                    "The member include_usage of stream_options must be true or false.",
                                    "stream_options");
                    };
                    usageSplice = new UsageSplice(new Span(offset(json), end(json)), "true");
                } else {
                    json.skipChildren();
                }
                options++;
            }
            if (usageSplice == null) {
                usageSplice =
                        new UsageSplice(new Span(start, start), "\"include_usage\":true" + (options > 0 ? "," : ""));
            }
        }

        ClientBody request(byte[] body, boolean asksForUsage) {
            if (model == null) {
                throw invalid("The member model is missing.", "model");
            }
            UsageSplice splice = usageSplice != null
                    ? usageSplice
                    : new UsageSplice(
                            new Span(objectStart, objectStart), "\"stream_options\":{\"include_usage\":true},");
            return new ClientBody(
                    body,
                    model,
                    stream,
                    includesUsage,
                    modelValue,
                    asksForUsage ? splice : null,
                    outputTokens == null && answers == 1 && serviceTier == null
                            ? Ceiling.NONE
                            : new Ceiling(outputTokens, answers, serviceTier));
        }
    }
}
