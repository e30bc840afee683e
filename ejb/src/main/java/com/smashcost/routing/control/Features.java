package com.smashcost.routing.control;

import java.util.Arrays;

/**
 * What the classifier counts of a request: hashed n-grams (words 1-2, characters 3-4), each once, and the dense features.
 *
 * @param grams hashes below {@link #BUCKETS}; the order is that of the text
 * @param signals by {@link Signal} and {@link Cue}
 * @param words how many of the first grams are single words
 * @param asking the n-grams of the beginning and of the end alone, where people say what they want of what is in between
 */
@SuppressWarnings("ArrayRecordComponent")
public record Features(int[] grams, float[] signals, int words, int[] asking) {

    /** How many characters of the beginning are looked at for what is wanted. */
    static final int LEAD = 220;

    private static final int TAIL = 120;

    /** Hashed n-grams are numbered below this. */
    public static final int BUCKETS = 1 << 18;

    /** How many dense features there are. */
    public static final int SIGNALS = Signal.COUNT;

    /** The features of a request, of which the text counts that {@code focus} chooses. */
    public static Features of(Asked asked, Focus focus) {
        Text text = new Text(asked.instruction());
        long span = focus.span(text, asked.instructionCharacters());
        int from = (int) (span >>> 32);
        int to = (int) span;
        float[] signals = Signals.of(asked, text, from, to);
        Seen seen = new Seen(4 * (to - from) + 8);
        addWords(seen, text, from, to);
        int words = seen.size;
        addPairs(seen, text, from, to);
        addCharacters(seen, text, from, to);
        int[] grams = Arrays.copyOf(seen.order, seen.size);
        if (to - from <= LEAD + TAIL) {
            return new Features(grams, signals, words, grams);
        }
        Seen asking = new Seen(4 * (LEAD + TAIL) + 8);
        for (int part = 0; part < 2; part++) {
            int first = part == 0 ? from : to - TAIL;
            int last = part == 0 ? from + LEAD : to;
            addWords(asking, text, first, last);
            addPairs(asking, text, first, last);
            addCharacters(asking, text, first, last);
        }
        return new Features(grams, signals, words, Arrays.copyOf(asking.order, asking.size));
    }

    private static void addWords(Seen seen, Text text, int from, int to) {
        for (int word = 0; word < text.words; word++) {
            if (text.wordStart[word] >= from && text.wordStart[word] < to) {
                seen.add(word(text.wordHash[word]));
            }
        }
    }

    /** The bucket of a single word. */
    static int word(int hash) {
        return Hash.finish(hash ^ 0x51ed270b) & (BUCKETS - 1);
    }

    private static void addPairs(Seen seen, Text text, int from, int to) {
        for (int word = 1; word < text.words; word++) {
            if (text.wordStart[word - 1] >= from && text.wordStart[word] < to) {
                int pair = Hash.add(text.wordHash[word - 1] * 31, text.wordHash[word]);
                seen.add(Hash.finish(pair ^ 0x1b873593) & (BUCKETS - 1));
            }
        }
    }

    private static void addCharacters(Seen seen, Text text, int from, int to) {
        for (int at = from; at + 3 <= to; at++) {
            int hash = Hash.START;
            for (int next = at; next < at + 3; next++) {
                hash = Hash.add(hash, character(text.lower[next]));
            }
            seen.add(Hash.finish(hash ^ 0x38b34ae5) & (BUCKETS - 1));
            if (at + 4 <= to) {
                hash = Hash.add(hash, character(text.lower[at + 3]));
                seen.add(Hash.finish(hash ^ 0x6a09e667) & (BUCKETS - 1));
            }
        }
    }

    private static int character(int point) {
        return point == '\n' ? ' ' : Text.letter(point);
    }

    /** Keeps what is added, each once, in the order in which it came. */
    private static final class Seen {

        private final int[] slots;
        private final int[] order;
        private int size;

        Seen(int most) {
            slots = new int[Integer.highestOneBit(Math.max(16, most)) << 1];
            order = new int[most];
        }

        void add(int gram) {
            int slot = Hash.finish(gram) & (slots.length - 1);
            while (slots[slot] != 0) {
                if (slots[slot] == gram + 1) {
                    return;
                }
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = gram + 1;
            order[size++] = gram;
        }
    }
}
