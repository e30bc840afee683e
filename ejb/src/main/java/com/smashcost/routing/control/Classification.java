package com.smashcost.routing.control;

import com.smashcost.catalog.entity.Tier;

/**
 * What the classifier makes of a request: numbers only.
 *
 * @param score difficulty from 0 to 1
 * @param right by {@link Tier#ordinal()}: the probability that a model of that tier answers well
 * @param retained by asked tier and candidate tier: the share of the asked tier's quality that is kept, as the lower 90 % bound
 *     over all traffic that is routed where this number is at least as high; 1 where the candidate's tier is not lower
 * @param familiar whether the classifier has seen enough that is like it; if not, nobody should be moved
 * @param version of the classifier
 */
@SuppressWarnings("ArrayRecordComponent")
public record Classification(
        Task task, double score, double[] right, double[][] retained, boolean familiar, String version) {

    public Classification {
        if (!(score >= 0 && score <= 1)) { // nor is what is no number
            throw new IllegalArgumentException("a score is 0 to 1, not " + score);
        }
    }

    /** The probability that a model of this tier answers well. */
    public double right(Tier tier) {
        return right[tier.ordinal()];
    }

    /** The share of the quality of {@code asked} that {@code candidate} keeps. */
    public double retained(Tier asked, Tier candidate) {
        return retained[asked.ordinal()][candidate.ordinal()];
    }

    @Override
    public String toString() {
        return "Classification[" + task + ", " + score + ", " + version + "]";
    }
}
