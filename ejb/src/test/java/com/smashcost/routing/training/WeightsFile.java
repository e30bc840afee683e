package com.smashcost.routing.training;

import com.smashcost.routing.control.Weights;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** Writes weights as {@link Weights#read} reads them. */
final class WeightsFile {

    private WeightsFile() {}

    static byte[] bytes(Weights weights) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(bytes))) {
            out.writeInt(Weights.MAGIC);
            out.writeUTF(weights.version());
            Weights.Rows rows = weights.rows();
            writeIndex(out, rows.index());
            write(out, rows.directionScale());
            out.write(rows.rarity());
            out.write(rows.directions());
            out.write(rows.focus());
            Weights.TaskHead task = weights.task();
            writeIndex(out, task.index());
            write(out, task.scale());
            out.write(task.rarity());
            out.write(task.tasks());
            write(out, task.signals());
            write(out, weights.right());
            out.writeFloat(weights.frontier());
            out.writeInt(weights.curves().length);
            for (Weights.Curve[] pair : weights.curves()) {
                out.writeInt(pair.length);
                for (Weights.Curve curve : pair) {
                    write(out, curve.loss());
                    write(out, curve.retained());
                }
            }
            write(out, weights.neighbourhoods().centres());
            out.writeFloat(weights.neighbourhoods().leastSimilar());
            out.writeFloat(weights.neighbourhoods().leastKnown());
        }
        return bytes.toByteArray();
    }

    private static void writeIndex(DataOutputStream out, int[] index) throws IOException {
        byte[] known = new byte[index.length / 8];
        for (int bucket = 0; bucket < index.length; bucket++) {
            if (index[bucket] >= 0) {
                known[bucket >> 3] |= (byte) (1 << (bucket & 7));
            }
        }
        out.write(known);
    }

    private static void write(DataOutputStream out, float[][] table) throws IOException {
        out.writeInt(table.length);
        for (float[] row : table) {
            write(out, row);
        }
    }

    private static void write(DataOutputStream out, float[] values) throws IOException {
        out.writeInt(values.length);
        for (float value : values) {
            out.writeFloat(value);
        }
    }
}
