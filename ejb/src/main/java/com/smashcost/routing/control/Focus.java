package com.smashcost.routing.control;

/**
 * Chooses the part of a text that reads like something asked, so that what is pasted around it changes little. Each word speaks
 * for or against; the span of whole segments with the largest sum is taken.
 */
public final class Focus {

    /** Everything counts. */
    public static final Focus ALL = new Focus(new byte[0]);

    /** A shorter text is taken as it is. */
    private static final int PASTED = 1000;

    /** Less than this is never left. */
    private static final int LEAST = 40;

    private final byte[] weights;

    /** @param weights by bucket of a single word, in sixteenths of log-odds; empty = everything counts */
    public Focus(byte[] weights) {
        this.weights = weights;
    }

    /** The start in the upper and the end in the lower 32 bits. */
    long span(Text text, long characters) {
        if (weights.length == 0 || characters < PASTED) {
            return text.length;
        }
        double best = Double.NEGATIVE_INFINITY;
        int bestFrom = 0;
        int bestTo = text.length;
        double sum = 0;
        int from = 0;
        int word = 0;
        for (int segment = 0; segment < text.segments; segment++) {
            int end = text.segmentStart[segment + 1];
            double speaks = 0;
            int first = word;
            while (word < text.words && text.wordStart[word] < end) {
                speaks += weights[Features.word(text.wordHash[word])] / 16.0;
                if (word - first < 3 && (Signals.cuesOf(text, word) & ASKING) != 0) {
                    speaks += 1;
                }
                word++;
            }
            speaks += asks(text, text.segmentStart[segment], end);
            if (sum <= 0) {
                sum = 0;
                from = text.segmentStart[segment];
            }
            sum += speaks;
            if (sum > best) {
                best = sum;
                bestFrom = from;
                bestTo = end;
            }
        }
        if (bestTo - bestFrom < LEAST) {
            return text.length;
        }
        return (long) bestFrom << 32 | bestTo;
    }

    private static final int ASKING = 1 << Cue.ask.ordinal()
            | 1 << Cue.code.ordinal()
            | 1 << Cue.summarize.ordinal()
            | 1 << Cue.rewrite.ordinal()
            | 1 << Cue.translate.ordinal()
            | 1 << Cue.classify.ordinal()
            | 1 << Cue.extract.ordinal()
            | 1 << Cue.create.ordinal()
            | 1 << Cue.compute.ordinal()
            | 1 << Cue.prove.ordinal()
            | 1 << Cue.explain.ordinal();

    private static double asks(Text text, int from, int to) {
        for (int at = from; at < to; at++) {
            int point = text.points[at];
            if (point == '?' || point == 0xff1f || point == 0x61f) {
                return 3;
            }
        }
        return 0;
    }
}
