package com.smashcost.routing.control;

/** The beginning and the end of a text that is told piece by piece, its length, and a hash over all of it. */
final class Excerpt {

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private char[] head = {};
    private char[] tail = {}; // a ring
    private long written;
    private long length;
    private long hash = FNV_OFFSET;

    void clear() {
        written = 0;
        length = 0;
        hash = FNV_OFFSET;
    }

    void append(char[] text, int from, int count) {
        for (int i = from; i < from + count; i++) {
            add(text[i]);
        }
        length += count;
    }

    /**
     * Appends another's excerpt, and its length and hash in full; texts are set apart by a line break. The first is taken over
     * as it is, so that a text of one piece is the same as that piece.
     */
    void append(Excerpt other) {
        if (other.length == 0) {
            return;
        }
        boolean first = length == 0;
        if (!first) {
            add('\n');
            length++;
        }
        String text = other.text();
        for (int i = 0; i < text.length(); i++) {
            add(text.charAt(i));
        }
        length += other.length;
        hash = first ? other.hash : (hash ^ other.hash) * FNV_PRIME;
    }

    private void add(char c) {
        if (written < Asked.EXCERPT) {
            if (head.length == 0) {
                head = new char[Asked.EXCERPT];
            }
            head[(int) written] = c;
        } else {
            if (tail.length == 0) {
                tail = new char[Asked.EXCERPT];
            }
            tail[(int) (written % tail.length)] = c;
        }
        written++;
        hash = (hash ^ c) * FNV_PRIME;
    }

    /** Characters of the text in full. */
    long length() {
        return length;
    }

    /** FNV-1a (Fowler, Noll, Vo) over all characters; no secret, so it is never kept without being keyed. */
    long hash() {
        return hash;
    }

    /** The first characters. */
    String beginning(int most) {
        return new String(head, 0, (int) Math.min(Math.min(written, most), head.length));
    }

    /** The whole text if it is short, else its beginning and its end. */
    String text() {
        if (written <= head.length) {
            return new String(head, 0, (int) written);
        }
        StringBuilder text = new StringBuilder(2 * head.length + 1).append(head);
        if (length > head.length + tail.length) {
            text.append('\n');
        }
        for (long i = Math.max(head.length, written - tail.length); i < written; i++) {
            text.append(tail[(int) (i % tail.length)]);
        }
        return text.toString();
    }
}
