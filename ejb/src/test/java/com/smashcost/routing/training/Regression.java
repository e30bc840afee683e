package com.smashcost.routing.training;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Model;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;
import java.util.ArrayList;
import java.util.List;

/** Logistic regression with an L2 penalty, fitted by liblinear's Newton method, which draws no random numbers. */
final class Regression {

    static {
        Linear.disableDebugOutput();
    }

    private final List<Feature[]> rows = new ArrayList<>();
    private final List<Double> labels = new ArrayList<>();
    private final int columns;

    Regression(int columns) {
        this.columns = columns;
    }

    /** The row of a dense vector. */
    static Feature[] row(float[] values) {
        List<Feature> row = new ArrayList<>();
        for (int at = 0; at < values.length; at++) {
            if (values[at] != 0) {
                row.add(new FeatureNode(at + 1, values[at]));
            }
        }
        return row.toArray(Feature[]::new);
    }

    void add(Feature[] row, double label) {
        rows.add(row);
        labels.add(label);
    }

    /** The weights for the label 1 against all others. */
    float[] binary(double cost) {
        Model model = train(cost);
        double[] weights = model.getFeatureWeights();
        float[] result = new float[columns];
        int sign = model.getLabels()[0] == 1 ? 1 : -1;
        for (int at = 0; at < columns; at++) {
            result[at] = (float) (sign * weights[at]);
        }
        return result;
    }

    /** The weights for each label against all others; zeros, and an intercept that forbids it, for one that was not added. */
    float[][] multiple(int count, double cost) {
        Model model = train(cost);
        int[] found = model.getLabels();
        double[] weights = model.getFeatureWeights();
        float[][] result = new float[count][columns];
        for (int label = 0; label < found.length; label++) {
            for (int at = 0; at < columns; at++) {
                result[found[label]][at] = (float) weights[at * found.length + label];
            }
        }
        return result;
    }

    private Model train(double cost) {
        Problem problem = new Problem();
        problem.l = rows.size();
        problem.n = columns;
        problem.x = rows.toArray(Feature[][]::new);
        problem.y = labels.stream().mapToDouble(Double::doubleValue).toArray();
        return Linear.train(problem, new Parameter(SolverType.L2R_LR, cost, 0.002));
    }
}
