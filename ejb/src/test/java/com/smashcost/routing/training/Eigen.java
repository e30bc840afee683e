package com.smashcost.routing.training;

import java.util.Comparator;
import java.util.stream.IntStream;

/** The eigenvalues of a small symmetric matrix, by Jacobi's rotations. */
final class Eigen {

    private static final int SWEEPS = 30;

    private Eigen() {}

    /** The eigenvalues, largest first; the columns of {@code vectors} become the eigenvectors. */
    static double[] decompose(double[][] matrix, double[][] vectors) {
        int size = matrix.length;
        double[][] basis = new double[size][size];
        for (int at = 0; at < size; at++) {
            basis[at][at] = 1;
        }
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            for (int p = 0; p < size; p++) {
                for (int q = p + 1; q < size; q++) {
                    rotate(matrix, basis, p, q);
                }
            }
        }
        int[] order = IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer at) -> -matrix[at][at]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] values = new double[size];
        for (int to = 0; to < size; to++) {
            values[to] = matrix[order[to]][order[to]];
            for (int row = 0; row < size; row++) {
                vectors[row][to] = basis[row][order[to]];
            }
        }
        return values;
    }

    private static void rotate(double[][] matrix, double[][] basis, int p, int q) {
        if (Math.abs(matrix[p][q]) < 1e-14) {
            return;
        }
        double theta = (matrix[q][q] - matrix[p][p]) / (2 * matrix[p][q]);
        double tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + StrictMath.sqrt(theta * theta + 1));
        double cosine = 1 / StrictMath.sqrt(tangent * tangent + 1);
        double sine = tangent * cosine;
        for (int at = 0; at < matrix.length; at++) {
            double ap = matrix[at][p];
            double aq = matrix[at][q];
            matrix[at][p] = cosine * ap - sine * aq;
            matrix[at][q] = sine * ap + cosine * aq;
        }
        for (int at = 0; at < matrix.length; at++) {
            double pa = matrix[p][at];
            double qa = matrix[q][at];
            matrix[p][at] = cosine * pa - sine * qa;
            matrix[q][at] = sine * pa + cosine * qa;
            double bp = basis[at][p];
            double bq = basis[at][q];
            basis[at][p] = cosine * bp - sine * bq;
            basis[at][q] = sine * bp + cosine * bq;
        }
    }
}
