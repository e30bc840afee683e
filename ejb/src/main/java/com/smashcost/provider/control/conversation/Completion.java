package com.smashcost.provider.control.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model's whole answer in no dialect's words.
 *
 * @param id the provider's, null if it gave none
 * @param model the provider's name of the model that answered; null if it gave none
 * @param candidates at least one
 */
public record Completion(@Nullable String id, @Nullable String model, List<Candidate> candidates, Report report) {

    public Completion {
        candidates = List.copyOf(candidates);
    }

    /**
     * One answer of several.
     *
     * @param stopSequence which one was met, where the provider says so
     * @param logprobs in the OpenAI chat dialect's form {@code {"content":[...],"refusal":...}}; null if there are none
     */
    public record Candidate(
            int index,
            List<Part> parts,
            Stop stop,
            @Nullable String stopSequence,
            @Nullable JsonNode logprobs) {

        public Candidate {
            parts = List.copyOf(parts);
        }

        /** Whether a tool is asked for. */
        public boolean callsTools() {
            return parts.stream().anyMatch(Part.ToolCall.class::isInstance);
        }

        @Override
        public String toString() {
            return "Candidate[" + parts.size() + " parts]";
        }
    }
}
