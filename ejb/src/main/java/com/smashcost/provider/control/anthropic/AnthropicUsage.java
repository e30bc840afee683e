package com.smashcost.provider.control.anthropic;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smashcost.provider.control.Json;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.entity.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What an answer says of its own use; later reports of a stream win over earlier ones, count by count.
 *
 * <p>The dialect counts input, cache reads and cache writes apart; thoughts are part of the output. Where the provider took
 * several turns by itself ({@code iterations}: compaction, fallback, advice of another model), what it charges is their sum, of
 * which the counts beside them are only a part.
 *
 * <p>It is billed by its service tier, and dearer if it was made fast or kept in the United States; the catalogue prices these as
 * tiers of their own.
 */
final class AnthropicUsage {

    private Counts counts = new Counts();
    private @Nullable Counts iterations;
    private @Nullable String tier;
    private boolean fast;
    private boolean inTheUnitedStates;
    private @Nullable String model;

    /** The model that answers. */
    void model(@Nullable String name) {
        model = name == null || name.isEmpty() ? model : name;
    }

    /** Takes the {@code usage} of an answer or event; anything but an object says nothing. */
    void read(JsonNode usage) {
        if (usage.isObject()) {
            try (JsonParser json = usage.traverse()) {
                json.nextToken();
                read(json);
            } catch (IOException e) {
                throw new UncheckedIOException(e); // a tree does no I/O
            }
        }
    }

    /** Takes the object that the parser stands at the beginning of. */
    void read(JsonParser json) throws IOException {
        Counts said = new Counts();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            if ("iterations".equals(name) && value == JsonToken.START_ARRAY) {
                iterations = sum(json);
            } else if ("service_tier".equals(name) && value == JsonToken.VALUE_STRING) {
                tier = json.getText();
            } else if ("speed".equals(name) && value == JsonToken.VALUE_STRING) {
                fast = "fast".equals(json.getText());
            } else if ("inference_geo".equals(name) && value == JsonToken.VALUE_STRING) {
                inTheUnitedStates = "us".equals(json.getText());
            } else {
                said.read(json, name, value);
            }
        }
        counts = counts.overriddenBy(said);
    }

    Report report() {
        return new Report(usage(), tier(), model);
    }

    /** The use in the dialect's words; what is unknown is 0 where the dialect demands a number. */
    static ObjectNode write(Report report) {
        Usage usage = report.usage();
        ObjectNode json = Json.object();
        json.put("input_tokens", count(usage.input()) + count(usage.audioInput()));
        json.put("cache_creation_input_tokens", count(usage.cacheWrite5m()) + count(usage.cacheWrite1h()));
        json.put("cache_read_input_tokens", count(usage.cached()));
        json.putObject("cache_creation")
                .put("ephemeral_5m_input_tokens", count(usage.cacheWrite5m()))
                .put("ephemeral_1h_input_tokens", count(usage.cacheWrite1h()));
        json.put("output_tokens", count(usage.output()) + count(usage.reasoning()) + count(usage.audioOutput()));
        if (usage.reasoning() != null) {
            json.putObject("output_tokens_details").put("thinking_tokens", usage.reasoning());
        }
        if (usage.webSearches() != null) {
            json.putObject("server_tool_use")
                    .put("web_search_requests", usage.webSearches())
                    .put("web_fetch_requests", 0);
        }
        String tier = report.serviceTier() == null ? "" : report.serviceTier();
        switch (tier) {
            case "standard", "priority", "batch" -> json.put("service_tier", tier);
            case "fast" -> json.put("service_tier", "standard").put("speed", "fast");
            case "us" -> json.put("service_tier", "standard").put("inference_geo", "us");
            case "fast_us" ->
                json.put("service_tier", "standard").put("speed", "fast").put("inference_geo", "us");
            default -> {
                // the dialect has no word for it
            }
        }
        return json;
    }

    private Usage usage() {
        Counts all = iterations == null ? counts : counts.with(iterations, Counts::max);
        return all.usage();
    }

    private @Nullable String tier() {
        if (fast) {
            return inTheUnitedStates ? "fast_us" : "fast";
        }
        if ("priority".equals(tier) || "batch".equals(tier)) {
            return tier;
        }
        if (inTheUnitedStates) {
            return "us";
        }
        return "standard".equals(tier) ? tier : null;
    }

    private static Counts sum(JsonParser json) throws IOException {
        Counts sum = new Counts();
        while (json.nextToken() != JsonToken.END_ARRAY && json.currentToken() != null) {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                json.skipChildren();
                continue;
            }
            Counts turn = new Counts();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                turn.read(json, name, json.nextToken());
            }
            sum = sum.with(turn, Counts::plus);
        }
        return sum;
    }

    private static long count(@Nullable Long tokens) {
        return tokens == null ? 0 : tokens;
    }

    /** Counts as the dialect nests them. */
    private static final class Counts {

        private @Nullable Long input;
        private @Nullable Long cacheRead;
        private @Nullable Long cacheWrite;
        private @Nullable Long write5m;
        private @Nullable Long write1h;
        private @Nullable Long output;
        private @Nullable Long thinking;
        private @Nullable Long webSearches;
        private boolean impossible;

        void read(JsonParser json, String name, JsonToken value) throws IOException {
            switch (name) {
                case "input_tokens" -> input = number(json, value);
                case "output_tokens" -> output = number(json, value);
                case "cache_read_input_tokens" -> cacheRead = number(json, value);
                case "cache_creation_input_tokens" -> cacheWrite = number(json, value);
                case "cache_creation", "output_tokens_details", "server_tool_use" -> {
                    if (value == JsonToken.START_OBJECT) {
                        while (json.nextToken() == JsonToken.FIELD_NAME) {
                            String detail = json.currentName();
                            JsonToken count = json.nextToken();
                            switch (detail) {
                                case "ephemeral_5m_input_tokens" -> write5m = number(json, count);
                                case "ephemeral_1h_input_tokens" -> write1h = number(json, count);
                                case "thinking_tokens" -> thinking = number(json, count);
                                case "web_search_requests" -> webSearches = number(json, count);
                                default -> json.skipChildren();
                            }
                        }
                    }
                }
                default -> json.skipChildren();
            }
        }

        private @Nullable Long number(JsonParser json, JsonToken value) throws IOException {
            if (value != JsonToken.VALUE_NUMBER_INT) {
                json.skipChildren();
                return null;
            }
            if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                    || json.getLongValue() < 0
                    || json.getLongValue() > Usage.MOST) {
                impossible = true;
                return null;
            }
            return json.getLongValue();
        }

        Counts overriddenBy(Counts later) {
            Counts all = new Counts();
            all.input = later.input != null ? later.input : input;
            all.cacheRead = later.cacheRead != null ? later.cacheRead : cacheRead;
            all.cacheWrite = later.cacheWrite != null ? later.cacheWrite : cacheWrite;
            all.write5m = later.write5m != null ? later.write5m : write5m;
            all.write1h = later.write1h != null ? later.write1h : write1h;
            all.output = later.output != null ? later.output : output;
            all.thinking = later.thinking != null ? later.thinking : thinking;
            all.webSearches = later.webSearches != null ? later.webSearches : webSearches;
            all.impossible = impossible || later.impossible;
            return all;
        }

        /** Each count with the other's: their sum, or the larger of the two. */
        Counts with(Counts other, BinaryOperator<@Nullable Long> each) {
            Counts both = new Counts();
            both.input = each.apply(input, other.input);
            both.cacheRead = each.apply(cacheRead, other.cacheRead);
            both.write5m = each.apply(fiveMinutes(), other.fiveMinutes());
            both.write1h = each.apply(write1h, other.write1h);
            both.output = each.apply(output, other.output);
            both.thinking = each.apply(thinking, other.thinking);
            both.webSearches = each.apply(webSearches, other.webSearches);
            both.impossible = impossible || other.impossible;
            return both;
        }

        /** What was reported, in disjoint buckets; of a report that holds an impossible count, nothing is believed. */
        Usage usage() {
            Long visible = output == null ? null : Math.max(0, output - count(thinking));
            Long fiveMinutes = fiveMinutes();
            if (impossible
                    || count(input) > Usage.MOST
                    || count(cacheRead) > Usage.MOST
                    || count(fiveMinutes) > Usage.MOST
                    || count(write1h) > Usage.MOST
                    || count(output) > Usage.MOST
                    || count(thinking) > Usage.MOST
                    || count(webSearches) > Usage.MOST) {
                return Usage.UNKNOWN;
            }
            return new Usage(input, cacheRead, fiveMinutes, write1h, visible, thinking, null, null, webSearches);
        }

        /** What is not said to live for an hour lives for five minutes; a stream's later reports hold the total only. */
        private @Nullable Long fiveMinutes() {
            return cacheWrite == null ? write5m : Long.valueOf(Math.max(0, cacheWrite - count(write1h)));
        }

        private static @Nullable Long plus(@Nullable Long a, @Nullable Long b) {
            return a == null ? b : b == null ? a : Long.valueOf(a + b);
        }

        private static @Nullable Long max(@Nullable Long a, @Nullable Long b) {
            return a == null ? b : b == null ? a : Long.valueOf(Math.max(a, b));
        }
    }
}
