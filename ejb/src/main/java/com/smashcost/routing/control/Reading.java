package com.smashcost.routing.control;

/**
 * What the weights make of the features of one request, before anything is calibrated.
 *
 * @param vector the text's place among the directions of the training's prompts
 * @param known the share of its n-grams that are known
 */
@SuppressWarnings("ArrayRecordComponent")
public record Reading(float[] vector, double known) {

    /** How far the vector is stretched, so that its weight is about that of the signals. */
    private static final float STRETCH = 4;

    /** Adds up the rows of the n-grams, each weighted by its rarity. */
    public static Reading of(Weights.Rows rows, Features features) {
        int dimensions = rows.dimensions();
        float[] vector = new float[dimensions];
        int known = 0;
        float squares = 0;
        byte[] directions = rows.directions();
        for (int gram : features.grams()) {
            int row = rows.index()[gram];
            if (row < 0) {
                continue;
            }
            known++;
            float rarity = rows.rarity()[row] / 16f;
            squares += rarity * rarity;
            int from = row * dimensions;
            for (int at = 0; at < dimensions; at++) {
                vector[at] += rarity * directions[from + at];
            }
        }
        float norm = (float) (1 / Math.sqrt(Math.max(1e-6, squares)));
        for (int at = 0; at < dimensions; at++) {
            vector[at] *= norm * STRETCH * rows.directionScale()[at];
        }
        int all = features.grams().length;
        return new Reading(vector, all == 0 ? 0 : (double) known / all);
    }
}
