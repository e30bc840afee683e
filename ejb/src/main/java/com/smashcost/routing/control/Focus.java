package com.smashcost.routing.control;

/**
 * Chooses the part of a long text that reads like something asked, so that what is pasted around it changes little. Of the two
 * ends of a text that was cut, the one that asks more is taken; of that end, what differs in its words from the other end.
 */
public final class Focus {

    /** Everything counts. */
    public static final Focus ALL = new Focus(new byte[0]);

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

    /** Less than this is never left. */
    private static final int LEAST = 12;

    private final byte[] weights;

    /** @param weights by bucket of a single word, in sixteenths of log-odds; empty = everything counts */
    public Focus(byte[] weights) {
        this.weights = weights;
    }

    /** The start in the upper and the end in the lower 32 bits. */
    long span(Text text, long characters) {
        if (weights.length == 0 || characters <= 2 * Asked.EXCERPT) {
            return text.length;
        }
        int seam = seam(text);
        boolean atEnd = asks(text, seam, text.segments) > asks(text, 0, seam);
        int first = atEnd ? seam : 0;
        int last = atEnd ? text.segments : seam;
        byte[] other = words(text, atEnd ? 0 : seam, atEnd ? seam : text.segments);
        double sum = 0;
        double best = Double.NEGATIVE_INFINITY;
        int edge = atEnd ? first : last;
        for (int step = 0; step < last - first; step++) {
            int segment = atEnd ? last - 1 - step : first + step;
            sum += asks(text, segment, segment + 1) + differs(text, segment, other);
            if (sum >= best) {
                best = sum;
                edge = atEnd ? segment : segment + 1;
            }
        }
        int from = atEnd ? text.segmentStart[edge] : 0;
        int to = atEnd ? text.length : text.segmentStart[edge];
        return to - from < LEAST ? text.length : (long) from << 32 | to;
    }

    /** The segment with which the second end begins. */
    private static int seam(Text text) {
        int nearest = 0;
        for (int segment = 1; segment < text.segments; segment++) {
            int distance = Math.abs(text.segmentStart[segment] - text.length / 2);
            nearest = distance < Math.abs(text.segmentStart[nearest] - text.length / 2) ? segment : nearest;
        }
        return nearest;
    }

    /** How much these segments ask, by their form and by their words. */
    private double asks(Text text, int from, int to) {
        double asks = 0;
        int word = firstWord(text, text.segmentStart[from]);
        for (int segment = from; segment < to; segment++) {
            int start = text.segmentStart[segment];
            int end = text.segmentStart[segment + 1];
            asks += form(text, start, end);
            int inSegment = 0;
            double words = 0;
            while (word < text.words && text.wordStart[word] < end) {
                words += weights[Features.word(text.wordHash[word])] / 16.0;
                if (inSegment++ < 3 && (Signals.cuesOf(text, word) & ASKING) != 0) {
                    words += 0.5;
                }
                word++;
            }
            asks += 0.4 * words;
        }
        return asks;
    }

    private static double form(Text text, int start, int end) {
        double form = 0;
        for (int at = start; at < end; at++) {
            int point = text.points[at];
            if (point == '?' || point == 0xff1f || point == 0x61f) {
                form = 4;
            }
        }
        int letter = start < end ? text.lower[start] : ' ';
        boolean option = end - start > 3
                && letter >= 'a'
                && letter <= 'j'
                && (text.points[start + 1] == '.' || text.points[start + 1] == ')');
        return option ? form + 3 : form;
    }

    /** Marks, by some bits of their hash, the words of these segments. */
    private static byte[] words(Text text, int from, int to) {
        byte[] marks = new byte[1 << 14];
        for (int word = firstWord(text, text.segmentStart[from]); word < text.words; word++) {
            if (text.wordStart[word] >= text.segmentStart[to]) {
                break;
            }
            marks[text.wordHash[word] >>> 7 & (marks.length - 1)] = 1;
        }
        return marks;
    }

    private static double differs(Text text, int segment, byte[] other) {
        double differs = 0;
        int end = text.segmentStart[segment + 1];
        for (int word = firstWord(text, text.segmentStart[segment]); word < text.words; word++) {
            if (text.wordStart[word] >= end) {
                break;
            }
            boolean known = other[text.wordHash[word] >>> 7 & (other.length - 1)] != 0;
            boolean telling =
                    text.wordEnd[word] - text.wordStart[word] >= 4 || Text.dense(text.lower[text.wordStart[word]]);
            differs += telling ? known ? -1 : 0.45 : known ? -0.1 : 0.1;
        }
        return differs;
    }

    private static int firstWord(Text text, int at) {
        int low = 0;
        int high = text.words;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (text.wordStart[middle] < at) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
