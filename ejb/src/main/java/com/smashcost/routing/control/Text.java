package com.smashcost.routing.control;

/**
 * A bounded text as code points, in words and in segments (lines and sentences). A lone surrogate is a code point like any
 * other that is no letter.
 */
final class Text {

    static final Text EMPTY = new Text("");

    private static final int MOST = 2 * Asked.EXCERPT + 1;

    final int[] points;
    final int[] lower;
    final int length;

    final int[] wordStart;
    final int[] wordEnd;
    final int[] wordHash;
    final int words;

    /** Where each segment starts; the end of the last is at index {@code segments}. */
    final int[] segmentStart;

    final int segments;

    Text(String raw) {
        String text = raw.length() <= MOST ? raw : Asked.excerpt(raw);
        points = new int[text.length()];
        lower = new int[text.length()];
        int count = 0;
        boolean space = true;
        for (int at = 0; at < text.length(); ) {
            int point = text.codePointAt(at);
            at += Character.charCount(point);
            if (point == '\n' || point == '\r' || point == 0x2028) {
                // Of several line ends in a row one is kept.
                if (count > 0 && points[count - 1] == ' ') {
                    count--;
                }
                if (count > 0 && points[count - 1] != '\n') {
                    points[count] = '\n';
                    lower[count++] = '\n';
                }
                space = true;
            } else if (Character.isWhitespace(point) || point == 0xa0) {
                if (!space) {
                    points[count] = ' ';
                    lower[count++] = ' ';
                }
                space = true;
            } else {
                points[count] = point;
                lower[count++] = Character.toLowerCase(point);
                space = false;
            }
        }
        length = count;
        wordStart = new int[count];
        wordEnd = new int[count];
        wordHash = new int[count];
        words = findWords();
        segmentStart = new int[count + 2];
        segments = findSegments();
    }

    private int findWords() {
        int found = 0;
        for (int at = 0; at < length; ) {
            if (!inWord(lower[at])) {
                at++;
                continue;
            }
            int start = at;
            int hash = Hash.START;
            if (dense(lower[at])) {
                hash = Hash.add(hash, lower[at++]);
            } else {
                while (at < length && !dense(lower[at]) && (inWord(lower[at]) || joins(at))) {
                    hash = Hash.add(hash, letter(lower[at++]));
                }
            }
            wordStart[found] = start;
            wordEnd[found] = at;
            wordHash[found++] = hash;
        }
        return found;
    }

    private int findSegments() {
        int found = 0;
        segmentStart[found++] = 0;
        for (int at = 0; at + 1 < length; at++) {
            boolean lineEnd = lower[at] == '\n';
            boolean sentenceEnd = isStop(lower[at]) && (lower[at + 1] == ' ' || lower[at] >= 0x3000);
            if (lineEnd || sentenceEnd) {
                segmentStart[found++] = at + 1;
            }
        }
        segmentStart[found] = length;
        return found;
    }

    static boolean isSpace(int point) {
        return point == ' ' || point == '\n';
    }

    static boolean isStop(int point) {
        return point == '.'
                || point == '?'
                || point == '!'
                || point == 0x3002
                || point == 0xff1f
                || point == 0xff01
                || point == 0x61f;
    }

    /** Whether this is written without spaces between words. */
    static boolean dense(int point) {
        return point >= 0xe00 && point <= 0xeff
                || point >= 0x3040 && point <= 0x30ff
                || point >= 0x3400 && point <= 0x9fff
                || point >= 0x20000 && point <= 0x3ffff;
    }

    /** All digits count as the same. */
    static int letter(int point) {
        return point >= '0' && point <= '9' ? '0' : point;
    }

    private static boolean inWord(int point) {
        if (point < 0x80) {
            return point >= 'a' && point <= 'z' || point >= '0' && point <= '9' || point == '_';
        }
        return Character.isLetterOrDigit(point)
                || Character.getType(point) == Character.NON_SPACING_MARK
                || Character.getType(point) == Character.COMBINING_SPACING_MARK;
    }

    private boolean joins(int at) {
        boolean mark = lower[at] == '\'' || lower[at] == '-' || lower[at] == 0x2019;
        return mark && at + 1 < length && inWord(lower[at + 1]) && !dense(lower[at + 1]);
    }
}
