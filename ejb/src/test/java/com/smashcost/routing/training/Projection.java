package com.smashcost.routing.training;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * The directions in which the prompts' hashed n-grams differ most: a latent semantic analysis by randomised singular value
 * decomposition (Halko, Martinsson and Tropp, arXiv 0909.4061), on one thread and with a fixed seed.
 */
final class Projection {

    private static final int OVERSAMPLING = 16;
    private static final int ITERATIONS = 2;

    private Projection() {}

    /** A sparse row: column numbers, and a value for each. */
    @SuppressWarnings("ArrayRecordComponent")
    record Row(int[] columns, float[] values) {}

    /** The first right singular vectors, by column and dimension. */
    static float[][] fit(List<Row> rows, int columns, int dimensions, long seed) {
        int width = dimensions + OVERSAMPLING;
        Random random = new Random(seed);
        float[][] right = new float[columns][width];
        for (float[] column : right) {
            for (int at = 0; at < width; at++) {
                column[at] = (float) random.nextGaussian();
            }
        }
        float[][] left = new float[rows.size()][width];
        for (int iteration = 0; iteration <= ITERATIONS; iteration++) {
            multiply(rows, right, left);
            orthonormalise(left);
            for (float[] column : right) {
                Arrays.fill(column, 0);
            }
            multiplyTransposed(rows, left, right);
        }
        // right is now the transposed product of the data with an orthonormal basis; its small Gram matrix gives the
        // rotation.
        double[][] gram = new double[width][width];
        for (float[] column : right) {
            for (int a = 0; a < width; a++) {
                for (int b = a; b < width; b++) {
                    gram[a][b] += (double) column[a] * column[b];
                }
            }
        }
        for (int a = 0; a < width; a++) {
            for (int b = 0; b < a; b++) {
                gram[a][b] = gram[b][a];
            }
        }
        double[][] vectors = new double[width][width];
        double[] squares = Eigen.decompose(gram, vectors);
        float[][] directions = new float[columns][dimensions];
        for (int column = 0; column < columns; column++) {
            for (int to = 0; to < dimensions; to++) {
                double sum = 0;
                for (int from = 0; from < width; from++) {
                    sum += right[column][from] * vectors[from][to];
                }
                directions[column][to] = (float) (sum / StrictMath.sqrt(Math.max(1e-12, squares[to])));
            }
        }
        return directions;
    }

    private static void multiply(List<Row> rows, float[][] right, float[][] left) {
        for (int row = 0; row < left.length; row++) {
            float[] to = left[row];
            Arrays.fill(to, 0);
            Row from = rows.get(row);
            for (int at = 0; at < from.columns().length; at++) {
                addScaled(to, right[from.columns()[at]], from.values()[at]);
            }
        }
    }

    private static void multiplyTransposed(List<Row> rows, float[][] left, float[][] right) {
        for (int row = 0; row < left.length; row++) {
            Row from = rows.get(row);
            for (int at = 0; at < from.columns().length; at++) {
                addScaled(right[from.columns()[at]], left[row], from.values()[at]);
            }
        }
    }

    private static void addScaled(float[] to, float[] from, float by) {
        for (int at = 0; at < to.length; at++) {
            to[at] += by * from[at];
        }
    }

    /** Makes the columns orthonormal, by modified Gram-Schmidt. */
    private static void orthonormalise(float[][] matrix) {
        int width = matrix[0].length;
        double[][] columns = new double[width][matrix.length];
        for (int row = 0; row < matrix.length; row++) {
            for (int at = 0; at < width; at++) {
                columns[at][row] = matrix[row][at];
            }
        }
        for (int at = 0; at < width; at++) {
            for (int before = 0; before < at; before++) {
                double dot = dot(columns[at], columns[before]);
                for (int row = 0; row < matrix.length; row++) {
                    columns[at][row] -= dot * columns[before][row];
                }
            }
            double norm = StrictMath.sqrt(Math.max(1e-12, dot(columns[at], columns[at])));
            for (int row = 0; row < matrix.length; row++) {
                columns[at][row] /= norm;
            }
        }
        for (int row = 0; row < matrix.length; row++) {
            for (int at = 0; at < width; at++) {
                matrix[row][at] = (float) columns[at][row];
            }
        }
    }

    private static double dot(double[] one, double[] other) {
        double sum = 0;
        for (int at = 0; at < one.length; at++) {
            sum += one[at] * other[at];
        }
        return sum;
    }
}
