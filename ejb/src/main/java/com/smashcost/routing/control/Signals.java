package com.smashcost.routing.control;

import java.util.Set;

/** Reads the dense features from a text. One instance for each text; not thread-safe. */
final class Signals {

    private static final Cue.Table CUES = new Cue.Table();
    private static final Cue[] ALL = Cue.values();
    private static final Set<String> CODE_WORDS = Set.of(
            "def",
            "return",
            "import",
            "class",
            "public",
            "private",
            "static",
            "void",
            "const",
            "elif",
            "println",
            "printf",
            "endif",
            "lambda",
            "struct",
            "null",
            "nullptr",
            "async",
            "await",
            "println!",
            "func",
            "fn");

    /** In so many characters of the beginning, and half as many of the end, a sentence's first words count as its opening. */
    private static final int OPENING = 220;

    private final Text text;
    private final int from;
    private final int to;
    private final float[] values = new float[Signal.COUNT];

    private Signals(Text text, int from, int to) {
        this.text = text;
        this.from = from;
        this.to = to;
    }

    /**
     * The dense features of the request.
     *
     * @param text its instruction, of which the span from {@code from} to {@code to} counts
     */
    static float[] of(Asked asked, Text text, int from, int to) {
        Signals signals = new Signals(text, from, to);
        signals.count();
        signals.shape();
        signals.cues();
        signals.conversation(asked);
        return signals.values;
    }

    private void set(Signal signal, double value) {
        values[signal.ordinal()] = (float) Math.clamp(value, 0.0, 1.0);
    }

    private float get(Signal signal) {
        return values[signal.ordinal()];
    }

    private void count() {
        int digits = 0;
        int numbers = 0;
        int capitals = 0;
        int latex = 0;
        int symbols = 0;
        int fences = 0;
        int questions = 0;
        int quotes = 0;
        int nonAscii = 0;
        int dense = 0;
        int braces = 0;
        int rare = 0;
        int blanks = 0;
        int ticks = 0;
        int underscores = 0;
        boolean inNumber = false;
        for (int at = from; at < to; at++) {
            int point = text.points[at];
            boolean digit = point >= '0' && point <= '9';
            if (digit) {
                digits++;
                numbers += inNumber ? 0 : 1;
            }
            inNumber = digit;
            ticks = point == '`' ? ticks + 1 : 0;
            fences += ticks == 3 ? 1 : 0;
            underscores = point == '_' ? underscores + 1 : 0;
            blanks += underscores == 3 ? 1 : 0;
            if (point >= 'A' && point <= 'Z') {
                capitals++;
            }
            switch (point) {
                case '\\', '$', '^' -> latex++;
                case ';', '=', '<', '>', '(', ')', '[', ']', '&', '|', '#' -> symbols++;
                case '{', '}' -> {
                    symbols++;
                    braces++;
                }
                case '?', 0xff1f, 0x61f -> questions++;
                case '"', 0x201c, 0x201e, 0xab, 0x300c -> quotes++;
                default -> {
                    if (point > 0x7f) {
                        nonAscii++;
                        dense += Text.dense(point) ? 1 : 0;
                        rare += Character.isLetter(point) ? 0 : 1;
                    }
                }
            }
        }
        double length = Math.max(1, to - from);
        set(Signal.one, 1);
        set(Signal.instruction_length, (StrictMath.log(Math.max(20, length)) - 3) / 4.2);
        set(Signal.digits, 4 * digits / length);
        set(Signal.numbers, StrictMath.log1p(numbers) / 3.5);
        set(Signal.capitals, 4 * capitals / length);
        set(Signal.latex, 12 * latex / length);
        set(Signal.code_symbols, 8 * symbols / length);
        set(Signal.code_fence, fences);
        set(Signal.question_marks, questions / 3.0);
        set(Signal.quotes, quotes / 6.0);
        set(Signal.non_ascii, 2 * nonAscii / length);
        set(Signal.dense_script, 2 * dense / length);
        set(Signal.braces, braces / 6.0);
        set(Signal.rare_symbols, 10 * rare / length);
        set(Signal.blank, blanks);
        int last = to - 1;
        while (last > from && (text.points[last] == ' ' || text.points[last] == '\n')) {
            last--;
        }
        int end = to > from ? text.points[last] : ' ';
        set(Signal.ends_with_question, end == '?' || end == 0xff1f || end == 0x61f ? 1 : 0);
    }

    /** What the lines look like. */
    private void shape() {
        int lines = 0;
        int options = 0;
        int optionCharacters = 0;
        int numericOptions = 0;
        int codeLines = 0;
        int tableLines = 0;
        int headers = 0;
        int logLines = 0;
        int statements = 0;
        int start = from;
        while (start < to) {
            int end = start;
            int separators = 0;
            int colon = -1;
            while (end < to && text.points[end] != '\n') {
                int point = text.points[end];
                separators += point == '|' || point == '\t' || point == ',' ? 1 : 0;
                colon = point == ':' && colon < 0 ? end : colon;
                end++;
            }
            if (end > start) {
                lines++;
                if (isOption(start, end)) {
                    options++;
                    optionCharacters += end - start - 3;
                    numericOptions += startsWithNumber(start + 2, end) ? 1 : 0;
                }
                int last = text.points[end - 1];
                codeLines += last == ';' || last == '{' || last == '}' || last == ')' || indented(start, end) ? 1 : 0;
                tableLines += separators >= 3 && end - start < 40 * separators ? 1 : 0;
                headers += colon > 0 && colon - start < 9 && isHeader(start, colon) ? 1 : 0;
                logLines += looksDated(start, end) ? 1 : 0;
                statements += isStatement(start, end) ? 1 : 0;
            }
            start = end + 1;
        }
        set(Signal.lines, StrictMath.log1p(lines) / 4);
        set(Signal.options, options / 4.0);
        set(Signal.more_than_four_options, (options - 4) / 6.0);
        set(Signal.option_length, options == 0 ? 0 : optionCharacters / (80.0 * options));
        set(Signal.numeric_options, options == 0 ? 0 : (double) numericOptions / options);
        set(Signal.code_lines, codeLines / 8.0);
        set(Signal.table_lines, tableLines / 4.0);
        set(Signal.mail_headers, headers / 3.0);
        set(Signal.log_lines, logLines / 3.0);
        set(Signal.statements, statements / 2.0);
    }

    private boolean isOption(int start, int end) {
        int at = start;
        if (text.points[at] == '(' || text.points[at] == '-') {
            at++;
        }
        while (at < end && text.points[at] == ' ') {
            at++;
        }
        if (at + 2 >= end) {
            return false;
        }
        int letter = text.lower[at];
        int mark = text.points[at + 1];
        return letter >= 'a' && letter <= 'j' && (mark == '.' || mark == ')' || mark == ':');
    }

    private boolean startsWithNumber(int start, int end) {
        for (int at = start; at < Math.min(end, start + 4); at++) {
            int point = text.points[at];
            if (point >= '0' && point <= '9') {
                return true;
            }
        }
        return false;
    }

    private boolean indented(int start, int end) {
        return end - start > 1 && text.points[start] == ' ' && text.points[start + 1] != '-';
    }

    private boolean isHeader(int start, int colon) {
        for (int at = start; at < colon; at++) {
            int point = text.lower[at];
            if (point < 'a' || point > 'z') {
                return false;
            }
        }
        return Character.isUpperCase(text.points[start]);
    }

    private boolean looksDated(int start, int end) {
        int digits = 0;
        int marks = 0;
        for (int at = start; at < Math.min(end, start + 24); at++) {
            int point = text.points[at];
            digits += point >= '0' && point <= '9' ? 1 : 0;
            marks += point == ':' || point == '-' || point == '/' || point == '.' ? 1 : 0;
        }
        return digits >= 6 && marks >= 2;
    }

    private boolean isStatement(int start, int end) {
        int at = start;
        while (at < end && (text.lower[at] == 'i' || text.lower[at] == 'v')) {
            at++;
        }
        boolean roman = at > start && at < end && (text.points[at] == '.' || text.points[at] == ')');
        return roman && Character.isUpperCase(text.points[start]);
    }

    private void cues() {
        int segment = 0;
        int last = -1;
        int segments = 0;
        int inSegment = 0;
        int words = 0;
        int letters = 0;
        int codeWords = 0;
        for (int word = 0; word < text.words; word++) {
            int start = text.wordStart[word];
            if (start < from || start >= to) {
                continue;
            }
            while (segment < text.segments && start >= text.segmentStart[segment + 1]) {
                segment++;
                inSegment = 0;
            }
            segments += segment != last ? 1 : 0;
            last = segment;
            words++;
            letters += text.wordEnd[word] - start;
            int found = cuesOf(text, word);
            boolean opening = inSegment++ < (Text.dense(text.lower[start]) ? 8 : 3)
                    && (start < from + OPENING || start > to - OPENING / 2);
            add(found, opening);
            codeWords += text.wordEnd[word] - start <= 8 && CODE_WORDS.contains(word(word)) ? 1 : 0;
        }
        set(Signal.word_length, words == 0 ? 0 : (letters / (double) words - 2) / 6);
        set(Signal.sentence_length, words / (30.0 * Math.max(1, segments)));
        set(Signal.many_words, StrictMath.log1p(words) / 6);
        set(Signal.code_lines, get(Signal.code_lines) + codeWords / 8.0);
    }

    private String word(int word) {
        return new String(text.lower, text.wordStart[word], text.wordEnd[word] - text.wordStart[word]);
    }

    private void add(int found, boolean opening) {
        for (int rest = found; rest != 0; rest &= rest - 1) {
            Cue cue = ALL[Integer.numberOfTrailingZeros(rest)];
            if (opening) {
                values[Signal.opening(cue)] = 1;
            }
            int at = Signal.occurring(cue);
            values[at] = Math.min(1, values[at] + 0.25f);
        }
    }

    /** The bits of the cues that a word has. */
    static int cuesOf(Text text, int word) {
        int start = text.wordStart[word];
        int end = text.wordEnd[word];
        int hash = Hash.START;
        int bits = 0;
        if (Text.dense(text.lower[start])) {
            for (int at = start; at < Math.min(start + 4, text.length) && Text.dense(text.lower[at]); at++) {
                hash = Hash.add(hash, text.lower[at]);
                bits |= CUES.beginning(hash);
            }
            return bits;
        }
        for (int at = start; at < Math.min(end, start + 16); at++) {
            hash = Hash.add(hash, text.lower[at]);
            if (at - start >= 2) {
                bits |= CUES.beginning(hash);
            }
        }
        return end - start <= 16 ? bits | CUES.exactly(hash) : bits;
    }

    private void conversation(Asked asked) {
        set(Signal.turns, StrictMath.log(Math.max(1, asked.turns())) / 3);
        set(Signal.system, asked.systemCharacters() > 0 ? 1 : 0);
        set(Signal.tools, asked.tools() > 0 ? 1 : 0);
        set(Signal.tool_loop, asked.inToolLoop() ? 1 : 0);
        set(Signal.schema, asked.schema() ? 1 : 0);
        if (asked.system().isEmpty()) {
            return;
        }
        Text system = new Text(asked.system());
        int found = 0;
        for (int word = 0; word < system.words; word++) {
            found |= cuesOf(system, word);
        }
        for (int rest = found; rest != 0; rest &= rest - 1) {
            values[Signal.inSystem(ALL[Integer.numberOfTrailingZeros(rest)])] = 1;
        }
    }
}
