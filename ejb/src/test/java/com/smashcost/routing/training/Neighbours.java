package com.smashcost.routing.training;

import com.smashcost.routing.control.Reading;
import com.smashcost.routing.control.Weights;
import java.util.Arrays;
import java.util.List;

/** Finds where the training's prompts lie, by k-means over directions, and what is too far from all of them. */
final class Neighbours {

    private static final int CENTRES = 64;
    private static final int ROUNDS = 12;

    /** Of the validation prompts so many are less similar, and so many less known, than is called familiar. */
    private static final double UNLIKE = 0.07;

    private static final double UNKNOWN = 0.04;

    /** Everything is familiar. */
    static final Weights.Neighbourhoods ANYWHERE = new Weights.Neighbourhoods(new float[0], -2, 0);

    private Neighbours() {}

    static Weights.Neighbourhoods of(List<Reading> training, List<Reading> validation) {
        List<float[]> directions =
                training.stream().map(reading -> direction(reading.vector())).toList();
        int dimensions = directions.getFirst().length;
        float[][] centres = new float[CENTRES][];
        for (int centre = 0; centre < CENTRES; centre++) {
            centres[centre] = directions
                    .get((int) ((long) centre * directions.size() / CENTRES))
                    .clone();
        }
        for (int round = 0; round < ROUNDS; round++) {
            float[][] sums = new float[CENTRES][dimensions];
            for (float[] direction : directions) {
                float[] sum = sums[nearest(centres, direction)];
                for (int at = 0; at < dimensions; at++) {
                    sum[at] += direction[at];
                }
            }
            for (int centre = 0; centre < CENTRES; centre++) {
                centres[centre] = direction(sums[centre]);
            }
        }
        float[] flat = new float[CENTRES * dimensions];
        for (int centre = 0; centre < CENTRES; centre++) {
            System.arraycopy(centres[centre], 0, flat, centre * dimensions, dimensions);
        }
        Weights.Neighbourhoods open = new Weights.Neighbourhoods(flat, -1, 0);
        double[] similar = validation.stream()
                .mapToDouble(reading -> open.similarity(reading.vector()))
                .sorted()
                .toArray();
        double[] known =
                validation.stream().mapToDouble(Reading::known).sorted().toArray();
        return new Weights.Neighbourhoods(
                flat, (float) similar[(int) (UNLIKE * similar.length)], (float) known[(int) (UNKNOWN * known.length)]);
    }

    private static float[] direction(float[] vector) {
        double squares = 1e-12;
        for (float value : vector) {
            squares += value * value;
        }
        float[] direction = Arrays.copyOf(vector, vector.length);
        for (int at = 0; at < vector.length; at++) {
            direction[at] = (float) (vector[at] / Math.sqrt(squares));
        }
        return direction;
    }

    private static int nearest(float[][] centres, float[] direction) {
        int nearest = 0;
        float best = Float.NEGATIVE_INFINITY;
        for (int centre = 0; centre < centres.length; centre++) {
            float dot = 0;
            for (int at = 0; at < direction.length; at++) {
                dot += centres[centre][at] * direction[at];
            }
            if (dot > best) {
                best = dot;
                nearest = centre;
            }
        }
        return nearest;
    }
}
