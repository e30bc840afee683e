package com.smashcost.provider.control.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request to a model, in no dialect's words. What is null or empty was not said, and the provider's default applies.
 *
 * @param source the client's whole body as it was read, for what an answer has to repeat of it; never changed
 * @param model as the client named it
 * @param turns in their order; instructions stand where the client put them
 * @param parallelToolCalls whether the model may call several tools in one turn
 * @param format what the answer must look like; null for free text
 * @param serviceTier {@code auto}, {@code standard}, {@code flex} or {@code priority}
 * @param endUser the client's opaque name of the person behind the request
 * @param wantsUsage whether the client asked for the usage within a stream
 * @param extras members that have no counterpart here, in the client's order
 */
public record Conversation(
        ObjectNode source,
        String model,
        List<Turn> turns,
        List<Tool> tools,
        @Nullable ToolChoice toolChoice,
        @Nullable Boolean parallelToolCalls,
        @Nullable OutputFormat format,
        Sampling sampling,
        @Nullable Thinking thinking,
        @Nullable String serviceTier,
        @Nullable String endUser,
        @Nullable String promptCacheKey,
        boolean stream,
        boolean wantsUsage,
        List<Extra> extras) {

    public Conversation {
        turns = List.copyOf(turns);
        tools = List.copyOf(tools);
        extras = List.copyOf(extras);
    }

    /**
     * How an answer is drawn. Bounds are the target's business.
     *
     * @param maxTokens the most tokens of the answer, thoughts included
     * @param candidates how many answers are asked for ({@code n})
     * @param topLogprobs how many alternatives a position is to be reported with; null for none, also with {@code logprobs}
     */
    public record Sampling(
            @Nullable Long maxTokens,
            @Nullable BigDecimal temperature,
            @Nullable BigDecimal topP,
            @Nullable Long topK,
            @Nullable Long seed,
            List<String> stop,
            @Nullable Integer candidates,
            @Nullable BigDecimal presencePenalty,
            @Nullable BigDecimal frequencyPenalty,
            @Nullable JsonNode logitBias,
            @Nullable Boolean logprobs,
            @Nullable Integer topLogprobs) {

        /** The provider's defaults. */
        public static final Sampling DEFAULT =
                new Sampling(null, null, null, null, null, List.of(), null, null, null, null, null, null);

        public Sampling {
            stop = List.copyOf(stop);
        }
    }

    /**
     * How much the model is to think before it answers.
     *
     * @param mode null where only an effort was named
     * @param effort one of {@code none minimal low medium high xhigh max}
     * @param budgetTokens the most tokens of thought, with {@link Mode#BUDGET}
     * @param shown whether the thoughts, or their summary, are wanted in the answer; null if nothing was said
     */
    public record Thinking(
            @Nullable Mode mode,
            @Nullable String effort,
            @Nullable Long budgetTokens,
            @Nullable Boolean shown) {

        /** Who decides how much is thought. */
        public enum Mode {
            OFF,
            /** The model, as it sees need. */
            ADAPTIVE,
            /** The client, by a number of tokens. */
            BUDGET
        }

        /** Whether thought was asked for as such, and not only an effort. */
        public boolean isAskedFor() {
            return mode == Mode.ADAPTIVE || mode == Mode.BUDGET;
        }

        /** Whether no thought is wanted at all. */
        public boolean isOff() {
            return mode == Mode.OFF || (mode == null && "none".equals(effort));
        }
    }

    /**
     * A member of a client's body that only its own dialect knows.
     *
     * @param essential whether an answer that ignores it would be a wrong one; if not, it may be dropped with a notice
     */
    public record Extra(String name, JsonNode value, boolean essential) {}

    /** The extra member of this name. */
    public Optional<JsonNode> extra(String name) {
        return extras.stream()
                .filter(extra -> extra.name().equals(name))
                .map(Extra::value)
                .findFirst();
    }

    @Override
    public String toString() {
        return "Conversation[" + turns.size() + " turns]";
    }
}
