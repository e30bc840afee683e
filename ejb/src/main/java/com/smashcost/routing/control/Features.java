package com.smashcost.routing.control;

/**
 * What the classifier counts of a request: hashed n-grams (words 1-2, characters 3-4), each once, and the dense features.
 *
 * @param grams hashes below {@link #BUCKETS}; the order is that of the text
 * @param signals by {@link Signal} and {@link Cue}
 * @param words how many of the first grams are single words
 * @param wording of the beginning and of the end, where people say what they want of what is in between
 */
@SuppressWarnings("ArrayRecordComponent")
public record Features(int[] grams, float[] signals, int words, Wording wording) {

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
        while (to > from && Text.isSpace(text.lower[to - 1])) {
            to--;
        }
        while (from < to && Text.isSpace(text.lower[from])) {
            from++;
        }
        float[] signals = Signals.of(asked, text, from, to);
        Distinct seen = new Distinct(4 * (to - from) + 8);
        addWords(seen, text, from, to);
        int words = seen.size();
        addPairs(seen, text, from, to);
        addCharacters(seen, text, from, to);
        return new Features(seen.numbers(), signals, words, Wording.of(asked, text, from, to));
    }

    private static void addWords(Distinct seen, Text text, int from, int to) {
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

    private static void addPairs(Distinct seen, Text text, int from, int to) {
        for (int word = 1; word < text.words; word++) {
            if (text.wordStart[word - 1] >= from && text.wordStart[word] < to) {
                int pair = Hash.add(text.wordHash[word - 1] * 31, text.wordHash[word]);
                seen.add(Hash.finish(pair ^ 0x1b873593) & (BUCKETS - 1));
            }
        }
    }

    private static void addCharacters(Distinct seen, Text text, int from, int to) {
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
}
