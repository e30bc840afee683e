package com.smashcost.routing.control;

/**
 * How a request is worded, from which its task is told: hashed n-grams of the beginning and of the end of what is asked, each
 * once, in blocks that weigh the same however long the text is.
 *
 * @param words one and two words or marks in a row
 * @param characters two to five characters of one word, with its ends
 * @param edges what the text and its lines begin with, and what the text ends with
 * @param system one and two words or marks in a row of the system prompt
 */
@SuppressWarnings("ArrayRecordComponent")
public record Wording(int[] words, int[] characters, int[] edges, int[] system) {

    /** Hashed n-grams are numbered below this. */
    public static final int BUCKETS = 1 << 19;

    /** How many characters of the beginning are looked at for what is wanted. */
    static final int LEAD = 300;

    private static final int TAIL = 200;
    private static final int LONGEST = 5;
    private static final int EDGE = 6;
    private static final int LINES = 40;

    private static final int WORD = 0x51ed270b;
    private static final int PAIR = 0x1b873593;
    private static final int CHARACTERS = 0x38b34ae5;
    private static final int FIRST = 0x6a09e667;
    private static final int LAST = 0x3c6ef372;
    private static final int LINE = 0x510e527f;
    private static final int SYSTEM = 0x1f83d9ab;
    private static final int SEVERAL = 0x5be0cd19;

    /** All blocks. */
    public int[][] blocks() {
        return new int[][] {words, characters, edges, system};
    }

    /** The wording of the span from {@code from} to {@code to} of what is asked. */
    static Wording of(Asked asked, Text text, int from, int to) {
        int lead = Math.min(to, from + LEAD);
        int tail = Math.max(lead, to - TAIL);
        Tokens all = new Tokens(text, from, to);
        Distinct words = new Distinct(2 * all.count + 2);
        Distinct characters = new Distinct((LONGEST - 1) * 2 * (lead - from + to - tail) + 16);
        words(words, all, from, lead);
        words(words, all, tail, to);
        characters(characters, text, from, lead);
        characters(characters, text, tail, to);
        Tokens system = new Tokens(asked.system().isEmpty() ? Text.EMPTY : new Text(asked.system()));
        Distinct edges = new Distinct(4 * EDGE + 2 * LINES);
        edges(edges, all);
        lines(edges, all, text, from, to);
        Distinct instructed = new Distinct(2 * system.count + 2);
        for (int at = 0; at < system.count; at++) {
            instructed.add(bucket(SYSTEM, system.hash[at]));
            if (at > 0) {
                instructed.add(bucket(SYSTEM, pair(system.hash[at - 1], system.hash[at])));
            }
        }
        return new Wording(words.numbers(), characters.numbers(), edges.numbers(), instructed.numbers());
    }

    private static void words(Distinct found, Tokens tokens, int from, int to) {
        for (int at = 0; at < tokens.count; at++) {
            if (tokens.start[at] < from || tokens.start[at] >= to) {
                continue;
            }
            found.add(bucket(WORD, tokens.hash[at]));
            if (at > 0 && tokens.start[at - 1] >= from) {
                found.add(bucket(PAIR, pair(tokens.hash[at - 1], tokens.hash[at])));
            }
        }
    }

    /** Of each piece between two spaces, with one space before and behind it. */
    private static void characters(Distinct found, Text text, int from, int to) {
        int start = from;
        while (start < to) {
            if (Text.isSpace(text.lower[start])) {
                start++;
                continue;
            }
            int end = start;
            while (end < to && !Text.isSpace(text.lower[end])) {
                end++;
            }
            for (int at = start - 1; at < end; at++) {
                int hash = Hash.add(Hash.START, padded(text, at, start, end));
                for (int next = at + 1; next < Math.min(at + LONGEST, end + 1); next++) {
                    hash = Hash.add(hash, padded(text, next, start, end));
                    found.add(bucket(CHARACTERS, hash));
                }
            }
            start = end;
        }
    }

    private static int padded(Text text, int at, int start, int end) {
        return at < start || at >= end ? ' ' : Text.letter(text.lower[at]);
    }

    private static void edges(Distinct found, Tokens tokens) {
        int first = Hash.START;
        int last = Hash.START;
        for (int at = 0; at < Math.min(EDGE, tokens.count); at++) {
            int head = tokens.hash[at];
            int end = tokens.hash[tokens.count - 1 - at];
            found.add(bucket(FIRST, head));
            found.add(bucket(LAST, end));
            if (at < EDGE / 2) {
                first = pair(first, head);
                last = pair(last, end);
                found.add(bucket(FIRST ^ SEVERAL, first));
                found.add(bucket(LAST ^ SEVERAL, last));
            }
        }
    }

    private static void lines(Distinct found, Tokens tokens, Text text, int from, int to) {
        int lines = 0;
        int token = 0;
        int start = from;
        while (start < to && lines < LINES) {
            int end = start;
            while (end < to && text.lower[end] != '\n') {
                end++;
            }
            while (token < tokens.count && tokens.start[token] < start) {
                token++;
            }
            if (token < tokens.count && tokens.start[token] < end) {
                found.add(bucket(LINE, tokens.hash[token]));
                if (token + 1 < tokens.count && tokens.start[token + 1] < end) {
                    found.add(bucket(LINE, pair(tokens.hash[token], tokens.hash[token + 1])));
                }
                lines++;
            }
            start = end + 1;
        }
    }

    private static int pair(int one, int two) {
        return Hash.add(one * 31, two);
    }

    private static int bucket(int kind, int hash) {
        return Hash.finish(hash ^ kind) & (BUCKETS - 1);
    }

    /** The words and marks of a span, in order. */
    @SuppressWarnings("ArrayRecordComponent")
    private static final class Tokens {

        private final int[] start;
        private final int[] hash;
        private int count;

        Tokens(Text text) {
            this(text, 0, text.length);
        }

        Tokens(Text text, int from, int to) {
            start = new int[Math.max(0, to - from)];
            hash = new int[start.length];
            int word = 0;
            int at = from;
            while (at < to) {
                while (word < text.words && text.wordStart[word] < at) {
                    word++;
                }
                if (word < text.words && text.wordStart[word] == at) {
                    add(at, text.wordHash[word]);
                    at = text.wordEnd[word];
                } else {
                    if (!Text.isSpace(text.lower[at])) {
                        add(at, Hash.add(Hash.START, text.lower[at]));
                    }
                    at++;
                }
            }
        }

        private void add(int at, int of) {
            start[count] = at;
            hash[count++] = of;
        }
    }
}
