package com.smashcost.routing.training;

import com.smashcost.catalog.entity.Tier;
import com.smashcost.routing.control.Asked;
import com.smashcost.routing.control.Task;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A prompt of the development data.
 *
 * @param group what must not be divided between folds: a template, a data set, a cluster of near duplicates
 * @param task what a human or the template says it is; null where only the source was known
 * @param difficulty from 1 to 5 as its author judged; 0 if nobody did
 * @param scores by model, from 0 to 1; empty where no model was asked
 */
record Sample(
        String id,
        String source,
        String group,
        String category,
        @Nullable Task task,
        Asked asked,
        int difficulty,
        boolean val,
        boolean contaminated,
        Map<String, Double> scores) {

    /** The mean score of this tier's models; not a number if none was asked. */
    double right(Tier tier) {
        return scores.entrySet().stream()
                .filter(score -> tier == Models.tier(score.getKey()))
                .mapToDouble(Map.Entry::getValue)
                .average()
                .orElse(Double.NaN);
    }

    double score(String model) {
        return scores.getOrDefault(model, Double.NaN);
    }

    /** Which of so many folds it belongs to; the same for all of a group. */
    int fold(int folds) {
        return Math.floorMod(group.hashCode() * 0x9e3779b9 >>> 7, folds);
    }
}
