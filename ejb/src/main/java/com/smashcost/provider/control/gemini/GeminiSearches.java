package com.smashcost.provider.control.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.smashcost.provider.control.conversation.Report;
import com.smashcost.provider.control.conversation.Traits;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The web searches behind an answer. The dialect does not count them but names what was searched for; by the model, Google bills
 * each different query, or each prompt that was searched for at all.
 *
 * @see <a href="https://ai.google.dev/gemini-api/docs/google-search">Grounding with Google Search</a>
 */
final class GeminiSearches {

    private final boolean perQuery;
    private final Set<String> queries = new HashSet<>();

    GeminiSearches(Traits traits) {
        perQuery = traits.can("search_per_query");
    }

    /** Takes note of what an answer or chunk says. */
    void read(JsonNode answer) {
        for (JsonNode candidate : answer.path("candidates")) {
            for (JsonNode query : candidate.path("groundingMetadata").path("webSearchQueries")) {
                if (!query.asText().isBlank()) {
                    queries.add(query.asText());
                }
            }
        }
    }

    /** The report with the searches that are known by now. */
    Report addTo(Report report) {
        return new Report(report.usage().withWebSearches(calls()), report.serviceTier(), report.model());
    }

    private @Nullable Long calls() {
        if (queries.isEmpty()) {
            return null;
        }
        return perQuery ? queries.size() : 1L;
    }
}
