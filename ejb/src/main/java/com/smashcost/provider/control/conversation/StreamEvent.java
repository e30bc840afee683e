package com.smashcost.provider.control.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.provider.control.ProviderError;
import org.jspecify.annotations.Nullable;

/**
 * A step of a streamed answer in no dialect's words. The order is that of the provider: a candidate's text, thoughts and calls
 * may interleave, and what was said before is never taken back.
 */
public sealed interface StreamEvent {

    /** The answer begins. */
    record Started(@Nullable String id, @Nullable String model, Report report) implements StreamEvent {}

    /** More text of a candidate. */
    record TextDelta(int candidate, String text) implements StreamEvent {
        @Override
        public String toString() {
            return "TextDelta";
        }
    }

    /** More of a refusal. */
    record RefusalDelta(int candidate, String text) implements StreamEvent {
        @Override
        public String toString() {
            return "RefusalDelta";
        }
    }

    /** More of the thoughts. */
    record ReasoningDelta(int candidate, String text) implements StreamEvent {
        @Override
        public String toString() {
            return "ReasoningDelta";
        }
    }

    /** The thoughts since the last seal are complete; or there were none to show, and this is all of them. */
    record ReasoningSealed(int candidate, Seal seal) implements StreamEvent {}

    /**
     * A tool is asked for.
     *
     * @param call counts the calls of a candidate from 0
     */
    record ToolStarted(
            int candidate,
            int call,
            String id,
            String name,
            @Nullable Seal seal) implements StreamEvent {
        @Override
        public String toString() {
            return "ToolStarted";
        }
    }

    /** More of a call's arguments: a piece of JSON text. */
    record ToolArguments(int candidate, int call, String json) implements StreamEvent {
        @Override
        public String toString() {
            return "ToolArguments";
        }
    }

    /** The text so far has its content from here. */
    record Cited(int candidate, Part.Citation citation) implements StreamEvent {}

    /** Log probabilities of the last text, in the OpenAI chat dialect's form. */
    record Logprobs(int candidate, JsonNode logprobs) implements StreamEvent {
        @Override
        public String toString() {
            return "Logprobs";
        }
    }

    /** What only one dialect knows: a whole block of a provider's own tool. */
    record OpaquePart(int candidate, Part.Opaque part) implements StreamEvent {}

    /** A candidate is complete. */
    record Finished(int candidate, Stop stop, @Nullable String stopSequence) implements StreamEvent {}

    /** What was used so far; the last report stands. */
    record Reported(Report report) implements StreamEvent {}

    /** The provider failed amid its answer; nothing follows. */
    record Failed(ProviderError error) implements StreamEvent {}
}
